"""The file of the sequence models: what is written comes back, and other files are refused."""

import json
from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import save_file

from digitus.errors import ModelFileError
from digitus.models import load_model
from digitus.models.error_bound import ErrorCurve
from digitus.models.sequence import sequence_file
from digitus.models.sequence.arc_scorer import scorer_network
from digitus.models.sequence.line_image_format import N_CLASSES
from digitus.models.sequence.sequence_file import (
    NumberErrors,
    ScorerWeights,
    SequenceWeights,
    as_stored,
    read_sequence_file,
    save_sequence_file,
    shipped_sequence_weights,
)
from digitus.models.sequence.sequence_network import sequence_network


@pytest.fixture
def weights():
    rng = np.random.default_rng(0)
    scorer = ScorerWeights(*(rng.random(n, np.float32).astype(float) for n in (9, 4, 4)), 4.0)
    curves = (ErrorCurve(30, (0.5, 0.25), (3, 9)), ErrorCurve(20, (), ()))
    network = rng.random(50, np.float32)
    errors = NumberErrors("abc", *curves)
    return SequenceWeights(network, (2, 3), scorer, (0.3, 0.1), (0.4, 0.2), errors, {"seed": 6})


def test_everything_comes_back_and_the_network_in_half_precision(weights, tmp_path):
    save_sequence_file(weights, tmp_path / "l.safetensors")
    again = read_sequence_file(tmp_path / "l.safetensors")
    np.testing.assert_array_equal(again.network, as_stored(weights.network))
    np.testing.assert_allclose(again.network, weights.network, atol=5e-4)
    np.testing.assert_array_equal(again.scorer.parameters, weights.scorer.parameters)
    np.testing.assert_array_equal(again.scorer.mean, weights.scorer.mean)
    np.testing.assert_array_equal(again.scorer.spread, weights.scorer.spread)
    assert again.scorer.text_weight == 4.0
    assert again.channels == (2, 3)
    assert (again.calibration, again.of_marks) == ((0.3, 0.1), (0.4, 0.2))
    assert again.errors == weights.errors
    assert again.record == {"seed": 6}


def test_a_file_without_curves_comes_back_without(weights, tmp_path):
    save_sequence_file(replace(weights, errors=None), tmp_path / "l.safetensors")
    assert read_sequence_file(tmp_path / "l.safetensors").errors is None


def test_a_missing_file_names_the_command_that_makes_it(tmp_path):
    with pytest.raises(ModelFileError, match="digitus train --preset lines --out"):
        read_sequence_file(tmp_path / "l.safetensors")


def test_a_damaged_file_is_refused(weights, tmp_path):
    path = tmp_path / "l.safetensors"
    save_sequence_file(weights, path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ModelFileError, match="not a whole file of sequence models"):
        read_sequence_file(path)


def test_a_file_of_another_kind_is_refused(tmp_path):
    save_file({"x": np.zeros(3)}, tmp_path / "l.safetensors")
    with pytest.raises(ModelFileError, match="not a whole file of sequence models"):
        read_sequence_file(tmp_path / "l.safetensors")


def test_a_newer_format_is_refused_with_both_numbers(tmp_path):
    path = tmp_path / "l.safetensors"
    header = {"digitus_lines": json.dumps({"format_version": 9})}
    save_file({"x": np.zeros(3)}, path, metadata=header)
    with pytest.raises(ModelFileError, match=r"format 9 .* reads 2; update digitus"):
        read_sequence_file(path)


def test_an_older_format_is_refused_with_the_command_that_makes_a_new_file(tmp_path):
    path = tmp_path / "l.safetensors"
    header = {"digitus_lines": json.dumps({"format_version": 1})}
    save_file({"x": np.zeros(3)}, path, metadata=header)
    with pytest.raises(ModelFileError, match=r"format 1 .* train it again with `digitus train"):
        read_sequence_file(path)


def test_a_file_with_other_marks_is_refused(weights, tmp_path, monkeypatch):
    monkeypatch.setattr(sequence_file, "MARKS", ("point",))
    save_sequence_file(weights, tmp_path / "l.safetensors")
    monkeypatch.undo()
    with pytest.raises(ModelFileError, match="its marks are"):
        read_sequence_file(tmp_path / "l.safetensors")


def test_the_shipped_arrays_fit_their_networks_and_are_finite():
    shipped = shipped_sequence_weights()
    network = sequence_network(64, N_CLASSES, channels=shipped.channels)
    assert shipped.network.size == network.parameters.size
    scorer = shipped.scorer
    assert scorer.parameters.size == scorer_network(len(scorer.mean)).parameters.size
    assert all(np.isfinite(array).all() for array in (shipped.network, scorer.parameters))


def test_the_shipped_record_says_how_each_part_came_about():
    record = shipped_sequence_weights().record
    assert {"config", "data", "classifier", "calibration", "versions"} <= record.keys()


def test_the_shipped_error_curves_were_measured_with_the_shipped_classifier():
    from digitus.reader.pipeline.thresholds import fingerprint

    errors = shipped_sequence_weights().errors
    assert errors is not None
    assert errors.classifier == fingerprint(load_model("cnn"))


@pytest.mark.parametrize("number", [np.nan, np.inf, 1e6])
def test_a_network_that_is_not_finite_in_half_precision_is_never_written(weights, tmp_path, number):
    weights.network[7] = number
    with pytest.raises(ModelFileError, match=r"network\.parameters holds 1"):
        save_sequence_file(weights, tmp_path / "l.safetensors")
    assert not (tmp_path / "l.safetensors").exists()


@pytest.mark.parametrize("slope", [float("nan"), float("inf"), 10**400])
def test_a_slope_that_is_not_finite_is_refused(weights, tmp_path, slope):
    save_sequence_file(replace(weights, calibration=(slope, 0.0)), tmp_path / "l.safetensors")
    with pytest.raises(ModelFileError, match="not a whole file of sequence models"):
        read_sequence_file(tmp_path / "l.safetensors")

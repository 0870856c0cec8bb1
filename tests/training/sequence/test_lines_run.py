"""The preset ``lines`` end to end: it trains, resumes, and refuses what it cannot train with."""

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from digitus.data import DataSet, Samples
from digitus.errors import Cancelled, CheckpointError, DataError
from digitus.models.sequence.sequence_file import SHIPPED, read_sequence_file
from digitus.training import Listener, beside
from digitus.training.sequence.lines_config import LinesConfig
from digitus.training.sequence.lines_run import sha256_of, train_lines

CONFIG = LinesConfig(lines=60, epochs=3, validation=1000, threads=1)


class StopsAt(Listener):
    """Interrupts when it is asked for the n-th time after a stage whose sentence begins so."""

    def __init__(self, stage, times=1):
        self._stage, self._times, self._reached = stage, times, False

    def stage(self, sentence):
        self._reached = self._reached or sentence.startswith(self._stage)

    def wants_to_stop(self):
        self._times -= self._reached
        return self._reached and self._times <= 0


@pytest.fixture(scope="module")
def whole(digits, tmp_path_factory):
    """The outcome of an uninterrupted run."""
    out = tmp_path_factory.mktemp("whole") / "l.safetensors"
    return train_lines(CONFIG, digits, out=out)


def assert_same(path, other):
    """The network is the same to the bit, the rest but for the rounding of measured strokes."""
    one, two = map(read_sequence_file, (path, other))
    np.testing.assert_array_equal(one.network, two.network)
    np.testing.assert_allclose(one.scorer.parameters, two.scorer.parameters, atol=1e-3)
    np.testing.assert_allclose(one.scorer.spread, two.scorer.spread, rtol=1e-4)
    np.testing.assert_allclose(one.calibration, two.calibration, rtol=1e-3)
    np.testing.assert_allclose(one.of_marks, two.of_marks, rtol=1e-3)
    assert one.scorer.text_weight == two.scorer.text_weight


def test_the_loss_of_the_network_falls(whole):
    losses = [epoch.loss for epoch in whole.history]
    assert losses[-1] < 0.8 * losses[0]


def test_the_loss_of_the_scorer_falls(whole):
    losses = whole.weights.record["scorer_losses"]
    assert losses[-1] < 0.9 * losses[0]


def test_file_history_and_curves_are_written_and_the_checkpoint_is_gone(whole):
    out = whole.files[0]
    names = {"l.safetensors", "l.history.json", "l.curves.png"}
    assert {path.name for path in out.parent.iterdir()} == names
    history = json.loads(beside(out, "history.json").read_text())
    assert [epoch["epoch"] for epoch in history["epochs"]] == [1, 2, 3]


def test_the_file_holds_what_was_trained_and_how(whole, digits):
    weights = read_sequence_file(whole.files[0])
    np.testing.assert_array_equal(weights.network, whole.weights.network)
    np.testing.assert_array_equal(weights.scorer.parameters, whole.weights.scorer.parameters)
    assert weights.record["config"] == CONFIG.to_json()
    assert weights.record["data"]["sha256"] == digits.sha256


@pytest.mark.long
@pytest.mark.parametrize(("stage", "times"), [("network", 2), ("error curves", 2)])
def test_a_run_interrupted_in_an_early_or_late_stage_ends_like_an_uninterrupted_one(
    whole, digits, tmp_path, stage, times
):
    out = tmp_path / "l.safetensors"
    with pytest.raises(Cancelled, match="--resume to continue from"):
        train_lines(CONFIG, digits, out=out, listener=StopsAt(stage, times))
    assert [path.name for path in tmp_path.iterdir()] == ["l.checkpoint.safetensors"]
    train_lines(CONFIG, digits, out=out, resume=True)
    assert_same(out, whole.files[0])


def test_a_further_stage_starts_from_the_network_of_a_file_and_records_it(whole, digits, tmp_path):
    config = replace(CONFIG, epochs=1, seed=7)
    stage = train_lines(config, digits, out=tmp_path / "l.safetensors", start=whole.files[0])
    assert stage.history[0].loss < 0.7 * whole.history[0].loss
    start = stage.weights.record["start"]
    assert start["record"]["config"] == CONFIG.to_json()
    assert start["sha256"] == sha256_of(whole.weights.network)
    assert whole.weights.record["start"] is None


def test_without_an_epoch_the_network_stays_and_the_rest_is_fitted_anew(digits, tmp_path):
    path = Path(str(files("digitus.models") / "weights" / SHIPPED))
    config, first = replace(CONFIG, epochs=0), read_sequence_file(path)
    stage = train_lines(config, digits, out=tmp_path / "l.safetensors", start=path)
    np.testing.assert_array_equal(stage.weights.network, first.network)
    assert (stage.weights.scorer.parameters != first.scorer.parameters).any()


def test_a_checkpoint_of_another_config_is_refused_by_name(digits, tmp_path):
    out = tmp_path / "l.safetensors"
    with pytest.raises(Cancelled):
        train_lines(CONFIG, digits, out=out, listener=StopsAt("network"))
    other = LinesConfig(lines=60, epochs=4, validation=1000, threads=1)
    with pytest.raises(CheckpointError, match="config differs: epochs was 3, is 4"):
        train_lines(other, digits, out=out, resume=True)


def test_holding_out_all_images_is_refused(digits, tmp_path):
    config = LinesConfig(lines=60, epochs=1, validation=2000, threads=1)
    with pytest.raises(DataError, match="more than the 2000 that are held out"):
        train_lines(config, digits, out=tmp_path / "l.safetensors")


def test_images_that_lack_a_digit_are_refused(digits, tmp_path):
    train = digits.train
    fours = DataSet("fours", Samples(train.pixels, np.full(len(train), 4), "fours"), None)
    with pytest.raises(DataError, match="expected 30 or more of each digit, found 0"):
        train_lines(CONFIG, fours, out=tmp_path / "l.safetensors")

"""Training that starts from a trained model, and averaged weights."""

from hashlib import sha256

import numpy as np
import pytest

from digitus.errors import Cancelled, CheckpointError, ModelFileError
from digitus.models.file import read_model
from digitus.training import Listener, train


@pytest.fixture
def first(data, quick, tmp_path):
    """A trained and calibrated model."""
    return train(quick(), data, out=tmp_path / "first.safetensors").model


def test_training_starts_from_the_weights_of_a_model(data, quick, tmp_path, first):
    idle = quick(rate=1e-12, epochs=1, seed=9)
    model = train(idle, data, out=tmp_path / "m.safetensors", start=first).model
    assert np.allclose(model.network.parameters, first.network.parameters, atol=1e-6)


def test_the_calibration_is_kept_if_no_rows_are_held_out(data, quick, tmp_path, first):
    train(quick(validation=0, seed=9), data, out=tmp_path / "m.safetensors", start=first)
    model = read_model(tmp_path / "m.safetensors")
    kept = (model.temperature, model.digit_threshold, model.errors)
    assert kept == (first.temperature, first.digit_threshold, first.errors)
    assert model.record["calibrated_on"] == "start"
    assert model.record["calibration"] == first.record["calibration"]


def test_the_model_is_calibrated_anew_if_rows_are_held_out(data, quick, tmp_path, first):
    model = train(quick(seed=9), data, out=tmp_path / "m.safetensors", start=first).model
    assert model.record["calibrated_on"] == "validation"
    assert model.temperature != first.temperature


def test_the_record_names_the_start_by_its_hash(data, quick, tmp_path, first):
    weights = first.network.parameters.tobytes()
    record = train(quick(seed=9), data, out=tmp_path / "m.safetensors", start=first).model.record
    assert record["start"]["sha256"] == sha256(weights).hexdigest()
    assert record["start"]["record"]["config"] == quick().to_json()


@pytest.mark.parametrize("changes", [{"hidden": (13,)}, {"normalizer": "zscore"}], ids=str)
def test_a_model_of_another_shape_is_refused(data, quick, tmp_path, first, changes):
    with pytest.raises(ModelFileError, match=r"cannot start from 784-12-10 with unit"):
        train(quick(**changes), data, out=tmp_path / "m.safetensors", start=first)


class Stopper(Listener):
    def wants_to_stop(self):
        return True


def test_a_run_is_not_resumed_with_another_start(data, quick, tmp_path, first):
    out, config = tmp_path / "m.safetensors", quick(seed=9)
    with pytest.raises(Cancelled):
        train(config, data, out=out, start=first, listener=Stopper())
    with pytest.raises(CheckpointError, match="start"):
        train(config, data, out=out, resume=True)
    train(config, data, out=out, start=first, resume=True)


def test_averaged_weights_are_not_the_last_ones(data, quick, tmp_path):
    mean = train(quick(averaged=3), data, out=tmp_path / "mean.safetensors").model
    last = train(quick(), data, out=tmp_path / "last.safetensors").model
    assert not np.allclose(mean.network.parameters, last.network.parameters)

"""A checkpoint is read only by the run that it belongs to."""

import numpy as np
import pytest

from digitus.errors import CheckpointError
from digitus.models.checkpoint import write_checkpoint
from digitus.nn.fitting.callbacks import State
from digitus.training.run import read_run_checkpoint

FACTS = {"config": {"seed": 1, "rate": 0.1}, "data": "abc"}


@pytest.fixture
def path(tmp_path):
    target = tmp_path / "m.checkpoint.safetensors"
    write_checkpoint(target, State({"x": np.ones(3)}, {**FACTS, "progress": 2}))
    return target


def test_the_same_facts_give_the_state(path):
    assert read_run_checkpoint(path, FACTS).facts["progress"] == 2


def test_another_config_is_refused_by_the_field_that_differs(path):
    other = {**FACTS, "config": {"seed": 2, "rate": 0.1}}
    with pytest.raises(CheckpointError, match=r"config differs: seed was 1, is 2"):
        read_run_checkpoint(path, other)


def test_other_data_is_refused(path):
    with pytest.raises(CheckpointError, match=r"\(data differs\)"):
        read_run_checkpoint(path, {**FACTS, "data": "def"})

import numpy as np
import pytest
from safetensors.numpy import save_file

from digitus.errors import CheckpointError, WriteError
from digitus.models.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from digitus.nn.fitting.callbacks import State
from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.resume import restore_state
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.layers import Dense
from digitus.nn.network import Network
from digitus.nn.optimizers import Adam

STATE = State(
    {"parameters": np.arange(500, dtype=np.float32), "adam.t": np.array(3.0)},
    {"progress": {"epoch": 3}, "order": {"state": 2**100}},
)


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "run.checkpoint"
    write_checkpoint(path, STATE)
    return path


def test_facts_come_back(written):
    assert read_checkpoint(written).facts == STATE.facts


@pytest.mark.parametrize("name", STATE.arrays)
def test_arrays_come_back_with_shape_type_and_values(written, name):
    array = read_checkpoint(written).arrays[name]
    assert (array.shape, array.dtype) == (STATE.arrays[name].shape, STATE.arrays[name].dtype)
    assert (array == STATE.arrays[name]).all()


def test_no_checkpoint_says_how_to_start_without_one(tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint to go on from; start without"):
        read_checkpoint(tmp_path / "run.checkpoint")


@pytest.mark.parametrize("length", [0, 7, 50, -1])
def test_a_truncated_checkpoint_is_refused(written, length):
    written.write_bytes(written.read_bytes()[:length])
    with pytest.raises(CheckpointError, match="not a whole checkpoint"):
        read_checkpoint(written)


@pytest.mark.parametrize(
    "metadata",
    [None, {"other": "1"}, {"digitus_checkpoint": "[1]"}, {"digitus_checkpoint": "{"}],
    ids=str,
)
def test_another_safetensors_file_is_no_checkpoint(tmp_path, metadata):
    path = tmp_path / "run.checkpoint"
    save_file({"parameters": np.zeros(3)}, path, metadata=metadata)
    with pytest.raises(CheckpointError, match="not a whole checkpoint"):
        read_checkpoint(path)


def test_a_full_disk_leaves_the_old_checkpoint(written, full_disk):
    before = written.read_bytes()
    with full_disk(), pytest.raises(WriteError, match=r"run\.checkpoint: cannot be written"):
        write_checkpoint(written, State({"parameters": np.ones(500)}, {}))
    assert written.read_bytes() == before


@pytest.fixture
def make_trainer():
    """Make a run of four epochs over 32 rows."""
    rng = np.random.default_rng(0)
    x = rng.random((32, 6), np.float32)
    examples = Examples(x, np.eye(3, dtype=np.float32)[rng.integers(0, 3, 32)])

    def make(*callbacks, n_epochs=4):
        network = Network(6, [Dense(3)], rng=np.random.default_rng(1))
        settings = TrainerSettings(n_epochs=n_epochs, batch_size=8)
        return Trainer(network, examples, optimizer=Adam(), settings=settings, callbacks=callbacks)

    return make


def test_a_run_resumed_from_the_file_ends_at_the_same_bits(make_trainer, tmp_path):
    path, whole = tmp_path / "run.checkpoint", make_trainer()
    whole.run()
    make_trainer(Checkpoint(path), n_epochs=2).run()
    resumed = make_trainer()
    restore_state(resumed, read_checkpoint(path))
    resumed.run()
    assert resumed.network.parameters.tobytes() == whole.network.parameters.tobytes()


@pytest.mark.parametrize(("every_s", "count"), [(0.0, 5), (1e9, 2)])
def test_it_saves_no_more_often_than_it_was_told(
    make_trainer, tmp_path, monkeypatch, every_s, count
):
    saved = []
    monkeypatch.setattr("digitus.models.checkpoint.write_checkpoint", lambda *_: saved.append(1))
    make_trainer(Checkpoint(tmp_path / "run.checkpoint", every_s=every_s)).run()
    assert len(saved) == count


def test_facts_of_the_caller_are_stored_beside_the_state(make_trainer, tmp_path):
    path = tmp_path / "run.checkpoint"
    make_trainer(Checkpoint(path, facts={"data": "mnist"})).run()
    assert read_checkpoint(path).facts["data"] == "mnist"

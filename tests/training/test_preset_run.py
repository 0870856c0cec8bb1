"""A config end to end: model, history, scores, record, and interruptions at any step."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from digitus.data import DataSet, Samples
from digitus.errors import Cancelled, CheckpointError, DivergenceError, WriteError
from digitus.models.checkpoint import read_checkpoint, write_checkpoint
from digitus.models.file import read_model
from digitus.training import Listener, beside, score, train

KINDS = [
    {"dropout": 0.3},
    {"optimizer": "momentum", "schedule": "one_cycle", "split_seed": 3},
    {"optimizer": "adamw", "patience": 1, "rate": 0.1},
    {"hard_rounds": 2, "rate": 1e-3},
    {"averaged": 3},
    {"optimizer": "sgd", "batch_size": None},
    {"optimizer": "lbfgs", "l2": 0.1, "epochs": 8},
    {"optimizer": "lbfgs", "output": "sigmoid", "activation": "sigmoid", "epochs": 8},
]


def name_of(changes):
    return "-".join(map(str, changes.values()))


class Stopper(Listener):
    """Interrupts when it is asked for the n-th time."""

    def __init__(self, after):
        self.left = after

    def wants_to_stop(self):
        self.left -= 1
        return self.left == 0


class Recorder(Listener):
    """Keeps what it is told."""

    def __init__(self):
        self.epochs, self.sentences = [], []

    def epoch(self, epoch, n_epochs):
        self.epochs.append((epoch.epoch, n_epochs))

    def stage(self, sentence):
        self.sentences.append(sentence)


@pytest.fixture(params=KINDS, ids=name_of)
def config(request, quick):
    return quick(**request.param)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return lambda: tmp_path_factory.mktemp("runs")


def bits(outcome):
    return outcome.model.network.parameters.tobytes()


@pytest.mark.parametrize("changes", KINDS, ids=name_of)
@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])
@given(after=st.integers(1, 20))
def test_a_run_stopped_anywhere_and_resumed_ends_with_the_same_bits(
    data, quick, folder, changes, after
):
    config, out = quick(**changes), folder() / "m.safetensors"
    whole = train(config, data, out=folder() / "m.safetensors")
    try:
        found = train(config, data, out=out, listener=Stopper(after))
    except Cancelled:
        found = train(config, data, out=out, resume=True)
    assert bits(found) == bits(whole)


def test_the_history_of_a_resumed_run_is_that_of_the_whole_one(data, config, tmp_path):
    whole = train(config, data, out=tmp_path / "a.safetensors").history
    with pytest.raises(Cancelled):
        train(config, data, out=tmp_path / "b.safetensors", listener=Stopper(2))
    resumed = train(config, data, out=tmp_path / "b.safetensors", resume=True).history
    for one, other in zip(whole, resumed, strict=True):
        assert (one.epoch, one.loss, one.accuracy) == (other.epoch, other.loss, other.accuracy)


def test_the_file_holds_the_model_that_is_given_back(data, config, tmp_path):
    outcome = train(config, data, out=tmp_path / "m.safetensors", name="mine")
    loaded = read_model(tmp_path / "m.safetensors")
    assert (loaded.name, loaded.record) == ("mine", json.loads(json.dumps(outcome.model.record)))
    np.testing.assert_array_equal(
        loaded.probabilities(data.test.pixels), outcome.model.probabilities(data.test.pixels)
    )


def test_the_scores_name_their_parts_and_rows(data, config, tmp_path):
    scores = train(config, data, out=tmp_path / "m.safetensors").scores
    assert {part: found.n for part, found in scores.items()} == {
        "train": 80,
        "validation": 20,
        "test": 30,
    }


def test_parts_that_are_not_there_are_not_scored(data, quick, tmp_path):
    alone = DataSet("rows", data.train, None)
    scores = train(quick(validation=0), alone, out=tmp_path / "m.safetensors").scores
    assert list(scores) == ["train"]


def test_test_rows_change_nothing_but_the_test_score(data, config, tmp_path):
    alone = DataSet("rows", data.train, None)
    with_test = train(config, data, out=tmp_path / "a.safetensors")
    without = train(config, alone, out=tmp_path / "b.safetensors")
    assert bits(with_test) == bits(without)
    assert with_test.model.temperature == without.model.temperature


def test_calibration_needs_rows_that_were_held_out(data, quick, tmp_path):
    outcome = train(quick(validation=0), data, out=tmp_path / "m.safetensors")
    assert outcome.model.temperature == 1
    assert outcome.model.record["calibrated_on"] is None


def test_the_record_holds_config_data_and_scores(data, config, tmp_path):
    record = train(config, data, out=tmp_path / "m.safetensors").model.record
    assert record["config"] == config.to_json()
    assert record["data"] == {"name": "rows", "sha256": data.sha256, "rows": 100}
    assert {"epochs", "seconds", "date", "versions", "scores", "calibrated_on"} <= record.keys()


def test_each_epoch_is_told_once_and_in_order(data, config, tmp_path):
    recorder = Recorder()
    outcome = train(config, data, out=tmp_path / "m.safetensors", listener=recorder)
    heard = outcome.history[: config.epochs]  # rounds of hard examples are told as stages
    assert recorder.epochs == [(epoch.epoch, config.epochs) for epoch in heard]


@pytest.mark.parametrize("changes", [{}, {"optimizer": "lbfgs"}], ids=["adam", "lbfgs"])
def test_a_network_learns_a_set_that_is_easy(data, quick, tmp_path, changes):
    outcome = train(quick(epochs=40, **changes), data, out=tmp_path / "m.safetensors")
    assert outcome.scores["test"].accuracy > 0.9


def test_files_lie_beside_the_model_and_are_named_after_it(data, quick, tmp_path):
    outcome = train(quick(), data, out=tmp_path / "m.safetensors")
    kinds = ("history.json", "curves.png")
    names = [tmp_path / "m.safetensors", *(beside(tmp_path / "m.safetensors", k) for k in kinds)]
    assert outcome.files == names
    assert sorted(tmp_path.iterdir()) == sorted(names)


def test_divergence_leaves_an_earlier_model_as_it_was(data, quick, tmp_path):
    out = tmp_path / "m.safetensors"
    out.write_bytes(b"earlier")
    with pytest.raises(DivergenceError, match="epoch 1: "):
        train(quick(optimizer="sgd", rate=1e30), data, out=out)
    assert out.read_bytes() == b"earlier"


def test_an_interruption_writes_no_model(data, config, tmp_path):
    with pytest.raises(Cancelled, match=r"m\.checkpoint\.safetensors"):
        train(config, data, out=tmp_path / "m.safetensors", listener=Stopper(2))
    assert [path.name for path in tmp_path.iterdir()] == ["m.checkpoint.safetensors"]


def test_a_checkpoint_of_another_config_is_refused_by_the_name_of_what_differs(
    data, quick, config, tmp_path
):
    out = tmp_path / "m.safetensors"
    with pytest.raises(Cancelled):
        train(config, data, out=out, listener=Stopper(2))
    with pytest.raises(CheckpointError, match="config differs: hidden was"):
        train(quick(hidden=(5,), optimizer=config.optimizer), data, out=out, resume=True)


def test_a_checkpoint_of_other_data_is_refused(data, config, tmp_path):
    out = tmp_path / "m.safetensors"
    with pytest.raises(Cancelled):
        train(config, data, out=out, listener=Stopper(2))
    other = DataSet("rows", data.train.rows(slice(None, None, -1)), None)
    with pytest.raises(CheckpointError, match="data differs"):
        train(config, other, out=out, resume=True)


@pytest.mark.parametrize("name", ["", "nowhere/m.safetensors"])
def test_a_place_that_cannot_be_written_is_found_before_the_first_epoch(
    data, quick, tmp_path, name
):
    recorder = Recorder()
    with pytest.raises(WriteError):
        train(quick(), data, out=tmp_path / name, listener=recorder)
    assert recorder.epochs == []


def test_images_without_labels_cannot_be_scored(data, quick, tmp_path):
    model = train(quick(), data, out=tmp_path / "m.safetensors").model
    with pytest.raises(ValueError, match="no labels to compare with"):
        score(model, Samples(data.test.pixels, None, "test.csv"))


@pytest.fixture
def hard_config(quick):
    return quick(hard_rounds=3, epochs=1, rate=1e-3)


class StopperAtRound(Recorder):
    """Interrupts after the first round of hard examples."""

    def wants_to_stop(self):
        return any("round 1" in sentence for sentence in self.sentences)


def test_rounds_of_hard_examples_are_in_the_history(data, hard_config, tmp_path):
    outcome = train(hard_config, data, out=tmp_path / "m.safetensors")
    assert [epoch.epoch for epoch in outcome.history] == [1, 2, 3, 4]


def test_an_interruption_is_heard_between_rounds_of_hard_examples(data, hard_config, tmp_path):
    recorder = StopperAtRound()
    with pytest.raises(Cancelled):
        train(hard_config, data, out=tmp_path / "m.safetensors", listener=recorder)
    assert not any("round 2" in sentence for sentence in recorder.sentences)


def test_interrupted_rounds_of_hard_examples_are_done_again_to_the_bit(data, hard_config, tmp_path):
    whole = train(hard_config, data, out=tmp_path / "whole.safetensors")
    out = tmp_path / "m.safetensors"
    with pytest.raises(Cancelled):
        train(hard_config, data, out=out, listener=StopperAtRound())
    assert bits(train(hard_config, data, out=out, resume=True)) == bits(whole)


@pytest.mark.parametrize("optimizer", ["lbfgs", "sgd"])
def test_the_history_file_tells_the_first_gradient_of_each_layer(data, quick, tmp_path, optimizer):
    train(quick(optimizer=optimizer), data, out=tmp_path / "m.safetensors")
    history = json.loads((tmp_path / "m.history.json").read_text())
    assert [norm > 0 for norm in history["first_gradient_norms"]] == [True, True]


@pytest.mark.parametrize(
    ("optimizer", "fact"),
    [
        *(("adam", fact) for fact in ("progress", "order", "history", "n_steps")),
        *(("lbfgs", fact) for fact in ("costs", "history")),
    ],
)
def test_a_checkpoint_without_one_of_its_facts_is_refused(data, quick, tmp_path, optimizer, fact):
    config, out = quick(optimizer=optimizer), tmp_path / "m.safetensors"
    with pytest.raises(Cancelled):
        train(config, data, out=out, listener=Stopper(2))
    path = beside(out, "checkpoint.safetensors")
    state = read_checkpoint(path)
    del state.facts[fact]
    write_checkpoint(path, state)
    with pytest.raises(CheckpointError, match="incomplete"):
        train(config, data, out=out, resume=True)


class ThreadCounter(Listener):
    """Notes the threads that the matrix products may use while training."""

    def epoch(self, epoch, n_epochs):
        self.threads = {
            pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"
        }


def test_training_uses_the_configured_number_of_threads(data, quick, tmp_path):
    counter = ThreadCounter()
    train(quick(threads=1), data, out=tmp_path / "m.safetensors", listener=counter)
    assert counter.threads == {1}

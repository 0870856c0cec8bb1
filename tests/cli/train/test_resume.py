"""Runs that are killed and then resumed to the same bits."""

import signal

import pytest

from digitus.data import load
from digitus.errors import Cancelled
from digitus.models.config import TrainingConfig
from digitus.training import Listener, train

COMMANDS = {
    "adam": "--hidden 16 --dropout 0.2 --batch-size 64 --epochs 60 --validation 100",
    "lbfgs": "--hidden 64 --optimizer lbfgs --epochs 25 --validation 100",
}


@pytest.fixture(scope="session", params=COMMANDS)
def command(request, many, tmp_path_factory):
    """The words of a command, and the model of its uninterrupted run."""
    from digitus.cli.main import run

    out = tmp_path_factory.mktemp("whole") / "m.safetensors"
    words = ["train", "--data", str(many), *COMMANDS[request.param].split()]
    assert run([*words, "--out", str(out)]) == 0
    return words, out


def wait_for_epochs(process, count):
    """Read progress until so many epochs are reported; a checkpoint may follow each."""
    seen = 0
    for line in process.stderr:
        seen += line.startswith("epoch ")
        if seen == count:
            return
    pytest.fail("the run was over before it could be ended")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_ending_signal_leaves_a_checkpoint_to_resume_to_the_bit(
    start, digitus, command, tmp_path, same_arrays, number
):
    words, whole = command
    out, checkpoint = tmp_path / "m.safetensors", tmp_path / "m.checkpoint.safetensors"
    process = start(*words, "--out", out)
    wait_for_epochs(process, 2)
    process.send_signal(number)
    said = [line for line in process.stderr if line.startswith("digitus: ")]
    assert process.wait() == {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}[number]
    assert len(said) == 1
    assert f"--resume to continue from {checkpoint}" in said[0]
    assert not out.exists()
    assert digitus(*words, "--out", out, "--resume").code == 0
    assert same_arrays(out, whole)
    assert not checkpoint.exists()


def test_after_kill_9_resume_ends_with_the_same_bits(
    start, digitus, command, tmp_path, same_arrays
):
    words, whole = command
    out = tmp_path / "m.safetensors"
    process = start(*words, "--out", out)
    wait_for_epochs(process, 2)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert digitus(*words, "--out", out, "--resume").code == 0
    assert same_arrays(out, whole)


def test_two_runs_on_one_model_file_do_not_mix(start, digitus, command, tmp_path):
    words, _ = command
    out = tmp_path / "m.safetensors"
    process = start(*words, "--out", out)
    wait_for_epochs(process, 1)
    second = digitus(*words, "--out", out)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert second.code == 1
    assert len(second.complaints) == 1
    assert f"{out}: is being written by another run (process {process.pid}," in second.complaints[0]


# Checkpoints that are refused


class StopsAfterTwo(Listener):
    """Interrupts after the second epoch."""

    heard = 0

    def epoch(self, epoch, n_epochs):
        self.heard += 1

    def wants_to_stop(self):
        return self.heard >= 2


CONFIGS = {
    "adam": (TrainingConfig(hidden=(8,), epochs=5, validation=0), ["--epochs", "5"]),
    "lbfgs": (
        TrainingConfig(hidden=(8,), epochs=5, validation=0, optimizer="lbfgs"),
        ["--epochs", "5", "--optimizer", "lbfgs"],
    ),
}


@pytest.fixture(params=CONFIGS)
def interrupted(request, drawn, tmp_path):
    """A command whose run was interrupted, and its checkpoint."""
    config, words = CONFIGS[request.param]
    out = tmp_path / "m.safetensors"
    with pytest.raises(Cancelled, match="interrupted after 2 of 5"):
        train(config, load(drawn), out=out, listener=StopsAfterTwo())
    line = ["train", "--hidden", "8", "--validation", "0", *words, "--out", out]
    return line, out.with_name("m.checkpoint.safetensors")


def assert_refused(result, checkpoint, before):
    assert (result.code, result.out) == (1, "")
    (complaint,) = result.complaints
    assert checkpoint.read_bytes() == before
    assert not checkpoint.with_name("m.safetensors").exists()
    return complaint


def test_the_same_command_goes_on(digitus, interrupted, drawn):
    words, checkpoint = interrupted
    assert digitus(*words, "--data", drawn, "--resume").code == 0
    assert not checkpoint.exists()


def test_a_resumed_run_replaces_the_model_that_it_was_to_replace(
    digitus, interrupted, drawn, model_file
):
    words, checkpoint = interrupted
    out = checkpoint.with_name("m.safetensors")
    out.write_bytes(model_file.read_bytes())
    assert digitus(*words, "--data", drawn).code == 1
    assert digitus(*words, "--data", drawn, "--resume").code == 0
    assert out.read_bytes() != model_file.read_bytes()


@pytest.mark.parametrize(
    "change", ["--seed 3", "--hidden 9", "--l2 0.5", "--epochs 6", "--normalizer std"]
)
def test_other_settings_are_refused_and_named(digitus, interrupted, drawn, change):
    words, checkpoint = interrupted
    before = checkpoint.read_bytes()
    result = digitus(*words, "--data", drawn, *change.split(), "--resume")
    complaint = assert_refused(result, checkpoint, before)
    assert change.split()[0].strip("-") in complaint


def test_other_data_is_refused(digitus, interrupted, many):
    words, checkpoint = interrupted
    before = checkpoint.read_bytes()
    result = digitus(*words, "--data", many, "--resume")
    assert "data differs" in assert_refused(result, checkpoint, before)


@pytest.mark.parametrize(
    "damage",
    [lambda content: b"", lambda content: b"no checkpoint" * 9, lambda content: content[:-100]],
    ids=["empty", "text", "cut"],
)
def test_a_damaged_checkpoint_is_refused_and_left_as_it_is(digitus, interrupted, drawn, damage):
    words, checkpoint = interrupted
    before = damage(checkpoint.read_bytes())
    checkpoint.write_bytes(before)
    result = digitus(*words, "--data", drawn, "--resume")
    assert str(checkpoint) in assert_refused(result, checkpoint, before)


def test_a_model_file_is_refused_as_a_checkpoint(digitus, interrupted, drawn, model_file):
    words, checkpoint = interrupted
    before = model_file.read_bytes()
    checkpoint.write_bytes(before)
    assert_refused(digitus(*words, "--data", drawn, "--resume"), checkpoint, before)


def test_resume_without_a_checkpoint_is_one_sentence(digitus, drawn, tmp_path):
    words = ("--data", drawn, "--validation", "0", "--out", tmp_path / "m.safetensors")
    result = digitus("train", *words, "--resume")
    assert result.code == 1
    assert "no checkpoint to go on from" in result.complaints[0]
    assert list(tmp_path.iterdir()) == []


def test_a_new_run_says_that_it_replaces_an_interrupted_one(digitus, interrupted, drawn):
    words, checkpoint = interrupted
    assert f"{checkpoint}: left by an interrupted run" in digitus(*words, "--data", drawn).err

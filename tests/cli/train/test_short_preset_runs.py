"""Short runs of the shipped presets on real digits: they learn, and resume after a kill."""

import re
import signal

import numpy as np
import pytest

N_TRAIN, N_TEST = 1_200, 1_000
SMALL = ("--validation", "200", "--threads", "1")
RUNS = {
    "mlp": ("--epochs 9 --batch-size 16", 0.8),
    "cnn": ("--epochs 3 --batch-size 32", 0.8),
}
"""Options of a short run, and the share of test images that it reads at least; chance is 0.1."""


@pytest.fixture(scope="module")
def few_digits(mnist, tmp_path_factory):
    """An .npz file of the first images of MNIST."""
    path = tmp_path_factory.mktemp("mnist") / "few.npz"
    np.savez(
        path,
        x_train=mnist.train.pixels[:N_TRAIN],
        y_train=mnist.train.labels[:N_TRAIN],
        x_test=mnist.test.pixels[:N_TEST],
        y_test=mnist.test.labels[:N_TEST],
    )
    return path


@pytest.mark.mnist
@pytest.mark.parametrize("preset", ["mlp", pytest.param("cnn", marks=pytest.mark.long)])
def test_a_short_run_learns_and_after_a_kill_resumes_to_the_same_bits(
    start, digitus, few_digits, tmp_path, same_arrays, preset
):
    options, least_accuracy = RUNS[preset]
    words = ("train", "--preset", preset, "--data", few_digits, *SMALL, *options.split())
    out, whole = tmp_path / "killed.safetensors", tmp_path / "whole.safetensors"
    process = start(*words, "--out", out)
    for line in process.stderr:
        if re.match("epoch +2/", line):  # so the checkpoint of the first epoch is written
            break
    else:
        pytest.fail("the run ended before it could be killed")
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not out.exists()
    resumed = digitus(*words, "--out", out, "--resume", "--json")
    assert resumed.code == 0, resumed.err
    assert re.search("^epoch +1/", resumed.err, re.MULTILINE) is None
    summary = digitus(*words, "--out", whole, "--json").json
    assert same_arrays(out, whole)
    assert summary["scores"] == resumed.json["scores"]
    assert summary["scores"]["test"]["n"] == N_TEST
    assert summary["scores"]["test"]["accuracy"] > least_accuracy

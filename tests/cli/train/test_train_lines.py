"""``digitus train --preset lines``: it makes the file of the sequence models, and resumes."""

import signal

import numpy as np
import pytest
from safetensors.numpy import load_file

from digitus.data.formats.idx import idx_header
from digitus.models.sequence.sequence_file import read_sequence_file
from digitus.synthesis.pen.pen_drawings import pen_patches

WORDS = ("--preset", "lines", "--lines", "60", "--validation", "1000", "--threads", "1")


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """A folder of 2,000 digits of the synthetic pen as IDX files."""
    folder = tmp_path_factory.mktemp("digits")
    patches, labels = pen_patches(2000, np.random.default_rng(0))
    pixels = np.rint(255 * patches)
    for name, values in (("images-idx3", pixels), ("labels-idx1", labels)):
        path = folder / f"train-{name}-ubyte"
        path.write_bytes(idx_header(values.shape) + values.astype(np.uint8).tobytes())
    return folder


@pytest.mark.long
def test_a_killed_run_is_resumed_and_ends_with_the_network_of_a_whole_one(
    start, digitus, digits, tmp_path
):
    words = ("train", *WORDS, "--epochs", "4", "--data", digits)
    out, whole = tmp_path / "l.safetensors", tmp_path / "whole.safetensors"
    process = start(*words, "--out", out)
    for line in process.stderr:
        if line.startswith("epoch 2/4"):
            break
    else:
        pytest.fail(f"the run ended before it could be killed: {line}")
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not out.exists()
    resumed = digitus(*words, "--out", out, "--resume")
    assert resumed.code == 0, resumed.err
    summary = digitus(*words, "--out", whole, "--json").json
    assert summary["files"][0] == str(whole)
    assert summary["config"]["lines"] == 60
    one, two = (load_file(path)["network.parameters"] for path in (out, whole))
    np.testing.assert_array_equal(one, two)
    assert read_sequence_file(out).record["epochs"] == 4
    assert "Held-out strings read: " in resumed.out

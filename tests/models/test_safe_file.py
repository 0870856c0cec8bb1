"""Safetensors files with facts in the header."""

import numpy as np
import pytest
from safetensors.numpy import save_file

from digitus.errors import WriteError
from digitus.models.safe_file import DAMAGE, read_safe, write_safe

ARRAYS = {"x": np.arange(6.0).reshape(2, 3)}


def test_arrays_and_facts_come_back(tmp_path):
    write_safe(tmp_path / "f.safetensors", ARRAYS, key="k", facts={"n": [1, None]})
    arrays, facts = read_safe(tmp_path / "f.safetensors", key="k")
    np.testing.assert_array_equal(arrays["x"], ARRAYS["x"])
    assert facts == {"n": [1, None]}


def test_an_array_that_is_not_contiguous_comes_back_in_its_shape(tmp_path):
    write_safe(tmp_path / "f.safetensors", {"x": ARRAYS["x"].T}, key="k", facts={})
    np.testing.assert_array_equal(
        read_safe(tmp_path / "f.safetensors", key="k")[0]["x"], ARRAYS["x"].T
    )


def test_without_the_key_there_are_no_facts(tmp_path):
    save_file(ARRAYS, tmp_path / "f.safetensors", metadata={"other": "1"})
    assert read_safe(tmp_path / "f.safetensors", key="k")[1] is None


@pytest.mark.parametrize("content", [b"", b"not safetensors", b"\xff" * 40])
def test_damage_is_one_of_the_listed_errors(tmp_path, content):
    path = tmp_path / "f.safetensors"
    path.write_bytes(content)
    with pytest.raises(DAMAGE):
        read_safe(path, key="k")


def test_a_full_disk_leaves_the_old_file(tmp_path, full_disk):
    path = tmp_path / "f.safetensors"
    write_safe(path, ARRAYS, key="k", facts={})
    before = path.read_bytes()
    with full_disk(), pytest.raises(WriteError):
        write_safe(path, {"x": np.zeros(1000)}, key="k", facts={})
    assert path.read_bytes() == before

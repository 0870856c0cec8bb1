"""NumPy's files: plain arrays are read, everything else is refused by name."""

import numpy as np
import pytest

from digitus.errors import ModelFileError, WriteError
from digitus.models.formats.array_files import (
    load_npy,
    load_npz,
    npy_bytes,
    npz_bytes,
    refuse_unusable,
    write_together,
)


def test_arrays_come_back(tmp_path):
    write_together(
        tmp_path / "new", {"a.npy": npy_bytes(np.eye(3).T), "b.npz": npz_bytes({"x": np.ones(2)})}
    )
    np.testing.assert_array_equal(load_npy(tmp_path / "new" / "a.npy"), np.eye(3))
    np.testing.assert_array_equal(
        load_npz(tmp_path / "new" / "b.npz", prefixes=("x",)).arrays["x"], np.ones(2)
    )


def test_pickled_objects_are_refused(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(ModelFileError, match="found pickled objects"):
        load_npy(tmp_path / "a.npy")


@pytest.mark.parametrize("values", [np.array(["1"]), np.array([1j])])
def test_arrays_of_other_kinds_are_refused_by_name(values):
    with pytest.raises(ModelFileError, match="W1: expected an array of numbers"):
        refuse_unusable(values, "W1", "f")


def test_nan_is_refused():
    with pytest.raises(ModelFileError, match="NaN"):
        refuse_unusable(np.array([np.nan]), "W1", "f")


def test_a_file_in_the_place_of_the_folder_is_a_write_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="cannot be made a folder"):
        write_together(tmp_path / "file", {"a": b""})

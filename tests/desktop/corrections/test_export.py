"""Corrections as a class folder that the training data's reader takes."""

import numpy as np
import pytest

from digitus.data import load
from digitus.desktop.corrections.export import export_corrections
from digitus.desktop.corrections.store import CorrectionStore
from digitus.errors import DataError, WriteError


@pytest.fixture
def store(tmp_path):
    return CorrectionStore(tmp_path / "corrections")


def fill(store, labels):
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 256, (len(labels), 784), np.uint8)
    for row, label in zip(rows, labels, strict=True):
        store.add(row.reshape(28, 28) / 255, label=label, answer=0)
    return rows


def test_the_reader_of_training_data_gets_every_pixel_and_label(store, tmp_path):
    labels = [7, 1, 7, 0, 9]
    rows = fill(store, labels)
    assert export_corrections(store, tmp_path / "export") == 5
    train = load(tmp_path / "export").train
    order = np.argsort(labels, kind="stable")  # the reader goes by digits, then by names
    np.testing.assert_array_equal(train.labels, np.array(labels)[order])
    np.testing.assert_array_equal(train.pixels, rows[order])


def test_a_second_export_adds_what_is_new_and_doubles_nothing(store, tmp_path):
    fill(store, [1, 2])
    export_corrections(store, tmp_path / "export")
    fill(store, [3])
    export_corrections(store, tmp_path / "export")
    assert load(tmp_path / "export").train.labels.tolist() == [1, 2, 3]


def test_nothing_to_export_is_one_sentence(store, tmp_path):
    with pytest.raises(DataError, match="no correction to export"):
        export_corrections(store, tmp_path / "export")
    assert not (tmp_path / "export").exists()


def test_a_folder_with_other_things_is_refused_before_anything_is_written(store, tmp_path):
    fill(store, [1])
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "holiday.jpg").touch()
    with pytest.raises(WriteError, match=r"holiday\.jpg"):
        export_corrections(store, tmp_path / "photos")
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["holiday.jpg"]


def test_a_file_is_no_folder_to_export_to(store, tmp_path):
    fill(store, [1])
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="not a folder"):
        export_corrections(store, tmp_path / "file")


def test_a_damaged_drawing_is_left_out(store, tmp_path):
    fill(store, [1, 2])
    first, _ = store.listing().entries
    (store.folder / f"{first.name}.safetensors").write_bytes(b"damaged")
    assert export_corrections(store, tmp_path / "export") == 1
    assert load(tmp_path / "export").train.labels.tolist() == [2]

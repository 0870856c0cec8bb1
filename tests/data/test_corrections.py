"""The store of corrections: what it keeps, what it refuses, and what a crash leaves."""

import json
import multiprocessing
import os
import re

import numpy as np
import pytest

from digitus.data import load
from digitus.data.corrections import Correction, CorrectionStore, DrawnStrokes, default_folder
from digitus.errors import DataError, WriteError

STROKES = (((1.0, 2.0), (3.5, 4.0)), ((5.0, 6.0, 0.5), (7.0, 8.0, 1.0)))
DRAWING = DrawnStrokes(280, 280, 24.0, STROKES)


@pytest.fixture
def patch():
    return np.random.default_rng(0).uniform(0, 1, (28, 28)).astype(np.float32)


@pytest.fixture
def store(tmp_path):
    return CorrectionStore(tmp_path / "corrections")


def correction(label, **facts):
    usual = {"answer": 1, "confidence": 0.75, "model": "cnn", "source_kind": "image"}
    return Correction(label, **(usual | facts))


def labels(store):
    return [each.label for each in store.listing().corrections]


def test_an_empty_store_lists_nothing_and_makes_no_folder(store):
    assert store.listing().corrections == ()
    assert not store.folder.exists()


def test_the_default_folder_is_in_the_users_data():
    assert default_folder().name == "corrections"
    assert CorrectionStore().folder == default_folder()


def test_a_correction_is_read_back_as_it_was_written(store, patch):
    added = correction(7, drawing=DRAWING, source_kind="drawing")
    store.add(patch, added)
    listing = CorrectionStore(store.folder).listing()
    assert listing.corrections == (added,)
    assert listing.problems == ()


def test_a_patch_is_read_back_to_half_a_grey_level(store, patch):
    added = correction(7)
    store.add(patch, added)
    np.testing.assert_allclose(store.patch(added), patch, atol=0.5 / 255 + 1e-6)


def test_a_declined_image_has_neither_answer_nor_strokes(store, patch):
    store.add(patch, correction(3, answer=None, confidence=None))
    (found,) = store.listing().corrections
    assert (found.answer, found.confidence, found.drawing) == (None, None, None)


def test_corrections_are_listed_in_the_order_they_were_added(store, patch):
    for label in (3, 1, 4, 1, 5):
        store.add(patch, correction(label))
    assert labels(store) == [3, 1, 4, 1, 5]


def test_the_folder_is_read_as_training_data_with_its_json_files(store, patch):
    for label in (7, 0):
        store.add(patch, correction(label, drawing=DRAWING))
    samples = load(store.folder).train
    assert samples.labels.tolist() == [0, 7]
    np.testing.assert_array_equal(samples.pixels[1].reshape(28, 28), np.rint(patch * 255))


def test_the_record_is_json_beside_the_image(store, patch):
    added = correction(7, drawing=DRAWING, source_kind="drawing")
    store.add(patch, added)
    facts = json.loads((store.folder / "7" / f"{added.name}.json").read_text())
    assert facts == {
        "label": 7,
        "answer": 1,
        "confidence": 0.75,
        "model": "cnn",
        "source_kind": "drawing",
        "date": added.date,
        "drawing": {
            "width": 280,
            "height": 280,
            "pen_px": 24.0,
            "strokes": [[list(point) for point in stroke] for stroke in STROKES],
        },
    }


def test_an_image_moved_to_another_digit_has_that_label(store, patch):
    added = correction(7)
    store.add(patch, added)
    (store.folder / "7").rename(store.folder / "1")
    assert labels(store) == [1]


def test_a_deleted_correction_leaves_no_file(store, patch):
    first, second = correction(1), correction(1)
    store.add(patch, first)
    store.add(patch, second)
    store.delete(first)
    assert store.listing().corrections == (second,)
    assert {path.stem for path in (store.folder / "1").iterdir()} == {second.name}


@pytest.mark.parametrize("facts", [{"label": -1}, {"label": 10}, {"label": 1, "answer": 11}])
def test_only_digits_are_labels_and_answers(facts):
    with pytest.raises(ValueError, match="0 to 9"):
        correction(**facts)


@pytest.mark.parametrize(
    "bad", [np.zeros((27, 28)), np.full((28, 28), 2.0), np.full((28, 28), np.nan)]
)
def test_only_patches_are_kept(store, bad):
    with pytest.raises(ValueError, match="28 x 28"):
        store.add(bad, correction(1))
    assert not store.folder.exists()


# Damage and crashes


DRAWN = {"width": 9, "height": 9, "pen_px": 2.0, "strokes": [[[1.0, 2.0]]]}
VALID = {
    "answer": 1,
    "confidence": 1,
    "model": "",
    "source_kind": "image",
    "date": "",
    "drawing": None,
}


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        "{}",
        "null",
        json.dumps(VALID | {"answer": 11}),
        json.dumps(VALID | {"source_kind": "moon"}),
        json.dumps(VALID | {"drawing": {}}),
        json.dumps(VALID | {"confidence": []}),
        json.dumps(VALID | {"confidence": float("nan")}),
        json.dumps(VALID | {"confidence": 1.5}),
        json.dumps(VALID | {"answer": True}),
        json.dumps(VALID | {"drawing": {**DRAWN, "pen_px": float("inf")}}),
        json.dumps(VALID | {"drawing": {**DRAWN, "strokes": [[[float("nan"), 1]]]}}),
        json.dumps(VALID | {"drawing": {**DRAWN, "width": 1.5}}),
        json.dumps(VALID).replace('"model": ""', f'"model": {"[" * 900}{"]" * 900}'),
        json.dumps(VALID).replace('"model": ""', f'"model": {"[" * 50_000}'),
    ],
)
def test_a_damaged_record_is_reported_and_left_out(store, patch, text):
    kept, damaged = correction(2), correction(3)
    store.add(patch, kept)
    store.add(patch, damaged)
    (store.folder / "3" / f"{damaged.name}.json").write_text(text)
    listing = store.listing()
    assert listing.corrections == (kept,)
    assert damaged.name in listing.problems[0]


def test_an_image_without_a_record_is_reported(store, patch):
    added = correction(3)
    store.add(patch, added)
    (store.folder / "3" / f"{added.name}.json").unlink()
    assert "is missing" in store.listing().problems[0]


def test_a_missing_image_is_a_data_error(store, patch):
    with pytest.raises(DataError):
        store.patch(correction(4))


def _die_at_write(number, folder, patch):
    """Write a correction in a process that ends at the given call of fsync."""
    calls = iter(range(1, 9))
    os.fsync = lambda _: os._exit(9) if next(calls) == number else None
    CorrectionStore(folder).add(patch, correction(8))


@pytest.mark.parametrize("number", [1, 2])
def test_a_kill_while_writing_leaves_whole_corrections_only(store, patch, number):
    store.add(patch, correction(1))
    process = multiprocessing.get_context("fork").Process(
        target=_die_at_write, args=(number, store.folder, patch)
    )
    process.start()
    process.join()
    assert process.exitcode == 9
    listing = store.listing()
    assert [each.label for each in listing.corrections] == [1]
    assert listing.problems == ()
    assert load(store.folder).train.labels.tolist() == [1]


def test_a_correction_for_which_the_disk_has_no_room_leaves_no_file(store, patch, full_disk):
    drawing = DrawnStrokes(280, 280, 24.0, (((1.0, 2.0),) * 500,))
    with full_disk(), pytest.raises(WriteError, match="cannot be written"):
        store.add(patch, correction(2, drawing=drawing))
    assert list((store.folder / "2").iterdir()) == []


def test_an_image_that_cannot_be_written_leaves_no_record(store, patch):
    added = correction(2)
    in_the_way = store.folder / "2" / f"{added.name}.png"
    in_the_way.mkdir(parents=True)
    with pytest.raises(WriteError, match="cannot be written"):
        store.add(patch, added)
    assert list((store.folder / "2").iterdir()) == [in_the_way]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path, patch):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WriteError, match="cannot be made"):
        CorrectionStore(tmp_path / "file" / "corrections").add(patch, correction(1))


# Copying


def test_a_copy_can_be_trained_with_and_holds_the_records(store, patch, tmp_path):
    for label in (9, 0):
        store.add(patch, correction(label))
    assert store.copy_to(tmp_path / "copy") == 2
    copied = CorrectionStore(tmp_path / "copy")
    assert copied.listing() == store.listing()
    assert load(tmp_path / "copy").train.labels.tolist() == [0, 9]


def test_copying_twice_adds_only_what_is_new(store, patch, tmp_path):
    store.add(patch, correction(1))
    store.copy_to(tmp_path / "copy")
    store.add(patch, correction(2))
    store.copy_to(tmp_path / "copy")
    assert load(tmp_path / "copy").train.labels.tolist() == [1, 2]


def test_an_empty_store_has_nothing_to_copy(store, tmp_path):
    with pytest.raises(DataError, match="expected corrections to export, found none"):
        store.copy_to(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_folder_with_other_content_is_refused(store, patch, tmp_path):
    store.add(patch, correction(1))
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "letter.txt").touch()
    with pytest.raises(WriteError, match=r"letter\.txt"):
        store.copy_to(tmp_path / "copy")


def test_a_file_instead_of_a_folder_is_refused(store, patch, tmp_path):
    store.add(patch, correction(1))
    (tmp_path / "copy").touch()
    with pytest.raises(WriteError, match="not a folder"):
        store.copy_to(tmp_path / "copy")


def test_a_record_with_a_number_beyond_any_float_is_reported_alone(store, patch):
    store.add(patch, correction(1))
    store.add(patch, correction(2))
    record = next((store.folder / "1").glob("*.json"))
    record.write_text(re.sub(r'("confidence": )[^,]*', rf"\g<1>{10**400}", record.read_text()))
    listing = store.listing()
    assert [one.label for one in listing.corrections] == [2]
    assert len(listing.problems) == 1


def test_a_folder_named_like_an_image_is_left_out(store, patch, tmp_path):
    store.add(patch, correction(1))
    (store.folder / "1" / "folder.png").mkdir()
    store.copy_to(tmp_path / "copy")
    assert load(tmp_path / "copy").train.labels.tolist() == [1]

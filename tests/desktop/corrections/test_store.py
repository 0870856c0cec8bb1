"""The store of corrected drawings: what it keeps, and what a crash can do to it."""

import json
import multiprocessing
import os

import numpy as np
import pytest

import digitus.desktop.corrections.store as corrections
from digitus.desktop.corrections.store import LOG, CorrectionStore, default_folder
from digitus.errors import DataError, WriteError

STROKES = [[(1.0, 2.0), (3.5, 4.0)], [(5.0, 6.0, 0.5), (7.0, 8.0, 1.0)]]


@pytest.fixture
def patch():
    return np.random.default_rng(0).uniform(0, 1, (28, 28)).astype(np.float32)


@pytest.fixture
def store(tmp_path):
    return CorrectionStore(tmp_path / "corrections")


def labels(store):
    return [entry.label for entry in store.listing().entries]


def test_an_empty_store_lists_nothing_and_makes_no_folder(store):
    assert store.listing().entries == ()
    assert not store.folder.exists()


def test_the_users_own_folder_is_the_usual_one():
    assert default_folder().name == "corrections"
    assert CorrectionStore().folder == default_folder()


def test_a_drawing_comes_back_as_it_was(store, patch):
    entry = store.add(patch, STROKES, label=7, answer=1, model="cnn")
    (found,) = CorrectionStore(store.folder).listing().entries
    assert found == entry
    assert (found.label, found.answer, found.model) == (7, 1, "cnn")
    drawing = store.load(found)
    np.testing.assert_array_equal(drawing.patch, patch)
    assert [stroke.tolist() for stroke in drawing.strokes] == [
        [list(point) for point in stroke] for stroke in STROKES
    ]


def test_an_image_has_no_strokes_and_a_declined_one_no_answer(store, patch):
    entry = store.add(patch, label=3)
    assert store.load(entry).strokes == []
    assert entry.answer is None


def test_entries_are_listed_in_the_order_they_were_added(store, patch):
    for label in (3, 1, 4, 1, 5):
        store.add(patch, label=label)
    assert labels(store) == [3, 1, 4, 1, 5]


def test_a_deleted_entry_is_gone_and_its_file_with_it(store, patch):
    first, second = store.add(patch, label=1), store.add(patch, label=2)
    store.delete(first)
    assert store.listing().entries == (second,)
    assert [path.stem for path in store.folder.glob("*.safetensors")] == [second.name]


@pytest.mark.parametrize("label", [-1, 10, None])
def test_only_digits_are_labels(store, patch, label):
    with pytest.raises(ValueError, match="0 to 9"):
        store.add(patch, label=label)
    assert not store.folder.exists()


@pytest.mark.parametrize(
    "bad", [np.zeros((27, 28)), np.full((28, 28), 2.0), np.full((28, 28), np.nan)]
)
def test_only_patches_are_kept(store, bad):
    with pytest.raises(ValueError, match="28 x 28"):
        store.add(bad, label=1)


# Crashes


def _die_before_the_log(folder, patch):
    corrections.CorrectionStore._append = lambda *_: os._exit(9)
    CorrectionStore(folder).add(patch, STROKES, label=8, answer=3)


def _die_in_the_first_write(folder, patch):
    os.fsync = lambda _: os._exit(9)
    CorrectionStore(folder).add(patch, label=8)


@pytest.mark.parametrize(
    ("die", "kept"), [(_die_before_the_log, [1, 8]), (_die_in_the_first_write, [1])]
)
def test_a_kill_leaves_whole_entries_only(store, patch, die, kept):
    store.add(patch, label=1)
    process = multiprocessing.get_context("fork").Process(target=die, args=(store.folder, patch))
    process.start()
    process.join()
    assert process.exitcode == 9
    listing = store.listing()
    assert [entry.label for entry in listing.entries] == kept
    assert listing.problems == ()
    store.add(patch, label=2)
    assert labels(store) == [*kept, 2]


def test_an_entry_whose_log_line_was_never_written_is_whole(store, patch):
    entry = store.add(patch, STROKES, label=8, answer=3)
    (store.folder / LOG).unlink()
    assert store.listing().entries == (entry,)
    store.delete(entry)
    assert store.listing().entries == ()


def test_a_torn_last_line_is_reported_and_costs_nothing(store, patch):
    store.add(patch, label=1)
    second = store.add(patch, label=2)
    log = store.folder / LOG
    log.write_bytes(log.read_bytes()[:-30])
    listing = store.listing()
    assert listing.entries[-1] == second
    assert listing.problems == (f"{LOG}: line 2 is torn; it is left out",)
    store.add(patch, label=3)
    assert labels(store) == [1, 2, 3]


def test_a_missing_array_file_is_reported_and_skipped(store, patch):
    lost, kept = store.add(patch, label=1), store.add(patch, label=2)
    (store.folder / f"{lost.name}.safetensors").unlink()
    listing = store.listing()
    assert listing.entries == (kept,)
    assert lost.name in listing.problems[0]
    with pytest.raises(DataError, match="not a whole drawing"):
        store.load(lost)


def test_damaged_and_foreign_files_are_reported_and_skipped(store, patch):
    kept = store.add(patch, label=2)
    (store.folder / "other.safetensors").write_bytes(b"no tensors")
    (store.folder / ".draft.safetensors").write_bytes(b"half")
    listing = store.listing()
    assert listing.entries == (kept,)
    assert len(listing.problems) == 1


@pytest.mark.parametrize(
    "facts",
    [
        [],
        {"name": "../../etc/x", "label": 1, "answer": 2, "model": "", "made_at": ""},
        {"name": "a", "label": 11, "answer": 2, "model": "", "made_at": ""},
        {"name": "a", "label": [1], "answer": 2, "model": "", "made_at": ""},
        {"deleted": 3},
    ],
)
def test_lines_of_another_form_are_reported_and_skipped(store, patch, facts):
    kept = store.add(patch, label=2)
    with (store.folder / LOG).open("a") as log:
        log.write(json.dumps(facts) + "\n")
    listing = store.listing()
    assert listing.entries == (kept,)
    assert len(listing.problems) == 1


def test_a_kill_between_the_two_steps_of_deleting_leaves_nothing_behind(store, patch):
    entry = store.add(patch, label=1)
    file = store.folder / f"{entry.name}.safetensors"
    content = file.read_bytes()
    store.delete(entry)
    file.write_bytes(content)  # as if the program had died before removing it
    assert store.listing().entries == ()


def test_what_could_not_be_logged_is_not_kept(store, patch, full_disk):
    store.add(patch, label=1)
    (store.folder / LOG).write_bytes((store.folder / LOG).read_bytes() * 5)
    with full_disk(), pytest.raises(WriteError, match="cannot be written"):
        store.add(patch, label=2)
    assert labels(store) == [1]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path, patch):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WriteError, match="cannot be made"):
        CorrectionStore(tmp_path / "file" / "corrections").add(patch, label=1)

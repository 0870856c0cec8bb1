import numpy as np
import pytest
from PySide6.QtCore import Qt

from digitus.data import load
from digitus.data.corrections import Correction, CorrectionStore
from digitus.desktop.corrections.dialog import CorrectionsDialog


@pytest.fixture
def store(tmp_path):
    store = CorrectionStore(tmp_path / "corrections")
    rng = np.random.default_rng(0)
    for label, answer in ((1, 7), (4, None), (9, 4)):
        store.add(rng.uniform(0, 1, (28, 28)), Correction(label, answer, 0.8, "cnn", "image"))
    return store


@pytest.fixture
def open_dialog(qtbot, store, tmp_path):
    def make(*, confirm=True, folder="export"):
        dialog = CorrectionsDialog(
            store,
            choose_folder=lambda: folder and str(tmp_path / folder),
            confirm=lambda _: confirm,
        )
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def test_all_corrections_are_listed_newest_first(open_dialog):
    dialog = open_dialog()
    texts = [dialog.list.item(i).text() for i in range(dialog.list.count())]
    assert texts == ["9, read as 4", "4, not answered", "1, read as 7"]
    assert not dialog.list.item(0).icon().isNull()
    assert "3 corrections" in dialog.message.text()


def test_delete_removes_what_is_selected(qtbot, open_dialog, store):
    dialog = open_dialog()
    assert not dialog.delete_button.isEnabled()
    dialog.list.item(1).setSelected(True)
    qtbot.mouseClick(dialog.delete_button, Qt.MouseButton.LeftButton)
    assert [each.label for each in store.listing().corrections] == [1, 9]
    assert dialog.list.count() == 2


def test_one_correction_is_counted_in_the_singular(qtbot, open_dialog, store):
    for correction in store.listing().corrections[1:]:
        store.delete(correction)
    dialog = open_dialog()
    assert "One correction," in dialog.message.text()
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert dialog.message.text().startswith("One correction in")


def test_the_answer_no_deletes_nothing(qtbot, open_dialog, store):
    dialog = open_dialog(confirm=False)
    dialog.list.item(1).setSelected(True)
    qtbot.mouseClick(dialog.delete_button, Qt.MouseButton.LeftButton)
    assert len(store.listing().corrections) == 3


def test_the_export_can_be_trained_with(qtbot, open_dialog, tmp_path):
    dialog = open_dialog()
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert "digitus train --data" in dialog.message.text()
    assert load(tmp_path / "export").train.labels.tolist() == [1, 4, 9]


def test_no_folder_chosen_exports_nothing(qtbot, open_dialog, tmp_path):
    dialog = open_dialog(folder="")
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert [path.name for path in tmp_path.iterdir()] == ["corrections"]


def test_an_export_that_fails_is_a_message(qtbot, open_dialog, tmp_path):
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "letter.txt").touch()
    dialog = open_dialog()
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert "letter.txt" in dialog.message.text()


def test_a_damaged_correction_is_reported_and_the_rest_is_shown(open_dialog, store):
    first = store.listing().corrections[0]
    (store.folder / "1" / f"{first.name}.png").write_bytes(b"damaged")
    dialog = open_dialog()
    assert dialog.list.count() == 2
    assert "found a damaged or foreign file" in dialog.message.text()


def test_an_empty_list_says_how_to_begin(qtbot, tmp_path):
    dialog = CorrectionsDialog(CorrectionStore(tmp_path / "none"))
    qtbot.addWidget(dialog)
    assert "No corrections yet" in dialog.message.text()
    assert not dialog.export_button.isEnabled()

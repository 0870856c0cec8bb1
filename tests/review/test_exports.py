"""Exports hold what people confirmed, marked as such, and are read by the programs they are for."""

import csv
import json
import os
from io import StringIO
from zipfile import ZipFile

import cv2
import jsonschema
import numpy as np
import openpyxl
import pytest

from digitus.data import load
from digitus.data.corrections import CorrectionStore
from digitus.errors import NotThere, ReviewError
from digitus.review.labelled_data import digit_patches

ANN = "Ann"


@pytest.fixture
def inked_page_id(store, reading):
    """The page, read from an image with a stroke in each box of a digit."""
    levels = np.full((200, 300), 230, np.uint8)
    for number in reading.numbers:
        for digit in number.digits:
            left, top, _, height = digit.box
            cv2.line(levels, (left + 9, top + 4), (left + 9, top + height - 5), 20, 4)
    image = cv2.imencode(".png", levels)[1].tobytes()
    batch = store.make_batch("Run 3: 12/05")
    document = store.add_documents(batch["id"], [("=scores.png", image)])[0]
    store.start_pages(document["id"], 1)
    page_id = store.next_work().page_id
    store.save_page(page_id, reading, image, 1.0)
    return page_id


@pytest.fixture
def confirm(store, inked_page_id):
    """Confirm numbers of the page: each read text becomes another one."""

    def confirm_texts(texts):
        lines = store.page(inked_page_id)["lines"]
        for cell in (cell for line in lines for cell in line["cells"]):
            if cell["text"] in texts:
                store.confirm(cell["id"], texts[cell["text"]], cell["version"], ANN)

    return confirm_texts


@pytest.fixture
def export(store, inked_page_id):
    """Export the batch of the page; return the path of the file."""
    exported = []

    def to_file(kind):
        exported.append(store.export(store.page(inked_page_id)["batch_id"], kind))
        return exported[-1]

    yield to_file
    for one in exported:
        one.delete()
        assert not one.path.exists()


def test_a_csv_marks_what_was_confirmed(confirm, export):
    confirm({"7": "1", "20": "20"})
    found = export("csv")
    assert (found.name, found.media_type) == ("Run 3_ 12_05.csv", "text/csv; charset=utf-8")
    rows = list(csv.DictReader(StringIO(found.path.read_text("utf-8"))))
    marked = {one["text"]: (one["confirmed"], one["to_check"], one["confidence"]) for one in rows}
    assert marked == {
        "204": ("no", "no", "0.99"),
        "1": ("yes", "no", ""),
        "20": ("yes", "no", ""),
        "4": ("no", "no", "0.99"),
        "-3.5": ("no", "no", "0.99"),
        "13": ("no", "no", "0.99"),
        "": ("no", "yes", ""),
    }
    assert {one["source"] for one in rows} == {"'=scores.png"}


def test_a_workbook_has_crops_beside_doubtful_numbers_and_marks_confirmed_ones(confirm, export):
    confirm({"20": "26", "13": "13"})
    book = openpyxl.load_workbook(export("xlsx").path)
    sheet = book["Numbers"]
    rows = list(sheet.iter_rows(values_only=True))
    marked = {row[rows[0].index("text")]: row[rows[0].index("to check")] for row in rows[1:]}
    assert marked == {
        **{"204": None, "7": "check", "26": "confirmed", "4": None, "-3.5": None},
        **{"13": "confirmed", None: "check"},
    }
    assert len(sheet._images) == 2
    grid = book["Grid 1"]
    assert grid["A1"].value == 13
    assert grid["A1"].fill.fgColor.rgb != grid["B1"].fill.fgColor.rgb


def test_json_is_that_of_read_with_confirmed_numbers(confirm, export, request):
    confirm({"7": "1"})
    found = json.loads(export("json").path.read_text("utf-8"))
    schema = request.config.rootpath / "docs/reference/schemas/read.schema.json"
    jsonschema.validate(found, json.loads(schema.read_text("utf-8")))
    numbers = [one for line in found["pages"][0]["lines"] for one in line["numbers"]]
    confirmed = [one for one in numbers if one.get("confirmed")]
    assert [(one["text"], one["value"], one["confidence"]) for one in confirmed] == [("1", 1, None)]


def test_corrections_are_read_as_training_data(confirm, export, tmp_path):
    confirm({"204": "209", "7": "77", "13": "13"})  # of 77, no box is known
    path = export("corrections").path
    samples = load(path).train
    assert sorted(samples.labels) == [0, 1, 2, 3, 9]
    with ZipFile(path) as archive:
        archive.extractall(tmp_path / "corrections")
    listing = CorrectionStore(tmp_path / "corrections").listing()
    assert listing.problems == ()
    assert {(one.label, one.answer) for one in listing.corrections} == {
        *((0, 0), (1, 1), (2, 2), (3, 3)),
        (9, 4),
    }


def test_patches_of_touching_digits_share_their_ink():
    ink = np.zeros((40, 60), np.float32)
    ink[5:35, 10:14] = ink[5:35, 40:44] = 1
    left, right, nothing = digit_patches(ink, [(8, 5, 22, 30), (26, 5, 20, 30), (50, 0, 5, 5)])
    assert nothing is None
    for patch in (left, right):
        assert patch.shape == (28, 28)
        assert (patch.max(axis=0) > 0.1).sum() < 8  # one stroke, not two


def test_labelled_pages_say_which_are_complete(store, confirm, export, inked_page_id):
    confirm({"204": "204", "7": "1", "20": "20", "4": "4", "-3.5": "-3.5", "13": "13"})
    path = export("labelled").path
    with ZipFile(path) as archive:
        rows = list(csv.DictReader(StringIO(archive.read("labels.csv").decode())))
        assert archive.namelist() == ["page-0001.png", "labels.csv", "labels.json"]
        assert json.loads(archive.read("labels.json")) == []
    assert [one["text"] for one in rows] == ["204", "1", "20", "4", "-3.5", "13"]
    assert {one["complete"] for one in rows} == {"no"}  # one cell of the grid is to be checked
    assert [rows[5][name] for name in ("left", "top", "grid", "column")] == ["10", "120", "1", "1"]
    struck_out = next(one for one in store.page(inked_page_id)["others"] if one["to_check"])
    store.confirm(struck_out["id"], "", struck_out["version"], ANN)
    with ZipFile(export("labelled").path) as archive:
        labels = json.loads(archive.read("labels.json"))
    assert [(one["file"], one["digits"]) for one in labels] == [("page-0001.png", "20412043513")]


@pytest.mark.parametrize("kind", ["corrections", "labelled"])
def test_a_batch_that_is_deleted_while_it_is_exported_is_not_there(
    store, confirm, export, inked_page_id, kind
):
    confirm({"7": "1"})
    store.page_image(inked_page_id).path.unlink()
    with pytest.raises(NotThere, match="the image of a page is missing"):
        export(kind)
    assert not list((store.folder / "exports").iterdir())


@pytest.mark.parametrize("kind", ["corrections", "labelled"])
def test_nothing_is_exported_as_labelled_before_something_is_confirmed(export, kind, tmp_path):
    with pytest.raises(ReviewError, match="confirm some first"):
        export(kind)
    assert list((tmp_path / "files" / "exports").iterdir()) == []


def test_exports_that_nobody_deleted_are_deleted_a_day_later(store, batch_id):
    left = [store.export(batch_id, "csv").path for _ in range(2)]
    os.utime(left[0], (0, 0))
    store.export(batch_id, "csv").delete()
    assert [path.exists() for path in left] == [False, True]


def test_an_unknown_format_is_refused(export):
    with pytest.raises(ReviewError, match="format: expected one of csv"):
        export("pdf")

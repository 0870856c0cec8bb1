"""The benchmarks of labelled folders read labels, score pages and draw mistakes."""

import json
import sys
from types import ModuleType

import pytest
from PIL import Image

PAGE = {
    "digits": "12",
    "hard": False,
    "mixed_with_non_digits": False,
    "reading_order_certain": True,
}


def _group(script, **changes):
    return script("pages").group_of(PAGE | changes)


def test_a_page_is_plain_unless_it_is_hard(script):
    assert (_group(script), _group(script, hard=True)) == ("plain", "hard")


def test_a_page_with_other_writing_is_counted_separately(script):
    assert _group(script, hard=True, mixed_with_non_digits=True) == "mixed"


def test_a_page_without_a_certain_order_is_counted_separately(script):
    assert _group(script, reading_order_certain=False) == "order uncertain"


def test_amounts_are_grouped_by_whether_their_boxes_touch(script, tmp_path):
    (tmp_path / "labels.csv").write_text(
        'file,text,boxes\na.png,12,"[[0, 0, 5, 9], [5, 0, 5, 9]]"\n'
        'b.png,1.25,"[[0, 0, 5, 9], [6, 0, 5, 9], [20, 0, 5, 9]]"\n',
        encoding="utf-8",
    )
    cases = script("cheques").cases_of(tmp_path)
    assert [(case.truth, case.group) for case in cases] == [
        ("12", "boxes meet"),
        ("125", "boxes apart"),
    ]


@pytest.fixture
def pages_folder(tmp_path):
    Image.new("L", (60, 40), 255).save(tmp_path / "a.png")
    rows = [{"file": "a.png", **PAGE}, {"file": "a.png", **PAGE, "hard": True, "digits": "21"}]
    (tmp_path / "labels.json").write_text(json.dumps(rows), encoding="utf-8")
    return tmp_path


def test_a_folder_is_measured_and_its_mistakes_are_drawn(
    script, monkeypatch, pages_folder, fake_reader, capsys
):
    reader = ModuleType("digitus.reader")
    reader.Reader = lambda model: fake_reader("12")
    monkeypatch.setitem(sys.modules, "digitus.reader", reader)
    engines = script("reading.engines")
    monkeypatch.setattr(engines, "which", lambda _: None)
    monkeypatch.setattr(engines, "find_spec", lambda _: None)
    sheet = pages_folder / "sheet.png"
    words = ["pages.py", str(pages_folder), "--json", "--sheet", str(sheet)]
    monkeypatch.setattr(sys, "argv", words)
    pages = script("pages")
    script("reading.command").measure_folder(
        pages.__doc__, pages.cases_of, mode=pages.PAGE, quick=pages.QUICK
    )
    found = json.loads(capsys.readouterr().out)["digitus"]
    assert (found["plain"]["share"], found["hard"]["share"]) == (1, 0)
    assert sheet.exists()

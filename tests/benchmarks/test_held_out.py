"""Held-out pages: reproducible, true to their labels, out of training's reach, and scored right."""

import ast
import importlib
import re
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

SOURCES = Path(__file__).parents[2] / "src"
HELD_OUT = Path(__file__).parents[2] / "benchmarks" / "held_out"
KINDS = ("lab book", "market bill", "blackboard", "time log", "carbon form")
NUMBER = r"[-+(]?\d+([.,/:]\d+)*[%)]?"


@pytest.fixture
def pages(script):
    return script("held_out.pages")


@pytest.fixture(scope="module")
def drawn():
    """Six pages of each kind, with shapes as digits, by kind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(HELD_OUT.parent)
        page_of = importlib.import_module("held_out.pages").page_of
        return {kind: [page_of(kind, 2 * i, 2) for i in range(6)] for kind in KINDS}


@pytest.fixture
def scores(script):
    return script("held_out.scores")


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_nothing_of_the_package_imports_the_held_out_pages():
    importing = [
        path
        for path in SOURCES.rglob("*.py")
        if any("held_out" in name or "benchmarks" in name for name in _imports(path))
    ]
    assert importing == []


def test_the_held_out_pages_import_nothing_of_the_synthesis():
    importing = [
        path
        for path in HELD_OUT.rglob("*.py")
        if any(name.startswith("digitus.synthesis") for name in _imports(path))
    ]
    assert importing == []


def test_there_are_five_kinds(pages):
    assert tuple(pages.GENERATORS) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_page(pages, drawn, kind):
    one, two, other = drawn[kind][0], pages.page_of(kind, 0, 2), drawn[kind][1]
    assert one.texts == two.texts
    assert np.array_equal(one.image, two.image)
    assert not np.array_equal(one.image, other.image)


@pytest.mark.parametrize("kind", KINDS)
def test_every_box_lies_on_ink_of_the_image(drawn, kind):
    page = drawn[kind][0]
    grey = page.image.mean(axis=2)
    rows, cols = grey.shape
    for number in page.numbers:
        for symbol in number.symbols:
            left, top, width, height = symbol.box
            assert left >= 0
            assert top >= 0
            assert left + width <= cols
            assert top + height <= rows
            inside = grey[top : top + height, left : left + width]
            around = grey[
                max(0, top - 12) : top + height + 12, max(0, left - 12) : left + width + 12
            ]
            assert np.abs(inside - np.median(around)).max() > 30, (number.text, symbol)


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_are_texts_of_digits_and_marks_in_reading_order(drawn, kind):
    for page in drawn[kind]:
        assert 1 <= len(page.numbers) <= 12
        for number in page.numbers:
            assert re.fullmatch(NUMBER, number.text), number.text
            lefts = [symbol.box[0] for symbol in number.symbols]
            assert lefts == sorted(lefts)


def test_every_mark_occurs(drawn):
    every = (page for pages in drawn.values() for page in pages)
    counts = Counter(one for page in every for text in page.texts for one in text)
    assert all(counts[mark] >= 2 for mark in ".,-+/:%()")


@pytest.mark.mnist
def test_every_second_page_is_written_with_skeletons_of_the_held_out_rows(
    script, pages, monkeypatch, mnist
):
    used = []
    hands = script("held_out.hands")
    whole = hands.skeleton_strokes
    monkeypatch.setattr(hands, "skeleton_strokes", lambda row: used.append(row) or whole(row))
    pages.page_of("market bill", 0, 3)
    assert used == []
    page = pages.page_of("market bill", 1, 3)
    assert len(used) == sum(one.isdigit() for text in page.texts for one in text)


def test_a_skeleton_is_thin_keeps_its_loop_and_is_followed_whole(script):
    skeletons = script("held_out.skeletons")
    ink = np.zeros((80, 60), np.uint8)
    cv2.circle(ink, (30, 55), 15, 1, 7)
    cv2.line(ink, (30, 10), (18, 50), 1, 7)
    thin = skeletons._thinned(ink > 0)
    assert cv2.connectedComponents((~thin).astype(np.uint8), connectivity=4)[0] == 3
    assert not cv2.erode(thin.astype(np.uint8), np.ones((2, 2), np.uint8)).any()
    followed = {point for path in skeletons._paths(thin) for point in path}
    assert followed == {(int(row), int(col)) for row, col in np.argwhere(thin)}


def _answer(scores, true, *found):
    boxes = [(40 * i, 0, 30, 20) for i in range(len(found))]
    read = [
        scores.Found(text.rstrip("!"), text.endswith("!"), box)
        for text, box in zip(found, boxes, strict=True)
    ]
    return scores.Answer("kind", 0, tuple(true), tuple(read))


def test_a_page_is_right_only_with_its_marks_and_without_extra_numbers(scores):
    true = ("-3.5", "12")
    assert _answer(scores, true, "-3.5", "12!").right
    assert not _answer(scores, true, "-35", "12").right
    assert not _answer(scores, true, "-3.5", "12", "1!").right
    assert not _answer(scores, true, "12", "-3.5").right


def test_digits_are_right_whatever_the_marks(scores):
    assert _answer(scores, ("-3.5", "12/05"), "35", "12", "05").digits_right
    assert not _answer(scores, ("-3.5", "12/05"), "35", "12105").digits_right


@pytest.mark.parametrize(
    ("true", "found", "wanted"),
    [
        (("12", "7"), ("12", "7"), set()),
        (("12", "7"), ("7", "12"), {"order"}),
        (("12", "70"), ("12", "1", "70"), {"extra ones"}),
        (("12", "70"), ("12", "4385", "70"), {"extra elsewhere"}),
        (("12", "70"), ("12",), {"missed"}),
        (("1404", "7"), ("140", "4", "7"), {"split"}),
        (("20", "31"), ("2031",), {"joined"}),
        (("20", "31"), ("20", "37"), {"digits"}),
        (("3.5", "31"), ("35", "31"), {"marks"}),
        (("3.5", "31"), ("35", "31", "1"), {"marks", "extra ones"}),
    ],
)
def test_the_reasons_name_each_kind_of_mistake(scores, true, found, wanted):
    assert scores.reasons(_answer(scores, true, *found)) == wanted


def test_an_extra_number_in_a_word_is_told_apart(scores):
    answer = scores.Answer(
        "kind",
        0,
        ("12",),
        (scores.Found("12", False, (0, 0, 9, 9)), scores.Found("1", False, (50, 0, 4, 9))),
        ((40, 0, 60, 12),),
    )
    assert scores.reasons(answer) == {"extra in words"}


def test_numbers_that_are_wrong_and_not_flagged_are_silent(scores):
    found = scores.score([_answer(scores, ("12", "34", "5"), "12", "35", "8!")])
    assert (found["numbers"]["hits"], found["numbers"]["n"], found["silent"]) == (1, 3, 1)


def test_marks_are_counted_by_kind(scores):
    found = scores.score([_answer(scores, ("-3.5", "07:30", "12"), "3.5", "07.30", "12")])
    marks = found["marks"]
    assert (marks["minus"]["recall"]["hits"], marks["minus"]["recall"]["n"]) == (0, 1)
    assert (marks["point"]["recall"]["share"], marks["point"]["precision"]["share"]) == (1, 0.5)
    assert marks["colon"]["recall"]["share"] == 0
    assert found["false_points_per_number"] == pytest.approx(1 / 3)


def test_a_slash_read_as_a_1_is_counted_by_its_flag(scores):
    silent = _answer(scores, ("12/05", "7"), "12105", "7")
    flagged = _answer(scores, ("12/05", "7"), "12105!", "7")
    assert scores.score([silent, flagged])["slash_against_1"] == {"flagged": 1, "silent": 1}


def test_the_command_prints_scores_and_draws_mistakes(script, monkeypatch, tmp_path, capsys):
    command = script("held_out_pages")
    monkeypatch.setattr(command, "Reader", lambda model: _OneNumber())
    sheet = tmp_path / "sheet.png"
    words = ["held_out_pages.py", "--n", "1", "--kinds", "carbon form", "--sheet", str(sheet)]
    monkeypatch.setattr("sys.argv", words)
    command.main()
    assert "0 of 1" in capsys.readouterr().out
    assert sheet.exists()


class _OneNumber:
    """Reads the same number on every page."""

    def read(self, image):
        number = SimpleNamespace(text="99999", value=99999, to_check=False, box=(0, 0, 9, 9))
        line = SimpleNamespace(numbers=[number])
        page = SimpleNamespace(lines=[line], width=image.shape[1], height=image.shape[0])
        return SimpleNamespace(pages=[page])

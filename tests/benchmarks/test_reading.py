"""Answers are scored, other readers are run, and mistakes are drawn."""

from pathlib import Path

import pytest
from PIL import Image

from digitus.errors import ImageError


@pytest.fixture
def scores(script):
    return script("reading.scores")


@pytest.fixture
def engines(script):
    return script("reading.engines")


def _answer(scores, truth, found, **case):
    return scores.Answer(scores.Case(Path("a.png"), truth, "plain", **case), found)


@pytest.mark.parametrize(
    ("one", "two", "distance"),
    [("123", "123", 0), ("123", "13", 1), ("13", "123", 1), ("123", "153", 1), ("", "12", 2)],
)
def test_the_edit_distance_counts_each_insertion_removal_and_change(scores, one, two, distance):
    assert scores.edit_distance(one, two) == distance


def test_a_page_with_a_digit_too_many_is_not_right(scores):
    assert not _answer(scores, "123", "1234").right


def test_a_declined_digit_is_not_right(scores):
    assert not _answer(scores, "123", "1?3").right


def test_swapped_digits_are_wrong_where_the_order_is_certain(scores):
    assert not _answer(scores, "123", "132").right


def test_any_order_is_right_where_the_order_is_uncertain(scores):
    answer = _answer(scores, "123", "312", in_order=False)
    assert answer.right
    assert answer.wrong_digits == 0


def test_the_digit_error_rate_is_relative_to_all_true_digits(scores):
    found = scores.score([_answer(scores, "12345678", "12345678"), _answer(scores, "12", "1")])
    assert found["digit_error_rate"] == pytest.approx(1 / 10)
    assert (found["hits"], found["n"]) == (1, 2)


def test_a_share_of_no_cases_is_none(scores):
    assert scores.share(0, 0)["share"] is None


def test_each_reader_is_scored_in_each_group(scores):
    cases = [scores.Case(Path(f"{n}.png"), "12", kind) for n, kind in enumerate(["plain", "hard"])]
    contest = scores.Contest()
    contest.run({"digitus": lambda _: "12", "other": lambda path: path.stem}, cases)
    found = contest.scores()
    assert list(found["digitus"]) == ["plain", "hard", "all"]
    assert found["digitus"]["all"]["share"] == 1
    assert found["other"]["hard"]["share"] == 0
    assert len(contest.mistakes("other")) == 2


def test_printed_scores_hold_the_number_of_right_pages(scores, capsys):
    contest = scores.Contest()
    contest.run({"digitus": lambda _: "12"}, [scores.Case(Path("a.png"), "12", "plain")])
    scores.show(contest.scores())
    assert "1 of    1  100.0%" in capsys.readouterr().out


def test_the_digits_of_a_reading_are_in_order_without_spaces(engines, fake_reader):
    assert engines.digits_of(fake_reader("12", "0?7!", "5").read(None)) == "120?75"


def test_an_image_that_cannot_be_read_has_no_digits(engines, capsys):
    class Broken:
        def read(self, image):
            raise ImageError(f"{image}: damaged")

    assert engines.digitus(Broken())(Path("a.png")) == ""
    assert "damaged" in capsys.readouterr().err


def test_tesseract_reads_digits_only_and_other_characters_are_removed(
    engines, monkeypatch, tmp_path
):
    program, arguments = tmp_path / "tesseract", tmp_path / "arguments"
    program.write_text(f'#!/bin/sh\necho "$@" > {arguments}\nprintf "12 3\\n4.5\\n"\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(engines, "which", lambda _: str(program))
    assert engines.tesseract(engines.LINE)(tmp_path / "a.png") == "12345"
    words = arguments.read_text("utf-8").split()
    assert words[:4] == [str(tmp_path / "a.png"), "-", "--psm", "7"]
    assert "tessedit_char_whitelist=0123456789" in words


def test_a_reader_that_is_not_installed_is_skipped(engines, monkeypatch, fake_reader, capsys):
    monkeypatch.setattr(engines, "which", lambda _: None)
    monkeypatch.setattr(engines, "find_spec", lambda _: None)
    assert list(engines.side_by_side(fake_reader(), engines.PAGE)) == ["digitus"]
    assert "tesseract is not installed" in capsys.readouterr().err


def test_a_sheet_has_a_cell_for_each_image(script, tmp_path):
    sheet = script("reading.sheet")
    entries = [
        (Image.new("L", (300, 40 + k)), sheet.caption("12", "13", "a.png")) for k in range(5)
    ]
    sheet.draw_sheet(entries, tmp_path / "build" / "sheet.png")
    with Image.open(tmp_path / "build" / "sheet.png") as drawn:
        assert drawn.size == (sheet.COLUMNS * sheet.CELL[0], 2 * sheet.CELL[1])

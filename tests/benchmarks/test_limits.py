"""The measured tables of the page of limits are those of the scores, and nothing else changes."""

import pytest

BOX = (0, 0, 9, 9)


@pytest.fixture
def limits(script):
    return script("limits")


@pytest.fixture
def scores(script):
    made = script("held_out.scores")
    found = [made.Found(text, False, BOX) for text in ("3.5", "12", "7")]
    right = made.Answer("lab book", 0, ("3.5", "12"), (found[0], found[1]))
    wrong = made.Answer("lab book", 1, ("-7",), (found[2],))
    return dict.fromkeys(("lab book", "all"), made.score([right, wrong]))


def test_each_kind_of_page_has_a_row_with_its_silent_mistakes(limits, scores):
    head, _, row, total = limits.pages_table(scores).splitlines()
    assert head.split(" | ")[-1] == "silent mistakes |"
    assert row.startswith("| lab book | 1 of 2, 50.0 % (")
    assert row.endswith("| 0 | 1 |")
    assert total.startswith("| all |")


def test_each_mark_has_recall_and_precision(limits, scores):
    lines = limits.marks_table(scores).splitlines()[2:]
    rows = dict(line.strip("| ").split(" | ", 1) for line in lines)
    assert rows["point"].startswith("1 of 1, 100.0 %")
    assert rows["minus"].startswith("0 of 1, 0.0 %")
    assert rows["left bracket"] == "- | -"


def test_only_the_places_of_the_tables_change(limits, scores):
    text = "before\n<!-- pages: x -->\nold\n<!-- end -->\n<!-- marks: x -->\n<!-- end -->\nafter\n"
    once = limits.page_of(text, scores)
    assert limits.page_of(once, scores) == once
    assert once.startswith("before\n<!-- pages: x -->\n\n| page |")
    assert once.endswith("|\n\n<!-- end -->\nafter\n")
    assert "old" not in once


def test_the_page_has_both_places(limits, scores):
    text = limits.page_of(limits.PAGE.read_text("utf-8"), scores)
    assert text.count("| lab book |") == text.count("| left bracket |") == 1


def test_a_page_without_the_place_is_an_error(limits):
    with pytest.raises(ValueError, match="no place for marks"):
        limits.filled("text", "marks", "table")

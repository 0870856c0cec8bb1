"""The rates of the page of limits are those of the records, and nothing else changes."""

import json

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


SHARE = {"hits": 3, "n": 4, "share": 0.75, "interval": [0.3, 0.95]}
NONE = {"hits": 0, "n": 4, "share": 0.0, "interval": [0.0, 0.49]}
EMPTY = {"hits": 0, "n": 0, "share": None, "interval": None}
KINDS = {
    "characters": {
        "7": {"right": SHARE, "wrong": NONE, "verdicts": {"digit": SHARE, "blank": SHARE}},
        "O": {"right": EMPTY, "wrong": SHARE, "verdicts": {"digit": SHARE}},
    },
    "numbers": {
        "minus": {"as_written": SHARE, "flagged": SHARE, "nothing": NONE, "silent": NONE},
    },
    "pages": {
        "noise": {
            **dict.fromkeys(("as_written", "flagged", "nothing", "silent", "cells"), EMPTY),
            "pages": SHARE,
            "extra": {"flagged": 2, "silent": 1},
        },
    },
}
TEXT = """before
<!-- held out: x -->
old
<!-- end -->
<!-- marks: x -->
<!-- end -->
<!-- worst: x -->
<!-- end -->
<!-- characters: x -->

| digit | meant | old |
| --- | --- | --- |
| 7 | read | 1 of 9 |

<!-- end -->
<!-- characters: x -->

| no digit | meant |
| --- | --- |
| O | declined |

<!-- end -->
<!-- numbers: x -->

| number | meant |
| --- | --- |
| minus | read |

<!-- end -->
<!-- pages: x -->

| page | meant |
| --- | --- |
| noise | nothing |

<!-- end -->
after
"""


def test_only_the_places_of_the_rates_change(limits, scores):
    once = limits.page_of(TEXT, scores, KINDS)
    assert limits.page_of(once, scores, KINDS) == once
    assert once.startswith("before\n<!-- held out: x -->\n\n| page |")
    assert once.endswith("|\n\n<!-- end -->\nafter\n")
    assert "old" not in once


def test_rates_stand_behind_the_cells_that_are_written_by_hand(limits, scores):
    lines = limits.page_of(TEXT, scores, KINDS).splitlines()
    share, rest = "3 of 4, 75.0 % (30.0 to 95.0)", "0 of 4, 0.0 % (0.0 to 49.0)"
    assert f"| 7 | read | {share} | {rest} | 0 | 75.0 % | 0 |" in lines
    assert f"| O | declined | - | {share} | 0 | 0 | 0 |" in lines
    assert f"| minus | read | {share} | 75.0 % | 0 | {rest} |" in lines
    assert f"| noise | nothing | {share} | - | - | - | - | 3 (1) | - |" in lines


def test_images_of_several_digits_have_their_column(limits):
    several = {"right": EMPTY, "wrong": NONE, "verdicts": {"several_digits": SHARE}}
    assert limits.character_rates(several)[-1] == "75.0 %"


def test_a_verdict_without_a_column_is_an_error(limits):
    odd = {"right": EMPTY, "wrong": NONE, "verdicts": {"sideways": SHARE}}
    with pytest.raises(ValueError, match="no column for the verdicts sideways"):
        limits.character_rates(odd)


def test_the_rows_with_most_silent_mistakes_are_named_first(limits):
    text = " ".join(limits.worst(KINDS).split())
    assert "taken for a digit that it is not: O 75 %." in text
    assert "a digit that is declined: 7 75 %." in text
    assert "silently wrong: none in 10 % or more." in text
    assert "not flagged: noise 1 on 4." in text


def test_numbers_without_an_answer_are_named_where_there_are_numbers(limits):
    rows = {
        "word": {"as_written": EMPTY, "nothing": SHARE, "silent": NONE},
        "minus": {"as_written": NONE, "nothing": SHARE, "silent": NONE},
    }
    text = " ".join(limits.worst(KINDS | {"numbers": rows}).split())
    assert "a number without any answer: minus 75 %." in text


@pytest.mark.parametrize("row", ["| O | declined |", "| O | a |\n| Q | declined |"])
def test_rows_of_the_page_and_of_the_record_are_the_same(limits, scores, row):
    text = TEXT.replace("| O | declined |", row if "Q" in row else "")
    with pytest.raises(ValueError, match=r"rows of characters .* differ in: "):
        limits.page_of(text, scores, KINDS)


def test_a_record_without_a_part_is_an_error(limits, scores):
    with pytest.raises(ValueError, match="has no pages; measure all parts"):
        limits.page_of(TEXT, scores, {name: KINDS[name] for name in ("characters", "numbers")})


def test_the_page_holds_the_rates_of_the_records(limits):
    records = (json.loads(path.read_text("utf-8")) for path in (limits.SCORES, limits.KINDS))
    text = limits.PAGE.read_text("utf-8")
    assert limits.page_of(text, *records) == text


def test_the_page_has_every_row_of_the_script(limits, script):
    record = json.loads(limits.KINDS.read_text("utf-8"))
    rows = {part: list(names) for part, (names, _) in script("kinds").PARTS.items()}
    assert {part: list(found) for part, found in record.items()} == rows


def test_a_page_without_the_place_is_an_error(limits):
    with pytest.raises(ValueError, match="no place for marks"):
        limits.filled("text", "marks", "table")

"""Count what becomes of characters alone, of items on a page, and of the numbers of a page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from digitus.synthesis.lines.digit_strings import Box
from drawn.numbers import ItemPage, Place
from drawn.pages import KindPage
from held_out.scores import Found, align
from reading.scores import share
from synthetic import right_cells

Score: TypeAlias = dict[str, Any]

OUTCOMES = ("as_written", "flagged", "nothing", "silent")
"""What may become of a number: read as written and not flagged; flagged, right or wrong; not read;
read as something else and not flagged."""


def score_alone(answers: Sequence[tuple[int | None, Any]]) -> Score:
    """Count verdicts by name, and digits that are right or wrong.

    Args:
        answers: for each image its digit, None if it shows none, and its prediction.
    """
    n, digits = len(answers), [one for one in answers if one[1].verdict == "digit"]
    right = sum(truth == found.digit for truth, found in digits)
    verdicts = Counter(found.verdict for _, found in answers)
    has_digit = any(truth is not None for truth, _ in answers)
    return {
        "right": share(right, n) if has_digit else share(0, 0),
        "wrong": share(len(digits) - right, n),
        "verdicts": {name: share(count, n) for name, count in sorted(verdicts.items())},
    }


def outcome(true: Sequence[str], found: Iterable[Found]) -> str:
    """Return what becomes of numbers that stand side by side, one of ``OUTCOMES``.

    One wrong number without a flag is silent, whatever else was read. ``nothing`` is also what is
    incomplete without any flag.
    """
    found = list(found)
    silent = Counter(one.text for one in found if not one.to_check)
    if silent - Counter(true):
        return "silent"
    if any(one.to_check for one in found):
        return "flagged"
    return "as_written" if found and silent == Counter(true) else "nothing"


def outcomes_of(page: ItemPage, reading: Any) -> list[str]:
    """Return the outcome of each counted item of a page."""
    found = found_on(page.image.shape[:2], reading)
    by_place: dict[int, list[Found]] = {}
    for one in found:
        for place in _places_of(one.box, page.places):
            by_place.setdefault(place, []).append(one)
    return [
        outcome(place.texts, by_place.get(i, ()))
        for i, place in enumerate(page.places)
        if place.is_counted
    ]


def found_on(shape: tuple[int, ...], reading: Any) -> list[Found]:
    """Return the numbers read on a page, with boxes in pixels of its image (rows, cols)."""
    read = reading.pages[0]
    sides = (shape[1] / read.width, shape[0] / read.height) * 2
    return [
        Found(one.text, one.to_check, tuple(map(_scaled, one.box, sides)))
        for line in read.lines
        for one in line.numbers
    ]


def score_items(outcomes: Sequence[str], *, has_text: bool) -> Score:
    """Return the share of each outcome; nothing is read as written where no number is."""
    n, counts = len(outcomes), Counter(outcomes)
    scored = {name: share(counts[name], n) for name in OUTCOMES}
    return scored if has_text else scored | {"as_written": share(0, 0)}


def score_pages(answers: Sequence[tuple[KindPage, Any]]) -> Score:
    """Score the readings of pages of one kind."""
    counts, extra, right = Counter[str](), Counter[str](), 0
    cells = [
        right_cells(page.truth, reading.pages[0].grids)
        for page, reading in answers
        if page.truth is not None
    ]
    for page, reading in answers:
        found = found_on(page.image.shape[:2], reading)
        right += page.texts == tuple(one.text for one in found)
        for pair in align(page.texts, found):
            if pair.true:
                counts[outcome(pair.true, pair.found)] += len(pair.true)
            else:
                extra.update("flagged" if one.to_check else "silent" for one in pair.found)
    n = counts.total()
    return {
        "pages": share(right, len(answers)),
        **{name: share(counts[name], n) for name in OUTCOMES},
        "extra": {name: extra[name] for name in ("flagged", "silent")},
        "cells": share(sum(one for one, _ in cells), sum(count for _, count in cells)),
    }


def _places_of(box: Box, places: Sequence[Place]) -> list[int]:
    """Return the places that a number covers, or the nearest one: each number counts somewhere."""
    covered = [
        i
        for i, place in enumerate(places)
        if _has(place.box, _middle(box)) or _has(box, _middle(place.box))
    ]
    if covered:
        return covered
    x, y = _middle(box)
    middles = [_middle(place.box) for place in places]
    return [min(range(len(places)), key=lambda i: abs(middles[i][0] - x) + abs(middles[i][1] - y))]


def _middle(box: Box) -> tuple[float, float]:
    return box[0] + box[2] / 2, box[1] + box[3] / 2


def _has(box: Box, point: tuple[float, float]) -> bool:
    left, top, width, height = box
    return left <= point[0] <= left + width and top <= point[1] <= top + height


def _scaled(length: int, factor: float) -> int:
    return round(length * factor)

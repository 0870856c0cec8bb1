"""Marks that a text leaves out take no part in the layout, and reach the number beside them."""

import numpy as np

from digitus.reader.pipeline.number_grouping import SymbolGroup
from digitus.reader.pipeline.unread_marks import set_aside, with_unread_marks
from digitus.reader.results.symbols import Symbol


def digit(left, top=0):
    return Symbol("digit", (left, top, 20, 30), np.eye(10)[4], 1.0, 0.99)


def unread(left, top=24):
    return Symbol("point", (left, top, 4, 4), confidence=0.3, is_read=False)


def kinds(lines):
    return [[[one.kind for one in group.symbols] for group in line] for line in lines]


def test_unread_marks_are_set_aside_from_the_symbols_that_were_read():
    mark = unread(22)
    one, other = digit(0), digit(30)
    read, marks = set_aside([[[one, mark, other]], [[digit(0, 60)]]])
    assert read[0] == [[one, other]]
    assert len(read) == 2
    assert marks == [mark]


def test_a_mark_goes_to_its_place_within_the_nearest_number():
    near, far = SymbolGroup([digit(0), digit(30)], 1.0), SymbolGroup([digit(120)], 1.0)
    lines = with_unread_marks([[near, far]], [unread(23), unread(142)])
    assert kinds(lines) == [[["digit", "point", "digit"], ["digit", "point"]]]


def test_a_mark_of_another_line_or_far_away_is_left_out():
    lines = [[SymbolGroup([digit(0)], 1.0)], [SymbolGroup([digit(0, 100)], 1.0)]]
    found = with_unread_marks(lines, [unread(22, 124), unread(80)])
    assert kinds(found) == [[["digit"]], [["digit", "point"]]]
    assert found[0][0] is lines[0][0]


def test_without_a_number_no_mark_is_added():
    assert with_unread_marks([], [unread(0)]) == []

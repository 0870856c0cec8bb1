"""Strokes across one line: what they cover of it."""

import numpy as np

from digitus.imaging.ruled_lines.crossing_strokes import LineEdges, crossing_strokes

COLS, WIDTH = 100, 8
ROWS = np.arange(-12, 13)


def covered(above, below, crossed=()):
    """Columns that strokes cover at the upper edge, in the middle and at the lower edge."""
    out = np.zeros((2, COLS))
    for place, strokes in enumerate((above, below)):
        for first, last, far_px in strokes:
            out[place, first : last + 1] = far_px
    hidden = np.zeros(COLS, bool)
    for col in crossed:
        hidden[col] = True
    offset = np.tile(ROWS[:, None].astype(float), (1, COLS))
    found = crossing_strokes(LineEdges(offset, WIDTH, out[0], out[1], hidden))
    return [np.flatnonzero(found[np.flatnonzero(row == ROWS)[0]]).tolist() for row in (-4, 0, 4)]


def columns(first, last):
    return list(range(first, last + 1))


def test_a_slanting_stroke_covers_what_is_straight_between_its_sides():
    assert covered([(20, 29, 10)], [(28, 37, 10)]) == [
        columns(19, 30),
        columns(23, 34),
        columns(27, 38),
    ]


def test_a_stroke_on_one_side_covers_its_own_columns():
    assert covered([(20, 29, 10)], []) == [columns(19, 30)] * 3
    assert covered([], [(20, 29, 10)]) == [columns(19, 30)] * 3


def test_an_edge_that_stands_out_by_less_than_the_line_is_thick_is_no_stroke():
    assert covered([(20, 29, 6)], [(20, 29, 6)]) == [[], [], []]


def test_a_stroke_may_stand_out_clearly_on_one_side_alone():
    slanting = covered([(20, 29, 10)], [(28, 37, 3)])
    assert slanting == covered([(20, 29, 10)], [(28, 37, 10)])


def test_strokes_far_from_each_other_are_two():
    assert covered([(20, 29, 10)], [(60, 69, 10)])[1] == columns(19, 30) + columns(59, 70)


def test_columns_that_another_line_covers_are_no_distance_between_the_sides_of_a_stroke():
    across = covered([(20, 29, 10)], [(50, 59, 10)], crossed=range(32, 48))
    assert across[1] == columns(34, 45)


def test_a_stroke_at_the_end_of_a_line_is_covered_up_to_that_end():
    assert covered([(0, 4, 10)], [(95, 99, 10)])[1] == columns(0, 5) + columns(94, 99)


def test_a_line_without_strokes_is_not_covered():
    assert covered([], []) == [[], [], []]

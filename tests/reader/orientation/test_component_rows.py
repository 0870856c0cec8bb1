"""Rows of components: their direction, the words that they make, and which way up print is."""

import numpy as np
import pytest

from digitus.reader.orientation.component_rows import (
    ROW,
    boxes_turned,
    group_into_words,
    rows_across,
    upright_nats,
)

PAGE = (400, 600)


def letters(tops, *, feet=60, step=24):
    """Boxes of letters on one base line, with their tops at some rows."""
    return np.array([(40 + step * i, top, 58 + step * i, feet) for i, top in enumerate(tops)])


def table(rows, cols, *, step):
    """Boxes of components, 20 by 30 px, in the cells of a table."""
    width, height = step
    places = [(width * col, height * row) for row in range(rows) for col in range(cols)]
    return np.array([(20 + x, 20 + y, 40 + x, 50 + y) for x, y in places])


def test_four_quarter_turns_give_the_same_boxes():
    boxes = table(2, 3, step=(60, 70))
    once = boxes_turned(boxes, PAGE, 1)
    np.testing.assert_array_equal(boxes_turned(once, PAGE[::-1], 3), boxes)


@pytest.mark.parametrize(("turns", "sign"), [(0, 1), (1, -1), (2, 1), (3, -1)])
def test_rows_of_print_are_evidence_for_their_direction(turns, sign):
    boxes = table(5, 15, step=(26, 60))
    assert sign * rows_across(boxes_turned(boxes, PAGE, turns)) >= 12


def test_columns_of_low_wide_cells_are_little_evidence():
    assert -8 <= rows_across(table(9, 4, step=(140, 60))) < 0


def test_components_without_order_give_no_evidence():
    corners = np.random.default_rng(0).integers(0, 1000, (300, 2))
    assert rows_across(np.hstack([corners, corners + 20])) == 0


def test_a_wide_gap_and_a_far_larger_component_begin_another_word():
    boxes = np.array([(0, 40, 18, 60), (22, 40, 40, 60), (80, 40, 98, 60), (100, 0, 140, 60)])
    assert group_into_words(boxes).tolist() == [0, 0, 1, 2]


def test_uneven_tops_are_evidence_that_print_is_upright():
    boxes = letters([20, 36, 36, 20, 36, 36, 20])
    upright = upright_nats(boxes, group_into_words(boxes))
    over = boxes_turned(boxes, PAGE, 2)
    assert upright[0] > 2
    np.testing.assert_allclose(upright_nats(over, group_into_words(over)), -upright)


def test_letters_of_one_height_give_no_evidence():
    boxes = letters([20] * 6)
    assert abs(upright_nats(boxes, group_into_words(boxes))).max() == 0


def test_writing_much_wider_than_high_is_one_row_and_a_column_may_be_either():
    row = np.array([[0, 0, 20, 40], [60, 5, 85, 45], [130, 0, 160, 38]])
    column = boxes_turned(row, PAGE, 1)
    assert rows_across(row) >= ROW.one_row_nats
    assert -ROW.one_row_nats < rows_across(column) <= 0

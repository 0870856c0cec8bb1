"""Segments: what is writing, and which components belong together."""

import cv2
import numpy as np
import pytest

from digitus.imaging.components import find_components
from digitus.reader.layout.segments import find_segments, group_components, is_writing

HEIGHT_PX = 40
PAGE = (400, 600)


def page(*boxes):
    """Ink with upright or flat strokes: left, top, width, height of each."""
    ink = np.zeros(PAGE, np.float32)
    for left, top, width, height in boxes:
        ink[top : top + height, left : left + width] = 1
    return ink


def ring(ink, left, top, width, height, pen=2):
    cv2.rectangle(ink, (left, top), (left + width, top + height), 1.0, pen)
    return ink


def writing_on(ink):
    """Which components are writing, by the left edges of their boxes."""
    components = find_components(ink)
    kept = is_writing(components, HEIGHT_PX)
    return sorted(components.boxes[kept, 0].tolist())


def segments_on(ink):
    return find_segments(find_components(ink), HEIGHT_PX)


DIGITS = [(left, 100, 5, HEIGHT_PX) for left in (40, 70, 100)]


@pytest.mark.parametrize(
    ("what", "box"),
    [
        ("a speck", (200, 100, 2, 2)),
        ("a stroke of many heights", (200, 100, 5, 200)),
        ("the rest of a ruled line", (200, 100, 70, 4)),
        ("the edge of the sheet", (200, 0, 90, 5)),
        ("the dark border of a scan", (200, 0, 30, 120)),
        ("a blob", (200, 100, 40, 40)),
    ],
)
def test_what_cannot_be_a_digit_or_mark_is_not_writing(what, box):
    assert writing_on(page(*DIGITS, box)) == [40, 70, 100], what


@pytest.mark.parametrize(
    ("what", "box"),
    [
        ("a one", (200, 100, 5, 40)),
        ("a dot", (200, 130, 6, 6)),
        ("a dash", (200, 118, 20, 5)),
        ("a digit that touches the border", (200, 0, 5, 40)),
    ],
)
def test_what_may_be_a_digit_or_mark_is_writing(what, box):
    assert writing_on(page(*DIGITS, box)) == [40, 70, 100, 200], what


def test_a_frame_around_a_digit_is_not_writing_and_the_digit_is():
    ink = ring(page((150, 120, 5, HEIGHT_PX)), 110, 100, 90, 80)
    assert writing_on(ink) == [150]


def test_a_ring_around_nothing_may_be_a_nought():
    ink = ring(np.zeros(PAGE, np.float32), 110, 100, 90, 80)
    assert len(writing_on(ink)) == 1


def test_digits_side_by_side_are_segments_of_their_own():
    segments = segments_on(page((100, 100, 5, 40), (120, 104, 5, 38), (140, 98, 5, 40)))
    assert len(segments.boxes) == 3
    assert sorted(segments.number.tolist()) == [0, 1, 2]


def test_a_dot_belongs_to_the_digit_beside_it_but_not_to_its_box():
    segments = segments_on(page((100, 100, 5, 40), (112, 133, 6, 6)))
    assert segments.number.tolist() == [0, 0]
    assert segments.boxes.tolist() == [[100, 100, 105, 140]]
    assert segments.extents.tolist() == [[100, 100, 118, 140]]


def test_a_dot_far_from_every_digit_belongs_to_no_segment():
    segments = segments_on(page((100, 100, 5, 40), (180, 133, 6, 6)))
    assert sorted(segments.number.tolist()) == [-1, 0]


def test_two_halves_of_a_digit_above_each_other_are_one_segment():
    segments = segments_on(page((100, 100, 6, 20), (100, 123, 6, 22)))
    assert len(segments.boxes) == 1


def test_low_digits_of_two_dense_lines_are_not_halves_of_one():
    upper, lower = (
        [(left, 100, 6, 20) for left in (100, 115)],
        [(left, 123, 6, 22) for left in (100, 115)],
    )
    assert len(segments_on(page(*upper, *lower)).boxes) == 4


def test_a_component_half_as_high_as_the_digit_beside_it_belongs_to_the_digit():
    segments = segments_on(page((100, 100, 6, 60), (112, 100, 20, 16)))
    assert segments.number.tolist() == [0, 0]
    assert segments.boxes.tolist() == [[100, 100, 106, 160]]


def test_two_digits_above_each_other_are_two_segments():
    segments = segments_on(page((100, 100, 6, 40), (100, 143, 6, 40)))
    assert len(segments.boxes) == 2


def test_components_that_are_taken_to_lie_far_apart_are_not_grouped():
    components = find_components(page((100, 100, 5, 40), (112, 133, 6, 6)))
    apart = components.boxes + np.array([[0, 0, 0, 0], [0, 900, 0, 900]])
    assert len(group_components(components, components.boxes, HEIGHT_PX).boxes) == 1
    assert group_components(components, apart, HEIGHT_PX).number.tolist() == [0, -1]

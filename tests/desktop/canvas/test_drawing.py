"""The drawing: strokes, undo and redo."""

import pytest

from digitus.desktop.canvas.drawing import UNDO_STEPS, Drawing


@pytest.fixture
def drawing():
    made = Drawing()
    for x in range(3):
        made.begin((float(x), 0.0))
        made.extend((float(x), 5.0))
    return made


def test_undo_removes_strokes_one_by_one_and_redo_restores_them(drawing):
    all_three = drawing.strokes
    drawing.undo()
    drawing.undo()
    assert drawing.strokes == all_three[:1]
    drawing.redo()
    drawing.redo()
    assert drawing.strokes == all_three
    assert not drawing.can_redo


def test_clearing_can_be_undone(drawing):
    before = list(drawing.strokes)
    drawing.clear()
    assert drawing.strokes == []
    drawing.undo()
    assert drawing.strokes == before


def test_a_new_stroke_ends_the_redo(drawing):
    drawing.undo()
    drawing.begin((9.0, 9.0))
    assert not drawing.can_redo


def test_clearing_an_empty_canvas_is_no_step():
    drawing = Drawing()
    drawing.clear()
    assert not drawing.can_undo


def test_holding_the_pen_still_adds_no_points(drawing):
    for _ in range(10):
        drawing.extend((2.0, 5.0))
    assert drawing.strokes[-1] == [(2.0, 0.0), (2.0, 5.0)]


def test_the_number_of_undo_steps_is_limited():
    drawing = Drawing()
    for _ in range(3 * UNDO_STEPS):
        drawing.begin((0.0, 0.0))
        drawing.clear()
    steps = 0
    while drawing.can_undo:
        drawing.undo()
        steps += 1
    assert steps == UNDO_STEPS

"""The drawing: strokes, undo and redo."""

import numpy as np
import pytest

from digitus.desktop.canvas.drawing import UNDO_STEPS, Drawing, smoothed


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


def bend(points):
    """Return the largest angle between two neighboring pieces, in radians."""
    at = np.diff(np.array(points)[:, :2], axis=0)
    angles = np.unwrap(np.arctan2(at[:, 1], at[:, 0]))
    return np.abs(np.diff(angles)).max()


def test_a_smooth_stroke_goes_through_its_points_without_corners():
    corners = [(100 + 80 * np.cos(a), 100 + 80 * np.sin(a)) for a in np.linspace(0, 5, 17)]
    curve = smoothed(corners)
    assert set(corners) <= set(curve)
    assert bend(curve) < bend(corners) / 4
    inner = [point for point in curve if corners[1] != point != corners[-2]][10:-10]
    radii = np.hypot(*(np.array(inner) - 100).T)
    assert radii == pytest.approx(np.full(len(inner), 80), abs=0.5)


def test_points_at_uneven_distances_make_no_loop():
    x = np.array(smoothed([(0, 0), (100, 0), (102, 4), (200, 4)]))[:, 0]
    assert (np.diff(x) >= 0).all()


def test_the_pressure_of_a_smooth_stroke_changes_step_by_step():
    shares = [point[2] for point in smoothed([(0, 0, 0.5), (10, 0, 1.5)])]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.5, 1.5)
    assert len(shares) > 3


def test_a_dot_stays_a_dot():
    assert smoothed([(3.0, 4.0)]) == [(3.0, 4.0)]

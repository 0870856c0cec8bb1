"""Frames: where lines cross, the boxes of the cells, the cell around a point."""

import numpy as np
import pytest

from digitus.imaging.ruled_lines.line_set import RuledLines
from digitus.reader.tables.frames import GridFrame, crossings


def level(places, slope=0.0):
    n = len(places)
    courses = np.stack([places, np.full(n, slope), np.zeros(n)], axis=1).astype(float)
    return RuledLines(courses, np.zeros(n), np.full(n, 400.0), np.ones(n))


@pytest.fixture
def frame():
    """Two rows of 50 px and three columns of 80 px."""
    return GridFrame(level([100, 150, 200]), level([40, 120, 200, 280]))


def test_the_box_and_the_cells_lie_between_the_lines(frame):
    assert frame.box == (40, 100, 240, 100)
    assert frame.rows[0] == ((40, 100, 80, 50), (120, 100, 80, 50), (200, 100, 80, 50))
    assert len(frame.rows) == 2


def test_the_steps_are_the_sizes_of_the_cells(frame):
    widths, heights = frame.steps_px
    assert widths.shape == (3, 3)
    assert heights.shape == (2, 4)
    assert (widths == 80).all()
    assert (heights == 50).all()


def test_skewed_lines_cross_where_both_equations_hold():
    across, down = level([100, 200], 0.05), level([50, 150], -0.05)
    points = crossings(across, down)
    np.testing.assert_allclose(across.at(points[..., 0]), points[..., 1], atol=1e-3)
    np.testing.assert_allclose(down.at(points[..., 1].T), points[..., 0].T, atol=1e-3)


def test_a_moved_frame_has_moved_corners(frame):
    np.testing.assert_allclose(frame.moved(7, -3).corners, frame.corners + np.array([7, -3]))


@pytest.mark.parametrize(
    ("point", "cell"),
    [((60, 110), (0, 0)), ((279, 199), (1, 2)), ((10, 110), (0, -1)), ((60, 250), (2, 0))],
)
def test_points_have_the_cell_around_them(frame, point, cell):
    row, col = frame.cell_at(*(np.array([float(value)]) for value in point))
    assert (row[0], col[0]) == cell

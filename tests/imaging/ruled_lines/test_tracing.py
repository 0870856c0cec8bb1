"""Lines in a mask: traced where they were drawn, over breaks and crossing strokes."""

import cv2
import numpy as np
import pytest

from digitus.imaging.ruled_lines.tracing import TRACING, thin_shares, trace_lines

ROWS, COLS = 600, 800


def blank():
    return np.zeros((ROWS, COLS), np.uint8)


def trace(canvas):
    return trace_lines(canvas > 0)


def test_a_blank_page_has_no_lines():
    assert len(trace(blank())) == 0


@pytest.mark.parametrize("width", [1, 2, 4])
@pytest.mark.parametrize("slope", [-0.05, 0.0, 0.05])
def test_a_line_is_traced_where_it_was_drawn(slope, width):
    canvas = blank()
    canvas_line = (50, 300 - round(350 * slope)), (750, 300 + round(350 * slope))
    cv2.line(canvas, *canvas_line, 1, width)
    lines = trace(canvas)
    assert len(lines) == 1
    assert lines.at(np.float64(400))[0] == pytest.approx(300, abs=1.5)
    assert lines.starts[0] == pytest.approx(50, abs=6)
    assert lines.ends[0] == pytest.approx(750, abs=6)
    assert lines.angles_deg[0] == pytest.approx(np.rad2deg(np.arctan(slope)), abs=0.3)


@pytest.mark.parametrize("width", [1, 3, 5])
def test_the_width_of_a_level_line_is_its_thickness(width):
    canvas = blank()
    canvas[300 : 300 + width, 50:750] = 1
    assert trace(canvas).widths_px.tolist() == [width]


def test_a_curved_line_keeps_its_course():
    canvas = blank()
    cols = np.arange(50, 750)
    rows = 300 + (cols - 400) ** 2 / 8000
    canvas[np.rint(rows).astype(int), cols] = canvas[np.rint(rows).astype(int) + 1, cols] = 1
    lines = trace(canvas)
    assert len(lines) == 1
    np.testing.assert_allclose(lines.at(cols[None].astype(float))[0], rows + 0.5, atol=1.5)


def test_a_line_with_short_breaks_is_one_line():
    canvas = blank()
    canvas[300:302, 50:750] = 1
    canvas[:, 200:206] = canvas[:, 500:520] = 0
    lines = trace(canvas)
    assert len(lines) == 1
    assert lines.lengths_px[0] == pytest.approx(700, abs=6)


def test_a_dotted_row_of_dashes_is_not_a_line():
    canvas = blank()
    for left in range(50, 750, 60):
        canvas[300:302, left : left + 26] = 1
    assert len(trace(canvas)) == 0


def test_strokes_across_a_line_do_not_hide_it():
    canvas = blank()
    canvas[300:302, 50:750] = 1
    for left in range(80, 720, 40):
        cv2.line(canvas, (left, 270), (left + 10, 330), 1, 4)
    lines = trace(canvas)
    assert len(lines) == 1
    assert lines.at(np.float64(400))[0] == pytest.approx(300.5, abs=1)


def test_parallel_lines_stay_apart():
    canvas = blank()
    canvas[100::40, 50:750] = 1
    lines = trace(canvas)
    np.testing.assert_allclose(np.sort(lines.at(np.float64(400))), range(100, ROWS, 40), atol=0.5)


def test_thick_bars_and_short_dashes_are_not_lines():
    canvas = blank()
    canvas[100:140, 50:750] = 1
    canvas[300:302, 100 : 100 + TRACING.least_length_px(canvas.shape) - 4] = 1
    assert len(trace(canvas)) == 0


def test_the_thin_share_of_a_line_leaves_out_the_strokes_upon_it():
    canvas = blank()
    canvas[300:302, 0:800] = 1
    canvas[295:307, 0:200] = 1
    (share,) = thin_shares(trace(canvas).only(np.array([0])), canvas > 0, 4)
    assert share == pytest.approx(0.75, abs=0.02)


@pytest.mark.parametrize(("right", "count"), [(200, 0), (750, 1)])
def test_dashes_are_joined_to_a_long_line_but_not_to_a_short_one(right, count):
    canvas = blank()
    for left in range(50, right, 38):
        canvas[300:302, left : left + 30] = 1
    assert len(trace(canvas)) == count

"""Line images to cut, score and read."""

import numpy as np
import pytest

from digitus.reader.results.symbols import LineImage
from digitus.synthesis.lines.digit_strings import write_string
from digitus.synthesis.pen.writers import PenWriter

MARGIN_PX = 5


@pytest.fixture(scope="session")
def line_image():
    """Makes a line image of ink, with paper around: ``line_image(ink, height_px=32)``."""

    def make(ink, height_px=32):
        return LineImage(np.pad(ink, MARGIN_PX).astype(np.float32), 0, 0, float(height_px))

    return make


@pytest.fixture(scope="session")
def bars():
    """Makes ink of upright bars: ``bars(*cols, rows=30, width=3)``."""

    def make(*cols, rows=30, width=3):
        ink = np.zeros((rows, max(cols) + width + 1), np.float32)
        for col in cols:
            ink[:, col : col + width] = 1
        return ink

    return make


@pytest.fixture(scope="session")
def write_digits():
    """Writes digits 32 px high: ``write_digits(text, gap=..., seed=...)``; see ``write_string``."""

    def write(text, *, gap, seed):
        rng = np.random.default_rng(seed)
        return write_string(text, PenWriter(rng, 32), rng, gap=gap)

    return write

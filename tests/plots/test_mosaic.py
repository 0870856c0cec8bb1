"""Images in a mosaic: tiles, gaps and their places."""

import numpy as np

from digitus.palette import PALETTES
from digitus.plots.mosaic import SIDE, corner, mosaic_figure, tile

GAP = (3, 2)
IMAGES = np.random.default_rng(0).uniform(0, 1, (5, SIDE, SIDE, 3))


def test_every_image_is_at_its_corner():
    mosaic = tile(IMAGES, 2, gap=GAP, background=np.zeros(3))
    for index, image in enumerate(IMAGES):
        row, col = corner(index, 2, gap=GAP)
        np.testing.assert_array_equal(mosaic[row : row + SIDE, col : col + SIDE], image)


def test_gaps_and_missing_images_have_the_background_color():
    background = np.array([0.1, 0.2, 0.3])
    mosaic = tile(IMAGES, 2, gap=GAP, background=background)
    assert mosaic.shape == (3 * (SIDE + GAP[0]), 2 * (SIDE + GAP[1]), 3)
    np.testing.assert_array_equal(mosaic[SIDE, 0], background)
    np.testing.assert_array_equal(mosaic[0, SIDE], background)
    np.testing.assert_array_equal(mosaic[-1, -1], background)


def test_a_mosaic_pixel_is_a_square_of_whole_printed_pixels():
    mosaic = tile(IMAGES, 2, gap=GAP, background=np.zeros(3))
    figure, axes = mosaic_figure(mosaic, 4, footer_in=0.0, colors=PALETTES["light"])
    figure.draw_without_rendering()
    origin, unit = axes.transData.transform([(0, 0), (1, 1)])
    np.testing.assert_allclose(np.abs(unit - origin), 4, atol=1e-6)
    np.testing.assert_allclose(origin, np.rint(origin), atol=1e-6)

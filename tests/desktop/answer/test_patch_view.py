"""The patch that is shown is the array that the network got."""

import numpy as np
import pytest

from digitus.desktop.answer.patch_view import PatchView, patch_image


@pytest.fixture
def patch():
    return np.random.default_rng(0).random((28, 28), dtype=np.float32)


def test_every_block_shows_its_value_exactly(qtbot, patch):
    view = PatchView()
    qtbot.addWidget(view)
    view.resize(90, 120)
    view.show_patch(patch)
    image, place = view.grab().toImage(), view.blocks()
    block = place.width() // 28
    for row in range(28):
        for col in range(28):
            for corner in (0, block - 1):
                x, y = place.left() + col * block + corner, place.top() + row * block + corner
                color = image.pixelColor(x, y)
                grey = round(float(patch[row, col]) * 255)
                assert (color.red(), color.green(), color.blue()) == (grey, grey, grey)


@pytest.mark.parametrize("side", [86, 100, 150, 301])
def test_blocks_are_whole_pixels_at_every_size(qtbot, patch, side):
    view = PatchView()
    qtbot.addWidget(view)
    view.resize(side, side)
    place = view.blocks()
    assert place.width() % 28 == 0
    assert place.width() + 2 <= side


def test_the_image_that_is_saved_has_the_values_of_the_patch(patch):
    image = patch_image(patch)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(28, image.bytesPerLine())[:, :28]
    np.testing.assert_array_equal(rows, np.rint(patch * 255).astype(np.uint8))

"""The figure of one image: exact pixels, and nothing missing."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from digitus.plots import Explanation, Variant, explanation, is_saved_figure, save_figure
from digitus.plots.explanation import LAYOUT, SIDE

RNG = np.random.default_rng(0)
PATCHES = RNG.integers(0, 256, (5, SIDE, SIDE)) / 255
NAMES = ("inverted", "thicker", "thinner", "deslanted")
SHOWN = Explanation(
    title="Read as 7",
    note="at 98.2 %",
    grey=RNG.random((60, 90)),
    ink=RNG.random((60, 90)),
    patch=PATCHES[0],
    variants=[
        Variant(name, patch, ("7", "98.2 %"), is_changed=name == "thinner")
        for name, patch in zip(NAMES, PATCHES[1:], strict=True)
    ],
)


def printed(shown, path, *, theme="light"):
    save_figure(explanation(shown, theme=theme), path)
    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


def patch_at(page, row, col, *, side_px):
    """Take the patch out of the printed figure; None if a pixel of it is not of one tone."""
    box = page[row : row + side_px, col : col + side_px].reshape(SIDE, side_px // SIDE, SIDE, -1)
    spread = np.ptp(box, axis=(1, 3))
    return None if spread.any() else box[:, 0, :, 0]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pixel_of_the_patch_is_one_square_of_its_tone(tmp_path, theme):
    page = printed(SHOWN, tmp_path / "why.png", theme=theme)
    row, col = LAYOUT.stage_corner(2)
    levels = np.rint(PATCHES[0] * 255).astype(int)
    found = patch_at(page, row, col, side_px=LAYOUT.box_px)
    np.testing.assert_allclose(found, levels if theme == "dark" else 255 - levels, atol=1)


@pytest.mark.parametrize("i", range(4))
def test_every_pixel_of_a_variant_is_one_square_of_its_tone(tmp_path, i):
    page = printed(SHOWN, tmp_path / "why.png")
    row, col = LAYOUT.variant_corner(i)
    found = patch_at(page, row, col, side_px=LAYOUT.variant_px)
    np.testing.assert_allclose(found, 255 - np.rint(PATCHES[1 + i] * 255), atol=1)


@pytest.mark.parametrize("shape", [(8, 1024), (1024, 8), (28, 28), (777, 1024)])
def test_an_image_of_any_shape_is_shown_in_its_aspect(shape):
    grey = np.full(shape, 0.3)
    axes = explanation(replace(SHOWN, grey=grey, ink=grey)).axes[0]
    box = axes.get_window_extent()
    assert max(box.width, box.height) == pytest.approx(LAYOUT.box_px, abs=0.01)
    assert box.height / box.width == pytest.approx(shape[0] / shape[1], rel=0.1)


def test_a_variant_with_another_answer_stands_out():
    texts = explanation(SHOWN).texts
    weights = [text.get_weight() for text in texts if text.get_text() == "7"]
    assert weights == ["normal", "normal", "bold", "normal"]


def test_a_blank_says_that_there_is_no_patch_and_has_no_variants():
    blank = replace(SHOWN, patch=None, variants=())
    texts = [text.get_text() for text in explanation(blank).texts]
    assert "no ink, so no patch" in texts
    assert "What would change the answer" not in texts


def test_a_variant_without_ink_keeps_its_place():
    gone = Variant("thinner", None, ("blank", ""), is_changed=True)
    texts = [text.get_text() for text in explanation(replace(SHOWN, variants=[gone])).texts]
    assert {"thinner", "blank"} <= set(texts)


def test_more_than_four_variants_are_refused():
    with pytest.raises(ValueError, match="at most 4 variants"):
        explanation(replace(SHOWN, variants=[*SHOWN.variants, SHOWN.variants[0]]))


def test_only_saved_figures_are_recognized(tmp_path):
    save_figure(explanation(SHOWN), tmp_path / "why.png")
    Image.new("L", (9, 9)).save(tmp_path / "other.png")
    (tmp_path / "text.png").write_text("text")
    (tmp_path / "cut.png").write_bytes((tmp_path / "why.png").read_bytes()[:20])
    known = [path.name for path in tmp_path.iterdir() if is_saved_figure(path)]
    assert known == ["why.png"]
    assert not is_saved_figure(tmp_path / "nowhere.png")

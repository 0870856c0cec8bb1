"""Printed letters and signs."""

from pathlib import Path

import matplotlib
import numpy as np

from digitus.synthesis.negatives.glyphs import CHARACTERS, GLYPH_PX, glyph

FOLDER = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def test_no_digit_or_similar_letter_is_printed():
    assert not set("0123456789OoIlSsZzBGgbqy|/") & set(CHARACTERS)


def test_a_character_that_the_font_lacks_is_replaced_by_another():
    rng = np.random.default_rng(0)
    assert all(glyph(rng, (FOLDER / "cmr10.ttf",)).any() for _ in range(60))


def test_a_glyph_is_ink_that_differs_each_time():
    rng = np.random.default_rng(0)
    glyphs = [glyph(rng, (FOLDER / "DejaVuSans.ttf",)) for _ in range(20)]
    assert {one.shape for one in glyphs} == {(GLYPH_PX, GLYPH_PX)}
    assert min(one.min() for one in glyphs) >= 0
    assert max(one.max() for one in glyphs) <= 1
    assert len({one.tobytes() for one in glyphs}) == 20

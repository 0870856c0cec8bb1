"""The colors: legible, and in one place."""

import re
from pathlib import Path

import pytest

import digitus
from digitus.palette import CANVAS_COLORS, PALETTES, palette_of

SOURCE = Path(digitus.__file__).parent
EXCEPTIONS = {SOURCE / "palette.py"}


def luminance(color):
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """As in WCAG 2.2."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", PALETTES)
def test_every_text_stands_out_from_what_it_is_on(theme):
    colors = PALETTES[theme]
    for text in (colors.ink, colors.muted, colors.accent, colors.contrast):
        assert contrast(text, colors.window) >= 4.5
        assert contrast(text, colors.card) >= 4.5
    assert contrast(colors.ink, colors.raised) >= 4.5
    assert contrast(colors.on_accent, colors.accent) >= 4.5


@pytest.mark.parametrize("theme", PALETTES)
def test_the_text_of_plots_is_legible_on_their_surface(theme):
    colors = PALETTES[theme]
    for text in (colors.ink, colors.muted, colors.accent, colors.contrast):
        assert contrast(text, colors.surface) >= 4.5


@pytest.mark.parametrize("paper", CANVAS_COLORS)
def test_ink_stands_out_from_the_canvas(paper):
    assert contrast(*CANVAS_COLORS[paper]) > 15


def test_an_unknown_theme_is_refused():
    with pytest.raises(ValueError, match="theme must be 'light' or 'dark', got 'sepia'"):
        palette_of("sepia")


def test_no_hex_color_is_written_outside_the_palette():
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if path not in EXCEPTIONS and re.search(r"#[0-9a-fA-F]{6}\b", path.read_text("utf-8"))
    }
    assert found == set()

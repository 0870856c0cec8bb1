"""The custom properties of the page are the colors of the window."""

import re
from dataclasses import asdict

import pytest

from digitus.palette import CANVAS_COLORS, OVERLAY_ON_LIGHT_PAPER, PALETTES
from digitus.web.static_files import read_text


def properties(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text))


@pytest.fixture(scope="module")
def themes() -> dict[str, dict[str, str]]:
    """The colors of tokens.css by theme; the dark ones stand in a media query below."""
    light, dark = read_text("styles/tokens.css").split("@media (prefers-color-scheme: dark)")
    return {"light": properties(light), "dark": properties(light) | properties(dark)}


@pytest.mark.parametrize("theme", PALETTES)
def test_the_colors_of_a_theme_are_those_of_the_palette(themes, theme):
    wanted = {name.replace("_", "-"): color for name, color in asdict(PALETTES[theme]).items()}
    assert {name: themes[theme].get(name) for name in wanted} == wanted


@pytest.mark.parametrize("paper", CANVAS_COLORS)
def test_the_canvas_has_the_colors_of_the_windows(themes, paper):
    found = [themes["light"][f"canvas-{paper}-{part}"] for part in ("paper", "ink")]
    assert tuple(found) == CANVAS_COLORS[paper]


def test_boxes_on_a_page_have_the_colors_of_overlays():
    shown = properties(read_text("styles/read.css"))
    names = ("sure", "fair", "doubtful", "none", "cell")
    wanted = {f"box-{name}": getattr(OVERLAY_ON_LIGHT_PAPER, name) for name in names}
    assert shown == wanted

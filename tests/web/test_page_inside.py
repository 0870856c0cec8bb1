"""The inside room: what it paints, writes out, checks and steps through."""

from pathlib import Path

import pytest

import digitus.web
from digitus.palette import PALETTES

STATIC = Path(digitus.web.__file__).parent / "static"

PAINTED = """
async () => {
    const { paintPatch, paintSigned, paintGradientOver, columnsFor } =
        await import("/ui/patch_image.js");
    const canvas = document.createElement("canvas");
    document.body.append(canvas);
    window.pixels = () => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const hex = (i) => [0, 1, 2].map((j) => data[4 * i + j].toString(16).padStart(2, "0"));
        return Array.from({ length: data.length / 4 }, (_, i) =>
            data[4 * i + 3] ? "#" + hex(i).join("") : "none");
    };
    const found = {};
    paintPatch(canvas, [0, 1, 2], { rows: 1, cols: 3 });
    found.ink = pixels();
    paintSigned(canvas, [1, 2, 3, 4, 5, -5], { rows: 3, cols: 1, n: 2, columns: 1, limit: 5 });
    found.size = [canvas.width, canvas.height];
    found.map = pixels();
    paintSigned(canvas, [9, 9, 0, -9, 9, 9], { rows: 2, cols: 1, offset: 2, stride: 1 });
    found.part = pixels();
    const gradient = new Float32Array(784);
    gradient[1] = 0.5;
    gradient[2] = -0.25;
    paintGradientOver(canvas, new Float32Array(784), gradient, 0.25);
    found.over = pixels().slice(0, 3);
    found.columns = [1, 10, 16, 24, 100, 128].map((n) => columnsFor(n));
    paintSigned(canvas, [-1, 0, 1], { rows: 1, cols: 3 });
    return found;
}
"""


@pytest.fixture
def empty_page(new_page, static_address):
    """A page without content, in the colors of the page."""
    page = new_page()
    page.goto(f"{static_address}/empty")
    page.add_style_tag(path=STATIC / "styles" / "tokens.css")
    return page


def test_values_are_painted_in_the_palettes_colors_and_follow_the_theme(empty_page):
    light, dark = PALETTES["light"], PALETTES["dark"]
    found = empty_page.evaluate(PAINTED)
    assert found["ink"] == [light.card, light.ink, light.ink]
    assert found["size"] == [1, 7]  # two images of three pixels, and the gap
    assert found["map"][2:5] == [light.accent, "none", found["map"][4]]
    assert found["map"][6] == light.contrast
    assert found["part"] == [light.card, light.contrast]
    assert found["over"] == [light.card, light.accent, light.contrast]
    assert found["columns"] == [1, 10, 16, 12, 10, 16]
    empty_page.emulate_media(color_scheme="dark")
    painted = [dark.contrast, dark.card, dark.accent]
    empty_page.wait_for_function("(painted) => pixels().join() === painted.join()", arg=painted)

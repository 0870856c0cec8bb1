"""Strokes to patches in the browser, held equal to Python's."""

import base64
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from digitus.imaging.ink.digit_ink import is_blank
from digitus.imaging.patch.patch import make_patch
from digitus.imaging.strokes import render_strokes
from digitus.models import load_model
from digitus.recognizer import Prediction, Recognizer
from digitus.synthesis.pen.digit_strokes import draw_digit, place

N_DRAWINGS = 500
CANVAS_PX = 280

PATCHES = """async ({ load }, drawings) => {
    const { patchOfDrawing } = await load("imaging/preprocessing.js");
    const patches = new Float32Array(784 * drawings.length);
    drawings.forEach((drawing, i) => patches.set(patchOfDrawing(drawing), 784 * i));
    const bytes = new Uint8Array(patches.buffer);
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""


def floats(text: str) -> NDArray[np.float32]:
    """Return the numbers that the page returned in base64."""
    return np.frombuffer(base64.b64decode(text), np.float32)


def drawing_of(digit: int, rng: np.random.Generator) -> dict[str, Any]:
    """Draw a digit anywhere on the canvas, with a thin or a thick pen, some with pressure."""
    size = rng.uniform(90, 230)
    left, top = rng.uniform(10, CANVAS_PX - size - 10, 2)
    strokes = [
        [list(point) for point in stroke]
        for stroke in place(draw_digit(digit, rng), size=size, left=left, top=top)
    ]
    if rng.random() < 0.3:  # a tablet's pen
        strokes = [[[x, y, float(rng.uniform(0.6, 1.4))] for x, y in stroke] for stroke in strokes]
    pen_px = float(rng.uniform(4, 36))
    return {"width": CANVAS_PX, "height": CANVAS_PX, "penPx": pen_px, "strokes": strokes}


@pytest.fixture(scope="module")
def drawings() -> list[dict[str, Any]]:
    """Drawings of all digits."""
    rng = np.random.default_rng(14)
    return [drawing_of(i % 10, rng) for i in range(N_DRAWINGS)]


def patch_in_python(drawing: dict[str, Any]) -> NDArray[np.float32]:
    ink = render_strokes(
        drawing["strokes"],
        width=drawing["width"],
        height=drawing["height"],
        pen_px=drawing["penPx"],
    )
    assert not is_blank(ink)
    return make_patch(ink)


def answers(name: str, patches: NDArray[np.float32]) -> list[Prediction]:
    return Recognizer(load_model(name)).predict_patches(patches.reshape(-1, 28, 28))


def test_patches_of_drawings_are_those_of_python(run_module: Any, drawings: Any) -> None:
    patches = floats(run_module(PATCHES, drawings)).reshape(-1, 28, 28)
    wanted = np.stack([patch_in_python(drawing) for drawing in drawings])
    difference = np.abs(patches - wanted).mean(axis=(1, 2))
    print(difference.max(), difference.mean(), np.sort(difference)[-5:])
    assert difference.max() <= 0.02
    for name in ("cnn", "mlp"):
        pairs = zip(answers(name, patches), answers(name, wanted), strict=True)
        same = np.mean([a.verdict == b.verdict and a.digit == b.digit for a, b in pairs])
        print(name, same)
        assert same >= 0.995

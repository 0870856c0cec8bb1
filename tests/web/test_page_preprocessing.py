"""Strokes to patches in the browser, held equal to Python's."""

import base64
import json
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

# Many numbers pass as one text: one by one they take Playwright seconds.
PATCHES = """async ({ load }, text) => {
    const { patchOfDrawing } = await load("imaging/preprocessing.js");
    const drawings = JSON.parse(text);
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


def least_difference(patch: NDArray[np.float32], wanted: NDArray[np.float32]) -> float:
    """Return the mean difference, one of the patches moved by at most a pixel.

    A center of mass may lie so near the middle between two pixels that a difference of 0.001 px
    rounds it to the other one.
    """
    moves = [(rows, cols) for rows in (-1, 0, 1) for cols in (-1, 0, 1)]
    return min(float(np.abs(np.roll(patch, move, (0, 1)) - wanted).mean()) for move in moves)


def test_patches_of_drawings_are_those_of_python(run_module: Any, drawings: Any) -> None:
    patches = floats(run_module(PATCHES, json.dumps(drawings))).reshape(-1, 28, 28)
    wanted = np.stack([patch_in_python(drawing) for drawing in drawings])
    difference = np.abs(patches - wanted).mean(axis=(1, 2))
    assert difference.mean() <= 0.0035
    assert (difference > 0.02).mean() <= 0.03
    assert max(map(least_difference, patches, wanted)) <= 0.02
    for name in ("cnn", "mlp"):
        pairs = zip(answers(name, patches), answers(name, wanted), strict=True)
        same = np.mean([a.verdict == b.verdict and a.digit == b.digit for a, b in pairs])
        assert same >= 0.995


def test_other_canvases_and_pens_give_the_ink_of_python(run_module: Any) -> None:
    rng = np.random.default_rng(16)
    drawings = []
    for width, height, pen_px in ((28, 28, 2.5), (64, 48, 0.8), (400, 300, 40), (900, 30, 3)):
        strokes = (rng.uniform(-0.2, 1.2, (3, 5, 2)) * (width, height)).tolist()
        drawings.append({"width": width, "height": height, "penPx": pen_px, "strokes": strokes})
    drawings.append({**drawings[0], "strokes": [[[14.2, 13.9]]]})  # a dot
    inks = run_module(
        """async ({ load }, drawings) => {
            const { renderStrokes } = await load("imaging/strokes.js");
            const inks = drawings.map((drawing) => Array.from(renderStrokes(drawing).values));
            return inks.map((values) => JSON.stringify(values));
        }""",
        drawings,
    )
    for ink, drawing in zip(inks, drawings, strict=True):
        wanted = render_strokes(
            drawing["strokes"],
            width=drawing["width"],
            height=drawing["height"],
            pen_px=drawing["penPx"],
        )
        found = np.reshape(json.loads(ink), wanted.shape)
        assert 0 <= found.min() <= found.max() <= 1
        assert abs(found.sum() - wanted.sum()) <= 0.02 * wanted.sum() + 0.5
        assert np.abs(found - wanted).mean() <= 0.02


def test_a_drawing_that_grows_is_rendered_like_a_whole_one(
    run_module: Any, drawings: list[dict[str, Any]]
) -> None:
    differing = run_module(
        """async ({ load }, text) => {
            const { renderStrokes } = await load("imaging/strokes.js");
            const drawings = JSON.parse(text);
            const other = { width: 20, height: 20, penPx: 2, strokes: [[[3, 3], [9, 9]]] };
            const differs = (a, b) => a.values.some((value, i) => value !== b.values[i]);
            let count = 0;
            for (const drawing of drawings) {
                renderStrokes(other);
                const whole = renderStrokes(drawing);
                renderStrokes(other);
                const grown = { ...drawing, strokes: [] };
                let ink;
                for (const stroke of drawing.strokes) {
                    grown.strokes.push([]);
                    for (const point of stroke) {
                        grown.strokes.at(-1).push(point);
                        ink = renderStrokes(grown);
                    }
                }
                const undone = { ...grown, strokes: [[[1, 1], [50, 90]], ...grown.strokes] };
                renderStrokes(undone);
                undone.strokes.shift();
                if (differs(ink, whole) || differs(renderStrokes(undone), whole)) count++;
            }
            return count;
        }""",
        json.dumps(drawings[:12]),
    )
    assert differing == 0


def test_the_same_points_in_other_strokes_are_another_drawing(run_module: Any) -> None:
    points = [[20, 20], [80, 20], [80, 80], [20, 80]]
    drawings = [
        {"width": 100, "height": 100, "penPx": 9, "strokes": strokes}
        for strokes in ([points[:2], points[2:]], [points], [points[:3], points[3:]])
    ]
    inks = run_module(
        """async ({ load }, drawings) => {
            const { renderStrokes } = await load("imaging/strokes.js");
            return drawings.map((drawing) => renderStrokes(drawing).values[100 * 50 + 80]);
        }""",
        drawings,  # rendered one after the other; the pixel lies between two of the points
    )
    assert inks == [0, 1, 1]


def test_an_empty_canvas_and_strokes_beside_it_are_blank(run_module: Any) -> None:
    canvas = {"width": 280, "height": 280, "penPx": 24}
    strokes: list[list[Any]] = [[], [[]], [[[500, 500], [600, 600]]], [[[-90, 10]]]]
    patches = run_module(
        """async ({ load }, drawings) => {
            const { patchOfDrawing } = await load("imaging/preprocessing.js");
            return drawings.map(patchOfDrawing);
        }""",
        [{**canvas, "strokes": each} for each in strokes],
    )
    assert patches == [None] * len(strokes)


@pytest.mark.parametrize(
    "change",
    [
        {"strokes": [[[1, None]]]},
        {"strokes": [[[1, 2, -0.5]]]},
        {"width": 0},
        {"height": 2.5},
        {"width": 100_000, "height": 100_000},
        {"penPx": 0},
    ],
    ids=str,
)
def test_a_drawing_that_is_none_is_refused(run_module: Any, change: dict[str, Any]) -> None:
    drawing = {"width": 280, "height": 280, "penPx": 24, "strokes": [[[1, 2]]], **change}
    error = run_module(
        """async ({ load }, drawing) => {
            const { patchOfDrawing } = await load("imaging/preprocessing.js");
            try {
                return patchOfDrawing(drawing) && "a patch";
            } catch (error) {
                return error.constructor.name;
            }
        }""",
        drawing,
    )
    assert error == "RangeError"

"""The page tells several digits from one with the evidence that Python computes."""

import base64
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from digitus.imaging.ink.digit_components import digit_components
from digitus.imaging.ink.digit_ink import digit_ink
from digitus.imaging.patch.patch import make_patch
from digitus.models import load_model
from digitus.recognizer import Recognizer
from digitus.recognizer.split_evidence import shape_of, split_confidence
from digitus.synthesis.digit_images.written_digits import (
    GAPS,
    SINGLE_KINDS,
    altered,
    several_digits,
)
from digitus.synthesis.pen.writers import PenWriter

Ink = NDArray[np.float32]
CNN = Path(str(files("digitus.models"))) / "weights" / "cnn.safetensors"

READ = """async ({ load }, { file, text }) => {
    const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
    const { readModel } = await load("models/safetensors.js");
    const { Recognizer } = await load("recognizer.js");
    const { shapeOf, splitConfidence } = await load("several_digits.js");
    const { makePatch } = await load("imaging/patch.js");
    const recognizer = new Recognizer(readModel(bytes.buffer, "cnn"));
    return JSON.parse(text).map(({ width, height, values }) => {
        const writing = { width, height, values: Float32Array.from(values) };
        const shape = shapeOf(writing);
        const found = recognizer.predict({ patch: makePatch(writing), writing, isAlone: true });
        return {
            box: [shape.ink.height, shape.ink.width],
            components: shape.components.map((ink) => [ink.height, ink.width]),
            split: splitConfidence(recognizer.model, shape),
            verdict: found.verdict,
            digit: found.digit,
        };
    });
}"""


def raster(ink: Ink) -> dict[str, Any]:
    return {
        "width": ink.shape[1],
        "height": ink.shape[0],
        "values": np.round(ink, 4).ravel().tolist(),
    }


def written(n: int) -> tuple[list[Ink], list[Ink]]:
    """Return n drawings of one digit, whole or altered, and n of two or three."""
    single, several = [], []
    for i in range(n):
        rng = np.random.default_rng([19, i])
        writer = PenWriter(rng, rng.uniform(40, 90), pen=rng.uniform(0.05, 0.14))
        ink = altered(writer(i % 10, rng), SINGLE_KINDS[i % len(SINGLE_KINDS)], rng)
        single.append(np.pad(ink, 12))
        kind = list(GAPS)[i % len(GAPS)]
        several.append(np.pad(several_digits(2 + i % 2, kind, writer, rng), 12))
    return single, several


def test_the_evidence_is_that_of_python_and_the_verdicts_follow_from_it(run_module: Any) -> None:
    single, several = written(40)
    inks = [np.round(ink, 4).astype(np.float32) for ink in single + several]
    argument = {
        "file": base64.b64encode(CNN.read_bytes()).decode(),
        "text": json.dumps([raster(ink) for ink in inks]),
    }
    model, differences = load_model("cnn"), []
    results = run_module(READ, argument)
    for found, ink in zip(results, inks, strict=True):
        shape = shape_of(ink)
        assert tuple(found["box"]) == shape.ink.shape
        assert sorted(map(tuple, found["components"])) == sorted(
            one.shape for one in shape.components
        )
        differences.append(abs(found["split"] - split_confidence(model, shape)))
    assert np.mean(np.array(differences) <= 0.02) >= 0.95
    verdicts = [found["verdict"] for found in results]
    assert verdicts[:40].count("several_digits") <= 1
    assert verdicts[40:].count("several_digits") >= 30
    assert all(found["digit"] is None for found in results if found["verdict"] != "digit")
    recognizer = Recognizer(model)
    own = [recognizer.predict_patches(make_patch(ink)[None])[0].digit for ink in inks[:40]]
    read = [found["digit"] for found in results[:40]]
    assert sum(a == b for a, b in zip(read, own, strict=True)) >= 38


@pytest.fixture
def neighbors() -> list[Ink]:
    """A digit with another one beside it, with one that is cut off, and with specks."""
    rng = np.random.default_rng(4)
    writer = PenWriter(rng, 60, pen=0.1)
    pair = np.pad(several_digits(2, "far apart", writer, rng), 14)
    specks = np.pad(altered(writer(5, rng), "specks", rng), 14)
    eight = writer(8, rng)
    cut = np.pad(several_digits(1, "apart", writer, rng), ((14, 14), (14, 30)))
    rows = min(len(cut) - 14, len(eight))
    half = eight[:rows, : eight.shape[1] // 2]
    cut[7 : 7 + rows, -half.shape[1] :] = half
    return [pair, specks, cut]


def test_neighbors_are_those_of_python(run_module: Any, neighbors: list[Ink]) -> None:
    inks = [np.round(ink, 4).astype(np.float32) for ink in neighbors]
    sums = run_module(
        """async ({ load }, text) => {
            const { digitComponents } = await load("imaging/ink/digit_components.js");
            return JSON.parse(text).map(({ width, height, values }) => {
                const ink = { width, height, values: Float32Array.from(values) };
                const { digit, writing } = digitComponents(ink);
                const sum = (raster) => raster.values.reduce((a, b) => a + b, 0);
                return [sum(digit), sum(writing)];
            });
        }""",
        json.dumps([raster(ink) for ink in inks]),
    )
    for found, ink in zip(sums, inks, strict=True):
        wanted = digit_components(ink)
        assert found == pytest.approx([wanted.digit.sum(), wanted.writing.sum()], rel=1e-4)
    assert sums[0][1] > 1.3 * sums[0][0]  # the neighbor is part of the writing alone


def test_a_patch_of_a_data_set_is_not_searched(run_module: Any) -> None:
    _, several = written(2)
    ink = several[0]
    patch = make_patch(digit_ink(1 - ink).writing)
    verdict = run_module(
        """async ({ load }, { file, patch }) => {
            const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
            const { readModel } = await load("models/safetensors.js");
            const { Recognizer } = await load("recognizer.js");
            const recognizer = new Recognizer(readModel(bytes.buffer, "cnn"));
            const found = Float32Array.from(patch);
            return recognizer.predict({ patch: found, writing: null, isAlone: true }).verdict;
        }""",
        {
            "file": base64.b64encode(CNN.read_bytes()).decode(),
            "patch": patch.ravel().tolist(),
        },
    )
    assert verdict in ("digit", "not_a_digit")

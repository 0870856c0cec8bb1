"""Predictions and their percentages in the browser, held equal to Python's."""

import base64
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digitus.desktop.answer.percents import percent_texts, shares_of, texts_of, unbroken
from digitus.percent import percent
from digitus.recognizer import Recognizer
from digitus.synthesis.negatives.negatives import negative_patches
from digitus.synthesis.pen.pen_drawings import pen_patches

CNN = Path(str(files("digitus.models"))) / "weights" / "cnn.safetensors"

PREDICT = """async ({ load }, { file, patches, minConfidence }) => {
    const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const { readModel } = await load("models/safetensors.js");
    const { Recognizer } = await load("recognizer.js");
    const { sharesOf, textsOf } = await load("ui/percents.js");
    const recognizer = new Recognizer(readModel(bytesOf(file).buffer, "cnn"), { minConfidence });
    const all = new Float32Array(bytesOf(patches).buffer);
    const results = [];
    for (let start = 0; start < all.length; start += 784) {
        const found = recognizer.predictPatch(all.slice(start, start + 784));
        const hasPatch = found.patch !== null;
        const [shares, texts] = [sharesOf(found), textsOf(found)];
        results.push({ ...found, hasPatch, patch: 0, shares, texts });
    }
    return results;
}"""


@pytest.mark.parametrize("min_confidence", [0.0, 0.999])
def test_predictions_are_those_of_python(run_module: Any, min_confidence: float) -> None:
    rng = np.random.default_rng(5)
    patches = np.concatenate(
        [
            pen_patches(30, rng)[0].reshape(-1, 28, 28),
            negative_patches(30, rng)[0].reshape(-1, 28, 28),
            np.zeros((1, 28, 28)),
        ]
    ).astype(np.float32)
    argument = {
        "file": base64.b64encode(CNN.read_bytes()).decode(),
        "patches": base64.b64encode(patches.tobytes()).decode(),
        "minConfidence": min_confidence,
    }
    results = run_module(PREDICT, argument)
    wanted = Recognizer("cnn", min_confidence=min_confidence).predict_patches(patches)
    assert {one.verdict for one in wanted} == {"digit", "not_a_digit", "blank"}
    assert any(one.too_doubtful for one in wanted) == (min_confidence > 0)
    for found, one in zip(results, wanted, strict=True):
        for field, value in (
            ("verdict", one.verdict),
            ("digit", one.digit),
            ("bestGuess", one.best_guess),
            ("tooDoubtful", one.too_doubtful),
            ("hasPatch", one.patch is not None),
        ):
            assert found[field] == value
        if one.verdict == "blank":
            assert found["confidence"] is found["pDigit"] is found["runnerUp"] is None
            assert (found["probabilities"], found["shares"], found["texts"]) == (None, None, [])
            continue
        assert found["confidence"] == pytest.approx(one.confidence, abs=1e-4)
        assert found["pDigit"] == pytest.approx(one.p_digit, abs=1e-4)
        assert one.runner_up is not None
        assert found["runnerUp"]["digit"] == one.runner_up[0]
        assert found["runnerUp"]["probability"] == pytest.approx(one.runner_up[1], abs=1e-4)
        assert found["probabilities"] == pytest.approx(one.probabilities, abs=1e-4)
        assert found["shares"] == pytest.approx(shares_of(one), abs=1e-4)
        assert len(found["texts"]) == len(texts_of(one))


def test_percentages_are_written_as_in_python(run_module: Any) -> None:
    rng = np.random.default_rng(6)
    shares = [0.0, 1.0, 0.987, 0.99999, 0.00001, 0.5, 0.1225, 0.3375, 0.0005, 0.9995, 0.00025]
    shares += [k / 800 for k in range(801)] + rng.random(200).tolist()
    rows = [(row / row.sum()).tolist() for row in rng.random((300, 10)) ** 12]
    rows += [[0.99996, 0.00004, *[0.0] * 8], [0.1] * 10, [1.0, *[0.0] * 9]]
    texts = ["Otherwise a 3: < 0.1 %", "> 99.9 %", "7 > 3", "5 %"]
    written = run_module(
        """async ({ load }, { shares, rows, texts }) => {
            const { percent, percentTexts, unbroken } = await load("ui/percents.js");
            return [shares.map(percent), rows.map(percentTexts), texts.map(unbroken)];
        }""",
        {"shares": shares, "rows": rows, "texts": texts},
    )
    assert written[0] == [percent(share) for share in shares]
    assert written[1] == [percent_texts(row) for row in rows]
    assert written[2] == [unbroken(text) for text in texts]


def test_a_threshold_outside_of_0_to_1_is_refused(run_module: Any) -> None:
    assert run_module(
        """async ({ load }) => {
            const { Recognizer } = await load("recognizer.js");
            return [-0.1, 1.5, NaN].every((minConfidence) => {
                try {
                    new Recognizer({}, { minConfidence });
                } catch (error) {
                    return error instanceof RangeError;
                }
                return false;
            });
        }"""
    )

"""Uploaded images in the browser: the same answers as Python's, and a sentence for bad files."""

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from digitus.imaging.strokes import render_strokes
from digitus.recognizer import Prediction, Recognizer
from digitus.synthesis.pen.digit_strokes import draw_digit, place

EXAMPLES = Path(__file__).parents[2] / "examples"
N_IMAGES = 60

READ = """async ({ load }, files) => {
    const { patchOfFile } = await load("imaging/preprocessing.js");
    const read = async ({ name, base64 }) => {
        const text = atob(base64);
        const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
        try {
            const { patch, preview } = await patchOfFile(new File([bytes], name));
            return { patch: patch && Array.from(patch), size: [preview.width, preview.height] };
        } catch (error) {
            return { error: error.message, kind: error.constructor.name };
        }
    };
    const results = [];
    for (const file of files) results.push(await read(file));
    return results;
}"""


def as_argument(name: str, data: bytes) -> dict[str, str]:
    return {"name": name, "base64": base64.b64encode(data).decode()}


def encoded(pixels: NDArray[Any], kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(file, kind, **options)
    return file.getvalue()


def photo_of(i: int) -> tuple[str, bytes]:
    """Draw a digit on paper of one of five kinds."""
    rng = np.random.default_rng([15, i])
    width, height = (int(side) for side in rng.integers(120, 700, 2))
    size = rng.uniform(0.4, 0.7) * min(width, height)
    strokes = place(
        draw_digit(i % 10, rng),
        size=size,
        left=rng.uniform(0.05, 0.9) * (width - size),
        top=rng.uniform(0.05, 0.9) * (height - size),
    )
    ink = render_strokes(strokes, width=width, height=height, pen_px=size * rng.uniform(0.05, 0.14))
    kind = ("dark on light", "light on dark", "uneven", "noisy", "jpeg")[i // 10 % 5]
    paper, pen = (rng.uniform(190, 255), rng.uniform(10, 90))
    if kind == "light on dark":
        paper, pen = pen, paper
    grey = paper + (pen - paper) * ink
    if kind in ("uneven", "jpeg"):
        across, down = np.linspace(0, 1, width), np.linspace(0, 1, height)[:, None]
        grey = grey * (1 - rng.uniform(0.2, 0.5) * (across + down * rng.random()) / 2)
    if kind in ("noisy", "jpeg"):
        grey = grey + rng.normal(0, 8, grey.shape)
    if kind == "jpeg":
        color = np.clip(grey, 0, 255)[:, :, None] * rng.uniform(0.85, 1, 3)
        return f"{i} {kind}.jpg", encoded(color, "JPEG", quality=80)
    return f"{i} {kind}.png", encoded(np.clip(grey, 0, 255))


def answer(found: Prediction) -> tuple[str, int | None]:
    return found.verdict, found.digit


def test_images_are_answered_as_in_python(run_module: Any) -> None:
    files = [photo_of(i) for i in range(N_IMAGES)]
    files += [(path.name, path.read_bytes()) for path in sorted(EXAMPLES.glob("*.??g"))]
    recognizer, others, differences = Recognizer(), [], []
    for (name, data), result in zip(
        files, run_module(READ, [as_argument(*file) for file in files]), strict=True
    ):
        wanted = recognizer.predict(data)
        if wanted.patch is None or result.get("patch") is None:
            print(name, wanted, result.get("error"))
            others.append(name)
            continue
        patch = np.array(result["patch"], np.float32).reshape(28, 28)
        found = recognizer.predict_patches(patch[None])[0]
        differences.append(np.abs(patch - wanted.patch).mean())
        print(name, differences[-1])
        if answer(found) != answer(wanted):
            others.append(f"{name}: {answer(found)}, {answer(wanted)} in Python")
    print(len(files), others, np.median(differences), np.sort(differences)[-10:])
    assert len(others) <= 1, others

"""Accuracy, calibration and rejection on real images of single digits and of other things.

    python benchmarks/handwriting.py FOLDER [--model cnn,mlp] [--json] [--sheet FILE.png]

FOLDER has any of these sub-folders, or is one of them:
  singles/labels.csv      file, label (0 to 9), kind; the images beside it
  not_digits/labels.csv   file, kind, digit_like (not empty: left out); the images beside it
  strokes/*.json          {"0": [glyph, ...]}, a glyph is a list of strokes, a stroke of [x, y]

"accepted" counts the verdict `digit`. "digits at 98 %" is the share of negatives with a `p_digit`
of at least the threshold that 98 % of the true digits reach. Intervals are 95 % (Wilson 1927). The
sheet shows the mistakes; keep it in an ignored folder, such as build/.
"""

import argparse
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from digitus import Recognizer
from digitus.errors import ImageError
from digitus.evaluation.calibration_error import expected_calibration_error, reliability_bins
from digitus.evaluation.scores import wilson_interval
from digitus.recognizer import Prediction

CANVAS_PX, DRAWING_PX = 280, 200
PENS_PX = (6.0, 14.0, 22.0)
"""The window's thin, usual and thick pen."""
ACCEPTED = 0.98


@dataclass(frozen=True)
class Answer:
    """The prediction of an image and its true digit, None if it shows no digit."""

    name: str
    kind: str
    truth: int | None
    found: Prediction

    @property
    def right(self) -> bool:
        """Whether the likeliest digit is the true one, accepted or not."""
        return self.found.best_guess is not None and self.found.best_guess == self.truth


def labelled(folder: Path) -> list[dict[str, str]]:
    """Read labels.csv."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_images(recognizer: Recognizer, folder: Path) -> Iterator[Answer]:
    """Read the images of a folder with labels.csv."""
    for row in labelled(folder):
        if row.get("digit_like"):
            continue
        try:
            found = recognizer.predict(folder / row["file"])
        except ImageError as error:
            print(error)
            found = Prediction("blank")
        truth = int(row["label"]) if "label" in row else None
        yield Answer(row["file"], row["kind"], truth, found)


def read_strokes(recognizer: Recognizer, folder: Path) -> Iterator[Answer]:
    """Draw each glyph on the window's canvas with each pen, and read it."""
    for path in sorted(folder.glob("*.json")):
        for key, glyphs in json.loads(path.read_text(encoding="utf-8")).items():
            for i, glyph in enumerate(glyphs):
                for pen_px in PENS_PX:
                    found = recognizer.predict_strokes(
                        on_canvas(glyph), width=CANVAS_PX, height=CANVAS_PX, pen_px=pen_px
                    )
                    yield Answer(f"{key} of writer {i}", f"pen {pen_px:g} px", int(key), found)


def on_canvas(glyph: list[list[list[float]]]) -> list[list[tuple[float, float]]]:
    """Scale a glyph to the center of the canvas and keep its aspect ratio."""
    points = np.array([point for stroke in glyph for point in stroke], float)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = DRAWING_PX / max(*(high - low), 1.0)
    left, top = CANVAS_PX / 2 - (low + high) / 2 * scale
    return [[(left + x * scale, top + y * scale) for x, y in stroke] for stroke in glyph]


def share(hits: int, n: int) -> dict[str, Any]:
    """Return a share with its interval."""
    return {"n": n, "hits": hits, "share": hits / n, "interval": wilson_interval(hits, n)}


def score_digits(answers: list[Answer]) -> dict[str, Any]:
    """Return the accuracy of all digits and of each kind, the ECE, and the share accepted."""
    kinds = sorted({answer.kind for answer in answers})
    groups = {"all": answers} | {k: [a for a in answers if a.kind == k] for k in kinds}
    confidence = np.array([answer.found.confidence or 0.0 for answer in answers])
    right = np.array([answer.right for answer in answers])
    return {
        "right": {k: share(sum(a.right for a in group), len(group)) for k, group in groups.items()},
        "ece": expected_calibration_error(reliability_bins(confidence, right)),
        "accepted": share(sum(a.found.digit is not None for a in answers), len(answers)),
    }


def p_digit(answer: Answer) -> float:
    """Return the probability that an image shows a digit; 0 for a blank."""
    found = answer.found
    if found.probabilities is None or found.confidence is None:
        return 0.0
    return found.confidence / max(found.probabilities)


def score_negatives(negatives: list[Answer], digits: list[Answer]) -> dict[str, Any]:
    """Return the share of negatives accepted, at the model's threshold and at that of 98 %."""
    result = {"accepted": share(sum(a.found.digit is not None for a in negatives), len(negatives))}
    if digits:
        threshold = float(np.quantile([p_digit(a) for a in digits], 1 - ACCEPTED, method="lower"))
        passed = sum(p_digit(a) >= threshold for a in negatives)
        result["digits at 98 %"] = share(passed, len(negatives)) | {"from": threshold}
    return result


def measure(model: str, folder: Path) -> tuple[dict[str, Any], list[Answer]]:
    """Return the scores and the mistakes of a model on the sub-folders that exist."""
    recognizer, scores, mistakes = Recognizer(model), dict[str, Any](), list[Answer]()
    read: dict[str, list[Answer]] = {}
    for name, reader in {
        "singles": read_images,
        "strokes": read_strokes,
        "not_digits": read_images,
    }.items():
        place = folder if folder.name == name else folder / name
        if not place.is_dir():
            continue
        read[name] = answers = list(reader(recognizer, place))
        if name == "not_digits":
            scores[name] = score_negatives(answers, read.get("singles", []))
            mistakes += [answer for answer in answers if answer.found.digit is not None]
        else:
            scores[name] = score_digits(answers)
            mistakes += [answer for answer in answers if not answer.right]
    return scores, mistakes


def show(model: str, scores: dict[str, Any]) -> None:
    """Print the scores of a model."""
    print(f"\n{model}")
    for name, found in scores.items():
        rows = {
            **found.get("right", {}),
            **{k: v for k, v in found.items() if k not in ("right", "ece")},
        }
        for what, value in rows.items():
            low, high = value["interval"]
            print(
                f"  {name:<11}{what:<16}{value['hits']:5d} of {value['n']:4d}"
                f"  {value['share']:7.2%}  ({low:.1%} to {high:.1%})"
            )
        if "ece" in found:
            print(f"  {name:<11}{'ECE':<16}{'':14}{found['ece']:7.2%}")


def draw_sheet(mistakes: list[Answer], path: Path) -> None:
    """Write an image of the mistakes: patch, true digit, predicted digit, confidence."""
    cell, columns = 96, 10
    rows = -(-len(mistakes) // columns) or 1
    sheet = Image.new("L", (columns * cell, rows * (cell + 34)), 255)
    pen = ImageDraw.Draw(sheet)
    for i, answer in enumerate(mistakes):
        left, top = i % columns * cell, i // columns * (cell + 34)
        if answer.found.patch is not None:
            pixels = (255 * (1 - answer.found.patch)).astype(np.uint8)
            sheet.paste(
                Image.fromarray(pixels).resize((cell - 8,) * 2, Image.Resampling.NEAREST),
                (left, top),
            )
        truth = "no digit" if answer.truth is None else answer.truth
        confidence = answer.found.confidence or 0.0
        pen.text(
            (left, top + cell - 6),
            f"{truth} read {answer.found.best_guess} {confidence:.0%}",
            fill=0,
        )
        pen.text((left, top + cell + 8), answer.name[:15], fill=96)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)


def main() -> None:
    """Measure the models and print the scores."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="cnn,mlp", help="shipped names or files, with commas")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="the first model's mistakes")
    options = parser.parse_args()
    models = options.model.split(",")
    results = {model: measure(model, options.folder) for model in models}
    if options.as_json:
        print(json.dumps({model: scores for model, (scores, _) in results.items()}, indent=1))
    else:
        for model, (scores, _) in results.items():
            show(model, scores)
    if options.sheet is not None:
        draw_sheet(results[models[0]][1], options.sheet)


if __name__ == "__main__":
    main()

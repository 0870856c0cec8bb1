"""What becomes of each character and kind of page: read, flagged, not read, or silently wrong.

    python benchmarks/kinds.py [--n 2] [--parts characters,numbers,pages] [--rows "slash; minus"]
                               [--seed 17] [--model cnn] [--json]

`drawn/` draws images and pages with `digitus.synthesis`: half of the digits by its pen, half of
MNIST's training rows 55,000 to 59,999, which no shipped model is trained on. These pens, papers and
shapes are those of training, so the rates compare kinds with each other; other handwriting may be
read less well.

  characters  one in an image, 12 n images: the digits that are right or wrong, and all verdicts
  numbers     n pages, on each about ten numbers with a character, or what is no number, among whole
              numbers: read as written and not flagged; flagged; nothing read; silently wrong
  pages       n pages of each kind of paper, pen, size, position, table and light: the same of their
              numbers; pages wholly right; numbers read where none is; cells that are right
Shares have 95 % intervals (Wilson 1927), as if numbers of one page were independent.

    python benchmarks/kinds.py --n 3 --json > docs/kinds.json   # five minutes of one core
    python benchmarks/limits.py                                 # writes the rates into limits.md
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np

from digitus.reader import Reader
from digitus.recognizer import Recognizer
from drawn import alone, numbers, pages
from drawn.scores import OUTCOMES, Score, outcomes_of, score_alone, score_items, score_pages

SEED, IMAGES = 17, 12
"""Images of each character for each page of the other parts."""
Rng: TypeAlias = np.random.Generator


def measure_alone(name: str, n: int, seed: int, recognizer: Any) -> Score:
    """Read the images of a character, or of something else."""
    drawn = (alone.ROWS[name](rng, number) for number, rng in _generators(name, IMAGES * n, seed))
    return score_alone([(one.digit, recognizer.predict(one.image)) for one in drawn])


def measure_numbers(name: str, n: int, seed: int, reader: Any) -> Score:
    """Read pages with a kind of items."""
    outcomes, has_text = [], False
    for number, rng in _generators(name, n, seed):
        page = numbers.page_of(name, rng, number)
        outcomes += outcomes_of(page, reader.read(page.image))
        has_text = has_text or any(place.texts for place in page.places if place.is_counted)
    return score_items(outcomes, has_text=has_text)


def measure_pages(name: str, n: int, seed: int, reader: Any) -> Score:
    """Read pages of a kind."""
    drawn = [pages.page_of(name, rng, number) for number, rng in _generators(name, n, seed)]
    return score_pages([(page, reader.read(page.image)) for page in drawn])


def _generators(name: str, n: int, seed: int) -> Iterator[tuple[int, Rng]]:
    """Yield numbers and generators that depend on the row's name, not on its place."""
    for number in range(n):
        yield number, np.random.default_rng([seed, number, *name.encode()])


PARTS: dict[str, tuple[tuple[str, ...], Callable[..., Score]]] = {
    "characters": (tuple(alone.ROWS), measure_alone),
    "numbers": (tuple(numbers.MAKERS), measure_numbers),
    "pages": (tuple(pages.KINDS), measure_pages),
}
"""Names of the rows and the function that measures one, by part."""


def measure(
    parts: list[str], rows: list[str], n: int, seed: int, *, model: str | None
) -> dict[str, dict[str, Score]]:
    """Measure the rows of some parts; no name stands for all rows."""
    recognizer, reader = Recognizer(model), Reader(model)
    scores: dict[str, dict[str, Score]] = {}
    for part in parts:
        names, function = PARTS[part]
        engine = recognizer if part == "characters" else reader
        chosen = [name for name in names if not rows or name in rows]
        scores[part] = {name: function(name, n, seed, engine) for name in chosen}
    return scores


def as_json(scores: dict[str, dict[str, Score]]) -> str:
    """Return the scores as JSON, a row on each line, shares with four decimals."""
    parts = []
    for part, rows in scores.items():
        lines = [f"  {json.dumps(name)}: {json.dumps(_rounded(row))}" for name, row in rows.items()]
        parts.append(f" {json.dumps(part)}: {{\n" + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(parts) + "\n}"


def _rounded(value: Any) -> Any:
    """Round all floats in JSON values."""
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value


def show(scores: dict[str, dict[str, Score]]) -> None:
    """Print the shares of each row."""
    for part, rows in scores.items():
        print(f"\n{part}")
        for name, found in rows.items():
            print(f"{name:50}{_line(part, found)}")


def _line(part: str, found: Score) -> str:
    if part == "characters":
        verdicts = ", ".join(
            f"{verdict} {one['share']:.1%}" for verdict, one in found["verdicts"].items()
        )
        return f"{_percent(found['right'])} right {_percent(found['wrong'])} wrong   {verdicts}"
    shares = "  ".join(f"{name} {_percent(found[name])}" for name in OUTCOMES)
    if part == "numbers":
        return f"{shares}  of {found['silent']['n']}"
    extra = found["extra"]
    return (
        f"{_percent(found['pages'])} of {found['pages']['n']} pages  {shares}  of "
        f"{found['silent']['n']}  extra {extra['flagged']} + {extra['silent']}  "
        f"cells {_percent(found['cells'])}"
    )


def _percent(part: dict[str, Any]) -> str:
    return f"{'-':>6}" if part["share"] is None else f"{part['share']:6.1%}"


def main() -> None:
    """Draw, read and count; print the scores as text or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=2, help="pages of each row")
    parser.add_argument("--parts", default=",".join(PARTS), help="names, with commas")
    parser.add_argument("--rows", default="", help="names, with semicolons; default: all")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--model", help="a shipped name or a file; default: the default model")
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    parts = options.parts.split(",")
    if unknown := [part for part in parts if part not in PARTS]:
        parser.error(f"unknown parts: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    rows = [row.strip() for row in options.rows.split(";") if row.strip()]
    every = {name for part in parts for name in PARTS[part][0]}
    if unknown := [row for row in rows if row not in every]:
        parser.error(f"unknown rows: {'; '.join(unknown)}; there are {'; '.join(sorted(every))}")
    started = time.process_time()
    scores = measure(parts, rows, options.n, options.seed, model=options.model)
    print(as_json(scores), flush=True) if options.as_json else show(scores)
    print(f"{time.process_time() - started:.0f} s of one core", file=sys.stderr)


if __name__ == "__main__":
    main()

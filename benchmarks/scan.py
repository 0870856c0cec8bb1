"""An A4 scan at 300 dpi with 400 digits: reading time and peak memory.

    python benchmarks/scan.py [--model cnn] [--repeat 3] [--quick] [--json] [--keep FILE.png]

The scan is synthetic: 100 numbers of four digits from MNIST's training part, 5 mm high, in 20 lines
on a grey PNG of 2480 x 3508 pixels. A separate process reads it, from the file to the Reading.
"first" is the first page that the process reads, including all lazy initialization; "then" is the
median of --repeat more. Imports and loading the model are measured separately. Memory is the peak
resident memory of the whole process; 1 MB is 10^6 bytes.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image

from digitus.data import load
from digitus.synthesis.pages.sheet_writer import Sheet, SheetWriter, WritingStyle
from digitus.synthesis.papers.papers import PENS, cover, plain_paper
from digitus.synthesis.pen.writers import PatchWriter
from memory import run
from reading.engines import PageReader, digits_of
from reading.scores import edit_distance

ROWS, COLS, PX_PER_MM = 3508, 2480, 300 / 25.4
HEIGHT_PX = 5 * PX_PER_MM
LINES, NUMBERS, LENGTH = 20, 5, 4
MAX_SECONDS, MAX_MB = 1.5, 500
SEED = 4


def make_scan(path: Path) -> str:
    """Write the scan and return its digits in reading order."""
    rng = np.random.default_rng(SEED)
    writer = PatchWriter.of_one_pen(load("mnist").train, HEIGHT_PX, rng)
    sheet = Sheet.blank(ROWS, COLS, margin=0.02)
    page_writer = SheetWriter(
        sheet, writer, WritingStyle(gap=0.35, number_gap=1.5, size_spread=0.03), rng
    )
    pitch = (ROWS - 4 * HEIGHT_PX) / LINES
    for line in range(LINES):
        numbers = rng.integers(10 ** (LENGTH - 1), 10**LENGTH, NUMBERS)
        page_writer.line(
            [str(number) for number in numbers], 200, round((line + 1) * pitch + HEIGHT_PX)
        )
    paper = plain_paper(ROWS, COLS, rng)
    cover(paper, sheet.ink, PENS["black"], rng)
    grey = np.rint(255 * paper[:, :, 1].clip(0, 1)).astype(np.uint8)
    Image.fromarray(grey).save(path, dpi=(300, 300), compress_level=1)
    return sheet.truth.digits


def read_scan(reader: PageReader, path: Path, repeat: int) -> dict[str, Any]:
    """Read the scan ``repeat`` + 1 times; return the digits of the first time, and the seconds."""
    seconds, found = list[float](), ""
    for number in range(repeat + 1):
        started = time.perf_counter()
        reading = reader.read(path)
        seconds.append(time.perf_counter() - started)
        found = found if number else digits_of(reading)
    then = median(seconds[1:]) if repeat else None
    return {"first_s": seconds[0], "then_s": then, "digits": found}


def child(path: Path, model: str | None, repeat: int) -> None:
    """Read the scan in this process and print the result as JSON."""
    started = time.perf_counter()
    from digitus.reader import Reader

    reader = Reader(model)
    loading_s = time.perf_counter() - started
    print(json.dumps({"loading_s": loading_s, **read_scan(reader, path, repeat)}))


def measure(path: Path, model: str | None, repeat: int) -> dict[str, Any]:
    """Write the scan, read it in a separate process, and score it."""
    truth = make_scan(path)
    command = [sys.executable, __file__, "--read", str(path), "--repeat", str(repeat)]
    usage = run(command + (["--model", model] if model else []))
    found = json.loads(usage.printed)
    wrong = edit_distance(found.pop("digits"), truth)
    return {"digits": len(truth), "wrong": wrong, **found, "resident_mb": usage.resident_mb}


def show(found: dict[str, Any]) -> None:
    """Print the measurements beside their limits."""
    then = "" if found["then_s"] is None else f", then {found['then_s']:.2f} s"
    print(
        f"A4 at 300 dpi, {found['digits']} digits: first {found['first_s']:.2f} s{then}"
        f" (at most {MAX_SECONDS} s), after {found['loading_s']:.2f} s of loading\n"
        f"peak {found['resident_mb']:.0f} MB resident (at most {MAX_MB})\n"
        f"digit errors: {found['wrong']} of {found['digits']}"
    )


def main() -> None:
    """Print the measurements as text or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", help="a shipped name or a file; default: the default model")
    parser.add_argument("--repeat", type=int, default=3, help="how many times to read it again")
    parser.add_argument("--quick", action="store_true", help="read it once")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="keep the scan in FILE")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)  # the separate process
    options = parser.parse_args()
    if options.read:
        return child(options.read, options.model, options.repeat)
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "scan.png"
        found = measure(path, options.model, 0 if options.quick else options.repeat)
    return print(json.dumps(found, indent=1)) if options.as_json else show(found)


if __name__ == "__main__":
    main()

"""A 300-dpi A4 scan with 400 digits: seconds and peak memory of reading it.

    python benchmarks/scan.py [--model cnn] [--repeat 3] [--quick] [--json] [--keep FILE.png]

The scan is synthetic: 100 numbers of four digits of MNIST's training part, 5 mm high, in 20 lines
on a grey PNG of 2480 x 3508 pixels. It is read in a process of its own, from the file to the
Reading. "first" is the first page that the process reads, with all that is made at first use,
"then" the median of --repeat more; imports and the loading of the model come before and are told
apart. Memory is the process's peak resident memory as a whole. A MB is 10^6 bytes.
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
SECONDS_AT_MOST, MB_AT_MOST = 1.5, 500
SEED = 4


def make_scan(path: Path) -> str:
    """Write the scan and give its digits in reading order."""
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
    """Read the scan several times; give the digits of the first time, and the seconds."""
    seconds, found = list[float](), ""
    for number in range(repeat + 1):
        started = time.perf_counter()
        reading = reader.read(path)
        seconds.append(time.perf_counter() - started)
        found = found if number else digits_of(reading)
    then = median(seconds[1:]) if repeat else None
    return {"first_s": seconds[0], "then_s": then, "digits": found}


def child(path: Path, model: str | None, repeat: int) -> None:
    """Read the scan in this process and print what came."""
    started = time.perf_counter()
    from digitus.reader import Reader

    reader = Reader(model)
    loading_s = time.perf_counter() - started
    print(json.dumps({"loading_s": loading_s, **read_scan(reader, path, repeat)}))


def measure(path: Path, model: str | None, repeat: int) -> dict[str, Any]:
    """Write the scan, read it in a process of its own, and score it."""
    truth = make_scan(path)
    command = [sys.executable, __file__, "--read", str(path), "--repeat", str(repeat)]
    usage = run(command + (["--model", model] if model else []))
    found = json.loads(usage.printed)
    wrong = edit_distance(found.pop("digits"), truth)
    return {"digits": len(truth), "wrong": wrong, **found, "resident_mb": usage.resident_mb}


def show(found: dict[str, Any]) -> None:
    """Print what was measured beside what it may be at most."""
    then = "" if found["then_s"] is None else f", then {found['then_s']:.2f} s"
    print(
        f"A4 at 300 dpi, {found['digits']} digits: first {found['first_s']:.2f} s{then}"
        f" (at most {SECONDS_AT_MOST} s), after {found['loading_s']:.2f} s of loading\n"
        f"peak {found['resident_mb']:.0f} MB resident (at most {MB_AT_MOST})\n"
        f"digit errors: {found['wrong']} of {found['digits']}"
    )


def main() -> None:
    """Print or dump what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", help="a shipped name or a file; default: the default model")
    parser.add_argument("--repeat", type=int, default=3, help="how often to read it again")
    parser.add_argument("--quick", action="store_true", help="read it once")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="keep the scan here")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)  # how it calls itself
    options = parser.parse_args()
    if options.read:
        return child(options.read, options.model, options.repeat)
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "scan.png"
        found = measure(path, options.model, 0 if options.quick else options.repeat)
    return print(json.dumps(found, indent=1)) if options.as_json else show(found)


if __name__ == "__main__":
    main()

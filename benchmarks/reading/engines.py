"""Readers to compare: digitus, and Tesseract and RapidOCR if they are installed.

Each returns the digits of an image in its reading order, without other characters.
"""

import logging
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any, Protocol

from digitus.errors import DigitusError

Engine = Callable[[Path], str]
DIGITS, DOUBTFUL = "0123456789", "?"
PAGE, LINE = 6, 7
"""Tesseract's page segmentation modes: a block of text, one line of text."""


class PageReader(Protocol):
    """The part of ``digitus.reader.Reader`` that benchmarks use."""

    def read(self, image: Any) -> Any:
        """Read an image, as ``Reader.read`` does."""


def numbers_of(reading: Any) -> list[Any]:
    """Return the numbers of a Reading in reading order."""
    return [number for page in reading.pages for line in page.lines for number in line.numbers]


def digits_of(reading: Any) -> str:
    """Return the digits of a Reading in reading order, with "?" for a declined one."""
    return "".join(number.digit_text for number in numbers_of(reading))


def digits_and_doubts(text: str) -> str:
    """Remove all characters but digits and "?" for a declined one.

    >>> digits_and_doubts("-1?.5")
    '1?5'
    """
    return "".join(character for character in text if character in DIGITS + DOUBTFUL)


def digitus(reader: PageReader) -> Engine:
    """Return the engine of a digitus reader; an image that cannot be read has no digits."""

    def read(path: Path) -> str:
        try:
            return digits_of(reader.read(path))
        except DigitusError as error:
            print(error, file=sys.stderr)
            return ""

    return read


def tesseract(mode: int) -> Engine | None:
    """Return the engine of the command `tesseract`, digits only; None if it is not installed."""
    program = which("tesseract")
    if program is None:
        return None

    def read(path: Path) -> str:
        command = [program, str(path), "-", "--psm", str(mode)]
        command += ["-c", f"tessedit_char_whitelist={DIGITS}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return only_digits(done.stdout)

    return read


def rapidocr() -> Engine | None:
    """Return the engine of the package rapidocr or rapidocr_onnxruntime; None without both."""
    logging.disable(logging.WARNING)  # RapidOCR logs each file that it opens
    if find_spec("rapidocr") is not None:
        read = import_module("rapidocr").RapidOCR()
        return lambda path: only_digits("".join(read(str(path)).txts or ()))
    if find_spec("rapidocr_onnxruntime") is not None:
        older = import_module("rapidocr_onnxruntime").RapidOCR()
        return lambda path: only_digits("".join(row[1] for row in older(str(path))[0] or ()))
    return None


def side_by_side(reader: PageReader, mode: int) -> dict[str, Engine]:
    """Return the engines by name; report those that are not installed on stderr."""
    found = {"digitus": digitus(reader), "tesseract": tesseract(mode), "rapidocr": rapidocr()}
    for name in (name for name, engine in found.items() if engine is None):
        print(f"{name} is not installed; skipped", file=sys.stderr)
    return {name: engine for name, engine in found.items() if engine is not None}


def only_digits(text: str) -> str:
    """Remove all characters but digits.

    >>> only_digits("1.250,- 7")
    '12507'
    """
    return "".join(character for character in text if character in DIGITS)

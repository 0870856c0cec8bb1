"""Contents of a page: lines of numbers, a list, a form, scattered digits, a grid, or one amount."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from digitus.imaging.arrays import Ink
from digitus.synthesis.lines.number_texts import random_number_text
from digitus.synthesis.pages.page_truth import TrueNumber
from digitus.synthesis.pages.score_grids import draw_grid_lines, fill_grid, random_grid
from digitus.synthesis.pages.sheet_writer import Sheet, SheetWriter, WritingStyle

LABELS = ("Date", "Total", "No", "Amount", "Hours", "Points", "Meter", "Height", "Name of item")
"""Words printed on forms."""
MARKERS = ("A", "a", "C", "d", "E", "F", "H", "K", "n", "N", "P", "R", "T", "x", "y")
"""Letters in front of a number: grades, marked answers, names of quantities."""
UNITS = ("m", "cm", "km", "mm", "h", "min", "t", "kW", "V", "A", "Pa", "ha", "mA")
"""Letters behind a number."""


@dataclass(frozen=True)
class ContentParameters:
    """Parameters of a page's contents. Set by hand.

    A height is that of a digit, a pitch the distance of the ruled lines.

    Attributes:
        first_line: row of the first ruled line, and of the first baseline, in pitches.
        seat: distance between a ruled line and the digits above it, in heights.
        words_share: share of the pages of lines that begin with a line of words.
        form_blank_share: share of a form's fields that are blank.
        round_share: share of the amounts that end in zeros.
        amount_line_share: share of the amounts above a printed line.
        marked_share: share of the numbers with marks, on pages of numbers as they are written.
        marker_share: share of the numbers with a letter in front, on a page where some have one.
        unit_share: the same for a unit behind them.
        letter_gap: range of the distance between a number and a letter beside it, in heights.
        column: place of a list's numbers, as a share of the sheet's width.
        column_spread: standard deviation of that place from line to line, in heights.
        label: size of a form's print, in heights.
        line: width of a form's lines, in heights.
    """

    first_line: float = 1.5
    seat: float = 0.04
    words_share: float = 0.25
    form_blank_share: float = 0.15
    round_share: float = 0.4
    amount_line_share: float = 0.4
    marked_share: float = 0.75
    marker_share: float = 0.4
    unit_share: float = 0.5
    letter_gap: tuple[float, float] = (0.2, 0.7)
    column: tuple[float, float] = (0.45, 0.75)
    column_spread: float = 0.25
    label: float = 0.55
    line: float = 0.05


PARAMETERS = ContentParameters()

Content: TypeAlias = Literal[
    "lines",
    "marked lines",
    "letters and units",
    "list",
    "form",
    "scattered",
    "grid",
    "drawn grid",
    "amount",
]


def random_number(rng: np.random.Generator) -> str:
    """Return a random number of one to six digits, a decimal fraction or a date."""
    number, kind = int(rng.integers(0, 10 ** rng.integers(1, 7))), rng.random()
    if kind < 0.08:
        return f"{number % 1000}.{rng.integers(100):02d}"
    if kind < 0.14:
        return f"{number % 1000},{rng.integers(10)}"
    if kind < 0.18:
        return f"{rng.integers(1, 29):02d}-{rng.integers(1, 13):02d}-{rng.integers(1950, 2040)}"
    return str(number)


def number_as_written(rng: np.random.Generator) -> str:
    """Return a whole number, or a number with marks, such as ``-3.5`` or ``07:30``."""
    if rng.random() < PARAMETERS.marked_share:
        return random_number_text(rng, is_plausible=True)
    return str(rng.integers(0, 10 ** rng.integers(1, 5)))


def _lines(writer: SheetWriter, text: Callable[[np.random.Generator], str] = random_number) -> None:
    """Write lines of numbers on part of a sheet, in some cases below a line of words."""
    height, rng = writer.digit_writer.height_px, writer.rng
    baselines, left = _baselines(writer, writer.style.pitch * height)
    per_line, used = int(rng.integers(1, 7)), int(rng.integers(2, max(3, len(baselines)) + 1))
    for i, baseline in enumerate(baselines[:used]):
        start = left + round(abs(rng.normal(scale=0.3 * height)))
        if i == 0 and rng.random() < PARAMETERS.words_share:
            _words(writer, start, baseline)
        else:
            writer.line([text(rng) for _ in range(per_line)], start, baseline)


def _marked_lines(writer: SheetWriter) -> None:
    """Write lines of numbers with all marks."""
    _lines(writer, number_as_written)


def _letters_and_units(writer: SheetWriter) -> None:
    """Write lines of numbers, some with a letter in front, some with a unit behind."""
    rng, height = writer.rng, writer.digit_writer.height_px
    baselines, left = _baselines(writer, writer.style.pitch * height)
    per_line, used = int(rng.integers(1, 5)), int(rng.integers(2, max(3, len(baselines)) + 1))
    for baseline in baselines[:used]:
        start, numbers = left, list[TrueNumber]()
        while len(numbers) < per_line:
            row = baseline - round(writer.style.climb * (start - left))
            found = _with_letters(writer, start, row)
            if found is None:
                break
            number, end = found
            numbers.append(number)
            start = end + round(writer.number_gap_px())
        writer.sheet.add_line(numbers)


def _with_letters(writer: SheetWriter, left: int, baseline: int) -> tuple[TrueNumber, int] | None:
    """Write a number, in some cases between letters; return it and the column after all of it."""
    rng, gaps_px = writer.rng, writer.digit_writer.height_px * np.array(PARAMETERS.letter_gap)
    if rng.random() < PARAMETERS.marker_share:
        box = writer.letters(str(rng.choice(MARKERS)), left, baseline)
        if box is None:
            return None
        left = box[0] + box[2] + round(rng.uniform(*gaps_px))
    number = writer.number(number_as_written(rng), left, baseline)
    if number is None:
        return None
    if rng.random() < PARAMETERS.unit_share:
        at = number.end + round(rng.uniform(*gaps_px))
        box = writer.letters(str(rng.choice(UNITS)), at, baseline)
        if box is not None:
            return number, box[0] + box[2]
    return number, number.end


def _list(writer: SheetWriter) -> None:
    """Write a word and a number into each line, the numbers below each other."""
    rng, height = writer.rng, writer.digit_writer.height_px
    baselines, left = _baselines(writer, writer.style.pitch * height)
    column = round(rng.uniform(*PARAMETERS.column) * writer.sheet.ink.shape[1])
    for baseline in baselines[: int(rng.integers(2, max(3, len(baselines)) + 1))]:
        word = writer.word(int(rng.integers(3, 8)), left, baseline)
        end = 0 if word is None else word[0] + word[2]
        at = column + round(rng.normal(scale=PARAMETERS.column_spread) * height)
        start = max(at, end + round(height))
        row = baseline - round(writer.style.climb * (start - left))
        writer.line([number_as_written(rng)], start, row)


def _form(writer: SheetWriter) -> None:
    """Print labels, each followed by a line, and write numbers on most of the lines."""
    height, rng, sheet = writer.digit_writer.height_px, writer.rng, writer.sheet
    baselines, left = _baselines(writer, writer.style.pitch * height)
    field_px = round(rng.uniform(3.5, 6) * height)
    for baseline in baselines:
        start, numbers = left, list[TrueNumber | None]()
        while (at := print_field(sheet, (start, baseline), height, field_px, rng)) is not None:
            if rng.random() > PARAMETERS.form_blank_share:
                text = random_number(rng)[: max(1, int(field_px / height / 1.1))]
                seat = baseline - round(abs(rng.normal(scale=0.06)) * height)
                at_px = at + round(rng.uniform(0.1, 0.3) * height)
                numbers.append(writer.number(text, at_px, seat))
            start = at + field_px + round(0.6 * height)
        sheet.add_line(number for number in numbers if number is not None)


def _baselines(writer: SheetWriter, pitch_px: float) -> tuple[list[int], int]:
    """Return the rows of the baselines, one per ruled line, and the column where lines start."""
    (rows, cols), (free_rows, free_cols) = writer.sheet.ink.shape, writer.sheet.margin_px
    height = writer.digit_writer.height_px
    every = np.arange(PARAMETERS.first_line * pitch_px, rows, pitch_px) - PARAMETERS.seat * height
    fits = (every > free_rows + 1.1 * height) & (every < rows - free_rows - 0.3 * height)
    left = free_cols + round(writer.rng.uniform(0.02, 0.08) * cols)
    return np.rint(every[fits]).astype(int).tolist(), left


def _words(writer: SheetWriter, left: int, baseline: int) -> None:
    """Write one to three words."""
    for length in writer.rng.integers(3, 8, int(writer.rng.integers(1, 4))).tolist():
        box = writer.word(length, left, baseline)
        if box is None:
            return
        left = box[0] + box[2] + round(0.7 * writer.digit_writer.height_px)


def _scattered(writer: SheetWriter) -> None:
    """Write single digits far apart in uneven lines."""
    spread = replace(writer.style, number_gap=writer.rng.uniform(2.0, 3.5), climb_spread=0.02)
    baselines, left = _baselines(
        writer, writer.rng.uniform(3.0, 4.0) * writer.digit_writer.height_px
    )
    for baseline in baselines:
        row = baseline + round(writer.rng.normal(scale=0.25 * writer.digit_writer.height_px))
        texts = [str(digit) for digit in writer.rng.integers(0, 10, 12)]
        start = left + round(writer.rng.uniform(0, 2) * writer.digit_writer.height_px)
        replace(writer, style=spread).line(texts, start, row)


def _grid(writer: SheetWriter, *, is_drawn: bool = False) -> None:
    """Draw a grid and fill it."""
    height = writer.digit_writer.height_px
    grid = random_grid(writer.sheet, height, writer.rng, is_drawn=is_drawn)
    draw_grid_lines(writer.sheet, grid, height, writer.rng)
    fill_grid(writer, grid)


def _drawn_grid(writer: SheetWriter) -> None:
    _grid(writer, is_drawn=True)


def _amount(writer: SheetWriter) -> None:
    """Write one amount as on a cheque, with narrow gaps, with or without a line below."""
    rng, height = writer.rng, writer.digit_writer.height_px
    number = int(rng.integers(10, 10 ** rng.integers(2, 6)))
    if rng.random() < PARAMETERS.round_share:
        number = round(number, 1 - len(str(number)) + int(rng.integers(2)))
    text = f"{number:,}".replace(",", "." if rng.random() < 0.6 else "")
    text += ["", "", ".", ",-", f",{rng.integers(100):02d}"][int(rng.integers(5))]
    close = WritingStyle(
        gap=rng.uniform(0.08, 0.3), gap_spread=0.12, has_touching=rng.random() < 0.5
    )
    writer, baseline = replace(writer, style=close), round(1.55 * height)
    writer.line([text], round(0.4 * height), baseline)
    if rng.random() < PARAMETERS.amount_line_share:
        line = baseline + round(rng.uniform(0.0, 0.3) * height)
        writer.sheet.printed[line : line + max(1, round(PARAMETERS.line * height))] = rng.uniform(
            0.5, 1
        )
    for written in writer.sheet.lines:
        writer.sheet.cut(written.numbers[-1].end + round(0.4 * height))


def print_field(
    sheet: Sheet, corner: tuple[int, int], height_px: float, width_px: int, rng: np.random.Generator
) -> int | None:
    """Print a label and, after it, a line to write on.

    Args:
        sheet: changed.
        corner: first column and baseline.
        height_px: of a digit.
        width_px: length of the line.
        rng: chooses the label.

    Returns:
        The first column of the line; None if there is no room.
    """
    left, baseline = corner
    label = _printed(str(rng.choice(LABELS)), PARAMETERS.label * height_px)
    start: int = left + label.shape[1] + round(0.3 * height_px)
    line_px, below = max(1, round(PARAMETERS.line * height_px)), round(PARAMETERS.seat * height_px)
    if not sheet.has_room((left, baseline - len(label), start - left + width_px, len(label))):
        return None
    target = sheet.printed[baseline - len(label) : baseline, left : left + label.shape[1]]
    np.maximum(target, label, out=target)
    sheet.printed[baseline + below : baseline + below + line_px, start : start + width_px] = 1
    sheet.words.append((left, baseline - len(label), label.shape[1], len(label)))
    return start


def _printed(text: str, size_px: float) -> Ink:
    """Return printed text as ink, cropped."""
    mask = Image.new("L", (round(size_px * len(text)) + 8, round(2 * size_px) + 8))
    ImageDraw.Draw(mask).text((2, 2), text, fill=255, font=ImageFont.load_default(size_px))
    return np.asarray(mask.crop(mask.getbbox()), np.float32) / np.float32(255)


CONTENTS: dict[Content, Callable[[SheetWriter], None]] = {
    "lines": _lines,
    "marked lines": _marked_lines,
    "letters and units": _letters_and_units,
    "list": _list,
    "form": _form,
    "scattered": _scattered,
    "grid": _grid,
    "drawn grid": _drawn_grid,
    "amount": _amount,
}

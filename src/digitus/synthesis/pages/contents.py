"""What stands on a page: lines of numbers, forms, scattered digits, grids, one amount."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from digitus.imaging.arrays import Ink
from digitus.synthesis.pages.page_truth import TrueNumber
from digitus.synthesis.pages.score_grids import draw_frame, fill_grid, random_frame
from digitus.synthesis.pages.sheet_writer import Scribe, Sheet, Style

FIRST_LINE = 1.5  # where the first rule is, and the first line stands, in pitches
SEATED = 0.04  # of a digit's height, between the rule and the digit that stands on it
WORDS_SHARE = 0.25  # of the pages with lines, those with a line of words above
FORM_BLANK_SHARE = 0.15  # of a form's fields, those that are left blank
ROUND_SHARE = 0.4  # of the amounts, those that end in zeros
AMOUNT_LINE_SHARE = 0.4  # of the amounts, those above a printed line
LABELS = ("Date", "Total", "No", "Amount", "Hours", "Points", "Meter", "Height", "Name of item")
LABEL = 0.55  # size of a form's print, in heights of a digit
LINE = 0.05  # width of a form's line, in heights of a digit

Content: TypeAlias = Literal["lines", "form", "scattered", "grid", "drawn grid", "amount"]


def random_number(rng: np.random.Generator) -> str:
    """Draw a number of one to six digits as people write it, some with marks."""
    number, kind = int(rng.integers(0, 10 ** rng.integers(1, 7))), rng.random()
    if kind < 0.08:
        return f"{number % 1000}.{rng.integers(100):02d}"
    if kind < 0.14:
        return f"{number % 1000},{rng.integers(10)}"
    if kind < 0.18:
        return f"{rng.integers(1, 29):02d}-{rng.integers(1, 13):02d}-{rng.integers(1950, 2040)}"
    return str(number)


def _lines(scribe: Scribe) -> None:
    """Fill some of a sheet with lines of numbers, at times below a line of words."""
    height, rng = scribe.writer.height_px, scribe.rng
    baselines, left = _baselines(scribe, scribe.style.pitch * height)
    per_line, used = int(rng.integers(1, 7)), int(rng.integers(2, max(3, len(baselines)) + 1))
    for i, baseline in enumerate(baselines[:used]):
        start = left + round(abs(rng.normal(scale=0.3 * height)))
        if i == 0 and rng.random() < WORDS_SHARE:
            _words(scribe, start, baseline)
        else:
            scribe.line([random_number(rng) for _ in range(per_line)], start, baseline)


def _form(scribe: Scribe) -> None:
    """Print words with lines behind them, and write a number on each line, or none."""
    height, rng, sheet = scribe.writer.height_px, scribe.rng, scribe.sheet
    baselines, left = _baselines(scribe, scribe.style.pitch * height)
    field_px = round(rng.uniform(3.5, 6) * height)
    for baseline in baselines:
        start, numbers = left, list[TrueNumber | None]()
        while (at := print_field(sheet, (start, baseline), height, field_px, rng)) is not None:
            if rng.random() > FORM_BLANK_SHARE:
                text = random_number(rng)[: max(1, int(field_px / height / 1.1))]
                seat = baseline - round(abs(rng.normal(scale=0.06)) * height)
                at_px = at + round(rng.uniform(0.1, 0.3) * height)
                numbers.append(scribe.number(text, at_px, seat))
            start = at + field_px + round(0.6 * height)
        sheet.add_line(number for number in numbers if number is not None)


def _baselines(scribe: Scribe, pitch_px: float) -> tuple[list[int], int]:
    """Rows on which lines stand, from rule to rule, and the column where they start."""
    (rows, cols), (free_rows, free_cols) = scribe.sheet.ink.shape, scribe.sheet.margin_px
    height = scribe.writer.height_px
    every = np.arange(FIRST_LINE * pitch_px, rows, pitch_px) - SEATED * height
    fits = (every > free_rows + 1.1 * height) & (every < rows - free_rows - 0.3 * height)
    left = free_cols + round(scribe.rng.uniform(0.02, 0.08) * cols)
    return np.rint(every[fits]).astype(int).tolist(), left


def _words(scribe: Scribe, left: int, baseline: int) -> None:
    for length in scribe.rng.integers(3, 8, int(scribe.rng.integers(1, 4))).tolist():
        box = scribe.word(length, left, baseline)
        if box is None:
            return
        left = box[0] + box[2] + round(0.7 * scribe.writer.height_px)


def _scattered(scribe: Scribe) -> None:
    """Write single digits far apart, in uneven lines."""
    spread = replace(scribe.style, number_gap=scribe.rng.uniform(2.0, 3.5), climb_spread=0.02)
    baselines, left = _baselines(scribe, scribe.rng.uniform(3.0, 4.0) * scribe.writer.height_px)
    for baseline in baselines:
        row = baseline + round(scribe.rng.normal(scale=0.25 * scribe.writer.height_px))
        texts = [str(digit) for digit in scribe.rng.integers(0, 10, 12)]
        start = left + round(scribe.rng.uniform(0, 2) * scribe.writer.height_px)
        replace(scribe, style=spread).line(texts, start, row)


def _grid(scribe: Scribe, *, is_drawn: bool = False) -> None:
    height = scribe.writer.height_px
    frame = random_frame(scribe.sheet, height, scribe.rng, is_drawn=is_drawn)
    draw_frame(scribe.sheet, frame, height, scribe.rng)
    fill_grid(scribe, frame)


def _drawn_grid(scribe: Scribe) -> None:
    _grid(scribe, is_drawn=True)


def _amount(scribe: Scribe) -> None:
    """Write one amount, as on a cheque, on a line or on none; its digits stand close."""
    rng, height = scribe.rng, scribe.writer.height_px
    number = int(rng.integers(10, 10 ** rng.integers(2, 6)))
    if rng.random() < ROUND_SHARE:
        number = round(number, 1 - len(str(number)) + int(rng.integers(2)))
    text = f"{number:,}".replace(",", "." if rng.random() < 0.6 else "")
    text += ["", "", ".", ",-", f",{rng.integers(100):02d}"][int(rng.integers(5))]
    close = Style(gap=rng.uniform(0.08, 0.3), gap_spread=0.12, has_touching=rng.random() < 0.5)
    scribe, baseline = replace(scribe, style=close), round(1.55 * height)
    scribe.line([text], round(0.4 * height), baseline)
    if rng.random() < AMOUNT_LINE_SHARE:
        line = baseline + round(rng.uniform(0.0, 0.3) * height)
        scribe.sheet.printed[line : line + max(1, round(LINE * height))] = rng.uniform(0.5, 1)
    for written in scribe.sheet.lines:
        scribe.sheet.cut(written.numbers[-1].end + round(0.4 * height))


def print_field(
    sheet: Sheet, corner: tuple[int, int], height_px: float, width_px: int, rng: np.random.Generator
) -> int | None:
    """Print a word and a line to write on behind it; give the line's first column.

    Args:
        sheet: printed on.
        corner: first column and baseline.
        height_px: of a digit.
        width_px: length of the line.
        rng: chooses the word.

    Returns:
        None if there is no room for it.
    """
    left, baseline = corner
    label = _printed(str(rng.choice(LABELS)), LABEL * height_px)
    start: int = left + label.shape[1] + round(0.3 * height_px)
    line_px, below = max(1, round(LINE * height_px)), round(SEATED * height_px)
    if not sheet.has_room((left, baseline - len(label), start - left + width_px, len(label))):
        return None
    part = sheet.printed[baseline - len(label) : baseline, left : left + label.shape[1]]
    np.maximum(part, label, out=part)
    sheet.printed[baseline + below : baseline + below + line_px, start : start + width_px] = 1
    sheet.words.append((left, baseline - len(label), label.shape[1], len(label)))
    return start


def _printed(text: str, size_px: float) -> Ink:
    """Print text as ink, cropped."""
    mask = Image.new("L", (round(size_px * len(text)) + 8, round(2 * size_px) + 8))
    ImageDraw.Draw(mask).text((2, 2), text, fill=255, font=ImageFont.load_default(size_px))
    return np.asarray(mask.crop(mask.getbbox()), np.float32) / np.float32(255)


CONTENTS: dict[Content, Callable[[Scribe], None]] = {
    "lines": _lines,
    "form": _form,
    "scattered": _scattered,
    "grid": _grid,
    "drawn grid": _drawn_grid,
    "amount": _amount,
}

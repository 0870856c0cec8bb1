"""Make the example pages: a sheet of scores and a filled grid, as photographed by a phone.

Run ``python examples/make_pages.py [FOLDER]``; the pages are the same every time. The file
truth.json beside them records what is written, and where.
"""

import json
import sys
from pathlib import Path

import numpy as np

from digitus.files import replacing
from digitus.synthesis.pages.page import SyntheticPage, finish
from digitus.synthesis.pages.page_truth import TrueCell, TrueGrid, TrueNumber
from digitus.synthesis.pages.score_grids import GridLines, draw_grid_lines, number_cell
from digitus.synthesis.pages.sheet_writer import Sheet, SheetWriter, WritingStyle
from digitus.synthesis.papers.camera import Camera
from digitus.synthesis.papers.papers import PENS, draw_ruled_lines, plain_paper
from digitus.synthesis.pen.writers import PenWriter

ROWS, COLS = 900, 1200
QUALITY = 80
SCORES_SEED, GRID_SEED = 2026, 1998
SCORES = (
    ("17", "204", "58"),
    ("23", "196", "61"),
    ("9", "187.5", "40"),
    ("31", "210", "77"),
    ("12", "178", "39"),
    ("26", "201.5", "64"),
    ("8", "169", "35"),
)
GRID = (
    ("1", "12", "15", "9", "36"),
    ("2", "8", "", "14", "22"),
    ("3", "20", "17", "x48", "37"),
    ("4", "", "6", "10", "16"),
    ("5", "13", "word", "18", "31"),
    ("6", "7", "19", "25", "51"),
)
"""Cells of a grid: a number, nothing, a word, or a number that is struck out (x)."""
PITCH_PX, FIRST_PX, COLUMNS = 96, 150, (190, 440, 790)
SCORES_ALLOGRAPHS = {
    **{0: "plain", 1: "short flag", 2: "straight", 3: "middle loop", 4: "open"},
    **{5: "rounded", 6: "curved", 7: "plain", 8: "from the left", 9: "open top"},
}
GRID_ALLOGRAPHS = {
    **{0: "plain", 1: "short flag", 2: "wavy foot", 3: "round top, corner", 4: "open"},
    **{5: "slanted bar", 6: "upright", 7: "plain", 8: "from the middle", 9: "straight stem"},
}
"""All shapes of both writers, so that further allographs do not change the pages."""


def make_scores() -> SyntheticPage:
    """Write scores in blue on ruled paper on a table in uneven light."""
    rng = np.random.default_rng(SCORES_SEED)
    sheet, digits = (
        Sheet.blank(ROWS, COLS, margin=0.03),
        PenWriter(rng, 50, pen=0.1, allographs=SCORES_ALLOGRAPHS),
    )
    writer = SheetWriter(sheet, digits, WritingStyle(gap=0.35, has_touching=True), rng)
    for number, texts in enumerate(SCORES):
        baseline = FIRST_PX + number * PITCH_PX - 4
        lefts = np.add(COLUMNS, rng.integers(-12, 13, 3))
        found = [writer.number(*one, baseline) for one in zip(texts, lefts.tolist(), strict=True)]
        sheet.add_line(number for number in found if number is not None)
    paper = plain_paper(ROWS, COLS, rng)
    draw_ruled_lines(paper, PITCH_PX, rng, first_px=FIRST_PX, squared=False)
    camera = Camera(
        skew_deg=3.0, tilt=0.04, table=0.06, slope=0.3, vignette=0.15, warmth=0.05,
        exposure=0.95, blur_px=0.7, noise=0.01,
    )  # fmt: skip
    return finish(sheet, paper, PENS["blue"], camera, rng)


def make_grid() -> SyntheticPage:
    """Fill a printed grid in black, with blank cells, one struck out, and one with a word."""
    rng = np.random.default_rng(GRID_SEED)
    sheet, digits = (
        Sheet.blank(ROWS, COLS, margin=0.03),
        PenWriter(rng, 52, pen=0.09, allographs=GRID_ALLOGRAPHS),
    )
    grid = GridLines((130, 290, 490, 690, 890, 1080), tuple(range(110, 831, 120)), line_px=3)
    draw_grid_lines(sheet, grid, digits.height_px, rng)
    fill(SheetWriter(sheet, digits, WritingStyle(gap=0.3), rng), grid)
    camera = Camera(
        skew_deg=-1.5, tilt=0.03, table=0.05, slope=0.25, shadow=0.3, vignette=0.15,
        warmth=-0.04, exposure=0.95, blur_px=0.7, noise=0.01,
    )  # fmt: skip
    return finish(sheet, plain_paper(ROWS, COLS, rng), PENS["black"], camera, rng)


def fill(writer: SheetWriter, grid: GridLines) -> None:
    """Write into all cells, and tell what is in them."""
    rows = []
    for i, texts in enumerate(GRID):
        found = [write_cell(writer, grid, (i, j), text) for j, text in enumerate(texts)]
        rows.append(tuple(cell for cell, _ in found))
        writer.sheet.add_line(number for _, number in found if number is not None)
    writer.sheet.grids.append(TrueGrid(tuple(rows)))


def write_cell(
    writer: SheetWriter, grid: GridLines, place: tuple[int, int], text: str
) -> tuple[TrueCell, TrueNumber | None]:
    """Write into the cell of a row and column."""
    box = grid.cell(*place)
    if text == "word":
        writer.word(3, box[0] + 25, box[1] + 90)
        return TrueCell("", "not_a_digit", box), None
    if not text:
        return TrueCell("", "blank", box), None
    return number_cell(writer, box, text.lstrip("x"), is_struck=text.startswith("x"))


def main(folder: Path) -> None:
    """Make both pages and truth.json."""
    folder.mkdir(parents=True, exist_ok=True)
    truth = {}
    for name, make in (("scores.jpg", make_scores), ("grid.jpg", make_grid)):
        page = make()
        page.save(folder / name, quality=QUALITY)
        truth[name] = page.truth.to_json()
        print(folder / name)
    with replacing(folder / "truth.json") as draft:
        draft.write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "pages")

"""The explanation of one answer: image, ink, patch, and changed patches with their answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from digitus.palette import Palette, Theme, palette_of
from digitus.plots.style import DPI, SMALL_PT, TEXT_PT, heading

Grey = NDArray[np.floating[Any]]

SIDE = 28  # pixels of a patch
BOX_PX = 18 * SIDE  # side of a stage; all lengths here are in printed pixels
VARIANT_PX = 12 * SIDE
STAGES, VARIANTS = 3, 4  # in a row
MARGIN_PX = 40  # 0.2 in, the margin of the heading
GAP_PX = 60  # between two stages
WIDTH_PX = 2 * MARGIN_PX + STAGES * BOX_PX + (STAGES - 1) * GAP_PX
VARIANT_STEP_PX = (WIDTH_PX - 2 * MARGIN_PX - VARIANT_PX) // (VARIANTS - 1)
STAGES_TOP_PX = 220
VARIANTS_TOP_PX = STAGES_TOP_PX + BOX_PX + 170
ROW_TITLE_PX = 62  # from the names of the variants up to the title of the row
NAME_PX = 14  # from a box up to its name
LINE_PX = 44
CAPTION_PX = NAME_PX + 2 * LINE_PX - 10
FRAME_PT = 0.9
HALF_FRAME_PX = round(0.5 * FRAME_PT * DPI / 72)


class Variant(NamedTuple):
    """A changed patch and its answer.

    Attributes:
        name: of the change.
        patch: (28, 28), 0.0 paper to 1.0 full ink; None if no ink is left.
        caption: two lines: the answer and its confidence.
        is_changed: whether the answer differs from that of the image.
    """

    name: str
    patch: Grey | None
    caption: tuple[str, str]
    is_changed: bool


@dataclass(frozen=True, eq=False)
class Explanation:
    """The contents of the figure.

    Attributes:
        title: the answer.
        note: its confidence and the runner-up.
        page: the image, (rows, cols), 0.0 black to 1.0 white.
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        ink_name: caption of the ink.
        patch: (28, 28), the input of the network; None for a blank.
        variants: at most four.
    """

    title: str
    note: str
    page: Grey
    ink: Grey
    ink_name: str = "Ink"
    patch: Grey | None = None
    variants: Sequence[Variant] = ()


def explanation(shown: Explanation, *, theme: Theme = "light") -> Figure:
    """Plot image, ink and patch side by side, and the variants with their answers below.

    Patches are not smoothed. Ink is dark in the light theme and light in the dark one.

    Args:
        shown: the contents.
        theme: "light" or "dark".

    Raises:
        ValueError: if there are more than four variants, or no such theme.
    """
    colors = palette_of(theme)
    if len(shown.variants) > VARIANTS:
        raise ValueError(f"at most {VARIANTS} variants are shown; got {len(shown.variants)}")
    below = VARIANTS_TOP_PX + VARIANT_PX + CAPTION_PX if shown.variants else STAGES_TOP_PX + BOX_PX
    sheet = _Sheet(below + MARGIN_PX, colors, is_dark=theme == "dark")
    heading(sheet.figure, shown.title, note=shown.note, colors=colors)
    _draw_stages(sheet, shown)
    _draw_variants(sheet, shown.variants)
    return sheet.figure


class _Sheet:
    """A figure whose positions are printed pixels from the top left."""

    def __init__(self, height_px: int, colors: Palette, *, is_dark: bool) -> None:
        size_in = (WIDTH_PX / DPI, height_px / DPI)
        self.figure = Figure(figsize=size_in, dpi=DPI, facecolor=colors.surface)
        self.height_px, self.colors, self.is_dark = height_px, colors, is_dark

    def write(self, text: str, at: tuple[int, int], **style: Any) -> None:
        """Write text with its top left at ``at`` (row, col), unless the style aligns otherwise."""
        row, col = at
        usual: dict[str, Any] = {"va": "top", "size": SMALL_PT, "color": self.colors.muted}
        self.figure.text(col / WIDTH_PX, 1 - row / self.height_px, text, **(usual | style))

    def show(self, page: Grey, at: tuple[int, int], *, side_px: int) -> None:
        """Show an image (rows, cols) centered in a square box, as large as it fits."""
        (top, left), scale = at, side_px / max(page.shape)
        rows, cols = (max(1, round(scale * side)) for side in page.shape)
        row, col = top + (side_px - rows) // 2, left + (side_px - cols) // 2
        self.box(at, side_px=side_px)
        axes = self.figure.add_axes(self._place(row, col, rows=rows, cols=cols))
        axes.set_axis_off()
        # "auto" smooths an image that is reduced, and keeps the pixels of one that is enlarged.
        axes.imshow(page, cmap="gray", vmin=0, vmax=1, aspect="auto", interpolation="auto")

    def show_ink(self, ink: Grey, at: tuple[int, int], *, side_px: int) -> None:
        """Show ink (rows, cols), dark in the light theme and light in the dark one."""
        self.show(ink if self.is_dark else 1 - ink, at, side_px=side_px)

    def box(self, at: tuple[int, int], *, side_px: int) -> None:
        """Draw a square with its frame outside, so that it covers no pixel."""
        row, col, side = at[0] - HALF_FRAME_PX, at[1] - HALF_FRAME_PX, side_px + 2 * HALF_FRAME_PX
        left, bottom, width, height = self._place(row, col, rows=side, cols=side)
        box = Rectangle((left, bottom), width, height, linewidth=FRAME_PT, zorder=-1)
        box.set(facecolor=self.colors.faint, edgecolor=self.colors.grid)
        self.figure.add_artist(box)

    def _place(
        self, row: int, col: int, *, rows: int, cols: int
    ) -> tuple[float, float, float, float]:
        """Return left, bottom, width and height as fractions of the figure."""
        height = self.height_px
        return col / WIDTH_PX, 1 - (row + rows) / height, cols / WIDTH_PX, rows / height


def _draw_stages(sheet: _Sheet, shown: Explanation) -> None:
    names = ("Image, in grey", shown.ink_name, "Patch: the input of the network")
    places = [(STAGES_TOP_PX, MARGIN_PX + i * (BOX_PX + GAP_PX)) for i in range(STAGES)]
    for name, (row, col) in zip(names, places, strict=True):
        sheet.write(name, (row - NAME_PX, col), va="bottom", size=TEXT_PT, color=sheet.colors.ink)
    sheet.show(shown.page, places[0], side_px=BOX_PX)
    sheet.show_ink(shown.ink, places[1], side_px=BOX_PX)
    if shown.patch is not None:
        sheet.show_ink(shown.patch, places[2], side_px=BOX_PX)
        return
    row, col = places[2]
    sheet.box(places[2], side_px=BOX_PX)
    middle = (row + BOX_PX // 2, col + BOX_PX // 2)
    sheet.write("no ink, so no patch", middle, ha="center", va="center")


def _draw_variants(sheet: _Sheet, variants: Sequence[Variant]) -> None:
    if not variants:
        return
    colors, top = sheet.colors, VARIANTS_TOP_PX
    title = "What would change the answer"
    place = (top - NAME_PX - ROW_TITLE_PX, MARGIN_PX)
    sheet.write(title, place, va="bottom", size=TEXT_PT, color=colors.ink, weight="bold")
    for i, variant in enumerate(variants):
        col = MARGIN_PX + i * VARIANT_STEP_PX
        sheet.write(variant.name, (top - NAME_PX, col), va="bottom", size=TEXT_PT, color=colors.ink)
        if variant.patch is None:
            sheet.box((top, col), side_px=VARIANT_PX)
        else:
            sheet.show_ink(variant.patch, (top, col), side_px=VARIANT_PX)
        _write_answer(sheet, variant, col)


def _write_answer(sheet: _Sheet, variant: Variant, col: int) -> None:
    """Write the answer below a variant, highlighted if it is changed."""
    row = VARIANTS_TOP_PX + VARIANT_PX + NAME_PX
    answer, confidence = variant.caption
    marked = {"color": sheet.colors.contrast, "weight": "bold"} if variant.is_changed else {}
    sheet.write(answer, (row, col), size=TEXT_PT, **marked)
    sheet.write(confidence, (row + LINE_PX, col))

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


@dataclass(frozen=True)
class SheetLayout:
    """Lengths of the figure, in printed pixels; boxes are whole multiples of a patch.

    Attributes:
        stages: number of stages: image, ink and patch.
        variants: largest number of variants.
        box_px: side of a stage.
        variant_px: side of a variant.
        margin_px: margin on all sides, that of the heading: 0.2 in.
        gap_px: gap between two stages.
        stages_top_px: top of the stages, below the heading and the names.
        between_rows_px: distance from the stages to the variants; holds the title of the row.
        row_title_px: distance from the names of the variants up to the title of the row.
        name_px: distance from a box up to its name.
        line_px: distance from one line of text to the next.
        frame_pt: width of a frame, in points.
    """

    stages: int = 3
    variants: int = 4
    box_px: int = 18 * SIDE
    variant_px: int = 12 * SIDE
    margin_px: int = 40
    gap_px: int = 60
    stages_top_px: int = 220
    between_rows_px: int = 170
    row_title_px: int = 62
    name_px: int = 14
    line_px: int = 44
    frame_pt: float = 0.9

    @property
    def width_px(self) -> int:
        """Width of the figure."""
        return 2 * self.margin_px + self.stages * self.box_px + (self.stages - 1) * self.gap_px

    def stage_corner(self, index: int) -> tuple[int, int]:
        """Return the top left (row, col) of a stage."""
        return self.stages_top_px, self.margin_px + index * (self.box_px + self.gap_px)

    def variant_corner(self, index: int) -> tuple[int, int]:
        """Return the top left (row, col) of a variant; the largest number fills the width."""
        free_px = self.width_px - 2 * self.margin_px - self.variant_px
        return self.variants_top_px, self.margin_px + index * (free_px // (self.variants - 1))

    @property
    def variants_top_px(self) -> int:
        """Top of the variants."""
        return self.stages_top_px + self.box_px + self.between_rows_px

    @property
    def caption_px(self) -> int:
        """Height of the two lines below a variant."""
        return self.name_px + 2 * self.line_px - 10

    @property
    def half_frame_px(self) -> int:
        """Half the width of a frame."""
        return round(0.5 * self.frame_pt * DPI / 72)


LAYOUT = SheetLayout()


class Variant(NamedTuple):
    """A changed patch and its answer.

    Attributes:
        name: name of the change.
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
        grey: the image, (rows, cols), 0.0 black to 1.0 white.
        ink: (rows, cols), 0.0 paper to 1.0 full ink.
        ink_name: caption of the ink.
        patch: (28, 28), the input of the network; None for a blank.
        variants: changed patches, at most four.
    """

    title: str
    note: str
    grey: Grey
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
    if len(shown.variants) > LAYOUT.variants:
        raise ValueError(f"at most {LAYOUT.variants} variants are shown; got {len(shown.variants)}")
    below = (
        LAYOUT.variants_top_px + LAYOUT.variant_px + LAYOUT.caption_px
        if shown.variants
        else LAYOUT.stages_top_px + LAYOUT.box_px
    )
    sheet = _Sheet(below + LAYOUT.margin_px, colors, is_dark=theme == "dark")
    heading(sheet.figure, shown.title, note=shown.note, colors=colors)
    _draw_stages(sheet, shown)
    _draw_variants(sheet, shown.variants)
    return sheet.figure


class _Sheet:
    """A figure whose positions are printed pixels from the top left."""

    def __init__(self, height_px: int, colors: Palette, *, is_dark: bool) -> None:
        size_in = (LAYOUT.width_px / DPI, height_px / DPI)
        self.figure = Figure(figsize=size_in, dpi=DPI, facecolor=colors.surface)
        self.height_px, self.colors, self.is_dark = height_px, colors, is_dark

    def write(self, text: str, at: tuple[int, int], **style: Any) -> None:
        """Write text with its top left at ``at`` (row, col), unless the style aligns otherwise."""
        row, col = at
        usual: dict[str, Any] = {"va": "top", "size": SMALL_PT, "color": self.colors.muted}
        self.figure.text(col / LAYOUT.width_px, 1 - row / self.height_px, text, **(usual | style))

    def name(self, text: str, at: tuple[int, int], *, above_px: int = 0, **style: Any) -> None:
        """Write the name of a box above its top left corner ``at``, or ``above_px`` higher."""
        place = (at[0] - LAYOUT.name_px - above_px, at[1])
        self.write(text, place, va="bottom", size=TEXT_PT, color=self.colors.ink, **style)

    def show(self, grey: Grey, at: tuple[int, int], *, side_px: int) -> None:
        """Show an image (rows, cols) centered in a square box, as large as it fits."""
        (top, left), scale = at, side_px / max(grey.shape)
        rows, cols = (max(1, round(scale * side)) for side in grey.shape)
        row, col = top + (side_px - rows) // 2, left + (side_px - cols) // 2
        self.box(at, side_px=side_px)
        axes = self.figure.add_axes(self._place(row, col, rows=rows, cols=cols))
        axes.set_axis_off()
        # "auto" smooths an image that is reduced, and keeps the pixels of one that is enlarged.
        axes.imshow(grey, cmap="gray", vmin=0, vmax=1, aspect="auto", interpolation="auto")

    def show_ink(self, ink: Grey, at: tuple[int, int], *, side_px: int) -> None:
        """Show ink (rows, cols), dark in the light theme and light in the dark one."""
        self.show(ink if self.is_dark else 1 - ink, at, side_px=side_px)

    def box(self, at: tuple[int, int], *, side_px: int) -> None:
        """Draw a square with its frame outside, so that it covers no pixel."""
        outside = LAYOUT.half_frame_px
        row, col, side = at[0] - outside, at[1] - outside, side_px + 2 * outside
        left, bottom, width, height = self._place(row, col, rows=side, cols=side)
        box = Rectangle((left, bottom), width, height, linewidth=LAYOUT.frame_pt, zorder=-1)
        box.set(facecolor=self.colors.faint, edgecolor=self.colors.grid)
        self.figure.add_artist(box)

    def _place(
        self, row: int, col: int, *, rows: int, cols: int
    ) -> tuple[float, float, float, float]:
        """Return left, bottom, width and height as fractions of the figure."""
        width_px, height_px = LAYOUT.width_px, self.height_px
        return col / width_px, 1 - (row + rows) / height_px, cols / width_px, rows / height_px


def _draw_stages(sheet: _Sheet, shown: Explanation) -> None:
    names = ("Image, in grey", shown.ink_name, "Patch: the input of the network")
    side_px = LAYOUT.box_px
    image, ink, patch = corners = [LAYOUT.stage_corner(i) for i in range(LAYOUT.stages)]
    for name, corner in zip(names, corners, strict=True):
        sheet.name(name, corner)
    sheet.show(shown.grey, image, side_px=side_px)
    sheet.show_ink(shown.ink, ink, side_px=side_px)
    if shown.patch is not None:
        sheet.show_ink(shown.patch, patch, side_px=side_px)
        return
    sheet.box(patch, side_px=side_px)
    middle = (patch[0] + side_px // 2, patch[1] + side_px // 2)
    sheet.write("no ink, so no patch", middle, ha="center", va="center")


def _draw_variants(sheet: _Sheet, variants: Sequence[Variant]) -> None:
    if not variants:
        return
    title = "What would change the answer"
    sheet.name(title, LAYOUT.variant_corner(0), above_px=LAYOUT.row_title_px, weight="bold")
    for i, variant in enumerate(variants):
        corner = LAYOUT.variant_corner(i)
        sheet.name(variant.name, corner)
        if variant.patch is None:
            sheet.box(corner, side_px=LAYOUT.variant_px)
        else:
            sheet.show_ink(variant.patch, corner, side_px=LAYOUT.variant_px)
        _write_answer(sheet, variant, corner)


def _write_answer(sheet: _Sheet, variant: Variant, corner: tuple[int, int]) -> None:
    """Write the answer below a variant, highlighted if it is changed."""
    row, col = corner[0] + LAYOUT.variant_px + LAYOUT.name_px, corner[1]
    answer, confidence = variant.caption
    marked = {"color": sheet.colors.contrast, "weight": "bold"} if variant.is_changed else {}
    sheet.write(answer, (row, col), size=TEXT_PT, **marked)
    sheet.write(confidence, (row + LAYOUT.line_px, col))

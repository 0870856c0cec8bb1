"""The colors of plots, window, overlays and workbooks, light and dark, as hex codes.

Needs neither matplotlib nor Qt. The accent is blue and the contrast color orange, a pair that
readers with any common color blindness can distinguish. Text colors keep a contrast of at least
4.5 (WCAG 2.2, level AA) to the backgrounds that they stand on.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Theme: TypeAlias = Literal["light", "dark"]
CanvasPaper: TypeAlias = Literal["white", "black"]


@dataclass(frozen=True)
class OverlayColors:
    """Colors of an overlay on one kind of paper, from blue over violet to vermilion.

    Readers with any common color blindness can distinguish them.

    Attributes:
        sure: frame and text of a number of high confidence.
        fair: color of a number of medium confidence.
        doubtful: color of a flagged number.
        none: color of a cell without a number.
        cell: outline of a cell.
        background: behind a text that is not flagged; the text itself where it is.
        text: words in the legend.
    """

    sure: str
    fair: str
    doubtful: str
    none: str
    cell: str
    background: str
    text: str


@dataclass(frozen=True)
class Palette:
    """Colors of a theme.

    Attributes:
        surface: background of a plot.
        faint: areas of a plot that recede.
        grid: grid lines of a plot.
        window: background of the window.
        card: background of a card in the window.
        track: a bar or a slider in a card.
        raised: a chosen segment on a track.
        line: borders in the window.
        ink: titles and important text.
        muted: other text.
        accent: what is chosen, right or positive; the training curve.
        on_accent: text on the accent.
        contrast: mistakes and negative values; the validation curve.
    """

    surface: str
    faint: str
    grid: str
    window: str
    card: str
    track: str
    raised: str
    line: str
    ink: str
    muted: str
    accent: str
    on_accent: str
    contrast: str


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        surface="#ffffff",
        faint="#f2f4f7",
        grid="#e3e7ec",
        window="#f2f4f7",
        card="#ffffff",
        track="#e9edf2",
        raised="#ffffff",
        line="#d5dbe3",
        ink="#1b2129",
        muted="#5d6875",
        accent="#1769c4",
        on_accent="#ffffff",
        contrast="#bd4b07",
    ),
    "dark": Palette(
        surface="#0d1117",
        faint="#171d26",
        grid="#272e38",
        window="#0d1117",
        card="#171d26",
        track="#242c37",
        raised="#3d4857",
        line="#333d4a",
        ink="#e8edf3",
        muted="#97a2af",
        accent="#62a8f5",
        on_accent="#0d1117",
        contrast="#f59a4f",
    ),
}

CANVAS_COLORS: dict[CanvasPaper, tuple[str, str]] = {
    "white": ("#ffffff", "#1b2129"),
    "black": ("#0b0e13", "#f4f7fa"),
}
"""Paper and ink of the canvas; the ink is not pure black or white, as real ink is not."""

OVERLAY_ON_LIGHT_PAPER = OverlayColors(
    sure="#005ea2",
    fair="#7a3ca0",
    doubtful="#c83c00",
    none="#464646",
    cell="#969696",
    background="#ffffff",
    text="#282828",
)
OVERLAY_ON_DARK_PAPER = OverlayColors(
    sure="#78c3ff",
    fair="#d7a5fa",
    doubtful="#ff8c46",
    none="#e1e1e1",
    cell="#787878",
    background="#141414",
    text="#ebebeb",
)

TO_CHECK_CELL = "#fff2cc"
"""Background of a flagged number in a workbook; black text is legible on it."""
CONFIRMED_CELL = "#dceaf7"
"""Background of a number in a workbook that a person confirmed; black text is legible on it."""


def palette_of(theme: Theme) -> Palette:
    """Return the colors of a theme.

    Raises:
        ValueError: if the theme is neither.
    """
    try:
        return PALETTES[theme]
    except KeyError as error:
        raise ValueError(f"theme must be 'light' or 'dark', got {theme!r}; choose one") from error

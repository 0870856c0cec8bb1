"""Arrays as colors: ink as ink on paper, signed values from orange over the surface to blue.

The colors come from the widget's palette, so they follow the theme: its accent for what is
positive, its ``LinkVisited`` for what is negative.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPalette

Values = NDArray[np.floating[Any]]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Shades:
    """The colors that values are painted in."""

    surface: QColor
    ink: QColor
    muted: QColor
    line: QColor
    accent: QColor
    contrast: QColor

    @classmethod
    def of(cls, palette: QPalette) -> "Shades":
        """Take the colors of a widget's palette."""
        role = QPalette.ColorRole
        return cls(
            surface=palette.color(role.Base),
            ink=palette.color(role.Text),
            muted=palette.color(role.PlaceholderText),
            line=palette.color(role.Mid),
            accent=palette.color(role.Accent),
            contrast=palette.color(role.LinkVisited),
        )

    def legible_on(self, background: QColor) -> QColor:
        """Return the ink or the surface, whichever is further from a background in lightness."""
        here = background.lightness()
        return max(self.ink, self.surface, key=lambda color: abs(color.lightness() - here))

    def ink_pixels(self, values: Values) -> Pixels:
        """Color ink 0.0 to 1.0 (rows, cols) as pixels (rows, cols, 4); NaN is see-through."""
        return _mixed(self.surface, self.ink, values)

    def signed_pixels(self, values: Values, limit: float) -> Pixels:
        """Color values of any shape, -limit to limit, as pixels of that shape and 4 deep."""
        shares = values / limit if limit > 0 else values * 0
        positive = _mixed(self.surface, self.accent, shares)
        negative = _mixed(self.surface, self.contrast, -shares)
        return np.where((shares < 0)[..., None], negative, positive)


def _mixed(one: QColor, other: QColor, shares: Values) -> Pixels:
    """Mix two colors by the share of the other, clipped to 0 and 1."""
    seen = ~np.isnan(shares)
    weights = np.clip(np.where(seen, shares, 0), 0, 1)[..., None]
    pixels = (1 - weights) * _rgba(one) + weights * _rgba(other)
    pixels[..., 3] *= seen
    return np.rint(pixels).astype(np.uint8)


def _rgba(color: QColor) -> NDArray[np.float64]:
    return np.array([color.red(), color.green(), color.blue(), 255], np.float64)


def image_of(pixels: Pixels) -> QImage:
    """Make an image that owns its pixels (rows, cols, 4)."""
    rows, cols, _ = pixels.shape
    data = np.ascontiguousarray(pixels)
    shared = QImage(data.data, cols, rows, 4 * cols, QImage.Format.Format_RGBA8888)
    return shared.copy()


def signed_text(value: float) -> str:
    r"""Write a number with three digits, a true minus and its sign.

    >>> signed_text(0.5), signed_text(-12.345), signed_text(0.0)
    ('+0.5', '\u221212.3', '0')
    """
    text = f"{value:+.3g}" if value else "0"
    return text.replace("-", "\N{MINUS SIGN}")

"""Painting: arrays as colors, and boxes with round corners.

Ink is painted in the ink color on the surface. Signed values go from the contrast color (negative)
over the surface (zero) to the accent (positive). The colors come from a widget's Qt palette, so
they follow the theme; see `digitus.desktop.look.theme` for the roles.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainterPath, QPalette

Values = NDArray[np.floating[Any]]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Shades:
    """The colors in which values are painted."""

    surface: QColor
    ink: QColor
    muted: QColor
    line: QColor
    accent: QColor
    contrast: QColor

    @classmethod
    def of(cls, palette: QPalette) -> "Shades":
        """Return the colors of a widget's palette."""
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
        """Return the ink or the surface, whichever differs more in lightness from a background."""
        here = background.lightness()
        return max(self.ink, self.surface, key=lambda color: abs(color.lightness() - here))

    def ink_pixels(self, values: Values) -> Pixels:
        """Color ink (rows, cols), 0.0 to 1.0, as RGBA (rows, cols, 4); NaN is transparent."""
        return _mixed(self.surface, self.ink, values)

    def signed_pixels(self, values: Values, limit: float) -> Pixels:
        """Color values of any shape, -limit to limit, as RGBA of shape (*shape, 4)."""
        shares = values / limit if limit > 0 else values * 0
        positive = _mixed(self.surface, self.accent, shares)
        negative = _mixed(self.surface, self.contrast, -shares)
        return np.where((shares < 0)[..., None], negative, positive)


def _mixed(one: QColor, other: QColor, shares: Values) -> Pixels:
    """Mix two colors; shares, clipped to 0..1, are those of the other."""
    is_known = ~np.isnan(shares)
    weights = np.clip(np.where(is_known, shares, 0), 0, 1)[..., None]
    pixels = (1 - weights) * _rgba(one) + weights * _rgba(other)
    pixels[..., 3] *= is_known
    return np.rint(pixels).astype(np.uint8)


def _rgba(color: QColor) -> NDArray[np.float64]:
    return np.array([color.red(), color.green(), color.blue(), 255], np.float64)


def image_of(pixels: Pixels) -> QImage:
    """Return an image with a copy of RGBA pixels (rows, cols, 4)."""
    rows, cols, _ = pixels.shape
    data = np.ascontiguousarray(pixels)
    shared = QImage(data.data, cols, rows, 4 * cols, QImage.Format.Format_RGBA8888)
    return shared.copy()


def rounded(box: QRectF, corner_px: float) -> QPainterPath:
    """Return the outline of a box with round corners."""
    path = QPainterPath()
    path.addRoundedRect(box, corner_px, corner_px)
    return path


def signed_text(value: float) -> str:
    r"""Write a number with its sign, a true minus and three digits.

    >>> signed_text(0.5), signed_text(-12.345), signed_text(0.0)
    ('+0.5', '\u221212.3', '0')
    """
    text = f"{value:+.3g}" if value else "0"
    return text.replace("-", "\N{MINUS SIGN}")

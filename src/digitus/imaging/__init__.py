"""Picture -> page -> ink -> patch: the one road for files, arrays and drawings."""

from digitus.imaging.arrays import Ink, Page, Patch
from digitus.imaging.blocks import blocks
from digitus.imaging.ink import extract_ink, is_blank
from digitus.imaging.layout import center_of_mass
from digitus.imaging.load import Picture, name_of, open_page
from digitus.imaging.patch import make_patch
from digitus.imaging.prepare import Prepared, prepare
from digitus.imaging.stroke_width import stroke_width_px
from digitus.imaging.strokes import Strokes, render_strokes
from digitus.imaging.variants import variants

__all__ = [
    "Ink",
    "Page",
    "Patch",
    "Picture",
    "Prepared",
    "Strokes",
    "blocks",
    "center_of_mass",
    "extract_ink",
    "is_blank",
    "make_patch",
    "name_of",
    "open_page",
    "prepare",
    "render_strokes",
    "stroke_width_px",
    "variants",
]

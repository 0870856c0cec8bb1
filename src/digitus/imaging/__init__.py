"""From an image to the network's input: image -> grey -> ink -> patch, and pages likewise."""

from digitus.imaging.arrays import Grey, Ink, Patch
from digitus.imaging.ink.digit_ink import is_blank
from digitus.imaging.opening.image_file import ImageSource, name_of, open_grey
from digitus.imaging.patch.centering import center_of_mass
from digitus.imaging.patch.patch import make_patch
from digitus.imaging.patch.stroke_width import stroke_width_px
from digitus.imaging.patch.text_blocks import blocks
from digitus.imaging.patch.variants import variants
from digitus.imaging.preprocessing import Preprocessed, preprocess
from digitus.imaging.strokes import Strokes, render_strokes

__all__ = [
    "Grey",
    "ImageSource",
    "Ink",
    "Patch",
    "Preprocessed",
    "Strokes",
    "blocks",
    "center_of_mass",
    "is_blank",
    "make_patch",
    "name_of",
    "open_grey",
    "preprocess",
    "render_strokes",
    "stroke_width_px",
    "variants",
]

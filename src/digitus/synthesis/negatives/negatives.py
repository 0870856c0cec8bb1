"""Negatives: patches that are not digits, from which a network learns to reject such input."""

from collections.abc import Callable, Sequence
from os import PathLike
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink, Patch
from digitus.imaging.patch.patch import PATCH_PX, make_patch
from digitus.synthesis.negatives import doodles
from digitus.synthesis.negatives.fragments import cut_digit, neighbors, several
from digitus.synthesis.negatives.glyphs import glyph
from digitus.synthesis.negatives.letters_and_signs import LETTERS, SIGNS, THINGS
from digitus.synthesis.negatives.textures import texture
from digitus.synthesis.pen.digit_strokes import write
from digitus.synthesis.pen.pen_drawings import ink_of
from digitus.synthesis.pen.smooth_curves import Points

FREEDOM = (0.3, 1.2)  # range of the handwriting's variation; see `draw_digit`. Set by hand

Maker: TypeAlias = Callable[[np.random.Generator], Patch]
"""Makes one patch."""


def negative_patches(
    n: int,
    rng: np.random.Generator,
    *,
    digits: NDArray[np.float32] | None = None,
    fonts: Sequence[str | PathLike[str]] = (),
) -> tuple[NDArray[np.float32], NDArray[np.str_]]:
    """Make ``n`` negatives in random order, each kind equally often (to within one).

    Args:
        n: number of patches.
        rng: chooses everything.
        digits: patches (m, 28, 28) of digits; half of the digits of the kinds "neighbors" and
            "several digits" are taken from them.
        fonts: font files for printed letters; without any that kind is left out.

    Returns:
        Patches (n, 28, 28), 0.0 paper to 1.0 full ink, and the name of each patch's kind (n,).

    Raises:
        ValueError: if ``n`` is negative.
        OSError: if a font cannot be opened.
    """
    if n < 0:
        raise ValueError(f"n must be 0 or more; got {n}")
    makers = _makers(digits, tuple(fonts))
    kinds = rng.permutation(np.resize(np.array(list(makers)), n))
    patches = np.empty((n, PATCH_PX, PATCH_PX), np.float32)
    for patch, kind in zip(patches, kinds.tolist(), strict=True):
        patch[:] = makers[kind](rng)
    return patches, kinds


def _makers(
    digits: NDArray[np.float32] | None, fonts: tuple[str | PathLike[str], ...]
) -> dict[str, Maker]:
    """Return a maker by name of the kind."""
    makers: dict[str, Maker] = {
        "letter": _written(LETTERS),
        "sign": _written(SIGNS),
        "thing": _written(THINGS),
        "scribble": _drawn(doodles.scribble),
        "lines": _drawn(doodles.lines),
        "polygon": _drawn(doodles.polygon),
        "dots": _drawn(doodles.dots),
        "dab": _laid_out(doodles.dabs),
        "filled": _laid_out(doodles.filled),
        "texture": _laid_out(texture),
        "cut digit": _laid_out(cut_digit),
        "neighbors": _laid_out(lambda rng: neighbors(rng, digits)),
        "several digits": _laid_out(lambda rng: several(rng, digits)),
    }
    if fonts:
        makers["glyph"] = _laid_out(lambda rng: glyph(rng, fonts))
    return makers


def _written(shapes: dict[str, str]) -> Maker:
    """Return a maker of handwritten shapes, given in the notation of ``allographs``."""
    names = list(shapes)

    def make(rng: np.random.Generator) -> Patch:
        shape = shapes[names[rng.integers(len(names))]]
        return make_patch(ink_of(write(shape, rng, freedom=rng.uniform(*FREEDOM)), rng))

    return make


def _drawn(doodle: Callable[[np.random.Generator], list[Points]]) -> Maker:
    """Return a maker of drawings with a random pen."""
    return lambda rng: make_patch(ink_of(doodle(rng), rng))


def _laid_out(source: Callable[[np.random.Generator], Ink]) -> Maker:
    """Return a maker of patches of ink that is not blank."""

    def make(rng: np.random.Generator) -> Patch:
        while True:
            ink = source(rng)
            if ink.any():
                return make_patch(ink)

    return make

"""A patch as block characters, for terminals and logs."""

import numpy as np
from PIL import Image

from digitus.imaging.arrays import Patch

# Characters, and the ink that each shows in its upper and lower half.
_CHARACTERS = np.array(list(" ░▒▓█▀▄"))
_HALVES = np.array(
    [(0, 0), (0.25, 0.25), (0.5, 0.5), (0.75, 0.75), (1, 1), (1, 0), (0, 1)], np.float32
)


def blocks(patch: Patch, *, columns: int = 28) -> str:
    """Return a patch as lines of block characters, two pixel rows to a line.

    Ink is drawn, so it is bright on a dark terminal.

    Args:
        patch: (28, 28), 0.0 paper to 1.0 full ink.
        columns: characters of a line; there are half as many lines.

    Raises:
        ValueError: if the width is odd or not positive.

    >>> print(blocks(np.tri(28, dtype=np.float32), columns=4).replace(" ", "."))
    ▓░..
    ██▓░
    """
    if columns < 2 or columns % 2:
        raise ValueError(f"the width is an even number of columns; got {columns}")
    image = Image.fromarray(np.asarray(patch, np.float32))
    pixels = np.asarray(image.resize((columns, columns), Image.Resampling.BOX))
    pairs = pixels.reshape(-1, 2, columns).transpose(0, 2, 1)  # (lines, columns, halves)
    distances = ((pairs[:, :, None] - _HALVES) ** 2).sum(axis=-1)
    return "\n".join("".join(line) for line in _CHARACTERS[distances.argmin(axis=-1)])

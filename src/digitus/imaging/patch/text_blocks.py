"""A patch as block characters, for terminals and logs."""

import numpy as np

from digitus.imaging.arrays import Patch

# Characters, and the ink that each shows in its upper and lower half.
_CHARACTERS = np.array(list(" ░▒▓█▀▄"))
_HALVES = np.array(
    [(0, 0), (0.25, 0.25), (0.5, 0.5), (0.75, 0.75), (1, 1), (1, 0), (0, 1)], np.float32
)


def blocks(patch: Patch) -> str:
    """Return a patch as 14 lines of 28 block characters, two pixel rows to a line.

    Ink is drawn, not paper, so it is bright on a dark terminal.

    Args:
        patch: (28, 28), 0.0 paper to 1.0 full ink.

    >>> print(blocks(np.tri(28, dtype=np.float32))[:28].replace(" ", "."))
    █▄..........................
    """
    pairs = np.asarray(patch).reshape(-1, 2, patch.shape[1]).transpose(0, 2, 1)  # (14, 28, halves)
    distances = ((pairs[:, :, None] - _HALVES) ** 2).sum(axis=-1)
    return "\n".join("".join(line) for line in _CHARACTERS[distances.argmin(axis=-1)])

"""The three kinds of image arrays; all are float32, rows first."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Grey: TypeAlias = NDArray[np.float32]
"""(rows, cols), 0.0 black to 1.0 white, upright."""

Ink: TypeAlias = NDArray[np.float32]
"""(rows, cols), 0.0 paper to 1.0 full ink."""

Patch: TypeAlias = NDArray[np.float32]
"""(28, 28), ink in MNIST's layout: 20 px long, its center of mass in the middle."""

"""The array types of the engine."""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
"""float32 (training) or float64 (checks); one type within a network."""

Ints = npt.NDArray[np.integer[Any]]

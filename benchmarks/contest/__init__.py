"""The contestants of the benchmarks and the code that runs them alternately.

Import this package before NumPy: it removes variables that fix OpenBLAS's kernels. An environment
may set them (``OPENBLAS_CORETYPE``) for equal bits on all processors, which would slow down
everything that uses NumPy, but not PyTorch and JAX, which have their own matrix products.
"""

import os
import sys

FIXING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def free_the_kernels() -> None:
    """Remove the variables that fix OpenBLAS's kernels, for this and child processes."""
    for name in FIXING:
        if (value := os.environ.pop(name, None)) is not None:
            print(f"{name}={value} is set; it is ignored here", file=sys.stderr)


free_the_kernels()

"""Contestants of the benchmarks, and how they run in turn.

Importing the package frees OpenBLAS's choice of its kernels, before anything imports NumPy: an
environment may fix them (``OPENBLAS_CORETYPE``), for the same bits on all processors, and would
hold back whoever computes with NumPy, but not PyTorch and JAX, which have products of their own.
"""

import os
import sys

FIXING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def free_the_kernels() -> None:
    """Take what fixes OpenBLAS's kernels out of the environment, here and in child processes."""
    for name in FIXING:
        if (value := os.environ.pop(name, None)) is not None:
            print(f"{name}={value} is set; it is not heeded here", file=sys.stderr)


free_the_kernels()

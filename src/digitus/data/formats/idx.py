"""IDX files, the big-endian format of MNIST.

The format (Y. LeCun, C. Cortes, C. Burges, "The MNIST database", 1998): a magic number of four
bytes (0, 0, type, number of dimensions), one uint32 per dimension, and the values in row order.
"""

import hashlib
import math
import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np

from digitus.data.checks import as_labels, as_pixels, mismatch, open_decoded
from digitus.data.samples import Bytes, Samples

_UINT8 = 8
_BLOCK = 1 << 20
_AGAIN = "delete the file to download it again"


def read_idx(path: str | Path) -> Bytes:
    """Read an IDX file of bytes, plain or gzipped, in the shape of its header.

    Raises:
        DataError: if the magic number is wrong, or the length differs from the header's.
    """
    with open_decoded(path) as file:
        return parse_idx(file, path)


def parse_idx(file: BinaryIO, name: object) -> Bytes:
    """Read an IDX file from a stream; errors begin with ``name``.

    Raises:
        DataError: as ``read_idx``.
    """
    shape = _parse_shape(file, name)
    size = math.prod(shape)
    body = _read_at_most(file, size + 1)
    if len(body) != size:
        found = "more" if len(body) > size else f"only {len(body)}"
        raise mismatch(name, wanted=f"{size} bytes after the header", found=found, remedy=_AGAIN)
    return np.frombuffer(body, np.uint8).reshape(shape)


def read_pair(images: str | Path, labels: str | Path) -> Samples:
    """Read images (n, 28, 28) and their labels (n,) from two IDX files.

    Raises:
        DataError: if a file is damaged, the images are not 28 x 28, the counts differ, or a label
            is above 9.
    """
    pixels = as_pixels(read_idx(images), images)
    digits = read_idx(labels)
    if digits.shape != (len(pixels),):
        found = len(digits) if digits.ndim == 1 else f"an array of shape {digits.shape}"
        raise mismatch(labels, wanted=f"{len(pixels)} labels", found=found, remedy=_AGAIN)
    return Samples(pixels, as_labels(digits, labels, n=len(pixels)), str(images))


def idx_header(shape: tuple[int, ...]) -> bytes:
    """Return the header of an IDX file of bytes.

    >>> idx_header((60000,)).hex()
    '000008010000ea60'
    """
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, _UINT8, len(shape), *shape)


def idx_sha256(values: Bytes) -> str:
    """Return the SHA-256, in hexadecimal, of the plain IDX file of ``values``."""
    digest = hashlib.sha256(idx_header(values.shape))
    digest.update(np.ascontiguousarray(values).data)
    return digest.hexdigest()


def _parse_shape(file: BinaryIO, name: object) -> tuple[int, ...]:
    magic = file.read(4)
    if len(magic) < 4 or magic[:3] != bytes((0, 0, _UINT8)) or magic[3] == 0:
        raise mismatch(
            name,
            wanted="an IDX file of bytes (magic 0x000008 and the number of dimensions)",
            found=f"0x{magic.hex()}" if magic else "an empty file",
            remedy="give another file",
        )
    dims = file.read(4 * magic[3])
    if len(dims) < 4 * magic[3]:
        raise mismatch(
            name, wanted=f"{magic[3]} dimensions", found="the end of the file", remedy=_AGAIN
        )
    return struct.unpack(f">{magic[3]}I", dims)


def _read_at_most(file: BinaryIO, size: int) -> bytearray:
    """Read in blocks, so that a wrong size in the header does not allocate that much memory."""
    body = bytearray()
    while len(body) < size and (block := file.read(min(_BLOCK, size - len(body)))):
        body += block
    return body

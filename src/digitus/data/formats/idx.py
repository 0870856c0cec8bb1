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
from digitus.data.limits import refuse_too_large
from digitus.data.samples import SIDE_PX, Bytes, Samples
from digitus.errors import DataError

IMAGE, LABEL = (SIDE_PX, SIDE_PX), ()
"""Shape of one item of a file of images and of a file of labels."""

_UINT8 = 8
_MOST_DIMENSIONS = 3
_BLOCK = 1 << 20
_AGAIN = "delete the file to download it again"


def read_idx(path: str | Path, *, item: tuple[int, ...] | None = None) -> Bytes:
    """Read an IDX file of bytes, plain or gzipped, in the shape of its header.

    Args:
        path: the file.
        item: shape of one item, `IMAGE` or `LABEL`; None takes any.

    Raises:
        DataError: if the magic number is wrong, the length differs from the header's, the items
            have another shape, or there is more data than the limit.
    """
    with open_decoded(path) as file:
        return parse_idx(file, path, item=item)


def parse_idx(file: BinaryIO, name: object, *, item: tuple[int, ...] | None = None) -> Bytes:
    """Read an IDX file from a stream; errors begin with ``name``.

    Raises:
        DataError: as ``read_idx``.
    """
    shape = _parse_shape(file, name)
    if item is not None and shape[1:] != item:
        raise _other_items(name, item, shape)
    size = math.prod(shape)
    refuse_too_large(size, name)
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
    pixels = as_pixels(read_idx(images, item=IMAGE), images)
    digits = read_idx(labels, item=LABEL)
    if digits.shape != (len(pixels),):
        raise mismatch(labels, wanted=f"{len(pixels)} labels", found=len(digits), remedy=_AGAIN)
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
    if (
        len(magic) < 4
        or magic[:3] != bytes((0, 0, _UINT8))
        or not (1 <= magic[3] <= _MOST_DIMENSIONS)
    ):
        raise mismatch(
            name,
            wanted="an IDX file of bytes (magic 0x000008 and 1 to 3 dimensions)",
            found=f"0x{magic.hex()}" if magic else "an empty file",
            remedy="give another file",
        )
    dims = file.read(4 * magic[3])
    if len(dims) < 4 * magic[3]:
        raise mismatch(
            name, wanted=f"{magic[3]} dimensions", found="the end of the file", remedy=_AGAIN
        )
    shape = struct.unpack(f">{magic[3]}I", dims)
    if 0 in shape:
        raise mismatch(name, wanted="at least one item", found="none", remedy=_AGAIN)
    return shape


def _other_items(name: object, item: tuple[int, ...], shape: tuple[int, ...]) -> DataError:
    wanted = f"images of {SIDE_PX} x {SIDE_PX} pixels" if item == IMAGE else "a list of labels"
    return mismatch(name, wanted=wanted, found=f"an array of shape {shape}", remedy=_AGAIN)


def _read_at_most(file: BinaryIO, size: int) -> bytearray:
    """Read in blocks, so that a wrong size in the header does not allocate that much memory."""
    body = bytearray()
    while len(body) < size and (block := file.read(min(_BLOCK, size - len(body)))):
        body += block
    return body

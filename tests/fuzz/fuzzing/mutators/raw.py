"""Changes of any file: bits, blocks, integers, cuts."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

Mutator: TypeAlias = Callable[[bytes, np.random.Generator], bytes]
"""Returns a changed file, perhaps the same; never changes anything but by its generator."""

_POWERS = (7, 8, 15, 16, 24, 31, 32, 63)
EXTREMES = (0, 1, 2, *(2**power + step for power in _POWERS for step in (-1, 0)), 2**64 - 1)
"""Integers at which sizes, counts and offsets overflow."""
_HEAD = 256  # most headers are that long
_LONGEST_BLOCK = 512


def pick(items: Sequence, rng: np.random.Generator):
    """Return one of the items."""
    return items[int(rng.integers(len(items)))]


def place_in(data: bytes, rng: np.random.Generator) -> int:
    """Return an offset, each second time in the head."""
    n = max(1, len(data))
    return int(rng.integers(min(n, _HEAD) if rng.random() < 0.5 else n))


def block_of(data: bytes, rng: np.random.Generator) -> tuple[int, int]:
    """Return start and end of a block."""
    start = place_in(data, rng)
    return start, min(len(data), start + 1 + int(rng.integers(_LONGEST_BLOCK)))


def flip_bits(data: bytes, rng: np.random.Generator) -> bytes:
    """Flip one to eight bits."""
    changed = bytearray(data)
    for _ in range(int(rng.integers(1, 9)) if changed else 0):
        changed[place_in(data, rng)] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def set_bytes(data: bytes, rng: np.random.Generator) -> bytes:
    """Set one to eight bytes at random."""
    changed = bytearray(data)
    for _ in range(int(rng.integers(1, 9)) if changed else 0):
        changed[place_in(data, rng)] = int(rng.integers(256))
    return bytes(changed)


def cut(data: bytes, rng: np.random.Generator) -> bytes:
    """Cut the file short."""
    return data[: place_in(data, rng)]


def delete_block(data: bytes, rng: np.random.Generator) -> bytes:
    """Delete a block."""
    start, end = block_of(data, rng)
    return data[:start] + data[end:]


def duplicate_block(data: bytes, rng: np.random.Generator) -> bytes:
    """Repeat a block, mostly once."""
    start, end = block_of(data, rng)
    times = pick((1, 1, 1, 100), rng)
    return data[:end] + data[start:end] * times + data[end:]


def insert_block(data: bytes, rng: np.random.Generator) -> bytes:
    """Insert zeros, ones or random bytes."""
    at, size = place_in(data, rng), int(rng.integers(1, _LONGEST_BLOCK))
    block = pick((bytes(size), b"\xff" * size, rng.bytes(size)), rng)
    return data[:at] + block + data[at:]


def swap_blocks(data: bytes, rng: np.random.Generator) -> bytes:
    """Exchange two blocks."""
    first, second = sorted((block_of(data, rng), block_of(data, rng)))
    if first[1] > second[0]:
        return data
    between = data[first[1] : second[0]]
    return (
        data[: first[0]] + data[slice(*second)] + between + data[slice(*first)] + data[second[1] :]
    )


def put_integer(data: bytes, rng: np.random.Generator) -> bytes:
    """Overwrite one, two, four or eight bytes by an extreme integer, at an aligned offset."""
    size = pick((1, 2, 4, 4, 8), rng)
    at = place_in(data, rng)
    at -= at % pick((1, min(size, 4)), rng)
    order = pick(("little", "big"), rng)
    value = (pick(EXTREMES, rng) % 2 ** (8 * size)).to_bytes(size, order)
    return (data[:at] + value + data[at + size :])[: max(len(data), at + size)]


RAW: tuple[Mutator, ...] = (
    *(flip_bits, set_bytes, cut, delete_block, duplicate_block),
    *(insert_block, swap_blocks, put_integer, put_integer),
)


def change_raw(data: bytes, rng: np.random.Generator) -> bytes:
    """Apply one of the changes above."""
    return pick(RAW, rng)(data, rng)


def splice(first: bytes, second: bytes, rng: np.random.Generator) -> bytes:
    """Join the beginning of one file and the end of another."""
    return first[: place_in(first, rng)] + second[place_in(second, rng) :]

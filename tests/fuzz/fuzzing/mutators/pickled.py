"""Pickles: a program of opcodes, which are deleted, repeated, exchanged and replaced."""

import pickletools

import numpy as np

from fuzzing.mutators.parts import Container, changes_of

_FOREIGN = (
    *(
        b"(",
        b"0",
        b"1",
        b"2",
        b".",
        b"t",
        b"]",
        b"}",
        b")",
        b"l",
        b"d",
        b"R",
        b"b",
        b"a",
        b"e",
        b"s",
    ),
    *(b"u", b"N", b"\x85", b"\x86", b"\x87", b"\x88", b"\x8f", b"\x90", b"\x91", b"\x93", b"\x94"),
    b"cos\nmkdir\n(X\x07\0\0\0ESCAPEDtR",
    b"cbuiltins\neval\n(X\x04\0\0\0exittR",
    b"c__builtin__\nopen\n(X\x07\0\0\0ESCAPEDX\x01\0\0\0wtR",
    b"cnumpy\ndtype\n(X\x01\0\0\0OtR",
    b"cnumpy.core.multiarray\n_reconstruct\n",
    b"cnumpy.core.multiarray\nscalar\n",
    b"cnumpy\nndarray\n",
    b"X\xff\xff\xff\x7f",
    b"\x8a\xff" + b"\xff" * 255,
    b"I99999999999999999999\n",
    b"F1e999\n",
    b"j\xff\xff\xff\x7f",
    b"r\xff\xff\xff\x7f",
    b"\x96\xff\xff\xff\xff\xff\xff\xff\x7f",
    b"P1\n",
    b"\x80\x05",
    b"\x95" + b"\xff" * 8,
)


def _split(data: bytes) -> list[bytes]:
    positions = [at for _, _, at in pickletools.genops(data) if at is not None]
    return [data[i:j] for i, j in zip(positions, [*positions[1:], len(data)], strict=True)]


_change = changes_of(Container(_split, b"".join, _FOREIGN))


def change_pickle(data: bytes, rng: np.random.Generator) -> bytes:
    """Change one opcode of a pickle."""
    return _change(data, rng)

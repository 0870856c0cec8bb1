"""Files made of parts, such as the chunks of a PNG: parts change, lengths and checksums stay right.

So a change reaches the code behind the first check of the file.
"""

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from fuzzing.mutators.raw import EXTREMES, Mutator, change_raw, pick


@dataclass(frozen=True)
class Container:
    """How a file is split into parts and joined again.

    Attributes:
        split: raises ValueError, IndexError or struct.error for a file that is no longer whole.
        join: renews lengths and checksums.
        foreign: parts that other files of the format hold.
    """

    split: Callable[[bytes], list[bytes]]
    join: Callable[[list[bytes]], bytes]
    foreign: Sequence[bytes] = ()


def _delete(parts: list[bytes], rng: np.random.Generator) -> None:
    del parts[int(rng.integers(len(parts)))]


def _duplicate(parts: list[bytes], rng: np.random.Generator) -> None:
    at = int(rng.integers(len(parts)))
    parts[at:at] = [parts[at]] * pick((1, 1, 2, 60), rng)


def _swap(parts: list[bytes], rng: np.random.Generator) -> None:
    i, j = (int(k) for k in rng.integers(len(parts), size=2))
    parts[i], parts[j] = parts[j], parts[i]


def _move(parts: list[bytes], rng: np.random.Generator) -> None:
    part = parts.pop(int(rng.integers(len(parts))))
    parts.insert(int(rng.integers(len(parts) + 1)), part)


def _damage(parts: list[bytes], rng: np.random.Generator) -> None:
    at = int(rng.integers(len(parts)))
    parts[at] = change_raw(parts[at], rng)


def _put_extreme(parts: list[bytes], rng: np.random.Generator) -> None:
    """Overwrite an integer among the first fields of a part."""
    at = int(rng.integers(len(parts)))
    part, size = parts[at], pick((1, 2, 4), rng)
    start = int(rng.integers(max(1, min(32, len(part)))))
    value = (pick(EXTREMES, rng) % 2 ** (8 * size)).to_bytes(size, pick(("little", "big"), rng))
    parts[at] = part[:start] + value + part[start + size :]


def _join_two(parts: list[bytes], rng: np.random.Generator) -> None:
    """Give a part the end of another one."""
    i, j = (int(k) for k in rng.integers(len(parts), size=2))
    parts[i] = parts[i][: len(parts[i]) // 2] + parts[j][len(parts[j]) // 2 :]


_CHANGES = (_delete, _duplicate, _swap, _move, _damage, _damage, _put_extreme, _put_extreme)


def _change_parts(container: Container, data: bytes, rng: np.random.Generator) -> bytes:
    try:
        parts = container.split(data)
    except (ValueError, IndexError, struct.error, zlib.error):
        return change_raw(data, rng)
    if not parts:
        return change_raw(data, rng)
    if container.foreign and rng.random() < 0.2:
        parts.insert(int(rng.integers(len(parts) + 1)), pick(container.foreign, rng))
    else:
        pick((*_CHANGES, _join_two), rng)(parts, rng)
    return container.join(parts)


def changes_of(container: Container) -> Mutator:
    """Return a mutator that changes one part."""
    return partial(_change_parts, container)


# PNG (W3C, "Portable Network Graphics", 2003): signature, then length, type, body, CRC.

_PNG_MARK = b"\x89PNG\r\n\x1a\n"


def _split_png(data: bytes) -> list[bytes]:
    parts, at = [], len(_PNG_MARK)
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        parts.append(data[at + 4 : at + 8 + length])
        at += length + 12
    return parts


def _join_png(parts: list[bytes]) -> bytes:
    chunks = [
        struct.pack(">I", max(0, len(part) - 4)) + part + struct.pack(">I", zlib.crc32(part))
        for part in parts
    ]
    return _PNG_MARK + b"".join(chunks)


_BOMB = zlib.compress(bytes(64 << 20), 9)  # 64 MB of zeros as 65 kB
PNG = Container(
    _split_png,
    _join_png,
    (
        b"IHDR" + struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 6, 0, 0, 0),
        b"IHDR" + struct.pack(">IIBBBBB", 4000, 4000, 16, 6, 0, 0, 1),
        b"PLTE" + bytes(range(256)) * 3,
        b"tRNS" + bytes(300),
        b"IDAT" + _BOMB,
        b"zTXt" + b"k\0\0" + _BOMB,
        b"iCCP" + b"p\0\0" + _BOMB,
        b"iTXt" + b"k\0\x01\0\0\0" + _BOMB,
        b"eXIf" + b"MM\0\x2a" + struct.pack(">I", 8) + b"\0\x01\x01\x12\0\x03\xff\xff\xff\xff\0\0",
        b"acTL" + struct.pack(">II", 2**31, 0),
        b"fcTL" + struct.pack(">IIIIIHHBB", 0, 2**31, 2**31, 2**31, 2**31, 0, 0, 0, 0),
        b"pHYs" + struct.pack(">IIB", 0, 0, 9),
    ),
)


# JPEG (ITU T.81): markers, each with a length of two bytes; after SOS the scan without a length.

_SCAN = b"scan"


def _split_jpeg(data: bytes) -> list[bytes]:
    parts, at = [], 2
    while at < len(data):
        marker = data[at : at + 2]
        if marker[:1] != b"\xff":
            raise ValueError("no marker")
        if marker == b"\xff\xd9":
            break
        (length,) = struct.unpack_from(">H", data, at + 2)
        parts.append(marker + data[at + 4 : at + 2 + length])
        at += 2 + length
        if marker == b"\xff\xda":
            end = at
            while end < len(data) and not (data[end] == 0xFF and data[end + 1] & 0xF8 != 0xD0):
                end += 2 if data[end] == 0xFF else 1
                if data[end - 1 : end + 1] == b"\xff\0":
                    end += 1
            parts.append(_SCAN + data[at:end])
            at = end
    return parts


def _join_jpeg(parts: list[bytes]) -> bytes:
    joined = [b"\xff\xd8"]
    for part in parts:
        if part.startswith(_SCAN):
            joined.append(part[len(_SCAN) :])
        else:
            length = min(0xFFFF, len(part))
            joined.append(part[:2] + struct.pack(">H", length) + part[2 : length + 2])
    return b"".join(joined) + b"\xff\xd9"


JPEG = Container(
    _split_jpeg,
    _join_jpeg,
    (
        b"\xff\xc0" + struct.pack(">BHHB", 8, 65500, 65500, 1) + b"\x01\x11\0",
        b"\xff\xc2" + struct.pack(">BHHB", 8, 3000, 3000, 3) + b"\1\x44\0\2\x11\0\3\x11\0",
        b"\xff\xdd\0\x01",
        b"\xff\xee" + b"Adobe\0\x64\0\0\0\0\x02",
        b"\xff\xe1" + b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01\x03\0\x01\0\0\0\x06",
        b"\xff\xe2" + b"ICC_PROFILE\0\x01\xff" + bytes(40),
        b"\xff\xe2" + b"MPF\0II*\0\x08\0\0\0\x03\0" + bytes(36),
    ),
)


# GIF (CompuServe, 1990): header and color table, then blocks, their data in sub-blocks.


def _color_table_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_sub_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _split_gif(data: bytes) -> list[bytes]:
    at = 13 + _color_table_bytes(data[10])
    parts = [data[:at]]
    while data[at] != 0x3B:
        start = at
        if data[at] == 0x21:
            at = _end_of_sub_blocks(data, at + 2)
        elif data[at] == 0x2C:
            at = _end_of_sub_blocks(data, at + 11 + _color_table_bytes(data[at + 9]))
        else:
            raise ValueError("no block")
        parts.append(data[start:at])
    return parts


GIF = Container(
    _split_gif,
    lambda parts: b"".join(parts) + b";",
    (
        b"!\xf9\x04\xff\xff\xff\xff\0",
        b"!\xff\x0bNETSCAPE2.0\x03\x01\xff\xff\0",
        b"," + struct.pack("<HHHHB", 65535, 65535, 65535, 65535, 0) + b"\x08\x01\0\0",
        b"," + struct.pack("<HHHHB", 0, 0, 0, 0, 0x87) + bytes(768) + b"\x0c\0",
        b"!\xfe\0",
    ),
)


# WebP: RIFF chunks of a name, a length and a body that is padded to an even length.


def _split_riff(data: bytes) -> list[bytes]:
    parts, at = [], 12
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at + 4)
        parts.append(data[at : at + 4] + data[at + 8 : at + 8 + length])
        at += 8 + length + length % 2
    return parts


def _join_riff(parts: list[bytes]) -> bytes:
    chunks = b"".join(
        part[:4] + struct.pack("<I", max(0, len(part) - 4)) + part[4:] + b"\0" * (len(part) % 2)
        for part in parts
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


WEBP = Container(
    _split_riff,
    _join_riff,
    (
        b"VP8X" + b"\xff\0\0\0" + b"\xff" * 6,
        b"VP8L" + b"\x2f\xff\xff\xff\xff" + bytes(20),
        b"ANIM" + b"\xff" * 6,
        b"ANMF" + b"\xff" * 16 + bytes(20),
        b"EXIF" + b"MM\0\x2a\xff\xff\xff\xff",
        b"ICCP" + bytes(200),
    ),
)


# PDF: objects between "n 0 obj" and "endobj".


def _split_pdf(data: bytes) -> list[bytes]:
    return data.split(b"endobj")


PDF = Container(
    _split_pdf,
    b"endobj".join,
    (
        b"\n1 0 obj << /Type /Pages /Kids [1 0 R 1 0 R 1 0 R] /Count 3 >> ",
        b"\n2 0 obj << /Type /Catalog /Pages 2 0 R >> ",
        b"\n3 0 obj << /Type /Page /Parent 3 0 R /MediaBox [0 0 1e9 1e9] >> ",
        b"\n4 0 obj << /Type /Pages /Kids [] /Count 2147483647 >> ",
    ),
)


# Text files of lines: the journal and CSV.

LINES = Container(
    lambda data: data.split(b"\n"),
    b"\n".join,
    (b"", b"{}", b"[]", b"null", b"\xff\xfe", b"\0" * 50, b'"', b"x" * 100_000),
)

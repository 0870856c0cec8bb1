"""Files of binary fields at known places: TIFF, BMP, IDX, MATLAB, NumPy arrays."""

import io
import struct
import zlib

import numpy as np

from fuzzing.mutators.raw import EXTREMES, Mutator, change_raw, pick

_BMP_FIELDS = ((2, 4), (10, 4), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2), (30, 4), (34, 4))
_BMP_FIELDS += ((46, 4), (50, 4))
_TIFF_TAGS = (254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 282, 284, 296, 317)
_TIFF_TAGS += (320, 322, 323, 324, 325, 330, 338, 339, 347, 34665, 34675, 51123, 65535)


def put_at(data: bytes, at: int, value: bytes) -> bytes:
    """Overwrite bytes."""
    return data[:at] + value + data[at + len(value) :]


def extreme(size: int, rng: np.random.Generator, order: str = "little") -> bytes:
    """Return an extreme integer of so many bytes."""
    return (pick(EXTREMES, rng) % 2 ** (8 * size)).to_bytes(size, order)


def change_bmp(data: bytes, rng: np.random.Generator) -> bytes:
    """Set a field of the header of a BMP."""
    at, size = pick(_BMP_FIELDS, rng)
    return put_at(data, at, extreme(size, rng))


def change_idx(data: bytes, rng: np.random.Generator) -> bytes:
    """Set the type, the number of dimensions or a dimension of an IDX file."""
    if rng.random() < 0.3:
        return put_at(data, int(rng.integers(4)), extreme(1, rng))
    return put_at(data, 4 + 4 * int(rng.integers(3)), extreme(4, rng, "big"))


def _directory(data: bytes, rng: np.random.Generator) -> tuple[int, int]:
    """Return offset and number of entries of one of the first directories of a little TIFF."""
    (at,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, at)
    for _ in range(int(rng.integers(3))):
        (following,) = struct.unpack_from("<I", data, at + 2 + 12 * count)
        if not following:
            break
        at = following
        (count,) = struct.unpack_from("<H", data, at)
    return at, count


def change_tiff(data: bytes, rng: np.random.Generator) -> bytes:
    """Change an entry of a directory of a TIFF, exchange two, or redirect the chain of pages."""
    try:
        at, count = _directory(data, rng)
        entries = [at + 2 + 12 * k for k in range(count)]
        what = int(rng.integers(6))
        entry = pick(entries, rng)
        if what == 0:
            return put_at(data, entry, struct.pack("<H", pick(_TIFF_TAGS, rng)))
        if what == 1:
            return put_at(data, entry + 2, struct.pack("<H", int(rng.integers(0, 20))))
        if what == 2:
            return put_at(data, entry + 4, extreme(4, rng))
        if what == 3:
            return put_at(data, entry + 8, extreme(pick((2, 4), rng), rng))
        if what == 4:
            other = pick(entries, rng)
            one, two = data[entry : entry + 12], data[other : other + 12]
            return put_at(put_at(data, entry, two), other, one)
        target = pick((at, 8, 0, len(data), 2**32 - 1, entry), rng)
        return put_at(data, at + 2 + 12 * count, struct.pack("<I", target))
    except (struct.error, ValueError):
        return change_raw(data, rng)


_NPY_HEADERS = (
    "{'descr': '|O', 'fortran_order': False, 'shape': (3,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
    "{'descr': '<f8', 'fortran_order': True, 'shape': (1000000000, 1), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (10.5,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (True,), }",
    "{'descr': '<U999999999', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': [('a', '<f4'), ('b', '|u1')], 'fortran_order': False, 'shape': (5,), }",
    "{'descr': ('<f4', (9, 9)), 'fortran_order': False, 'shape': (2,), }",
    "{'descr': '<c16', 'fortran_order': False, 'shape': (4,), }",
    "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (4,), }",
    "{'descr': '>f4', 'fortran_order': False, 'shape': (8, 10), }",
    "{'descr': '<f2', 'fortran_order': False, 'shape': (), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': " + "(" * 90 + ")" * 90 + ", }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1," * 70 + "), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 99999999999999999999), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1 if 1 else 2,), }",
    "{'descr': '" + "x" * 20_000 + "'}",
    "{'descr': '<f4', 'fortran_order': 7, 'shape': (8,), }",
    "{'descr': '<f4', 'shape': (8,), }",
    "{",
    "",
    "'\n",
    "{'descr': '''",
    "\0\0\0",
    "[1, 2",
    "-" * 500 + "1",
    "{" * 300,
    "{'descr': '|V0', 'fortran_order': False, 'shape': (4,), }",
    "{'descr': '|S0', 'fortran_order': False, 'shape': (99999999999,), }",
)


def change_npy(data: bytes, rng: np.random.Generator) -> bytes:
    """Replace the header of a .npy file, or a piece of its text."""
    try:
        (length,) = struct.unpack_from("<H", data, 8)
        header, body = data[10 : 10 + length].decode("latin-1"), data[10 + length :]
        what = rng.random()
        if what < 0.5:
            header = pick(_NPY_HEADERS, rng)
        elif what < 0.8:
            number = str(pick((*EXTREMES, -1, "1.5", "None", "'8'", "1e400", "1j"), rng))
            digits = [i for i, one in enumerate(header) if one.isdigit()]
            at = pick(digits, rng)
            header = header[:at] + number + header[at + 1 :]
        else:
            header = change_raw(header.encode("latin-1"), rng).decode("latin-1")
        version = pick((b"\1\0", b"\1\0", b"\1\0", b"\2\0", b"\3\0", b"\xff\xff"), rng)
        text = header.encode("latin-1")[:65535]
        form = "<H" if version in (b"\1\0", b"\xff\xff") else "<I"
        return b"\x93NUMPY" + version + struct.pack(form, len(text)) + text + body
    except (struct.error, ValueError, IndexError):
        return change_raw(data, rng)


def change_values(data: bytes, rng: np.random.Generator) -> bytes:
    """Set values of a .npy file to NaN, infinity or large numbers, or change its shape or type."""
    try:
        values = np.load(io.BytesIO(data), allow_pickle=False)
        what = int(rng.integers(4))
        if what == 0 and values.dtype.kind == "f" and values.size:
            values.ravel()[int(rng.integers(values.size))] = pick(
                (np.nan, np.inf, -np.inf, 1e38, -1e38, 5e-324), rng
            )
        elif what == 1:
            values = values.astype(pick(("u1", "i8", "f2", "f8", "c8", "?", "U4", "S3"), rng))
        elif what == 2:
            values = pick(
                (values.T, values.ravel(), values[None], values[:0], values[..., :1]), rng
            )
        else:
            values = np.asarray(pick((0, "text", [[1, 2], [3, 4]], [], np.nan), rng))
        made = io.BytesIO()
        np.save(made, np.ascontiguousarray(values), allow_pickle=False)
    except Exception:  # NumPy does not document what damage raises
        return change_raw(data, rng)
    return made.getvalue()


def change_mat(data: bytes, rng: np.random.Generator) -> bytes:
    """Set an aligned integer of a MATLAB file, inside its compressed variables too."""
    at = 128
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind != 15 or rng.random() < 0.4:  # miCOMPRESSED
            return _put_in_mat(data, at, rng)
        body = data[at + 8 : at + 8 + length]
        if rng.random() < 0.6:
            try:
                changed = zlib.compress(_put_in_mat(zlib.decompress(body), 0, rng))
            except zlib.error:
                break
            return (
                data[:at] + struct.pack("<II", 15, len(changed)) + changed + data[at + 8 + length :]
            )
        at += 8 + length
    return change_raw(data, rng)


def _put_in_mat(data: bytes, start: int, rng: np.random.Generator) -> bytes:
    at = start + 4 * int(rng.integers(max(1, min(24, (len(data) - start) // 4))))
    value = pick((extreme(4, rng), struct.pack("<I", int(rng.integers(20)))), rng)
    return put_at(data, at, value)


def twice(first: Mutator, second: Mutator) -> Mutator:
    """Return a mutator that applies two."""
    return lambda data, rng: second(first(data, rng), rng)

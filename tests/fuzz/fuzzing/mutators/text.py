"""Text formats: JSON, tables, PDF numbers, the header of safetensors."""

import json
import re
import struct
from typing import Any

import numpy as np

from fuzzing.mutators.raw import EXTREMES, change_raw, pick

_NUMBER = re.compile(rb"-?\d+(\.\d+)?")
_MOST_NODES = 400
_DEEP = 3_000

_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 1e308, -1e-320, 10**30, -(10**400)),
    *(float("nan"), float("inf"), "", "text", "\0", "\x1b[31m\x1b]0;t\a", "\ud800", "9" * 5000),
    *([], [None], [[]], [[[[1]]]], {}, {"": None}, {"kind": []}, list(range(2000))),
    *EXTREMES,
)
_CELLS = (
    *(b"", b" ", b"nan", b"inf", b"-1", b"256", b"3.0", b"0x10", b"1e999", b"1_0", b"9" * 400),
    *(b'"', b'""', b'"5"', b"'5'", b"=1+1", b"\xff", b"\xe2\x80\xac7", b"\xd9\xa3", b"\0", b"\r"),
    *(b"-0", b"+5", b"1;2", b"label", b"1e2", b"5" * 100_000, b"1,", b"#", b"\n", b"1 2"),
)


def _places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """List containers and keys of a JSON value, depth first."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in list(keys)[:_MOST_NODES]:
        found.append((value, key))
        if isinstance(value[key], dict | list) and len(found) < _MOST_NODES:
            _places(value[key], found)
    return found


def change_value(value: Any, rng: np.random.Generator) -> Any:
    """Change a JSON value in place, or return another."""
    if not isinstance(value, dict | list) or not value or rng.random() < 0.03:
        return pick(_VALUES, rng)
    holder, key = pick(_places(value, []), rng)
    what = int(rng.integers(6))
    if what == 0:
        del holder[key]
    elif what == 1 and isinstance(holder, list):
        holder.extend([holder[key]] * pick((1, 2, 1000), rng))
    elif what == 1:
        holder[pick(("kind", "", "shape", "extra"), rng)] = holder[key]
    elif what == 2:
        other, place = pick(_places(value, []), rng)
        holder[key] = json.loads(json.dumps(other[place]))
    else:
        holder[key] = pick(_VALUES, rng)
    return value


def change_json(data: bytes, rng: np.random.Generator) -> bytes:
    """Change a value of a JSON text; or nest it deeply."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return change_raw(data, rng)
    if rng.random() < 0.03:
        return b"[" * _DEEP + data + b"]" * pick((_DEEP, _DEEP - 1, 0), rng)
    if isinstance(value, str) and value[:1] in "{[" and rng.random() < 0.9:
        return json.dumps(change_json(value.encode(), rng).decode(errors="replace")).encode()
    return json.dumps(change_value(value, rng)).encode(errors="replace")


def change_json_line(data: bytes, rng: np.random.Generator) -> bytes:
    """Change a value on one of several lines of JSON."""
    lines = data.split(b"\n")
    at = int(rng.integers(len(lines)))
    lines[at] = change_json(lines[at], rng)
    return b"\n".join(lines)


def change_table(data: bytes, rng: np.random.Generator) -> bytes:
    """Change a cell, a row, or the kind of text of a CSV file."""
    what = rng.random()
    if what < 0.15:
        return _changed_text(data, rng)
    rows = data.split(b"\n")
    at = int(rng.integers(min(len(rows), 4))) if what < 0.5 else int(rng.integers(len(rows)))
    cells = rows[at].split(b",")
    k = int(rng.integers(len(cells)))
    if what < 0.7:
        cells[k] = pick(_CELLS, rng)
    elif what < 0.8:
        del cells[k]
    elif what < 0.9:
        cells.insert(k, pick(_CELLS, rng))
    else:
        cells = cells * pick((2, 50), rng)
    rows[at] = b",".join(cells)
    return b"\n".join(rows)


def _changed_text(data: bytes, rng: np.random.Generator) -> bytes:
    text = data.decode("latin-1")
    return pick(
        (
            data.replace(b"\n", b"\r"),
            data.replace(b"\n", b"\r\n"),
            data.replace(b"\n", b"\n\n"),
            data.replace(b"\n", b","),
            data.replace(b",", b";"),
            data.replace(b",", b"\t"),
            b"\xef\xbb\xbf" + data,
            text.encode("utf-16"),
            text.encode("utf-32"),
            data.rstrip(b"\n") * 3,
            b"\n" * 50 + data,
            data + b"\x1a",
            data[:1] * 2_000_000,
        ),
        rng,
    )


def change_words(data: bytes, rng: np.random.Generator) -> bytes:
    """Change a word of a table whose cells are parted by blanks, as in Theta1.txt."""
    rows = data.split(b"\n")
    at = int(rng.integers(len(rows)))
    cells = rows[at].split(b" ")
    k = int(rng.integers(len(cells)))
    if rng.random() < 0.2:
        cells = cells[:k] + cells[k + 1 :]
    else:
        cells[k] = pick(_CELLS, rng)
    rows[at] = b" ".join(cells)
    return b"\n".join(rows)


def change_numbers(data: bytes, rng: np.random.Generator) -> bytes:
    """Replace a number of a text, such as the size of a PDF's page."""
    found = list(_NUMBER.finditer(data))
    if not found:
        return change_raw(data, rng)
    one = pick(found, rng)
    number = pick((*EXTREMES, -1, "1e9", "0.00001", "99999999999999999999", "-2147483648"), rng)
    return data[: one.start()] + str(number).encode() + data[one.end() :]


def change_safetensors(data: bytes, rng: np.random.Generator) -> bytes:
    """Change the JSON header of a safetensors file, or the JSON in its metadata."""
    try:
        (length,) = struct.unpack_from("<Q", data)
        header = json.loads(data[8 : 8 + length])
        metadata = header["__metadata__"]
        key = next(iter(metadata))
        if rng.random() < 0.65:
            changed = change_json(metadata[key].encode(), rng)
            metadata[key] = changed.decode(errors="replace")
            text = json.dumps(header).encode()
        else:
            text = json.dumps(change_value(header, rng)).encode(errors="replace")
    except (struct.error, ValueError, KeyError, TypeError, AttributeError, StopIteration):
        return change_raw(data, rng)
    return struct.pack("<Q", len(text)) + text + data[8 + length :]


def change_floats(data: bytes, rng: np.random.Generator) -> bytes:
    """Set four bytes of the arrays of a safetensors file to NaN, infinity or a large number."""
    try:
        (length,) = struct.unpack_from("<Q", data)
    except struct.error:
        return change_raw(data, rng)
    n = (len(data) - 8 - length) // 4
    if n <= 0:
        return change_raw(data, rng)
    at = 8 + length + 4 * int(rng.integers(n))
    value = pick((float("nan"), float("inf"), 3e38, -3e38, 1e-45), rng)
    return data[:at] + struct.pack("<f", value) + data[at + 4 :]

"""Files inside files: ZIP, .npz and gzip. The inner file changes, the outer one stays whole."""

import gzip
import io
import warnings
import zipfile
import zlib
from functools import partial

import numpy as np

from fuzzing.mutators.raw import Mutator, change_raw, pick

_NAMES = (
    *(
        "../ESCAPED",
        "/tmp/ESCAPED",
        "x_train",
        "y_train.npy",
        "a" * 300,
        "",
        "\0.npy",
        "__MACOSX/a",
    ),
    *(
        "0/a.png",
        "10/a.png",
        "0/../../ESCAPED.png",
        "0\\b.png",
        "CON",
        "pixels.npy",
        "weight_layer_1",
    ),
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_BOMB = bytes(48 << 20)

Members = list[tuple[str, bytes]]


def _members_of(data: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def _zipped(members: Members, method: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name or "x"), content, method, 1)
    return made.getvalue()


def _encrypted(data: bytes) -> bytes:
    """Set the flag of a password in the local and the central header of the first member."""
    changed = bytearray(data)
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.find(mark)
        if at >= 0:
            changed[at + offset] |= 1
    return bytes(changed)


def _foreign_method(data: bytes, rng: np.random.Generator) -> bytes:
    changed = bytearray(data)
    method = pick((1, 6, 9, 12, 14, 93, 95, 99, 0xFF), rng)
    for mark, offset in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        at = data.find(mark)
        if at >= 0:
            changed[at + offset] = method
    return bytes(changed)


def _change_zip(inner: Mutator, data: bytes, rng: np.random.Generator) -> bytes:
    try:
        members = _members_of(data)
        at = int(rng.integers(len(members)))
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ):
        return change_raw(data, rng)
    name, content = members[at]
    method = pick((*_METHODS[:2] * 3, *_METHODS), rng)
    match int(rng.integers(10)):
        case 0:
            members[at] = (pick(_NAMES, rng), content)
        case 1:
            del members[at]
        case 2:
            members += [members[at]] * pick((1, 1, 300), rng)
        case 3:
            members[at] = (name, pick((b"", b"text", _BOMB, content[:9], data), rng))
            method = zipfile.ZIP_DEFLATED
        case 4:
            return pick((_encrypted(data), _foreign_method(data, rng)), rng)
        case _:
            members[at] = (name, inner(content, rng))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of names that stand twice
        return _zipped(members, method)


def changes_in_zip(inner: Mutator) -> Mutator:
    """Return a mutator that changes a member of a ZIP, its name or its compression."""
    return partial(_change_zip, inner)


def _change_gzip(inner: Mutator, data: bytes, rng: np.random.Generator) -> bytes:
    try:
        content = gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return change_raw(data, rng)
    if rng.random() < 0.05:
        return pick(
            (
                data + data,
                data + b"tail",
                gzip.compress(_BOMB, 1, mtime=0),
                gzip.compress(b"", mtime=0),
            ),
            rng,
        )
    return gzip.compress(inner(content, rng), 1, mtime=0)


def changes_in_gzip(inner: Mutator) -> Mutator:
    """Return a mutator that changes the content of a gzip file."""
    return partial(_change_gzip, inner)

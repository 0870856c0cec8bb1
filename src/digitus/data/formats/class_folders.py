"""Class folders: ``root/<digit>/*.png``; the folder's name is the label.

JSON files beside the images are ignored: corrections keep their records there.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from digitus.data.checks import mismatch, unreadable
from digitus.data.samples import CLASSES, PIXELS, SIDE_PX, Bytes, DataSet, Samples
from digitus.errors import DataError

if TYPE_CHECKING:
    from PIL import Image

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".pgm"})
DIGITS = frozenset(str(digit) for digit in range(CLASSES))
IGNORED_NAMES = frozenset({"Thumbs.db", "desktop.ini"})  # written by file managers
IGNORED_SUFFIXES = frozenset({".json"})  # records of corrections


def read_folders(root: str | Path) -> DataSet:
    """Read a class folder, or its ``train`` and ``test`` (``training``, ``testing``) subfolders.

    Raises:
        DataError: if a folder is not named 0 to 9, a file is not a 28 x 28 image, or there is no
            image.
    """
    root = Path(root)
    train = _first_folder(root, "train", "training")
    if train is None:
        return DataSet(root.name, read_class_folder(root), None)
    test = _first_folder(root, "test", "testing")
    return DataSet(
        root.name, read_class_folder(train), None if test is None else read_class_folder(test)
    )


def read_class_folder(root: str | Path) -> Samples:
    """Read the images of all digits' folders, ordered by digit, then by file name.

    Raises:
        DataError: see ``read_folders``.
    """
    root = Path(root)
    files = [(path, int(folder.name)) for folder in _digit_folders(root) for path in _files(folder)]
    if not files:
        raise mismatch(
            root,
            wanted="folders 0 to 9 with images",
            found="no image",
            remedy="put each image into its digit's folder, or give a folder of IDX or CSV files",
        )
    pixels = np.empty((len(files), PIXELS), np.uint8)
    for row, (path, _) in enumerate(files):
        pixels[row] = read_image(path).ravel()
    return Samples(pixels, np.array([label for _, label in files], np.int64), str(root))


def _first_folder(root: Path, *names: str) -> Path | None:
    return next((root / name for name in names if (root / name).is_dir()), None)


def _visible(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise unreadable(folder, error) from error
    for entry in entries:
        if not entry.name.startswith(".") and entry.name not in IGNORED_NAMES:
            yield entry


def _digit_folders(root: Path) -> Iterator[Path]:
    for entry in _visible(root):
        if entry.is_dir():
            if entry.name not in DIGITS:
                raise mismatch(
                    entry,
                    wanted="folders named 0 to 9 only",
                    found=f"{entry.name!r}",
                    remedy="rename it or move it elsewhere",
                )
            yield entry


def _files(folder: Path) -> Iterator[Path]:
    for path in _visible(folder):
        if path.suffix.lower() in IGNORED_SUFFIXES:
            continue
        if path.suffix.lower() not in SUFFIXES or not path.is_file():
            raise mismatch(
                path,
                wanted="images only (.png, .jpg, ...)",
                found=f"{path.name!r}",
                remedy="move it elsewhere",
            )
        yield path


def read_image(path: Path) -> Bytes:
    """Read an image as grey (28, 28), 0 to 255; its size is checked before it is decoded.

    Raises:
        DataError: if it is missing, damaged, of another size, transparent or deeper than 8 bits.
    """
    return decode_image(path, path)


def decode_image(source: Path | BinaryIO, where: object) -> Bytes:
    """Decode an image as grey (28, 28), 0 to 255, from a file or its bytes; see ``read_image``.

    Args:
        source: the path, or a stream of the bytes.
        where: the place of the image, for the error.
    """
    from PIL import Image

    try:
        with Image.open(source) as image:
            if image.size != (SIDE_PX, SIDE_PX):
                raise _wrong_size(where, image.size)
            return _to_grey(image, where)
    except DataError:
        raise
    except Exception as error:  # Pillow's decoders raise errors of many types
        raise mismatch(
            where, wanted="an image", found="a damaged or foreign file", remedy="remove it"
        ) from error


def _to_grey(image: "Image.Image", where: object) -> Bytes:
    """Convert to 8-bit grey; refuse transparency and depths that have no unique grey value."""
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        raise mismatch(
            where, wanted="8 bits a channel", found="more", remedy="save it as 8-bit grey"
        )
    if _is_see_through(image):
        raise mismatch(
            where,
            wanted="an opaque image",
            found="transparent pixels",
            remedy="save it without transparency",
        )
    return np.asarray(image.convert("L"))


def _is_see_through(image: "Image.Image") -> bool:
    if not image.has_transparency_data:
        return False
    return image.convert("RGBA").getchannel("A").getextrema() != (255, 255)


def _wrong_size(where: object, size: tuple[int, int]) -> DataError:
    return mismatch(
        where,
        wanted=f"a training image of {SIDE_PX} x {SIDE_PX} pixels",
        found=f"{size[0]} x {size[1]}",
        remedy="scale it first (`digitus predict` reads images of any size)",
    )

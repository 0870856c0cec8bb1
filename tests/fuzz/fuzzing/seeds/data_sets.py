"""Small labelled data sets in every format, and corrections."""

import gzip
import io
import json
import os
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from digitus.data.corrections import Correction, CorrectionStore, DrawnStrokes
from digitus.data.formats.idx import idx_header

N_TRAIN, N_TEST = 30, 10
Files = dict[str, bytes]
"""Contents by path within the folder of a case."""
_WRITTEN_NS = 1_700_000_000 * 10**9
"""Time of all files, because the journal of `read` notices a newer file."""


def write(files: Files, folder: Path) -> None:
    """Write files into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, ns=(_WRITTEN_NS, _WRITTEN_NS))


@cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return images (40, 784), uint8, no two alike, and labels (40,)."""
    rng = np.random.default_rng(5)
    pixels = np.zeros((N_TRAIN + N_TEST, 28, 28), np.uint8)
    labels = np.arange(len(pixels)) % 10
    for image, label in zip(pixels, labels, strict=True):
        image[4 + label : 8 + label, 4:24] = rng.integers(128, 256, (4, 20))
    return pixels.reshape(len(pixels), -1), labels.astype(np.uint8)


def _idx(values: np.ndarray) -> bytes:
    return idx_header(values.shape) + values.tobytes()


def idx(*, zipped: bool) -> list[Files]:
    """Return the four files of a data set."""
    pixels, labels = digits()
    images = pixels.reshape(-1, 28, 28)
    parts = {"train": slice(N_TRAIN), "t10k": slice(N_TRAIN, None)}
    made: Files = {}
    for part, rows in parts.items():
        made[f"set/{part}-images-idx3-ubyte"] = _idx(images[rows])
        made[f"set/{part}-labels-idx1-ubyte"] = _idx(labels[rows])
    if zipped:
        made = {f"{name}.gz": gzip.compress(content, 1, mtime=0) for name, content in made.items()}
    return [made]


def _table(*, header: bool, labelled: bool) -> bytes:
    pixels, labels = digits()
    values = np.column_stack([labels, pixels]) if labelled else pixels
    lines = [",".join(map(str, row)) for row in values.tolist()]
    if header:
        names = [f"pixel{k}" for k in range(pixels.shape[1])]
        lines.insert(0, ",".join((["label"] if labelled else []) + names))
    return ("\n".join(lines) + "\n").encode()


def tables(*, zipped: bool) -> list[Files]:
    """Return tables with and without header and labels."""
    kinds = [_table(header=h, labelled=n) for h, n in ((True, True), (False, True), (True, False))]
    if zipped:
        return [{"set.csv.gz": gzip.compress(one, 1, mtime=0)} for one in kinds]
    return [{"set.csv": one} for one in kinds]


def mat() -> list[Files]:
    """Return MATLAB files, compressed and not, of bytes and of floats."""
    from scipy.io import savemat

    pixels, labels = digits()
    made = []
    for kind, is_compressed in ((np.uint8, True), (np.float64, True), (np.uint8, False)):
        file = io.BytesIO()
        values = {"data": pixels.T.astype(kind), "label": labels[None].astype(np.float64)}
        savemat(file, values, do_compression=is_compressed)
        made.append({"set.mat": file.getvalue()})
    return made


def npz() -> list[Files]:
    """Return archives with two parts and with one."""
    pixels, labels = digits()
    both, one = io.BytesIO(), io.BytesIO()
    np.savez_compressed(
        both,
        x_train=pixels[:N_TRAIN].reshape(-1, 28, 28),
        y_train=labels[:N_TRAIN],
        x_test=pixels[N_TRAIN:],
        y_test=labels[N_TRAIN:].astype(np.int64),
    )
    np.savez(one, pixels=pixels, labels=labels)
    return [{"set.npz": both.getvalue()}, {"set.npz": one.getvalue()}]


def class_zip() -> list[Files]:
    """Return a ZIP of a class folder, with a record beside an image."""
    pixels, labels = digits()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for k in range(12):
            png = io.BytesIO()
            Image.fromarray(pixels[k].reshape(28, 28)).save(png, format="PNG")
            archive.writestr(zipfile.ZipInfo(f"{labels[k]}/{k}.png"), png.getvalue())
        archive.writestr(zipfile.ZipInfo("0/0.json"), "{}")
    return [{"set.zip": file.getvalue()}]


def corrections() -> list[Files]:
    """Return a folder of two corrections: a drawing and an image."""
    drawn = DrawnStrokes(28, 28, 3.0, (((3.5, 4.0), (20.0, 9.0, 0.5)), ((1.0, 1.0),)))
    pixels, _ = digits()
    date = "2026-01-02T03:04:05+00:00"
    with tempfile.TemporaryDirectory() as folder:
        store = CorrectionStore(folder)
        for number, drawing in enumerate((drawn, None)):
            one = Correction(
                7, 1, 0.5, "cnn", "drawing" if drawing else "image", drawing, date, f"{number}"
            )
            store.add(pixels[number].reshape(28, 28) / 255, one)
        paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())
        made = {f"set/{path.relative_to(folder)}": path.read_bytes() for path in paths}
    assert json.loads(made["set/7/0.json"])["label"] == 7
    return [made]

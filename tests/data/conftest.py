"""Small artificial data sets, and files of every format that hold them."""

import gzip
import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from PIL import Image

from digitus.data import mnist as mnist_module
from digitus.data.formats.idx import idx_header, idx_sha256
from digitus.data.samples import PIXELS, Samples
from digitus.data.sources.remote import MNIST, RemoteFile


def _make(n: int, seed: int) -> Samples:
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 256, (n, PIXELS)).astype(np.uint8)
    return Samples(pixels, random.integers(0, 10, n), "made up")


def _idx_bytes(values: np.ndarray) -> bytes:
    return idx_header(values.shape) + values.tobytes()


def _arrays(train: Samples, test: Samples) -> list[np.ndarray]:
    parts = [(part.pixels.reshape(-1, 28, 28), part.labels) for part in (train, test)]
    return [values.astype(np.uint8) for part in parts for values in part]


@pytest.fixture
def train_part() -> Samples:
    return _make(40, seed=1)


@pytest.fixture
def test_part() -> Samples:
    return _make(15, seed=2)


@pytest.fixture
def write_idx() -> Callable[..., Path]:
    def write(path: Path, values: np.ndarray) -> Path:
        content = _idx_bytes(values)
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
        return path

    return write


@pytest.fixture
def write_idx_folder(write_idx) -> Callable[..., Path]:
    def write(folder: Path, train: Samples, test: Samples, *, suffix: str = "") -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for file, values in zip(MNIST, _arrays(train, test), strict=True):
            write_idx(folder / f"{file.name}{suffix}", values)
        return folder

    return write


@pytest.fixture
def write_csv() -> Callable[..., Path]:
    def write(path: Path, samples: Samples, *, header: str | None = "label,pixel") -> Path:
        rows = samples.pixels
        if samples.labels is not None:
            rows = np.column_stack([samples.labels, samples.pixels])
        lines = [",".join(map(str, row)) for row in rows.tolist()]
        if header == "label,pixel":
            lines.insert(0, ",".join(["label", *(f"pixel{k}" for k in range(PIXELS))]))
        elif header is not None:
            lines.insert(0, header)
        content = ("\n".join(lines) + "\n").encode()
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
        return path

    return write


@pytest.fixture
def write_class_folder() -> Callable[..., Path]:
    def write(root: Path, samples: Samples) -> Path:
        for row, (pixels, label) in enumerate(zip(samples.pixels, samples.labels, strict=True)):
            (root / str(label)).mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels.reshape(28, 28)).save(root / str(label) / f"{row:03}.png")
        return root

    return write


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def serve(monkeypatch) -> Iterator[Callable[[Path], str]]:
    """Serve folders on this machine; each call starts a server and returns its address."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    servers = []

    def start(folder: Path) -> str:
        handler = partial(_QuietHandler, directory=str(folder))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = Thread(target=server.serve_forever, args=(0.01,))
        servers.append((server, thread))
        thread.start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def published(tmp_path, monkeypatch, write_idx_folder) -> Path:
    """A folder with an artificial MNIST of 300 and 15 images; its hashes replace the real ones."""
    train, test = _make(300, seed=3), _make(15, seed=4)
    folder = write_idx_folder(tmp_path / "published", train, test, suffix=".gz")
    files = tuple(
        RemoteFile(file.name, idx_sha256(values), _md5(folder / f"{file.name}.gz"))
        for file, values in zip(MNIST, _arrays(train, test), strict=True)
    )
    monkeypatch.setattr(mnist_module, "MNIST", files)
    monkeypatch.setattr(mnist_module, "cache_folder", lambda: tmp_path / "cache" / "mnist")
    monkeypatch.delenv("DIGITUS_DATA", raising=False)
    return folder


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()

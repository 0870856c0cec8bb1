"""The pages of an archive: their keys, and batches of them sized by pixels."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PIL import Image

from digitus.errors import DigitusError, ReadFailure
from digitus.imaging.opening.page_source import PAGE_PX, open_document
from digitus.reader.cluster.locations import hashed_copy


@dataclass(frozen=True)
class BatchParameters:
    """How much goes into one batch, which one worker reads and one Parquet file holds.

    Set by hand: a batch takes a few seconds to a minute, so that sending it costs little and a
    killed worker loses little.

    Attributes:
        max_px: greatest number of pixels; a larger page is a batch of its own.
        max_pages: greatest number of pages.
    """

    max_px: int = 200_000_000
    max_pages: int = 64


BATCHES = BatchParameters()

_PDF_PAGE_PX = PAGE_PX * PAGE_PX * 7 // 10  # a PDF page is rendered so large; A4 is 0.7 as wide


@dataclass(frozen=True)
class ArchivePage:
    """One page of a file.

    Attributes:
        source: path or URL of the file.
        content: SHA-256 of the file's bytes, in hexadecimal.
        page: its number in the file, from 1.
        n_pages: number of pages of the file.
        n_px: about its number of pixels.
    """

    source: str
    content: str
    page: int
    n_pages: int
    n_px: int

    @property
    def key(self) -> bytes:
        """16 bytes that identify the page by its content, wherever the file lies."""
        return page_key(self.content, self.page)


def page_key(content: str, page: int) -> bytes:
    """Return the key of a page by the hash of its file and its number.

    >>> page_key("ab", 1) == page_key("ab", 2)
    False
    """
    return hashlib.blake2b(f"{content}:{page}".encode(), digest_size=16).digest()


def inspect(source: str) -> list[ArchivePage] | ReadFailure:
    """Return the pages of a file, none decoded; or why it cannot be opened."""
    try:
        with hashed_copy(source) as (path, content):
            try:
                n_pages = open_document(path).n_pages
            except DigitusError as error:
                return ReadFailure(source, str(error).replace(path, source))
            n_px = _pixels_of(path)
    except DigitusError as error:
        return ReadFailure(source, str(error))
    return [ArchivePage(source, content, page, n_pages, n_px) for page in range(1, n_pages + 1)]


def batches_of(
    pages: Iterable[ArchivePage], parameters: BatchParameters
) -> Iterator[tuple[ArchivePage, ...]]:
    """Group pages in their order, so that those of one file stay together."""
    batch: list[ArchivePage] = []
    n_px = 0
    for page in pages:
        is_full = n_px + page.n_px > parameters.max_px or len(batch) == parameters.max_pages
        if batch and is_full:
            yield tuple(batch)
            batch, n_px = [], 0
        batch.append(page)
        n_px += page.n_px
    if batch:
        yield tuple(batch)


def _pixels_of(path: str) -> int:
    try:
        with Image.open(path) as image:
            return image.width * image.height
    except Exception:  # a PDF, or damaged, which reading it will say
        return _PDF_PAGE_PX

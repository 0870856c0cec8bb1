"""MNIST as bytes for the page: the labels of a part, then its pixels."""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock, Thread
from time import monotonic
from typing import Literal, TypeAlias

import numpy as np

from digitus.data.samples import DataSet, Samples
from digitus.errors import Cancelled

Part: TypeAlias = Literal["train", "test"]
PARTS: tuple[Part, ...] = ("train", "test")
SIZES: dict[Part, int] = {"train": 60_000, "test": 10_000}

GZIP_LEVEL = 6
"""47 MB of images become 9.9 in a second; level 9 makes 9.7 of them, in 18 seconds."""
_GZIP_FORM = 31  # zlib's number for a gzip stream with the largest window, without a date
_BLOCK = 1 << 20
_ZIPPED_BLOCK = 1 << 16
FAILURE_KEPT_S = 3.0
"""For so long a failure is the answer to all requests; then the next one tries again."""


def pack(samples: Samples, n: int | None = None) -> bytes:
    """Return n labels, then n x 784 pixels, one byte each.

    Args:
        samples: with labels.
        n: number of images, the first ones; None takes all.

    Raises:
        ValueError: if the samples have no labels.
    """
    if samples.labels is None:
        raise ValueError(f"{samples.source} has no labels")
    return samples.labels[:n].astype(np.uint8).tobytes() + samples.pixels[:n].tobytes()


def zipped(content: bytes, cancelled: Callable[[], bool]) -> bytes:
    """Return bytes gzipped.

    Args:
        content: to be compressed.
        cancelled: called between blocks.

    Raises:
        Cancelled: if ``cancelled`` returned True.
    """
    stream = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, _GZIP_FORM)
    parts = []
    for start in range(0, len(content), _BLOCK):
        if cancelled():
            raise Cancelled("the server is being ended; start it again for MNIST")
        parts.append(stream.compress(content[start : start + _BLOCK]))
    return b"".join([*parts, stream.flush()])


@dataclass(frozen=True)
class PackedPart:
    """A part of MNIST, compressed, with what its answers need.

    Attributes:
        zipped: labels and pixels, gzipped.
        n_bytes: of the labels and pixels.
        tag: names the labels and pixels.
        zipped_tag: names the compressed bytes.
    """

    zipped: bytes
    n_bytes: int
    tag: str
    zipped_tag: str

    @classmethod
    def of(cls, content: bytes, cancelled: Callable[[], bool]) -> "PackedPart":
        """Compress the labels and pixels; raises as `zipped`."""
        compressed = zipped(content, cancelled)
        return cls(compressed, len(content), tag_of(content), tag_of(compressed))

    def in_blocks(self) -> Iterator[memoryview]:
        """Give the compressed bytes in blocks, so that a connection does not copy all at once."""
        for start in range(0, len(self.zipped), _BLOCK):
            yield memoryview(self.zipped)[start : start + _BLOCK]

    def unzipped(self) -> Iterator[bytes]:
        """Give the labels and pixels in blocks, so that they are never all in memory."""
        stream, compressed = zlib.decompressobj(_GZIP_FORM), memoryview(self.zipped)
        for start in range(0, len(compressed), _ZIPPED_BLOCK):  # what is left of a block is copied
            rest: bytes | memoryview = compressed[start : start + _ZIPPED_BLOCK]
            while rest:
                yield stream.decompress(rest, _BLOCK)
                rest = stream.unconsumed_tail


def tag_of(content: bytes) -> str:
    """Return an entity tag: the same for the same content."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


Packed: TypeAlias = dict[Part, PackedPart]


class PackedMnist:
    """Both parts of MNIST, read and compressed at the first request, then kept.

    Args:
        load: returns MNIST; called until it succeeds, in a thread of its own.
        cancelled: whether the server is being ended; then requests fail soon.
    """

    def __init__(
        self, load: Callable[[], DataSet], cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        self._load, self._cancelled = load, cancelled
        self._packed: Future[Packed] | None = None
        self._failed_at = 0.0
        self._lock = Lock()

    def packed(self) -> "Future[Packed]":
        """Return the parts, or their future: a load at hand is shared by all who ask.

        The future raises what the function that loads does, or `Cancelled` if the server is being
        ended.
        """
        with self._lock:
            if self._packed is None or self._is_stale(self._packed):
                self._packed = Future()
                self._packed.set_running_or_notify_cancel()  # who stops waiting stops nothing
                Thread(target=self._prepare, args=(self._packed,), daemon=True).start()
            return self._packed

    def _is_stale(self, packed: "Future[Packed]") -> bool:
        failed = packed.done() and packed.exception() is not None
        return failed and monotonic() - self._failed_at >= FAILURE_KEPT_S

    def _prepare(self, future: "Future[Packed]") -> None:
        """Load and compress MNIST."""
        try:
            found = self._load()
            parts: dict[Part, Samples | None] = {"train": found.train, "test": found.test}
            packed: Packed = {
                name: PackedPart.of(pack(samples), self._cancelled)
                for name, samples in parts.items()
                if samples is not None
            }
        except BaseException as error:  # all of them, so that nobody waits for ever
            self._failed_at = monotonic()
            future.set_exception(error)
        else:
            future.set_result(packed)

"""Crops of the pages' images, each made at its first use and kept beside the images."""

from collections import OrderedDict
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.errors import NotThere, WriteError
from digitus.files import replacing
from digitus.reader.export.crops import with_margin
from digitus.reader.results.reading import Box
from digitus.review.storage.content_files import ContentFiles

_KEPT = 4
"""Decoded images that are kept: the crops of a page are asked for one after the other."""


class PageImages:
    """Cuts boxes out of images of pages.

    Args:
        files: with the images.
    """

    def __init__(self, files: ContentFiles) -> None:
        self._files = files
        self._decoded: OrderedDict[str, NDArray[np.uint8]] = OrderedDict()
        self._lock = Lock()

    def crop(self, image: str, width: int, box: Box) -> bytes:
        """Return a box with a margin as PNG.

        Args:
            image: SHA-256 of the image.
            width: width of the page in pixels; the image may be reduced.
            box: in pixels of the page.

        Raises:
            NotThere: if the image is missing or damaged.
        """
        path = self._files.crop_path(image, box)
        try:
            return path.read_bytes()
        except OSError:
            pass
        levels = self._levels(image)
        scale = levels.shape[1] / width
        left, top, wide, high = (round(one * scale) for one in box)
        png = cv2.imencode(".png", levels[with_margin((left, top, wide, high))])[1].tobytes()
        try:
            with replacing(path) as draft:
                draft.write_bytes(png)
        except WriteError:  # a full disk: it is made again the next time
            return png
        return png

    def forget(self) -> None:
        """Forget the decoded images, of which some may have been deleted."""
        with self._lock:
            self._decoded.clear()

    def _levels(self, image: str) -> NDArray[np.uint8]:
        """Return an image (rows, cols) or (rows, cols, 3), 0 to 255, decoded or kept."""
        with self._lock:
            if image in self._decoded:
                self._decoded.move_to_end(image)
                return self._decoded[image]
        content = np.frombuffer(self._files.read(image), np.uint8)
        found = cv2.imdecode(content, cv2.IMREAD_UNCHANGED)
        if found is None:
            raise NotThere("the image of a page is damaged; read the page again")
        levels: NDArray[np.uint8] = found.astype(np.uint8, copy=False)
        with self._lock:
            self._decoded[image] = levels
            while len(self._decoded) > _KEPT:
                self._decoded.popitem(last=False)
        return levels

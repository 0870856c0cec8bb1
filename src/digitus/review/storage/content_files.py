"""Files that are named by the SHA-256 of their content: documents, images of pages, crops."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from digitus.errors import NotThere, WriteError
from digitus.files import replacing
from digitus.reader.results.reading import Box

_SHA256 = re.compile("[0-9a-f]{64}")


class ContentFiles:
    """A folder of files.

    Args:
        folder: made with the first file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes | Path) -> str:
        """Keep a content, or that of a file, and return its SHA-256; it is on the disk then.

        Raises:
            WriteError: if it cannot be written; a file that cannot be read raises it, too.
        """
        try:
            sha256 = _sha256(content)
        except OSError as error:
            raise WriteError(
                f"the document cannot be read ({error.strerror or error}); send it again"
            ) from error
        target = self.path_of(sha256)
        if not target.exists():
            with replacing(target) as draft:
                if isinstance(content, bytes):
                    draft.write_bytes(content)
                else:
                    shutil.copyfile(content, draft)
        return sha256

    def path_of(self, sha256: str) -> Path:
        """Return the path of a content."""
        return self.folder / "content" / sha256[:2] / sha256

    def read(self, sha256: str) -> bytes:
        """Return a content.

        Raises:
            NotThere: if it is missing, for example because its batch is being deleted.
        """
        try:
            return self.path_of(sha256).read_bytes()
        except OSError as error:
            raise NotThere("the image of a page is missing; read the page again") from error

    def crop_path(self, image: str, box: Box) -> Path:
        """Return the path of a box's crop of an image, which lies beside the contents."""
        return self._crops_of(image) / f"{'-'.join(map(str, box))}.png"

    def delete(self, sha256: str) -> None:
        """Delete a content, and the crops of it if it is an image.

        Raises:
            WriteError: if it cannot be deleted.
        """
        path = self.path_of(sha256)
        try:
            path.unlink(missing_ok=True)
            shutil.rmtree(self._crops_of(sha256), ignore_errors=True)
        except OSError as error:
            raise WriteError(
                f"{path}: cannot be deleted ({error.strerror or error}); check its permissions"
            ) from error

    def names(self) -> Iterator[str]:
        """Yield the SHA-256 of every content that is kept, and of images that crops are left of."""
        for path in (*self.folder.glob("content/??/*"), *self.folder.glob("crops/??/*")):
            if _SHA256.fullmatch(path.name):  # nothing else is ours to delete
                yield path.name

    def _crops_of(self, image: str) -> Path:
        return self.folder / "crops" / image[:2] / image


def _sha256(content: bytes | Path) -> str:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

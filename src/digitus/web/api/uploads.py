"""Uploads: the parts of a multipart body, files written to the disk as they come."""

import logging
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from digitus.errors import WriteError
from digitus.web.limits import Limits
from digitus.web.problems import Problem

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

logging.getLogger("python_multipart").setLevel(logging.ERROR)  # warns of each damaged body

FIELD_BYTES = 1000
"""Of a part that is no file: a number or a word."""
FIELDS = 20
HEADER_BYTES = 4000
"""Of the headers of a part, the file's name included."""
NAME_CHARACTERS = 200
_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class UploadedFile:
    """A file that was received.

    Attributes:
        name: as its sender calls it, for messages alone; never a part of a path.
        path: where it lies, under a name of the server's own.
    """

    name: str
    path: Path


@dataclass
class Upload:
    """What a multipart body held.

    Attributes:
        folder: of the files; delete it with ``discard``.
        files: in the order of the body.
        fields: texts by name.
    """

    folder: Path
    files: list[UploadedFile] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)

    async def discard(self) -> None:
        """Delete the files."""
        await run_in_threadpool(shutil.rmtree, self.folder, ignore_errors=True)


async def receive(request: Request, folder: Path, limits: Limits) -> Upload:
    """Receive the body of a request; its files are written as they come.

    Args:
        request: whose body is multipart/form-data with files in the field ``files``.
        folder: in which a folder for the files is made.
        limits: of the server.

    Raises:
        Problem: if the body is of another type, damaged, too large, or without a file.
        WriteError: if the disk is full.
    """
    boundary = _boundary(request)
    upload = Upload(await run_in_threadpool(_new_folder, folder))
    try:
        await _receive_parts(request, boundary, _Parts(upload, limits))
        if not upload.files:
            raise Problem(422, "files: expected at least one file, none came; add one")
    except BaseException:
        await upload.discard()
        raise
    return upload


async def _receive_parts(request: Request, boundary: bytes, parts: "_Parts") -> None:
    try:
        parser = MultipartParser(boundary, parts.callbacks())
        async for chunk in request.stream():
            await run_in_threadpool(_feed, parser, chunk)
        parser.finalize()
    except FormParserError as error:
        raise Problem(400, "the multipart body is damaged; send it again") from error
    finally:
        parts.close()
    if not parts.is_whole:
        raise Problem(400, "the multipart body breaks off; send it again")


def _new_folder(within: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(dir=within))
    except OSError as error:
        raise _unwritten(error) from error


def _unwritten(error: OSError) -> WriteError:
    reason = error.strerror or error
    return WriteError(f"the upload cannot be kept ({reason}); free some space on the server")


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise Problem(
            415,
            "expected files as multipart/form-data in the field files; "
            "send them so, as curl -F files=@page.jpg does",
        )
    return options[b"boundary"]


def _feed(parser: MultipartParser, chunk: bytes) -> None:
    """Parse a part of the body, and write what belongs to a file."""
    try:
        parser.write(chunk)
    except OSError as error:
        raise _unwritten(error) from error


def shown_name(name: str) -> str:
    r"""Return a file's name without folders and without what a terminal or a page would obey.

    >>> shown_name("../../etc/passwd"), shown_name("C:\\scans\\1.png"), shown_name("..")
    ('passwd', '1.png', 'file')
    """
    own = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _FOLDERS.sub("", name)).strip()
    return own[:NAME_CHARACTERS] if own.strip(". ") else "file"


class _Parts:
    """Takes the parts of a body from the parser."""

    def __init__(self, upload: Upload, limits: Limits) -> None:
        self.upload, self._limits = upload, limits
        self.is_whole = False
        self._n_fields = 0
        self._file: IO[bytes] | None = None
        self._text: bytearray | None = None
        self._header: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._headers: dict[bytes, bytes] = {}

    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._add_header(0, data[start:end]),
            "on_header_value": lambda data, start, end: self._add_header(1, data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": self._write,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self) -> None:
        self._headers = {}

    def _add_header(self, which: int, data: bytes) -> None:
        self._header[which].extend(data)
        if sum(map(len, self._header)) > HEADER_BYTES or len(self._headers) > FIELDS:
            raise Problem(422, f"the headers of a part exceed {HEADER_BYTES:,} bytes; shorten them")

    def _end_header(self) -> None:
        name, value = self._header
        self._headers[bytes(name).lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def _open(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            self._n_fields += 1
            if self._n_fields > FIELDS:
                raise Problem(422, f"more than {FIELDS} fields; send those that are described")
            self._text = bytearray()
            return
        n = len(self.upload.files)
        if n >= self._limits.files:
            raise Problem(413, f"more than {n:,} files; send them in several requests", closes=True)
        path = self.upload.folder / f"{n:05}"
        self._file = path.open("xb")
        name = options[b"filename"].decode("utf-8", "replace")
        self.upload.files.append(UploadedFile(shown_name(name), path))

    def _write(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(memoryview(data)[start:end])
        elif self._text is not None:
            self._text += data[start:end]
            if len(self._text) > FIELD_BYTES:
                raise Problem(
                    422, f"{self._name}: more than {FIELD_BYTES:,} bytes; was it meant as a file?"
                )

    def _end(self) -> None:
        self.close()
        if self._text is not None:
            self.upload.fields[self._name] = self._text.decode("utf-8", "replace")
            self._text = None

    def _finish(self) -> None:
        self.is_whole = True

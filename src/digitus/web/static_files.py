"""The files of the page, as they lie in the package."""

import re
from importlib.resources import files
from pathlib import Path

FOLDER = Path(str(files("digitus.web") / "static"))

PAGE, ICON = "index.html", "icon.svg"
STYLESHEET = re.compile(r'^<link rel="stylesheet" href="([^"]+)">\n', re.MULTILINE)
"""Matches a line of the page that links a stylesheet."""

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
"""By suffix; the system's own table, which `mimetypes` reads, may call JavaScript plain text."""


def static_files() -> dict[str, Path]:
    """Return the files of the page by their paths, such as ``engine/random.js``."""
    return {
        path.relative_to(FOLDER).as_posix(): path
        for path in sorted(FOLDER.rglob("*"))
        if path.is_file() and path.suffix in MEDIA_TYPES
    }


def read_text(path: str) -> str | None:
    """Return the text of a file of the page; None if there is none of that path."""
    file = FOLDER / path
    return file.read_text(encoding="utf-8") if file.is_file() else None

"""The page as one HTML file that runs from ``file://``, or as a folder for a static host.

The file holds everything: one style, one script (see ``bundle``), the models and, if wanted, images
of MNIST. Script, models and images stand in data blocks, gzipped, which makes the file half as
large; a few lines unpack the script and insert it. The content policy allows these lines, that
script and that style by their hashes, the worker that the page starts from the text of its own
script, and no connection to anywhere.
"""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitus.data.samples import DataSet
from digitus.errors import WriteError
from digitus.files import make_folder, replacing
from digitus.web.bundle import BundleError, ReadModule, bundle
from digitus.web.packed_mnist import GZIP_LEVEL, PARTS, Part, pack
from digitus.web.page_models import PageModel
from digitus.web.static_files import FOLDER, ICON, PAGE, STYLESHEET, read_text, static_files

PAGE_ENTRY, WORKER_ENTRY = "main.js", "training/worker.js"
RESOURCES = "resources.json"

_PROGRAM = "program"  # id of the script
_PACKED = "packed-program"  # id of its data block
_START_WORKER = "training/start_worker.js"
_WORKER_FROM_PAGE = f"""\
/** Start the worker of this file from the text of the page's own script. */
export function startWorker() {{
    const text = document.getElementById("{_PROGRAM}").textContent;
    const address = URL.createObjectURL(new Blob([text], {{ type: "text/javascript" }}));
    const worker = new Worker(address);
    worker.addEventListener("message", () => URL.revokeObjectURL(address), {{ once: true }});
    return worker;
}}
"""
_READ = "read/read.js"
_NO_READ = """\
/** Leave the room out: no server reads pages for this file. */
export function mountRead() {
    return null;
}
"""
_UNPACK = f"""
"use strict";
(async () => {{
    const packed = atob(document.getElementById("{_PACKED}").textContent);
    const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const program = document.createElement("script");
    program.id = "{_PROGRAM}";
    program.textContent = await new Response(stream).text();
    document.body.append(program);
}})();
"""
_START = f'typeof document === "undefined" ? "{WORKER_ENTRY}" : "{PAGE_ENTRY}"'
_ICON = f'<link rel="icon" href="{ICON}" type="image/svg+xml">'
_SCRIPT = f'<script type="module" src="{PAGE_ENTRY}"></script>\n'
_SMALLEST = 9  # level of gzip


@dataclass(frozen=True)
class PageContent:
    """What a page is exported with.

    Attributes:
        models: the first is the one chosen at the start.
        mnist: MNIST, or None for a page without images.
        n_images: number of training images; a tenth as many test images are packed with them.
    """

    models: list[PageModel]
    mnist: DataSet | None = None
    n_images: int = 0

    def counts(self) -> dict[Part, int]:
        """Return the number of images of each part; empty for a page without images."""
        if self.mnist is None or self.mnist.test is None:
            return {}
        n = min(self.n_images, len(self.mnist.train))
        return {"train": n, "test": min(max(1, n // 10), len(self.mnist.test))}

    def zipped(self, part: Part) -> bytes:
        """Return the images of a part, gzipped."""
        samples = None if self.mnist is None else getattr(self.mnist, part)
        if samples is None:
            raise ValueError(f"the page has no {part} images")
        return gzip.compress(pack(samples, self.counts()[part]), GZIP_LEVEL, mtime=0)


def write_page(content: PageContent, target: str | Path) -> int:
    """Write the page as one HTML file; return its size in bytes.

    Raises:
        WriteError: if the file cannot be written; one that existed before is unchanged.
    """
    page = html_page(content).encode()
    with replacing(target) as draft:
        draft.write_bytes(page)
    return len(page)


def write_folder(content: PageContent, folder: str | Path) -> int:
    """Write the page as a folder for a static host; return its size in bytes.

    Args:
        content: the models and images.
        folder: made if missing; an earlier export is replaced file by file.

    Raises:
        WriteError: if the folder holds anything else, or cannot be written.
    """
    folder = Path(folder).resolve()  # "new/../other" is there before "new" is made
    _refuse_other_content(folder)
    files = {path: file.read_bytes() for path, file in static_files().items()}
    models, parts = [], {}
    for number, one in enumerate(content.models):
        url = f"models/{_file_name(one.name, number)}.safetensors"
        files[url] = one.content
        models.append({"name": one.name, "url": url})
    for part, n in content.counts().items():
        # Without a known suffix, so that no host declares a compression that browsers would undo.
        files[f"mnist/{part}.images"] = content.zipped(part)
        parts[part] = {"n": n, "url": f"mnist/{part}.images"}
    files[RESOURCES] = json.dumps({"models": models, "mnist": parts}, indent=2).encode()
    for path, data in files.items():
        make_folder((folder / path).parent)
        with replacing(folder / path) as draft:
            draft.write_bytes(data)
    return sum(map(len, files.values()))


def html_page(content: PageContent) -> str:
    """Return the page as one HTML file."""
    page = _text(PAGE)
    style = "".join(_stylesheet(path) for path in STYLESHEET.findall(page))
    read = without_server(with_own_worker(read_text))
    script = bundle((PAGE_ENTRY, WORKER_ENTRY), _START, read)
    icon = base64.b64encode(_text(ICON).encode()).decode()
    policy = _content_policy(style, _UNPACK, script)
    program = f"{_data_block(_PACKED, _zip(script.encode()))}<script>{_UNPACK}</script>\n"
    page = STYLESHEET.sub("", page)
    for old, new in (
        ('<meta charset="utf-8">\n', f'<meta charset="utf-8">\n{policy}\n'),
        (_ICON, f'<link rel="icon" href="data:image/svg+xml;base64,{icon}">'),
        (_SCRIPT, f"<style>{style}</style>\n"),
        # At the end: a classic script runs where it stands, and wants the page above it.
        ("</body>\n", f"{_data_blocks(content)}{program}</body>\n"),
    ):
        if page.count(old) != 1:
            raise BundleError(f"{PAGE}: expected {old!r} once, found it {page.count(old)} times")
        page = page.replace(old, new)
    return page


def with_own_worker(read: ReadModule) -> ReadModule:
    """Return a reader of modules that replaces the one that starts the worker."""
    return lambda path: _WORKER_FROM_PAGE if path == _START_WORKER else read(path)


def without_server(read: ReadModule) -> ReadModule:
    """Return a reader of modules that leaves out the room that needs a server."""
    return lambda path: _NO_READ if path == _READ else read(path)


def _content_policy(style: str, *scripts: str) -> str:
    """Return the content policy: this style, these scripts, a worker of one, no connection."""
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash_source, scripts))}",
            f"style-src {_hash_source(style)}",
            "img-src data: blob:",
            "worker-src blob:",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}">'


def _hash_source(text: str) -> str:
    """Return the hash of an inline script or style as a source of CSP (Level 3, section 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _data_blocks(content: PageContent) -> str:
    """Return the models and images as elements that no browser runs, and the list of them."""
    blocks: dict[str, bytes] = {}
    models, parts = [], {}
    for number, one in enumerate(content.models):
        name = f"model-{_file_name(one.name, number)}"
        blocks[name] = _zip(one.content)
        models.append({"name": one.name, "embedded": name})
    for part in PARTS:
        if part in content.counts():
            blocks[f"mnist-{part}"] = content.zipped(part)
            parts[part] = {"n": content.counts()[part], "embedded": f"mnist-{part}"}
    listed = _json_in_html({"models": models, "mnist": parts})
    first = f'<script type="application/json" id="resources">{listed}</script>\n'
    return first + "".join(_data_block(name, data) for name, data in blocks.items())


def _data_block(name: str, data: bytes) -> str:
    text = base64.b64encode(data).decode()
    return f'<script type="application/octet-stream" id="{name}">{text}</script>\n'


def _zip(data: bytes) -> bytes:
    return gzip.compress(data, _SMALLEST, mtime=0)


def _json_in_html(value: Any) -> str:
    return json.dumps(value).replace("<", "\\u003c")


def _stylesheet(path: str) -> str:
    text = _text(path)
    if re.search(r"@import|url\((?!['\"]?data:)|</", text):
        raise BundleError(f"{path}: expected a style that names no other file")
    return text


def _text(path: str) -> str:
    text = read_text(path)
    if text is None:
        raise BundleError(f"{FOLDER / path}: expected a file of the page, found none")
    return text.replace("\r\n", "\n")


def _file_name(name: str, number: int) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", name) else str(number + 1)


def _refuse_other_content(folder: Path) -> None:
    """Refuse a folder in which an export would mingle with other files."""
    try:
        names = {path.name for path in folder.iterdir()} if folder.exists() else set()
    except OSError as error:
        raise WriteError(
            f"{folder}: not a folder that can be read ({error.strerror or error}); choose another"
        ) from error
    if names and not {PAGE, RESOURCES} <= names:
        raise WriteError(
            f"{folder}: expected a new or empty folder, or an earlier export, found "
            f"{min(names)!r}; choose another folder"
        )

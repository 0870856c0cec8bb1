"""Chromium, the page's files on a local server, and calls of the page's own modules."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import digitus.web

STATIC = Path(digitus.web.__file__).parent / "static"
NO_BROWSER = "no Chromium"
ARGUMENTS = [
    "--no-sandbox",  # as root there is none
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a log; an empty page is at ``/empty``."""

    def do_GET(self) -> None:
        if self.path != "/empty":
            super().do_GET()
            return
        icon = b"<link rel='icon' href='data:,'>"  # so that none is asked for
        body = b"<!doctype html><html lang='en'><title>Empty</title>" + icon
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port; yield the address without a final slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, started once; without it the test is skipped."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip(f"{NO_BROWSER} on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def static_address() -> Iterator[str]:
    """Address of the page's files as they lie, without the server of `digitus serve`."""
    with serving(STATIC) as address:
        yield address


@pytest.fixture
def new_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """A function that opens an empty tab; an error on a console makes the test fail.

    Its arguments are those of Playwright's ``new_context``, such as ``color_scheme="dark"``.
    """
    contexts, problems = [], []

    def make(**options: Any) -> Any:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def run_module(new_page: Callable[..., Any], static_address: str) -> Callable[..., Any]:
    """A function that runs JavaScript beside the page's modules, without the page.

    ``run_module("async ({ load }, x) => (await load('engine/random.js')).twice(x)", 3)`` passes
    ``load``, which imports a module by its path in ``static/``, and an argument; it returns the
    result. Arguments and results are JSON; pass arrays as lists.
    """
    page = new_page()
    page.goto(f"{static_address}/empty")

    def run(function: str, argument: Any = None) -> Any:
        return page.evaluate(
            f"(argument) => ({function})({{ load: (path) => import('/' + path) }}, argument)",
            argument,
        )

    return run

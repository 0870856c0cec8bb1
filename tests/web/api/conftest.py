"""A server with its workers on a free port, and small pages to send it."""

import io
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import numpy as np
import pytest
import uvicorn
from PIL import Image

from digitus.imaging.strokes import render_strokes
from digitus.review.store import ReviewStore
from digitus.web.limits import Limits
from digitus.web.listening import listen, server_config
from digitus.web.page_models import page_models
from digitus.web.server import make_server
from digitus.web.work.services import Services

SOON_S = 120.0
SEVEN = [[[20, 20], [70, 20], [40, 100]]]
ONE = [[[120, 20], [120, 100]]]


def png(strokes: Any, *, width: int = 200, height: int = 120) -> bytes:
    """Return a page with strokes, as PNG."""
    ink = render_strokes(strokes, width=width, height=height, pen_px=8)
    made = io.BytesIO()
    Image.fromarray(np.rint(255 * (1 - ink)).astype(np.uint8)).save(made, "PNG")
    return made.getvalue()


@pytest.fixture(scope="session")
def page() -> bytes:
    """A small page with a 7 and a 1 on one line."""
    return png([*SEVEN, *ONE])


@pytest.fixture(scope="session")
def many_pages() -> bytes:
    """A TIFF of six small pages."""
    images = [Image.open(io.BytesIO(png([*SEVEN, *ONE]))) for _ in range(6)]
    made = io.BytesIO()
    images[0].save(made, "TIFF", save_all=True, append_images=images[1:])
    return made.getvalue()


@pytest.fixture(scope="session")
def seven() -> dict[str, Any]:
    """A drawing of a 7."""
    return {"width": 90, "height": 120, "pen_px": 8, "strokes": SEVEN}


@contextmanager
def _served(folder: Path, limits: Limits) -> Iterator[str]:
    models = page_models(None)
    uploads = folder / "uploads"
    uploads.mkdir(parents=True)
    services = Services(models, None, limits, uploads, ReviewStore.open(None, folder))
    services.start()
    app = make_server(models, lambda: pytest.fail("MNIST was loaded"), services)
    server = uvicorn.Server(server_config(app))
    listener = listen("127.0.0.1", 0)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
        services.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory) -> Callable[..., Any]:
    """Serve with limits of a test's own: a context manager that yields the address."""

    @contextmanager
    def with_limits(**limits: Any) -> Iterator[str]:
        folder = tmp_path_factory.mktemp("review")
        with _served(folder, Limits(**{"workers": 1, "page_s": SOON_S} | limits)) as address:
            yield address

    return with_limits


@pytest.fixture(scope="session")
def address(serve) -> Iterator[str]:
    """Address of a server that all tests share."""
    with serve() as found:
        yield found


@pytest.fixture
def api(address) -> Iterator[httpx.Client]:
    """A client of that server."""
    with httpx.Client(base_url=address, timeout=SOON_S) as client:
        yield client


@pytest.fixture(scope="session")
def until() -> Callable[..., Any]:
    """Wait until a function returns something true, and return that."""

    def wait(question: Callable[[], Any], timeout_s: float = SOON_S) -> Any:
        end, pause = time.monotonic() + timeout_s, Event()
        while time.monotonic() < end:
            answer = question()
            if answer:
                return answer
            pause.wait(0.05)
        pytest.fail("it did not come true in time")

    return wait


@pytest.fixture(scope="session")
def running() -> Callable[..., Any]:
    """Run ``digitus serve``: a context manager that yields the process and a client of it."""

    @contextmanager
    def run(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
        command = [sys.executable, "-m", "digitus", "serve", "--no-open", "--offline"]
        command += ["--port", "0", "--workers", "1", "--data-folder", str(folder), *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
            try:
                found = re.search(r"http://[\d.]+:\d+", server.stdout.readline().decode())
                with httpx.Client(base_url=found[0], timeout=SOON_S) as api:
                    yield server, api
            finally:
                server.kill()

    return run


@pytest.fixture
def batch(api, page, until) -> dict[str, Any]:
    """A batch of one page that was read, with the page as ``page``."""
    made = api.post("/api/batches", json={"name": "Scores"}).json()
    address = f"/api/batches/{made['id']}"
    api.post(f"{address}/documents", files=[("files", ("scores.png", page))])
    until(lambda: api.get(address).json()["state"] == "done")
    (read,) = api.get(f"{address}/pages").json()["pages"]
    assert read["state"] == "read", read["error"]
    return {"address": address, "page": api.get(f"/api/pages/{read['id']}").json()}


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return Path(__file__).parents[3]

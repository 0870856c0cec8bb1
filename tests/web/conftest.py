"""Chromium, the page's files on a local server, and calls of the page's own modules."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
import uvicorn

import digitus.web
from digitus.data import DataSet
from digitus.data.samples import Samples
from digitus.errors import DownloadError
from digitus.web.access.access import Access
from digitus.web.access.certificates import Certificate
from digitus.web.listening import listen, page_address, server_config
from digitus.web.page_models import page_models
from digitus.web.server import make_server

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
def serve_folder() -> Iterator[Callable[[Path], str]]:
    """A function that serves a folder until the end of the test and returns its address."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(serving(folder))


@contextmanager
def serving_app(
    app: Any,
    host: str = "127.0.0.1",
    certificate: Certificate | None = None,
    proxies: tuple[str, ...] = (),
) -> Iterator[str]:
    """Run an ASGI application as `digitus serve` does; yield its address with a final slash."""
    listener = listen(host, 0)
    server = uvicorn.Server(server_config(app, certificate, proxies))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield page_address(listener, scheme="http" if certificate is None else "https")
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture(scope="session")
def serve_with() -> Iterator[Callable[..., str]]:
    """A function that serves the page to those whom an `Access` names; returns the address.

    Further arguments are those of ``serving_app``. There is no MNIST.
    """

    def no_images() -> DataSet:
        raise DownloadError("MNIST cannot be read from /srv/data/mnist; go online")

    with ExitStack() as stack:

        def serve(access: Access, **options: Any) -> str:
            app = make_server(page_models(None), no_images, access=access)
            return stack.enter_context(serving_app(app, **options))

        yield serve


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


@pytest.fixture
def open_learn(
    new_page: Callable[..., Any], static_address: str, mnist: DataSet
) -> Callable[..., Any]:
    """A function that opens the room Learn with the first images of MNIST and waits for run A.

    ``open_learn("#learn?hidden=10", n_train=1200, n_test=500)`` takes Playwright's options of a
    context, too; ``ready=False`` does not wait. A sixth of the training images is
    held out for validation.
    """

    def packed(part: Samples, n: int) -> bytes:
        return part.labels[:n].astype(np.uint8).tobytes() + part.pixels[:n].tobytes()

    def make(
        link: str = "#learn",
        *,
        n_train: int = 1200,
        n_test: int = 500,
        ready: bool = True,
        **options: Any,
    ) -> Any:
        parts = {"train": packed(mnist.train, n_train), "test": packed(mnist.test, n_test)}
        entries = {
            name: {"n": n, "url": f"mnist/{name}"}
            for name, n in (("train", n_train), ("test", n_test))
        }
        page = new_page(**options)
        page.route("**/resources.json", lambda r: r.fulfill(json={"models": [], "mnist": entries}))
        page.route("**/mnist/*", lambda r: r.fulfill(body=parts[r.request.url.split("/")[-1]]))
        page.goto(f"{static_address}/index.html{link}")
        if ready:
            page.wait_for_function("document.querySelector('.start')?.disabled === false")
        return page

    return make


ENGINE = """async ({ load }, argument) => {
    const names = ["activations", "batch_normalization", "convolution", "gradient_check",
        "initializers", "inspection", "layers", "losses", "network", "optimizers", "random",
        "schedules", "sparse_rows"];
    const modules = await Promise.all(names.map((name) => load(`engine/${name}.js`)));
    const engine = Object.assign({}, ...modules);
    const makers = {
        batch_normalization: (options) => new engine.BatchNormalization(options),
        convolution: (options) => new engine.Convolution(options.channels, options),
        dense: (options) => new engine.Dense(options.width),
        dropout: (options) => new engine.Dropout(options.share),
        input_bias: () => new engine.InputBias(),
        leaky_relu: (options) => new engine.LeakyReLU(options.slope),
        max_pooling: (options) => new engine.MaxPooling(options),
        relu: () => new engine.ReLU(),
        sigmoid: () => new engine.Sigmoid(),
        tanh: () => new engine.Tanh(),
        sigmoid_binary_cross_entropy: (options) => new engine.SigmoidBinaryCrossEntropy(options),
        softmax_cross_entropy: (options) => new engine.SoftmaxCrossEntropy(options.label_smoothing),
    };
    const build = ({ inputs, layers, loss, dtype }, parameters = null) => {
        const type = dtype === "float64" ? Float64Array : Float32Array;
        const made = layers.map((layer) => makers[layer.kind](layer));
        const options = { loss: makers[loss.kind](loss), dtype: type };
        const network = new engine.Network(inputs, made, options);
        if (parameters) network.parameters.set(parameters);
        return network;
    };
    return (FUNCTION)({ ...engine, build }, argument);
}"""


@pytest.fixture
def run_engine(run_module: Callable[..., Any]) -> Callable[..., Any]:
    """A function that runs JavaScript beside the engine's exports.

    ``run_engine("({ build, Random }, x) => ...", x)`` also passes ``build``, which makes a network
    from the output of `digitus.models.architecture.describe` and a list of parameters.
    """

    def run(function: str, argument: Any = None) -> Any:
        return run_module(ENGINE.replace("FUNCTION", function), argument)

    return run

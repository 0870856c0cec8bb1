"""``digitus serve``: the page in the browser."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from digitus.cli.options import offline
from digitus.cli.service_options import ServiceOptions, service_options

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from digitus.data import DataSet


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Listen here; 0.0.0.0 lets other machines of the network open the page.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port; 0 takes a free one.",
)
@click.option(
    "--model",
    "model_name",
    metavar="NAME|FILE",
    help="Begin with this model: a shipped one (cnn, mlp) or a model file.  [default: cnn]",
)
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@offline
@service_options
def serve(
    host: str,
    port: int,
    model_name: str | None,
    no_open: bool,
    offline: bool,
    service: ServiceOptions,
) -> None:
    """Open the page in the browser: read and review pages, draw digits, watch a network learn.

    Runs until Ctrl-C; batches of pages go on at the next start. Other programs use the same
    server: its page /docs describes the API. MNIST is fetched when the page first asks for it.
    Needs the extra `web`: pip install 'digitus[web]'.
    """
    from threading import Event

    from digitus.cli.screen import fetch_progress, line
    from digitus.data import load
    from digitus.web.listening import listen, network_address, page_address, run_server
    from digitus.web.page_models import page_models

    make_server = _make_server()
    models = page_models(model_name)
    stopped = Event()

    def load_mnist() -> "DataSet":
        with fetch_progress() as progress:
            return load("mnist", offline=offline, progress=progress, cancelled=stopped.is_set)

    with (
        listen(host, port) as listener,
        service.services(models[0].model, model_name) as services,
    ):
        address = page_address(listener)

        def listening() -> None:
            line(f"The page is at {address}  (Ctrl-C ends it)")
            others = network_address(listener)
            if others is not None:
                line(f"Other machines of this network open {others}")
            line(f"Batches of pages are kept in {services.data_folder}")
            if not no_open:
                _open(address)

        run_server(
            make_server(models, load_mnist, services, host=host, cancelled=stopped.is_set),
            listener,
            listening=listening,
            stopping=stopped.set,
        )


def _make_server() -> "Callable[..., ASGIApp]":
    """Return the function that makes the server; the extra may be missing."""
    from digitus.errors import ServerError

    try:
        import uvicorn  # noqa: F401

        from digitus.web.server import make_server
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] == "digitus":
            raise
        raise ServerError("to serve the page, pip install 'digitus[web]'") from error
    return make_server


def _open(address: str) -> None:
    """Open the browser; in a thread, because one in the terminal runs until it is closed."""
    import webbrowser
    from threading import Thread

    Thread(target=webbrowser.open, args=(address,), daemon=True).start()

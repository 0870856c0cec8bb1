"""``digitus draw``: open the desktop window."""

import os
import sys

import click

from digitus.cli.options import complete_models


@click.command()
@click.option(
    "--model",
    "model_name",
    metavar="NAME|FILE",
    shell_complete=complete_models,
    help="A shipped model (cnn, mlp) or a model file.  [default: the last one used]",
)
def draw(model_name: str | None) -> int:
    """Open the window: draw digits, open images, browse the test set, look inside the network.

    Needs the extra `desktop`: pip install 'digitus[desktop]'.
    """
    from digitus.desktop import run

    code = run(model_name)
    _end_at_once_if_working(code)
    return code


def _end_at_once_if_working(code: int) -> None:
    """End the process if a thread is still reading a page, and cannot be waited for.

    Python would end it as soon as it returns from C++, and the process by ``abort``.
    """
    from digitus.desktop.background import is_working

    if is_working():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

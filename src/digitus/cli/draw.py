"""``digitus draw``: open the desktop window."""

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

    return run(model_name)

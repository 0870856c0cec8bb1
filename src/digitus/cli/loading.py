"""Loading a data set with progress on the terminal and Ctrl-C heard, and a model for digits."""

from typing import TYPE_CHECKING

from digitus.cli.screen import fetch_progress, interruptible

if TYPE_CHECKING:
    from digitus.data import DataSet
    from digitus.models import Model

_INPUTS, _CLASSES = 784, 10


def load_data(source: str, *, offline: bool) -> "DataSet":
    """Load a data set; MNIST is fetched if no folder holds it.

    Raises:
        KeyboardInterrupt: if Ctrl-C was pressed meanwhile.
    """
    from digitus.data import load

    with interruptible() as interrupt, fetch_progress() as progress:
        data = load(source, offline=offline, progress=progress, cancelled=lambda: interrupt.wanted)
    if interrupt.wanted:
        raise KeyboardInterrupt
    return data


def load_digit_model(name: str | None) -> "Model":
    """Load a model by name or file.

    Raises:
        ModelFileError: if there is none, or it reads something else than pictures of digits.
    """
    from digitus.errors import ModelFileError
    from digitus.models import load_model

    model = load_model(name)
    found = model.network.n_inputs, model.network.n_outputs
    if found != (_INPUTS, _CLASSES):
        raise ModelFileError(
            f"{name}: expected a network from {_INPUTS} pixels to {_CLASSES} digits, "
            f"found {found[0]} inputs and {found[1]} outputs; choose another model"
        )
    return model

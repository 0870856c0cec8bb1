"""Loading data with progress and Ctrl-C heard, its held-out rows, and a model for digits."""

from typing import TYPE_CHECKING

from digitus.cli.screen import fetch_progress, interruptible

if TYPE_CHECKING:
    from digitus.data import DataSet, Samples
    from digitus.models import Model

_INPUTS, _CLASSES = 784, (10, 11)


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


def held_out(data: "DataSet", n: int, *, seed: int | None = None) -> "Samples":
    """Give the ``n`` training rows that a plan holds out: the last ones, or those of a seed.

    Raises:
        DataError: if no row would be left to train on.
    """
    from digitus.data import split
    from digitus.errors import DataError

    try:
        rows = split(len(data.train), validation=n, seed=seed)
    except ValueError as error:
        raise DataError(
            f"{data.name}: {len(data.train):,} training rows, but {n:,} are to be held out; "
            f"hold fewer out"
        ) from error
    return data.train.rows(rows.validation)


def load_digit_model(name: str | None) -> "Model":
    """Load a model by name or file.

    Raises:
        ModelFileError: if there is none, or it reads something else than pictures of digits.
    """
    from digitus.errors import ModelFileError
    from digitus.models import load_model

    model = load_model(name)
    found = model.network.n_inputs, model.network.n_outputs
    if found[0] != _INPUTS or found[1] not in _CLASSES:
        raise ModelFileError(
            f"{name}: expected a network from {_INPUTS} pixels to {_CLASSES[0]} digits, "
            f"found {found[0]} inputs and {found[1]} outputs; choose another model"
        )
    return model

"""Loading data with progress and Ctrl-C heard, its held-out rows, and a model for digits."""

from typing import TYPE_CHECKING

from digitus.cli.screen import fetch_progress, interruptible

if TYPE_CHECKING:
    from digitus.data import DataSet, Samples
    from digitus.models import Model


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
    """Return the ``n`` training rows that a plan holds out: the last ones, or those of a seed.

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
        ModelFileError: if there is none, or it reads something else than images of digits.
    """
    from digitus.models import load_digit_model as load

    return load(name)

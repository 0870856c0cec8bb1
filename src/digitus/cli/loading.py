"""Load a data set with progress and handling of Ctrl-C, and its held-out rows."""

from typing import TYPE_CHECKING

from digitus.cli.screen import fetch_progress
from digitus.cli.signals import interruptible

if TYPE_CHECKING:
    from digitus.data import DataSet, Samples


def load_data(source: str, *, offline: bool) -> "DataSet":
    """Load a data set; fetch MNIST if it is not on this machine.

    Raises:
        DataError, DownloadError, Cancelled, WriteError: as ``digitus.data.load``.
        KeyboardInterrupt: if Ctrl-C was pressed.
    """
    from digitus.data import load

    with interruptible() as interrupt, fetch_progress() as progress:
        data = load(source, offline=offline, progress=progress, cancelled=lambda: interrupt.wanted)
    if interrupt.wanted:
        raise KeyboardInterrupt
    return data


def held_out(data: "DataSet", n: int, *, seed: int | None = None) -> "Samples":
    """Return ``n`` held-out training rows: the last ones, or those of a seed.

    Raises:
        DataError: if no row would be left for training.
    """
    from digitus.data import split
    from digitus.errors import DataError

    try:
        rows = split(len(data.train), validation=n, seed=seed)
    except ValueError as error:
        raise DataError(
            f"{data.name}: {len(data.train):,} training rows, but {n:,} are to be held out; "
            f"hold out fewer"
        ) from error
    return data.train.rows(rows.validation)

"""The numbers of pages as a pandas DataFrame."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from digitus.errors import MissingLibraryError
from digitus.reader.export.csv_tables import COLUMNS, number_records
from digitus.reader.results.reading import PageReading

if TYPE_CHECKING:
    import pandas as pd

_WHOLE = ("page", "line", "number", "left", "top", "width", "height", "grid", "row", "column")
"""Columns of whole numbers, some of which may be missing."""


def data_frame(pages: Iterable[PageReading]) -> "pd.DataFrame":
    """Return a row for each number, and for each cell to check that holds none.

    The columns are those of the CSV. Texts are as they are written; ``value`` is a float, NaN where
    there is none; ``to_check`` is a bool; places are whole numbers, missing outside grids.

    Raises:
        MissingLibraryError: if pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingLibraryError("for a DataFrame, pip install pandas") from error
    records = (record[: len(COLUMNS)] for record in number_records(pages))
    frame = pd.DataFrame(list(records), columns=list(COLUMNS))
    kinds = dict.fromkeys(_WHOLE, "Int64")
    return frame.astype(kinds | {"value": "float64", "confidence": "float64", "to_check": "bool"})

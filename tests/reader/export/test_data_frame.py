"""A DataFrame has the rows and columns of the CSV, with types."""

import sys

import pandas as pd
import pytest

from digitus.errors import MissingLibraryError
from digitus.reader.export.csv_tables import COLUMNS
from digitus.reader.export.data_frame import data_frame
from digitus.reader.results.reading import Reading


def test_each_number_has_a_row_with_texts_values_and_flags(page_reading):
    frame = Reading((page_reading,)).to_pandas()
    assert tuple(frame.columns) == COLUMNS
    assert frame["text"].tolist() == ["0042", "17", "9?5"]
    assert frame["value"].tolist()[:2] == [42.0, 17.0]
    assert frame["to_check"].tolist() == [False, False, True]
    assert frame["to_check"].dtype == bool
    assert frame["grid"].isna().all()


def test_cells_have_their_places_as_whole_numbers(grid_reading):
    frame = data_frame([grid_reading])
    in_grid = frame[frame["grid"].notna()]
    assert len(in_grid)
    assert {str(in_grid[name].dtype) for name in ("grid", "row", "column")} == {"Int64"}


def test_no_number_gives_the_columns_alone():
    frame = data_frame([])
    assert (len(frame), tuple(frame.columns)) == (0, COLUMNS)


def test_the_frame_is_the_csv(page_reading, tmp_path):
    reading = Reading((page_reading,))
    reading.to_csv(tmp_path / "numbers.csv")
    table = pd.read_csv(tmp_path / "numbers.csv", dtype={"text": str})
    assert table["text"].tolist() == reading.to_pandas()["text"].tolist()
    assert (table["to_check"] == "yes").tolist() == reading.to_pandas()["to_check"].tolist()


def test_without_pandas_the_error_names_what_to_install(monkeypatch, page_reading):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingLibraryError, match="pip install pandas"):
        Reading((page_reading,)).to_pandas()

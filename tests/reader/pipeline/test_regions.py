"""Symbols return to the line or cell whose line image they were read from."""

import numpy as np
import pytest

from digitus.imaging.ink.page_ink import PageInks
from digitus.models import load_model
from digitus.reader.pipeline.regions import GridRegion, PageRegions, find_regions
from digitus.reader.results.symbols import LineImage, Symbol
from digitus.reader.tables.cells import CellInk


def line_image(left):
    return LineImage(np.ones((4, 4), np.float32), left, 0, 4.0)


@pytest.fixture
def regions():
    """Two versions of one line, of two line images and one; and a row of two cells."""
    cells = [
        CellInk((0, 0, 9, 9), (line_image(3), line_image(4)), False, False),
        CellInk((9, 0, 9, 9), (), True, False),
    ]
    versions = [[[line_image(0), line_image(1)]], [[line_image(2)]]]
    return PageRegions(versions, [GridRegion((0, 0, 18, 9), [cells])])


def test_every_line_image_gets_its_own_symbols_back(regions):
    symbols = [[Symbol("other", (one.left, 0, 4, 4))] for one in regions.line_images]
    found = regions.assign(symbols)
    lefts = [
        [[[s.box[0] for s in some] for some in line] for line in one] for one in found.versions
    ]
    assert lefts == [[[[0], [1]]], [[[2]]]]
    (row,) = found.grids[0].rows
    assert [[symbol.box[0] for symbol in cell.symbols] for cell in row] == [[3, 4], []]
    assert [symbol.box[0] for symbol in found.grids[0].symbols] == [3, 4]


def test_ink_in_a_grid_is_in_no_text_line(new_sheet):
    sheet = new_sheet()
    sheet.grid(100, 100, (3, 3, 160, 90))
    sheet.digit(4, 160, 120)
    sheet.line("1234", 100, 480)
    regions = find_regions(load_model(), PageInks(sheet.ink, [sheet.ink]))
    (grid,), ((line,),) = regions.grids, regions.versions
    assert [len(row) for row in grid.rows] == [3, 3, 3]
    assert not grid.rows[0][0].is_blank
    assert all(image.top > 400 for image in line)

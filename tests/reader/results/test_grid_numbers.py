"""Places of numbers in grids, and what is to be checked there."""

from dataclasses import replace

from digitus.reader.results.grid_numbers import (
    GridPlace,
    cells_in_order,
    cells_to_check,
    in_a_grid,
    n_to_check,
    place_in_grid,
)
from digitus.reader.results.reading import Grid


def test_a_number_beside_the_grid_has_no_place_in_it(grid_reading, make_number):
    beside = make_number("07", 300, 36)
    assert not in_a_grid(beside, grid_reading)
    assert place_in_grid(beside, grid_reading) is None


def test_a_number_that_reaches_out_of_its_cell_is_still_in_it(grid_reading, make_number):
    assert place_in_grid(make_number("07", 120, 70), grid_reading) == (1, 1, 1)


def test_a_number_in_the_second_grid_has_its_place_there(grid_reading, make_number):
    (grid,) = grid_reading.grids
    below = [
        [replace(cell, box=(cell.box[0], cell.box[1] + 200, 90, 60)) for cell in row]
        for row in grid.rows
    ]
    second = Grid((20, 220, 180, 120), tuple(map(tuple, below)))
    page = replace(grid_reading, grids=(grid, second))
    assert place_in_grid(make_number("07", 40, 236), page) == GridPlace(grid=2, row=1, column=1)


def test_cells_come_row_by_row_after_their_places(grid_reading):
    places = [tuple(place) for place, _ in cells_in_order(grid_reading)]
    assert places == [(1, 1, 1), (1, 1, 2), (1, 2, 1), (1, 2, 2)]


def test_doubtful_cells_without_a_number_count_as_to_be_checked(grid_reading, page_reading):
    assert [tuple(place) for place, _ in cells_to_check(grid_reading)] == [(1, 2, 2)]
    assert (n_to_check(grid_reading), n_to_check(page_reading)) == (1, 1)

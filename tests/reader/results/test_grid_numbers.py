"""Places of numbers in grids, and what is to be checked there."""

from dataclasses import replace

from digitus.reader.results.grid_numbers import (
    beside_the_grids,
    cells_to_check,
    in_a_grid,
    n_to_check,
    number_in,
    place_in_grid,
)


def test_numbers_beside_the_grid_are_counted(grid_reading, page_reading):
    beside = replace(grid_reading, lines=(*grid_reading.lines, page_reading.lines[1]))
    assert (beside_the_grids([grid_reading]), beside_the_grids([beside])) == (0, 1)


def test_a_number_beside_the_grid_has_no_place_in_it(grid_reading, make_number):
    beside = make_number("07", 300, 36)
    assert not in_a_grid(beside, grid_reading)
    assert place_in_grid(beside, grid_reading) is None


def test_a_number_that_reaches_out_of_its_cell_is_still_in_it(grid_reading, make_number):
    assert place_in_grid(make_number("07", 120, 70), grid_reading) == (1, 1)


def test_a_cell_has_its_number_and_cells_without_one_have_none(grid_reading):
    (number,) = grid_reading.numbers
    ((first, blank), (struck, _)) = grid_reading.grids[0].rows
    assert number_in(first, grid_reading) is number
    assert number_in(blank, grid_reading) is number_in(struck, grid_reading) is None


def test_doubtful_cells_without_a_number_count_as_to_be_checked(grid_reading, page_reading):
    assert [place[:2] for place in cells_to_check(grid_reading)] == [(2, 2)]
    assert (n_to_check(grid_reading), n_to_check(page_reading)) == (1, 1)

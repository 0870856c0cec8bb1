"""What was read comes back as it was, and as it was corrected."""

from dataclasses import replace

import pytest

from digitus.reader.results.reading import Cell, Grid
from digitus.reader.results.values import with_values
from digitus.review.page_results import page_reading
from digitus.review.storage.schema import Page


@pytest.fixture
def read_back(store):
    def reading_of(page_id, decimal="auto"):
        with store._database.reading() as session:
            return page_reading(session, session.get(Page, page_id), "scores", decimal)

    return reading_of


def test_a_page_comes_back_as_it_was_read(read_back, page_id, reading):
    found, wanted = read_back(page_id), with_values(reading)
    assert list(found.numbers) == list(wanted.numbers)
    assert found.grids == wanted.grids
    assert (found.width, found.height, found.warnings) == (300, 200, ("pale",))
    assert [line.box for line in found.lines] == [
        *((10, 10, 110, 30), (10, 60, 210, 30)),
        (10, 120, 40, 30),
    ]


def test_values_follow_the_decimal_sign(store, read_back, page_id):
    cell = store.page(page_id)["lines"][0]["cells"][1]
    confirmed = store.confirm(cell["id"], "1,204", cell["version"], "Ann")
    assert confirmed["value"] == 1.204 or confirmed["value"] == 1204
    values = {
        kind: [one.value for one in read_back(page_id, kind).numbers][1]
        for kind in ("point", "comma")
    }
    assert values == {"point": 1204, "comma": 1.204}
    assert confirmed["value"] == 1204  # -3.5 on the page asks for a point


def test_a_confirmed_number_with_other_digits_has_these(store, read_back, page_id):
    cell = store.page(page_id)["lines"][0]["cells"][0]
    store.confirm(cell["id"], "20.45", cell["version"], "Ann")
    number = next(iter(read_back(page_id).numbers))
    assert (number.text, number.digit_text, number.is_confirmed) == ("20.45", "2045", True)
    assert {digit.box for digit in number.digits} == {number.box}


def test_the_grid_says_what_its_numbers_say(store, read_back, page_id):
    page = store.page(page_id)
    thirteen, struck_out = page["lines"][2]["cells"][0], page["others"][0]
    assert page["grids"][0]["rows"][0][0]["cell"] == thirteen["id"]
    store.confirm(thirteen["id"], "", thirteen["version"], "Ann")
    store.confirm(struck_out["id"], "26", struck_out["version"], "Ann")
    row = store.page(page_id)["grids"][0]["rows"][0]
    assert [(one["verdict"], one["text"]) for one in row] == [
        ("blank", ""),
        ("digit", "26"),
        ("blank", ""),
    ]
    found = read_back(page_id)
    assert [cell.text for cell in found.grids[0].rows[0]] == ["", "26", ""]
    assert [number.text for number in found.numbers][-1] == "26"


def test_a_number_that_fills_an_empty_cell_stands_between_its_neighbors(store, page_id):
    page = store.page(page_id)
    for cell, text in zip(page["others"][::-1], ("28", "26"), strict=True):
        store.confirm(cell["id"], text, cell["version"], "Ann")
    texts = [[cell["text"] for cell in line["cells"]] for line in store.page(page_id)["lines"]]
    assert texts == [["204", "7"], ["20", "4", "-3.5"], ["13", "26", "28"]]


def test_two_cells_of_one_text_have_a_number_each(store, reading, image, page_id, read_back):
    first = reading.lines[2].numbers[0]
    second = replace(first, box=(12, 120, 40, 30))  # nearer to the first cell, too
    cells = (
        Cell("13", "digit", 0.99, False, (0, 110, 60, 50)),
        Cell("13", "digit", 0.99, False, (60, 110, 60, 50)),
    )
    lines = (replace(reading.lines[2], numbers=(first, second)),)
    twice = replace(reading, lines=lines, grids=(Grid((0, 110, 180, 50), (cells,)),))
    batch = store.make_batch()
    document = store.add_documents(batch["id"], [("b.png", b"b")])[0]
    store.start_pages(document["id"], 1)
    other = store.next_work().page_id
    store.save_page(other, twice, image, 1.0)
    assert [one["column"] for one in store.page(other)["lines"][0]["cells"]] == [1, 2]
    assert [cell.text for cell in read_back(other).grids[0].rows[0]] == ["13", "13"]

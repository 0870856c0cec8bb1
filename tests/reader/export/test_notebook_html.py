"""What a notebook shows of a reading: the page, a box for each number, a table."""

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np

from digitus.errors import ReadFailure
from digitus.reader.results.reading import Reading


def parsed(*pages, errors=()):
    return ElementTree.fromstring(Reading(pages, errors)._repr_html_())


def test_each_number_has_a_box_and_a_row(page_reading):
    root = parsed(page_reading)
    boxes = [
        tuple(int(one.get(name)) for name in ("x", "y", "width", "height"))
        for one in root.iter("rect")
    ]
    assert boxes == [number.box for number in page_reading.numbers]
    texts = [row.findall("td")[2].text for row in root.iter("tr") if row.findall("td")]
    assert texts == ["0042", "17", "9?5"]


def test_numbers_to_check_are_dashed_and_marked(page_reading):
    root = parsed(page_reading)
    assert [one.get("stroke-dasharray") is not None for one in root.iter("rect")] == [
        False,
        False,
        True,
    ]
    assert sum(cell.text == "check" for cell in root.iter("td")) == 1


def test_the_preview_lies_under_the_boxes(page_reading):
    root = parsed(replace(page_reading, preview=np.zeros((3, 4), np.uint8)))
    (image,) = root.iter("image")
    assert image.get("href").startswith("data:image/png;base64,")
    assert image.get("width") == str(page_reading.width)


def test_names_from_outside_are_escaped(page_reading):
    html = Reading((replace(page_reading, source="<script>.png"),))._repr_html_()
    assert "<script>" not in html


def test_errors_and_pages_without_numbers_are_named(page_reading):
    html = Reading((replace(page_reading, lines=(), grids=()),), (ReadFailure("b", "b: broken"),))
    assert "no number found" in html._repr_html_()
    assert "b: broken" in html._repr_html_()


def test_a_long_table_is_cut_and_says_so(page_reading):
    line = page_reading.lines[0]
    many = replace(page_reading, lines=(replace(line, numbers=line.numbers[:1] * 300),))
    assert "and 100 more numbers" in Reading((many,))._repr_html_()

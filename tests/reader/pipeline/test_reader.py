"""Whole pages, written by the synthetic pen, are read in any orientation, size and format."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

import digitus
from digitus.errors import ImageError, ModelFileError
from digitus.imaging import render_strokes
from digitus.imaging.opening.page_source import pages_of
from digitus.models import load_model
from digitus.reader.pipeline.reader import Reader
from digitus.reader.pipeline.regions import PageRegions
from digitus.reader.results.symbols import LineImage, Symbol
from digitus.synthesis.pages.sheet_writer import Sheet, SheetWriter, WritingStyle
from digitus.synthesis.pen.digit_strokes import draw_digit, place
from digitus.synthesis.pen.writers import PenWriter

DIGIT_PX, STEP_PX = 48, 56
LINES = ("2745", "38 604")


def draw_page(*lines, seed=1):
    """Draw lines of digits: uint8, 235 paper to 35 ink."""
    rng = np.random.default_rng(seed)
    strokes = [
        stroke
        for i, line in enumerate(lines)
        for j, one in enumerate(line)
        if one != " "
        for stroke in place(
            draw_digit(int(one), rng), size=DIGIT_PX, left=60 + STEP_PX * j, top=60 + 110 * i
        )
    ]
    ink = render_strokes(strokes, width=500, height=130 + 110 * len(lines), pen_px=6)
    return (235 - 200 * ink).astype(np.uint8)


@pytest.fixture(scope="module")
def reader():
    return Reader()


@pytest.fixture(scope="module")
def image():
    return draw_page(*LINES)


def texts(reading):
    return [line.text for page in reading.pages for line in page.lines]


def test_lines_and_numbers_are_read_as_they_are_laid_out(reader, image):
    assert texts(reader.read(image)) == list(LINES)


@pytest.fixture(scope="module")
def marked():
    """Two lines of numbers with points, a comma and minus signs."""
    sheet, rng = Sheet.blank(400, 1000, margin=0.03), np.random.default_rng(5)
    style = WritingStyle(gap=0.3, number_gap=1.6)
    writer = SheetWriter(sheet, PenWriter(rng, 50, pen=0.09), style, rng)
    for top, line in ((120, ["-3.5", "187.5", "-17"]), (260, ["42", "1,204", "12-05"])):
        writer.line(line, 100, top)
    return (235 - 200 * sheet.ink).astype(np.uint8)


def test_numbers_are_read_as_they_are_written_with_their_values(reader, marked):
    numbers = list(reader.read(marked).numbers)
    assert [one.text for one in numbers] == ["-3.5", "187.5", "-17", "42", "1,204", "12-05"]
    assert [one.digit_text for one in numbers] == ["35", "1875", "17", "42", "1204", "1205"]
    assert [one.value for one in numbers] == [-3.5, 187.5, -17, 42, 1204, None]
    assert all(one.alternatives[0] == (one.text, one.confidence) for one in numbers)


def test_the_decimal_sign_can_be_chosen(marked):
    numbers = Reader(decimal="comma").read(marked).numbers
    assert [one.value for one in numbers] == [None, None, -17, 42, 1.204, None]


def test_an_unknown_decimal_sign_is_refused():
    with pytest.raises(ValueError, match="expected auto, point or comma"):
        Reader(decimal=".")


def test_a_page_reads_the_same_from_an_array_an_image_bytes_and_a_file(reader, image, tmp_path):
    page = Image.fromarray(image)
    page.save(tmp_path / "a.png")
    buffer = BytesIO()
    page.save(buffer, "PNG")
    sources = (image, page, buffer.getvalue(), tmp_path / "a.png", str(tmp_path / "a.png"))
    assert {tuple(texts(reader.read(source))) for source in sources} == {LINES}


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_on_its_side_or_upside_down_is_turned_upright(reader, image, turns):
    (page,) = reader.read(np.ascontiguousarray(np.rot90(image, turns))).pages
    assert [line.text for line in page.lines] == list(LINES)
    assert page.width > page.height


def test_boxes_of_a_large_page_are_in_its_own_pixels(reader, image):
    large = cv2.resize(image, None, fx=9, fy=9, interpolation=cv2.INTER_CUBIC)
    (small_page,), (large_page,) = reader.read(image).pages, reader.read(large).pages
    assert abs(large_page.width - large.shape[1]) < 0.1 * large.shape[1]
    box, large_box = small_page.lines[0].box, large_page.lines[0].box
    assert np.allclose(np.array(box) * 9, large_box, atol=0.1 * large.shape[1])


def test_the_upright_image_lies_under_the_boxes_of_its_reading(reader, image):
    (page,) = pages_of(image)
    upright = reader.read_upright(page)
    left, top, width, height = upright.reading_on_grey.lines[0].box
    within = upright.grey[top : top + height, left : left + width]
    assert within.min() < 0.3
    assert (within < 0.5).mean() > 2 * (upright.grey < 0.5).mean()


def test_a_blank_page_holds_no_number(reader):
    reading = reader.read(np.full((300, 400), 220, np.uint8))
    assert texts(reading) == []
    assert reading.errors == ()


def test_digits_below_min_confidence_are_question_marks_in_flagged_numbers(image):
    reading = Reader(min_confidence=1.0).read(image)
    assert [set(number.text) for number in reading.numbers] == [{"?"}] * 3
    assert all(number.to_check for number in reading.numbers)


def test_a_grid_is_read_cell_by_cell_and_its_digits_stand_in_lines_too(reader):
    image = np.full((360, 560), 235, np.uint8)
    for row in (30, 130, 230, 330):
        cv2.line(image, (40, row), (520, row), 60, 3)
    for col in (40, 200, 360, 520):
        cv2.line(image, (col, 30), (col, 330), 60, 3)
    rng = np.random.default_rng(3)
    for one, row, col in ((4, 0, 0), (7, 0, 2), (2, 1, 1), (5, 2, 0)):
        strokes = place(draw_digit(one, rng), size=50, left=100 + 160 * col, top=55 + 100 * row)
        ink = render_strokes(strokes, width=560, height=360, pen_px=6)
        image = np.minimum(image, (235 - 200 * ink).astype(np.uint8))
    (page,) = reader.read(image).pages
    (grid,) = page.grids
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["4", "", "7"],
        ["", "2", ""],
        ["5", "", ""],
    ]
    assert grid.rows[0][1].verdict == "blank"
    assert [line.text for line in page.lines] == ["4 7", "2", "5"]


@pytest.fixture
def read_turned(reader, monkeypatch):
    """Read a page whose digits are given: ``read_turned(likely, {turns: (digits, confidence)})``.

    Returns the digits of the reading, and the turns that were read, in their order.
    """
    module, blank = "digitus.reader.pipeline.reader", np.full((60, 80), 220, np.uint8)

    def read(likely, digits_of):
        seen = []

        def regions(model, inks):
            seen.append(int(inks.versions[0][0, 0]))
            return PageRegions([[[LineImage(inks.versions[0], 0, 0, 30.0)]]], [])

        def symbols(model, images, **_):
            text, confidence = digits_of[int(images[0].ink[0, 0])]
            one_hot = np.eye(10)
            boxes = [(24 * place, 0, 20, 30) for place in range(len(text))]
            return [
                [
                    Symbol("digit", box, one_hot[int(digit)], 1.0, confidence)
                    for digit, box in zip(text, boxes, strict=True)
                ]
            ]

        monkeypatch.setattr(f"{module}.turned", lambda grey, turns: np.full((9, 9), turns))
        monkeypatch.setattr(f"{module}.weigh_turns", lambda model, ink: np.zeros(4))
        monkeypatch.setattr(f"{module}.likely_turns", lambda weights: likely)
        monkeypatch.setattr(f"{module}.find_regions", regions)
        monkeypatch.setattr(f"{module}.read_line_images", symbols)
        return [number.text for number in reader.read(blank).numbers], seen

    return read


def test_other_likely_turns_are_read_where_the_first_ones_are_doubtful(read_turned):
    digits_of = {0: ("222", 0.6), 2: ("333", 0.6), 1: ("4444444", 0.99), 3: ("555", 0.6)}
    assert read_turned([2, 0, 1, 3], digits_of) == (["4444444"], [2, 0, 1, 3])


def test_other_likely_turns_are_not_read_where_one_of_the_first_is_confident(read_turned):
    digits_of = {0: ("222", 0.6), 2: ("333", 0.99)}
    assert read_turned([2, 0, 1, 3], digits_of) == (["333"], [2, 0])


@pytest.mark.parametrize(("turned_text", "kept"), [("33333", "2222"), ("333333", "333333")])
def test_a_turned_page_is_kept_only_with_clearly_more_confident_digits(
    turned_text, kept, read_turned
):
    digits_of = {0: ("2222", 0.99), 2: (turned_text, 0.99)}
    assert read_turned([2, 0], digits_of)[0] == [kept]


def test_a_missing_file_is_an_image_error(reader):
    with pytest.raises(ImageError, match=r"nowhere\.png: no such file"):
        reader.read("nowhere.png")


class DamagedPage:
    source, page = "b.tif", 2

    def grey(self):
        raise ImageError("b.tif: damaged")


def test_a_damaged_page_is_listed_beside_those_that_are_read(reader, image, monkeypatch):
    pages = [*pages_of(image), DamagedPage()]
    monkeypatch.setattr("digitus.reader.pipeline.reader.pages_of", lambda source: iter(pages))
    reading = reader.read("b.tif")
    assert len(reading.pages) == 1
    assert [(one.source, one.error) for one in reading.errors] == [("b.tif", "b.tif: damaged")]


def test_a_source_whose_pages_are_all_damaged_is_an_image_error(reader, monkeypatch):
    pages = [DamagedPage(), DamagedPage()]
    monkeypatch.setattr("digitus.reader.pipeline.reader.pages_of", lambda source: iter(pages))
    with pytest.raises(ImageError, match="damaged"):
        reader.read("b.tif")


def test_an_unknown_model_is_a_model_file_error():
    with pytest.raises(ModelFileError, match="neither a shipped model"):
        Reader("nothing")


def test_a_loaded_model_is_used_as_it_is():
    model = load_model("cnn")
    assert Reader(model).model is model


def test_read_is_available_at_the_top_of_the_package(image):
    assert texts(digitus.read(image)) == list(LINES)


@pytest.mark.parametrize("turns", [0, 1])
def test_other_channels_of_a_page_are_straightened_as_its_grey_is(reader, image, turns):
    tilted = np.pad(image, 40, constant_values=235)
    tilted = cv2.warpAffine(
        tilted,
        cv2.getRotationMatrix2D((tilted.shape[1] / 2, tilted.shape[0] / 2), 3.0, 1.0),
        tilted.shape[::-1],
        borderValue=235,
    )
    (page,) = pages_of(np.ascontiguousarray(np.rot90(tilted, turns)))
    upright = reader.read_upright(page)
    np.testing.assert_allclose(upright.straighten(page.grey()[0]), upright.grey, atol=1e-5)

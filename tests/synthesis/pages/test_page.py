"""Whole synthetic pages with exact ground truth."""

import json

import numpy as np
import pytest
from PIL import Image

from digitus.recognizer import Recognizer
from digitus.synthesis.pages.page import PAGE_KINDS, make_page

SMALL = (450, 600)


def _page(name, seed=0, **options):
    rng = np.random.default_rng([seed, *name.encode()])
    return make_page(PAGE_KINDS[name], rng, **({"size": SMALL} | options))


@pytest.mark.parametrize("name", PAGE_KINDS)
def test_every_kind_of_page_has_an_image_and_digits(name):
    page = _page(name, 1)
    assert page.image.dtype == np.uint8
    assert page.image.ndim == 3
    assert page.truth.digits.isdigit()


@pytest.mark.parametrize("name", PAGE_KINDS)
def test_every_box_lies_in_the_image(name):
    page = _page(name, 2)
    rows, cols, _ = page.image.shape
    for line in page.truth.lines:
        for number in line.numbers:
            for one in (*number.digits, *number.marks):
                left, top, width, height = one.box
                assert min(left, top) >= 0
                assert min(width, height) >= 1
                assert left + width <= cols
                assert top + height <= rows


@pytest.mark.parametrize("name", ["plain", "grid", "cheque", "shadow"])
def test_the_seed_alone_decides_the_page(name):
    one, two, other = _page(name, 3), _page(name, 3), _page(name, 4)
    np.testing.assert_array_equal(one.image, two.image)
    assert one.truth == two.truth
    assert one.truth != other.truth


@pytest.mark.parametrize("name", ["scan", "plain", "red pen", "form", "skewed"])
def test_every_box_of_a_digit_has_ink(name):
    page = _page(name, 5, size=(900, 1200))
    grey = page.image.min(axis=2).astype(float)
    for line in page.truth.lines:
        for number in line.numbers:
            for left, top, width, height in (digit.box for digit in number.digits):
                inside = grey[top : top + height, left : left + width]
                assert inside.min() < 0.75 * np.quantile(inside, 0.95)


def test_a_recognizer_reads_the_true_digit_in_most_boxes():
    page = _page("scan", 6, size=(1200, 1600))
    digits = [d for line in page.truth.lines for n in line.numbers for d in n.digits]
    crops = []
    for left, top, width, height in (digit.box for digit in digits):
        crop = page.image[top - 4 : top + height + 4, left - 4 : left + width + 4]
        crops.append(np.ascontiguousarray(crop))
    recognizer = Recognizer("mlp")
    read = [recognizer.predict(crop).best_guess for crop in crops]
    assert len(read) > 20
    assert np.mean([a == digit.digit for a, digit in zip(read, digits, strict=True)]) > 0.8


def test_the_numbers_of_a_line_are_ordered_from_left_to_right():
    for line in _page("scan", 7).truth.lines:
        lefts = [number.box[0] for number in line.numbers]
        assert lefts == sorted(lefts)


def test_a_sideways_page_has_rows_and_columns_swapped():
    page = _page("sideways")
    assert page.image.shape == (*SMALL[::-1], 3)


def test_the_truth_survives_json():
    truth = json.loads(json.dumps(_page("grid", 8).truth.to_json()))
    assert "".join(n["text"] for line in truth["lines"] for n in line["numbers"]) == truth["digits"]
    assert truth["grids"][0]["rows"]


def test_a_page_is_saved_as_a_jpeg_of_its_size(tmp_path):
    page = _page("plain")
    page.save(tmp_path / "a.jpg")
    with Image.open(tmp_path / "a.jpg") as image:
        assert (image.format, image.size) == ("JPEG", SMALL[::-1])


@pytest.mark.mnist
def test_a_page_written_with_the_training_part_uses_its_patches_only(mnist, monkeypatch):
    used = []
    monkeypatch.setattr(
        "digitus.synthesis.pen.writers.without_specks",
        lambda patch: used.append(patch.tobytes()) or patch,
    )
    _page("scan", 9, samples=mnist.train)
    train = {row.tobytes() for row in mnist.train.pixels}
    assert used
    assert train.issuperset(used)

"""Lines of a page: what is found, in which order, and what is left out."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitus.reader.layout.page_layout import find_lines


def boxes_of(line):
    """Left, top, right and bottom of each line image."""
    return [
        (one.left, one.top, one.left + one.ink.shape[1], one.top + one.ink.shape[0]) for one in line
    ]


def structure(lines):
    return [len(line) for line in lines]


def tops(lines):
    return [min(box[1] for box in boxes_of(line)) for line in lines]


def components_in(image):
    return cv2.connectedComponents((image.ink > 0).astype(np.uint8))[0] - 1


def test_an_empty_page_gives_no_lines():
    assert find_lines(np.zeros((300, 400), np.float32)) == []


def test_a_page_of_one_pixel_gives_no_lines():
    assert find_lines(np.ones((1, 1), np.float32)) == []


def test_specks_alone_give_no_lines():
    rng = np.random.default_rng(0)
    ink = np.zeros((400, 600), np.float32)
    for row, col, size in zip(
        *rng.integers(5, 390, (2, 300)), rng.integers(1, 4, 300), strict=True
    ):
        ink[row : row + size, col : col + size] = 1
    assert find_lines(ink) == []


def test_specks_among_digits_are_left_out(sheet):
    sheet.line("12 345", 100, 100)
    wanted = [boxes_of(line) for line in find_lines(sheet.ink)]
    for row, col in sheet.rng.integers(250, 590, (80, 2)):
        sheet.ink[row : row + 2, col : col + 2] = 1
    assert [boxes_of(line) for line in find_lines(sheet.ink)] == wanted


def test_lines_come_from_top_to_bottom_and_line_images_from_left_to_right(sheet):
    for place, text in enumerate(["12 345 6", "78 90", "5 5 5 5"]):
        sheet.line(text, 80, 60 + 90 * place)
    lines = find_lines(sheet.ink)
    assert structure(lines) == [3, 2, 4]
    assert tops(lines) == sorted(tops(lines))
    assert all(boxes_of(line) == sorted(boxes_of(line)) for line in lines)


def test_the_line_images_hold_all_ink_once(sheet):
    sheet.line("12 345 6", 80, 60)
    sheet.line("78 90", 80, 150)
    found = np.zeros_like(sheet.ink)
    for image in (image for line in find_lines(sheet.ink) for image in line):
        rows, cols = image.ink.shape
        found[image.top : image.top + rows, image.left : image.left + cols] += image.ink
    written = np.where(sheet.ink >= 0.1, sheet.ink, 0)
    np.testing.assert_array_equal(np.where(found >= 0.1, found, 0), written)


@pytest.mark.parametrize("climb_deg", [-8, -4, 4, 8])
def test_lines_that_climb_by_up_to_8_degrees_stay_whole(new_sheet, climb_deg):
    sheet = new_sheet(800, 1200)
    for place in range(4):
        sheet.line("3141 592 65 358", 80, 300 + 75 * place, climb_deg=climb_deg)
    assert structure(find_lines(sheet.ink)) == [4, 4, 4, 4]


def test_lines_that_climb_differently_stay_whole(new_sheet):
    sheet = new_sheet(800, 1200)
    for place, climb_deg in enumerate([0, 2, 4, 6]):
        sheet.line("3141 592 65 358", 80, 100 + 150 * place, climb_deg=climb_deg)
    assert structure(find_lines(sheet.ink)) == [4, 4, 4, 4]


def test_digits_of_mixed_sizes_stand_in_their_lines(sheet):
    for place, height in enumerate([70, 35, 50, 30]):
        sheet.line("12 345", 80, 40 + 130 * place, height)
    lines = find_lines(sheet.ink)
    assert structure(lines) == [2, 2, 2, 2]
    assert [line[0].height_px for line in lines] == pytest.approx([70, 35, 50, 30], rel=0.1)


def test_large_and_small_digits_in_one_line_stay_in_it(sheet):
    end = sheet.line("12", 80, 80, 60)
    end = sheet.line("34", end, 105, 32)
    sheet.line("56", end, 82, 58)
    assert len(find_lines(sheet.ink)) == 1


def test_columns_whose_rows_are_level_are_read_row_by_row(sheet):
    for row in range(4):
        for left in (60, 330, 640):
            sheet.line("427", left, 60 + 80 * row + (row + left) % 3)
    assert structure(find_lines(sheet.ink)) == [3, 3, 3, 3]


def test_lines_of_columns_that_are_not_level_stay_apart(sheet):
    for row in range(4):
        sheet.line("427", 60, 60 + 110 * row)
        sheet.line("427", 500, 115 + 110 * row)
    assert structure(find_lines(sheet.ink)) == [1] * 8


def test_scattered_digits_are_found_one_by_one(sheet):
    places = [(60, 40), (400, 130), (700, 60), (200, 260), (620, 330), (90, 480), (800, 470)]
    for digit, (left, top) in enumerate(places):
        sheet.digit(digit, left, top, 50)
    found = [box[:2] for line in find_lines(sheet.ink) for box in boxes_of(line)]
    assert sorted(found) == sorted(places)


def test_dots_commas_and_dashes_stay_with_their_numbers(sheet):
    end = sheet.line("12", 80, 80, 60)
    cv2.circle(sheet.ink, (round(end), 136), 4, 1.0, -1)
    end = sheet.line("34", end + 20, 80, 60)
    sheet.stroke((end, 112), (end + 25, 110), 6)
    end = sheet.line("56", end + 42, 80, 60)
    sheet.stroke((end + 4, 134), (end - 2, 152), 6)
    sheet.line("7", end + 20, 80, 60)
    ((image,),) = find_lines(sheet.ink)
    assert components_in(image) == 10


def test_the_detached_bar_of_a_5_stays_with_it(sheet):
    sheet.line("12", 80, 80, 60)
    cv2.ellipse(sheet.ink, (215, 120), (18, 18), 0, -90, 130, 1.0, 6)
    sheet.stroke((205, 84), (203, 103), 6)
    sheet.stroke((215, 74), (240, 71), 6)
    lines = find_lines(sheet.ink)
    assert len(lines) == 1
    assert min(box[1] for box in boxes_of(lines[0])) <= 72


def test_a_digit_broken_into_halves_is_one_line(sheet):
    sheet.line("8", 80, 80, 60)
    sheet.ink[108:112] = 0
    sheet.line("23", 250, 80, 60)
    lines = find_lines(sheet.ink)
    assert structure(lines) == [2]
    assert components_in(lines[0][0]) == 2


def test_digits_of_two_lines_that_touch_are_divided(sheet):
    sheet.line("23", 80, 80)
    sheet.line("23", 80, 130)
    end = sheet.line("1", 230, 80)
    sheet.line("1", 230, 121)
    sheet.stroke((round(end) - 14, 117), (round(end) - 14, 124), 4)
    sheet.line("23", 330, 80)
    sheet.line("23", 330, 130)
    lines = find_lines(sheet.ink)
    assert len(lines) == 2
    assert all(box[3] - box[1] < 60 for line in lines for box in boxes_of(line))


def test_frames_blobs_and_dark_page_edges_are_left_out(sheet):
    sheet.line("12 345", 300, 200)
    wanted = [boxes_of(line) for line in find_lines(sheet.ink)]
    sheet.ink[:, :12] = 1
    sheet.ink[-40:, 200:] = 1
    cv2.circle(sheet.ink, (700, 420), 60, 1.0, -1)
    cv2.rectangle(sheet.ink, (260, 160), (640, 280), 1.0, 3)
    assert [boxes_of(line) for line in find_lines(sheet.ink)] == wanted


@pytest.mark.parametrize("text", ["3", "64"])
def test_digits_that_fill_a_cropped_image_are_found_beside_a_dot(new_sheet, text):
    sheet = new_sheet(64, 160)
    sheet.line(text, 10, 6, 50)
    cv2.circle(sheet.ink, (140, 52), 4, 1.0, -1)
    heights = [box[3] - box[1] for line in find_lines(sheet.ink) for box in boxes_of(line)]
    assert max(heights, default=0) > 40


def test_digits_on_a_ruled_line_across_a_cropped_image_are_found(new_sheet):
    sheet = new_sheet(64, 200)
    sheet.line("154", 20, 6, 50)
    sheet.ink[54:57] = 1
    assert find_lines(sheet.ink)


def test_digits_that_fill_the_page_are_found(new_sheet):
    sheet = new_sheet(64, 300)
    sheet.line("1234", 6, 4, 56)
    assert structure(find_lines(sheet.ink)) == [1]


@settings(max_examples=15)
@given(
    st.integers(0, 60), st.integers(0, 60), st.sampled_from([1.0, 1.5, 2.0]), st.integers(0, 1000)
)
def test_shift_and_scale_of_a_page_do_not_change_its_structure(new_sheet, down, right, scale, seed):
    sheet = new_sheet(320, 560, seed)
    for place, text in enumerate(["12 345 6", "78 90", "427 1 5"]):
        sheet.line(text, 30, 30 + 90 * place, climb_deg=float(sheet.rng.uniform(-3, 3)))
    moved = np.pad(sheet.ink, ((down, 60 - down), (right, 60 - right)))
    moved = cv2.resize(moved, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    assert structure(find_lines(moved)) == structure(find_lines(sheet.ink)) == [3, 2, 3]


def test_a_comma_below_its_line_belongs_to_the_line(new_sheet):
    sheet = new_sheet(90, 300)
    sheet.line("623 68", 10, 10, 50)
    cv2.line(sheet.ink, (150, 50), (142, 72), 1.0, 5)
    assert len(find_lines(sheet.ink)) == 1

"""Several digits are told from one digit of several strokes, by any model."""

import json

import cv2
import numpy as np
import pytest

from digitus.data.samples import Samples
from digitus.imaging.opening.image_file import open_grey
from digitus.imaging.strokes import render_strokes
from digitus.recognizer import Recognizer
from digitus.recognizer import recognizer as recognizer_module
from digitus.recognizer.several_digits import DECISION, log_odds, probability_of_several
from digitus.synthesis.digit_images.random_images import image_of_several
from digitus.synthesis.digit_images.written_digits import GAPS, altered, several_digits
from digitus.synthesis.pen.digit_strokes import draw_digit, place
from digitus.synthesis.pen.pen_drawings import pen_patches
from digitus.synthesis.pen.writers import PenWriter

SINGLE = [
    (5, "two strokes"),
    (5, "bar above"),
    (5, "detached bar"),
    (4, "open"),
    (4, "closed"),
    (4, "cup"),
    (7, "barred"),
    (7, "long bar"),
    (0, "slashed"),
    (1, "flag and foot"),
    (8, "two circles"),
    (9, "circle and stick"),
]


@pytest.fixture(scope="module", params=["cnn", "mlp"])
def recognizer(request):
    return Recognizer(request.param)


def image_of(ink, margin=30):
    return np.rint(255 * (1 - np.pad(ink, margin))).astype(np.uint8)


def string(text, gap, seed=0):
    from digitus.synthesis.lines.digit_strings import write_string

    rng = np.random.default_rng(seed)
    return image_of(write_string(text, PenWriter(rng, 60, pen=0.1), rng, gap=gap).ink)


@pytest.mark.parametrize("text", ["12", "88", "35", "17", "46", "90", "427", "2024"])
@pytest.mark.parametrize("gap", [1.0, 0.3, 0.02], ids=["far apart", "apart", "boxes meet"])
def test_several_digits_are_not_answered(recognizer, text, gap):
    found = recognizer.predict(string(text, gap))
    assert (found.verdict, found.digit, found.too_doubtful) == ("several_digits", None, False)
    assert found.best_guess is not None


@pytest.mark.parametrize("gap", [None, -0.12], ids=["touching", "overlapping"])
def test_digits_that_touch_or_overlap_are_several(recognizer, gap):
    found = [recognizer.predict(string(text, gap)).verdict for text in ("35", "46", "90", "28")]
    assert found == ["several_digits"] * 4


@pytest.mark.parametrize(("digit", "allograph"), SINGLE)
def test_one_digit_of_several_strokes_stays_one(recognizer, digit, allograph):
    for seed in range(3):
        rng = np.random.default_rng(seed)
        drawn = draw_digit(digit, rng, freedom=0.4, allograph=allograph)
        strokes = place(drawn, size=180, left=50, top=50)
        found = recognizer.predict_strokes(strokes, width=280, height=280, pen_px=18)
        assert found.verdict != "several_digits"
        assert found.best_guess == digit


def test_a_1_with_a_dot_above_it_is_one_digit(recognizer):
    ink = render_strokes(
        [[(100.0, 80.0), (98.0, 220.0)], [(102.0, 48.0), (103.0, 49.0)]],
        width=200,
        height=260,
        pen_px=14,
    )
    assert recognizer.predict(image_of(ink)).verdict != "several_digits"


@pytest.mark.parametrize("kind", ["broken", "dotted", "specks"])
def test_broken_strokes_dots_and_specks_are_no_digits(recognizer, kind):
    for digit in range(10):
        rng = np.random.default_rng([digit, 7])
        ink = altered(PenWriter(rng, 80, pen=0.1)(digit, rng), kind, rng)
        assert recognizer.predict(image_of(ink)).verdict != "several_digits", digit


def test_strokes_of_several_digits_are_not_answered(recognizer):
    rng = np.random.default_rng(0)
    strokes = [
        stroke
        for at, digit in enumerate((3, 8))
        for stroke in place(
            draw_digit(digit, rng, freedom=0.3), size=100, left=30 + 120 * at, top=80
        )
    ]
    found = recognizer.predict_strokes(strokes, width=280, height=280, pen_px=14)
    assert found.verdict == "several_digits"


def test_a_neighbor_that_is_no_part_of_the_patch_makes_several(recognizer):
    image = string("12", 2.0)
    assert recognizer.predict(image).verdict == "several_digits"
    half = image[:, : image.shape[1] // 2]
    assert recognizer.predict(half).digit == 1


def test_a_row_of_a_data_set_is_not_searched_for_several(recognizer):
    small = cv2.resize(255 - string("12", 0.3), (28, 28), interpolation=cv2.INTER_AREA)
    assert recognizer.predict(small.reshape(-1)).verdict != "several_digits"


def test_several_digits_say_what_to_do_and_show_their_patch(recognizer):
    found = recognizer.predict(string("46", 0.3))
    assert repr(found) == "<Prediction: several_digits, use digitus.read>"
    html = found._repr_html_()
    assert "more than one digit; use <code>digitus.read</code>" in html
    assert "data:image/png" in html


def test_the_json_of_several_digits_has_no_digit(recognizer):
    entry = recognizer.predict(string("46", 0.3)).to_json("a.png")
    assert (entry["verdict"], entry["digit"]) == ("several_digits", None)
    assert json.loads(json.dumps(entry)) == entry


@pytest.mark.parametrize("kind", list(GAPS))
def test_digits_that_are_cropped_to_their_ink_are_several(recognizer, kind):
    caught = 0
    for seed in range(5):
        rng = np.random.default_rng([seed, list(GAPS).index(kind)])
        ink = several_digits(2, kind, PenWriter(rng, 50, pen=0.1), rng)
        caught += recognizer.predict(image_of(ink, margin=1)).verdict == "several_digits"
    assert caught >= 4


@pytest.mark.parametrize(("kind", "number"), [("overlapping", 84), ("far apart", 49)])
def test_lines_and_shadows_that_stay_in_the_ink_of_one_digit_hide_no_digits(
    kind, number, monkeypatch
):
    """The writing is extracted as on a page where the image is no digit."""
    patches, labels = pen_patches(20, np.random.default_rng(0))
    samples = Samples(np.rint(255 * patches).astype(np.uint8).reshape(20, -1), labels, "drawn")
    rng = np.random.default_rng([31, 1 + list(GAPS).index(kind), number])
    image = image_of_several(rng, samples, kind).image
    assert Recognizer().predict(image).verdict == "several_digits"
    monkeypatch.setattr(recognizer_module, "writing_of_page", lambda _: None)
    assert Recognizer().predict(image).verdict == "not_a_digit"


def test_more_evidence_raises_the_probability():
    none = probability_of_several((0.0, 0.0, 0.0, 0.0))
    assert probability_of_several((2.0, 0.0, 0.0, 0.0)) > none
    assert probability_of_several((0.0, -2.0, 0.0, 0.0)) > none
    assert probability_of_several((0.0, 0.0, 2.0, 0.0)) > none
    assert probability_of_several((0.0, 0.0, 0.0, 1.0)) > none


def test_log_odds_are_cut_off():
    assert log_odds(0.5) == 0.0
    assert log_odds(1.0) == log_odds(1 - DECISION.least) == pytest.approx(-log_odds(0.0))


def test_a_page_of_digits_is_several():
    grey = open_grey(string("2024", 0.5))
    page = np.vstack([grey, grey])
    assert Recognizer().predict(page).verdict == "several_digits"

"""From one image to one prediction, with a model that counts ink."""

import json
import subprocess
import sys
from typing import get_args

import cv2
import numpy as np
import pytest
from PIL import Image

from digitus.errors import ImageError
from digitus.imaging.preprocessing import preprocess
from digitus.imaging.strokes import render_strokes
from digitus.models.model import Classification, split_classes
from digitus.recognizer import Prediction, Recognizer, Verdict, digit_model, predict
from digitus.recognizer.recognizer import _default_recognizer
from digitus.synthesis.pen.digit_strokes import draw_digit, place

CANVAS = {"width": 200, "height": 200, "pen_px": 14}


class InkCounter:
    """The more ink, the higher the digit; keeps what it was given."""

    digit_threshold = 0.0

    def __init__(self):
        self.given = []

    def classify(self, pixels):
        self.given.append(pixels)
        scores = -np.abs(pixels.sum(axis=1, keepdims=True) / 5000 - np.arange(10))
        return split_classes(np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True))


@pytest.fixture
def model():
    return InkCounter()


@pytest.fixture
def recognizer(model):
    return Recognizer(model)


@pytest.fixture
def strokes():
    return place(draw_digit(5, np.random.default_rng(0)), size=120, left=30, top=40)


@pytest.fixture
def image(strokes):
    ink = render_strokes(strokes, **CANVAS)
    return Image.fromarray((255 * (1 - ink)).round().astype(np.uint8))


def test_p_digit_is_the_models_probability_of_a_digit(recognizer, image, model):
    classify = model.classify
    model.classify = lambda pixels: Classification(classify(pixels)[0], np.array([0.25]))
    prediction = recognizer.predict(image)
    assert prediction.p_digit == 0.25
    assert prediction.confidence == max(prediction.probabilities) * 0.25


def test_a_blank_has_no_p_digit(recognizer):
    assert recognizer.predict(Image.new("L", (60, 60), "white")).p_digit is None


def test_the_likeliest_digit_wins_and_the_next_is_runner_up(recognizer, image):
    prediction = recognizer.predict(image)
    order = np.argsort(prediction.probabilities)[::-1]
    assert prediction.verdict == "digit"
    assert prediction.digit == prediction.best_guess == order[0]
    assert prediction.confidence == prediction.probabilities[order[0]]
    assert prediction.runner_up == (order[1], prediction.probabilities[order[1]])


def test_the_network_is_given_exactly_the_patch_that_is_shown(recognizer, model, image):
    patch = recognizer.predict(image).patch
    np.testing.assert_array_equal(model.given[0], patch.reshape(1, 784) * 255)


def test_the_patch_is_that_of_the_preprocessing(recognizer, image):
    np.testing.assert_array_equal(recognizer.predict(image).patch, preprocess(image).patch)


def test_a_file_and_its_array_agree(recognizer, image, tmp_path):
    image.save(tmp_path / "five.png")
    from_file = recognizer.predict(tmp_path / "five.png")
    from_array = recognizer.predict(np.asarray(image))
    np.testing.assert_allclose(from_file.probabilities, from_array.probabilities, atol=1e-6)


def test_a_small_array_is_preprocessed_as_an_image(recognizer, image):
    small = image.resize((28, 28))
    from_array, from_image = recognizer.predict(np.asarray(small)), recognizer.predict(small)
    np.testing.assert_array_equal(from_array.patch, from_image.patch)


def test_a_row_of_784_goes_to_the_network_without_preprocessing(recognizer, model):
    row = np.random.default_rng(0).integers(0, 256, 784, np.uint8)
    recognizer.predict(row)
    np.testing.assert_array_equal(model.given[0], row[None])


def _row_with(value, dtype):
    row = np.full(784, 200, dtype)
    row[5] = value
    return row


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (np.zeros(783), "783 of type float64"),
        (np.full(784, "7"), "784 of type <U1"),
        (_row_with(256, np.int64), "256 at index 5"),
        (_row_with(-1, np.float32), r"-1\.0 at index 5"),
        (_row_with(np.nan, np.float64), "nan at index 5"),
        (_row_with(np.inf, np.float64), "inf at index 5"),
    ],
)
def test_a_wrong_row_is_refused_by_what_is_wrong_with_it(recognizer, row, found):
    with pytest.raises(ValueError, match=f"784 values from 0 to 255; got {found}"):
        recognizer.predict(row)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, bool])
@pytest.mark.parametrize("largest", [255, 20])
def test_a_row_that_may_have_been_scaled_already_is_refused(recognizer, model, dtype, largest):
    row = (np.linspace(0, largest, 784) / 255).astype(dtype)
    with pytest.raises(ValueError, match=r"multiply it by 255 .* or convert it to integers"):
        recognizer.predict(row)
    assert not model.given


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_a_row_of_0_to_255_is_read_the_same_in_any_number_type(recognizer, dtype):
    row = np.random.default_rng(0).integers(0, 256, 784, np.uint8)
    assert recognizer.predict(row.astype(dtype)) == recognizer.predict(row)


@pytest.mark.parametrize("dtype", [np.float32, np.uint8])
def test_a_row_of_zeros_is_blank(recognizer, dtype):
    assert recognizer.predict(np.zeros(784, dtype)).verdict == "blank"


def test_a_blank_image_has_no_digit_and_asks_no_network(recognizer, model):
    assert recognizer.predict(Image.new("L", (60, 60), "white")) == Prediction("blank")
    assert not model.given


def test_an_empty_canvas_is_blank(recognizer):
    assert recognizer.predict_strokes([], **CANVAS).verdict == "blank"


def test_inks_are_read_in_one_batch_as_each_alone():
    recognizer = Recognizer()
    seven, one = [(20, 20), (70, 20), (40, 100)], [(120, 20), (120, 100)]
    drawings = [[seven], [], [seven, one]]
    inks = [render_strokes(each, width=200, height=120, pen_px=8) for each in drawings]
    found = recognizer.predict_inks(inks)
    assert [each.verdict for each in found] == ["digit", "blank", "several_digits"]
    alone = [recognizer.predict_inks([ink])[0] for ink in inks]
    assert [each.digit for each in found] == [each.digit for each in alone] == [7, None, None]
    assert recognizer.predict_inks([]) == []


def test_a_drawing_and_its_image_are_read_alike(recognizer, strokes, image):
    drawn, imaged = recognizer.predict_strokes(strokes, **CANVAS), recognizer.predict(image)
    assert np.abs(drawn.patch - imaged.patch).mean() <= 0.01


def test_a_shifted_drawing_is_read_the_same(recognizer, strokes):
    canvas = CANVAS | {"width": 300, "height": 300}
    shifted = [[(x + 60, y + 60) for x, y in stroke] for stroke in strokes]
    here, there = (recognizer.predict_strokes(each, **canvas) for each in (strokes, shifted))
    np.testing.assert_allclose(here.probabilities, there.probabilities, atol=1e-4)


def test_patches_are_read_in_one_batch_and_blanks_keep_their_place(recognizer, model, image):
    patch = preprocess(image).patch
    predictions = recognizer.predict_patches([patch, 0 * patch, patch.T])
    assert [prediction.verdict for prediction in predictions] == ["digit", "blank", "digit"]
    assert [given.shape for given in model.given] == [(2, 784)]


def test_no_patches_give_no_predictions(recognizer):
    assert recognizer.predict_patches(np.zeros((0, 28, 28))) == []


@pytest.mark.parametrize(
    ("patches", "message"),
    [
        (np.zeros((28, 28)), r"\(n, 28, 28\); got \(28, 28\)"),
        (np.full((1, 28, 28), 255), "0.0 to 1.0"),
        (np.full((1, 28, 28), np.nan), "NaN"),
    ],
)
def test_wrong_patches_are_refused(recognizer, patches, message):
    with pytest.raises(ValueError, match=message):
        recognizer.predict_patches(patches)


def test_a_corrupt_image_is_one_sentence(recognizer, tmp_path):
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\ngarbage")
    with pytest.raises(ImageError, match=r"^.*bad\.png: [^\n]+$"):
        recognizer.predict(tmp_path / "bad.png")


def test_json_of_a_digit_has_the_documented_fields(recognizer, image):
    prediction = recognizer.predict(image)
    assert json.loads(json.dumps(prediction.to_json("five.png"))) == {
        "source": "five.png",
        "verdict": "digit",
        "digit": prediction.digit,
        "confidence": prediction.confidence,
        "best_guess": prediction.digit,
        "p_digit": prediction.p_digit,
        "runner_up": {
            "digit": prediction.runner_up[0],
            "probability": prediction.runner_up[1],
        },
        "probabilities": list(prediction.probabilities),
    }


def test_json_of_a_blank_has_null_for_all_but_the_verdict():
    entry = Prediction("blank").to_json("empty.png")
    assert (entry.pop("source"), entry.pop("verdict")) == ("empty.png", "blank")
    assert set(entry.values()) == {None}


class Fixed:
    """Reads 3 at 80 %, of what it takes for a digit at 90 %."""

    digit_threshold = 0.5

    def classify(self, pixels):
        row = np.where(np.arange(10) == 3, 0.8, 0.2 / 9)
        return Classification(np.tile(row, (len(pixels), 1)), np.full(len(pixels), 0.9))


@pytest.mark.parametrize(
    ("min_confidence", "digit_threshold", "verdict", "too_doubtful"),
    [
        (0.71, 0.5, "digit", False),
        (0.73, 0.5, "not_a_digit", True),
        (0.71, 0.95, "not_a_digit", False),
        (0.73, 0.95, "not_a_digit", False),
    ],
)
def test_an_answer_is_declined_as_not_a_digit_or_as_too_doubtful(
    image, min_confidence, digit_threshold, verdict, too_doubtful
):
    model = Fixed()
    model.digit_threshold = digit_threshold
    found = Recognizer(model, min_confidence=min_confidence).predict(image)
    assert (found.verdict, found.too_doubtful) == (verdict, too_doubtful)
    assert found.digit == (3 if verdict == "digit" else None)
    assert (found.best_guess, found.confidence) == (3, pytest.approx(0.72))


@pytest.mark.parametrize("min_confidence", [-0.1, 1.1, float("nan")])
def test_min_confidence_outside_0_to_1_is_refused(model, min_confidence):
    with pytest.raises(ValueError, match="lies in 0 to 1"):
        Recognizer(model, min_confidence=min_confidence)


def test_a_preprocessed_image_is_read_as_the_image_itself(recognizer, image):
    assert recognizer.predict_preprocessed(preprocess(image)) == recognizer.predict(image)


def test_a_preprocessed_blank_is_blank(recognizer):
    blank = preprocess(Image.new("L", (60, 60), "white"))
    assert recognizer.predict_preprocessed(blank) == Prediction("blank")


def test_the_default_model_is_loaded_once(monkeypatch, model, image):
    calls = []
    monkeypatch.setattr(digit_model, "load_model", lambda: calls.append(1) or model)
    _default_recognizer.cache_clear()
    predictions = [predict(image), predict(image)]
    _default_recognizer.cache_clear()
    assert predictions[0] == predictions[1]
    assert len(calls) == 1


@pytest.mark.parametrize("name", ["mlp", "some/file.safetensors"])
def test_a_model_is_loaded_by_name_or_path(monkeypatch, model, name):
    monkeypatch.setattr(digit_model, "load_model", lambda wanted: (wanted, model))
    assert Recognizer(name).model == (name, model)


def test_a_prediction_loads_neither_scikit_learn_nor_matplotlib():
    code = (
        "import sys, digitus.recognizer;"
        "print({'sklearn', 'matplotlib', 'scipy.optimize'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


@pytest.mark.parametrize("long_side", [512, 1100, 4096, 12_000])
@pytest.mark.parametrize("short_side", [8, 9, 24])
@pytest.mark.parametrize("content", ["diagonal", "noise", "slope"])
def test_a_thin_image_has_an_answer(long_side, short_side, content):
    """Shrunk to 512 pixels it has a single row; warnings are errors here."""
    rng = np.random.default_rng(0)
    image = np.full((short_side, long_side), 230, np.uint8)
    if content == "noise":
        image = rng.integers(0, 256, image.shape).astype(np.uint8)
    if content == "slope":
        slope = np.linspace(30, 220, long_side) + rng.normal(0, 5, image.shape)
        image = np.clip(slope, 0, 255).astype(np.uint8)
    ends = ((0, 0), (long_side - 1, short_side - 1))
    cv2.line(image, *ends, color=0, thickness=1)
    for one in (image, np.ascontiguousarray(image.T)):
        assert predict(one).verdict in get_args(Verdict)


def test_no_probability_of_a_network_is_one():
    class Certain:
        digit_threshold = 0.0

        def classify(self, pixels):
            return Classification(np.eye(10)[[7] * len(pixels)], np.ones(len(pixels)))

    (found,) = Recognizer(Certain()).predict_patches(np.full((1, 28, 28), 0.5))
    assert found.digit == 7
    assert 0.999 < found.confidence < 1
    assert max(found.probabilities) < 1


def test_a_list_of_images_gives_a_list_of_predictions(recognizer, image):
    one = recognizer.predict(image)
    assert recognizer.predict([image, image]) == [one, one]
    assert recognizer.predict((image,)) == [one]
    assert recognizer.predict([]) == []


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Prediction("digit", 7, 0.982, 7), "<Prediction: 7 (98.2 %)>"),
        (
            Prediction("not_a_digit", None, 0.539, 0),
            "<Prediction: not_a_digit, 0 at best (53.9 %)>",
        ),
        (Prediction("blank"), "<Prediction: blank>"),
    ],
)
def test_the_repr_of_a_prediction_is_its_answer(found, text):
    assert repr(found) == text


def test_the_repr_of_a_recognizer_names_model_and_threshold(model):
    model.name = "fixed"
    assert repr(Recognizer(model)) == "Recognizer('fixed')"
    assert repr(Recognizer(model, min_confidence=0.9)) == "Recognizer('fixed', min_confidence=0.9)"


def test_a_notebook_shows_patch_and_shares(recognizer, image):
    found = recognizer.predict(image)
    html = found._repr_html_()
    assert 'src="data:image/png;base64,' in html
    assert f"<th>answer</th><td>{found.digit}</td>" in html
    assert "<th>not a digit</th>" in html
    assert Prediction("blank")._repr_html_() == "<b>blank</b>"

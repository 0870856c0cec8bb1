"""``predict --explain``: a figure for each image, and its content in words."""

import json

import numpy as np
import pytest
from PIL import Image

from digitus.cli.predict.explain import in_words, shown, variants_of
from digitus.imaging import preprocess
from digitus.imaging.patch.variants import variants
from digitus.models.model import Classification
from digitus.recognizer import BLANK, Prediction, Recognizer


class Scale:
    """Reads light patches as 1, heavy ones as 8."""

    name, digit_threshold, errors = "scale", 0.0, None

    def __init__(self, heavy=np.inf):
        self.heavy = heavy

    def classify(self, pixels):
        rows = np.full((len(pixels), 10), 0.01)
        digits = np.where(pixels.sum(axis=1) > self.heavy, 8, 1)
        rows[np.arange(len(rows)), digits] = 0.91
        return Classification(rows, np.ones(len(rows)))


@pytest.fixture
def predict(digitus, monkeypatch):
    monkeypatch.setattr("digitus.models.load_digit_model", lambda _: Scale())
    return lambda *words: digitus("predict", *words)


@pytest.fixture
def image(draw_image, tmp_path):
    return draw_image(tmp_path / "one.png", 1)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_every_image_gets_a_figure_named_after_it(predict, draw_image, tmp_path):
    words = [draw_image(tmp_path / f"{digit}.jpg", digit) for digit in (4, 2)]
    result = predict(*words, "--explain", tmp_path / "why")
    assert result.code == 0
    assert names(tmp_path / "why") == ["2.png", "4.png"]
    with Image.open(tmp_path / "why" / "2.png") as figure:
        assert figure.format == "PNG"
    assert result.err == f"wrote {tmp_path / 'why'}: 2 of 2 explained\n"


def test_a_blank_image_gets_a_figure_too(predict, draw_image, tmp_path):
    result = predict(draw_image(tmp_path / "b.png", None), "--explain", tmp_path / "why")
    assert result.code == 0
    assert names(tmp_path / "why") == ["b.png"]
    assert result.out.endswith("b.png: blank\n")


def test_an_unreadable_image_gets_no_figure_and_the_others_do(predict, image, tmp_path):
    result = predict("nowhere.png", image, "--explain", tmp_path / "why")
    assert result.code == 1
    assert names(tmp_path / "why") == ["one.png"]
    assert result.err.endswith("1 of 2 explained\n")


def test_the_explanations_are_printed_below_the_table(predict, image, tmp_path):
    result = predict(image, "--explain", tmp_path / "why")
    assert result.out.endswith(
        f"{image}: reads 1 at 91.0 %; "
        "inverted, thicker, thinner or deslanted it would be the same\n"
    )


def test_explain_does_not_change_the_json(predict, image, tmp_path):
    explained = predict(image, "--json", "--explain", tmp_path / "why")
    assert explained == predict(image, "--json")
    assert names(tmp_path / "why") == ["one.png"]


def test_figures_of_images_with_the_same_name_are_numbered(predict, draw_image, tmp_path):
    for folder in "abc":
        (tmp_path / folder).mkdir()
        draw_image(tmp_path / folder / ("ONE.png" if folder == "c" else "one.png"), 1)
    words = [tmp_path / folder for folder in "abc"]
    for _ in range(2):  # a second run writes its figures anew
        predict(*words, "--explain", tmp_path / "why")
        assert names(tmp_path / "why") == ["ONE-3.png", "one-2.png", "one.png"]


def test_an_existing_image_is_not_overwritten_by_a_figure(predict, image, tmp_path):
    before = image.read_bytes()
    other = tmp_path / "one-2.png"
    other.write_bytes(b"somebody's")
    assert predict(image, "--explain", tmp_path).code == 0
    assert (image.read_bytes(), other.read_bytes()) == (before, b"somebody's")
    assert names(tmp_path) == ["one-2.png", "one-3.png", "one.png"]


def test_figures_among_the_images_of_a_folder_are_wrong_usage(predict, image, tmp_path):
    result = predict(tmp_path, "--explain", tmp_path)
    assert result.code == 2
    assert "would write figures into a folder of images" in result.err
    assert names(tmp_path) == ["one.png"]


def test_a_very_long_name_is_shortened(predict, draw_image, tmp_path):
    image = draw_image(tmp_path / ("ß" * 120 + ".png"), 1)
    assert predict(image, "--explain", tmp_path / "why").code == 0
    assert names(tmp_path / "why") == ["ß" * 60 + ".png"]


def test_standard_input_is_named_stdin(start, image, tmp_path):
    with image.open("rb") as stdin:
        process = start("predict", "-", "--json", "--explain", tmp_path / "why", stdin=stdin)
        out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert json.loads(out)["results"][0]["source"] == "stdin"
    assert names(tmp_path / "why") == ["stdin.png"]


def test_a_folder_that_cannot_be_created_is_an_error(predict, image, tmp_path):
    (tmp_path / "file").write_text("in the way")
    result = predict(image, "--explain", tmp_path / "file" / "why")
    assert (result.code, result.out) == (1, "")
    (line,) = result.err.splitlines()
    assert "cannot be made" in line


def test_a_full_disk_is_an_error_after_all_answers(predict, draw_image, tmp_path, full_disk):
    words = [draw_image(tmp_path / f"{digit}.png", digit) for digit in (4, 2)]
    (tmp_path / "why").mkdir()
    with full_disk():
        result = predict(*words, "--explain", tmp_path / "why")
    assert result.code == 1
    (line,) = result.err.splitlines()
    assert line.startswith(f"digitus: {tmp_path / 'why' / '4.png'}: cannot be written")
    assert all(f"{word}: reads 1" in result.out for word in words)
    assert names(tmp_path / "why") == []


def test_explanations_cannot_be_combined_with_a_submission(digitus, tmp_path):
    result = digitus("predict", "a.csv", "--explain", tmp_path, "--submission", "out.csv")
    assert result.code == 2


# Content of the figure and of the text


def test_the_figure_shows_the_variants_of_the_patch(image):
    preprocessed, recognizer = preprocess(image), Recognizer(Scale())
    found = recognizer.predict_preprocessed(preprocessed)
    content = shown(preprocessed, found, variants_of(found, recognizer))
    assert content.patch is preprocessed.patch
    wanted = variants(preprocessed.patch)
    assert [variant.name for variant in content.variants] == list(wanted)
    for variant in content.variants:
        np.testing.assert_array_equal(variant.patch, wanted[variant.name])


def test_a_variant_with_another_answer_is_marked_and_named(image):
    preprocessed = preprocess(image)
    patches = variants(preprocessed.patch)
    weights = sorted(
        [float(patch.sum()) * 255 for patch in [preprocessed.patch, *patches.values()]]
    )
    recognizer = Recognizer(Scale(heavy=(weights[-1] + weights[-2]) / 2))
    heaviest = max(patches, key=lambda name: patches[name].sum())
    found = recognizer.predict_preprocessed(preprocessed)
    outcomes = variants_of(found, recognizer)
    marked = [v.name for v in shown(preprocessed, found, outcomes).variants if v.is_changed]
    assert marked == [heaviest]
    assert in_words(found, outcomes) == f"reads 1 at 91.0 %; {heaviest} it would be 8"


def _found(digit, confidence=0.982):
    return Prediction("digit", digit, confidence, digit)


NO_DIGIT = Prediction("not_a_digit", None, 0.123, 3, 0.15)
SEVERAL = Prediction("several_digits", None, 0.01, 3, 0.02)
DOUBTFUL = Prediction("not_a_digit", None, 0.612, 7, 0.99996, too_doubtful=True)


@pytest.mark.parametrize(
    ("found", "outcomes", "words"),
    [
        (_found(7), [_found(7), _found(1)], "reads 7 at 98.2 %; b it would be 1"),
        (_found(7), [_found(1), _found(1)], "reads 7 at 98.2 %; a or b it would be 1"),
        (
            _found(7),
            [NO_DIGIT, DOUBTFUL, BLANK],
            "reads 7 at 98.2 %; a it would be no digit; b it would be too doubtful; "
            "c it would be blank",
        ),
        (
            NO_DIGIT,
            [_found(3), NO_DIGIT],
            "not a digit, 3 at best (12.3 %, not a digit 85.0 %); a it would be 3; "
            "if it holds several digits, or is a page, use `digitus read`",
        ),
        (
            DOUBTFUL,
            [DOUBTFUL],
            "too doubtful, 7 at best (61.2 %, not a digit < 0.1 %); a it would be the same",
        ),
        (BLANK, [], "blank"),
        (SEVERAL, [], "more than one digit; use `digitus read`"),
    ],
)
def test_the_explanation_names_the_variants_that_change_the_answer(found, outcomes, words):
    assert in_words(found, dict(zip("abc", outcomes, strict=False))) == words

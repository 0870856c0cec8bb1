"""The models that come with the program: whole, small, good, and able to read the examples."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from digitus.errors import ModelFileError
from digitus.models import load_model
from digitus.models.shipped import DEFAULT, SHIPPED
from digitus.recognizer import Recognizer

MAX_BYTES = {"cnn": 1_000_000, "mlp": 450_000}
LEAST_ACCURACY = {"cnn": 0.996, "mlp": 0.985}
EXAMPLES = Path(__file__).parents[2] / "examples"
IMAGES = sorted([*EXAMPLES.glob("[0-9]-*.png"), *EXAMPLES.glob("[0-9]-*.jpg")])
CLEAR = [path for path in IMAGES if "doubtful" not in path.name]


@pytest.fixture(params=SHIPPED)
def name(request):
    return request.param


def test_a_shipped_model_loads_by_its_name_and_is_finite(name):
    model = load_model(name)
    assert model.name == name
    assert np.isfinite(model.network.parameters).all()


def test_a_shipped_model_is_small(name):
    path = files("digitus.models") / "weights" / f"{name}.safetensors"
    assert path.stat().st_size <= MAX_BYTES[name]


@pytest.mark.mnist
def test_a_shipped_model_reads_the_test_images(name, mnist):
    right = load_model(name).predict(mnist.test.pixels) == mnist.test.labels
    assert right.mean() >= LEAST_ACCURACY[name]


@pytest.mark.mnist
def test_the_scores_on_record_are_those_that_are_measured(name, mnist):
    model = load_model(name)
    right = model.predict(mnist.test.pixels) == mnist.test.labels
    assert model.record["scores"]["test"]["accuracy"] == pytest.approx(right.mean(), abs=1e-12)


@pytest.mark.parametrize("image", CLEAR, ids=lambda path: path.name)
def test_the_examples_are_read_right(name, image):
    assert Recognizer(name).predict(image).digit == int(image.name[0])


@pytest.mark.parametrize("image", sorted({*IMAGES} - {*CLEAR}), ids=lambda path: path.name)
def test_the_likeliest_digit_of_a_doubtful_example_is_the_right_one(name, image):
    assert Recognizer(name).predict(image).best_guess == int(image.name[0])


def test_there_are_examples():
    assert len(IMAGES) >= 10


def test_the_default_model_is_shipped():
    assert DEFAULT in SHIPPED
    assert load_model(None) is load_model(DEFAULT)


@pytest.mark.parametrize("name", ["nonsense", "mlp2", ""])
def test_a_model_that_is_not_shipped_is_refused_with_the_names_that_are(name):
    with pytest.raises(ModelFileError, match="mlp"):
        load_model(name)


def test_a_folder_is_not_said_to_be_missing(tmp_path):
    with pytest.raises(ModelFileError, match="a folder, where a model file was wanted"):
        load_model(tmp_path)

import numpy as np
import pytest

from digitus.errors import ModelFileError
from digitus.models.model import Model


@pytest.mark.parametrize(
    "shape", [(784,), (28, 28), (1, 784), (1, 28, 28)], ids=["row", "image", "rows", "images"]
)
def test_a_single_image_may_have_any_of_its_shapes(make_model, pixels, shape):
    model = make_model()
    assert (
        model.probabilities(pixels[0].reshape(shape)).tobytes()
        == model.probabilities(pixels[:1]).tobytes()
    )


def test_images_and_rows_are_read_alike(make_model, pixels):
    model = make_model()
    ours = model.predict(pixels.reshape(-1, 28, 28))
    np.testing.assert_array_equal(ours, model.predict(pixels))


@pytest.mark.parametrize("shape", [(), (783,), (5, 783), (27, 28), (2, 2, 784)])
def test_another_shape_is_refused(make_model, shape):
    with pytest.raises(ValueError, match="expected pixels in rows of 784"):
        make_model().predict(np.zeros(shape))


def test_no_rows_give_no_digits(make_model):
    assert make_model().probabilities(np.zeros((0, 784))).shape == (0, 10)


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
@pytest.mark.parametrize("temperature", [0.05, 1.0, 20.0])
def test_probabilities_sum_to_one(make_model, pixels, output, temperature):
    model = make_model(output=output, temperature=temperature)
    np.testing.assert_allclose(model.probabilities(pixels).sum(axis=1), 1, atol=1e-12)


def test_the_temperature_does_not_change_the_digit(make_model, pixels):
    digits = [
        make_model(temperature=t).probabilities(pixels).argmax(axis=1) for t in (0.5, 1.0, 4.0)
    ]
    assert (digits[0] == digits[1]).all()
    assert (digits[0] == digits[2]).all()


def test_ten_sigmoids_of_zero_share_their_row_evenly(make_model):
    model = make_model(output="sigmoid")
    model.network.parameters[...] = 0
    model.network.dense_layers()[-1].bias[...] = -1e6
    np.testing.assert_allclose(model.probabilities(np.zeros(784)), 0.1)


def test_raw_sigmoid_outputs_stay_readable(make_model, pixels):
    model = make_model(output="sigmoid", temperature=2.0)
    expected = 1 / (1 + np.exp(-model.logits(pixels).astype(np.float64)))
    np.testing.assert_allclose(model.outputs(pixels), expected, rtol=1e-5)


def test_a_float64_network_gets_pixels_in_float64(make_model, pixels):
    model = make_model(dtype=np.float64)
    expected = model.network.logits(pixels / 255)
    np.testing.assert_array_equal(model.logits(pixels), expected)


@pytest.mark.parametrize("temperature", [0, -1, float("nan"), float("inf")])
def test_a_temperature_that_is_no_positive_number_is_refused(make_model, temperature):
    model = make_model()
    with pytest.raises(ValueError, match="temperature must be finite and above 0"):
        Model("hot", model.network, model.normalizer, temperature)


def test_weights_that_overflow_are_no_answer(make_model, pixels):
    model = make_model()
    model.network.parameters[...] = np.finfo(np.float32).max
    for compute in (model.logits, model.predict, model.classify, model.outputs):
        with pytest.raises(ModelFileError, match="made: its weights overflow"):
            compute(pixels)


def test_a_temperature_that_overflows_is_no_answer(make_model, pixels):
    with pytest.raises(ModelFileError, match="made: its temperature 1e-310 is too low"):
        make_model(temperature=1e-310).classify(pixels)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_pixels_that_are_not_finite_are_the_callers_mistake(make_model, value):
    with pytest.raises(ValueError, match="expected pixels that are finite"):
        make_model().predict(np.full((1, 784), value))

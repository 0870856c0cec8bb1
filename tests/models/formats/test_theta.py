import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitus.data.normalization import Normalizer
from digitus.errors import ModelFileError, WriteError
from digitus.models.formats import theta
from digitus.models.formats.theta import read_theta, write_theta
from digitus.nn.layers import InputBias
from digitus.nn.losses import SigmoidBinaryCrossEntropy

ANY = st.floats(-1e300, 1e300)


def _matrices(hidden=100, seed=0):
    rng = np.random.default_rng(seed)
    return rng.uniform(-0.15, 0.15, (hidden, 785)), rng.uniform(-0.15, 0.15, (10, hidden + 1))


def _write(folder, first, second):
    """Write as S1's own code does."""
    np.savetxt(folder / "Theta1.txt", first, delimiter=" ")
    np.savetxt(folder / "Theta2.txt", second, delimiter=" ")
    return folder


def _outputs(first, second, x):
    """S1's own forward pass, with bias units."""
    hidden = 1 / (1 + np.exp(-np.c_[np.ones(len(x)), x] @ first.T))
    return 1 / (1 + np.exp(-np.c_[np.ones(len(x)), hidden] @ second.T))


def test_outputs_are_those_of_bias_units_and_sigmoids(pixels):
    first, second = _matrices()
    expected = _outputs(first, second, pixels / 255)
    np.testing.assert_allclose(theta.probabilities(first, second, pixels / 255), expected)


def test_digits_are_those_of_the_largest_output(pixels):
    first, second = _matrices()
    expected = _outputs(first, second, pixels / 255).argmax(axis=1)
    np.testing.assert_array_equal(theta.predict(first, second, pixels / 255), expected)


def test_a_single_row_gives_one_digit(pixels):
    first, second = _matrices()
    assert theta.predict(first, second, pixels[0] / 255).shape == (1,)


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ((100, 784), (10, 101), "Theta1: expected 785 columns"),
        ((100, 785), (10, 100), "Theta2: expected 101 columns"),
        ((100, 785), (9, 101), "Theta2"),
        ((785,), (10, 101), "Theta1: expected 785 columns"),
    ],
)
def test_matrices_that_do_not_fit_are_the_callers_mistake(first, second, message):
    with pytest.raises(ValueError, match=message):
        theta.predict(np.zeros(first), np.zeros(second), np.zeros(784))


def test_nan_in_a_matrix_predicts_nothing():
    first, second = _matrices()
    first[3, 5] = np.nan
    with pytest.raises(ValueError, match="Theta1 holds 1 values that are NaN"):
        theta.predict(first, second, np.zeros(784))


@pytest.mark.parametrize("hidden", [1, 25, 100])
def test_files_of_the_original_are_read_as_the_same_network(tmp_path, pixels, hidden):
    first, second = _matrices(hidden)
    model = read_theta(_write(tmp_path, first, second))
    expected = _outputs(first, second, pixels / 255)
    np.testing.assert_allclose(model.outputs(pixels), expected, rtol=1e-12)


def test_the_two_files_may_lie_anywhere(tmp_path):
    first, second = _matrices(3)
    np.savetxt(tmp_path / "a.txt", first)
    np.savetxt(tmp_path / "b.txt", second)
    model = read_theta((tmp_path / "a.txt", tmp_path / "b.txt"))
    np.testing.assert_array_equal(model.network.dense_layers()[0].bias, first[:, 0])


@given(second=arrays(np.float64, (10, 2), elements=ANY))
@settings(max_examples=25)
def test_any_number_comes_back_to_the_bit(folder, second):
    place, again = folder(), folder()
    write_theta(read_theta(_write(place, np.ones((1, 785)), second)), again)
    assert (again / "Theta2.txt").read_bytes() == (place / "Theta2.txt").read_bytes()


@pytest.fixture
def exported(make_model, tmp_path):
    write_theta(make_model((784, 100, 10), "sigmoid", output="sigmoid"), tmp_path)
    return tmp_path


@pytest.mark.parametrize(("name", "shape"), [("Theta1.txt", (100, 785)), ("Theta2.txt", (10, 101))])
def test_the_matrices_have_the_originals_shapes(exported, name, shape):
    assert np.loadtxt(exported / name).shape == shape


def test_numbers_have_eighteen_decimals_and_one_space_between(exported):
    line = (exported / "Theta1.txt").read_text().splitlines()[0]
    assert re.fullmatch(r"(-?\d\.\d{18}e[+-]\d\d( |$)){785}", line)


def test_column_0_is_the_bias(make_model, tmp_path):
    model = make_model((784, 5, 10), "sigmoid", output="sigmoid")
    write_theta(model, tmp_path)
    bias = np.loadtxt(tmp_path / "Theta1.txt")[:, 0]
    np.testing.assert_array_equal(bias, model.network.dense_layers()[0].bias)


def test_a_round_trip_keeps_the_digits_of_1000_images(make_model, exported, pixels):
    model = make_model((784, 100, 10), "sigmoid", output="sigmoid")
    np.testing.assert_array_equal(read_theta(exported).predict(pixels), model.predict(pixels))


@pytest.mark.mnist
def test_a_round_trip_keeps_the_digits_of_1000_mnist_images(make_model, exported, mnist):
    model, rows = make_model((784, 100, 10), "sigmoid", output="sigmoid"), mnist.test.pixels[:1000]
    np.testing.assert_array_equal(read_theta(exported).predict(rows), model.predict(rows))


def test_sigmoid_outputs_stay_sigmoid(exported):
    assert isinstance(read_theta(exported).network.loss, SigmoidBinaryCrossEntropy)


def test_imported_weights_stay_float64(exported):
    assert read_theta(exported).network.dtype == np.float64


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"widths": (784, 5, 5, 10)}, "one hidden layer, this model has 2"),
        ({"widths": (784, 10)}, "one hidden layer, this model has 0"),
        ({"widths": (784, 5, 9)}, "10 digits, this model has"),
        ({"activation": "relu"}, "this model has relu and sigmoid"),
        ({"output": "softmax"}, "this model has sigmoid and softmax"),
        ({"normalizer": Normalizer("zscore", 33, 78)}, "pixels / 255, this model has zscore"),
    ],
    ids=str,
)
def test_a_network_that_does_not_fit_is_not_exported(make_model, tmp_path, options, found):
    model = make_model(**{"activation": "sigmoid", "output": "sigmoid"} | options)
    with pytest.raises(ModelFileError, match=found):
        write_theta(model, tmp_path)


def test_an_input_bias_does_not_fit(make_model, tmp_path):
    model = make_model((784, 5, 10), "sigmoid", output="sigmoid")
    model.network.layers.insert(0, InputBias())
    with pytest.raises(ModelFileError, match="this model has input_bias, dense, sigmoid, dense"):
        write_theta(model, tmp_path)


GOOD = dict(zip(("Theta1.txt", "Theta2.txt"), _matrices(2), strict=True))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("Theta2.txt", None, "Theta2.txt: expected a text file of numbers, found no file"),
        ("Theta1.txt", b"", "Theta1.txt: expected lines of numbers, found none"),
        ("Theta1.txt", b"1 2\n1 x\n", "Theta1.txt, line 2: expected numbers"),
        ("Theta1.txt", b"1,2\n", "Theta1.txt, line 1: expected numbers"),
        ("Theta1.txt", b"1 2\n1 2 3\n", "expected 2 numbers in every line .* 3 in row 2"),
        ("Theta1.txt", b"1 2\n", r"Theta1.txt: expected 785 columns .* shape \(1, 2\)"),
        ("Theta1.txt", b"1 " * 785, "Theta2.txt: expected 2 columns"),
        ("Theta1.txt", b"\xff\xfe1 2", "found other characters"),
        ("Theta1.txt", b"nan " * 785 + b"\n" + b"1 " * 785, "Theta1.txt holds 784 values"),
        ("Theta2.txt", b"1 1 1\n" * 9, r"Theta2.txt: expected shape \(10, 2\), found \(9, 2\)"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path, name, content, message):
    _write(tmp_path, *GOOD.values())
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelFileError, match=message):
        read_theta(tmp_path)


def test_a_full_disk_leaves_both_old_files(make_model, exported, full_disk):
    before = {path: path.read_bytes() for path in exported.iterdir()}
    model = make_model((784, 100, 10), "sigmoid", output="sigmoid", seed=1)
    with full_disk(), pytest.raises(WriteError, match="cannot be written"):
        write_theta(model, exported)
    assert {path: path.read_bytes() for path in exported.iterdir()} == before

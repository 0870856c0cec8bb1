import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitus.data.normalization import KINDS, Normalizer

PIXELS = arrays(
    np.uint8, st.tuples(st.integers(1, 6), st.integers(1, 40)), elements=st.integers(0, 255)
)


def _formula(kind, pixels, fitted_on):
    x, mean, std = pixels.astype(np.float64), fitted_on.mean(), fitted_on.std() or 1.0
    return {"none": x, "unit": x / 255, "std": x / std, "zscore": (x - mean) / std}[kind]


@pytest.mark.parametrize("kind", KINDS)
@given(pixels=PIXELS)
def test_each_kind_is_its_formula_to_a_millionth(kind, pixels):
    found = Normalizer.fit(kind, pixels).apply(pixels)
    assert found.dtype == np.float32
    assert np.allclose(found, _formula(kind, pixels, pixels), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@given(pixels=PIXELS)
def test_an_image_is_normalized_to_the_same_bits_alone_and_in_a_batch(kind, pixels):
    normalizer = Normalizer.fit(kind, pixels)
    alone = np.concatenate([normalizer.apply(row[np.newaxis]) for row in pixels])
    assert alone.tobytes() == normalizer.apply(pixels).tobytes()


@pytest.mark.parametrize("kind", KINDS)
@given(pixels=PIXELS)
def test_bytes_and_floats_are_normalized_to_the_same_bits(kind, pixels):
    normalizer = Normalizer.fit(kind, pixels)
    floats = normalizer.apply(pixels.astype(np.float32))
    assert floats.tobytes() == normalizer.apply(pixels).tobytes()


@pytest.mark.parametrize("kind", KINDS)
@given(pixels=PIXELS)
def test_a_normalizer_survives_json_to_the_bit(kind, pixels):
    normalizer = Normalizer.fit(kind, pixels)
    assert Normalizer.from_json(json.loads(json.dumps(normalizer.to_json()))) == normalizer


@given(pixels=PIXELS)
def test_statistics_of_bytes_and_of_floats_agree(pixels):
    whole, floats = (Normalizer.fit("zscore", values) for values in (pixels, pixels * 1.0))
    assert whole.mean == pytest.approx(floats.mean, rel=1e-12)
    assert whole.std == pytest.approx(floats.std, rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [np.uint8(0), np.uint8(7), np.float64(0.1)])
def test_constant_pixels_are_not_divided_by_zero(kind, value):
    pixels = np.full((3, 784), value)
    normalizer = Normalizer.fit(kind, pixels)
    assert normalizer.std == 1.0
    assert np.isfinite(normalizer.apply(pixels)).all()


def test_a_constant_column_stays_finite():
    pixels = np.zeros((3, 784), np.uint8)
    pixels[:, 5] = [0, 100, 200]
    assert np.isfinite(Normalizer.fit("zscore", pixels).apply(pixels)).all()


def test_the_extremes_of_unit_are_0_and_1():
    found = Normalizer("unit").apply(np.array([[0, 255]], np.uint8))
    assert found.tolist() == [[0.0, 1.0]]


def test_out_is_filled_and_returned():
    out = np.empty((2, 3), np.float32)
    assert Normalizer("none").apply(np.ones((2, 3), np.uint8), out=out) is out
    assert (out == 1).all()


def test_a_single_pixel_row_is_normalized():
    assert Normalizer("unit").apply(np.full(784, 51, np.uint8)).shape == (784,)


def test_an_empty_batch_gives_an_empty_batch():
    assert Normalizer("unit").apply(np.empty((0, 784), np.uint8)).shape == (0, 784)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_fitting_nan_or_infinity_is_rejected(bad):
    with pytest.raises(ValueError, match="finite pixels"):
        Normalizer.fit("zscore", np.array([[1.0, bad]]))


def test_fitting_no_rows_is_rejected():
    with pytest.raises(ValueError, match="at least one training row"):
        Normalizer.fit("zscore", np.empty((0, 784), np.uint8))


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "minmax", "mean": 0.0, "std": 1.0},
        {"kind": "zscore", "mean": 0.0, "std": 0.0},
        {"kind": "zscore", "mean": float("nan"), "std": 1.0},
        {"kind": "zscore", "mean": 0.0},
        {"kind": "zscore", "mean": None, "std": 1.0},
        {"kind": [], "mean": 0.0, "std": 1.0},
    ],
)
def test_invalid_json_fields_are_rejected(fields):
    with pytest.raises(ValueError, match=r"kind|mean|std"):
        Normalizer.from_json(fields)


@pytest.mark.mnist
def test_mnist_as_zscore_has_mean_0_and_deviation_1_to_a_millionth(mnist):
    pixels = mnist.train.pixels
    found = Normalizer.fit("zscore", pixels).apply(pixels)
    parts = np.split(found, 60)  # in float64 the whole would take half a gigabyte
    mean = np.mean([part.mean(dtype=np.float64) for part in parts])
    variance = np.mean([np.square(part - mean, dtype=np.float64).mean() for part in parts])
    assert abs(mean) < 1e-6
    assert abs(np.sqrt(variance) - 1) < 1e-6


@pytest.mark.mnist
def test_the_statistics_of_mnist_are_those_of_its_training_pixels(mnist):
    normalizer = Normalizer.fit("std", mnist.train.pixels)
    assert normalizer.mean == pytest.approx(33.318421449829934, abs=1e-9)
    assert normalizer.std == pytest.approx(78.56748998339799, abs=1e-9)

import numpy as np
import pytest

from digitus.nn.activations import LeakyReLU, ReLU, Sigmoid, Tanh

X = np.array([[-3.0, -0.5, 0.0, 0.5, 3.0]])

FORMULAS = [
    (ReLU(), np.where(X > 0, X, 0), np.where(X > 0, 1, 0)),
    (LeakyReLU(), np.where(X > 0, X, 0.1 * X), np.where(X > 0, 1, 0.1)),
    (LeakyReLU(0.3), np.where(X > 0, X, 0.3 * X), np.where(X > 0, 1, 0.3)),
    (LeakyReLU(0.0), np.where(X > 0, X, 0), np.where(X > 0, 1, 0)),
    (Tanh(), np.tanh(X), 1 / np.cosh(X) ** 2),
    (Sigmoid(), 1 / (1 + np.exp(-X)), np.exp(-X) / (1 + np.exp(-X)) ** 2),
]


@pytest.mark.parametrize(("layer", "values", "slopes"), FORMULAS)
def test_forward_is_the_formula(layer, values, slopes):
    y = np.empty_like(X)
    layer.forward(X, y)
    np.testing.assert_allclose(y, values, rtol=1e-13)


@pytest.mark.parametrize(("layer", "values", "slopes"), FORMULAS)
def test_backward_multiplies_by_the_derivative(layer, values, slopes):
    grad_y, grad_x = np.full_like(X, 2.0), np.empty_like(X)
    layer.backward(X, values, grad_y, grad_x)
    np.testing.assert_allclose(grad_x, 2 * slopes, rtol=1e-12)


@pytest.mark.parametrize("layer", [Sigmoid(), Tanh()])
def test_huge_inputs_saturate_without_overflow(layer):
    x = np.array([[-1e30, 1e30]], np.float32)
    y = np.empty_like(x)
    layer.forward(x, y)
    low = 0 if layer.kind == "sigmoid" else -1
    assert y.tolist() == [[low, 1]]


@pytest.mark.parametrize("slope", [-0.1, 1.0, float("nan")])
def test_a_leaky_slope_outside_0_to_1_is_refused(slope):
    with pytest.raises(ValueError, match="slope"):
        LeakyReLU(slope)


def test_a_numpy_slope_does_not_widen_the_arithmetic():
    assert type(LeakyReLU(np.float64(0.2)).slope) is float

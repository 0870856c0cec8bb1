from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from digitus.nn.layers import Dense
from digitus.nn.losses import Loss, LossWork, SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.network import Network

LOSSES = [SoftmaxCrossEntropy(), SoftmaxCrossEntropy(0.1), SigmoidBinaryCrossEntropy()]
logits_of_any_size = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12),
    elements=st.floats(-1000, 1000, width=32),
)


def value_and_gradient(loss, logits, targets, weights=None):
    work = LossWork(*logits.shape, logits.dtype)
    return loss.value_and_gradient(logits, targets, work, weights=weights), work.grad


def softmax(row):
    shares = [exp(z) for z in row]
    return [share / sum(shares) for share in shares]


@given(logits_of_any_size)
def test_softmax_rows_sum_to_one_for_any_batch_and_logits_to_1000(logits):
    p = np.empty_like(logits)
    SoftmaxCrossEntropy().probabilities(logits, p)
    assert np.abs(p.sum(axis=1) - 1).max() <= 1e-6


@given(logits_of_any_size)
def test_softmax_of_a_sample_does_not_depend_on_its_batch(logits):
    loss, p = SoftmaxCrossEntropy(), np.empty_like(logits)
    loss.probabilities(logits, p)
    for row, expected in zip(logits, p, strict=True):
        alone = np.empty((1, logits.shape[1]), np.float32)
        loss.probabilities(row[None], alone)
        np.testing.assert_allclose(alone[0], expected, atol=1e-6)


@pytest.mark.parametrize("loss", [SoftmaxCrossEntropy(), SigmoidBinaryCrossEntropy()])
def test_probabilities_may_overwrite_their_logits(loss):
    logits = np.random.default_rng(0).normal(size=(4, 3))
    apart = np.empty_like(logits)
    loss.probabilities(logits, apart)
    loss.probabilities(logits, logits)
    np.testing.assert_array_equal(logits, apart)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("right", [True, False])
def test_saturated_outputs_give_finite_loss_and_gradient(loss, dtype, right):
    targets = np.eye(3, dtype=dtype)
    logits = (targets - 0.5) * (2000 if right else -2000)
    value, gradient = value_and_gradient(loss, logits, targets)
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("loss", [SoftmaxCrossEntropy(), SigmoidBinaryCrossEntropy()])
def test_a_certain_and_right_answer_has_no_loss(loss):
    targets = np.eye(3)
    value, _ = value_and_gradient(loss, (targets - 0.5) * 2000, targets)
    assert value == 0


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_softmax_cross_entropy_is_the_formula(smoothing):
    logits = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]])
    targets = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    smooth = targets * (1 - smoothing) + smoothing / 3
    expected = -sum(
        t * log(p)
        for row, wanted in zip(logits, smooth, strict=True)
        for p, t in zip(softmax(row), wanted, strict=True)
    )
    value, _ = value_and_gradient(SoftmaxCrossEntropy(smoothing), logits, targets)
    assert value == pytest.approx(expected / 2, rel=1e-12)


def test_softmax_cross_entropy_gradient_is_p_minus_t_over_n():
    logits = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]])
    targets = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    _, gradient = value_and_gradient(SoftmaxCrossEntropy(), logits, targets)
    np.testing.assert_allclose(gradient, ([softmax(row) for row in logits] - targets) / 2)


@pytest.mark.parametrize("loss", LOSSES)
def test_row_weights_equal_repeated_rows(loss):
    rng = np.random.default_rng(1)
    logits, targets = rng.normal(size=(3, 4)), np.eye(4)[[0, 2, 3]]
    weighted, _ = value_and_gradient(loss, logits, targets, np.array([[1.0], [3.0], [2.0]]))
    rows = [0, 1, 1, 1, 2, 2]
    repeated, _ = value_and_gradient(loss, logits[rows], targets[rows])
    assert weighted == pytest.approx(repeated, rel=1e-12)


def test_rows_of_weight_zero_have_no_gradient():
    logits, targets = np.ones((2, 3)), np.eye(3)[:2]
    value, gradient = value_and_gradient(
        SoftmaxCrossEntropy(), logits, targets, weights=np.zeros((2, 1))
    )
    assert value == 0
    assert not gradient.any()


def cost_of_s1(weights, biases, x, targets, lambda_):
    """The cost of S1, computed one number at a time."""
    cost = 0.0
    for row, wanted in zip(x, targets, strict=True):
        a = list(row)
        for weight, bias in zip(weights, biases, strict=True):
            sums = [
                b + sum(v * w for v, w in zip(a, column, strict=True))
                for b, column in zip(bias, weight.T, strict=True)
            ]
            a = [1 / (1 + exp(-z)) for z in sums]
        cost -= sum(t * log(p) + (1 - t) * log(1 - p) for p, t in zip(a, wanted, strict=True))
    penalty = lambda_ / 2 * sum(w**2 for weight in weights for w in weight.flat)
    return (cost + penalty) / len(x)


def test_the_cost_of_s1_is_reproduced_to_1e_8_with_biases_free_of_lambda(make_network):
    network = make_network(
        5, 4, activation="sigmoid", loss=SigmoidBinaryCrossEntropy(), dtype=np.float64
    )
    rng = np.random.default_rng(3)
    network.parameters[...] = rng.uniform(-1, 1, network.parameters.size)
    x, targets = rng.random((7, 5)), np.eye(4)[rng.integers(0, 4, 7)]
    layers = network.dense_layers()
    expected = cost_of_s1(
        [layer.weight for layer in layers], [layer.bias for layer in layers], x, targets, 0.7
    )
    assert abs(network.loss_and_gradient(x, targets, l2=0.7) - expected) < 1e-8


def test_the_penalty_adds_lambda_over_n_times_w_to_weights_and_nothing_to_biases():
    network = Network(4, [Dense(3)], dtype=np.float64, rng=np.random.default_rng(0))
    network.dense_layers()[0].bias[...] = 2
    x, targets = np.ones((5, 4)), np.eye(3)[[0, 1, 2, 0, 1]]
    network.loss_and_gradient(x, targets)
    without = network.gradient.copy()
    network.loss_and_gradient(x, targets, l2=0.3)
    penalty = network.gradient - without
    np.testing.assert_allclose(penalty[:12], 0.3 / 5 * network.parameters[:12], atol=1e-15)
    assert not penalty[12:].any()


@pytest.mark.parametrize("smoothing", [-0.1, 1.0])
def test_label_smoothing_outside_0_to_1_is_refused(smoothing):
    with pytest.raises(ValueError, match="smoothing"):
        SoftmaxCrossEntropy(smoothing)


def test_the_base_loss_has_no_formulas():
    logits = np.ones((1, 2))
    with pytest.raises(NotImplementedError):
        Loss().probabilities(logits, logits)
    with pytest.raises(NotImplementedError):
        Loss().value_and_gradient(logits, logits, LossWork(1, 2, logits.dtype))

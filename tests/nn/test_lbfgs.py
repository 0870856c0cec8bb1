from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from threadpoolctl import threadpool_info

from digitus.errors import DivergenceError
from digitus.nn.fitting.examples import Examples
from digitus.nn.lbfgs import Evaluations, LBFGSSettings, minimize_lbfgs
from digitus.nn.losses import SigmoidBinaryCrossEntropy

D, H, K, LAMBDA = 6, 8, 3, 0.3
SETTINGS = LBFGSSettings(l2=LAMBDA)


@pytest.fixture
def network(make_network):
    return make_network(D, K, hidden=(H,), activation="sigmoid", loss=SigmoidBinaryCrossEntropy())


@pytest.fixture
def rows(make_examples):
    return make_examples(noise=1.0)


def plain_scipy_cost(x, t, start, max_iterations):
    """The cost of S1 in plain NumPy and float64, on our parameter layout."""
    cuts = np.cumsum([D * H, H, H * K])

    def cost_and_gradient(theta):
        w1, b1, w2, b2 = np.split(theta, cuts)
        w1, w2, m = w1.reshape(D, H), w2.reshape(H, K), len(x)
        a1 = 1 / (1 + np.exp(-(x @ w1 + b1)))
        a2 = 1 / (1 + np.exp(-(a1 @ w2 + b2)))
        cost = -np.sum(t * np.log(a2) + (1 - t) * np.log(1 - a2)) / m
        cost += LAMBDA / (2 * m) * (np.sum(w1**2) + np.sum(w2**2))
        d2 = (a2 - t) / m
        d1 = d2 @ w2.T * a1 * (1 - a1)
        grad_w1, grad_w2 = x.T @ d1 + LAMBDA / m * w1, a1.T @ d2 + LAMBDA / m * w2
        parts = [grad_w1.ravel(), d1.sum(axis=0), grad_w2.ravel(), d2.sum(axis=0)]
        return cost, np.concatenate(parts)

    options = {"maxiter": max_iterations}
    return minimize(cost_and_gradient, start, jac=True, method="L-BFGS-B", options=options).fun


@pytest.mark.parametrize("max_iterations", [5, 20, 70])
def test_it_reaches_the_cost_of_plain_scipy_within_one_percent(network, rows, max_iterations):
    x, t = rows.x.astype(float), rows.targets.astype(float)
    start = network.parameters.astype(float)
    expected = plain_scipy_cost(x, t, start, max_iterations)
    found = minimize_lbfgs(network, rows, replace(SETTINGS, max_iterations=max_iterations))
    assert found.cost <= expected * 1.01


def test_the_network_ends_at_the_reported_cost(network, rows):
    found = minimize_lbfgs(network, rows, SETTINGS)
    cost = network.loss_and_gradient(rows.x, rows.targets, l2=LAMBDA)
    assert cost == pytest.approx(found.cost, rel=1e-6)


@pytest.mark.parametrize("most", [1, 7])
def test_iterations_are_limited(network, rows, most):
    heard = []
    found = minimize_lbfgs(
        network,
        rows,
        LBFGSSettings(max_iterations=most),
        callback=lambda i, cost, _: heard.append(i),
    )
    assert found.n_iterations == most
    assert heard == list(range(1, most + 1))
    assert not found.converged


def test_evaluations_are_limited(network, rows):
    kept = Evaluations()
    minimize_lbfgs(network, rows, LBFGSSettings(max_evaluations=10), evaluations=kept)
    assert 10 <= len(kept.costs) <= 30


def test_convergence_is_reported(network, rows):
    settings = LBFGSSettings(l2=1.0, max_iterations=1000, gradient_tolerance=1e-2)
    found = minimize_lbfgs(network, rows, settings)
    assert found.converged
    assert found.n_iterations < 1000
    assert found.message


def test_the_callers_arrays_are_unchanged(network, make_examples):
    rows = make_examples(weighted=True)
    before = [array.copy() for array in (rows.x, rows.targets, rows.weights)]
    minimize_lbfgs(network, rows, SETTINGS)
    for array, old in zip((rows.x, rows.targets, rows.weights), before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_the_costs_never_rise(network, rows):
    costs = []
    minimize_lbfgs(network, rows, SETTINGS, callback=lambda i, cost, _: costs.append(cost))
    assert len(costs) > 10
    assert (np.diff(costs) <= 0).all()


def test_a_callback_stops_the_minimization_at_the_current_point(network, rows):
    points = []

    def stop_at_four(iteration, cost, correct):
        points.append((cost, network.parameters.copy()))
        return iteration == 4

    found = minimize_lbfgs(network, rows, SETTINGS, callback=stop_at_four)
    assert found.n_iterations == 4
    assert found.cost == points[-1][0]
    np.testing.assert_array_equal(network.parameters, points[-1][1])


def test_the_callback_sees_the_network_at_the_reported_cost(network, rows):
    def compare(iteration, cost, correct):
        here = network.loss_and_gradient(rows.x, rows.targets, l2=LAMBDA)
        assert here == pytest.approx(cost, rel=1e-6)

    minimize_lbfgs(network, rows, SETTINGS, callback=compare)


def run_in_two_parts(network, rows, first, kept):
    start = network.parameters.copy()
    minimize_lbfgs(network, rows, SETTINGS, evaluations=kept, callback=lambda i, *_: i == first)
    network.parameters[...] = start


@pytest.mark.parametrize("first", [1, 5, 30])
def test_a_resumed_minimization_equals_the_uninterrupted_one(network, make_network, rows, first):
    whole = make_network(D, K, hidden=(H,), activation="sigmoid", loss=SigmoidBinaryCrossEntropy())
    expected = minimize_lbfgs(whole, rows, SETTINGS)
    kept = Evaluations()
    run_in_two_parts(network, rows, first, kept)
    found = minimize_lbfgs(network, rows, SETTINGS, evaluations=kept)
    assert found == expected
    np.testing.assert_array_equal(network.parameters, whole.parameters)


def test_stored_evaluations_are_not_computed_again(network, rows, monkeypatch):
    kept, calls = Evaluations(), []
    run_in_two_parts(network, rows, 10, kept)
    n_kept, compute = len(kept.costs), network.loss_and_gradient
    monkeypatch.setattr(
        network, "loss_and_gradient", lambda *a, **o: calls.append(1) or compute(*a, **o)
    )
    minimize_lbfgs(network, rows, SETTINGS, evaluations=kept)
    assert n_kept > 10
    assert len(calls) == len(kept.costs) - n_kept > 0


def test_divergence_at_the_start_leaves_the_first_parameters(network, rows):
    start = network.parameters.copy()
    broken = Examples(rows.x.copy(), rows.targets)
    broken.x[3, 1] = np.nan
    with pytest.raises(DivergenceError, match="epoch 1: a value of the training data"):
        minimize_lbfgs(network, broken, SETTINGS)
    np.testing.assert_array_equal(network.parameters, start)


@pytest.mark.parametrize("broken", [np.nan, np.inf])  # an infinity reaches the gradient first
def test_divergence_later_leaves_the_last_good_parameters(network, rows, broken):
    points = []

    def spoil(iteration, cost, correct):
        points.append(network.parameters.copy())
        rows.x[0, 0] = broken if iteration == 3 else rows.x[0, 0]

    with pytest.raises(DivergenceError, match="epoch 4"):
        minimize_lbfgs(network, rows, LBFGSSettings(), callback=spoil)
    np.testing.assert_array_equal(network.parameters, points[-1])


def test_zero_iterations_are_refused():
    with pytest.raises(ValueError, match="max_iterations must be 1 or more, got 0"):
        LBFGSSettings(max_iterations=0)


def test_scipys_blas_uses_one_thread_during_the_minimization(network, rows):
    def threads(folder):
        pools = [pool for pool in threadpool_info() if folder in pool["filepath"]]
        return [pool["num_threads"] for pool in pools]

    seen, numpys = [], threads("numpy.libs")
    minimize_lbfgs(
        network,
        rows,
        LBFGSSettings(max_iterations=2),
        callback=lambda *_: seen.append((threads("scipy.libs"), threads("numpy.libs"))),
    )
    for scipys, others in seen:
        assert set(scipys) <= {1}
        assert others == numpys

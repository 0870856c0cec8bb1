"""The lattice loss: its value by enumerating paths, and its gradient."""

import numpy as np
import pytest

from digitus.models.sequence.arc_scorer import N_LOGS, scorer_network
from digitus.models.sequence.line_image_format import N_CLASSES
from digitus.nn.fitting.examples import Examples
from digitus.nn.gradient_check import check_gradient
from digitus.nn.losses import LossWork
from digitus.training.sequence.lattice_loss import LatticeLoss, has_right_path, lattice_targets

START, END = np.array([0, 0, 1]), np.array([1, 2, 2])


def targets_of(right_arcs, number=0, k=N_CLASSES):
    right = np.zeros((3, k))
    right[right_arcs, 3] = 1
    return lattice_targets(number, START, END, right)


def loss_of(scores, targets):
    work = LossWork(*scores.shape, scores.dtype)
    return LatticeLoss().value_and_gradient(scores, targets, work), work.grad


@pytest.fixture
def scores():
    return np.random.default_rng(0).normal(size=(3, N_CLASSES))


def test_the_loss_is_the_log_of_all_paths_less_that_of_right_ones(scores):
    weights = np.exp(scores).sum(axis=1)
    all_paths = weights[1] + weights[0] * weights[2]
    loss, _ = loss_of(scores, targets_of([0, 2]))
    assert loss == pytest.approx(np.log(all_paths) - scores[0, 3] - scores[2, 3])


def test_the_loss_of_a_lattice_all_of_whose_paths_are_right_is_zero(scores):
    targets = targets_of([0])
    targets[:, 3:] = 1
    loss, gradient = loss_of(scores, targets)
    assert loss == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(gradient, 0, atol=1e-12)


def test_the_loss_of_several_lattices_is_their_mean(scores):
    one, other = (loss_of(scores, targets_of(arcs))[0] for arcs in ([0, 2], [1]))
    targets = np.concatenate([targets_of([0, 2], 0), targets_of([1], 1)])
    assert loss_of(np.tile(scores, (2, 1)), targets)[0] == pytest.approx((one + other) / 2)


def test_the_gradient_through_the_scorer_agrees_with_measured_slopes():
    rng = np.random.default_rng(1)
    network = scorer_network(3, loss=LatticeLoss())
    network.initialize(rng)
    targets = np.concatenate([targets_of([0, 2], 0), targets_of([1], 1)])
    examples = Examples(rng.normal(size=(6, 3 + N_LOGS)), targets)
    assert check_gradient(network, examples).worst < 1e-6


@pytest.mark.parametrize(
    ("right", "whole"), [([0, 2], True), ([1], True), ([0], False), ([], False)]
)
def test_a_right_path_leads_from_the_first_node_to_the_last(right, whole):
    assert has_right_path(targets_of(right)) == whole

import numpy as np
import pytest

from digitus.nn import pieces
from digitus.nn.examples import count_correct
from digitus.nn.losses import SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.pieces import Pieces


@pytest.mark.parametrize("loss", [SoftmaxCrossEntropy(), SigmoidBinaryCrossEntropy()])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("piece", [1, 7, 50])
def test_the_pieces_add_up_to_the_whole(
    make_network, make_examples, monkeypatch, loss, weighted, piece
):
    network = make_network(dtype=np.float64, loss=loss)
    rows = make_examples(n=50, weighted=weighted, dtype=np.float64)
    whole = network.loss_and_gradient(rows.x, rows.targets, l2=0.3, weights=rows.weights)
    gradient = network.gradient.copy()
    monkeypatch.setattr(pieces, "PIECE_ROWS", piece)
    found = Pieces(network)
    assert found.loss_and_gradient(rows, l2=0.3) == pytest.approx(whole, rel=1e-13)
    np.testing.assert_allclose(network.gradient, gradient, rtol=1e-11, atol=1e-15)
    assert found.correct == count_correct(loss, network.logits(rows.x), rows.targets)


def test_right_answers_are_counted_anew_for_each_batch(make_network, make_examples):
    found, rows = Pieces(make_network()), make_examples(n=50)
    found.loss_and_gradient(rows)
    first = found.correct
    found.loss_and_gradient(rows)
    assert found.correct == first


def test_the_arrays_do_not_grow_with_the_rows(make_network, make_examples, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE_ROWS", 100)
    network = make_network()
    Pieces(network).loss_and_gradient(make_examples(n=1050))
    assert max(len(work.outputs[0]) for work in network._workspaces.values()) == 100

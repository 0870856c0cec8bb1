import numpy as np
import pytest

from digitus.nn.fitting.examples import Examples, evaluate
from digitus.nn.losses import LossWork, SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy

X, TARGETS = np.ones((4, 3), np.float32), np.eye(4, 2, dtype=np.float32)

MISTAKES = {
    "rows of another number": ((X, TARGETS[:3]), "same n"),
    "a flat x": ((X.ravel(), TARGETS), "same n"),
    "no row": ((X[:0], TARGETS[:0]), "at least one row"),
    "two types": ((X, TARGETS.astype(np.float64)), "inputs are float32, targets are float64"),
    "flat weights": ((X, TARGETS, np.ones(4, np.float32)), r"weights \(4, 1\)"),
    "weights of another type": ((X, TARGETS, np.ones((4, 1))), "float32.*float64"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_examples_that_do_not_match_are_refused(mistake):
    arrays, words = MISTAKES[mistake]
    with pytest.raises(ValueError, match=words):
        Examples(*arrays)


def test_a_part_is_a_view(make_examples):
    rows = make_examples(weighted=True)
    part = rows.part(slice(5, 9))
    assert len(part) == 4
    for view, whole in [
        (part.x, rows.x),
        (part.targets, rows.targets),
        (part.weights, rows.weights),
    ]:
        assert np.shares_memory(view, whole)


@pytest.mark.parametrize("layout", [np.ascontiguousarray, np.asfortranarray])
def test_a_batch_gathers_the_given_rows(make_examples, layout):
    source = make_examples(weighted=True)
    rows = Examples(layout(source.x), layout(source.targets), source.weights)
    batch, wanted = rows.batch(10), np.array([7, 3, 59, 3])
    found = batch.gather(wanted)
    np.testing.assert_array_equal(found.x, source.x[wanted])
    np.testing.assert_array_equal(found.targets, source.targets[wanted])
    np.testing.assert_array_equal(found.weights, source.weights[wanted])


def test_a_batch_gathers_into_the_same_arrays_again(make_examples):
    batch = make_examples().batch(10)
    first, second = batch.gather(np.arange(10)), batch.gather(np.arange(10, 15))
    assert np.shares_memory(first.x, second.x)


LOGITS = np.array([[2.0, -1.0], [0.5, 0.7], [-1.0, -2.0], [1.0, 1.0]])
WANTED = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])


WORK = LossWork(4, 2, np.dtype(np.float64))


def test_the_largest_output_decides_between_classes_and_the_first_wins_a_tie():
    right = SoftmaxCrossEntropy().are_correct(LOGITS, WANTED, WORK)
    assert right.tolist() == [True, False, True, False]


def test_of_several_labels_each_has_to_be_right():
    loss = SigmoidBinaryCrossEntropy(exclusive=False)
    assert loss.are_correct(LOGITS, WANTED, WORK).tolist() == [True, False, False, False]


def test_evaluation_in_chunks_agrees_with_one_pass(make_network, make_examples):
    network, rows = make_network(dtype=np.float64), make_examples(n=2500, dtype=np.float64)
    loss, accuracy = evaluate(network, rows)
    assert loss == pytest.approx(network.loss_and_gradient(rows.x, rows.targets), rel=1e-12)
    brute = sum(
        network.predict(x)[0] == t.argmax() for x, t in zip(rows.x, rows.targets, strict=True)
    )
    assert accuracy == brute / 2500


def test_evaluation_counts_rows_by_their_weight(make_network, make_examples):
    network, rows = make_network(), make_examples()
    half = np.zeros((60, 1), np.float32)
    half[:30] = 2
    weighted = evaluate(network, Examples(rows.x, rows.targets, half))
    assert weighted == pytest.approx(evaluate(network, rows.part(slice(0, 30))), rel=1e-6)


def test_weighted_evaluation_in_chunks_agrees_with_one_pass(make_network, make_examples):
    network = make_network(dtype=np.float64)
    rows = make_examples(n=1500, dtype=np.float64, weighted=True)
    rows.weights[1024:] *= 10
    whole = network.loss_and_gradient(rows.x, rows.targets, weights=rows.weights)
    assert evaluate(network, rows)[0] == pytest.approx(whole, rel=1e-12)


def test_evaluation_leaves_the_gradient_alone(make_network, make_examples):
    network, rows = make_network(), make_examples()
    network.loss_and_gradient(rows.x, rows.targets)
    before = network.gradient.copy()
    evaluate(network, rows)
    np.testing.assert_array_equal(network.gradient, before)

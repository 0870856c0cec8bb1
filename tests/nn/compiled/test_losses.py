import copy
import pickle

import numpy as np
import pytest

from digitus.nn.compiled.losses import CompiledSoftmaxCrossEntropy, compiled_loss
from digitus.nn.fitting.batch_chunks import BatchChunks
from digitus.nn.losses import SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float32, 2e-6), (np.float64, 1e-13)])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("scale", [1, 100])
def test_value_gradient_and_right_rows_agree_with_numpy(
    make_network, make_examples, dtype, rtol, smoothing, scale
):
    rows = make_examples(n=50, dtype=dtype)
    found = []
    for loss in (SoftmaxCrossEntropy(smoothing), CompiledSoftmaxCrossEntropy(smoothing)):
        network = make_network(loss=loss, dtype=dtype)
        network.parameters *= scale
        chunks = BatchChunks(network)
        found.append((chunks.loss_and_gradient(rows, l2=0.1), chunks.correct, network.gradient))
    (value, correct, gradient), (fast, fast_correct, fast_gradient) = found
    assert fast == pytest.approx(value, rel=rtol)
    assert fast_correct == correct
    np.testing.assert_allclose(fast_gradient, gradient, rtol=50 * rtol, atol=rtol * scale)


def test_weighted_rows_give_numpys_bits(make_network, make_examples):
    rows = make_examples(n=50, weighted=True)
    plain, fast = make_network(), make_network(loss=CompiledSoftmaxCrossEntropy())
    values = [BatchChunks(network).loss_and_gradient(rows) for network in (plain, fast)]
    assert values[0] == values[1]
    np.testing.assert_array_equal(plain.gradient, fast.gradient)


def test_weighted_rows_after_unweighted_ones_are_counted_anew(make_network, make_examples):
    network = make_network(loss=CompiledSoftmaxCrossEntropy())
    chunks = BatchChunks(network)
    chunks.loss_and_gradient(make_examples(n=50))
    rows = make_examples(n=50, weighted=True, seed=3, noise=5)
    chunks.loss_and_gradient(rows)
    right = network.predict(rows.x) == rows.targets.argmax(axis=1)
    assert chunks.correct == right.sum()


@pytest.mark.parametrize("make_copy", [copy.copy, lambda loss: pickle.loads(pickle.dumps(loss))])
def test_a_copy_is_the_numpy_loss(make_copy):
    loss = make_copy(CompiledSoftmaxCrossEntropy(0.1))
    assert type(loss) is SoftmaxCrossEntropy
    assert loss.label_smoothing == 0.1


def test_a_loss_without_compiled_version_is_returned():
    loss = SigmoidBinaryCrossEntropy()
    assert compiled_loss(loss) is loss

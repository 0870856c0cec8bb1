"""A training step allocates no arrays and keeps the network's type."""

import gc
import tracemalloc
from itertools import chain

import numpy as np
import pytest

from digitus.data import one_hot
from digitus.nn.fitting import batch_chunks
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.losses import SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.optimizers import SGD, Adam

OPTIMIZERS = {
    "sgd": SGD,
    "momentum": lambda: SGD(momentum=0.9),
    "nesterov": lambda: SGD(momentum=0.9, nesterov=True),
    "adamw": lambda: Adam(weight_decay=0.01),
}
NUMPY_BUFFERS = 3 * 8192 * 4
"""NumPy's buffers for broadcasting and casting: 8,192 entries each, for any batch."""


class Allocations(Callback):
    """Records the peak of memory allocated between two batches."""

    def __init__(self, first, last):
        self.first, self.last, self.n_batches, self.peak = first, last, 0, None

    def batch_ended(self, trainer):
        gc.collect(0)  # futures of the threads are cycles; no garbage is collected during tests
        self.n_batches += 1
        if self.n_batches == self.first:
            tracemalloc.start()
        if self.n_batches == self.last:
            self.peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("batch_size", [500, 1500], ids=["one chunk", "three chunks"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    "loss", [SoftmaxCrossEntropy(0.1), SigmoidBinaryCrossEntropy(exclusive=False)]
)
def test_a_hundred_training_steps_allocate_no_arrays(
    make_network, make_examples, monkeypatch, loss, optimizer, batch_size, threads
):
    monkeypatch.setattr(batch_chunks, "SIZES", batch_chunks.ChunkSizes(rows=500))
    network = make_network(
        20, 100, hidden=(64, 32), input_bias=True, dropout=0.2, loss=loss, activation="leaky_relu"
    )
    rows = make_examples(n=2 * batch_size, d=20, k=100, weighted=True)
    settings = TrainerSettings(n_epochs=53, batch_size=batch_size, l2=1.0, threads=threads)
    watch = Allocations(first=5, last=105)
    Trainer(
        network, rows, optimizer=OPTIMIZERS[optimizer](), settings=settings, callbacks=[watch]
    ).run()
    order = rows.x.shape[0] * np.dtype(np.intp).itemsize  # drawn anew each epoch
    assert watch.peak < NUMPY_BUFFERS + 2 * order < network.work.outputs[-1].nbytes


def test_a_float32_run_stays_float32(train):
    trainer = train(
        optimizer=Adam(beta_1=np.float64(0.9)), schedule=np.float64(0.1), l2=np.float64(1)
    )
    network, work = trainer.network, trainer.network.work
    arrays = [network.parameters, network.gradient, *trainer.optimizer.state.values()]
    arrays += [*work.outputs, *work.gradients, *chain(*network._decayed_weights())]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_rows_in_fortran_order_are_not_copied_in_every_step(make_examples):
    rows = make_examples(n=20_000, d=20, k=10)
    batch = Examples(np.asfortranarray(rows.x), np.asfortranarray(rows.targets)).batch(100)
    tracemalloc.start()
    batch.gather(np.arange(100))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < NUMPY_BUFFERS < rows.x.nbytes


@pytest.mark.mnist
def test_twenty_epochs_of_mnist_leave_no_denormal_moment(mnist, make_network):
    """Pixels without ink in most images have no gradient in most steps."""
    rows = Examples(mnist.train.pixels / np.float32(255), one_hot(mnist.train.labels))
    network, adam = make_network(784, 10, hidden=(128, 64)), Adam()
    settings = TrainerSettings(n_epochs=20, batch_size=512)
    Trainer(network, rows, optimizer=adam, schedule=1e-3, settings=settings).run()
    for moment in adam.state.values():
        assert not ((moment != 0) & (np.abs(moment) < np.finfo(np.float32).tiny)).any()

"""A training step makes no arrays and never leaves the network's type."""

import tracemalloc

import numpy as np
import pytest

from digitus.nn.examples import Examples
from digitus.nn.losses import SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.optimizers import SGD, Adam
from digitus.nn.training import Settings, Trainer

OPTIMIZERS = {
    "sgd": SGD,
    "momentum": lambda: SGD(momentum=0.9),
    "nesterov": lambda: SGD(momentum=0.9, nesterov=True),
    "adamw": lambda: Adam(weight_decay=0.01),
}
NUMPY_BUFFERS = 64 * 1024
"""NumPy's own buffers for broadcasting and casting: 8,192 entries, whatever the batch."""


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    "loss", [SoftmaxCrossEntropy(0.1), SigmoidBinaryCrossEntropy(exclusive=False)]
)
def test_a_training_step_makes_no_arrays(make_network, make_examples, loss, optimizer):
    network = make_network(
        20, 10, hidden=(64, 32), input_bias=True, dropout=0.2, loss=loss, activation="leaky_relu"
    )
    rows = make_examples(n=9000, d=20, k=10, weighted=True)
    plan = Settings(n_epochs=1, batch_size=6000, l2=1.0)
    trainer = Trainer(network, rows, optimizer=OPTIMIZERS[optimizer](), settings=plan)
    trainer.run()
    trainer.order.begin_epoch()
    trainer.progress.batch = 0
    trainer._step()  # whatever is made once is made now
    tracemalloc.start()
    for _ in range(10):
        trainer.progress.batch = 0
        trainer._step()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < NUMPY_BUFFERS < network.work.outputs[-1].nbytes


def test_a_float32_run_stays_float32(train):
    trainer = train(
        optimizer=Adam(beta_1=np.float64(0.9)), schedule=np.float64(0.1), l2=np.float64(1)
    )
    network, work = trainer.network, trainer.network.work
    arrays = [network.parameters, network.gradient, *trainer.optimizer.state.values()]
    arrays += [*work.outputs, *work.gradients, *(a for group in network._decayed() for a in group)]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_rows_in_fortran_order_are_not_copied_in_every_step(make_examples):
    rows = make_examples(n=20_000, d=20, k=10)
    batch = Examples(np.asfortranarray(rows.x), np.asfortranarray(rows.targets)).batch(100)
    tracemalloc.start()
    batch.gather(np.arange(100))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < NUMPY_BUFFERS < rows.x.nbytes

"""Compiled steps allocate nothing, compute in the network's type and leave no denormal numbers."""

import gc
import tracemalloc

import numpy as np
import pytest
from numba import njit
from numba.core.runtime import _nrt_python, rtsys

from digitus.nn.compiled import activations, first_layer, losses, optimizers, vectors
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.losses import SigmoidBinaryCrossEntropy

PLAN = 60_000
"""Bytes: more than the plan of a call takes, less than the gradient below."""


class Allocations(Callback):
    """Measures what each epoch but the first allocates, in Python and by Numba.

    What every epoch does counts, the least of all: threads of other tests allocate at any time.

    Attributes:
        peak: bytes above the start of an epoch.
        kept: bytes that are left at its end.
        made: Numba's arrays of all epochs.
        leaked: those of them that were not freed.
    """

    needs_every_step = False

    def __init__(self):
        self.peak = self.kept = float("inf")

    def epoch_ended(self, trainer, epoch):
        if epoch.epoch == 1:
            self.first = rtsys.get_allocation_stats()
            tracemalloc.start()
        else:
            peak = tracemalloc.get_traced_memory()[1]
            self.peak = min(self.peak, peak - self.start)
            gc.collect()  # tests switch the collector off
            self.kept = min(self.kept, tracemalloc.get_traced_memory()[0] - self.start)
        tracemalloc.reset_peak()
        self.start = tracemalloc.get_traced_memory()[0]

    def finish(self):
        tracemalloc.stop()
        now = rtsys.get_allocation_stats()
        self.made = now.alloc - self.first.alloc
        self.leaked = self.made - (now.free - self.first.free)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("filled", [0.2, 0.9], ids=["compressed", "dense"])
def test_compiled_steps_allocate_no_arrays(make_run, make_rows, filled, threads):
    _nrt_python.memsys_enable_stats()
    made = []
    for n in (1000, 4000):  # one call an epoch, of 8 and of 38 steps
        watch = Allocations()
        run = make_run(
            hidden=(60, 30),
            rows=make_rows(n=n, d=300, k=20, filled=filled),
            n_epochs=6,
            batch_size=100,
            threads=threads,
            dropout=0.2,
            l2=0.1,
            callbacks=[watch],
        )
        run.run()
        watch.finish()
        assert watch.leaked == 0
        assert watch.kept < PLAN
        assert watch.peak < PLAN + 2 * run.order.n * 8  # the order of the rows, drawn anew
        made.append(watch.made)
    assert made[0] == made[1]  # a call makes some for its arguments, a step none
    assert run.compiled_steps._shared.upper_gradients[0].nbytes + 4 * 300 * 60 > PLAN


def test_a_float32_run_stays_float32(make_run):
    run = make_run(l2=0.1, dropout=0.2, optimizer="adamw")
    run.run()
    steps = run.compiled_steps
    whole = {"losses", "squares", "totals"}  # sums over many rows are float64
    for group in (steps._layers, steps._rows, steps._shared, *steps._units):
        for name, value in group._asdict().items():
            if name not in whole and np.asarray(value).dtype.kind == "f":
                assert value.dtype == np.float32, name


def vector(n=40):
    return np.linspace(-3, 3, n, dtype=np.float32)


def activate(kind, z):
    activations.activate(kind, z[0], z)
    activations.differentiate(kind, z[0], z, z)
    activations.drop(z[0], z, z, z)


def exponentiate(z):
    vectors.exponentiate(z)
    vectors.add(z, z)


def both_losses(z):
    losses._prepare(losses.SOFTMAX, 0, z, z)
    z[0, 0] = losses._softmax(z[0, 0], 0, z, 0, z, z) + losses._sigmoid(0, z, 0, z, z)


def step(kind, p):
    optimizers.update(optimizers.Step(kind, p[0], p[1], p[2], p[3], p[4], p[5], p[6]), p, p, p, p)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (activate, (activations.TANH, vector())),
        (exponentiate, (vector(),)),
        (both_losses, (vector().reshape(4, 10),)),
        (step, (optimizers.ADAM, vector())),
    ],
    ids=["activations", "exponential", "losses", "optimizers"],
)
def test_the_loops_compute_nothing_in_float64(function, arguments):
    made = njit(function, error_model="numpy")
    made(*arguments)
    assert "double" not in made.inspect_llvm(made.signatures[0])


def test_a_function_that_computes_in_float64_is_found():
    made = njit(lambda z: z[0] * 0.5)
    made(vector())
    assert "double" in made.inspect_llvm(made.signatures[0])


@pytest.mark.parametrize("optimizer", ["momentum", "adamw"])
def test_moments_of_an_input_that_is_always_off_do_not_become_denormal(
    make_run, make_rows, optimizer
):
    run = make_run(optimizer=optimizer, rows=make_rows(n=1000), n_epochs=25)
    run.run()  # 1,000 steps: 0.8^1000 is far below the smallest number
    tiny = np.finfo(np.float32).tiny
    for moment in run.optimizer.state.values():
        assert not ((moment != 0) & (np.abs(moment) < tiny)).any()


def test_the_exponential_is_exact_to_float32(make_run):
    exponentiate = njit(lambda x: vectors.exponentiate(x))
    x = -np.geomspace(1e-6, 87, 10_000, dtype=np.float32)
    y = x.copy()
    exponentiate(y)
    np.testing.assert_allclose(y, np.exp(x.astype(np.float64)), rtol=2.5e-7)
    edges = np.array([0, -np.inf, np.nan], np.float32)
    exponentiate(edges)
    assert edges[0] == 1
    assert 0 <= edges[1] < 2e-38
    assert np.isnan(edges[2])


def test_the_last_rows_of_the_weight_are_updated_too(make_run, make_rows):
    assert 43 % first_layer.COLUMNS_AT_ONCE
    rows = make_rows(d=43)
    runs = [
        make_run(choice, rows=rows, loss=SigmoidBinaryCrossEntropy()) for choice in (True, False)
    ]
    for run in runs:
        run.run()
    np.testing.assert_allclose(
        runs[0].network.parameters, runs[1].network.parameters, rtol=2e-4, atol=2e-5
    )

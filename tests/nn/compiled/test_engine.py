"""Compiled steps give what NumPy's give."""

import os
import sys

import numpy as np
import pytest

from digitus.errors import DivergenceError
from digitus.nn.compiled import engine
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.fitting.resume import restore_state, save_state
from digitus.nn.losses import SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy

LOSSES = {
    "softmax": SoftmaxCrossEntropy,
    "smoothed": lambda: SoftmaxCrossEntropy(0.1),
    "sigmoid": SigmoidBinaryCrossEntropy,
    "several labels": lambda: SigmoidBinaryCrossEntropy(exclusive=False),
}
ACTIVATIONS = ("relu", "leaky_relu", "tanh", "sigmoid", "identity")
OPTIMIZERS = ("sgd", "momentum", "nesterov", "adam", "adamw")


def assert_equal_to_rounding(compiled, plain):
    """Compare two finished runs: parameters, moments and history."""
    vectors = [(run.network.parameters, *run.optimizer.state.values()) for run in (compiled, plain)]
    for found, wanted in zip(*vectors, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=2e-4, atol=2e-5)
    for found, wanted in zip(compiled.history, plain.history, strict=True):
        assert found.loss == pytest.approx(wanted.loss, rel=2e-5)
        assert found.accuracy == wanted.accuracy
        assert found.gradient_norms == pytest.approx(wanted.gradient_norms, rel=1e-3, abs=1e-6)
    assert compiled.optimizer.n_steps == plain.optimizer.n_steps


def both(make_run, **how):
    """Return the compiled run and NumPy's, both finished."""
    runs = [make_run(compiled, **how) for compiled in (True, False)]
    for run in runs:
        run.run()
    assert runs[0].compiled_steps is not None
    return runs


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_and_optimizer_equals_numpy(make_run, make_rows, loss, optimizer, threads):
    rows = make_rows(weighted=True)
    compiled, plain = both(
        make_run,
        loss=LOSSES[loss](),
        optimizer=optimizer,
        rows=rows,
        threads=threads,
        l2=0.5,
        dropout=0.3,
    )
    assert compiled.compiled_steps.n_threads == threads
    assert_equal_to_rounding(compiled, plain)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("filled", [0.2, 0.9], ids=["compressed", "dense"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_equals_numpy(make_run, make_rows, activation, filled, threads):
    how = {"activation": activation, "rows": make_rows(filled=filled), "threads": threads}
    compiled, plain = both(make_run, optimizer="nesterov", **how)
    assert (len(compiled.compiled_steps._rows.dense) > 0) == (filled > 0.5)
    assert_equal_to_rounding(compiled, plain)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("hidden", [(), (16,), (100,), (200, 30, 17)], ids=str)
@pytest.mark.parametrize("threads", [1, 2])
def test_every_depth_and_width_equals_numpy(make_run, hidden, threads, optimizer):
    assert_equal_to_rounding(
        *both(make_run, hidden=hidden, threads=threads, optimizer=optimizer, dropout=0.2)
    )


@pytest.mark.parametrize("threads", [1, 2])
def test_a_run_repeats_to_the_bit(make_run, threads):
    runs = [make_run(threads=threads, dropout=0.3, l2=0.1) for _ in range(3)]
    found = [(run.run()[-1].loss, run.network.parameters.tobytes()) for run in runs]
    assert len(set(found)) == 1


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_resumed_run_equals_the_uninterrupted_one_to_the_bit(make_run, optimizer, threads):
    how = {"optimizer": optimizer, "threads": threads, "dropout": 0.3, "l2": 0.1}

    class Interrupt(Callback):
        def batch_ended(self, trainer):
            if (trainer.progress.epoch, trainer.progress.batch) == (1, 4):
                trainer.stop(interrupted=True)

    whole, first, second = (
        make_run(**how),
        make_run(callbacks=[Interrupt()], **how),
        make_run(**how),
    )
    whole.run()
    first.run()
    restore_state(second, save_state(first))
    second.run()
    assert second.network.parameters.tobytes() == whole.network.parameters.tobytes()
    for name, array in whole.optimizer.state.items():
        np.testing.assert_array_equal(second.optimizer.state[name], array)
    assert [each.loss for each in second.history] == [each.loss for each in whole.history]


def test_a_callback_that_needs_every_step_sees_each_and_changes_no_bit(make_run):
    class Count(Callback):
        def __init__(self, every):
            self.needs_every_step, self.n, self.batches = every, 0, []

        def batch_ended(self, trainer):
            self.n += 1
            self.batches.append(trainer.progress.batch)

    few, all_ = Count(False), Count(True)
    runs = [make_run(callbacks=[watch]) for watch in (few, all_)]
    for run in runs:
        run.run()
    assert all_.batches == 2 * list(range(1, 11))
    assert few.batches == [1, 9, 10, 9, 10]
    assert runs[0].network.parameters.tobytes() == runs[1].network.parameters.tobytes()


def test_changed_rows_are_read_again(make_run, make_rows):
    class Change(Callback):
        def epoch_ended(self, trainer, epoch):
            trainer.examples.x[...] = np.roll(trainer.examples.x, 1, axis=1)
            trainer.rows_changed()

    runs = [make_run(choice, rows=make_rows(), callbacks=[Change()]) for choice in (True, False)]
    for run in runs:
        run.run()
    assert_equal_to_rounding(*runs)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_rate_that_diverges_is_reported_as_by_numpy(make_run, threads):
    errors = []
    for compiled in (True, False):
        run = make_run(compiled, threads=threads, optimizer="sgd")
        run.schedule = lambda epoch, n: 1e30
        with pytest.raises(DivergenceError) as caught:
            run.run()
        errors.append(str(caught.value))
    assert errors[0] == errors[1]


def test_a_thread_that_fails_ends_the_run_instead_of_keeping_the_other_waiting(
    make_run, monkeypatch
):
    def fail_second(*arguments):
        if arguments[-1] == 1:
            raise MemoryError("no room")
        return run_steps(*arguments)

    run_steps = engine.run_steps
    monkeypatch.setattr(engine, "run_steps", fail_second)
    with pytest.raises(MemoryError, match="no room"):
        make_run(threads=2).run()


@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_leaves_the_parameters_of_all_layers_at_the_same_step(
    make_run, monkeypatch, threads
):
    def interrupt(*arguments):
        done = run_steps(*arguments)
        if arguments[-1] == 0:
            raise KeyboardInterrupt
        return done

    run_steps = engine.run_steps
    whole, interrupted = (make_run(threads=threads, n_epochs=1) for _ in range(2))
    for run in (whole, interrupted):
        run._step(run.examples.part(slice(0, 25)))
        run.order.begin_epoch()
    whole._take_compiled_steps(5)
    monkeypatch.setattr(engine, "run_steps", interrupt)
    with pytest.raises(KeyboardInterrupt):
        interrupted._take_compiled_steps(5)
    assert interrupted.network.parameters.tobytes() == whole.network.parameters.tobytes()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can bind a process to a core")
def test_two_threads_advance_on_one_core(make_run):
    cores = os.sched_getaffinity(0)
    wanted = make_run(threads=2)
    wanted.run()
    try:
        os.sched_setaffinity(0, {min(cores)})
        run = make_run(threads=2)  # its second thread starts on the same core
        run.run()
    finally:
        os.sched_setaffinity(0, cores)
    assert run.network.parameters.tobytes() == wanted.network.parameters.tobytes()

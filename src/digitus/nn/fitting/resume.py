"""Saving a run between two batches, and restoring it exactly."""

from dataclasses import asdict
from typing import Any

import numpy as np

from digitus.errors import CheckpointError, DivergenceError
from digitus.json_values import from_record, is_of_type
from digitus.nn.arrays import Floats
from digitus.nn.fitting.divergence import describe_divergence
from digitus.nn.fitting.history import History
from digitus.nn.fitting.trainer import Progress, State, Trainer

_SAMPLED_EPOCHS = (0.0, 0.5, 1.0, 2.0, 4.0, 7.0)
"""A schedule may be any function: it is identified by its rates at these of 8 epochs."""
DAMAGED_FACTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What restoring a state raises if its facts are not those that were saved."""
_FIXED_SETTINGS = ("batch_size", "l2", "seed", "shuffle", "validate_every")


def save_state(trainer: Trainer) -> State:
    """Return all that is needed to resume a run.

    The arrays are those of the run, not copies: write them before the next step.

    Raises:
        DivergenceError: if a parameter is NaN or infinite, so that no good file is overwritten.
    """
    if not np.isfinite(trainer.network.parameters).all():
        epoch = trainer.progress.epoch + 1
        raise DivergenceError(describe_divergence(trainer.network, trainer.examples.x, epoch))
    arrays = _arrays(trainer)
    states = {callback.name: callback.state() for callback in trainer.callbacks}
    for name, state in states.items():
        arrays |= {f"{name}.{key}": array for key, array in state.arrays.items()}
    facts = {
        "run": _describe_run(trainer),
        "progress": asdict(trainer.progress),
        "n_steps": trainer.optimizer.n_steps,
        "order": trainer.order.state(),
        "history": trainer.history.to_json(),
        "first_gradient_norms": trainer.history.first_gradient_norms,
        "callbacks": {name: state.facts for name, state in states.items() if state.facts},
    }
    return State(arrays, facts)


def restore_state(trainer: Trainer, state: State) -> None:
    """Set a new trainer to the saved state; `Trainer.run` then continues to the same bits.

    Raises:
        CheckpointError: if the state is of another run (network, number of rows or settings), or
            an array is missing, of another shape or not finite.
    """
    _check_same_run(trainer, state)
    _check_arrays(trainer, state)
    for name, array in _arrays(trainer).items():
        array[...] = state.arrays[name]
    try:
        _restore_facts(trainer, state)
    except DAMAGED_FACTS as error:
        raise CheckpointError(
            f"the checkpoint is incomplete ({error!r:.200}); start without resuming"
        ) from error


def _restore_facts(trainer: Trainer, state: State) -> None:
    facts = state.facts
    trainer.optimizer.n_steps = _counted(facts["n_steps"])
    trainer.order.restore(facts["order"])
    trainer.progress = _checked_progress(from_record(Progress, facts["progress"]), trainer)
    trainer.history = restored_history(facts, n_epochs=trainer.progress.epoch)
    for callback in trainer.callbacks:
        if callback.name in dict(facts["callbacks"]):
            callback.restore(_callback_state(state, callback.name))


def restored_history(facts: dict[str, Any], *, n_epochs: int | None = None) -> History:
    """Return the history in the facts of a checkpoint.

    Args:
        facts: its entries ``history`` and, for a trainer's run, ``first_gradient_norms``.
        n_epochs: number of epochs that it must have; None takes any.

    Raises:
        KeyError, TypeError, ValueError: if it is damaged.
    """
    if not isinstance(facts["history"], list):
        raise TypeError("the history is not a list")
    history = History.from_json(facts["history"])
    norms = facts.get("first_gradient_norms")
    if not is_of_type(norms, list[float] | None) or n_epochs not in (None, len(history)):
        raise ValueError("the history is not that of the run")
    if [epoch.epoch for epoch in history] != list(range(1, len(history) + 1)):
        raise ValueError("the epochs of the history are not numbered from 1")
    history.first_gradient_norms = norms
    return history


def _counted(value: Any) -> int:
    if not is_of_type(value, int) or value < 0:
        raise TypeError(f"a count that is {value!r:.40}")
    return int(value)


def _checked_progress(progress: Progress, trainer: Trainer) -> Progress:
    if not (progress.epoch >= 0 and 0 <= progress.batch <= trainer.n_batches):
        raise ValueError(f"batch {progress.batch} of epoch {progress.epoch}")
    return progress


def _arrays(trainer: Trainer) -> dict[str, Floats]:
    """Return the parameters and the optimizer's arrays by name."""
    state = trainer.optimizer.state.items()
    named = {f"optimizer.{name}": array for name, array in state}
    return {"parameters": trainer.network.parameters, **named}


def _callback_state(state: State, name: str) -> State:
    """Return the part of a run's state that belongs to one callback."""
    prefix = f"{name}."
    arrays = {
        key.removeprefix(prefix): np.array(array)
        for key, array in state.arrays.items()
        if key.startswith(prefix)
    }
    return State(arrays, state.facts["callbacks"][name])


def _describe_run(trainer: Trainer) -> dict[str, Any]:
    """Return all that must be the same in the saved and the resumed run."""
    settings = asdict(trainer.settings)
    return {
        "n_inputs": trainer.network.n_inputs,
        "layers": [[layer.kind, layer.options()] for layer in trainer.network.layers],
        "loss": [trainer.network.loss.kind, trainer.network.loss.options()],
        "dtype": trainer.network.dtype.name,
        "n_rows": len(trainer.examples),
        "optimizer": trainer.optimizer.options(),
        **_describe_engine(trainer),
        "learning rates": [float(trainer.schedule(epoch, 8)) for epoch in _SAMPLED_EPOCHS],
        **{name: settings[name] for name in _FIXED_SETTINGS},
    }


def _describe_engine(trainer: Trainer) -> dict[str, Any]:
    """Return the number of threads of compiled steps, as the rounding depends on them."""
    steps = trainer.compiled_steps
    return {"number of compiled threads": 0 if steps is None else steps.n_threads}


def _check_same_run(trainer: Trainer, state: State) -> None:
    wanted, found = _describe_run(trainer), state.facts.get("run")
    found = dict(found) if isinstance(found, dict) else {}
    found.setdefault("number of compiled threads", 0)  # before there were any
    differing = [name for name, value in wanted.items() if found.get(name) != value]
    if differing:
        name = differing[0]
        raise CheckpointError(
            f"the checkpoint belongs to another run: its {name} is {found.get(name)!s:.200}, "
            f"this run's is {wanted[name]}; use the same settings, or start without resuming"
        )


def _check_arrays(trainer: Trainer, state: State) -> None:
    for name, array in _arrays(trainer).items():
        found = state.arrays.get(name)
        if found is None or (found.shape, found.dtype) != (array.shape, array.dtype):
            got = "none" if found is None else f"{found.shape} of {found.dtype}"
            raise CheckpointError(
                f"the checkpoint is damaged: expected {name} {array.shape} of {array.dtype}, "
                f"got {got}; start without resuming"
            )
    n_parameters, known = trainer.network.parameters.size, _arrays(trainer)
    for name, array in state.arrays.items():
        if array.dtype.kind != "f" or (name not in known and array.shape != (n_parameters,)):
            raise CheckpointError(
                f"the checkpoint is damaged: {name} is {array.shape} of {array.dtype}; "
                f"start without resuming"
            )
        with np.errstate(over="ignore"):
            is_finite = np.isfinite(array.astype(trainer.network.dtype)).all()
        if not is_finite:
            raise CheckpointError(
                f"the checkpoint is damaged: {name} holds NaN or infinity; start without resuming"
            )

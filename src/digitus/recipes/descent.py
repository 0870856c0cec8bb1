"""Training by gradient descent, in batches, with checkpoints."""

from pathlib import Path

from digitus.errors import CheckpointError
from digitus.models.checkpoint import Checkpoint, read_checkpoint
from digitus.models.plan import Plan, make_optimizer, make_schedule, make_settings
from digitus.nn.callbacks import Callback, EarlyStopping
from digitus.nn.hard_examples import train_on_misread
from digitus.nn.history import History
from digitus.nn.network import Network
from digitus.nn.resume import restore_state
from digitus.nn.training import Settings, Trainer
from digitus.recipes.listening import Listener, Relay
from digitus.recipes.rows import Rows


def descend(
    plan: Plan,
    network: Network,
    rows: Rows,
    *,
    checkpoint: Path,
    facts: dict[str, object],
    resume: bool,
    listener: Listener,
) -> tuple[History, bool]:
    """Train the network in place.

    Args:
        plan: how.
        network: with its first weights.
        rows: what it learns from.
        checkpoint: where the run is kept while it lasts.
        facts: stored in the checkpoint, to recognize the run by.
        resume: go on from the checkpoint.
        listener: hears each epoch and may interrupt.

    Returns:
        The history, and whether the run was completed (False: interrupted, to be resumed).
    """
    callbacks: list[Callback] = [Relay(listener)]
    if plan.patience is not None:
        callbacks.append(EarlyStopping(plan.patience))
    callbacks.append(Checkpoint(checkpoint, facts=facts))
    trainer = Trainer(
        network,
        rows.train,
        optimizer=make_optimizer(plan),
        schedule=make_schedule(plan),
        settings=make_settings(plan),
        validation=rows.validation,
        callbacks=callbacks,
    )
    if resume:
        state = read_checkpoint(checkpoint)
        refuse_other_facts(checkpoint, state.facts, facts)
        restore_state(trainer, state)
    history = trainer.run()
    if not trainer.interrupted and plan.hard_rounds:
        _train_on_misread(plan, network, rows, listener)
    return history, not trainer.interrupted


def refuse_other_facts(path: Path, found: dict[str, object], wanted: dict[str, object]) -> None:
    """Refuse a checkpoint of another plan or other data.

    Raises:
        CheckpointError: naming the first thing that differs.
    """
    for name, value in wanted.items():
        if found.get(name) != value:
            detail = _difference(found.get(name), value)
            raise CheckpointError(
                f"{path}: belongs to another run ({name} differs{detail}); "
                f"use the same options, or start without --resume"
            )


def _difference(found: object, wanted: object) -> str:
    if not isinstance(found, dict) or not isinstance(wanted, dict):
        return ""
    names = [name for name, value in wanted.items() if found.get(name) != value]
    name = names[0] if names else "a field"
    return f": {name} was {found.get(name)}, is {wanted.get(name)}"


def _train_on_misread(plan: Plan, network: Network, rows: Rows, listener: Listener) -> None:
    last_rate = make_schedule(plan)(plan.epochs, plan.epochs)
    rounds = train_on_misread(
        network,
        rows.train,
        rounds=plan.hard_rounds,
        make_optimizer=lambda: make_optimizer(plan),
        schedule=last_rate,
        settings=Settings(n_epochs=1, batch_size=plan.batch_size, l2=plan.l2, seed=plan.seed),
    )
    for number, (count, _) in enumerate(rounds, start=1):
        listener.stage(f"hard examples, round {number}: trained on {count} misread pictures")

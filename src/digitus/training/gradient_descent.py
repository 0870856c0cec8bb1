"""Training by gradient descent in batches, with checkpoints."""

from dataclasses import replace

from digitus.models.checkpoint import Checkpoint
from digitus.models.config import make_optimizer, make_schedule, make_settings
from digitus.nn.fitting.callbacks import AveragedWeights, Callback, EarlyStopping
from digitus.nn.fitting.hard_examples import train_on_misread
from digitus.nn.fitting.history import History
from digitus.nn.fitting.resume import restore_state
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.training.augmented_rows import RefillEachEpoch
from digitus.training.listeners import ListenerCallback
from digitus.training.run import Run


def train_by_descent(run: Run) -> tuple[History, bool]:
    """Train the run's network.

    Returns:
        The history, and whether the run was completed; False if it was interrupted.
    """
    trainer = _make_trainer(run)
    if run.resume:
        restore_state(trainer, run.read_checkpoint())
    history = trainer.run()
    completed = not trainer.interrupted and _train_on_misread(run, history)
    return history, completed


def _make_trainer(run: Run) -> Trainer:
    config = run.config
    callbacks: list[Callback] = [ListenerCallback(run.listener)]
    if run.rows.augmented is not None:
        callbacks.append(RefillEachEpoch(run.rows.augmented))
    if config.patience is not None:
        callbacks.append(EarlyStopping(config.patience))
    if config.averaged:
        callbacks.append(AveragedWeights(config.averaged))
    callbacks.append(Checkpoint(run.checkpoint, facts=run.facts))
    return Trainer(
        run.network,
        run.rows.train,
        optimizer=make_optimizer(config),
        schedule=make_schedule(config),
        settings=make_settings(config),
        validation=run.rows.validation,
        callbacks=callbacks,
        notify=run.listener.stage,
    )


def _train_on_misread(run: Run, history: History) -> bool:
    """Train on misread images and add the rounds to the history; False if interrupted.

    The checkpoint stays that of the last epoch: a resumed run repeats the rounds from there.
    """
    config, listener = run.config, run.listener
    settings = TrainerSettings(
        n_epochs=1, batch_size=config.batch_size, l2=config.l2, seed=config.seed
    )
    for number in range(config.hard_rounds):
        if listener.wants_to_stop():
            return False
        count, epochs = train_on_misread(
            run.network,
            run.rows.train,
            optimizer=make_optimizer(config),
            schedule=make_schedule(config)(config.epochs, config.epochs),
            settings=replace(settings, seed=config.seed + 1 + number),
        )
        for epoch in epochs:
            history.append(replace(epoch, epoch=len(history) + 1))
            listener.stage(
                f"hard examples, round {number + 1}: trained on {count:,} misread images"
            )
    return True

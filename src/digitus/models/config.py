"""The training config: all options of a network and its training, and what they build."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from math import inf
from typing import Any

import numpy as np
from numpy.random import Generator

from digitus.data.normalization import KINDS, Kind
from digitus.models.cnn import cnn_layers
from digitus.nn import initializers
from digitus.nn.activations import LeakyReLU, ReLU, Sigmoid, Tanh
from digitus.nn.compiled import Choice, require_numba
from digitus.nn.fitting.trainer import TrainerSettings
from digitus.nn.initializers import Initializer
from digitus.nn.layers import Dense, Dropout, InputBias, Layer
from digitus.nn.losses import Loss, SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.network import Network
from digitus.nn.optimizers import SGD, Adam, Optimizer
from digitus.nn.schedules import Constant, Cosine, OneCycle, Schedule, Staged, WarmUp

ACTIVATIONS = {"relu": ReLU, "leaky_relu": LeakyReLU, "tanh": Tanh, "sigmoid": Sigmoid}
NETWORKS = ("dense", "cnn")
OUTPUTS = ("softmax", "sigmoid")
OPTIMIZERS = ("sgd", "momentum", "nesterov", "adam", "adamw", "lbfgs")
INITIALIZERS = (
    "zeros",
    "he_normal",
    "he_uniform",
    "glorot_normal",
    "glorot_uniform",
    "scaled_normal",
    "uniform:LIMIT",
)


@dataclass(frozen=True)
class TrainingConfig:
    """How to build and train a network; all fields are part of the model's record.

    Attributes:
        network: ``dense``, or ``cnn``, whose layers `digitus.models.cnn` makes.
        hidden: widths of the hidden layers of a dense network.
        activation: of the hidden layers, one of `ACTIVATIONS`.
        slope: of the leaky ReLU where x is negative.
        output: ``softmax``, or ``sigmoid`` with summed binary cross-entropy.
        input_bias: a learnable bias of each input and tanh before the first layer, as in S0.
        weights: initializer of the weights, one of `INITIALIZERS`, such as ``uniform:0.15``.
        biases: initializer of the biases.
        normalizer: ``unit`` (/255), ``std`` or ``zscore``.
        optimizer: one of `OPTIMIZERS`.
        momentum: of ``momentum`` and ``nesterov``.
        rate: learning rate; the largest one if the schedule varies it.
        schedule: ``constant``, ``staged``, ``cosine`` or ``one_cycle``.
        stages: epoch to rate, for ``staged``.
        warm_up: epochs in which the rate rises from near 0.
        epochs: passes over the training rows; iterations for ``lbfgs`` and full batch.
        batch_size: rows a step; None takes all (full batch).
        l2: lambda of the penalty ``lambda/(2n) * sum(w²)``.
        weight_decay: of ``adamw``.
        dropout: share of hidden units set to zero in training.
        label_smoothing: share of each target spread over all classes.
        validation: rows held out, the last ones unless ``split_seed`` is given.
        split_seed: draws the held-out rows at random.
        patience: validations without improvement after which training stops; None: no early stop.
        averaged: last epochs whose weights are averaged (`digitus.nn.fitting.callbacks`).
        hard_rounds: rounds of training on misread images after the last epoch.
        seed: of the first weights, the order of the rows and dropout.
        threads: of the matrix products. Their number changes the rounding of sums, so a seed gives
            the same weights with the same number of threads only. On cores that are shared with
            other programs, one thread is the fastest for networks of this size.
        compiled: whether Numba compiles the training steps of a dense network (extra ``fast``):
            True, False, or ``auto``, where it is installed and the run is long enough to gain by
            it. Rounding differs, so a seed gives the same weights with the same choice only.
        augmentation: distort the training images anew each epoch and add synthetic drawings.
        negatives: learn an eleventh class, "not a digit", from synthetic negatives; requires
            ``augmentation``.
    """

    network: str = "dense"
    hidden: tuple[int, ...] = (128, 64)
    activation: str = "relu"
    slope: float = 0.1
    output: str = "softmax"
    input_bias: bool = False
    weights: str = "he_normal"
    biases: str = "zeros"
    normalizer: Kind = "unit"
    optimizer: str = "adam"
    momentum: float = 0.9
    rate: float = 1e-3
    schedule: str = "constant"
    stages: Mapping[str, float] = field(default_factory=dict)
    warm_up: float = 0.0
    epochs: int = 10
    batch_size: int | None = 128
    l2: float = 0.0
    weight_decay: float = 0.0
    dropout: float = 0.0
    label_smoothing: float = 0.0
    validation: int = 10_000
    split_seed: int | None = None
    patience: int | None = None
    averaged: int = 0
    hard_rounds: int = 0
    seed: int = 0
    threads: int = 1
    compiled: Choice = "auto"
    augmentation: bool = False
    negatives: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the config as JSON types."""
        return {**asdict(self), "hidden": list(self.hidden), "stages": dict(self.stages)}


def build_network(config: TrainingConfig, n_inputs: int = 784, n_classes: int = 10) -> Network:
    """Make the configured network, its first weights drawn with the config's seed.

    Raises:
        ValueError: if the config names an unknown part.

    >>> build_network(TrainingConfig(hidden=(10, 10))).parameters.size
    8070
    """
    _choose("network", config.network, dict.fromkeys(NETWORKS))
    if config.network == "cnn":
        layers = cnn_layers(n_classes, dropout=config.dropout)
        return Network(n_inputs, layers, loss=_make_loss(config), rng=first_generator(config))
    dense = partial(Dense, weights=initializer(config.weights), biases=initializer(config.biases))
    layers = [InputBias()] if config.input_bias else list[Layer]()
    for width in config.hidden:
        layers += [dense(width), make_activation(config)]
        if config.dropout:
            layers.append(Dropout(config.dropout))
    layers.append(dense(n_classes))
    return Network(n_inputs, layers, loss=_make_loss(config), rng=first_generator(config))


def first_generator(config: TrainingConfig) -> Generator:
    """Return the generator of the first weights; that of the order of rows is another."""
    return np.random.default_rng([config.seed, 1])


def make_activation(config: TrainingConfig) -> Layer:
    """Make one hidden activation."""
    kind = _choose("activation", config.activation, ACTIVATIONS)
    return LeakyReLU(config.slope) if kind is LeakyReLU else kind()


def _make_loss(config: TrainingConfig) -> Loss:
    _choose("output", config.output, dict.fromkeys(OUTPUTS))
    if config.output == "softmax":
        return SoftmaxCrossEntropy(config.label_smoothing)
    if config.label_smoothing:
        raise ValueError("label smoothing is for softmax outputs")
    return SigmoidBinaryCrossEntropy()


def initializer(name: str) -> Initializer:
    """Return an initializer by name; ``uniform:0.15`` draws within +-0.15.

    Raises:
        ValueError: if there is none of that name.
    """
    kind, _, limit = name.partition(":")
    with suppress(ValueError):  # the limit is not a number, or too large for single precision
        if kind == "uniform" and 0 < float(limit) <= float(np.finfo(np.float32).max):
            return initializers.uniform(float(limit))
    if name not in INITIALIZERS or kind == "uniform":
        raise ValueError(f"initializer {name!r}: expected one of {', '.join(INITIALIZERS)}")
    chosen: Initializer = getattr(initializers, name)
    return chosen


def make_optimizer(config: TrainingConfig) -> Optimizer:
    """Make the configured optimizer; L-BFGS is not an `Optimizer`.

    Raises:
        ValueError: if there is none of that name.
    """
    match config.optimizer:
        case "sgd":
            return SGD()
        case "momentum" | "nesterov" as name:
            return SGD(momentum=config.momentum, nesterov=name == "nesterov")
        case "adam":
            return Adam()
        case "adamw":
            return Adam(weight_decay=config.weight_decay)
        case _:
            raise ValueError(
                f"optimizer {config.optimizer!r}: expected one of {', '.join(OPTIMIZERS)}"
            )


def make_schedule(config: TrainingConfig) -> Schedule:
    """Make the configured schedule.

    Raises:
        ValueError: if there is none of that name.
    """
    stages = {float(epoch): rate for epoch, rate in config.stages.items()}
    makers: dict[str, Any] = {
        "constant": partial(Constant, config.rate),
        "staged": partial(Staged, stages),
        "cosine": partial(Cosine, config.rate),
        "one_cycle": partial(OneCycle, config.rate),
    }
    schedule: Schedule = _choose("schedule", config.schedule, makers)()
    return WarmUp(schedule, config.warm_up) if config.warm_up else schedule


def make_settings(config: TrainingConfig) -> TrainerSettings:
    """Return the trainer's settings; full batches are validated every ten epochs."""
    return TrainerSettings(
        n_epochs=config.epochs,
        batch_size=config.batch_size,
        l2=config.l2,
        seed=config.seed,
        validate_every=1 if config.batch_size else 10,
        threads=config.threads,
        replicas=config.threads if config.network == "cnn" else 1,
        compiled=config.compiled,
    )


def _choose(what: str, name: str, options: Mapping[str, Any]) -> Any:
    if name not in options:
        raise ValueError(f"{what} {name!r}: expected one of {', '.join(options)}")
    return options[name]


def check_config(config: TrainingConfig) -> None:
    """Check that a config is valid, before any data is loaded.

    Raises:
        ValueError: saying what was expected and what was found.
    """
    build_network(config, n_inputs=1 if config.network == "dense" else 784, n_classes=1)
    if config.negatives and not config.augmentation:
        raise ValueError("negatives require augmentation")
    if config.augmentation and (
        config.optimizer == "lbfgs" or config.hard_rounds or config.normalizer != "unit"
    ):
        raise ValueError("augmentation requires the normalizer unit, no hard rounds and not lbfgs")
    make_schedule(config)
    _choose("normalizer", config.normalizer, dict.fromkeys(KINDS))
    _choose("optimizer", config.optimizer, dict.fromkeys(OPTIMIZERS))
    if config.optimizer != "lbfgs":
        make_optimizer(config)
        if config.compiled is True:
            require_numba()
    elif config.patience is not None or config.hard_rounds or config.dropout or config.averaged:
        raise ValueError("lbfgs has no early stopping, averages, hard rounds or dropout")
    if config.averaged and config.patience is not None:
        raise ValueError("averaged weights cannot be combined with early stopping")
    make_settings(config)
    _check_numbers(config)
    if config.patience is not None and config.validation == 0:
        raise ValueError("early stopping needs rows to validate with; hold some out for validation")


def _check_numbers(config: TrainingConfig) -> None:
    """Check the numbers that neither network nor optimizer checks."""
    for rate in (config.rate, *config.stages.values()):
        if not 0 < rate < inf:
            raise ValueError(f"rate: expected a number above 0, got {rate}")
    for name in ("warm_up", "weight_decay"):
        if not 0 <= getattr(config, name) < inf:
            raise ValueError(f"{name}: expected 0 or more, got {getattr(config, name)}")
    if not 0 <= config.averaged <= config.epochs:
        raise ValueError(f"averaged: expected up to {config.epochs} epochs, got {config.averaged}")
    if config.threads < 1:
        raise ValueError(f"threads: expected 1 or more, got {config.threads}")
    if config.validation < 0:
        raise ValueError(f"validation: expected 0 rows or more, got {config.validation}")

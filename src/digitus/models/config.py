"""A plan: everything that decides how a network is built and trained, in one record."""

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
from digitus.nn.fitting.trainer import Settings
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
class Plan:
    """How to build and train a network; every field is written into the model's record.

    Attributes:
        network: ``dense``, or ``cnn``, whose layers `digitus.models.cnn` makes.
        hidden: widths of the hidden layers of a dense network.
        activation: of the hidden layers, one of `ACTIVATIONS`.
        slope: of the leaky ReLU where x is negative.
        output: ``softmax``, or ``sigmoid`` with summed binary cross-entropy.
        input_bias: S0's learnable input bias and tanh before the first layer.
        weights: initializer of the weights, one of `INITIALIZERS`, such as ``uniform:0.15``.
        biases: initializer of the biases.
        normalizer: ``unit`` (/255), ``std`` or ``zscore``.
        optimizer: one of `OPTIMIZERS`.
        momentum: of ``momentum`` and ``nesterov``.
        rate: learning rate, the largest one where it varies.
        schedule: ``constant``, ``staged``, ``cosine`` or ``one_cycle``.
        stages: epoch to rate, for ``staged``.
        warm_up: epochs over which the rate is ramped up.
        epochs: passes over the training rows; iterations for ``lbfgs`` and full batch.
        batch_size: rows a step; None takes all (full batch).
        l2: lambda of the penalty ``lambda/(2n) * sum(w²)``.
        weight_decay: of ``adamw``.
        dropout: share of hidden units silenced in training.
        label_smoothing: share of each target spread over all classes.
        validation: rows held out, the last ones unless ``split_seed`` is given.
        split_seed: draws the held-out rows at random.
        patience: validations without improvement that are waited for; None never stops early.
        averaged: last epochs whose weights are averaged (`digitus.nn.fitting.averaging`).
        hard_rounds: rounds of training on misread pictures after the last epoch.
        seed: of the first weights, the order of the rows and dropout.
        threads: of the matrix products. Sums are rounded in another order with another number, so
            a seed stands for the same weights with the same number of threads only; and on cores
            that others use too, one thread is the quickest for networks of this size.
        compiled: let Numba do the softmax loss and the optimizer's steps (the extra ``fast``).
        hands: learn many hands: the pictures are distorted anew each epoch and joined by drawings
            of our own pen.
        rubbish: learn an eleventh answer, "not a digit", from rubbish; with ``hands`` only.
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
    compiled: bool = False
    hands: bool = False
    rubbish: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give the plan as JSON types."""
        return {**asdict(self), "hidden": list(self.hidden), "stages": dict(self.stages)}


def build_network(plan: Plan, n_inputs: int = 784, n_classes: int = 10) -> Network:
    """Make the planned network with its first weights, drawn with the plan's seed.

    Raises:
        ValueError: if the plan asks for what there is not.

    >>> build_network(Plan(hidden=(10, 10))).parameters.size
    8070
    """
    _choose("network", plan.network, dict.fromkeys(NETWORKS))
    if plan.network == "cnn":
        layers = cnn_layers(n_classes, dropout=plan.dropout)
        return Network(n_inputs, layers, loss=_make_loss(plan), rng=first_generator(plan))
    dense = partial(Dense, weights=initializer(plan.weights), biases=initializer(plan.biases))
    layers = [InputBias()] if plan.input_bias else list[Layer]()
    for width in plan.hidden:
        layers += [dense(width), make_activation(plan)]
        if plan.dropout:
            layers.append(Dropout(plan.dropout))
    layers.append(dense(n_classes))
    return Network(n_inputs, layers, loss=_make_loss(plan), rng=first_generator(plan))


def first_generator(plan: Plan) -> Generator:
    """Make the generator of the first weights; the order of the rows has one of its own."""
    return np.random.default_rng([plan.seed, 1])


def make_activation(plan: Plan) -> Layer:
    """Make one hidden activation."""
    kind = _choose("activation", plan.activation, ACTIVATIONS)
    return LeakyReLU(plan.slope) if kind is LeakyReLU else kind()


def _make_loss(plan: Plan) -> Loss:
    _choose("output", plan.output, dict.fromkeys(OUTPUTS))
    if plan.output == "softmax":
        return SoftmaxCrossEntropy(plan.label_smoothing)
    if plan.label_smoothing:
        raise ValueError("label smoothing is for softmax outputs")
    return SigmoidBinaryCrossEntropy()


def initializer(name: str) -> Initializer:
    """Give an initializer by name; ``uniform:0.15`` draws within +-0.15.

    Raises:
        ValueError: if there is none of that name.
    """
    kind, _, limit = name.partition(":")
    with suppress(ValueError):  # a limit that is no number, or that single precision lacks
        if kind == "uniform" and 0 < float(limit) <= float(np.finfo(np.float32).max):
            return initializers.uniform(float(limit))
    if name not in INITIALIZERS or kind == "uniform":
        raise ValueError(f"initializer {name!r}: expected one of {', '.join(INITIALIZERS)}")
    chosen: Initializer = getattr(initializers, name)
    return chosen


def make_optimizer(plan: Plan) -> Optimizer:
    """Make the planned optimizer; L-BFGS is none, it goes its own way.

    Raises:
        ValueError: if there is none of that name.
    """
    match plan.optimizer:
        case "sgd":
            return SGD()
        case "momentum" | "nesterov" as name:
            return SGD(momentum=plan.momentum, nesterov=name == "nesterov")
        case "adam":
            return Adam()
        case "adamw":
            return Adam(weight_decay=plan.weight_decay)
        case _:
            raise ValueError(
                f"optimizer {plan.optimizer!r}: expected one of {', '.join(OPTIMIZERS)}"
            )


def make_schedule(plan: Plan) -> Schedule:
    """Make the planned schedule.

    Raises:
        ValueError: if there is none of that name.
    """
    stages = {float(epoch): rate for epoch, rate in plan.stages.items()}
    makers: dict[str, Any] = {
        "constant": partial(Constant, plan.rate),
        "staged": partial(Staged, stages),
        "cosine": partial(Cosine, plan.rate),
        "one_cycle": partial(OneCycle, plan.rate),
    }
    schedule: Schedule = _choose("schedule", plan.schedule, makers)()
    return WarmUp(schedule, plan.warm_up) if plan.warm_up else schedule


def make_settings(plan: Plan) -> Settings:
    """Give the part of the plan that is the trainer's; full batches are judged now and then."""
    return Settings(
        n_epochs=plan.epochs,
        batch_size=plan.batch_size,
        l2=plan.l2,
        seed=plan.seed,
        validate_every=1 if plan.batch_size else 10,
        threads=plan.threads,
        shares=plan.threads if plan.network == "cnn" else 1,
        compiled=plan.compiled,
    )


def _choose(what: str, name: str, options: Mapping[str, Any]) -> Any:
    if name not in options:
        raise ValueError(f"{what} {name!r}: expected one of {', '.join(options)}")
    return options[name]


def check_plan(plan: Plan) -> None:
    """Refuse a plan that cannot be carried out, before anything is loaded.

    Raises:
        ValueError: saying what was wanted and what came.
    """
    build_network(plan, n_inputs=1 if plan.network == "dense" else 784, n_classes=1)
    if plan.rubbish and not plan.hands:
        raise ValueError("rubbish is learned together with hands")
    if plan.hands and (plan.optimizer == "lbfgs" or plan.hard_rounds or plan.normalizer != "unit"):
        raise ValueError("hands want the normalizer unit, no hard rounds and not lbfgs")
    make_schedule(plan)
    _choose("normalizer", plan.normalizer, dict.fromkeys(KINDS))
    _choose("optimizer", plan.optimizer, dict.fromkeys(OPTIMIZERS))
    if plan.optimizer != "lbfgs":
        optimizer = make_optimizer(plan)
        if plan.compiled:
            optimizer.compile()
    elif plan.patience is not None or plan.hard_rounds or plan.dropout or plan.averaged:
        raise ValueError("lbfgs goes without early stopping, averages, hard rounds and dropout")
    if plan.averaged and plan.patience is not None:
        raise ValueError("averaged weights are those of the last epochs, early stopping's the best")
    make_settings(plan)
    _check_numbers(plan)
    if plan.patience is not None and plan.validation == 0:
        raise ValueError("early stopping needs rows to judge by; hold some out for validation")


def _check_numbers(plan: Plan) -> None:
    """Refuse what neither network nor optimizer looks at, NaN among it."""
    for rate in (plan.rate, *plan.stages.values()):
        if not 0 < rate < inf:
            raise ValueError(f"rate: expected a number above 0, got {rate}")
    for name in ("warm_up", "weight_decay"):
        if not 0 <= getattr(plan, name) < inf:
            raise ValueError(f"{name}: expected 0 or more, got {getattr(plan, name)}")
    if not 0 <= plan.averaged <= plan.epochs:
        raise ValueError(f"averaged: expected up to {plan.epochs} epochs, got {plan.averaged}")
    if plan.threads < 1:
        raise ValueError(f"threads: expected 1 or more, got {plan.threads}")
    if plan.validation < 0:
        raise ValueError(f"validation: expected 0 rows or more, got {plan.validation}")

"""`MLPClassifier`: scikit-learn's class of that name on this engine, with additions."""

from collections.abc import Sequence
from math import inf, nan
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.random import RandomState
from numpy.typing import ArrayLike
from scipy.sparse import issparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import check_random_state
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted, validate_data

from digitus.classifier.networks import Architecture, draw_parameters, load_parameters
from digitus.classifier.optimization import OptimizerState
from digitus.classifier.parameters import (
    CONSTRAINTS,
    Parameters,
    hidden_widths,
    validate_parameters,
)
from digitus.classifier.record import Continuation, FitResult, TrainingRecord
from digitus.classifier.solvers import FitTask, train
from digitus.classifier.training_data import (
    FitCall,
    FitData,
    check_call,
    out_activation,
    read_training,
    split_validation,
)
from digitus.nn.arrays import Floats
from digitus.nn.compiled import Choice
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.network import Network
from digitus.nn.schedules import Schedule


def _trains_in_epochs(model: "MLPClassifier") -> bool:
    if model.solver == "lbfgs":
        raise AttributeError("partial_fit needs solver='sgd' or 'adam', got solver='lbfgs'")
    return True


class MLPClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # sklearn has no types
    """Multilayer perceptron for classification, a drop-in for scikit-learn's.

    Parameters up to ``max_fun`` have the same meaning, and the same ``random_state`` leads to the
    same weights up to rounding. Additions are the parameters from ``dropout`` on, three learning
    rates and ``validation_data``; all of them work with sparse rows and several labels per row.

    Args:
        hidden_layer_sizes: widths of the hidden layers.
        activation: ``identity``, ``logistic``, ``tanh`` or ``relu``, in the hidden layers.
        solver: ``adam``, ``sgd`` or ``lbfgs``.
        alpha: L2 penalty on the weights, divided by the (weighted) number of rows of a batch.
        batch_size: rows per step; ``auto`` is 200, or all if there are fewer.
        learning_rate: ``constant``; with sgd also ``invscaling`` and ``adaptive``; with sgd and
            adam ``cosine``, ``one_cycle``, ``warm_up``, or any schedule of
            `digitus.nn.schedules`: a callable of (epoch, max_iter) that returns the rate.
        learning_rate_init: the first rate, or the largest one of a schedule.
        power_t: exponent of ``invscaling``.
        max_iter: largest number of epochs (iterations with lbfgs).
        shuffle: draw a new order of the rows in each epoch.
        random_state: seed or `RandomState` for initial weights, split, order and dropout.
        tol: smallest change that counts as an improvement; with lbfgs, training ends when no
            entry of the gradient is larger.
        verbose: print the loss of each iteration.
        warm_start: ``fit`` continues from the weights of the last one.
        momentum: momentum with sgd, from 0 to below 1.
        nesterovs_momentum: use Nesterov's momentum with sgd.
        early_stopping: hold rows out, stop when the accuracy on them no longer rises, and keep
            the best weights.
        validation_fraction: share of the rows held out by ``early_stopping``.
        beta_1: decay of the mean gradient with adam.
        beta_2: decay of the mean squared gradient with adam.
        epsilon: number added to the denominator with adam.
        n_iter_no_change: epochs without improvement before training ends.
        max_fun: largest number of evaluations of the loss with lbfgs.
        dropout: share of the hidden units set to zero in each training step.
        class_weight: weight by class (a dict) or ``balanced``; multiplied by ``sample_weight``.
        label_smoothing: share of each target spread evenly over all classes.
        callbacks: callbacks (`digitus.nn.fitting.callbacks`) with sgd and adam; any of them may
            stop training.
        compiled: with sgd and adam, whether Numba compiles the training steps (the extra
            ``fast``): True, False, or ``auto``, where it is installed and the training is long
            enough to gain by it. Sparse rows stay sparse either way.

    Attributes:
        coefs_: weights (d, h) of each layer.
        intercepts_: biases (h,) of each layer.
        classes_: the labels, sorted.
        loss_: the last training loss, including the penalty.
        loss_curve_: the training loss of each iteration.
        best_loss_: the smallest of them; None with ``early_stopping``.
        validation_scores_: accuracy on the rows held out, by iteration; None without such rows.
        validation_loss_curve_: loss on them, without the penalty.
        best_validation_score_: the largest of the scores, or None.
        stopped_early_: True if ``tol`` and ``n_iter_no_change`` ended the last training.
        n_iter_: number of iterations of the last training.
        t_: number of samples seen.
        n_layers_: number of layers, input and output included.
        n_outputs_: number of outputs.
        out_activation_: ``softmax``, or ``logistic`` for two classes or several labels per row.
        n_features_in_: number of features.
        feature_names_in_: their names, if X had names.

    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> model = MLPClassifier(20, solver="lbfgs", alpha=1, max_iter=1000, random_state=0).fit(X, y)
    >>> bool(model.score(X, y) > 0.95)
    True
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = CONSTRAINTS

    coefs_: list[Floats]
    intercepts_: list[Floats]
    classes_: Any
    loss_: float
    loss_curve_: list[float]
    best_loss_: float | None
    validation_scores_: list[float] | None
    validation_loss_curve_: list[float] | None
    best_validation_score_: float | None
    stopped_early_: bool
    n_iter_: int
    t_: int
    n_layers_: int
    n_outputs_: int
    out_activation_: str
    n_features_in_: int
    _label_binarizer: LabelBinarizer
    _optimizer: OptimizerState | None
    _no_improvement_count: int
    _best_parameters: Floats | None
    _was_incremental: bool
    _is_over: bool

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] = (100,),
        activation: Literal["identity", "logistic", "tanh", "relu"] = "relu",
        *,
        solver: Literal["lbfgs", "sgd", "adam"] = "adam",
        alpha: float = 0.0001,
        batch_size: int | Literal["auto"] = "auto",
        learning_rate: str | Schedule = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: int | RandomState | None = None,
        tol: float = 1e-4,
        verbose: bool | int = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: float = 10,
        max_fun: int = 15000,
        dropout: float = 0.0,
        class_weight: dict[Any, float] | list[dict[Any, float]] | str | None = None,
        label_smoothing: float = 0.0,
        callbacks: Sequence[Callback] = (),
        compiled: Choice = "auto",
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.power_t = power_t
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change
        self.max_fun = max_fun
        self.dropout = dropout
        self.class_weight = class_weight
        self.label_smoothing = label_smoothing
        self.callbacks = callbacks
        self.compiled = compiled

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        validation_data: Sequence[Any] | None = None,
    ) -> Self:
        """Train on rows X (n, d), dense or sparse, with labels y (n,), or (n, k) of 0 and 1.

        Args:
            X: float32 rows are trained in float32, all others in float64.
            y: labels of any kind.
            sample_weight: (n,) row weights.
            validation_data: (X, y) or (X, y, sample_weight), evaluated after each iteration and
                used by ``early_stopping`` instead of a part of the training rows.

        Raises:
            ValueError: if a parameter or the data cannot be used, or the numbers overflow.
        """
        return self._train(FitCall(X, y, sample_weight, validation_data))

    @available_if(_trains_in_epochs)  # type: ignore[untyped-decorator]  # sklearn's
    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        classes: ArrayLike | None = None,
        *,
        validation_data: Sequence[Any] | None = None,
    ) -> Self:
        """Continue training for one epoch over the given rows.

        With ``early_stopping`` it needs ``validation_data``; when the accuracy on them has not
        risen for too long, the best weights are restored, ``stopped_early_`` is True, and further
        calls change nothing until the next ``fit``.

        Args:
            X: rows (n, d).
            y: labels (n,) or (n, k).
            sample_weight: (n,) row weights.
            classes: all labels that may ever occur; required in the first call.
            validation_data: (X, y) or (X, y, sample_weight), evaluated after the epoch.

        Raises:
            ValueError: if a parameter or the data cannot be used, or the numbers overflow.
        """
        call = FitCall(X, y, sample_weight, validation_data, classes=classes, incremental=True)
        return self._train(call)

    def predict(self, X: ArrayLike) -> Any:
        """Return the most probable label (n,) of rows X (n, d), or each row's labels (n, k)."""
        outputs = self._outputs(X)
        return self._label_binarizer.inverse_transform(
            outputs.ravel() if self.n_outputs_ == 1 else outputs
        )

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Return the probability of each class, (n, k) in the order of ``classes_``.

        The rows sum to 1, except with several labels per row.
        """
        outputs = self._outputs(X)
        if self.n_outputs_ > 1:
            return outputs
        if len(self.classes_) == 1:
            return np.ones_like(outputs)
        return np.hstack([1 - outputs, outputs])

    def predict_log_proba(self, X: ArrayLike) -> Floats:
        """Return the logarithm of `predict_proba`, (n, k)."""
        with np.errstate(divide="ignore"):  # log 0 is minus infinity
            logarithms: Floats = np.log(self.predict_proba(X))
        return logarithms

    def _train(self, call: FitCall) -> Self:
        """Train as a call of ``fit`` or ``partial_fit`` says; set the fitted attributes."""
        given = validate_parameters(self)
        check_call(given, call)
        if call.incremental and getattr(self, "_is_over", False):
            return self
        is_fresh = not hasattr(self, "coefs_") or not (given.warm_start or call.incremental)
        known = getattr(self, "_label_binarizer", None)
        data = read_training(self, given, call, known=known, is_fresh=is_fresh)
        random_state = check_random_state(given.random_state)
        network = _build_network(given, data)
        if is_fresh:
            draw_parameters(network, given.activation, random_state)
        else:
            load_parameters(network, self.coefs_, self.intercepts_)
        training, validation = split_validation(self, given, call, data, random_state)
        record, continuation = TrainingRecord(), Continuation()
        if not is_fresh:
            record, continuation = self._training_record(), self._continuation()
        task = FitTask(
            given,
            network,
            training,
            validation,
            random_state,
            call.incremental,
            record,
            continuation,
        )
        self._unpack(train(task), data.labels)
        return self

    def _training_record(self) -> TrainingRecord:
        """Return the record of earlier calls, read from the attributes, which users may set."""
        best_loss, best_score = (
            getattr(self, name, None) for name in ("best_loss_", "best_validation_score_")
        )
        return TrainingRecord(
            n_iter=getattr(self, "n_iter_", 0),
            t=getattr(self, "t_", 0),
            loss=getattr(self, "loss_", nan),
            loss_curve=list(getattr(self, "loss_curve_", ())),
            best_loss=inf if best_loss is None else best_loss,
            validation_scores=list(getattr(self, "validation_scores_", None) or ()),
            validation_loss_curve=list(getattr(self, "validation_loss_curve_", None) or ()),
            best_validation_score=-inf if best_score is None else best_score,
        )

    def _continuation(self) -> Continuation:
        """Return what the last call has left for this one."""
        return Continuation(
            optimizer=getattr(self, "_optimizer", None),
            no_improvement_count=getattr(self, "_no_improvement_count", 0),
            best_parameters=getattr(self, "_best_parameters", None),
            was_incremental=getattr(self, "_was_incremental", False),
        )

    def _unpack(self, result: FitResult, labels: LabelBinarizer) -> None:
        """Set the fitted attributes; from here on ``coefs_`` and ``intercepts_`` are the model."""
        record, continuation = result.record, result.continuation
        self._label_binarizer, self.classes_ = labels, labels.classes_
        self.coefs_, self.intercepts_ = result.coefs, result.intercepts
        self.n_layers_, self.n_outputs_ = len(result.coefs) + 1, result.coefs[-1].shape[1]
        self.out_activation_ = out_activation(labels)
        self.n_iter_, self.t_ = record.n_iter, record.t
        self.loss_, self.loss_curve_ = record.loss, record.loss_curve
        stops_early = self.early_stopping and self.solver != "lbfgs"
        self.best_loss_ = None if stops_early else record.best_loss
        self.validation_scores_ = record.validation_scores or None
        self.validation_loss_curve_ = record.validation_loss_curve or None
        self.best_validation_score_ = (
            record.best_validation_score if record.validation_scores else None
        )
        self.stopped_early_ = record.stopped_early
        self._optimizer = continuation.optimizer
        self._no_improvement_count = continuation.no_improvement_count
        self._best_parameters = continuation.best_parameters
        self._was_incremental = continuation.was_incremental
        self._is_over = continuation.is_over

    def _outputs(self, x: Any) -> Floats:
        """Return the network's outputs (n, k) in 0..1 for rows ``x`` (n, d)."""
        check_is_fitted(self)
        x = validate_data(self, x, accept_sparse="csr", reset=False)
        kept = np.result_type(x.dtype, self.coefs_[0].dtype)
        dtype = np.float32 if kept == np.float32 else np.float64
        widths = [coef.shape[1] for coef in self.coefs_]
        architecture = Architecture(x.shape[1], widths, self.activation, self.out_activation_)
        network = architecture.build(dtype, sparse=issparse(x))
        load_parameters(network, self.coefs_, self.intercepts_)
        return network.probabilities(x)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_label = True
        return tags


def _build_network(given: Parameters, data: FitData) -> Network:
    """Return the network for the training rows, all parameters zero."""
    x, targets = data.examples.x, data.examples.targets
    architecture = Architecture(
        x.shape[1],
        (*hidden_widths(given.hidden_layer_sizes), targets.shape[1]),
        given.activation,
        out_activation(data.labels),
        dropout=given.dropout,
        label_smoothing=given.label_smoothing,
    )
    return architecture.build(x.dtype, sparse=issparse(x))

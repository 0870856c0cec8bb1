"""`MLPClassifier`: scikit-learn's class of that name, on our engine, and what theirs lacks."""

from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np
from numpy.random import RandomState
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from digitus.classifier.learning import Call, answer, learn
from digitus.classifier.pace import OptimizerState
from digitus.nn.arrays import Floats
from digitus.nn.fitting.callbacks import Callback
from digitus.nn.schedules import Schedule


def _learns_in_epochs(model: "MLPClassifier") -> bool:
    if model.solver == "lbfgs":
        raise AttributeError("partial_fit needs solver='sgd' or 'adam', got solver='lbfgs'")
    return True


class MLPClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # sklearn has no types
    """Multilayer perceptron for classification, a drop-in for scikit-learn's.

    Parameters up to ``max_fun`` mean what they mean there, and the same ``random_state`` leads to
    the same weights up to rounding. New are those from ``dropout`` on, three learning rates,
    ``validation_data``, and sparse rows or several labels with all of it.

    Args:
        hidden_layer_sizes: widths of the hidden layers.
        activation: of the hidden layers: ``identity``, ``logistic``, ``tanh`` or ``relu``.
        solver: ``adam``, ``sgd`` or ``lbfgs``.
        alpha: L2 penalty on the weights, divided by the (weighted) number of rows of a batch.
        batch_size: rows a step; ``auto`` is 200, or all if there are fewer.
        learning_rate: ``constant``; with sgd also ``invscaling`` and ``adaptive``; with sgd and
            adam ``cosine``, ``one_cycle``, ``warm_up``, or any schedule of
            `digitus.nn.schedules`: a callable of (epoch, max_iter) that gives the rate.
        learning_rate_init: the rate at first, or the largest one of a schedule.
        power_t: exponent of ``invscaling``.
        max_iter: at most this many epochs (iterations with lbfgs).
        shuffle: a new order of the rows each epoch.
        random_state: seed or `RandomState` of start, split, order and dropout.
        tol: what counts as an improvement; with lbfgs the largest gradient that is good enough.
        verbose: print each iteration's loss.
        warm_start: let ``fit`` go on from the weights of the last one.
        momentum: of sgd, from 0 to below 1.
        nesterovs_momentum: sgd's momentum looks ahead.
        early_stopping: hold rows out, stop when the accuracy on them no longer rises, and keep
            the best weights.
        validation_fraction: share of the rows held out by ``early_stopping``.
        beta_1: of adam, decay of the mean gradient.
        beta_2: of adam, decay of the mean squared gradient.
        epsilon: of adam, keeps the division finite.
        n_iter_no_change: epochs without an improvement that are waited for.
        max_fun: at most this many evaluations of the loss with lbfgs.
        dropout: share of the hidden units silenced in each training step.
        class_weight: weight by class (a dict) or ``balanced``; multiplies ``sample_weight``.
        label_smoothing: share of each target spread evenly over all classes.
        callbacks: of `digitus.nn.fitting.callbacks`, with sgd and adam; one may stop the training.

    Attributes:
        coefs_: weights (d, h) of each layer.
        intercepts_: biases (h,) of each layer.
        classes_: the labels, sorted.
        loss_: the last training loss, penalty included.
        loss_curve_: the training loss of each iteration.
        best_loss_: the smallest of them; None with ``early_stopping``.
        validation_scores_: accuracy on the rows held out, each iteration; None without such rows.
        validation_loss_curve_: loss on them, without penalty.
        best_validation_score_: the best of the scores, or None.
        stopped_early_: True if ``tol`` and ``n_iter_no_change`` ended the last training.
        n_iter_: iterations of the last training.
        t_: samples seen.
        n_layers_: number of layers, input and output included.
        n_outputs_: number of outputs.
        out_activation_: ``softmax``; ``logistic`` for two classes or several labels a row.
        n_features_in_: number of features.
        feature_names_in_: their names, if X had names.

    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> model = MLPClassifier(20, solver="lbfgs", alpha=1, max_iter=1000, random_state=0).fit(X, y)
    >>> bool(model.score(X, y) > 0.95)
    True
    """

    coefs_: list[Floats]
    intercepts_: list[Floats]
    classes_: Any
    loss_: float
    loss_curve_: list[float]
    best_loss_: Any  # these four: numbers or lists of them, None where nothing was measured
    validation_scores_: Any
    validation_loss_curve_: Any
    best_validation_score_: Any
    stopped_early_: bool
    n_iter_: int
    t_: int
    n_layers_: int
    n_outputs_: int
    out_activation_: str
    n_features_in_: int
    _label_binarizer: LabelBinarizer
    _optimizer: OptimizerState
    _no_improvement_count: int
    _best_parameters: Floats | None

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
            X: float32 is trained in float32, everything else in float64.
            y: labels of any kind.
            sample_weight: (n,), how much each row counts.
            validation_data: (X, y) or (X, y, sample_weight), measured after each iteration and
                used by ``early_stopping`` in place of a part of the training rows.

        Raises:
            ValueError: if a parameter or the data cannot be used, or the numbers overflow.
        """
        return learn(self, Call(X, y, sample_weight, validation_data))

    @available_if(_learns_in_epochs)  # type: ignore[untyped-decorator]  # sklearn's
    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        classes: ArrayLike | None = None,
        *,
        validation_data: Sequence[Any] | None = None,
    ) -> Self:
        """Go on training for one epoch over the given rows.

        With ``early_stopping`` it needs ``validation_data``; once the accuracy on them has not
        risen for too long, the best weights are put back, ``stopped_early_`` is True, and
        further calls change nothing until ``fit`` starts anew.

        Args:
            X: rows (n, d).
            y: labels (n,) or (n, k).
            sample_weight: (n,), how much each row counts.
            classes: all labels that will ever occur; needed by the first call.
            validation_data: (X, y) or (X, y, sample_weight), measured after the epoch.

        Raises:
            ValueError: if a parameter or the data cannot be used, or the numbers overflow.
        """
        call = Call(X, y, sample_weight, validation_data, classes=classes, incremental=True)
        return learn(self, call)

    def predict(self, X: ArrayLike) -> Any:
        """Return the likeliest label (n,) of rows X (n, d), or each row's labels (n, k)."""
        check_is_fitted(self)
        outputs = answer(self, X)
        return self._label_binarizer.inverse_transform(
            outputs.ravel() if self.n_outputs_ == 1 else outputs
        )

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Return the probability of each class, (n, k) in the order of ``classes_``.

        The rows sum to 1, except with several labels a row.
        """
        check_is_fitted(self)
        outputs = answer(self, X)
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

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_label = True
        return tags

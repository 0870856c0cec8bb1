import numpy as np
import pytest
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning

from digitus.classifier import MLPClassifier
from digitus.nn.fitting.callbacks import Callback, EarlyStopping


class PressCtrlC(Callback):
    """Interrupts after two epochs; records whether it was told of the end."""

    name = "ctrl_c"
    has_ended = False

    def epoch_ended(self, trainer, epoch):
        if epoch.epoch == 2:
            self.parameters = trainer.network.parameters.copy()
            raise KeyboardInterrupt

    def ended(self, trainer):
        self.has_ended = True


class StopAfter(Callback):
    name = "stop_after"

    def __init__(self, n_epochs):
        self.n_epochs = n_epochs

    def epoch_ended(self, trainer, epoch):
        if epoch.epoch == self.n_epochs:
            trainer.stop()


def test_ctrl_c_keeps_what_was_learned(digits):
    listener = PressCtrlC()
    model = MLPClassifier(8, callbacks=[listener])
    with pytest.warns(UserWarning, match="Training interrupted by user"):
        model.fit(*digits)
    np.testing.assert_array_equal(model.coefs_[0].ravel(), listener.parameters[: 64 * 8])


def test_ctrl_c_tells_the_callbacks_of_the_end(digits):
    listener = PressCtrlC()
    with pytest.warns(UserWarning, match="interrupted"):
        MLPClassifier(8, callbacks=[listener]).fit(*digits)
    assert listener.has_ended


def test_a_callback_may_stop_the_training(digits):
    assert MLPClassifier(8, callbacks=[StopAfter(3)]).fit(*digits).n_iter_ == 3


def test_a_callback_may_restore_better_weights(digits):
    x, y = digits
    model = MLPClassifier(30, learning_rate_init=0.05, random_state=0, tol=0)
    model.set_params(callbacks=[EarlyStopping(3, monitor="validation_accuracy")])
    model.fit(x[:400], y[:400], validation_data=(x[400:], y[400:]))
    assert model.score(x[400:], y[400:]) == max(model.validation_scores_)


@pytest.mark.parametrize("monitor", ["validation_loss", "validation_accuracy"])
def test_a_callback_that_monitors_a_validation_without_rows_is_refused(digits, monitor):
    model = MLPClassifier(8, callbacks=[EarlyStopping(2, monitor=monitor)])
    with pytest.raises(ValueError, match=f"monitors '{monitor}', but there are no rows"):
        model.fit(*digits)


def test_a_callback_may_monitor_the_rows_held_out_by_early_stopping(digits):
    listener = EarlyStopping(0, tolerance=10)
    MLPClassifier(8, early_stopping=True, callbacks=[listener]).fit(*digits)
    assert listener.best_score is not None


def test_a_callback_may_monitor_the_training_loss_without_validation_rows(digits):
    listener = EarlyStopping(0, tolerance=10, monitor="loss")
    assert MLPClassifier(8, callbacks=[listener]).fit(*digits).n_iter_ == 2


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning", "ignore:invalid:RuntimeWarning")
def test_numbers_that_overflow_raise_a_value_error(digits, solver):
    model = MLPClassifier((8, 8), solver=solver, activation="identity", random_state=0)
    with pytest.raises(ValueError, match="Solver produced non-finite parameter weights"):
        model.fit(digits[0] * 1e308, digits[1])


class Explode(Callback):
    name = "explode"

    def batch_ended(self, trainer):
        if trainer.progress.epoch == 2:
            trainer.network.parameters[:] = np.nan


@pytest.mark.filterwarnings("ignore:invalid:RuntimeWarning")
def test_divergence_with_early_stopping_keeps_the_best_weights(digits):
    model = MLPClassifier(8, early_stopping=True, callbacks=[Explode()], random_state=0)
    with pytest.warns(ConvergenceWarning, match="epoch 3"):
        model.fit(*digits)
    assert np.isfinite(model.predict_proba(digits[0])).all()


def test_early_stopping_keeps_the_best_weights_for_the_given_rows(digits):
    x, y = digits
    model = MLPClassifier(30, learning_rate_init=0.05, early_stopping=True, random_state=0)
    model.fit(x[:400], y[:400], validation_data=(x[400:], y[400:]))
    assert model.score(x[400:], y[400:]) == model.best_validation_score_


def test_early_stopping_trains_on_all_rows_if_others_are_given_to_validate_on(digits):
    x, y = digits
    model = MLPClassifier(8, early_stopping=True, max_iter=500, n_iter_no_change=2, tol=0.1)
    model.fit(x[:400], y[:400], validation_data=(x[400:], y[400:]))
    assert model.t_ == 400 * model.n_iter_


def test_validation_weights_count_in_the_score(digits):
    x, y = digits
    right_only = MLPClassifier(8, callbacks=[StopAfter(1)], random_state=0)
    weights = np.zeros(200)
    weights[y[400:] == 3] = 1
    right_only.fit(x[:400], y[:400], validation_data=(x[400:], y[400:], weights))
    expected = right_only.score(x[400:], y[400:], weights)
    assert right_only.validation_scores_ == pytest.approx([expected])


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_validation_loss_is_kept_for_each_iteration(digits, solver):
    x, y = digits
    model = MLPClassifier(8, solver=solver, max_iter=4)
    model.fit(x[:400], y[:400], validation_data=(x[400:], y[400:]))
    assert len(model.validation_loss_curve_) == len(model.loss_curve_) == 4


def test_partial_fit_refuses_early_stopping_without_rows_to_validate_on(digits):
    with pytest.raises(ValueError, match="partial_fit does not support early_stopping=True"):
        MLPClassifier(early_stopping=True).partial_fit(*digits, classes=range(10))


@pytest.fixture
def stopped(digits):
    """Return a model that has stopped early in partial_fit."""
    x, y = digits
    model = MLPClassifier(
        20, early_stopping=True, learning_rate_init=0.05, n_iter_no_change=2, random_state=0
    )
    for _ in range(100):
        data = (x[400:], y[400:])
        model.partial_fit(x[:400], y[:400], classes=range(10), validation_data=data)
    return model


def test_partial_fit_stops_early_on_given_rows(stopped):
    assert stopped.stopped_early_
    assert len(stopped.loss_curve_) < 100


def test_partial_fit_that_stopped_early_ends_with_the_best_weights(stopped, digits):
    x, y = digits
    assert stopped.score(x[400:], y[400:]) == max(stopped.validation_scores_)


def test_fit_starts_again_after_partial_fit_has_stopped(stopped, digits):
    with pytest.warns(ConvergenceWarning):
        assert stopped.set_params(max_iter=1).fit(*digits).n_iter_ == 1


def test_lbfgs_warns_at_max_iter(digits):
    with pytest.warns(ConvergenceWarning, match="lbfgs failed to converge after 3 iteration"):
        assert MLPClassifier(8, solver="lbfgs", max_iter=3).fit(*digits).n_iter_ == 3


def test_a_schedule_that_ends_at_max_iter_does_not_warn(digits):
    assert MLPClassifier(8, learning_rate="cosine", max_iter=3).fit(*digits).n_iter_ == 3


def test_a_batch_larger_than_the_data_is_clipped_with_a_warning(digits):
    with pytest.warns(UserWarning, match="clipped"):
        MLPClassifier(8, batch_size=1000, callbacks=[StopAfter(1)]).fit(*digits)


def test_warm_start_continues_from_the_last_weights(digits):
    model = MLPClassifier(8, warm_start=True, callbacks=[StopAfter(5)], random_state=0)
    first = model.fit(*digits).loss_
    assert model.fit(*digits).loss_curve_[5] < first


def test_warm_start_refuses_another_shape(digits):
    model = MLPClassifier(8, warm_start=True, callbacks=[StopAfter(1)]).fit(*digits)
    with pytest.raises(ValueError, match="shapes"):
        model.set_params(hidden_layer_sizes=9).fit(*digits)


class TestCompiled:
    """The compiled steps give the same models, from dense and from sparse rows."""

    @pytest.mark.parametrize("solver", ["sgd", "adam"])
    def test_sparse_rows_are_never_made_dense(self, monkeypatch, solver):
        rng = np.random.default_rng(0)
        x = sparse.random(300, 40, 0.2, format="csr", dtype=np.float32, rng=rng)
        y = rng.integers(3, size=300)
        weights = rng.uniform(0.5, 2, 300)

        def refuse(*arguments, **options):
            raise AssertionError("made dense")

        monkeypatch.setattr(type(x), "toarray", refuse)
        monkeypatch.setattr(type(x), "todense", refuse)
        fitted = []
        for choice in (True, False):
            model = MLPClassifier(
                (20,),
                solver=solver,
                batch_size=30,
                max_iter=3,
                dropout=0.1,
                random_state=0,
                compiled=choice,
            )
            with pytest.warns(ConvergenceWarning):
                fitted.append(model.fit(x, y, sample_weight=weights))
        compiled, plain = fitted
        np.testing.assert_allclose(compiled.loss_curve_, plain.loss_curve_, rtol=1e-5)
        for found, wanted in zip(compiled.coefs_, plain.coefs_, strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-5)

    def test_partial_fit_continues_to_the_same_model(self):
        rng = np.random.default_rng(0)
        x, y = rng.normal(size=(200, 12)).astype(np.float32), rng.integers(3, size=200)
        fitted = []
        for choice in (True, False):
            model = MLPClassifier((20,), batch_size=20, random_state=0, compiled=choice)
            for _ in range(3):
                model.partial_fit(x, y, classes=[0, 1, 2])
            fitted.append(model)
        np.testing.assert_allclose(fitted[0].coefs_[0], fitted[1].coefs_[0], rtol=1e-3, atol=1e-5)

    def test_a_choice_that_does_not_exist_is_refused(self):
        with pytest.raises(ValueError, match="compiled"):
            MLPClassifier(compiled="maybe").fit([[0.0], [1.0]], [0, 1])

"""All of scikit-learn's checks of an estimator."""

import numpy as np
import pytest
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import parametrize_with_checks

from digitus.classifier import ImageRows, MLPClassifier

ESTIMATORS = [
    MLPClassifier(),
    # Without dropout: masks are drawn per row, so two equal rows differ from one of weight 2.
    MLPClassifier(10, solver="sgd", learning_rate="one_cycle", max_iter=100),
    MLPClassifier(10, solver="lbfgs", class_weight="balanced"),
    MLPClassifier(10, activation="tanh", label_smoothing=0.1, learning_rate_init=0.05),
]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@parametrize_with_checks(ESTIMATORS)
def test_the_estimator_follows_scikit_learns_conventions(estimator, check):
    check(estimator)


WITHOUT_DATA = [
    "check_dont_overwrite_parameters",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_valid_tag_types",
]
WITH_DATA = [
    "check_dict_unchanged",
    "check_estimators_fit_returns_self",
    "check_estimators_overwrite_params",
    "check_estimators_pickle",
    "check_fit_idempotent",
    "check_methods_sample_order_invariance",
    "check_methods_subset_invariance",
    "check_readonly_memmap_input",
    "check_transformer_general",
    "check_transformers_unfitted_stateless",
]


class ImageRowsOfNumbers(ImageRows):
    """Takes the rows of numbers of scikit-learn's checks, each as an image of eight equal rows."""

    def transform(self, X):
        scaled = 1 / (1 + np.exp(-np.asarray(X, float)))
        return super().transform(np.repeat(np.repeat(scaled[:, None], 8, 1), 8, 2))


@pytest.mark.parametrize("name", WITHOUT_DATA)
def test_the_transformer_of_images_follows_scikit_learns_conventions(name):
    getattr(estimator_checks, name)("ImageRows", ImageRows())


@pytest.mark.parametrize("name", WITH_DATA)
def test_the_transformer_of_images_treats_data_as_scikit_learn_asks(name):
    getattr(estimator_checks, name)("ImageRows", ImageRowsOfNumbers())

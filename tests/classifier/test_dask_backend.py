"""`MLPClassifier` in scikit-learn's searches on the workers of a Dask cluster, as in the docs."""

import joblib
import numpy as np
from distributed import Client, LocalCluster
from sklearn.model_selection import GridSearchCV

from digitus import MLPClassifier


def test_a_search_on_a_cluster_finds_what_a_search_here_finds():
    rng = np.random.default_rng(0)
    labels = np.arange(60) % 3
    rows = rng.normal(size=(60, 8)) + 2 * np.eye(3, 8)[labels]
    model = MLPClassifier(hidden_layer_sizes=(8,), max_iter=2000, solver="lbfgs", random_state=0)
    search = GridSearchCV(model, {"alpha": [0.1, 1.0]}, cv=2)
    here = search.fit(rows, labels).cv_results_["mean_test_score"]
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            silence_logs="CRITICAL",
        ) as cluster,
        Client(cluster),
        joblib.parallel_backend("dask"),
    ):
        there = search.fit(rows, labels).cv_results_["mean_test_score"]
    np.testing.assert_array_equal(there, here)

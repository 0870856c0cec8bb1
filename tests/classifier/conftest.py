"""Small data for the estimator: scikit-learn's 8x8 digits."""

import pytest
from sklearn.datasets import load_digits


@pytest.fixture(scope="session")
def digits():
    """X (600, 64) from 0 to 1, y (600,)."""
    x, y = load_digits(return_X_y=True)
    return x[:600] / 16, y[:600]

"""The network as a scikit-learn estimator: `MLPClassifier`, a drop-in for the class of that name.

One file each for what goes in (`settings`, `rows`), what is trained (`networks`, `sparse`) and
how (`pace`, `fitting`, `record`); `estimator` is what users see.
"""

from digitus.classifier.estimator import MLPClassifier

__all__ = ["MLPClassifier"]

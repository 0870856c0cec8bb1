"""The network as a scikit-learn estimator: `MLPClassifier`, a drop-in for the class of that name.

`estimator` is what users see. `parameters` and `input_validation` check what comes in; `networks`,
`sparse`, `optimization` and `solvers` map scikit-learn's behavior to the engine; `record` holds
the result of a training, which the estimator turns into its fitted attributes. `image_rows` turns
images into the rows that it takes.
"""

from digitus.classifier.estimator import MLPClassifier
from digitus.classifier.image_rows import ImageRows

__all__ = ["ImageRows", "MLPClassifier"]

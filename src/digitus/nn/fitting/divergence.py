"""The error message for a training run that produced NaN or infinity."""

import numpy as np

from digitus.nn.arrays import Floats
from digitus.nn.network import Network


def describe_divergence(network: Network, x: Floats, epoch: int) -> str:
    """Return a message that names the epoch and the first array that is not finite.

    Args:
        network: with the parameters that gave NaN or infinity.
        x: (n, d) the batch that gave it.
        epoch: counted from 1.
    """
    return (
        f"epoch {epoch}: {_first_not_finite(network, x)} is not finite (NaN or infinity); training "
        f"has stopped and the last saved file is untouched; try a smaller learning rate"
    )


def _first_not_finite(network: Network, x: Floats) -> str:
    """Search the data, the parameters, then the outputs of each layer."""
    if not np.isfinite([x.min(), x.max()]).all():
        return "a value of the training data"
    for view in network.views:
        if not np.isfinite(view.of(network.parameters)).all():
            layer = network.layers[view.layer].kind
            return f"a parameter in layer {view.layer} ({layer}), {view.name},"
    work = network.new_workspace(x.shape[0])
    with np.errstate(all="ignore"):
        network.forward(x, work)
    for i, y in enumerate(work.outputs):
        if not np.isfinite(y).all():
            return f"an output of layer {i} ({network.layers[i].kind})"
    return f"the loss after layer {len(network.layers) - 1}"

"""Where did the numbers break? The sentence for a training run that met a NaN or an infinity."""

import numpy as np

from digitus.nn.arrays import Floats
from digitus.nn.network import Network


def describe_divergence(network: Network, x: Floats, epoch: int) -> str:
    """Say in one sentence which epoch and layer broke; ``x`` (n, d) is the batch that showed it."""
    return (
        f"epoch {epoch}: {_culprit(network, x)} is not finite (NaN or infinity); training has "
        f"stopped and the last saved file is untouched; try a smaller learning rate"
    )


def _culprit(network: Network, x: Floats) -> str:
    if not np.isfinite([x.min(), x.max()]).all():
        return "a value of the training data"
    for name, values, _ in network.named_parameters():
        if not np.isfinite(values).all():
            return f"a parameter in {_titled(network, name)}"
    work = network.new_workspace(x.shape[0])
    with np.errstate(all="ignore"):
        network.forward(x, work)
    for i, y in enumerate(work.outputs):
        if not np.isfinite(y).all():
            return f"an output of layer {i} ({network.layers[i].kind})"
    return f"the loss after layer {len(network.layers) - 1}"


def _titled(network: Network, name: str) -> str:
    """Turn ``layer3.weight`` into ``layer 3 (dense), weight``."""
    layer, _, parameter = name.partition(".")
    i = int(layer.removeprefix("layer"))
    return f"layer {i} ({network.layers[i].kind}), {parameter},"

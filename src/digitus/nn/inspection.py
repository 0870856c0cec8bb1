"""Activations and gradients inside a network, under the textbook's names."""

import numpy as np

from digitus.nn.arrays import Floats
from digitus.nn.layers import Dense
from digitus.nn.network import Network


def _names(network: Network) -> list[str]:
    """Return the names of the layers' outputs: Z1 of the first dense layer, then A1, and so on."""
    names, depth = [], 0
    for layer in network.layers:
        depth += isinstance(layer, Dense)
        names.append(f"{'Z' if isinstance(layer, Dense) else 'A'}{depth}")
    return names


def trace(network: Network, x: Floats) -> dict[str, Floats]:
    """Return every intermediate array of a forward pass over rows ``x`` (n, d).

    Returns:
        ``A0`` (n, d) the inputs, ``Z1`` (n, h1) the outputs of the first dense layer, ``A1``
        (n, h1) their activations, and so on to the logits ``ZL`` (n, k) and the probabilities
        ``AL`` (n, k). A hidden layer without activation has no A.

    >>> network = Network(4, [Dense(3), Dense(2)], rng=np.random.default_rng(0))
    >>> {name: values.shape for name, values in trace(network, np.ones((5, 4))).items()}
    {'A0': (5, 4), 'Z1': (5, 3), 'Z2': (5, 2), 'A2': (5, 2)}
    """
    x = network.as_rows(x)
    work = network.new_workspace(len(x))
    logits = network.forward(x, work)
    names = _names(network)
    probabilities = np.empty_like(logits)
    network.loss.probabilities(logits, probabilities)
    return {
        "A0": x,
        **dict(zip(names, work.outputs, strict=True)),
        f"A{names[-1][1:]}": probabilities,
    }


def trace_gradients(
    network: Network, x: Floats, targets: Floats, *, l2: float = 0.0
) -> dict[str, Floats]:
    """Return copies of all gradients of a backward pass over ``x`` (n, d) and ``targets`` (n, k).

    Returns:
        ``dZ1``, ``dA1``, ... shaped as in `trace`, then ``dW1`` (d, h1), ``db1`` (h1,), ... of
        the dense layers.
    """
    x = network.as_rows(x)
    network.loss_and_gradient(x, np.asarray(targets, network.dtype), l2=l2)
    named = dict(zip(_names(network), network.work.gradients, strict=True))
    found = {f"d{name}": values.copy() for name, values in named.items()}
    for i, layer in enumerate(network.dense_layers(), start=1):
        found[f"dW{i}"], found[f"db{i}"] = layer.weight_grad.copy(), layer.bias_grad.copy()
    return found


def layer_outputs(network: Network, x: Floats) -> list[Floats]:
    """Return the outputs (n, h_i) of every layer for rows ``x`` (n, d), without dropout."""
    rows = network.as_rows(x)
    work = network.new_workspace(len(rows))
    network.forward(rows, work)
    return work.outputs


def input_gradient(network: Network, x: Floats, unit: int) -> Floats:
    """Return the derivative (n, d) of one logit with respect to the inputs, at rows ``x`` (n, d).

    This is the saliency of Simonyan, Vedaldi and Zisserman (2013, section 3), with its sign. It is
    computed on a replica: other threads may read the network at the same time.

    Args:
        network: used as in inference, without dropout.
        x: (n, d) inputs.
        unit: index of the logit, 0 to k - 1.

    Raises:
        ValueError: if the network does not have this logit.
    """
    if not 0 <= unit < network.n_outputs:
        raise ValueError(f"the outputs are 0 to {network.n_outputs - 1}; got {unit}")
    rows, replica = network.as_rows(x), network.replica()
    work = replica.new_workspace(len(rows))
    work.prepare_backward()
    replica.forward(rows, work)
    work.gradients[-1][...] = 0
    work.gradients[-1][:, unit] = 1
    inputs, grads = [rows, *work.outputs], [np.empty_like(rows), *work.gradients]
    for i in reversed(range(len(replica.layers))):
        replica.layers[i].backward(inputs[i], inputs[i + 1], grads[i + 1], grads[i])
    return grads[0]


def gradient_norms(network: Network, gradient: Floats | None = None) -> list[float]:
    """Return the Euclidean norms of a gradient, one for each layer with parameters.

    Args:
        network: defines which entries belong to which layer.
        gradient: (p,); by default the last one of the network.
    """
    whole = network.gradient if gradient is None else gradient
    squares: dict[str, float] = {}
    start = 0
    for name, values, _ in network.named_parameters():
        part, layer = whole[start : start + values.size], name.split(".")[0]
        squares[layer] = squares.get(layer, 0.0) + float(np.vdot(part, part))
        start += values.size
    return [square**0.5 for square in squares.values()]

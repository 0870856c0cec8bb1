"""Which runs can be compiled, and which of them gain by it; no Numba is needed to say so."""

from dataclasses import dataclass
from importlib.util import find_spec

from digitus.nn.activations import LeakyReLU, ReLU, Sigmoid, Tanh
from digitus.nn.layers import Dense, Dropout, Layer
from digitus.nn.losses import SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.network import Network
from digitus.nn.optimizers import SGD, Adam, Optimizer


@dataclass(frozen=True)
class Limits:
    """Which runs are compiled.

    Attributes:
        batch_rows: largest batch; larger ones are computed by NumPy, in chunks.
        least_work: rows times parameters of all epochs from which ``auto`` compiles. NumPy takes
            about 2.5 s for so much at 784-128-64-10; importing Numba and reading the compiled
            code from disk takes up to 1 s.
    """

    batch_rows: int = 2048
    least_work: float = 5e10


LIMITS = Limits()


@dataclass
class DenseLayer:
    """A dense layer with what follows it, up to the next.

    Attributes:
        dense: the layer.
        activation: None for the identity.
        dropout: share of its outputs set to zero.
    """

    dense: Dense
    activation: Layer | None = None
    dropout: float = 0.0


def is_installed() -> bool:
    """Return whether Numba can be imported."""
    return find_spec("numba") is not None


def why_not(network: Network, optimizer: Optimizer, *, batch_rows: int) -> str | None:
    """Return why a run cannot be compiled, or None if it can."""
    if dense_layers(network) is None:
        return "the network has other layers than dense ones with an activation and dropout"
    if type(network.loss) not in (SoftmaxCrossEntropy, SigmoidBinaryCrossEntropy):
        return f"the loss is {network.loss.kind}"
    if type(optimizer).step not in (SGD.step, Adam.step):
        return f"the optimizer is {type(optimizer).__name__}"
    if batch_rows > LIMITS.batch_rows:
        return f"batches have more than {LIMITS.batch_rows:,} rows"
    return None


def is_worth_it(network: Network, *, n_rows: int, n_epochs: int) -> bool:
    """Return whether a run is long enough to gain by compiled steps."""
    return float(n_rows) * n_epochs * network.parameters.size >= LIMITS.least_work


def dense_layers(network: Network) -> list[DenseLayer] | None:
    """Return the network as dense layers with what follows each; None if it is another."""
    found: list[DenseLayer] = []
    for layer in network.layers:
        if isinstance(layer, Dense):
            found.append(DenseLayer(layer))
        elif not found or not _append(found[-1], layer):
            return None
    is_plain = bool(found) and found[-1].activation is None and not found[-1].dropout
    return found if is_plain else None


def _append(last: DenseLayer, layer: Layer) -> bool:
    """Add an activation or dropout to a dense layer; return False if it cannot follow there."""
    if isinstance(layer, Dropout):
        can_follow = last.dropout == 0
        last.dropout = layer.share
        return can_follow
    can_follow = last.activation is None and last.dropout == 0
    last.activation = layer
    return can_follow and type(layer) in (ReLU, LeakyReLU, Tanh, Sigmoid)

"""Digitus: the engine, as `digitus train` uses it."""

from dataclasses import replace

from contest.cells import BETAS, EPSILON, SEED, SLOPE, Cell, Shape, Weights
from contest.contestant import Contestant
from contest.rows import Rows
from digitus.nn.activations import LeakyReLU, ReLU, Sigmoid
from digitus.nn.fitting.examples import Examples
from digitus.nn.fitting.trainer import Trainer, TrainerSettings
from digitus.nn.layers import Dense, Layer
from digitus.nn.losses import Loss, SigmoidBinaryCrossEntropy, SoftmaxCrossEntropy
from digitus.nn.network import Network
from digitus.nn.optimizers import SGD, Adam, Optimizer


def build_network(shape: Shape, weights: Weights) -> Network:
    """Build the network with the given weights."""
    layers: list[Layer] = []
    for width in shape.widths[1:-1]:
        layers += [Dense(width), build_activation(shape.hidden)]
    layers.append(Dense(shape.widths[-1]))
    sigmoid = shape.output == "sigmoid"
    loss: Loss = SigmoidBinaryCrossEntropy() if sigmoid else SoftmaxCrossEntropy()
    network = Network(shape.widths[0], layers, loss=loss)
    for layer, (weight, bias) in zip(network.dense_layers(), weights, strict=True):
        layer.weight[...], layer.bias[...] = weight, bias
    return network


def build_activation(name: str) -> Layer:
    """Build an activation by its name."""
    if name == "leaky_relu":
        return LeakyReLU(SLOPE)
    return ReLU() if name == "relu" else Sigmoid()


def build_optimizer(name: str) -> Optimizer:
    """Build an optimizer by its name."""
    if name == "sgd":
        return SGD()
    return Adam(beta_1=BETAS[0], beta_2=BETAS[1], epsilon=EPSILON)


class DigitusEngine(Contestant):
    """A `Trainer` that runs one more epoch at each call.

    Args:
        rows: to train on.
        threads: to compute with.
        compiled: use the training steps compiled by Numba.
    """

    def __init__(self, rows: Rows, threads: int, *, compiled: bool = False) -> None:
        super().__init__(rows, threads)
        self.compiled = compiled

    def prepare(self, cell: Cell, weights: Weights) -> bool:
        """Build the trainer with the common seed."""
        settings = TrainerSettings(
            n_epochs=0,
            batch_size=cell.batch,
            seed=SEED,
            threads=self.threads,
            compiled=self.compiled,
        )
        self.trainer = Trainer(
            build_network(cell.shape, weights),
            Examples(self.rows.x, self.rows.targets),
            optimizer=build_optimizer(cell.optimizer),
            schedule=cell.rate,
            settings=settings,
        )
        return False

    def train(self) -> float:
        """Train one epoch; the trainer draws the order."""
        settings = self.trainer.settings
        self.trainer.settings = replace(settings, n_epochs=settings.n_epochs + 1)
        return self.trainer.run()[-1].loss

    def weights(self) -> Weights:
        """Return copies of the layers' arrays."""
        dense = self.trainer.network.dense_layers()
        return [(layer.weight.copy(), layer.bias.copy()) for layer in dense]

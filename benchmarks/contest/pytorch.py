"""PyTorch: eager with the foreach or the fused optimizer, and compiled with the fused one."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from contest.cells import BETAS, EPSILON, SLOPE, Cell, Shape, Weights
from contest.contestant import Contestant
from contest.rows import Rows

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": lambda: nn.LeakyReLU(SLOPE),
    "sigmoid": nn.Sigmoid,
}
Loss = Callable[[Tensor, Tensor], Tensor]


def build_model(shape: Shape, weights: Weights) -> nn.Sequential:
    """Build the network with the given weights; PyTorch stores them as (h, d)."""
    layers: list[nn.Module] = []
    for weight, bias in weights:
        linear = nn.Linear(*weight.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weight.T))
            linear.bias.copy_(torch.from_numpy(bias))
        layers += [linear, ACTIVATIONS[shape.hidden]()]
    return nn.Sequential(*layers[:-1])


def build_optimizer(cell: Cell, model: nn.Module, kind: str) -> torch.optim.Optimizer:
    """Build an optimizer in its foreach or its fused form."""
    options: dict[str, Any] = {kind: True}
    if cell.optimizer == "sgd":
        return torch.optim.SGD(model.parameters(), lr=cell.rate, **options)
    return torch.optim.Adam(model.parameters(), lr=cell.rate, betas=BETAS, eps=EPSILON, **options)


def binary_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Return the binary cross-entropy, summed over the classes, mean over the rows."""
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="sum") / len(logits)


class PyTorch(Contestant):
    """A plain training loop.

    Denormal numbers are flushed to 0, as XLA does too: Adam's moments of pixels that rarely have
    ink would otherwise be many times slower.

    Args:
        variant: foreach, fused or compiled.
    """

    def __init__(self, rows: Rows, threads: int, *, variant: str) -> None:
        super().__init__(rows, threads)
        torch.set_flush_denormal(True)  # before the first computation: its threads inherit it
        torch.set_num_threads(threads)
        self.variant = variant
        self.x, self.labels = torch.from_numpy(rows.x), torch.from_numpy(rows.labels)
        self.targets = torch.from_numpy(rows.targets)

    def prepare(self, cell: Cell, weights: Weights) -> bool:
        """Build model and optimizer; compile for both batch sizes if this variant does."""
        self.model = build_model(cell.shape, weights)
        kind = "foreach" if self.variant == "foreach" else "fused"
        self.optimizer = build_optimizer(cell, self.model, kind)
        binary = cell.shape.output == "sigmoid"
        self.y = self.targets if binary else self.labels
        self.criterion: Loss = binary_loss if binary else F.cross_entropy
        self.loss: Loss = self.forward_loss
        if self.variant == "compiled":
            self.compile()
        return self.variant == "compiled"

    def forward_loss(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the loss of a batch."""
        return self.criterion(self.model(x), y)

    def compile(self) -> None:
        """Compile forward, loss and backward before the first epoch, without taking a step."""
        torch.compiler.reset()
        self.loss = torch.compile(self.forward_loss, dynamic=False)
        for size in set(self.cell.batch_sizes(len(self.rows))):
            self.loss(self.x[:size], self.y[:size]).backward()
            self.optimizer.zero_grad()

    def train(self) -> float:
        """Train one epoch."""
        losses = []
        for rows in torch.from_numpy(self.draw_order()).split(self.cell.batch):
            self.optimizer.zero_grad()
            loss = self.loss(self.x.index_select(0, rows), self.y.index_select(0, rows))
            loss.backward()
            self.optimizer.step()
            losses.append(loss.detach())
        sizes = self.cell.batch_sizes(len(self.rows))
        return float(np.average(torch.stack(losses).numpy(), weights=sizes))

    def weights(self) -> Weights:
        """Return the parameters, the weights transposed to (d, h)."""
        linear = [layer for layer in self.model if isinstance(layer, nn.Linear)]
        return [
            (np.ascontiguousarray(layer.weight.detach().numpy().T), layer.bias.detach().numpy())
            for layer in linear
        ]

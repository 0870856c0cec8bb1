"""One flat vector for all parameters, one for all gradients; the layers hold views into both.

So an optimizer is a few vector operations, a gradient check is a loop over one vector, and
saving a network is saving one array.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import DTypeLike

from digitus.nn.arrays import Floats
from digitus.nn.initializers import Shape
from digitus.nn.layers import Layer


@dataclass(frozen=True)
class Place:
    """Where one parameter array lies: ``vector[start:stop]``, seen as ``shape``."""

    layer: int
    name: str
    start: int
    shape: Shape

    def view(self, vector: Floats) -> Floats:
        """Return the part of the flat vector that is this array."""
        return vector[self.start : self.start + prod(self.shape)].reshape(self.shape)


class Storage:
    """The two flat vectors of a chain of layers, zero at first; ``parameters`` may be given.

    Attributes:
        parameters: (p,) all parameters.
        gradient: (p,) dLoss/dparameters, same layout.
        widths: the output width of each layer.
    """

    def __init__(
        self,
        n_inputs: int,
        layers: Sequence[Layer],
        dtype: DTypeLike,
        parameters: Floats | None = None,
    ) -> None:
        self.widths: list[int] = []
        self.places = list(self._lay_out(n_inputs, layers))
        size = sum(prod(place.shape) for place in self.places)
        self.parameters: Floats = np.zeros(size, dtype) if parameters is None else parameters
        self.gradient: Floats = np.zeros(size, dtype)
        for i, layer in enumerate(layers):
            mine = [place for place in self.places if place.layer == i]
            layer.bind(
                {place.name: place.view(self.parameters) for place in mine},
                {place.name: place.view(self.gradient) for place in mine},
            )

    def _lay_out(self, n_inputs: int, layers: Sequence[Layer]) -> Iterator[Place]:
        start, d = 0, n_inputs
        for i, layer in enumerate(layers):
            for name, shape in layer.parameter_shapes(d).items():
                yield Place(i, name, start, shape)
                start += prod(shape)
            d = layer.output_width(d)
            self.widths.append(d)

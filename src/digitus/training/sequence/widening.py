"""Growth of a convolutional network: more channels, and at first the same function."""

from digitus.nn.arrays import Floats
from digitus.nn.network import Network


def widen(narrow: Network, wide: Network) -> None:
    """Put the parameters of a network into one of more channels that computes the same at first.

    The channels that ``wide`` has besides keep their drawn weights, and whatever they feed into the
    channels of ``narrow`` is 0. So the outputs are those of ``narrow``, and after a few steps every
    new weight has a gradient. Chen, Goodfellow and Shlens (2016, section 2.2) keep the function
    by copies of channels instead, which need noise before they differ.

    Args:
        narrow: convolutions, normalizations and layers without parameters.
        wide: initialized; as many layers of the same kinds, each with as many channels or more.

    Raises:
        ValueError: if a layer of ``wide`` has fewer channels, or the layers differ in kind.
    """
    kinds = [[layer.kind for layer in network.layers] for network in (narrow, wide)]
    if kinds[0] != kinds[1]:
        raise ValueError(f"expected the layers {kinds[0]} to grow into, got {kinds[1]}")
    channels = 1, 1
    for (name, small, _), (_, large, _) in zip(
        narrow.named_parameters(), wide.named_parameters(), strict=True
    ):
        if small.ndim == 2:
            _put(small, large, channels)
            channels = small.shape[1], large.shape[1]
        elif len(small) > len(large):
            raise ValueError(f"{name}: expected {len(small)} channels or more, got {len(large)}")
        else:
            large[: len(small)] = small


def _put(small: Floats, large: Floats, channels: tuple[int, int]) -> None:
    """Put a convolution's weight (places * inputs, outputs) into a larger one, in place."""
    inputs, more_inputs = channels
    outputs = small.shape[1]
    by_place = large.reshape(-1, more_inputs, large.shape[1])
    if inputs > more_inputs or outputs > large.shape[1] or len(small) != len(by_place) * inputs:
        raise ValueError(f"expected a weight that holds {small.shape}, got {large.shape}")
    by_place[:, :, :outputs] = 0
    by_place[:, :inputs, :outputs] = small.reshape(-1, inputs, outputs)

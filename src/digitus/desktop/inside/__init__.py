"""The inside of the network: activations, weights and gradients."""

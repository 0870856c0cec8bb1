"""The inside of the network: layers, units, weights and activations."""

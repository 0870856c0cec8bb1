"""The MNIST test set: browsing, score, and search for mistakes."""

"""The MNIST test set in the window: one image, a walk through many, the score."""

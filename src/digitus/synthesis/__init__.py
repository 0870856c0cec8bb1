"""Synthetic training data: augmentation, handwriting, negatives, lines and whole pages."""

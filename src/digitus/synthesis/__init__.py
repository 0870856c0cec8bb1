"""Artificial digits, lines and pages, and the augmentation of real images."""

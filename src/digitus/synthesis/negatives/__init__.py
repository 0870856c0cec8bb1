"""Negatives: training examples that show no digit. Start with `negatives.py`."""

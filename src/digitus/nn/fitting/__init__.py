"""Fitting a network: the trainer, its callbacks, and resuming. Read `trainer.py` first."""

"""Corrected answers: asked for, kept on this machine, exported as training data."""

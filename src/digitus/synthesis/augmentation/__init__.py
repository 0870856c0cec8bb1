"""Distorting training images at random. Read `augmentation.py` first."""

"""Handwritten digits as pen strokes, and writers that give one digit after the other.

Start with `allographs.py`, which holds the shapes, and `digit_strokes.py`, which varies them.
"""

"""Artificial handwriting: allographs, smooth curves, and writers. Read `pen_drawings.py` first."""

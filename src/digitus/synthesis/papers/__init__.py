"""Paper of many kinds, and a camera that photographs it. Start with `papers.py`."""

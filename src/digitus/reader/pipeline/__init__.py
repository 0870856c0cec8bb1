"""Read a page, step by step. Read `reader.py` first."""

"""From a page to its reading, step by step. Read `reader.py` first."""

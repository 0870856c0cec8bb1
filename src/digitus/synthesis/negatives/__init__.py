"""Images that are no digits. Read `negatives.py` first."""

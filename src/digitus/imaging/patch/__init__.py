"""From ink to the 28 x 28 patch: size, stroke width, center of mass. Read `patch.py` first."""

"""From ink to the 28x28 patch: size, stroke width, center of mass. Read `patch.py` first."""

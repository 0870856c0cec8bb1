"""From grey to ink: paper, light, noise, pattern. Read `digit_ink.py` first."""

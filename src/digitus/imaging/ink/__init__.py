"""From grey to ink: light, noise, pattern, scaling. Read `extractor.py` first."""

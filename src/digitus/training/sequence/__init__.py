"""Training of what reads lines: the sequence network, the arc scores, the error curves."""

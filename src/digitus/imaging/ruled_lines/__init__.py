"""Ruled, squared, form and table lines: traced, selected, removed. Read `tracing.py` first."""

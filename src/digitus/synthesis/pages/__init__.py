"""Whole pages with exact truth. Read `page.py` first."""

"""Whole synthetic pages with exact ground truth. Start with `page.py`."""

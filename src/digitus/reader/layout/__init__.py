"""The ink of a page to line images in reading order. Read `page_layout.py` first."""

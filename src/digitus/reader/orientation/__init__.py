"""Which way up a page is, and which of its line images are words. Read `turns.py` first."""

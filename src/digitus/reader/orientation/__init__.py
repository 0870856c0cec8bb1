"""Which way up a page is, and which of its marks are words."""

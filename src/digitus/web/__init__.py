"""The page in the browser: its files in ``static/``, the server, and the exported page."""

"""The page in the browser: its files in ``static/``, the server, the export as one HTML file."""

"""Readings as files: CSV, Excel, overlays, crops."""

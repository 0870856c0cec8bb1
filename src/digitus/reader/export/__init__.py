"""Write readings as files: CSV, Excel workbooks, overlays, crops."""

"""Results of reading: symbols, numbers, lines, tables, pages. Read `reading.py` first."""

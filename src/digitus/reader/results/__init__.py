"""What was read, as values: symbols, numbers, lines, tables, pages. Read `reading.py` first."""

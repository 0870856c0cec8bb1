"""The tables, the database that holds them, and the files beside it. Read `schema.py` first."""

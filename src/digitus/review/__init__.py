"""Review of pages: what was read is kept in a database, and people confirm and correct it.

Read `storage/schema.py` first, then `store.py`. Needs SQLAlchemy and Alembic (extra ``web``).
"""

"""What people change: confirm, verify, flag, edit, undo. Read `confirmation.py` first."""

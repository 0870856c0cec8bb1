"""Dialogs for corrections: ask for the true digit; show, delete and export."""

"""Many pages in many processes, with a journal to resume from. Read `parallel.py` first."""

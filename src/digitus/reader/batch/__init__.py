"""Read many pages in several processes, with a journal to resume from. Start at `parallel.py`."""

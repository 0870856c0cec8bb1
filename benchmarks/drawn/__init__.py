"""Images and pages of each kind that docs/reference/limits.md names, by `digitus.synthesis`.

Start with `alone.py` (one character in an image), `numbers.py` (numbers on a page) and `pages.py`
(kinds of pages); `kinds.py` in the folder above reads them all.
"""

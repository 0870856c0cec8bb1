"""The command line: parse, call, print, exit code; nothing else.

Results go to stdout, everything else to stderr. Exit 0 done, 1 expected failure, 2 wrong usage,
130 interrupted.
"""

from digitus.cli.main import main

__all__ = ["main"]

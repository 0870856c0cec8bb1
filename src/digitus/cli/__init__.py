"""The command line. Commands parse options, call the library, print, and return an exit code.

Results go to stdout, everything else to stderr. Exit codes: 0 done, 1 expected failure, 2 wrong
usage, 130 interrupted, 143 and 129 ended by the signals TERM and HUP.
"""

from digitus.cli.main import main

__all__ = ["main"]

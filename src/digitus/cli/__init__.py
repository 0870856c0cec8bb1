"""The command line. Commands parse options, call the library, print, and return an exit code.

Results go to stdout, everything else to stderr. Exit codes: 0 done, 1 expected failure, 2 wrong
usage, 130 interrupted, 143 and 129 ended by the signals TERM and HUP.
"""

try:
    from digitus.cli.main import main
except KeyboardInterrupt:  # Ctrl-C while the program is loaded, before `main` handles it
    raise SystemExit(130) from None

__all__ = ["main"]

"""``python -m digitus``: the command line."""

from digitus.cli import main

if __name__ == "__main__":  # worker processes import this module under another name
    main()

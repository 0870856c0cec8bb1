"""`digitus train`. Read `command.py` first."""

from digitus.cli.train.command import train

__all__ = ["train"]

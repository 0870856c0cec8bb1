"""`digitus read`. Read `command.py` first."""

from digitus.cli.read.command import read

__all__ = ["read"]

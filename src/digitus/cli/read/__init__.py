"""The command ``digitus read``. Start at `command.py`."""

from digitus.cli.read.command import read

__all__ = ["read"]

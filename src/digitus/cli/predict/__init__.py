"""`digitus predict`. Read `command.py` first."""

from digitus.cli.predict.command import predict

__all__ = ["predict"]

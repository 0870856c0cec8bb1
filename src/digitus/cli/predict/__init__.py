"""``digitus predict``. Start with `command.py`."""

from digitus.cli.predict.command import predict

__all__ = ["predict"]

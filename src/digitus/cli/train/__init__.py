"""``digitus train``. Read `command` first."""

from digitus.cli.train.command import train

__all__ = ["train"]

"""Reading of pages of handwritten numbers: what is written, where, and with which confidence.

The reader is loaded at its first use, so that a table can be written without loading a model.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from digitus.errors import ReadFailure
    from digitus.reader.pipeline.reader import Reader, UprightPage, read
from digitus.reader.results.reading import Number, PageReading, Reading

__all__ = ["Number", "PageReading", "ReadFailure", "Reader", "Reading", "UprightPage", "read"]

_HOMES = dict.fromkeys(("Reader", "UprightPage", "read"), "pipeline.reader")


def __getattr__(name: str) -> Any:
    """Load a name at its first use (PEP 562)."""
    if name in __all__:
        home = import_module(f"digitus.reader.{_HOMES.get(name, 'results.reading')}")
        return getattr(home, name)
    raise AttributeError(f"module 'digitus.reader' has no attribute {name!r}")

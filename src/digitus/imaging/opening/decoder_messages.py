"""Messages that libtiff prints on stderr by itself, beside our own sentence about a file."""

import ctypes
from contextlib import suppress
from pathlib import Path

import PIL


def silence_decoders() -> None:
    """Let the libtiff of Pillow's wheels print nothing; elsewhere nothing is changed.

    For programs of our own: in a library it would concern the host program's images too.
    """
    for path in (Path(PIL.__file__).parent.parent / "pillow.libs").glob("libtiff*"):
        with suppress(OSError, AttributeError):
            library = ctypes.CDLL(str(path))  # loaded already: this is the one that Pillow uses
            library.TIFFSetErrorHandler(None)
            library.TIFFSetWarningHandler(None)

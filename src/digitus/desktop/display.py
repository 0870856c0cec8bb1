"""Can a window be opened here? Found out without Qt, which would end the program on the spot.

Where a library or the display is missing, Qt calls ``abort``. So the libraries are loaded and the
display is asked by hand first, and what is left open is tried in another process.
"""

import ctypes
import os
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from digitus.errors import WindowError

PACKAGES = (
    "libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 libxcb-cursor0 "
    "libxcb-icccm4 libxcb-keysyms1 libxcb-shape0"
)
PIP = "pip install 'digitus[desktop]'"
TRIAL_S = 20

# Run in a process of its own; a core file would only be in the way.
_TRIAL = """
import resource
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
from PySide6.QtGui import QGuiApplication
QGuiApplication([])
"""


def check_window() -> None:
    """Make sure that Qt can open a window.

    Raises:
        WindowError: if it cannot; one sentence on what to do.
    """
    if find_spec("PySide6") is None:
        raise WindowError(f"the window needs PySide6, which is not installed; run: {PIP}")
    try:
        import_module("PySide6.QtWidgets")
    except ImportError as error:
        raise WindowError(_missing_library(str(error))) from error
    if sys.platform == "linux":
        _check_platform()


def _check_platform() -> None:
    """Find what Qt would show windows with, or say why it would find nothing."""
    asked = os.environ.get("QT_QPA_PLATFORM")
    if not asked and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise WindowError(
            "there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set); run it in a "
            "desktop session, or with `ssh -X`, or with `xvfb-run` (apt install xvfb)"
        )
    complaint = ""
    if asked in (None, "", "xcb") and os.environ.get("DISPLAY"):
        complaint = _plugin_complaint("xcb")
        if not complaint and _x_answers():
            return
    _try_elsewhere(complaint)


def _plugin_complaint(name: str) -> str:
    """Load the platform's library as Qt will; say what is missing, or nothing."""
    import PySide6

    folder = Path(str(PySide6.__file__)).parent / "Qt" / "plugins" / "platforms"
    try:
        ctypes.CDLL(str(folder / f"libq{name}.so"))
    except OSError as error:
        return _missing_library(str(error))
    return ""


def _x_answers() -> bool:
    """Ask whether the X server lets us in."""
    x11 = ctypes.CDLL("libX11.so.6")  # is there: the platform's library needs it
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    if display is None:
        return False
    x11.XCloseDisplay(display)
    return True


def _try_elsewhere(complaint: str) -> None:
    """Open a connection in another process, which may die of it; then the complaint counts."""
    command = [sys.executable, "-c", _TRIAL]
    try:
        found = subprocess.run(
            command, capture_output=True, text=True, timeout=TRIAL_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise WindowError(
            complaint or _no_display(f"it did not answer within {TRIAL_S} s")
        ) from error
    if found.returncode != 0:
        raise WindowError(complaint or _no_display(_first_reason(found.stderr)))


def _no_display(reason: str) -> str:
    return (
        f"the display cannot be opened ({reason}); check DISPLAY, WAYLAND_DISPLAY and "
        f"QT_QPA_PLATFORM, or run: apt install {PACKAGES}"
    )


def _first_reason(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    return lines[0].removeprefix("qt.qpa.xcb: ").rstrip(".") if lines else "Qt gave no reason"


def _missing_library(complaint: str) -> str:
    """Return which system library is missing; ``complaint`` is the loader's own text."""
    name = complaint.split(":")[0].strip()
    what = name if ".so" in name else complaint.splitlines()[0]
    return (
        f"the window needs a system library that is missing ({what}); run: apt install {PACKAGES}"
    )

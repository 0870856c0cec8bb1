"""Check whether a window can be opened, without Qt.

If a library or the display is missing, Qt calls ``abort``. So this module loads the libraries and
opens the display itself first, and tries what remains uncertain in another process.
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
TRIAL_TIMEOUT_S = 20

# Run in a process of its own, without a core file.
_TRIAL = """
import resource
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
from PySide6.QtGui import QGuiApplication
QGuiApplication([])
"""


def check_window() -> None:
    """Check that Qt can open a window.

    Raises:
        WindowError: if it cannot; the text says what to do.
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
    """Check the platform that Qt would use."""
    asked = os.environ.get("QT_QPA_PLATFORM")
    if not asked and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise WindowError(
            "there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set); run it in a "
            "desktop session, or with `ssh -X`, or with `xvfb-run` (apt install xvfb)"
        )
    problem = ""
    if asked in (None, "", "xcb") and os.environ.get("DISPLAY"):
        problem = _plugin_problem("xcb")
        if not problem and _x_answers():
            return
    _try_in_process(problem)


def _plugin_problem(name: str) -> str:
    """Load the library of a platform as Qt does; return what is missing, or an empty text."""
    import PySide6

    folder = Path(str(PySide6.__file__)).parent / "Qt" / "plugins" / "platforms"
    try:
        ctypes.CDLL(str(folder / f"libq{name}.so"))
    except OSError as error:
        return _missing_library(str(error))
    return ""


def _x_answers() -> bool:
    """Return whether the X server accepts a connection."""
    x11 = ctypes.CDLL("libX11.so.6")  # installed: the library of the platform needs it
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    if display is None:
        return False
    x11.XCloseDisplay(display)
    return True


def _try_in_process(problem: str) -> None:
    """Open a connection in another process; if that fails, raise the problem."""
    command = [sys.executable, "-c", _TRIAL]
    try:
        found = subprocess.run(
            command, capture_output=True, text=True, timeout=TRIAL_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise WindowError(
            problem or _no_display(f"it did not answer within {TRIAL_TIMEOUT_S} s")
        ) from error
    if found.returncode != 0:
        raise WindowError(problem or _no_display(_first_reason(found.stderr)))


def _no_display(reason: str) -> str:
    return (
        f"the display cannot be opened ({reason}); check DISPLAY, WAYLAND_DISPLAY and "
        f"QT_QPA_PLATFORM, or run: apt install {PACKAGES}"
    )


def _first_reason(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    return lines[0].removeprefix("qt.qpa.xcb: ").rstrip(".") if lines else "Qt gave no reason"


def _missing_library(problem: str) -> str:
    """Return which system library is missing; ``problem`` is the text of the loader."""
    name = problem.split(":")[0].strip()
    what = name if ".so" in name else problem.splitlines()[0]
    return (
        f"the window needs a system library that is missing ({what}); run: apt install {PACKAGES}"
    )

"""Measure how quickly the window answers and starts, and whether its memory grows.

    python benchmarks/window.py [--quick] [--json]

Digits are drawn with simulated mouse events, without a screen. The time runs from before the
release of the button until the answer is painted. The start is that of a process until the window
is painted, without a data set.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, QSettings, Qt
from PySide6.QtTest import QTest

from digitus.desktop.application import application
from digitus.desktop.canvas.drawing import CANVAS_PX
from digitus.desktop.models_menu import ModelChoice
from digitus.desktop.preferences import Preferences
from digitus.desktop.window import MainWindow
from digitus.synthesis.pen.digit_strokes import draw_digit, place

LEFT = Qt.MouseButton.LeftButton
AT_MOST_MS = 30.0
AT_MOST_START_S = 2.0
TIMEOUT_S = 5.0
PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
START = """
import sys
from PySide6.QtCore import QTimer
from digitus.desktop import application
from digitus.desktop.window import MainWindow
MainWindow.paintEvent = lambda self, event: QTimer.singleShot(0, self.close)
sys.exit(application.run_window(None))
"""


class Painted(QObject):
    """Records when a widget was last painted."""

    at_s = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Record the time of a paint event."""
        if event.type() == QEvent.Type.Paint:
            self.at_s = time.perf_counter()
        return False


def open_window(folder: str) -> MainWindow:
    """Open the window with preferences in a folder."""
    application()
    store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
    window = MainWindow(ModelChoice(None), Preferences(store))
    window.show()
    QTest.qWaitForWindowExposed(window)
    return window


def draw(window: MainWindow, strokes: Any, painted: Painted) -> float:
    """Draw with the mouse; return the ms from the last release to the painted answer."""
    window.canvas.clear()
    wait(window, lambda: True)
    for stroke in strokes:
        spots = on_screen(window, stroke)
        QTest.mousePress(window.canvas, LEFT, pos=spots[0])
        for spot in spots[1:]:
            QTest.mouseMove(window.canvas, spot)
        started = time.perf_counter()
        QTest.mouseRelease(window.canvas, LEFT, pos=spots[-1])
    wait(window, lambda: painted.at_s > started and window.shown is not None)
    return 1e3 * (painted.at_s - started)


def on_screen(window: MainWindow, stroke: Any) -> list[Any]:
    """Convert canvas coordinates to those of the widget."""
    square = window.canvas.square()
    scale = square.width() / CANVAS_PX
    return [(square.topLeft() + QPointF(x, y) * scale).toPoint() for x, y in stroke]


def wait(window: MainWindow, more: Any) -> None:
    """Run the event loop until the answer is painted."""
    until = time.perf_counter() + TIMEOUT_S
    app = application()
    while not (window.recognition.is_idle and more()):
        # As in the program, sleep while there is nothing to do.
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.perf_counter() > until:
            raise SystemExit("the window gave no answer")


def resident_mb() -> float:
    """Return the resident memory of this process, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_KB / 1024


def measure(n: int) -> dict[str, Any]:
    """Draw ``n`` digits; return latencies, and the memory after a tenth and after all."""
    rng = np.random.default_rng(0)
    times, right, memory_mb = [], 0, []
    with tempfile.TemporaryDirectory() as folder:
        window, painted = open_window(folder), Painted()
        window.frame.answers.bars.installEventFilter(painted)
        for i in range(n):
            strokes = place(draw_digit(i % 10, rng, freedom=0.6), size=190, left=45, top=45)
            times.append(draw(window, strokes, painted))
            right += window.frame.answers.bars.winner == i % 10
            if i + 1 in (n // 10, n):
                memory_mb.append(resident_mb())
        window.close()
    return {
        "drawings": n,
        "right": right,
        "median_ms": median(times),
        "p95_ms": float(np.percentile(times, 95)),
        "memory_mb": memory_mb,
    }


def start_s(runs: int) -> float:
    """Return the median time of a process that opens, paints and closes the window."""
    times = []
    with tempfile.TemporaryDirectory() as nowhere:
        environment = {**os.environ, "DIGITUS_DATA": nowhere, "XDG_CONFIG_HOME": nowhere}
        for _ in range(runs):
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", START], env=environment, check=True)
            times.append(time.perf_counter() - started)
    return median(times)


def main() -> None:
    """Print latency, memory and start-up time beside their limits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="100 drawings instead of 1,000")
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    found = measure(100 if options.quick else 1000)
    found["start_s"] = start_s(3 if options.quick else 11)
    if options.as_json:
        print(json.dumps(found, indent=2))
        return
    (early, late), start = found["memory_mb"], found["start_s"]
    print(
        f"end of stroke to painted answer   median {found['median_ms']:.1f} ms (at most "
        f"{AT_MOST_MS:.0f}), 95 % within {found['p95_ms']:.1f} ms\n"
        f"right                             {found['right']:,} of {found['drawings']:,}\n"
        f"memory                            {early:.1f} MB after a tenth, {late:.1f} MB after all\n"
        f"process to open, paint and close  {start:.2f} s (at most {AT_MOST_START_S:.0f})"
    )


if __name__ == "__main__":
    main()

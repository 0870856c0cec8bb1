"""Without a display, the window is refused in one sentence; the process never aborts."""

import os
import subprocess
import sys

import pytest

from digitus.desktop import check_window, display
from digitus.errors import WindowError

NOWHERE = ":97531"


@pytest.fixture(autouse=True)
def no_display(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def draw_command(**environment):
    command = [sys.executable, "-c", "from digitus.cli import main; main(['draw'])"]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def one_sentence(found):
    lines = found.stderr.splitlines()
    assert found.returncode == 1
    assert len(lines) == 1, found.stderr
    assert lines[0].startswith("digitus: ")
    assert found.stdout == ""
    return lines[0]


@pytest.mark.skipif(sys.platform != "linux", reason="displays are named on Linux only")
class TestOnLinux:
    def test_no_display_is_exit_1_and_one_sentence(self):
        assert "no display" in one_sentence(draw_command())

    def test_a_display_that_does_not_answer_is_exit_1_and_one_sentence(self):
        assert "apt install" in one_sentence(draw_command(DISPLAY=NOWHERE))

    def test_a_platform_that_qt_does_not_have_is_exit_1_and_one_sentence(self):
        assert "nonsense" in one_sentence(draw_command(QT_QPA_PLATFORM="nonsense"))

    def test_a_platform_without_a_screen_is_accepted(self, monkeypatch):
        monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
        check_window()

    def test_a_missing_library_of_the_platform_gives_the_apt_command(self, monkeypatch):
        def fail(path):
            raise OSError("libxcb-cursor.so.0: cannot open shared object file")

        monkeypatch.setenv("DISPLAY", NOWHERE)
        monkeypatch.setattr(display.ctypes, "CDLL", fail)
        with pytest.raises(WindowError, match=r"libxcb-cursor\.so\.0.*apt install.*libxcb-cursor0"):
            check_window()


def test_without_pyside_the_pip_command_is_given(monkeypatch):
    monkeypatch.setattr(display, "find_spec", lambda name: None)
    with pytest.raises(WindowError, match=r"pip install 'digitus\[desktop\]'"):
        check_window()


def test_a_missing_library_of_qt_itself_gives_the_apt_command(monkeypatch):
    def fail(name):
        raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(display, "import_module", fail)
    with pytest.raises(WindowError, match=r"missing \(libEGL\.so\.1\); run: apt install libegl1"):
        check_window()


def test_asking_for_the_check_loads_nothing_of_qt():
    code = "import sys; import digitus.desktop; sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_window_loads_none_of_the_slow_libraries():
    code = (
        "import sys; import digitus.desktop.application; "
        "sys.exit(str({'matplotlib', 'sklearn', 'pandas', 'rich'} & set(sys.modules)) )"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert found.stderr.strip() == "set()"

"""The preferences that the window stores."""

import pytest
from PySide6.QtCore import QSettings

from digitus.desktop.preferences import Preferences


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("brush_px", 33),
        ("paper", "black"),
        ("theme", "dark"),
        ("model", "mlp"),
        ("model", None),
        ("at_once", False),
    ],
)
def test_a_preference_is_read_back_as_it_was_stored(preferences, name, value):
    setattr(preferences, name, value)
    assert getattr(preferences, name) == value


def test_the_brush_stays_within_its_limits(preferences):
    preferences.brush_px = 1000
    assert preferences.brush_px == 48


def test_an_invalid_value_reads_as_the_default(tmp_path):
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    preferences = Preferences(store)
    for key in ("canvas/brush_px", "canvas/own_paper", "theme", "window/geometry"):
        store.setValue(key, "nonsense")
    assert (preferences.brush_px, preferences.paper, preferences.theme) == (24, None, "system")
    assert preferences.geometry.isEmpty()

"""Small widgets: tick and cross, digits in words, label styles."""

import pytest
from PySide6.QtWidgets import QLabel

from digitus.desktop.look.widgets import TickOrCross, heading, muted, named


@pytest.fixture
def mark(qtbot):
    made = TickOrCross()
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    return made


def test_tick_cross_and_nothing_are_painted_differently(mark):
    images = []
    for is_right in (None, True, False):
        mark.show_mark(is_right)
        images.append(mark.grab().toImage())
    assert images[0] != images[1]
    assert images[0] != images[2]
    assert images[1] != images[2]


@pytest.mark.parametrize(
    ("is_right", "name"), [(None, ""), (True, "tick: right"), (False, "cross: wrong")]
)
def test_a_mark_is_named_for_screen_readers(mark, is_right, name):
    mark.show_mark(is_right)
    assert mark.accessibleName() == name


@pytest.mark.parametrize("digit", range(10))
def test_only_eight_takes_the_article_an(digit):
    assert named(digit) == f"{'an' if digit == 8 else 'a'} {digit}"


def test_a_heading_is_bold_and_larger(qtbot):
    label = QLabel("text")
    qtbot.addWidget(label)
    before = label.font().pointSizeF()
    assert heading(label, points=3) is label
    assert label.font().bold()
    assert label.font().pointSizeF() == before + 3


def test_a_muted_label_has_the_property_of_the_style_sheet(qtbot):
    label = QLabel("text")
    qtbot.addWidget(label)
    assert muted(label).property("quiet") is True

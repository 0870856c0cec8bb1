"""The pages: tools of the canvas, and pages that are built when they are first shown."""

import numpy as np
import pytest

from digitus.desktop.views import InsidePage
from digitus.recognizer import Recognizer


def test_the_keys_of_the_brush_change_the_canvas(window):
    page = window.frame.draw_page
    before = page.canvas.brush_px
    window.actions_.thicker.trigger()
    assert page.canvas.brush_px == before + 4
    window.actions_.thinner.trigger()
    assert page.canvas.brush_px == before


def test_the_test_set_is_built_when_it_is_first_shown(window):
    page = window.frame.test_page
    assert page.panel is None
    window.actions_.test_set.trigger()
    panel = page.panel
    assert panel is not None
    window.actions_.draw.trigger()
    window.actions_.test_set.trigger()
    assert page.panel is panel


def test_the_inside_is_built_when_it_is_first_shown(window):
    assert window.frame.inside_page.view is None
    window.actions_.inside.trigger()
    assert window.frame.inside_page.view is not None


@pytest.fixture
def recognizer():
    return Recognizer("mlp")


@pytest.fixture
def page(qtbot):
    made = InsidePage()
    qtbot.addWidget(made)
    return made


def test_the_latest_prediction_is_shown_when_the_inside_is_built(qtbot, page, recognizer):
    for digit in (1, 7):
        row = np.zeros((28, 28), np.uint8)
        row[4:24, 10 + digit : 13 + digit] = 255
        prediction = recognizer.predict(row.ravel())
        page.show_prediction(recognizer, prediction)
    page.show()
    qtbot.waitUntil(lambda: page.view.inside is not None)
    assert page.view.inside.answer == prediction.best_guess
    np.testing.assert_array_equal(page.view.inside.patch, prediction.patch)


def test_without_a_prediction_the_inside_shows_a_hint(page, recognizer):
    page.show()
    page.show_prediction(recognizer, None)
    assert page.view.inside is None

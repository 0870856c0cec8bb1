"""Drawings of many requests are computed together; one that fails does so alone."""

import json
from threading import Event

import numpy as np
import pytest

from digitus.recognizer import Recognizer
from digitus.web.work.drawings import BATCH, DrawingReader, PenDrawing

SOON_S = 60
SEVEN = PenDrawing([[(20, 20), (70, 20), (40, 100)]], 90, 120, 8)
BLANK = PenDrawing([], 90, 120, 8)


class Slow:
    """A recognizer that waits before its first batch, and counts the drawings of each."""

    def __init__(self) -> None:
        self.recognizer, self.go, self.started, self.sizes = Recognizer(), Event(), Event(), []

    def predict_inks(self, inks):
        self.started.set()
        assert self.go.wait(SOON_S)
        self.sizes.append(len(inks))
        return self.recognizer.predict_inks(inks)


@pytest.fixture
def slow():
    return Slow()


@pytest.fixture
def reader(slow):
    made = DrawingReader()
    yield made
    slow.go.set()
    made.stop()


def digits(future):
    return [one["digit"] for one in json.loads(future.result(SOON_S))["results"]]


def test_what_comes_meanwhile_is_computed_in_one_batch(reader, slow):
    first = reader.read([SEVEN], slow)
    assert slow.started.wait(SOON_S)
    others = [reader.read([SEVEN, BLANK], slow) for _ in range(5)]
    slow.go.set()
    assert digits(first) == [7]
    assert [digits(one) for one in others] == [[7, None]] * 5
    assert slow.sizes == [1, 10]
    assert (reader.n_read, reader.n_batches) == (11, 2)


def test_a_batch_is_bounded(reader, slow):
    first = reader.read([BLANK], slow)
    assert slow.started.wait(SOON_S)
    others = [reader.read([BLANK], slow) for _ in range(BATCH.drawings + 1)]
    slow.go.set()
    for one in (first, *others):
        one.result(SOON_S)
    assert slow.sizes == [1, BATCH.drawings, 1]


def test_a_batch_is_bounded_by_its_pixels(reader, slow):
    large = PenDrawing([], 2000, BATCH.pixels // 2000, 8)
    first = reader.read([BLANK], slow)
    assert slow.started.wait(SOON_S)
    others = [reader.read([large], slow) for _ in range(2)]
    slow.go.set()
    for one in (first, *others):
        one.result(SOON_S)
    assert slow.sizes == [1, 1, 1]


def test_drawings_for_another_model_are_read_by_it(reader, slow):
    other = Slow()
    for one in (slow, other):
        one.go.set()
    found = [reader.read([SEVEN] * n, who) for n, who in ((1, slow), (2, other), (3, slow))]
    assert [len(digits(one)) for one in found] == [1, 2, 3]
    assert (sum(slow.sizes), sum(other.sizes)) == (4, 2)


@pytest.mark.parametrize(
    ("points", "pen_px", "work"),
    [
        ([], 10, 90 * 120),
        ([(0, 0)], 10, 90 * 120 + 0.1 * 0),
        ([(0, 0), (30, 40)], 10, 90 * 120 + 10 * 50 + 0.1 * 60 * 10),
        ([(0, 0, 1.0), (30, 40, 0.5)], 10, 90 * 120 + 10 * 50 + 0.1 * 60 * 10),
        ([(0, 50), (1e9, 50)], 1, 90 * 120 + 10 * 180 + 0.1 * 181),
        ([(0, 0), (0, 0)], 1e9, 90 * 120 + 0.1 * 240 * 240),
    ],
)
def test_the_work_of_a_drawing_grows_with_the_way_and_the_width_of_the_pen(points, pen_px, work):
    assert PenDrawing([points], 90, 120, pen_px).work == pytest.approx(work)


def test_a_drawing_that_cannot_be_drawn_fails_alone(reader, slow):
    slow.go.set()
    bad = reader.read([PenDrawing([[(np.nan, 1)]], 90, 120, 8)], slow)
    good = reader.read([SEVEN], slow)
    with pytest.raises(ValueError, match="finite"):
        bad.result(SOON_S)
    assert digits(good) == [7]


def test_a_failure_of_the_model_reaches_who_asked(reader, slow, monkeypatch):
    slow.go.set()
    monkeypatch.setattr(slow, "recognizer", None)
    with pytest.raises(AttributeError):
        reader.read([SEVEN], slow).result(SOON_S)

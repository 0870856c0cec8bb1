"""Drawings of many requests are computed together; one that fails does so alone."""

import json
from threading import Event

import numpy as np
import pytest

from digitus.recognizer import Recognizer
from digitus.web.work.drawings import MOST_IN_A_BATCH, DrawingReader, PenDrawing

SOON_S = 60
SEVEN = PenDrawing([[(20, 20), (70, 20), (40, 100)]], 90, 120, 8)
BLANK = PenDrawing([], 90, 120, 8)


class Slow:
    """A recognizer that waits before its first batch, and counts the patches of each."""

    def __init__(self) -> None:
        self.recognizer, self.go, self.started, self.sizes = Recognizer(), Event(), Event(), []

    def predict_patches(self, patches):
        self.started.set()
        assert self.go.wait(SOON_S)
        self.sizes.append(len(patches))
        return self.recognizer.predict_patches(patches)


@pytest.fixture
def slow():
    return Slow()


@pytest.fixture
def reader(slow):
    made = DrawingReader(slow)
    yield made
    slow.go.set()
    made.stop()


def digits(future):
    return [one["digit"] for one in json.loads(future.result(SOON_S))["results"]]


def test_what_comes_meanwhile_is_computed_in_one_batch(reader, slow):
    first = reader.read([SEVEN])
    assert slow.started.wait(SOON_S)
    others = [reader.read([SEVEN, BLANK]) for _ in range(5)]
    slow.go.set()
    assert digits(first) == [7]
    assert [digits(one) for one in others] == [[7, None]] * 5
    assert slow.sizes == [1, 10]
    assert (reader.n_read, reader.n_batches) == (11, 2)


def test_a_batch_is_bounded(reader, slow):
    first = reader.read([BLANK])
    assert slow.started.wait(SOON_S)
    others = [reader.read([BLANK]) for _ in range(MOST_IN_A_BATCH + 1)]
    slow.go.set()
    for one in (first, *others):
        one.result(SOON_S)
    assert slow.sizes == [1, MOST_IN_A_BATCH, 1]


def test_a_drawing_that_cannot_be_drawn_fails_alone(reader, slow):
    slow.go.set()
    bad = reader.read([PenDrawing([[(np.nan, 1)]], 90, 120, 8)])
    good = reader.read([SEVEN])
    with pytest.raises(ValueError, match="finite"):
        bad.result(SOON_S)
    assert digits(good) == [7]


def test_a_failure_of_the_model_reaches_who_asked(reader, slow, monkeypatch):
    slow.go.set()
    monkeypatch.setattr(slow, "recognizer", None)
    with pytest.raises(AttributeError):
        reader.read([SEVEN]).result(SOON_S)

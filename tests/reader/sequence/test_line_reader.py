"""Reading runs of ink: digits apart and touching, broken ones, marks and letters."""

import cv2
import numpy as np
import pytest

from digitus.models import load_model
from digitus.reader.results.symbols import LineImage
from digitus.reader.sequence import decoding
from digitus.reader.sequence import line_reader as strings
from digitus.reader.sequence.confidence import number_confidence
from digitus.reader.sequence.line_reader import read_runs
from digitus.synthesis.lines.digit_strings import assemble
from digitus.synthesis.negatives.letters_and_signs import LETTERS
from digitus.synthesis.pen.digit_strokes import write
from digitus.synthesis.pen.writers import PenWriter, draw

HEIGHT_PX = 40


@pytest.fixture(scope="module")
def model():
    return load_model("cnn")


def written(text, *, gap, seed=1, height=HEIGHT_PX):
    """A string by our own pen, as a run with paper around."""
    rng = np.random.default_rng(seed)
    writer = PenWriter(rng, height, pen=0.09)
    inks = [writer(int(character), rng) for character in text]
    return run_of(assemble(text, inks, [0] * len(inks), gap).ink, height=height)


def run_of(ink, *, left=0, top=0, height=HEIGHT_PX):
    return LineImage(np.pad(ink, 6), left, top, float(height))


def text_of(pieces):
    return "".join(str(piece.digit) for piece in pieces if piece.kind == "digit")


def kinds_of(pieces):
    return [piece.kind for piece in pieces]


def test_runs_read_in_portions_read_the_same(model, monkeypatch):
    runs = [
        written(text, gap=0.2, seed=seed) for seed, text in enumerate(["20", "9174", "3", "58"])
    ]
    whole = [text_of(pieces) for pieces in read_runs(model, runs)]
    monkeypatch.setattr(strings, "PORTION", 2)
    assert [text_of(pieces) for pieces in read_runs(model, runs)] == whole
    assert read_runs(model, []) == []


@pytest.mark.parametrize("text", ["2026", "917", "40385"])
def test_digits_apart_are_read(model, text):
    assert text_of(read_runs(model, [written(text, gap=0.3)])[0]) == text


@pytest.mark.parametrize("text", ["00", "35", "28", "60"])
def test_a_touching_pair_is_split(model, text):
    run = written(text, gap=None)
    parts, _ = cv2.connectedComponents((run.ink > 0.25).astype(np.uint8))
    assert parts == 2  # paper, and one piece of ink
    assert text_of(read_runs(model, [run])[0]) == text


def test_a_five_that_fell_apart_is_one_digit(model):
    run = written("15", gap=0.4, seed=3)
    cols = np.flatnonzero(run.ink.any(axis=0))
    five = slice(int(cols[0] + 0.45 * np.ptp(cols)), None)
    rows = slice(6 + round(0.32 * HEIGHT_PX), 6 + round(0.38 * HEIGHT_PX))
    run.ink[rows, five] = 0
    assert text_of(read_runs(model, [run])[0]) == "15"


def test_a_dash_between_digits_is_a_mark(model):
    run = with_mark(12, lambda ink, x: cv2.line(ink, (x, 26), (x + 14, 25), 1.0, 4))
    pieces = read_runs(model, [run])[0]
    assert kinds_of(pieces) == ["digit", "dash", "digit"]
    assert pieces[1].confidence == 0


def test_a_dot_at_the_foot_of_two_digits_is_a_mark(model):
    run = with_mark(8, lambda ink, x: cv2.circle(ink, (x + 4, 42), 2, 1.0, -1))
    assert kinds_of(read_runs(model, [run])[0]) == ["digit", "dot", "digit"]


def with_mark(space, draw):
    """Two digits by our pen, and between them what is drawn."""
    rng = np.random.default_rng(5)
    writer = PenWriter(rng, HEIGHT_PX, pen=0.09)
    one, other = writer(3, rng), writer(6, rng)
    rows = max(len(one), len(other))
    ink = np.zeros((rows + 8, one.shape[1] + other.shape[1] + 2 * space + 20), np.float32)
    ink[: len(one), : one.shape[1]] = one
    ink[: len(other), -other.shape[1] :] = other
    draw(ink, one.shape[1] + space)
    return run_of(ink)


def test_four_of_five_letters_are_no_sure_number(model):
    rng = np.random.default_rng(2)
    inks = [
        draw(write(letter, rng, freedom=0.3), HEIGHT_PX, 0.09 * HEIGHT_PX)
        for letter in LETTERS.values()
    ]
    found = read_runs(model, [run_of(ink) for ink in inks])
    sure = [number_confidence(pieces) > 0.9 for pieces in found]
    assert np.mean(sure) <= 0.2


def test_pieces_come_from_left_to_right_with_their_boxes_in_the_page(model):
    run = written("407", gap=0.3)
    moved = LineImage(run.ink, run.left + 300, run.top + 70, run.height_px)
    pieces = read_runs(model, [moved])[0]
    lefts = [piece.box[0] for piece in pieces]
    assert lefts == sorted(lefts)
    for left, top, width, height in (piece.box for piece in pieces):
        assert 300 <= left < left + width <= 300 + run.ink.shape[1]
        assert 70 <= top < top + height <= 70 + run.ink.shape[0]


def test_a_shift_of_the_run_leaves_the_answer(model):
    run = written("8352", gap=0.2)
    shifted = LineImage(np.pad(run.ink, ((3, 9), (17, 2))), 0, 0, run.height_px)
    one, other = read_runs(model, [run, shifted])
    assert text_of(one) == text_of(other)
    assert [piece.confidence for piece in one] == pytest.approx(
        [piece.confidence for piece in other], abs=0.02
    )


def test_runs_read_together_are_read_as_each_alone(model):
    runs = [written("12", gap=0.3), written("890", gap=0.3, seed=4)]
    together = read_runs(model, runs)
    for run, pieces in zip(runs, together, strict=True):
        alone = read_runs(model, [run])[0]
        assert [piece.box for piece in alone] == [piece.box for piece in pieces]
        assert [piece.confidence for piece in alone] == pytest.approx(
            [piece.confidence for piece in pieces], abs=1e-4
        )


def test_confidences_and_probabilities_are_shares(model):
    for piece in read_runs(model, [written("6179", gap=None)])[0]:
        assert 0 <= piece.confidence <= 1
        assert 0 <= piece.is_digit <= 1
        assert piece.probabilities.sum() == pytest.approx(1)


def test_a_run_of_three_times_the_size_reads_the_same(model):
    run = written("2046", gap=0.3)
    large = cv2.resize(run.ink, None, fx=3, fy=3, interpolation=cv2.INTER_LINEAR)
    tall = LineImage(large, 0, 0, 3 * run.height_px)
    assert text_of(read_runs(model, [tall])[0]) == "2046"


def test_no_runs_and_bare_paper_give_no_pieces(model):
    bare = LineImage(np.zeros((20, 30), np.float32), 0, 0, 20.0)
    assert read_runs(model, []) == []
    assert read_runs(model, [bare]) == [[]]


def test_what_is_higher_than_marks_are_is_no_mark(model, monkeypatch):
    run = with_mark(12, lambda ink, x: cv2.line(ink, (x, 26), (x + 14, 25), 1.0, 4))
    assert "dash" in kinds_of(read_runs(model, [run])[0])
    monkeypatch.setattr(decoding, "HIGHEST_MARK", 0.0)
    assert "dash" not in kinds_of(read_runs(model, [run])[0])

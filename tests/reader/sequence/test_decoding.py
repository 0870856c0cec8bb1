"""Decoding: symbols of the likeliest text, their boxes, kinds, and confidences."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.models import load_model
from digitus.models.sequence.line_image_format import MARKS, N_CLASSES, OTHER
from digitus.reader.results.symbols import LineImage, Symbol
from digitus.reader.sequence import decoding
from digitus.reader.sequence.arc_features import NAMES
from digitus.reader.sequence.arc_scores import DIGITS, shipped_scorer
from digitus.reader.sequence.confidence import Calibration, SymbolCalibration
from digitus.reader.sequence.decoding import PARAMETERS, DecodedSymbol, decode
from digitus.reader.sequence.line_components import find_line_components
from digitus.reader.sequence.scoring import score_arcs
from digitus.reader.sequence.sequence_recognizer import shipped_sequence_recognizer

UNCHANGED = SymbolCalibration(Calibration(1.0, 0.0), Calibration(1.0, 0.0))


def scored(*images):
    outputs = shipped_sequence_recognizer().recognize(images)
    return score_arcs(load_model("cnn"), [find_line_components(one) for one in images], outputs)


def symbols_of(lines, scorer=None):
    """Return the symbols that were read."""
    return [[one for one in line if one.is_read] for line in all_symbols_of(lines, scorer)]


def all_symbols_of(lines, scorer=None):
    return [[one.symbol for one in line] for line in decode(lines, scorer or shipped_scorer())]


def digits_of(symbols):
    return [symbol.digit for symbol in symbols if symbol.kind == "digit"]


class OneClass:
    """A scorer that prefers one class on every arc, whatever the networks say."""

    text_weight = 0.0

    def __init__(self, number):
        self.number = number

    def scores(self, features, probabilities):
        scores = np.full((len(features), N_CLASSES), -5.0)
        scores[:, self.number] = 5
        return scores


@pytest.fixture(scope="module")
def touching(line_image, write_digits):
    """Two lines: one of touching digits, one of digits apart."""
    return scored(
        line_image(write_digits("38", gap=None, seed=2).ink),
        line_image(write_digits("407", gap=0.4, seed=1).ink),
    )


@pytest.fixture(scope="module")
def dash(line_image):
    """A line of one long, low stroke."""
    ink = np.zeros((32, 26), np.float32)
    ink[14:18, 3:23] = 1
    return scored(line_image(ink))


def test_each_line_has_the_digits_of_its_own_text(touching):
    assert [digits_of(line) for line in symbols_of(touching)] == [[3, 8], [4, 0, 7]]


def test_lines_decoded_together_are_decoded_as_each_alone(touching):
    together = symbols_of(touching)
    for line, symbols in zip(touching, together, strict=True):
        (alone,) = symbols_of([line])
        assert [one.box for one in alone] == [one.box for one in symbols]
        assert [one.confidence for one in alone] == pytest.approx(
            [one.confidence for one in symbols]
        )


def test_the_boxes_of_symbols_lie_within_the_line_from_left_to_right(touching):
    for line, symbols in zip(touching, symbols_of(touching), strict=True):
        rows, cols = line.arcs.nodes.components.ink.shape
        lefts = [symbol.box[0] for symbol in symbols]
        assert lefts == sorted(lefts)
        for left, top, right, bottom in (symbol.box for symbol in symbols):
            assert 0 <= left < right <= cols
            assert 0 <= top < bottom <= rows


def test_the_probability_of_the_read_digit_is_its_confidence(touching):
    for symbol in (one for line in symbols_of(touching) for one in line):
        assert symbol.probabilities.sum() == pytest.approx(1)
        assert symbol.probabilities[symbol.digit] == pytest.approx(symbol.confidence, abs=1e-3)


class NearlySure:
    """A scorer of lines whose every part is a 7, or an 8 with a small share."""

    text_weight = 0.0

    def __init__(self, share):
        self.share = share

    def scores(self, features, probabilities):
        scores = np.full((len(features), N_CLASSES), -60.0)
        scores[:, [7, 8]] = np.log([1, self.share])
        return scores


@pytest.mark.parametrize("share", [1e-5, 1e-8])
def test_confidence_tells_apart_what_beam_search_drops(touching, share):
    for symbol in symbols_of(touching[1:], NearlySure(share))[0]:
        assert 0.5 * share < 1 - symbol.confidence < 2 * share


class Doubtful:
    """A scorer of a line that is a 3 with 40 %, a 5 with 35 %, or something else."""

    text_weight = 0.0

    def scores(self, features, probabilities):
        scores = np.full((len(features), N_CLASSES), -40.0)
        scores[:, [3, 5, OTHER]] = np.log([0.4, 0.35, 0.25]) - 8  # a path of two arcs is unlikely
        return scores


def test_a_doubtful_digit_is_the_likeliest_one_although_its_rival_gets_all_of_the_rest(dash):
    ((symbol,),) = symbols_of(dash, Doubtful())
    assert symbol.confidence == pytest.approx(0.4, abs=0.01)
    assert symbol.digit == symbol.probabilities.argmax() == 3
    assert symbol.probabilities.sum() == pytest.approx(1)


class Sure:
    """A scorer of a line that is a 3 beyond any doubt; a 5 is far likelier than an 8."""

    text_weight = 0.0

    def scores(self, features, probabilities):
        scores = np.full((len(features), N_CLASSES), -90.0)
        scores[:, [3, 5, 8]] = 0, -40, -50
        return scores - 8


def test_the_alternatives_of_a_sure_digit_are_told_apart(dash):
    ((symbol,),) = symbols_of(dash, Sure())
    assert symbol.confidence == pytest.approx(1, abs=1e-3)
    assert symbol.probabilities.argsort()[::-1][:3].tolist() == [3, 5, 8]
    assert symbol.probabilities[5] > 1000 * symbol.probabilities[8] > 0


def test_the_digits_beside_a_mark_are_not_alternatives_to_it(line_image, write_digits):
    ink = write_digits("36", gap=1.4, seed=1).ink
    gap = np.flatnonzero(~ink.any(axis=0))
    ink[15:18, gap[4] : gap[-4]] = 1
    (symbols,) = symbols_of(scored(line_image(ink)))
    assert [symbol.kind for symbol in symbols] == ["digit", "minus", "digit"]
    assert symbols[1].probabilities[[3, 6]].sum() < 0.5


def test_a_low_stroke_is_read_as_a_mark_and_not_as_a_digit(dash):
    ((symbol,),) = symbols_of(dash)
    assert symbol.kind == "minus"
    assert symbol.confidence > 0.5
    assert symbol.p_digit < 0.5


@pytest.mark.parametrize(("number", "kind"), list(enumerate((*MARKS, "other"), DIGITS)))
def test_the_class_of_an_arc_gives_the_kind_of_its_symbol(dash, number, kind):
    (symbols,) = symbols_of(dash, OneClass(number))
    assert {symbol.kind for symbol in symbols} == {kind}


def test_what_is_higher_than_marks_are_is_never_a_mark(dash, monkeypatch):
    monkeypatch.setattr(decoding, "PARAMETERS", replace(PARAMETERS, max_mark_height=0.0))
    (symbols,) = symbols_of(dash, OneClass(12))
    assert not {symbol.kind for symbol in symbols} & {"point", "comma", "minus"}


def test_a_decoded_symbol_is_moved_and_scaled_to_the_page():
    image = LineImage(np.zeros((50, 80), np.float32), 300, 70, 40.0)
    decoded = DecodedSymbol(Symbol("digit", (10, 4, 20, 30), np.eye(10)[3], 1.0, 0.9), 0.5)
    symbol = decoded.on_page(image, UNCHANGED)
    assert symbol.box == (320, 78, 20, 42)  # the lower edge of the line image cuts it
    assert symbol.confidence == pytest.approx(0.9)


def test_a_mark_is_calibrated_as_marks_are():
    image = LineImage(np.zeros((50, 80), np.float32), 0, 0, 40.0)
    point = Symbol("point", (10, 4, 20, 30), np.eye(10)[3], confidence=0.9)
    calibration = SymbolCalibration(Calibration(1.0, 0.0), Calibration(0.0, 0.0))
    assert DecodedSymbol(point, 1.0).on_page(image, calibration).confidence == 0.5


class MarkOrNone:
    """A scorer of a line that is a 3 and then, with 30 %, a point."""

    text_weight = 0.0

    def scores(self, features, probabilities):
        scores = np.full((len(features), N_CLASSES), -40.0)
        is_low = features[:, NAMES.index("height")] < 0.4
        scores[~is_low, 3] = 0.0
        scores[np.ix_(is_low, [DIGITS, OTHER])] = np.log([0.3, 0.7])
        return scores


def test_a_mark_that_the_likeliest_text_leaves_out_is_kept_as_unread(line_image, write_digits):
    ink = np.pad(write_digits("3", gap=0.3, seed=1).ink, ((0, 0), (0, 14)))
    ink[-6:-1, -6:-1] = 1
    (symbols,) = all_symbols_of(scored(line_image(ink)), MarkOrNone())
    unread = [one for one in symbols if not one.is_read]
    assert [(one.kind, one.is_mark) for one in unread] == [("point", True)]
    assert 0.1 < unread[0].confidence <= 0.3  # other paths leave the ink of the mark out
    assert digits_of(symbols) == [3]

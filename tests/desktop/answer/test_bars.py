"""The ten bars."""

import pytest

from digitus.desktop.answer.bars import Bars

LIKELY_SEVEN = [0.004, 0.01, 0.02, 0.03, 0.001, 0.001, 0.001, 0.9, 0.003, 0.03]


@pytest.fixture
def bars(qtbot):
    made = Bars()
    qtbot.addWidget(made)
    made.resize(400, 300)
    return made


def test_the_ten_bars_are_read_out_with_percents_that_sum_to_100(bars):
    bars.show_probabilities(LIKELY_SEVEN, winner=7)
    words = bars.accessibleDescription().split(", ")
    assert words[7] == "7: 90.0 %"
    assert sum(float(each.split()[1]) for each in words) == pytest.approx(100, abs=1e-9)


def test_without_an_answer_no_percentages_are_shown(bars):
    bars.show_probabilities(LIKELY_SEVEN, winner=7)
    bars.show_probabilities(None)
    assert bars.texts() == ["nothing to show yet"]


def test_the_winner_differs_by_more_than_color(bars):
    bars.show_probabilities(LIKELY_SEVEN, winner=7)
    with_winner = bars.grab().toImage()
    bars.show_probabilities(LIKELY_SEVEN, winner=None)
    without = bars.grab().toImage()
    row_px = bars.height() / 10
    mark = [(x, int(7.5 * row_px)) for x in range(8)]  # left of the digit's name
    assert any(with_winner.pixel(*spot) != without.pixel(*spot) for spot in mark)


def test_the_layout_does_not_depend_on_what_is_shown(bars):
    empty = bars.sizeHint(), bars.minimumSizeHint()
    bars.show_probabilities([1.0] + 9 * [0.0], winner=0)
    assert (bars.sizeHint(), bars.minimumSizeHint()) == empty


def test_bars_can_be_painted_at_every_size_and_state(bars, qtbot):
    for size in ((220, 140), (900, 700)):
        bars.resize(*size)
        for shares in (None, LIKELY_SEVEN):
            bars.show_probabilities(shares, winner=None)
            assert not bars.grab().isNull()


def test_a_digit_below_a_tenth_of_a_percent_has_no_text_but_is_read_out(bars):
    bars.show_probabilities([0.0004, *[0.0] * 8, 0.9996], winner=9)
    image = bars.grab().toImage()
    row_px, right = bars.height() / 10, range(bars.width() - 60, bars.width())
    painted = [
        len({image.pixel(x, int((digit + 0.5) * row_px)) for x in right}) for digit in (0, 9)
    ]
    assert painted[0] == 1
    assert painted[1] > 1
    assert bars.texts()[0] == "0: < 0.1 %"

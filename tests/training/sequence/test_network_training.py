"""Training of the sequence network: rounds, lines of an epoch, rates."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.models.sequence.sequence_network import LONGEST_TEXT
from digitus.nn.ctc import NOTHING
from digitus.synthesis.lines.line_images import WrittenLine
from digitus.training.sequence import network_training
from digitus.training.sequence.lines_config import LinesConfig
from digitus.training.sequence.lines_of_pages import PageLine
from digitus.training.sequence.network_training import (
    DegradedLines,
    TwoRounds,
    as_target,
    make_lines,
    make_trainer,
    word_fonts,
)

CONFIG = LinesConfig(lines=50, epochs=4, threads=1)


def filled(samples, epochs, config=CONFIG):
    lines = DegradedLines(samples, config)
    for epoch in epochs:
        lines.fill(epoch)
    return lines.examples.x.copy()


def test_an_epoch_is_the_same_whatever_was_filled_before(samples):
    np.testing.assert_array_equal(filled(samples, [0, 1, 3]), filled(samples, [3]))


def test_each_epoch_shows_other_images(samples):
    assert (filled(samples, [0]) != filled(samples, [1])).any()


@pytest.mark.long
def test_each_round_writes_other_lines(samples):
    first, second = (make_lines(samples, CONFIG, number)[0] for number in (0, 1))
    assert first.text != second.text or (first.written != second.written).any()


@pytest.mark.long
def test_the_number_of_processes_does_not_change_the_lines(samples, monkeypatch):
    settings = replace(network_training.SETTINGS, portion=50, page_portion=30)
    monkeypatch.setattr(network_training, "SETTINGS", settings)
    one, two = (make_lines(samples, replace(CONFIG, threads=n), 0) for n in (1, 2))
    assert [line.text for line in one] == [line.text for line in two]
    degraded = ([line.degraded(np.random.default_rng(0)) for line in some] for some in (one, two))
    assert all((a == b).all() for a, b in zip(*degraded, strict=True))


def test_about_a_third_of_the_lines_are_cut_out_of_pages(samples):
    lines = make_lines(samples, CONFIG, 0)
    n_pages = sum(isinstance(line, PageLine) for line in lines)
    assert len(lines) == CONFIG.written_lines
    assert 0.3 < n_pages / len(lines) < 0.4


def test_the_rate_runs_through_two_cycles_the_second_half_as_high():
    schedule = TwoRounds(0.01, first_round=4)
    rates = [schedule(epoch / 10, 10) for epoch in range(100)]
    assert max(rates[:40]) == pytest.approx(0.01)
    assert max(rates[40:]) == pytest.approx(0.005)
    assert rates[39] < 0.001 > rates[40]


def test_a_run_of_one_epoch_is_one_cycle():
    schedule = TwoRounds(0.01, LinesConfig(epochs=1).first_round)
    assert max(schedule(epoch / 100, 1) for epoch in range(100)) == pytest.approx(0.01)


def test_a_text_is_filled_up_with_nothing_and_cut_to_the_longest():
    short, long = (WrittenLine(np.zeros((3, 3), np.uint8), text) for text in ((4, 2), (1,) * 40))
    assert as_target(short).tolist() == [4, 2] + [NOTHING] * (LONGEST_TEXT - 2)
    assert as_target(long).tolist() == [1] * LONGEST_TEXT


@pytest.mark.long
def test_the_loss_falls_from_epoch_to_epoch(samples):
    history = make_trainer(samples, CONFIG, []).run()
    losses = [epoch.loss for epoch in history]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.8 * losses[0]


def test_fonts_of_printed_words_are_there():
    assert len(word_fonts()) > 8

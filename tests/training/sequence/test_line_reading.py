"""Reading of training lines with the shipped networks."""

from dataclasses import replace

import numpy as np
import pytest

from digitus.models import load_model
from digitus.reader.sequence.arc_scores import shipped_scorer
from digitus.reader.sequence.sequence_recognizer import shipped_sequence_recognizer
from digitus.training.sequence.line_reading import (
    BATCH_LINES,
    TEXT_WEIGHTS,
    LineNetworks,
    choose_text_weight,
    degraded_lines,
    in_batches,
    join_readings,
    read_lines,
    scoring_examples,
)
from digitus.training.sequence.training_lines import make_number_string


@pytest.fixture(scope="module")
def networks():
    return LineNetworks(load_model("cnn"), shipped_sequence_recognizer())


@pytest.fixture(scope="module")
def strings(samples):
    rng = np.random.default_rng(0)
    return [make_number_string(samples, rng) for _ in range(BATCH_LINES + 5)]


@pytest.fixture(scope="module")
def readings(strings, networks):
    return join_readings(list(read_lines(strings, networks, shipped_scorer())))


def test_batches_hold_every_line_once(strings):
    assert [line for some in in_batches(strings) for line in some] == strings


def test_the_shipped_models_read_most_strings(readings, strings):
    assert len(readings.lines) == len(readings.posteriors) == len(strings)
    assert readings.lines.mean() > 0.6


def test_all_digits_of_a_line_that_was_read_are_right(readings):
    whole = [
        right for right, is_read in zip(readings.right, readings.lines, strict=True) if is_read
    ]
    assert np.concatenate(whole).mean() > 0.95


def test_a_line_with_other_classes_is_not_read(strings, networks):
    wrong = [replace(line, classes=(line.classes + 1) % 10) for line in strings[:5]]
    (found,) = read_lines(wrong, networks, shipped_scorer())
    assert not found.lines.any()
    assert np.concatenate(found.right).mean() < 0.1  # a misread neighbor may overlap


def test_most_lattices_have_a_right_path(strings, networks):
    from digitus.training.sequence.lattice_loss import has_right_path

    examples = list(scoring_examples(strings[:10], networks))
    assert len(examples) == 10
    assert np.mean([has_right_path(example.targets()) for example in examples]) > 0.7


def test_degraded_lines_have_ink_and_a_text(samples):
    lines = degraded_lines(4, samples, np.random.default_rng(0))
    assert len(lines) == 4
    assert all(line.image.ink.any() and len(line.classes) for line in lines)


def test_the_chosen_text_weight_reads_at_least_as_many_lines_as_any_other(strings, networks):
    some = strings[:12]
    chosen = choose_text_weight(some, networks, shipped_scorer())
    counts = {
        weight: join_readings(
            list(read_lines(some, networks, replace(shipped_scorer(), text_weight=weight)))
        ).lines.sum()
        for weight in TEXT_WEIGHTS
    }
    assert counts[chosen.text_weight] == max(counts.values())

"""Probabilities of the texts of a line: by the lattice, by the sequence network, and by their form.

The lattice weighs a text by its cuts, which is unreliable where no cut fits. The sequence network
needs no cuts: its probability of a text is the sum over all paths that read it. Both logarithms are
added, the network's with a weight that was chosen on held-out lines (``Scorer.text_weight``), and a
prior of the text (``text_forms``).
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from digitus.models.sequence.line_image_format import OTHER
from digitus.nn.ctc import best_paths, log_probabilities
from digitus.reader.sequence.arc_scores import DIGITS
from digitus.reader.sequence.arcs import Arcs
from digitus.reader.sequence.sequence_recognizer import PlaceProbabilities, SequenceOutput
from digitus.reader.sequence.texts.beam_search import Step, Text, TextReading, align_text
from digitus.reader.sequence.texts.text_forms import log_prior

Floats = NDArray[np.float64]


def with_sequence_texts(
    readings: Sequence[TextReading], output: SequenceOutput, arcs: Arcs, scores: Floats
) -> list[TextReading]:
    """Add the best-path texts of the sequence network that beam search missed.

    A text is added if no reading has the same digits and marks, and a path of the lattice reads it.

    Args:
        readings: texts of the lattice.
        output: output of the sequence network along the line.
        arcs: m arcs of the line.
        scores: (m, N_CLASSES) of each arc as each class.
    """
    found = list(readings)
    for probabilities in (output.probabilities, *output.views):
        (path,) = best_paths(probabilities[None])
        text = symbols_in(tuple(path))
        if all(symbols_in(reading.text) != text for reading in found):
            aligned = align_text(arcs.start, arcs.end, scores, text)
            found += [] if aligned is None else [aligned]
    return found


def text_probabilities(
    readings: Sequence[TextReading], output: SequenceOutput, sequence_weight: float
) -> Floats:
    """Return the probability (n,) of each of n texts; their sum is 1.

    Args:
        readings: n texts of a line.
        output: output of the sequence network along the line.
        sequence_weight: weight of the network's log-probability beside the lattice's.
    """
    weights = np.array([reading.weight for reading in readings])
    if len(readings) > 1 and sequence_weight:
        texts = [reading.text for reading in readings]
        views = [
            sequence_log_probabilities(texts, probabilities)
            for probabilities in (output.probabilities, *output.views)
        ]
        weights = weights + sequence_weight * np.mean(views, axis=0)
    weights = weights + [log_prior(reading.text) for reading in readings]
    probabilities: Floats = softmax(weights)
    return probabilities


def sequence_log_probabilities(texts: Sequence[Text], probabilities: PlaceProbabilities) -> Floats:
    """Return the log-probability (n,) that the sequence network reads each text.

    Symbols of the class "other" may be read or not: both count.

    Args:
        texts: n texts.
        probabilities: (places, N_CLASSES + 1) of the classes at each place.
    """
    bare = [symbols_in(text) for text in texts]
    both = log_probabilities(probabilities, [*texts, *bare]).reshape(2, -1)
    same = np.array([len(one) == len(other) for one, other in zip(texts, bare, strict=True)])
    joint: Floats = np.where(same, both[0], np.logaddexp(both[0], both[1]))
    return joint


def digit_probabilities(
    chosen: int, readings: Sequence[TextReading], probabilities: Floats
) -> Floats:
    """Return the probability (k,) that each digit of a text is right, with none missing there.

    The probability of another text counts against the digits of the chosen one that it lacks, and
    against those beside which it has one more.

    Args:
        chosen: number of the text among the readings.
        readings: n texts of a line.
        probabilities: (n,) of the texts.
    """
    texts = [digits_in(reading.text) for reading in readings]
    return _place_probabilities(chosen, texts, probabilities)


def mark_probabilities(
    chosen: int, readings: Sequence[TextReading], probabilities: Floats
) -> Floats:
    """Return the probability (k,) that each digit or mark of a text is right, and none missing.

    Those of digits are smaller than by `digit_probabilities`, as a mark that other texts have
    beside a digit counts against it.

    Args:
        chosen: number of the text among the readings.
        readings: n texts of a line.
        probabilities: (n,) of the texts.
    """
    texts = [symbols_in(reading.text) for reading in readings]
    return _place_probabilities(chosen, texts, probabilities)


def _place_probabilities(chosen: int, texts: Sequence[Text], probabilities: Floats) -> Floats:
    """Return 1 less the probability of the texts that differ in each place of the chosen one."""
    right = np.ones(len(texts[chosen]))
    for number, (text, probability) in enumerate(zip(texts, probabilities, strict=True)):
        if number != chosen:
            right[_differing_places(texts[chosen], text)] -= probability
    return right.clip(min=0)


def unread_marks(
    chosen: int, readings: Sequence[TextReading], probabilities: Floats
) -> dict[tuple[int, int], tuple[Step, float]]:
    """Return the marks that other texts with the same digits have and the chosen one has not.

    Args:
        chosen: number of the text among the readings.
        readings: n texts of a line.
        probabilities: (n,) of the texts.

    Returns:
        By number of digits before the mark and its class: a step that reads it, and the
        probability of the texts that have it.
    """
    digits, has = digits_in(readings[chosen].text), _marks_by_place(readings[chosen])
    found: dict[tuple[int, int], tuple[Step, float]] = {}
    for reading, probability in zip(readings, probabilities.tolist(), strict=True):
        if digits_in(reading.text) != digits:
            continue
        for place, step in _marks_by_place(reading).items():
            if place not in has:
                first, before = found.get(place, (step, 0.0))
                found[place] = first, before + probability
    return found


def _marks_by_place(reading: TextReading) -> dict[tuple[int, int], Step]:
    """Return the step of each mark of a text, by the digits before it and its class."""
    n_digits, marks = 0, dict[tuple[int, int], Step]()
    for step in reading.steps:
        kind = step[1]
        if kind < DIGITS:
            n_digits += 1
        elif kind != OTHER:
            marks[n_digits, kind] = step
    return marks


def symbols_in(text: Text) -> Text:
    """Return the digits and marks of a text.

    >>> symbols_in((4, 10, OTHER, 2))
    (4, 10, 2)
    """
    return tuple(kind for kind in text if kind != OTHER)


def digits_in(text: Text) -> Text:
    """Return the digits of a text, without marks and other symbols.

    >>> digits_in((4, 13, 2, 10))
    (4, 2)
    """
    return tuple(kind for kind in text if kind < DIGITS)


def _differing_places(text: Text, other: Text) -> list[int]:
    """Return the places of a text at which another text differs."""
    places: set[int] = set()
    for kind, start, stop, _, _ in SequenceMatcher(None, text, other, False).get_opcodes():
        if kind in ("replace", "delete"):
            places.update(range(start, stop))
        elif kind == "insert":
            places.add(max(start - 1, 0))
    return sorted(place for place in places if place < len(text))

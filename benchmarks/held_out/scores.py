"""Compare what was read on a held-out page with what is written, and say what went wrong."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from held_out.truth import SIGNS, Box, HeldOutPage
from reading.scores import edit_distance, share

OVERLAP = 0.4  # of the smaller box, in both directions: a number was read in a word
LONELY, DIFFERENT, UNEVEN = 0.6, 1.1, 0.3  # costs of an alignment
STEPS = ((1, 0), (0, 1), (1, 1), (1, 2), (1, 3), (2, 1), (3, 1))  # true and found numbers of a pair
KINDS = tuple(SIGNS.values())


@dataclass(frozen=True)
class Found:
    """A number that was read: as written, flagged or not, and its box."""

    text: str
    to_check: bool
    box: Box


@dataclass(frozen=True)
class Pair:
    """True numbers and what was read for them; either may be empty."""

    true: tuple[str, ...]
    found: tuple[Found, ...]

    @property
    def read(self) -> str:
        """All that was read."""
        return "".join(one.text for one in self.found)

    @property
    def is_right(self) -> bool:
        """Whether one number was read as written."""
        return self.true == tuple(one.text for one in self.found)

    @property
    def cost(self) -> float:
        """Cost of this pair in an alignment: 0 if it is right; as much as ``LONELY`` alone."""
        if not self.true or not self.found:
            return LONELY
        text = "".join(self.true)
        distance = edit_distance(text, self.read) / max(len(text), len(self.read))
        return DIFFERENT * distance + UNEVEN * (len(self.true) + len(self.found) - 2)


@dataclass(frozen=True)
class Answer:
    """What is written on a page and what was read.

    Attributes:
        kind: of the page.
        number: of the page.
        true: numbers as written, in reading order.
        found: the numbers that were read, in their order.
        words: boxes of what is no number; None if the reader squared the page up, so that its boxes
            are not those of the image.
        seconds: that reading took.
    """

    kind: str
    number: int
    true: tuple[str, ...]
    found: tuple[Found, ...]
    words: tuple[Box, ...] | None = None
    seconds: float = 0.0

    @property
    def right(self) -> bool:
        """Whether all numbers are as written, in order, and there are no others."""
        return self.true == tuple(one.text for one in self.found)

    @property
    def digits_right(self) -> bool:
        """Whether all digits are right, in order, wherever numbers begin and end."""
        return digits_of(self.true) == digits_of(one.text for one in self.found)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """What was read for each number."""
        return align(self.true, self.found)


def answer_of(kind: str, number: int, page: HeldOutPage, reading: Any, seconds: float) -> Answer:
    """Return the answer of a reading of a page."""
    read = reading.pages[0]
    found = tuple(
        Found(one.text, one.to_check, one.box) for line in read.lines for one in line.numbers
    )
    is_squared_up = (read.height, read.width) != page.image.shape[:2]
    return Answer(kind, number, page.texts, found, None if is_squared_up else page.words, seconds)


def digits_of(texts: Iterable[str]) -> str:
    """Return the digits of texts, with ``?`` for a declined one.

    >>> digits_of(["-3.5", "12/0?"])
    '35120?'
    """
    return "".join(character for text in texts for character in text if character not in SIGNS)


def align(true: Sequence[str], found: Sequence[Found]) -> tuple[Pair, ...]:
    """Pair true numbers with those that were read, both in order, at the least cost.

    A pair is one to one; one to several, if a number was split; or several to one, if they were
    joined. What has no partner is paired with nothing.
    """
    ends: dict[tuple[int, int], tuple[float, tuple[Pair, ...]]] = {(0, 0): (0.0, ())}
    for i in range(len(true) + 1):
        for j in range(len(found) + 1):
            ways = [
                (ends[i - m, j - n], Pair(tuple(true[i - m : i]), tuple(found[j - n : j])))
                for m, n in STEPS
                if m <= i and n <= j
            ]
            if ways:
                costs = [(cost + pair.cost, (*pairs, pair)) for (cost, pairs), pair in ways]
                ends[i, j] = min(costs, key=lambda one: one[0])
    return ends[len(true), len(found)][1]


def reasons(answer: Answer) -> set[str]:
    """Return what is wrong on a page.

    ``order``: the right numbers in another order, and nothing else. ``extra in words``, ``extra
    ones`` and ``extra elsewhere``: numbers where none is written. ``missed``, ``split``,
    ``joined``: true numbers. ``digits`` and ``marks``: numbers with wrong digits, or with right
    digits and wrong marks.
    """
    if answer.right:
        return set()
    if sorted(answer.true) == sorted(one.text for one in answer.found):
        return {"order"}
    return {_reason(pair, answer.words or ()) for pair in answer.pairs if not pair.is_right}


def _reason(pair: Pair, words: Sequence[Box]) -> str:
    if not pair.found:
        return "missed"
    if not pair.true:
        if any(_overlap(pair.found[0].box, word) for word in words):
            return "extra in words"
        return "extra ones" if set(pair.read) <= set("1?") else "extra elsewhere"
    if len(pair.found) > 1 or len(pair.true) > 1:
        return "split" if len(pair.found) > 1 else "joined"
    return "marks" if digits_of([pair.read]) == digits_of(pair.true) else "digits"


def _overlap(one: Box, other: Box) -> bool:
    """Return whether two boxes share ``OVERLAP`` of the narrower width and the lower height."""
    for start, size in ((0, 2), (1, 3)):
        low = max(one[start], other[start])
        high = min(one[start] + one[size], other[start] + other[size])
        if high - low < OVERLAP * min(one[size], other[size]):
            return False
    return True


def score(answers: Sequence[Answer]) -> dict[str, Any]:
    """Score the answers to pages of one kind, or of several."""
    pairs = [pair for answer in answers for pair in answer.pairs]
    wrong = [pair for pair in pairs if not pair.is_right]
    numbers = sum(len(answer.true) for answer in answers)
    marks = _MarkCounts()
    for pair in pairs:
        marks.add(pair)
    specks = sum(marks.found[kind] - marks.hit[kind] for kind in ("point", "comma"))
    return {
        "pages": share(sum(answer.right for answer in answers), len(answers)),
        "digits": share(sum(answer.digits_right for answer in answers), len(answers)),
        "numbers": share(len(pairs) - len(wrong), numbers),
        "missed": sum(len(pair.true) for pair in pairs if not pair.found),
        "silent": sum(not one.to_check for pair in wrong for one in pair.found),
        "marks": {
            kind: {
                "recall": share(marks.hit[kind], marks.true[kind]),
                "precision": share(marks.hit[kind], marks.found[kind]),
            }
            for kind in KINDS
        },
        "false_points_per_number": specks / numbers,
        "slash_against_1": {"flagged": marks.confused[True], "silent": marks.confused[False]},
        "reasons": dict(Counter(name for one in answers for name in reasons(one)).most_common()),
        "mean_s": sum(answer.seconds for answer in answers) / len(answers),
    }


@dataclass
class _MarkCounts:
    """Marks that are written, that were found, and both; a slash against a 1 by its flag."""

    true: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    confused: Counter[bool] = field(default_factory=Counter)

    def add(self, pair: Pair) -> None:
        """Count the marks of a pair."""
        text, read = "".join(pair.true), pair.read
        self.true.update(_marks(text))
        self.found.update(_marks(read))
        for tag, a, b, c, d in SequenceMatcher(None, text, read, autojunk=False).get_opcodes():
            if tag == "equal":
                self.hit.update(_marks(text[a:b]))
            elif tag == "replace":
                both = zip(text[a:b], read[c:d], strict=False)
                flagged = any(one.to_check for one in pair.found)
                self.confused[flagged] += sum({one, other} == {"/", "1"} for one, other in both)


def _marks(text: str) -> list[str]:
    """Return the kinds of the marks in a text."""
    return [SIGNS[character] for character in text if character in SIGNS]

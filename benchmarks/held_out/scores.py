"""Compare what was read on a held-out page with what is written, and say what went wrong."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from digitus.reader.results.as_written import written
from held_out.truth import SIGNS, Box, HeldOutPage
from reading.scores import share

OVERLAP = 0.4  # of the smaller box, in both directions: a found number is in the place of a true one
KINDS = tuple(SIGNS.values())


@dataclass(frozen=True)
class Found:
    """A number that was read: as written, flagged or not, and its box."""

    text: str
    to_check: bool
    box: Box


@dataclass(frozen=True)
class Answer:
    """What is written on a page and what was read.

    Attributes:
        kind: of the page.
        number: of the page.
        true: numbers as written and their boxes, in reading order.
        found: the numbers that were read, in their order.
        words: boxes of what is no number.
        seconds: that reading took.
    """

    kind: str
    number: int
    true: tuple[tuple[str, Box], ...]
    found: tuple[Found, ...]
    words: tuple[Box, ...] = ()
    seconds: float = 0.0

    @property
    def right(self) -> bool:
        """Whether all numbers are as written, in order, and there are no others."""
        return [text for text, _ in self.true] == [one.text for one in self.found]

    @property
    def digits_right(self) -> bool:
        """Whether all digits are, in order, wherever numbers begin and end."""
        return digits_of(text for text, _ in self.true) == digits_of(one.text for one in self.found)

    def places(self) -> list[list[Found]]:
        """Return for each true number what was read in its place, from left to right."""
        return [
            sorted((one for one in self.found if overlap(one.box, box)), key=lambda one: one.box[0])
            for _, box in self.true
        ]

    def extra(self) -> list[Found]:
        """Return the numbers that were read where none is written."""
        return [one for one in self.found if not any(overlap(one.box, box) for _, box in self.true)]


def answer_of(kind: str, number: int, page: HeldOutPage, reading: Any, seconds: float) -> Answer:
    """Return the answer of a reading of a page."""
    found = [one for page in reading.pages for line in page.lines for one in line.numbers]
    return Answer(
        kind,
        number,
        tuple((one.text, one.box) for one in page.numbers),
        tuple(Found(as_written(one), one.to_check, one.box) for one in found),
        page.words,
        seconds,
    )


def as_written(number: Any) -> str:
    """Return the text of a number with its marks, whether or not ``text`` has them.

    A number with a ``value`` has a text as written; before that, the text was its digits alone.
    """
    text: str = number.text if hasattr(number, "value") else written(number)
    return text


def digits_of(texts: Iterable[str]) -> str:
    """Return the digits of texts, with ``?`` for a declined one.

    >>> digits_of(["-3.5", "12/0?"])
    '35120?'
    """
    return "".join(character for text in texts for character in text if character not in SIGNS)


def overlap(one: Box, other: Box) -> bool:
    """Return whether two boxes share ``OVERLAP`` of the narrower width and the lower height."""
    for start, size in ((0, 2), (1, 3)):
        low = max(one[start], other[start])
        high = min(one[start] + one[size], other[start] + other[size])
        if high - low < OVERLAP * min(one[size], other[size]):
            return False
    return True


def reasons(answer: Answer) -> set[str]:
    """Return what is wrong on a page.

    ``extra in words``, ``extra ones`` and ``extra elsewhere`` are numbers where none is written;
    ``missed``, ``split`` and ``joined`` are true numbers; ``digits`` and ``marks`` are numbers in
    their place with wrong digits, or with wrong marks alone; ``order`` is all that is left.
    """
    if answer.right:
        return set()
    places = answer.places()
    names = {_extra_reason(one, answer.words) for one in answer.extra()}
    for (text, _), place in zip(answer.true, places, strict=True):
        if not place:
            names.add("missed")
        elif len(place) > 1:
            names.add("split")
        elif sum(place[0] in other for other in places) > 1:
            names.add("joined")
        elif place[0].text != text:
            same = digits_of([place[0].text]) == digits_of([text])
            names.add("marks" if same else "digits")
    return names or {"order"}


def score(answers: Sequence[Answer]) -> dict[str, Any]:
    """Score the answers to pages of one kind, or of several."""
    numbers = sum(len(answer.true) for answer in answers)
    right, silent, missed = (
        sum(counts) for counts in zip(*map(_numbers_of, answers), strict=True)
    )
    true, found, hit = Counter[str](), Counter[str](), Counter[str]()
    confused = Counter[bool]()
    for answer in answers:
        _count_marks(answer, true, found, hit, confused)
    specks = sum(found[kind] - hit[kind] for kind in ("point", "comma"))
    return {
        "pages": share(sum(answer.right for answer in answers), len(answers)),
        "digits": share(sum(answer.digits_right for answer in answers), len(answers)),
        "numbers": share(right, numbers),
        "missed": missed,
        "silent": silent,
        "marks": {
            kind: {"recall": share(hit[kind], true[kind]), "precision": share(hit[kind], found[kind])}
            for kind in KINDS
        },
        "false_points_per_number": specks / numbers,
        "slash_against_1": {"flagged": confused[True], "silent": confused[False]},
        "reasons": dict(Counter(name for one in answers for name in reasons(one)).most_common()),
        "mean_s": sum(answer.seconds for answer in answers) / len(answers),
    }


def _numbers_of(answer: Answer) -> tuple[int, int, int]:
    """Count true numbers read as written, found ones that are wrong but not flagged, and missed."""
    places = answer.places()
    right = [
        place[0]
        for (text, _), place in zip(answer.true, places, strict=True)
        if len(place) == 1 and place[0].text == text
    ]
    silent = sum(not one.to_check for one in answer.found if not any(one is r for r in right))
    return len(right), silent, sum(not place for place in places)


def _count_marks(
    answer: Answer,
    true: Counter[str],
    found: Counter[str],
    hit: Counter[str],
    confused: Counter[bool],
) -> None:
    """Count marks that are written, that were found, and both; a slash against a 1 by its flag."""
    for text, _ in answer.true:
        true.update(SIGNS[one] for one in text if one in SIGNS)
    for number in answer.found:
        found.update(SIGNS[one] for one in number.text if one in SIGNS)
    for (text, _), place in zip(answer.true, answer.places(), strict=True):
        read = "".join(one.text for one in place)
        flagged = any(one.to_check for one in place)
        for tag, a, b, c, d in SequenceMatcher(None, text, read, autojunk=False).get_opcodes():
            if tag == "equal":
                hit.update(SIGNS[one] for one in text[a:b] if one in SIGNS)
            elif tag == "replace":
                pairs = zip(text[a:b], read[c:d], strict=False)
                confused[flagged] += sum({one, other} == {"/", "1"} for one, other in pairs)


def _extra_reason(number: Found, words: Sequence[Box]) -> str:
    if any(overlap(number.box, word) for word in words):
        return "extra in words"
    return "extra ones" if set(number.text) <= set("1?") else "extra elsewhere"

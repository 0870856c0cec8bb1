"""Words are left out before line images are read: most of their single marks are no digits.

Over-segmentation always finds some digits in a word; its whole letters are none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.reader.layout.boxes import Bools, Floats, Places
from digitus.reader.orientation.marks import PARAMETERS as MARK_PARAMETERS
from digitus.reader.orientation.marks import connected_marks, digit_log_likelihoods
from digitus.reader.results.symbols import LineImage
from digitus.recognizer import DigitModel


@dataclass(frozen=True)
class WordImageParameters:
    """Which line images are words. Log-likelihoods of marks as digits are in nats.

    Attributes:
        min_height: height of a letter in heights of the line; lower ones are marks.
        max_height: the same; higher marks are drawings.
        max_width: width of a letter over its height; touching digits are wider.
        min_width: the same; 1, l and i look alike.
        min_letters: letters of a word; with fewer there is too little evidence.
        max_letters: letters of a line image that are classified.
        word_nats: sum of the log-likelihoods above that of letters, from which a line image is no
            word. Numbers in poor handwriting stay above it.
        max_gap: columns between a word and a short word beside it, in heights.
        min_words: words of a page of text.
        min_word_share: share of words among the long line images of a page of text.
        text_nats: mean log-likelihood at and below which a long line image of a page of text is a
            word.
        min_texture: marks, one of each line image, of a texture such as noise or a photo.
        max_texture_marks: marks of it that are classified.
        texture_nats: mean log-likelihood at and below which they are a texture.
    """

    min_height: float = 0.45
    max_height: float = 1.6
    max_width: float = 1.1
    min_width: float = 0.4
    min_letters: int = 4
    max_letters: int = 12
    word_nats: float = -4.0
    max_gap: float = 1.5
    min_words: int = 3
    min_word_share: float = 0.5
    text_nats: float = -0.8
    min_texture: int = 100
    max_texture_marks: int = 60
    texture_nats: float = -2.0


PARAMETERS = WordImageParameters()


@dataclass(frozen=True, eq=False)
class _Evidence:
    """The letters of n line images, as evidence for words.

    Attributes:
        counts: (n,) letters of each.
        means: (n,) mean log-likelihood of its letters as digits; 0.0 where none was classified.
    """

    counts: Places
    means: Floats

    def has_enough_letters(self) -> Bools:
        """Return which line images (n,) have as many letters as a word."""
        return np.asarray(self.counts >= PARAMETERS.min_letters)

    def are_words(self) -> Bools:
        """Return which line images (n,) are words by their own letters."""
        nats = self.counts * (self.means - MARK_PARAMETERS.letter_nats)
        return self.has_enough_letters() & (nats <= PARAMETERS.word_nats)


def without_word_images(
    model: DigitModel, lines: Sequence[Sequence[LineImage]]
) -> list[list[LineImage]]:
    """Leave out the line images that are words, and lines without any other.

    Args:
        model: classifies single digits.
        lines: of a page, each from left to right.

    Returns:
        The other line images; none of a page of noise or a photo.
    """
    letters = [[_letters(image) for image in line] for line in lines]
    if _is_texture(model, [marks[0] for line in letters for marks in line if marks]):
        return []
    evidence = _evidence_of(model, letters)
    is_text = _is_page_of_text(evidence)
    kept = []
    for line, one in zip(lines, evidence, strict=True):
        words = _are_words(line, one, is_text=is_text)
        kept.append([image for image, is_word in zip(line, words, strict=True) if not is_word])
    return [line for line in kept if line]


def _letters(image: LineImage) -> list[Ink]:
    """Return some of the marks of a line image that may be one letter or digit each."""
    marks = connected_marks(image.ink)
    width = (marks.boxes[:, 2] - marks.boxes[:, 0]) / image.height_px
    height = (marks.boxes[:, 3] - marks.boxes[:, 1]) / image.height_px
    fit = (height >= PARAMETERS.min_height) & (height <= PARAMETERS.max_height)
    fit &= (width <= PARAMETERS.max_width * height) & (width >= PARAMETERS.min_width * height)
    places = np.flatnonzero(fit)
    places = places[:: -(-max(1, len(places)) // PARAMETERS.max_letters)]
    return [marks.crop(place) for place in places.tolist()]


def _is_texture(model: DigitModel, marks: Sequence[Ink]) -> bool:
    """Return whether the marks of a page are many and hardly ever digits."""
    if len(marks) < PARAMETERS.min_texture:
        return False
    some = marks[:: len(marks) // PARAMETERS.max_texture_marks]
    return bool(digit_log_likelihoods(model, some).mean() <= PARAMETERS.texture_nats)


def _evidence_of(model: DigitModel, letters: Sequence[Sequence[list[Ink]]]) -> list[_Evidence]:
    """Classify the letters of each line with a line image long enough to be a word.

    The others have no word, so pages of short numbers take no time.
    """
    least = PARAMETERS.min_letters
    chosen = [
        list(line) if any(len(marks) >= least for marks in line) else [list[Ink]() for _ in line]
        for line in letters
    ]
    inks = [ink for line in chosen for marks in line for ink in marks]
    nats = iter(digit_log_likelihoods(model, inks).tolist())
    evidence = []
    for line, classified in zip(letters, chosen, strict=True):
        counts = np.array([len(marks) for marks in line], np.intp)
        means = [np.mean([next(nats) for _ in marks]) if marks else 0.0 for marks in classified]
        evidence.append(_Evidence(counts, np.array(means, np.float64)))
    return evidence


def _is_page_of_text(evidence: Sequence[_Evidence]) -> bool:
    """Return whether most long line images of a page are words: few others are numbers then."""
    words = sum(int(one.are_words().sum()) for one in evidence)
    long = sum(int(one.has_enough_letters().sum()) for one in evidence)
    return words >= max(PARAMETERS.min_words, PARAMETERS.min_word_share * long)


def _are_words(line: Sequence[LineImage], evidence: _Evidence, *, is_text: bool) -> Bools:
    """Return which line images (n,) are words, or short words beside one."""
    long = evidence.are_words()
    if is_text:
        long |= evidence.has_enough_letters() & (evidence.means <= PARAMETERS.text_nats)
    words = long.copy()
    long_words = [image for image, is_long in zip(line, long, strict=True) if is_long]
    for place in np.flatnonzero(~long & (evidence.means <= MARK_PARAMETERS.letter_nats)).tolist():
        words[place] = any(_is_beside(line[place], word) for word in long_words)
    return words


def _is_beside(image: LineImage, word: LineImage) -> bool:
    """Return whether a line image is near a word."""
    right, word_right = image.left + image.ink.shape[1], word.left + word.ink.shape[1]
    gap = max(word.left - right, image.left - word_right)
    return bool(gap <= PARAMETERS.max_gap * word.height_px)

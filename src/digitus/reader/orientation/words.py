"""Leave out words before line images are read: most of their components are not digits.

Over-segmentation always finds some digits in a word, but whole letters are not digits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitus.imaging.arrays import Ink
from digitus.reader.layout.boxes import Bools, Floats, Places
from digitus.reader.orientation.ink_components import PARAMETERS as COMPONENT_PARAMETERS
from digitus.reader.orientation.ink_components import digit_log_likelihoods, find_ink_components
from digitus.reader.results.symbols import LineImage
from digitus.recognizer import DigitModel


@dataclass(frozen=True)
class WordImageParameters:
    """Which line images are words. Log-likelihoods of components as digits are in nats.

    Set by hand: the sizes from the proportions of letters, the log-likelihoods so that numbers in
    poor handwriting are kept.

    Attributes:
        min_height: least height of a letter, in heights of the line; lower components are dots,
            commas and dashes.
        max_height: greatest height of a letter; higher components are drawings.
        max_width: greatest width of a letter over its height; touching digits are wider.
        min_width: least width of a letter over its height; 1, l and i look alike.
        min_letters: least number of letters of a word; fewer give too little evidence.
        max_letters: number of letters of a line image that are classified; bounds the time.
        word_nats: greatest log-likelihood ratio of digits to letters, summed over a line image, for
            it to be a word.
        max_gap: greatest gap between a word and a short word beside it, in heights.
        min_words: least number of words on a page of text.
        min_word_share: least share of words among the long line images of a page of text.
        text_nats: greatest mean log-likelihood of a word on a page of text.
        min_texture: least number of line images of a texture such as noise or a photo.
        max_texture_components: number of its components that are classified; bounds the time.
        texture_nats: greatest mean log-likelihood of its components.
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
    max_texture_components: int = 60
    texture_nats: float = -2.0


PARAMETERS = WordImageParameters()


@dataclass(frozen=True, eq=False)
class _Evidence:
    """The letters of n line images, as evidence for words.

    Attributes:
        counts: (n,) number of letters of each.
        means: (n,) mean log-likelihood of its letters as digits; 0.0 where none was classified.
    """

    counts: Places
    means: Floats

    def has_enough_letters(self) -> Bools:
        """Return which line images (n,) have as many letters as a word."""
        return np.asarray(self.counts >= PARAMETERS.min_letters)

    def are_words(self) -> Bools:
        """Return which line images (n,) are words by their own letters."""
        nats = self.counts * (self.means - COMPONENT_PARAMETERS.letter_nats)
        return self.has_enough_letters() & (nats <= PARAMETERS.word_nats)


def without_word_images(
    model: DigitModel, lines: Sequence[Sequence[LineImage]]
) -> list[list[LineImage]]:
    """Leave out the line images that are words, and lines without any other.

    Args:
        model: classifies single digits.
        lines: line images of each line of a page, from left to right.

    Returns:
        The other line images; an empty list for a page of noise or a photo.
    """
    letters = [[_letters(image) for image in line] for line in lines]
    if _is_texture(model, [components[0] for line in letters for components in line if components]):
        return []
    evidence = _evidence_of(model, letters)
    is_text = _is_page_of_text(evidence)
    kept = []
    for line, one in zip(lines, evidence, strict=True):
        words = _are_words(line, one, is_text=is_text)
        kept.append([image for image, is_word in zip(line, words, strict=True) if not is_word])
    return [line for line in kept if line]


def _letters(image: LineImage) -> list[Ink]:
    """Return some of the components of a line image that may be one letter or digit each."""
    components = find_ink_components(image.ink)
    width = (components.boxes[:, 2] - components.boxes[:, 0]) / image.height_px
    height = (components.boxes[:, 3] - components.boxes[:, 1]) / image.height_px
    fit = (height >= PARAMETERS.min_height) & (height <= PARAMETERS.max_height)
    fit &= (width <= PARAMETERS.max_width * height) & (width >= PARAMETERS.min_width * height)
    places = np.flatnonzero(fit)
    places = places[:: -(-max(1, len(places)) // PARAMETERS.max_letters)]
    return [components.crop(place) for place in places.tolist()]


def _is_texture(model: DigitModel, components: Sequence[Ink]) -> bool:
    """Return whether the components of a page are many and hardly ever digits."""
    if len(components) < PARAMETERS.min_texture:
        return False
    some = components[:: len(components) // PARAMETERS.max_texture_components]
    return bool(digit_log_likelihoods(model, some).mean() <= PARAMETERS.texture_nats)


def _evidence_of(model: DigitModel, letters: Sequence[Sequence[list[Ink]]]) -> list[_Evidence]:
    """Classify the letters of each line with a line image long enough to be a word.

    Lines without one hold no word, so pages of short numbers take no time.
    """
    least = PARAMETERS.min_letters
    chosen = [
        list(line)
        if any(len(components) >= least for components in line)
        else [list[Ink]() for _ in line]
        for line in letters
    ]
    inks = [ink for line in chosen for components in line for ink in components]
    nats = iter(digit_log_likelihoods(model, inks).tolist())
    evidence = []
    for line, classified in zip(letters, chosen, strict=True):
        counts = np.array([len(components) for components in line], np.intp)
        means = [
            np.mean([next(nats) for _ in components]) if components else 0.0
            for components in classified
        ]
        evidence.append(_Evidence(counts, np.array(means, np.float64)))
    return evidence


def _is_page_of_text(evidence: Sequence[_Evidence]) -> bool:
    """Return whether most long line images of a page are words, so that few are numbers."""
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
    for place in np.flatnonzero(
        ~long & (evidence.means <= COMPONENT_PARAMETERS.letter_nats)
    ).tolist():
        words[place] = any(_is_beside(line[place], word) for word in long_words)
    return words


def _is_beside(image: LineImage, word: LineImage) -> bool:
    """Return whether a line image is near a word."""
    right, word_right = image.left + image.ink.shape[1], word.left + word.ink.shape[1]
    gap = max(word.left - right, image.left - word_right)
    return bool(gap <= PARAMETERS.max_gap * word.height_px)

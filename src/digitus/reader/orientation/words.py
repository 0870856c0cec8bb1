"""Leave out words before line images are read: most of their components are not digits.

Over-segmentation always finds some digits in a word, but whole letters are not digits. A number
with a word close beside it, such as its unit, is one line image with it, and is kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

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
        text_nats: greatest median log-likelihood of a word on a page of text; a single plus or
            percent sign beside digits does not change it.
        min_texture: least number of line images of a texture such as noise or a photo.
        max_texture_components: number of its components that are classified; bounds the time.
        texture_nats: greatest mean log-likelihood of its components.
        part_gap: gap in a line image from which it may lie between a number and a word, in heights;
            the letters of a word are nearer.
        min_beside_sign: least number of components of such a part of which the first may be a sign.
        max_sign: greatest height of a sign over the median of the components behind it.
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
    part_gap: float = 0.35
    min_beside_sign: int = 3
    max_sign: float = 0.75


PARAMETERS = WordImageParameters()


@dataclass(frozen=True, eq=False)
class _Letters:
    """Components of a line image that may be one letter or digit each.

    Attributes:
        inks: n crops (rows, cols).
        middles: (n,) columns of their middles in the line image.
    """

    inks: list[Ink]
    middles: Floats

    def __len__(self) -> int:
        """Return the number of components."""
        return len(self.inks)


@dataclass(frozen=True, eq=False)
class _Evidence:
    """The letters of n line images, as evidence for words.

    Attributes:
        counts: (n,) number of letters of each.
        nats: log-likelihoods of the letters of each as digits; empty where none was classified.
    """

    counts: Places
    nats: list[Floats]

    @property
    def means(self) -> Floats:
        """Mean log-likelihood (n,) of the letters; 0.0 where none was classified."""
        return np.array([one.mean() if len(one) else 0.0 for one in self.nats], np.float64)

    @property
    def medians(self) -> Floats:
        """Median log-likelihood (n,) of the letters; 0.0 where none was classified."""
        return np.array([np.median(one) if len(one) else 0.0 for one in self.nats], np.float64)

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
        The other line images; of one that holds a word and a number, the part with the number. An
        empty list for a page of noise or a photo.
    """
    letters = [[_letters(image) for image in line] for line in lines]
    if _is_texture(model, [some.inks[0] for line in letters for some in line if len(some)]):
        return []
    evidence = _evidence_of(model, letters)
    is_text = _is_page_of_text(evidence)
    kept: list[list[LineImage]] = []
    for line, some, one in zip(lines, letters, evidence, strict=True):
        kept.append([])
        for place, is_word in enumerate(_are_words(line, one, is_text=is_text)):
            if not is_word:
                kept[-1].append(line[place])
            elif one.has_enough_letters()[place]:
                kept[-1] += _numbers_beside_words(line[place], some[place], one.nats[place])
    return [line for line in kept if line]


def _numbers_beside_words(image: LineImage, letters: _Letters, nats: Floats) -> Iterator[LineImage]:
    """Yield the parts of a line image that are numbers: their components are likely digits.

    What has neither digits nor letters, such as a minus, belongs to what follows.
    """
    parts = _parts_of(image)
    is_number: list[bool | None] = []
    for first, last in parts:
        own = np.flatnonzero((letters.middles >= first) & (letters.middles < last))
        mean = float(_without_sign(letters, nats, own).mean()) if len(own) else None
        is_number.append(None if mean is None else mean > COMPONENT_PARAMETERS.letter_nats)
    following: bool | None = False
    for place in reversed(range(len(parts))):
        following = is_number[place] = following if is_number[place] is None else is_number[place]
    if all(is_number):
        return
    for number, some in groupby(zip(parts, is_number, strict=True), key=lambda one: one[1]):
        spans = [span for span, _ in some]
        if number:
            yield _columns_of(image, spans[0][0], spans[-1][1])


def _without_sign(letters: _Letters, nats: Floats, places: Places) -> Floats:
    """Return the log-likelihoods of a part, without that of a low sign that begins it: a plus."""
    places = places[np.argsort(letters.middles[places])]
    if len(places) < PARAMETERS.min_beside_sign:
        return nats[places]
    first, *others = (len(letters.inks[place]) for place in places.tolist())
    is_sign = first <= PARAMETERS.max_sign * float(np.median(others))
    return nats[places[1:]] if is_sign and nats[places].argmin() == 0 else nats[places]


def _parts_of(image: LineImage) -> list[tuple[int, int]]:
    """Divide a line image at its wide gaps; return the first and last column of each part."""
    inked = np.flatnonzero((image.ink > COMPONENT_PARAMETERS.min_ink).any(axis=0))
    wide = np.flatnonzero(np.diff(inked) - 1 > PARAMETERS.part_gap * image.height_px) + 1
    ends = [0, *wide.tolist(), len(inked)]
    return [(int(inked[first]), int(inked[last - 1]) + 1) for first, last in pairwise(ends)]


def _columns_of(image: LineImage, first: int, last: int) -> LineImage:
    """Crop columns of a line image, without the empty rows above and below their ink."""
    ink = image.ink[:, first:last]
    rows = np.flatnonzero(ink.any(axis=1))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    return LineImage(ink[top:bottom], image.left + first, image.top + top, image.height_px)


def _letters(image: LineImage) -> _Letters:
    """Return some of the components of a line image that may be one letter or digit each."""
    components = find_ink_components(image.ink)
    width = (components.boxes[:, 2] - components.boxes[:, 0]) / image.height_px
    height = (components.boxes[:, 3] - components.boxes[:, 1]) / image.height_px
    fit = (height >= PARAMETERS.min_height) & (height <= PARAMETERS.max_height)
    fit &= (width <= PARAMETERS.max_width * height) & (width >= PARAMETERS.min_width * height)
    places = np.flatnonzero(fit)
    places = places[:: -(-max(1, len(places)) // PARAMETERS.max_letters)]
    middles = (components.boxes[places, 0] + components.boxes[places, 2]) / 2
    return _Letters([components.crop(place) for place in places.tolist()], middles)


def _is_texture(model: DigitModel, components: Sequence[Ink]) -> bool:
    """Return whether the components of a page are many and hardly ever digits."""
    if len(components) < PARAMETERS.min_texture:
        return False
    some = components[:: len(components) // PARAMETERS.max_texture_components]
    return bool(digit_log_likelihoods(model, some).mean() <= PARAMETERS.texture_nats)


def _evidence_of(model: DigitModel, letters: Sequence[Sequence[_Letters]]) -> list[_Evidence]:
    """Classify the letters of each line with a line image long enough to be a word.

    Lines without one hold no word, so pages of short numbers take no time.
    """
    least = PARAMETERS.min_letters
    chosen = [
        [some.inks if any(len(other) >= least for other in line) else [] for some in line]
        for line in letters
    ]
    inks = [ink for line in chosen for some in line for ink in some]
    nats = iter(digit_log_likelihoods(model, inks).tolist())
    return [
        _Evidence(
            np.array([len(some) for some in line], np.intp),
            [np.array([next(nats) for _ in some], np.float64) for some in classified],
        )
        for line, classified in zip(letters, chosen, strict=True)
    ]


def _is_page_of_text(evidence: Sequence[_Evidence]) -> bool:
    """Return whether most long line images of a page are words, so that few are numbers."""
    words = sum(int(one.are_words().sum()) for one in evidence)
    long = sum(int(one.has_enough_letters().sum()) for one in evidence)
    return words >= max(PARAMETERS.min_words, PARAMETERS.min_word_share * long)


def _are_words(line: Sequence[LineImage], evidence: _Evidence, *, is_text: bool) -> Bools:
    """Return which line images (n,) are words, or short words beside one."""
    long = evidence.are_words()
    if is_text:
        long |= evidence.has_enough_letters() & (evidence.medians <= PARAMETERS.text_nats)
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

"""A page -> its reading: squared up, upright, its ink taken, laid out, read, and judged."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from os import PathLike, fspath
from statistics import fmean
from typing import NamedTuple

from digitus.errors import ImageError, ReadError
from digitus.imaging.arrays import Grey, Ink
from digitus.imaging.opening.image_file import ImageSource
from digitus.imaging.opening.page_source import DocumentPage, pages_of
from digitus.imaging.sheet.resolution import square_at_resolution
from digitus.models import load_model
from digitus.reader.orientation.turns import likely_turns, turned, weigh_turns
from digitus.reader.orientation.words import without_word_runs
from digitus.reader.pipeline.assembly import enlarged, make_line
from digitus.reader.pipeline.ink_versions import surest
from digitus.reader.pipeline.plausibility import plausible, without_words
from digitus.reader.pipeline.regions import GridInk, lay_out
from digitus.reader.pipeline.spacing import gap_shares, group_numbers
from digitus.reader.pipeline.table_results import answer_grids, with_rows
from digitus.reader.pipeline.thresholds import WORTH_A_LOOK, make_thresholds
from digitus.reader.pipeline.wholeness import Wholeness
from digitus.reader.results.reading import Grid, Line, PageReading, Reading
from digitus.reader.results.symbols import Symbol
from digitus.reader.sequence.line_reader import read_runs
from digitus.recognizer import DigitModel

_CLEARLY_MORE = 1.25  # times the sure digits of a page as it came; a few more are chance
_SURE_PAGE = 0.75  # mean confidence; a page whose digits are less sure may lie on its side


@dataclass(frozen=True, eq=False)
class Upright:
    """A page as it was read.

    Attributes:
        page: (rows, cols), 0.0 black to 1.0 white: upright, squared up, shrunk where it was large.
        as_read: its boxes are in pixels of ``page``.
        reading: its boxes are in pixels of the upright image before it was shrunk.
    """

    page: Grey
    as_read: PageReading
    reading: PageReading


class Found(NamedTuple):
    """What was read in one of a page's turns, before it is judged."""

    lines: list[Line]
    grids: list[GridInk]
    cells: list[list[list[Symbol]]]

    @property
    def confidences(self) -> list[float]:
        """How sure each digit is, in lines and cells."""
        numbers = (number for line in self.lines for number in line.numbers)
        pieces = (piece for cell in self.cells for run in cell for piece in run)
        return [one.confidence for number in numbers for one in number.digits] + [
            piece.confidence for piece in pieces if piece.kind == "digit"
        ]


class Reader:
    """Reads whole pages with one model, loaded once.

    Args:
        model: a shipped name or a model file; None is the default model; or a model at hand.
        min_confidence: a digit less sure is declined: ``?`` stands for it in the text, and its
            number is to be checked.
        max_error: of the numbers that are not to be checked at most this share is wrong, as
            measured on synthetic pages; None promises nothing.

    Where neither is chosen all digits are told, and numbers less sure than 90 % are to be checked.

    Raises:
        ModelFileError: if there is no such model, or it cannot promise ``max_error``.
        ValueError: if a share is out of range.
    """

    def __init__(
        self,
        model: str | PathLike[str] | DigitModel | None = None,
        *,
        min_confidence: float = 0.0,
        max_error: float | None = None,
    ) -> None:
        self.model: DigitModel = _at_hand(model)
        self.thresholds = make_thresholds(
            self.model, min_confidence=min_confidence, max_error=max_error
        )

    def read(self, image: ImageSource) -> Reading:
        """Read all pages of an image or PDF: a path, bytes, a file, a PIL image or an array.

        A page that cannot be read is told among the errors; the others are read.

        Raises:
            ImageError: if the source cannot be opened, or none of its pages can be read.
            ValueError: if an array has the wrong shape, type or range.
        """
        pages: list[PageReading] = []
        errors: list[ImageError] = []
        names: list[str] = []
        for sheet in pages_of(image):
            try:
                pages.append(self.read_page(sheet))
            except ImageError as error:
                errors.append(error)
                names.append(sheet.source)
        if errors and not pages:
            raise errors[0]
        told = (ReadError(name, str(one)) for name, one in zip(names, errors, strict=True))
        return Reading(tuple(pages), tuple(told))

    def read_page(self, sheet: DocumentPage) -> PageReading:
        """Read one page.

        Raises:
            ImageError: if it cannot be decoded.
        """
        return self.read_upright(sheet).reading

    def read_upright(self, sheet: DocumentPage) -> Upright:
        """Read one page, and give it as it lies under the boxes.

        Raises:
            ImageError: if it cannot be decoded.
        """
        grey, shrunk_by = sheet.grey()
        squared = square_at_resolution(grey)
        turns, found = self._upright(squared.inks)
        page = turned(squared.grey, turns)
        rows, cols = page.shape
        lines, grids = self._judged(found)
        as_read = PageReading(sheet.source, sheet.page, cols, rows, tuple(lines), tuple(grids))
        return Upright(page, as_read, enlarged(as_read, shrunk_by * squared.shrunk_by))

    def _upright(self, inks: list[Ink]) -> tuple[int, Found]:
        """Read all versions of a page's ink (rows, cols) as they stand upright.

        A look at some marks tells the turn. Where it is not sure, the turn is believed only if it
        reads better than the page as it came; a page that is doubtful even so is read in all
        turns that may be.

        Returns:
            The quarter turns counterclockwise, and what was read.
        """
        weights = weigh_turns(self.model, inks[-1])  # on ruled paper marks hang on the lines
        likely = likely_turns(weights)
        first = dict.fromkeys((likely[0], 0) if 0 in likely else likely[:1])
        found = {turns: self._read([turned(ink, turns) for ink in inks]) for turns in first}
        if all(is_doubtful(one) for one in found.values()):
            for turns in set(likely) - set(found):
                found[turns] = self._read([turned(ink, turns) for ink in inks])
        best = _best_turn({turns: sure_digits(one) for turns, one in found.items()})
        return best, found[best]

    def _read(self, inks: list[Ink]) -> Found:
        """Read all versions of a page's ink at once."""
        laid_out = lay_out(inks)
        versions = [without_word_runs(self.model, lines) for lines in laid_out.versions]
        laid_out = replace(laid_out, versions=versions)
        read = laid_out.share(read_runs(self.model, laid_out.runs))
        in_cells = [piece for cell in read.cells for run in cell for piece in run]
        lines = plausible(surest([_lines(version) for version in read.versions]), in_cells)
        return Found(lines, laid_out.grids, read.cells)

    def _judged(self, found: Found) -> tuple[list[Line], list[Grid]]:
        lines = [self.thresholds.judge_line(line) for line in found.lines]
        grids = answer_grids(found.grids, found.cells, self.thresholds)
        return with_rows(lines, grids), [grid for grid, _ in grids]


def read(image: ImageSource, *, model: str | PathLike[str] | DigitModel | None = None) -> Reading:
    """Read all pages of an image or PDF, by the default model unless another is named.

    Raises:
        ImageError: if the source cannot be opened, or none of its pages can be read.
        ModelFileError: if there is no such model.
    """
    return (_default_reader() if model is None else Reader(model)).read(image)


@cache
def _default_reader() -> Reader:
    return Reader()


def is_doubtful(found: Found) -> bool:
    """Return whether the digits of a page are so unsure that it may lie on its side."""
    return fmean(found.confidences or [1.0]) < _SURE_PAGE


def _best_turn(sure: Mapping[int, int]) -> int:
    """Choose the turn with most sure digits; as the page came, unless another has clearly more."""
    best = max(sorted(sure), key=lambda turns: sure[turns])
    return 0 if 0 in sure and sure[best] < _CLEARLY_MORE * sure[0] + 1 else best


def sure_digits(found: Found) -> int:
    """Count digits that are hardly wrong: what letters on their head look like is not so sure."""
    return sum(confidence >= WORTH_A_LOOK for confidence in found.confidences)


def _at_hand(model: str | PathLike[str] | DigitModel | None) -> DigitModel:
    if model is None:
        return load_model()
    return load_model(fspath(model)) if isinstance(model, str | PathLike) else model


def _lines(runs: list[list[list[Symbol]]]) -> list[Line]:
    """Make lines of the pieces of each line's runs."""
    written = [[without_words(run) for run in line] for line in runs]
    wholeness = Wholeness((run for line in written for run in line), gap_shares(written))
    lines = (make_line(numbers, wholeness) for numbers in group_numbers(written))
    return [line for line in lines if line is not None]

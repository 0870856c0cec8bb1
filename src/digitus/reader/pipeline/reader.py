"""Read a page: from its file to its numbers, step by step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from os import PathLike
from statistics import fmean
from typing import get_args

from digitus.errors import ImageError, ReadFailure
from digitus.imaging.arrays import Grey
from digitus.imaging.data_uri import levels_of
from digitus.imaging.ink.page_ink import PageInks
from digitus.imaging.levels import shrunk
from digitus.imaging.opening.image_file import ImageSource
from digitus.imaging.opening.page_source import DocumentPage, pages_of
from digitus.imaging.sheet.resolution import square_and_extract_ink
from digitus.reader.orientation.turns import likely_turns, turned, weigh_turns
from digitus.reader.pipeline.assembly import make_versions, scale_page
from digitus.reader.pipeline.doubts.fraction_bars import doubt_fractions
from digitus.reader.pipeline.ink_versions import merge_versions, without_ruled_ones
from digitus.reader.pipeline.page_warnings import flag_as_turned, warnings_of
from digitus.reader.pipeline.plausibility import drop_implausible
from digitus.reader.pipeline.regions import ReadGrid, find_regions
from digitus.reader.pipeline.table_results import insert_rows, make_grid
from digitus.reader.pipeline.thresholds import CHECK_BELOW, make_thresholds
from digitus.reader.results.reading import Line, PageReading, Reading
from digitus.reader.results.values import Decimal, with_values
from digitus.reader.sequence.line_reader import SequenceModels, read_line_images
from digitus.recognizer import DigitModel, load_digit_model


@dataclass(frozen=True)
class OrientationChoiceParameters:
    """When a page is read in more than one orientation, and which one is kept.

    Set by hand: most pages are scanned upright, so a turned page needs clearly more digits.

    Attributes:
        min_mean_confidence: mean confidence of the digits of a page below which other likely turns
            are read as well.
        clearly_more: a turned page is kept if it has at least this many times the confident digits
            of the page as it was scanned, plus one; a few more are chance.
        min_confident: least number of confident digits of a turned page; with fewer, as on a
            seven-segment display, all that was read is flagged.
    """

    min_mean_confidence: float = 0.75
    clearly_more: float = 1.25
    min_confident: int = 4


ORIENTATION_CHOICE = OrientationChoiceParameters()


PREVIEW_PX = 1000
"""Long side of the image that a reading keeps for notebooks: a megabyte at most."""


@dataclass(frozen=True, eq=False)
class UprightPage:
    """A page that was read, and its image under the boxes.

    Attributes:
        grey: (rows, cols), 0.0 black to 1.0 white: upright, squared up, reduced if it was large.
        reading_on_grey: its boxes are in pixels of ``grey``.
        reading: its boxes are in pixels of the upright image before it was reduced.
        straighten: turns another channel of the page, as `DocumentPage.grey` and
            `DocumentPage.color` decode it, into one that lies under the boxes.
    """

    grey: Grey
    reading_on_grey: PageReading
    reading: PageReading
    straighten: Callable[[Grey], Grey]


@dataclass(frozen=True, eq=False)
class _Content:
    """What was read in one orientation of a page, before the thresholds are applied."""

    lines: list[Line]
    grids: list[ReadGrid]

    @property
    def confidences(self) -> list[float]:
        """The confidence of each digit in text lines and cells."""
        numbers = (number for line in self.lines for number in line.numbers)
        in_cells = (symbol for grid in self.grids for symbol in grid.symbols)
        return [digit.confidence for number in numbers for digit in number.digits] + [
            symbol.confidence for symbol in in_cells if symbol.kind == "digit"
        ]

    @property
    def is_doubtful(self) -> bool:
        """Whether its digits are so unsure that the page may lie on its side."""
        return fmean(self.confidences or [1.0]) < ORIENTATION_CHOICE.min_mean_confidence

    @property
    def n_confident(self) -> int:
        """Number of confident digits; upside-down letters are seldom read with confidence."""
        return sum(confidence >= CHECK_BELOW for confidence in self.confidences)


class Reader:
    """Reads whole pages with one model, loaded once.

    Args:
        model: a shipped name, a model file, or a loaded model; None is the default model.
        min_confidence: confidence, 0 to 1, below which a digit is declined: ``?`` stands for it in
            the text, and its number is flagged.
        max_error: error bound: of the numbers that are not flagged at most this share is wrong, as
            measured on synthetic pages and strings; None sets none.
        decimal: the decimal sign of all pages, ``point`` or ``comma``; with ``auto`` it follows
            from the numbers on each page.
        sequence_models: models that read line images; None takes the shipped ones.

    With neither of the two, all digits are kept, and numbers below 90 % confidence are flagged.

    Raises:
        ModelFileError: if there is no such model, or it cannot meet the error bound.
        ValueError: if a share is out of range, or the decimal sign unknown.
    """

    def __init__(
        self,
        model: str | PathLike[str] | DigitModel | None = None,
        *,
        min_confidence: float = 0.0,
        max_error: float | None = None,
        decimal: Decimal = "auto",
        sequence_models: SequenceModels | None = None,
    ) -> None:
        if decimal not in get_args(Decimal):
            raise ValueError(f"decimal: expected auto, point or comma, got {decimal!r}")
        self.decimal, self.min_confidence, self.max_error = decimal, min_confidence, max_error
        self.sequence_models = sequence_models
        self.model: DigitModel = load_digit_model(model)
        self.thresholds = make_thresholds(
            self.model, min_confidence=min_confidence, max_error=max_error
        )

    def __repr__(self) -> str:
        """Return the model's name and the options that are set."""
        name = getattr(self.model, "name", type(self.model).__name__)
        options = {
            "min_confidence": self.min_confidence or None,
            "max_error": self.max_error,
            "decimal": None if self.decimal == "auto" else self.decimal,
        }
        given = [f"{key}={value!r}" for key, value in options.items() if value is not None]
        return f"Reader({', '.join([repr(name), *given])})"

    def read(self, image: ImageSource) -> Reading:
        """Read all pages of an image or PDF: a path, bytes, a file, a PIL image or an array.

        A page that cannot be read is listed in ``errors``; the others are read.

        Raises:
            ImageError: if the source cannot be opened, or none of its pages can be read.
            ValueError: if an array has the wrong shape, type or range.
        """
        pages: list[PageReading] = []
        failures: list[tuple[str, ImageError]] = []
        for page in pages_of(image):
            try:
                upright = self.read_upright(page)
            except ImageError as error:
                failures.append((page.source, error))
            else:
                preview = levels_of(shrunk(upright.grey, PREVIEW_PX))
                pages.append(replace(upright.reading, preview=preview))
        if failures and not pages:
            raise failures[0][1]
        errors = (ReadFailure(source, str(error)) for source, error in failures)
        return Reading(tuple(pages), tuple(errors))

    def read_page(self, page: DocumentPage) -> PageReading:
        """Read one page.

        Raises:
            ImageError: if it cannot be decoded.
        """
        return self.read_upright(page).reading

    def read_upright(self, page: DocumentPage) -> UprightPage:
        """Read one page and return it with its upright image.

        Raises:
            ImageError: if it cannot be decoded.
        """
        grey, reduction = page.grey()
        squared = square_and_extract_ink(grey)
        turns, content = self._read_upright_ink(squared.inks)
        lines = [self.thresholds.apply_to_line(line) for line in content.lines]
        grids = [make_grid(grid).with_thresholds(self.thresholds) for grid in content.grids]
        upright = turned(squared.grey, turns)
        reading = PageReading(
            source=page.source,
            page=page.page,
            width=upright.shape[1],
            height=upright.shape[0],
            lines=tuple(insert_rows(lines, grids)),
            grids=tuple(one.grid for one in grids),
        )
        reading = with_values(reading, self.decimal)
        remarks = [page.remark] if page.remark else []
        reading = replace(reading, warnings=(*remarks, *warnings_of(reading)))
        if turns and content.n_confident < ORIENTATION_CHOICE.min_confident:
            reading = flag_as_turned(reading, turns)

        def straighten(channel: Grey) -> Grey:
            small = shrunk(channel, round(max(channel.shape) / squared.shrunk_by))
            return turned(squared.squaring.apply(small), turns)

        factor = reduction * squared.shrunk_by
        return UprightPage(upright, reading, scale_page(reading, factor), straighten)

    def _read_upright_ink(self, inks: PageInks) -> tuple[int, _Content]:
        """Read a page's ink in the orientation that is upright.

        Single components show the likely turns. The likeliest one is read, and the page as it was
        scanned if that is likely, too; other likely turns are read only if these are doubtful.

        Returns:
            The quarter turns counterclockwise, and what was read.
        """
        # The last version is without ruled lines, which would join components.
        likely = likely_turns(weigh_turns(self.model, inks.versions[-1]))
        first = [likely[0], 0] if 0 in likely else likely[:1]
        read = {turns: self._read_ink(inks, turns) for turns in dict.fromkeys(first)}
        if all(content.is_doubtful for content in read.values()):
            read |= {turns: self._read_ink(inks, turns) for turns in likely if turns not in read}
        best = _best_turn({turns: content.n_confident for turns, content in read.items()})
        return best, read[best]

    def _read_ink(self, inks: PageInks, turns: int) -> _Content:
        """Read the versions of a page's ink, turned by quarter turns, at once."""
        versions = [turned(ink, turns) for ink in inks.versions]
        regions = find_regions(self.model, PageInks(turned(inks.lined, turns), versions))
        found = regions.assign(
            read_line_images(self.model, regions.line_images, sequence_models=self.sequence_models)
        )
        *others, last = make_versions(found.versions)
        with_lines = zip(others, versions, strict=False)
        without_ones = [without_ruled_ones(some, ink, versions[-1]) for some, ink in with_lines]
        lines = merge_versions([*without_ones, last])
        in_cells = [symbol for grid in found.grids for symbol in grid.symbols]
        plausible = drop_implausible(lines, in_cells)
        return _Content(doubt_fractions(plausible, versions[-1]), found.grids)


def read(image: ImageSource, *, model: str | PathLike[str] | DigitModel | None = None) -> Reading:
    """Read all pages of an image or PDF, with the default model unless another is given.

    Raises:
        ImageError: if the source cannot be opened, or none of its pages can be read.
        ModelFileError: if there is no such model.
    """
    return (_default_reader() if model is None else Reader(model)).read(image)


@cache
def _default_reader() -> Reader:
    return Reader()


def _best_turn(n_confident: Mapping[int, int]) -> int:
    """Return the turn with most confident digits; 0 unless another has clearly more.

    >>> _best_turn({0: 4, 2: 5}), _best_turn({0: 4, 2: 7}), _best_turn({1: 3, 3: 3})
    (0, 2, 1)
    """
    best = max(sorted(n_confident), key=lambda turns: n_confident[turns])
    if (
        0 in n_confident
        and n_confident[best] < ORIENTATION_CHOICE.clearly_more * n_confident[0] + 1
    ):
        return 0
    return best

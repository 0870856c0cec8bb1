"""Training lines that the reader's own preprocessing and layout cut out of synthetic pages.

`synthesis.lines` draws what a page leaves on a line image. Here the reader itself leaves it: ink
extracted from a scan or a photograph, with ruled lines and patterns removed or not.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.data.samples import CLASSES, Samples
from digitus.imaging.arrays import Ink
from digitus.imaging.ink.page_ink import PageInks
from digitus.imaging.opening.page_source import pages_of
from digitus.imaging.sheet.resolution import square_and_extract_ink
from digitus.imaging.sheet.squaring import Squaring
from digitus.models.sequence.line_image_format import FIRST_MARK, MARKS, OTHER
from digitus.models.sequence.line_input import line_input
from digitus.reader.layout.page_layout import find_lines
from digitus.reader.results.reading import Box
from digitus.reader.results.symbols import LineImage
from digitus.reader.tables.cells import divide_into_cells
from digitus.reader.tables.grid_removal import without_grids
from digitus.reader.tables.grids import find_grids
from digitus.synthesis.lines.degradation import bend
from digitus.synthesis.lines.line_images import merge_others
from digitus.synthesis.pages.contents import Content
from digitus.synthesis.pages.page import PAGE, PageKind, Paper, SyntheticPage, make_page
from digitus.synthesis.pages.page_truth import PageTruth

Range = tuple[float, float]

_Item = TypeVar("_Item")
Shares: TypeAlias = tuple[tuple[_Item, float], ...]
"""What may be chosen, each with its probability."""


@dataclass(frozen=True)
class PageLineParameters:
    """Which pages are made, and which of their line images are trained on.

    Set by hand; shares are probabilities.

    Attributes:
        rows: of a page, exclusive at the end; it has four thirds as many columns.
        contents: of pages.
        papers: of pages.
        amount_papers: of pages that are an amount.
        pens: None is black or blue.
        heights: ranges of a digit's height, as a share of the page's rows.
        copy_share: of the pages that are carbon copies.
        fold_share: of the pages that are folded once.
        cameras: changes to a random camera; None is a scanner.
        pen_share: of the pages that the synthetic pen writes.
        specks_share: of the pages with specks of dust.
        specks: number of specks on a page, exclusive at the end.
        speck_px: range of their radius.
        speck_strength: range of the share of the light that they take.
        least_whole: least share of a symbol's ink that its line image holds.
        most_cut: greatest share of it that a line image may hold without holding the symbol; one
            between both is left out.
        least_ink: least mean ink within its box of a symbol that is seen at all.
        most_spread: greatest distance of the middles of digits in one line image across the line,
            in heights of a digit; two lines are farther apart.
        least_px: least width of a line image for each of its symbols; in one of several lines they
            are closer.
        least_empty: line images without a symbol that are taken of each page, such as rests of
            its pattern, besides as many as there are with symbols.
        gap_px: columns between two line images besides their margins, exclusive at the end.
    """

    rows: tuple[int, int] = (480, 900)
    contents: Shares[Content] = (
        ("marked lines", 0.4),
        ("letters and units", 0.1),
        ("list", 0.08),
        ("form", 0.08),
        ("grid", 0.07),
        ("drawn grid", 0.05),
        ("amount", 0.22),
    )
    papers: Shares[Paper] = (
        ("plain", 0.25),
        ("ruled", 0.2),
        ("squared", 0.15),
        ("graph", 0.1),
        ("dotted", 0.1),
        ("security", 0.12),
        ("guilloche", 0.08),
    )
    amount_papers: Shares[Paper] = (("guilloche", 0.45), ("security", 0.4), ("plain", 0.15))
    pens: Shares[str | None] = (
        (None, 0.45),
        ("pencil", 0.15),
        ("faint pencil", 0.12),
        ("carbon", 0.16),
        ("red", 0.12),
    )
    heights: Shares[Range] = ((PAGE.height, 0.7), ((0.02, 0.03), 0.3))
    copy_share: float = 0.12
    fold_share: float = 0.1
    cameras: Shares[dict[str, Any] | None] = (
        (None, 0.4),
        ({}, 0.3),
        ({"shadow": 0.5}, 0.1),
        ({"jpeg_quality": 25}, 0.15),
        ({"table": 0.14, "has_table_edge": True}, 0.05),
    )
    pen_share: float = 0.35
    specks_share: float = 0.25
    specks: tuple[int, int] = (5, 150)
    speck_px: Range = (0.4, 1.1)
    speck_strength: Range = (0.2, 0.8)
    least_whole: float = 0.8
    most_cut: float = 0.1
    least_ink: float = 0.03
    most_spread: float = 1.2
    least_px: float = 6.0
    least_empty: int = 3
    gap_px: tuple[int, int] = (0, 20)


PARAMETERS = PageLineParameters()


@dataclass(frozen=True, eq=False)
class PageLine:
    """Line images of one page side by side, and their text.

    Attributes:
        ink: (32, cols) uint8, 0 paper to 255 full ink.
        text: classes from left to right; neighbors of the class ``OTHER`` are one.
    """

    ink: NDArray[np.uint8]
    text: tuple[int, ...]

    def degraded(self, rng: np.random.Generator) -> Ink:
        """Return the line image (32, cols), 0.0 paper to 1.0 full ink, bent at random."""
        return bend(self.ink * np.float32(1 / 255), rng)


def page_lines(samples: Samples, cols: int, rng: np.random.Generator) -> Iterator[PageLine]:
    """Make pages without end, and yield the lines that the reader cuts out of them.

    Args:
        samples: digits of many writers.
        cols: of a line; several line images of a page fill it.
        rng: chooses everything.
    """
    while True:
        found = list(images_with_text(random_page(samples, rng)))
        rng.shuffle(found)
        inks = [line_input(image.ink, image.height_px)[0] for image, _ in found]
        texts = [text for _, text in found]
        room = PARAMETERS.least_empty + sum(map(bool, texts))
        empty = itertools.accumulate(not text for text in texts)
        taken = [
            (ink, text)
            for ink, text, n_empty in zip(inks, texts, empty, strict=True)
            if PARAMETERS.least_px * len(text) <= ink.shape[1] <= cols and (text or n_empty <= room)
        ]
        yield from _side_by_side(taken, cols, rng)


def random_page(samples: Samples, rng: np.random.Generator) -> SyntheticPage:
    """Make a page of random content, paper, pen and camera."""
    p = PARAMETERS
    content = _chosen(p.contents, rng)
    kind = PageKind(
        content,
        _chosen(p.amount_papers if content == "amount" else p.papers, rng),
        _chosen(p.pens, rng),
        _chosen(p.heights, rng),
        n_folds=int(rng.random() < p.fold_share),
        is_copy=bool(rng.random() < p.copy_share),
        camera=_chosen(p.cameras, rng),
    )
    rows = int(rng.integers(*p.rows))
    writers = None if rng.random() < p.pen_share else samples
    page = make_page(kind, rng, samples=writers, size=(rows, rows * 4 // 3))
    return _with_specks(page, rng) if rng.random() < p.specks_share else page


def _with_specks(page: SyntheticPage, rng: np.random.Generator) -> SyntheticPage:
    """Scatter specks of dust over a page; fewer on a small one, such as an amount."""
    p, (rows, cols) = PARAMETERS, page.image.shape[:2]
    dust = np.zeros((rows, cols), np.uint8)
    n = int(rng.integers(*p.specks)) * rows * cols // p.rows[1] ** 2
    for _ in range(n):
        at = (round(16 * rng.uniform(0, cols)), round(16 * rng.uniform(0, rows)))
        radius, strength = rng.uniform(*p.speck_px), rng.uniform(*p.speck_strength)
        cv2.circle(dust, at, round(16 * radius), round(255 * strength), -1, cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(dust, (0, 0), 0.6)
    light = 1 - np.asarray(soft, np.float32)[:, :, None] / np.float32(255)
    return replace(page, image=np.rint(page.image * light).astype(np.uint8))


def images_with_text(page: SyntheticPage) -> Iterator[tuple[LineImage, tuple[int, ...]]]:
    """Yield the line images of a page, in all versions of its ink, with the classes in each.

    A line image that holds a part of a symbol, a struck-out number or two lines is left out.
    """
    (document,) = pages_of(page.image)
    grey, _ = document.grey()
    squared = square_and_extract_ink(grey)
    if squared.shrunk_by != 1:
        return
    kinds, symbols = _symbols_of(page.truth, grey.shape)
    symbols = symbols[tuple(_origins(squared.squaring, grey.shape))]
    for ink, images in _line_images(squared.inks):
        total = np.bincount(symbols.ravel(), ink.ravel(), len(kinds)).astype(np.float64)
        area = np.bincount(symbols.ravel(), minlength=len(kinds))
        is_seen = total > PARAMETERS.least_ink * area
        for image in images:
            text = _text_of(image, symbols, total, is_seen, kinds)
            if text is not None:
                yield image, text


def _origins(squaring: Squaring, shape: tuple[int, ...]) -> Iterator[NDArray[np.intp]]:
    """Yield the row and the column of the page that each pixel of the squared page comes from."""
    for places, end in zip(np.indices(shape), shape, strict=True):
        moved = squaring.apply(np.asarray(places, np.float32))
        yield np.rint(moved).astype(np.intp).clip(0, end - 1)


def _line_images(inks: PageInks) -> Iterator[tuple[Ink, list[LineImage]]]:
    """Yield each version of the ink with its line images, and all ink with those in grids."""
    frames = find_grids(inks.lined)
    cells = [one for frame in frames for row in divide_into_cells(inks.lined, frame) for one in row]
    yield inks.lined, [image for cell in cells for image in cell.line_images]
    for ink in inks.versions:
        lines = find_lines(without_grids(ink, frames))
        yield ink, [image for line in lines for image in line]


def _symbols_of(
    truth: PageTruth, shape: tuple[int, ...]
) -> tuple[list[int | None], NDArray[np.int32]]:
    """Return the class of each symbol, and which symbol covers each pixel of the page.

    Symbol 0 is none of them; the class None is a struck-out number. A symbol covers its box, but
    for what smaller ones cover.
    """
    symbols: list[tuple[int | None, Box]] = [(OTHER, box) for box in truth.words]
    symbols += [
        (None, cell.box)
        for grid in truth.grids
        for row in grid.rows
        for cell in row
        if cell.verdict == "struck_out"
    ]
    for number in (number for line in truth.lines for number in line.numbers):
        symbols += [(one.digit, one.box) for one in number.digits]
        symbols += [(FIRST_MARK + MARKS.index(one.kind), one.box) for one in number.marks]
    symbols.sort(key=lambda symbol: -symbol[1][2] * symbol[1][3])
    covered = np.zeros(shape, np.int32)
    for place, (_, (left, top, width, height)) in enumerate(symbols, start=1):
        covered[max(top, 0) : top + height, max(left, 0) : left + width] = place
    return [None, *(kind for kind, _ in symbols)], covered


def _text_of(
    image: LineImage,
    symbols: NDArray[np.int32],
    total: NDArray[np.float64],
    is_seen: NDArray[np.bool_],
    kinds: Sequence[int | None],
) -> tuple[int, ...] | None:
    """Return the classes of the symbols that a line image holds; None if it is left out."""
    rows, cols = image.ink.shape
    under = symbols[image.top : image.top + rows, image.left : image.left + cols]
    held = np.bincount(under.ravel(), image.ink.ravel(), len(kinds))
    held[0] = 0
    share = held / np.maximum(total, 1e-9)
    inside = np.flatnonzero(is_seen & (share > PARAMETERS.most_cut))
    if any(share[one] < PARAMETERS.least_whole or kinds[one] is None for one in inside.tolist()):
        return None
    pixels = np.maximum(np.bincount(under.ravel(), minlength=len(kinds)), 1)
    row, col = (
        np.bincount(under.ravel(), places.ravel(), len(kinds)) / pixels
        for places in np.indices(under.shape)
    )
    classes = np.array([-1 if kind is None else kind for kind in kinds])
    digits = inside[classes[inside] < CLASSES]
    if len(digits) and np.ptp(row[digits]) > PARAMETERS.most_spread * image.height_px:
        return None
    return tuple(merge_others(classes[inside[np.argsort(col[inside])]].tolist()))


def _side_by_side(
    found: Sequence[tuple[Ink, tuple[int, ...]]], cols: int, rng: np.random.Generator
) -> Iterator[PageLine]:
    """Put line images (32, any) side by side in lines of so many columns."""
    inks, text, used = list[Ink](), list[int](), 0
    for ink, classes in [*found, (np.zeros((0, cols + 1), np.float32), ())]:
        gap = int(rng.integers(*PARAMETERS.gap_px))
        if used + gap + ink.shape[1] > cols and inks:
            line = np.hstack(inks)
            line = np.pad(line, ((0, 0), (0, cols - line.shape[1])))
            yield PageLine(np.rint(255 * line).astype(np.uint8), tuple(merge_others(text)))
            inks, text, used = [], [], 0
        if used:
            inks.append(np.zeros((len(ink), gap), np.float32))
        inks.append(ink)
        text += classes
        used = sum(one.shape[1] for one in inks)


def _chosen(shares: Shares[_Item], rng: np.random.Generator) -> _Item:
    """Choose one of several by their shares."""
    place = rng.choice(len(shares), p=[share for _, share in shares])
    return shares[int(place)][0]

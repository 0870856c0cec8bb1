"""Make whole pages with exact ground truth: handwriting on paper, seen by a camera."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitus.data.samples import Samples
from digitus.files import replacing
from digitus.synthesis.pages.contents import CONTENTS, PARAMETERS, Content
from digitus.synthesis.pages.page_truth import PageTruth
from digitus.synthesis.pages.sheet_writer import Sheet, SheetWriter, WritingStyle, random_style
from digitus.synthesis.papers.camera import Camera, photograph, random_camera
from digitus.synthesis.papers.handling import copy_through_carbon, draw_folds
from digitus.synthesis.papers.papers import (
    PENS,
    PRINT,
    InkColor,
    RgbImage,
    cover,
    draw_guilloche,
    draw_ruled_lines,
    plain_paper,
)
from digitus.synthesis.papers.patterns import draw_dots, draw_graph, draw_security
from digitus.synthesis.pen.writers import PatchWriter, PenWriter, Writer


@dataclass(frozen=True)
class PageParameters:
    """Sizes and pitches of pages. Set by hand; a height is that of a digit.

    Attributes:
        size: rows and columns of a page.
        height: range of the usual height, as a share of the page's rows.
        tiny: range of the height of small digits, as a share of the page's rows.
        amount_px: range of the height on a cheque.
        amount_size: rows and columns of a cheque's image, in heights.
        amount_camera: a scanner with some blur and noise.
        usual_pens: pens of pages that name none.
        squared_pitch: range of the pitch of squared paper, in heights: a digit fills a square.
        guilloche_pitch: range of the distance of a guilloche's waves, or of a security paper's
            lines, in heights.
        graph_pitch: range of the pitch of graph paper, in heights: several lines cross a digit.
        ruled_pitch: range of the pitch of ruled lines, in heights: digits stand on the lines.
        ruled_climb_spread: standard deviation of the rise of lines on ruled or squared paper.
    """

    size: tuple[int, int] = (1200, 1600)
    height: tuple[float, float] = (0.03, 0.07)
    tiny: tuple[float, float] = (0.012, 0.018)
    amount_px: tuple[float, float] = (24.0, 36.0)
    amount_size: tuple[float, float] = (2.1, 12)
    amount_camera: Camera = field(
        default_factory=lambda: Camera(table=0.0, blur_px=0.5, noise=0.015, exposure=0.9)
    )
    usual_pens: tuple[str, ...] = ("black", "blue")
    squared_pitch: tuple[float, float] = (0.75, 1.1)
    guilloche_pitch: tuple[float, float] = (0.15, 0.4)
    graph_pitch: tuple[float, float] = (0.2, 0.45)
    ruled_pitch: tuple[float, float] = (1.4, 1.9)
    ruled_climb_spread: float = 0.002


PAGE = PageParameters()

Paper: TypeAlias = Literal["plain", "ruled", "squared", "guilloche", "graph", "dotted", "security"]


@dataclass(frozen=True)
class PageKind:
    """A kind of page.

    Attributes:
        content: lines of numbers, a form, digits far apart, a printed or hand-drawn grid, or one
            amount.
        paper: what it is written on.
        pen: a name in ``papers.PENS``; None chooses black or blue.
        height: range of a digit's height, as a share of the page's rows.
        n_folds: how often the sheet was folded.
        is_copy: whether it is a carbon copy.
        camera: fields of ``Camera`` that replace those of a random camera; None is a scanner.
    """

    content: Content = "lines"
    paper: Paper = "plain"
    pen: str | None = None
    height: tuple[float, float] = PAGE.height
    n_folds: int = 0
    is_copy: bool = False
    camera: dict[str, Any] | None = field(default_factory=dict)


PAGE_KINDS = {
    "plain": PageKind(),
    "scan": PageKind(camera=None),
    "red pen": PageKind(pen="red"),
    "ruled": PageKind(paper="ruled"),
    "form": PageKind("form"),
    "grid": PageKind("grid"),
    "drawn grid": PageKind("drawn grid"),
    "cheque": PageKind("amount", "guilloche", camera=None),
    "shadow": PageKind(camera={"shadow": 0.5}),
    "ruled shadow": PageKind(paper="ruled", camera={"shadow": 0.55}),
    "sideways": PageKind(camera={"turn": 1}),
    "skewed": PageKind(camera={"skew_deg": 11.0, "table": 0.1}),
    "scattered": PageKind("scattered"),
    "pencil": PageKind(pen="pencil"),
    "faint pencil": PageKind(paper="ruled", pen="faint pencil"),
    "squared": PageKind(paper="squared"),
    "tiny": PageKind(height=PAGE.tiny),
    "marks": PageKind("marked lines"),
    "marks on squares": PageKind("marked lines", "squared"),
    "letters and units": PageKind("letters and units"),
    "list": PageKind("list", "ruled"),
    "graph": PageKind(paper="graph"),
    "dotted": PageKind("marked lines", "dotted"),
    "security": PageKind("amount", "security", camera=None),
    "carbon copy": PageKind("form", pen="carbon", is_copy=True),
    "table edge": PageKind(camera={"table": 0.14, "has_table_edge": True}),
    "folded": PageKind("marked lines", n_folds=2),
    "low quality": PageKind(camera={"jpeg_quality": 22}),
}
"""Kinds of pages by name."""


@dataclass(frozen=True, eq=False)
class SyntheticPage:
    """The image of a page and its ground truth.

    Attributes:
        image: (rows, cols, 3) uint8, red, green and blue.
        truth: what is written, with boxes in pixels of the image.
    """

    image: NDArray[np.uint8]
    truth: PageTruth

    def save(self, path: Path, *, quality: int = 88) -> None:
        """Write the image in the format of the path's suffix; the quality is that of a JPEG."""
        with replacing(path) as draft:
            Image.fromarray(self.image).save(draft, quality=quality, optimize=True)


def make_page(
    kind: PageKind,
    rng: np.random.Generator,
    *,
    samples: Samples | None = None,
    size: tuple[int, int] = PAGE.size,
) -> SyntheticPage:
    """Make a page and its ground truth.

    Args:
        kind: content, paper, pen and camera.
        rng: chooses everything else.
        samples: labelled patches for the digits, such as MNIST's training part; None writes with
            the synthetic pen.
        size: rows and columns of the page; ignored for a cheque's amount.

    >>> page = make_page(PAGE_KINDS["grid"], np.random.default_rng(1), size=(300, 400))
    >>> page.image.shape
    (300, 400, 3)
    """
    height_px = _height_px(kind, size, rng)
    writer: Writer = (
        PenWriter(rng, height_px)
        if samples is None
        else PatchWriter.of_one_pen(samples, height_px, rng)
    )
    camera = Camera() if kind.camera is None else replace(random_camera(rng), **kind.camera)
    if kind.content == "amount":
        rows, cols = PAGE.amount_size
        size, camera = (round(rows * height_px), round(cols * height_px)), PAGE.amount_camera
    sheet, pitch_px = Sheet.blank(*size, margin=camera.margin), _pitch_px(kind, height_px, rng)
    style = _style(kind, pitch_px, height_px, rng)
    CONTENTS[kind.content](SheetWriter(sheet, writer, style, rng))
    pen = PENS[kind.pen or PAGE.usual_pens[rng.integers(len(PAGE.usual_pens))]]
    paper = _paper(kind, sheet.ink.shape, pitch_px, rng)
    if kind.paper == "security":
        draw_security(paper, sheet.ink, pitch_px, rng)
    if kind.is_copy:
        sheet.ink = copy_through_carbon(paper, sheet.ink, writer.pen_px, rng)
    return finish(sheet, paper, pen, camera, rng, n_folds=kind.n_folds)


def finish(
    sheet: Sheet,
    paper: RgbImage,
    pen: InkColor,
    camera: Camera,
    rng: np.random.Generator,
    *,
    n_folds: int = 0,
) -> SyntheticPage:
    """Lay print and ink on the paper, fold it and photograph it.

    Args:
        sheet: what is printed and written.
        paper: (rows, cols, 3), changed in place.
        pen: color of the handwriting.
        camera: takes the image.
        rng: for the ink's grain, the folds and the camera.
        n_folds: number of folds.
    """
    cover(paper, sheet.printed, PRINT)
    cover(paper, sheet.ink, pen, rng)
    draw_folds(paper, n_folds, rng)
    image, move = photograph(paper, camera, rng)
    return SyntheticPage(image, sheet.truth.moved(move))


def _paper(
    kind: PageKind, size: tuple[int, ...], pitch_px: float, rng: np.random.Generator
) -> RgbImage:
    """Return the paper (rows, cols, 3) of a kind of page, with ruled lines at a pitch."""
    paper = plain_paper(size[0], size[1], rng)
    if kind.paper in ("ruled", "squared"):
        squared = kind.paper == "squared"
        draw_ruled_lines(
            paper, pitch_px, rng, first_px=PARAMETERS.first_line * pitch_px, squared=squared
        )
    elif kind.paper == "guilloche":
        draw_guilloche(paper, pitch_px, rng)
    elif kind.paper == "graph":
        draw_graph(paper, pitch_px, rng)
    elif kind.paper == "dotted":
        draw_dots(paper, pitch_px, rng, first_px=PARAMETERS.first_line * pitch_px)
    return paper


def _height_px(kind: PageKind, size: tuple[int, int], rng: np.random.Generator) -> float:
    if kind.content == "amount":
        return rng.uniform(*PAGE.amount_px)
    return rng.uniform(*kind.height) * size[0]


def _pitch_px(kind: PageKind, height_px: float, rng: np.random.Generator) -> float:
    """Return the pitch of the ruled lines: digits fill squares, or stand on ruled lines."""
    ranges = {
        "squared": PAGE.squared_pitch,
        "dotted": PAGE.squared_pitch,
        "guilloche": PAGE.guilloche_pitch,
        "security": PAGE.guilloche_pitch,
        "graph": PAGE.graph_pitch,
    }
    return height_px * rng.uniform(*ranges.get(kind.paper, PAGE.ruled_pitch))


def _style(
    kind: PageKind, pitch_px: float, height_px: float, rng: np.random.Generator
) -> WritingStyle:
    """Return a random style; on ruled paper the baselines follow the ruled lines."""
    style = random_style(rng)
    if kind.paper == "ruled" or kind.content == "form":
        pitch = pitch_px / height_px
        return replace(style, pitch=pitch, climb=0.0, climb_spread=PAGE.ruled_climb_spread)
    if kind.paper in ("squared", "dotted"):
        return replace(
            style, pitch=2 * pitch_px / height_px, climb=0.0, climb_spread=PAGE.ruled_climb_spread
        )
    return style

"""Whole pages with exact truth: digits of MNIST or our own pen, on paper, before a camera."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitus.data.samples import Samples
from digitus.files import replacing
from digitus.synthesis.pages.contents import CONTENTS, FIRST_LINE, Content
from digitus.synthesis.pages.page_truth import PageTruth
from digitus.synthesis.pages.sheet_writer import Scribe, Sheet, Style, random_style
from digitus.synthesis.papers.camera import Camera, photograph, random_camera
from digitus.synthesis.papers.papers import (
    PENS,
    PRINT,
    Colours,
    Stain,
    cover,
    guilloche,
    plain,
    rule,
)
from digitus.synthesis.pen.writers import PatchWriter, PenWriter, Writer

SIZE = (1200, 1600)  # rows and columns of a page
HEIGHT = (0.03, 0.07)  # of a digit, as a share of the page's rows
TINY = (0.012, 0.018)
AMOUNT_PX = (24.0, 36.0)  # height of a digit on a cheque
AMOUNT_CAMERA = Camera(table=0.0, blur_px=0.5, noise=0.015, exposure=0.9)
EASY_PENS = ("black", "blue")

Paper: TypeAlias = Literal["plain", "ruled", "squared", "guilloche"]


@dataclass(frozen=True)
class Plan:
    """What kind of page to make.

    Attributes:
        content: numbers in lines or on the lines of a form, digits far apart, a printed or drawn
            grid, or one amount.
        paper: what it is written on.
        pen: of ``papers.PENS``; None draws lots among those that are easy to see.
        height: of a digit, as a share of the page's rows, from and to.
        camera: what differs from ``camera.random_camera``; None is a scanner.
    """

    content: Content = "lines"
    paper: Paper = "plain"
    pen: str | None = None
    height: tuple[float, float] = HEIGHT
    camera: dict[str, Any] | None = field(default_factory=dict)


PLANS = {
    "plain": Plan(),
    "scan": Plan(camera=None),
    "red pen": Plan(pen="red"),
    "ruled": Plan(paper="ruled"),
    "form": Plan("form"),
    "grid": Plan("grid"),
    "drawn grid": Plan("drawn grid"),
    "cheque": Plan("amount", "guilloche", camera=None),
    "shadow": Plan(camera={"shadow": 0.5}),
    "ruled shadow": Plan(paper="ruled", camera={"shadow": 0.55}),
    "sideways": Plan(camera={"turn": 1}),
    "skewed": Plan(camera={"skew_deg": 11.0, "table": 0.1}),
    "scattered": Plan("scattered"),
    "pencil": Plan(pen="pencil"),
    "faint pencil": Plan(paper="ruled", pen="faint pencil"),
    "squared": Plan(paper="squared"),
    "tiny": Plan(height=TINY),
}
"""Kinds of pages by name."""


@dataclass(frozen=True, eq=False)
class SyntheticPage:
    """A page as a camera took it.

    Attributes:
        image: (rows, cols, 3) uint8, red, green and blue.
        truth: what is written; boxes in pixels of the image as it is, turned or not.
    """

    image: NDArray[np.uint8]
    truth: PageTruth

    def save(self, path: Path, *, quality: int = 88) -> None:
        """Write the image; a JPEG of a quality, if the name ends so."""
        with replacing(path) as draft:
            Image.fromarray(self.image).save(draft, quality=quality, optimize=True)


def make_page(
    plan: Plan,
    rng: np.random.Generator,
    *,
    samples: Samples | None = None,
    size: tuple[int, int] = SIZE,
) -> SyntheticPage:
    """Make a page.

    Args:
        plan: what kind of page.
        rng: chooses all else.
        samples: whose patches to write with, such as MNIST's training part; None writes with our
            own pen.
        size: rows and columns of the page; an amount on a cheque is as large as it has to be.

    >>> page = make_page(PLANS["grid"], np.random.default_rng(1), size=(300, 400))
    >>> page.image.shape
    (300, 400, 3)
    """
    height_px = _height_px(plan, size, rng)
    writer: Writer = (
        PenWriter(rng, height_px)
        if samples is None
        else PatchWriter.of_one_pen(samples, height_px, rng)
    )
    camera = Camera() if plan.camera is None else replace(random_camera(rng), **plan.camera)
    if plan.content == "amount":
        size, camera = (round(2.1 * height_px), round(12 * height_px)), AMOUNT_CAMERA
    sheet, pitch_px = Sheet.blank(*size, margin=camera.margin), _pitch_px(plan, height_px, rng)
    CONTENTS[plan.content](Scribe(sheet, writer, _style(plan, pitch_px, height_px, rng), rng))
    pen = PENS[plan.pen or EASY_PENS[rng.integers(len(EASY_PENS))]]
    return finish(sheet, make_paper(plan, sheet.ink.shape, pitch_px, rng), pen, camera, rng)


def finish(
    sheet: Sheet, paper: Colours, pen: Stain, camera: Camera, rng: np.random.Generator
) -> SyntheticPage:
    """Lay print and ink on the paper, in place, and photograph it."""
    cover(paper, sheet.printed, Stain(PRINT, 0.9))
    cover(paper, sheet.ink, pen, rng)
    image, move = photograph(paper, camera, rng)
    return SyntheticPage(image, sheet.truth.moved(move))


def make_paper(
    plan: Plan, size: tuple[int, ...], pitch_px: float, rng: np.random.Generator
) -> Colours:
    """Make the paper of a plan (rows, cols, 3); its rules are ``pitch_px`` apart."""
    paper = plain(size[0], size[1], rng)
    if plan.paper in ("ruled", "squared"):
        squared = plan.paper == "squared"
        rule(paper, pitch_px, rng, first_px=FIRST_LINE * pitch_px, squared=squared)
    elif plan.paper == "guilloche":
        guilloche(paper, pitch_px, rng)
    return paper


def _height_px(plan: Plan, size: tuple[int, int], rng: np.random.Generator) -> float:
    if plan.content == "amount":
        return rng.uniform(*AMOUNT_PX)
    return rng.uniform(*plan.height) * size[0]


def _pitch_px(plan: Plan, height_px: float, rng: np.random.Generator) -> float:
    """Choose the distance of the paper's lines: digits fill squares, and stand on rules."""
    if plan.paper == "squared":
        return height_px * rng.uniform(0.75, 1.1)
    if plan.paper == "guilloche":
        return height_px * rng.uniform(0.15, 0.4)
    return height_px * rng.uniform(1.4, 1.9)


def _style(plan: Plan, pitch_px: float, height_px: float, rng: np.random.Generator) -> Style:
    """Draw a hand's style; on ruled paper it keeps to the rules."""
    style = random_style(rng)
    if plan.paper == "ruled" or plan.content == "form":
        pitch = pitch_px / height_px
        return replace(style, pitch=pitch, climb=0.0, climb_spread=0.002)
    if plan.paper == "squared":
        return replace(style, pitch=2 * pitch_px / height_px, climb=0.0, climb_spread=0.002)
    return style

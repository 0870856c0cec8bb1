"""Papers and boards: millimeter, dotted and music paper, kraft, thermal, hatched forms, slate."""

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from held_out.pens import Ink, Rgb, noise

RgbImage: TypeAlias = NDArray[np.float32]
"""(rows, cols, 3), red, green and blue from 0.0 to 1.0."""

Shape: TypeAlias = tuple[int, int]
"""Rows and columns."""


def cover(paper: RgbImage, ink: Ink, color: Rgb) -> None:
    """Lay ink of a color on paper, in place."""
    paper += ink[:, :, None] * (np.array(color, np.float32) - paper)


def bare(shape: Shape, color: Rgb, grain: float, rng: np.random.Generator) -> RgbImage:
    """Return paper of one color with fine grain and slow clouds."""
    paper = np.empty((*shape, 3), np.float32)
    paper[:] = color
    paper += (grain * (noise(shape, 0.6, rng) + 0.7 * noise(shape, 40, rng)))[:, :, None]
    return paper


def millimeter(shape: Shape, height_px: float, rng: np.random.Generator) -> RgbImage:
    """Return graph paper: fine lines, every fifth stronger, every tenth the strongest."""
    paper = bare(shape, (0.96, 0.96, 0.93), 0.008, rng)
    colors = ((0.93, 0.62, 0.42), (0.5, 0.72, 0.58), (0.9, 0.6, 0.66), (0.55, 0.7, 0.86))
    color = colors[rng.integers(len(colors))]
    pitch = max(7.0, float(rng.uniform(0.22, 0.3)) * height_px)
    bold = rng.uniform(0.12, 0.65)
    first = rng.uniform(0, pitch, 2)
    for axis, length in enumerate(shape):
        for i, at in enumerate(np.arange(first[axis], length, pitch)):
            strength = bold * (1.0 if i % 10 == 0 else 0.65 if i % 5 == 0 else 0.35)
            width = 2 if i % 10 == 0 else 1
            place = [slice(None), slice(None)]
            place[axis] = slice(int(at), int(at) + width)
            part = paper[place[0], place[1]]
            part += strength * (np.array(color, np.float32) - part)
    return paper


def dotted(shape: Shape, height_px: float, rng: np.random.Generator) -> RgbImage:
    """Return a page of a dot-grid notebook with the holes of its binding at the left."""
    paper = bare(shape, (0.97, 0.95, 0.89), 0.009, rng)
    pitch = float(rng.uniform(0.5, 0.62)) * height_px
    radius = max(1.0, 0.028 * height_px)
    dots = np.zeros(shape, np.float32)
    for y in np.arange(rng.uniform(0, pitch), shape[0], pitch):
        for x in np.arange(rng.uniform(0.2, 0.3) * pitch + 60, shape[1], pitch):
            _disc(dots, x, y, radius, 0.55)
    cover(paper, dots, (0.5, 0.5, 0.52))
    holes = np.zeros(shape, np.float32)
    for y in np.arange(30, shape[0], float(rng.uniform(58, 76))):
        _disc(holes, 26, y, 11, 1.0)
    cover(paper, cv2.GaussianBlur(holes, (0, 0), 0.7), (0.22, 0.2, 0.2))
    return paper


def music(shape: Shape, height_px: float, rng: np.random.Generator) -> tuple[RgbImage, list[float]]:
    """Return music paper and the rows of its bare bands between the staves."""
    paper = bare(shape, (0.96, 0.95, 0.9), 0.009, rng)
    space, lines = 0.3 * height_px, np.zeros(shape, np.float32)
    bands, y = [1.75 * height_px], 2.3 * height_px
    left, right = 0.04 * shape[1], 0.96 * shape[1]
    has_bar = rng.random() < 0.2
    while y + 4 * space < shape[0] - 0.3 * height_px:
        for i in range(5):
            row = round(y + i * space)
            lines[row : row + max(1, round(0.03 * height_px)), round(left) : round(right)] = 0.75
        if has_bar:
            lines[round(y) : round(y + 4 * space), round(left) : round(left) + 2] = 0.75
        bands.append(y + 4 * space + 1.6 * height_px)
        y += 4 * space + 2.3 * height_px
    cover(paper, cv2.GaussianBlur(lines, (0, 0), 0.5), (0.3, 0.3, 0.3))
    return paper, [band for band in bands if band < shape[0] - 0.2 * height_px]


def kraft(shape: Shape, rng: np.random.Generator) -> RgbImage:
    """Return brown wrapping paper: fibres, light and dark, and fine ribs."""
    paper = bare(shape, (0.74, 0.59, 0.42), 0.014, rng)
    fibres = np.zeros(shape, np.float32)
    for _ in range(shape[0] * shape[1] // 2500):
        x, y = rng.uniform(0, shape[1]), rng.uniform(0, shape[0])
        angle, length = rng.uniform(0, np.pi), rng.uniform(4, 16)
        end = (round(x + length * np.cos(angle)), round(y + length * np.sin(angle)))
        value = float(rng.uniform(-0.07, 0.06))
        cv2.line(fibres, (round(x), round(y)), end, value, 1, cv2.LINE_AA)
    paper += fibres[:, :, None]
    ribs = 0.012 * np.sin(np.arange(shape[0]) * 2 * np.pi / rng.uniform(5, 8))
    paper += ribs.astype(np.float32)[:, None, None]
    return paper


def thermal(shape: Shape, rng: np.random.Generator) -> RgbImage:
    """Return the paper of a till: smooth, bluish grey, with faded bands and soft creases."""
    paper = bare(shape, (0.92, 0.93, 0.94), 0.005, rng)
    band = np.interp(
        np.arange(shape[0]),
        np.arange(0, shape[0] + 90, 90),
        rng.normal(scale=0.018, size=len(np.arange(0, shape[0] + 90, 90))),
    )
    paper += band.astype(np.float32)[:, None, None]
    for _ in range(int(rng.integers(1, 4))):
        row = round(float(rng.uniform(0.15, 0.9)) * shape[0])
        fold = np.exp(-(((np.arange(shape[0]) - row) / 5.0) ** 2)) * rng.choice([-0.07, 0.05])
        paper += fold.astype(np.float32)[:, None, None]
    return paper


def hatched(shape: Shape, rng: np.random.Generator) -> RgbImage:
    """Return a form's security paper: hatching in two directions, in blocks, on a tint."""
    paper = bare(shape, (0.94, 0.93, 0.9), 0.007, rng)
    tints = ((0.62, 0.74, 0.8), (0.8, 0.7, 0.62), (0.7, 0.78, 0.62))
    tint = tints[rng.integers(len(tints))]
    rows, cols = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    pitch, block = rng.uniform(6, 9), rng.uniform(50, 90)
    turned = ((rows // block + cols // block) % 2).astype(bool)
    across = np.where(turned, rows + cols, rows - cols) / np.sqrt(2)
    lines = np.clip(1.6 - np.abs(across % pitch - pitch / 2), 0, 1).astype(np.float32)
    cover(paper, np.float32(rng.uniform(0.15, 0.5)) * lines, tint)
    return paper


def smudge(paper: RgbImage, color: Rgb, rng: np.random.Generator) -> None:
    """Rub carbon dust on paper, in place: clouds, and streaks of a finger."""
    shape = paper.shape[:2]
    cover(paper, np.clip(0.05 + 0.035 * noise(shape, 30, rng), 0, 1), color)
    streaks = np.zeros(shape, np.float32)
    for _ in range(int(rng.integers(3, 7))):
        start = np.array([rng.uniform(0, shape[1]), rng.uniform(0, shape[0])])
        end = start + rng.uniform(-150, 150, 2)
        ends = np.rint([start, end]).astype(int).tolist()
        cv2.line(
            streaks, ends[0], ends[1], float(rng.uniform(0.08, 0.2)), int(rng.integers(15, 40))
        )
    cover(paper, cv2.GaussianBlur(streaks, (0, 0), 11), color)


def slate(shape: Shape, rng: np.random.Generator) -> RgbImage:
    """Return a blackboard, green or black, with traces of the sponge and a wooden frame."""
    boards = ((0.13, 0.24, 0.19), (0.14, 0.15, 0.17), (0.12, 0.2, 0.26))
    board = bare(shape, boards[rng.integers(len(boards))], 0.008, rng)
    for _ in range(int(rng.integers(4, 9))):
        wiped = np.zeros(shape, np.float32)
        start = np.array([rng.uniform(0, shape[1]), rng.uniform(0, shape[0])])
        end = start + rng.uniform(-1, 1, 2) * (0.4 * shape[1], 0.25 * shape[0])
        ends = np.rint([start, end]).astype(int).tolist()
        cv2.line(wiped, ends[0], ends[1], 1.0, int(rng.integers(40, 100)))
        cover(board, 0.06 * cv2.GaussianBlur(wiped, (0, 0), 9), (0.9, 0.9, 0.88))
    return board


def framed(board: RgbImage, width_px: int, rng: np.random.Generator) -> None:
    """Draw a wooden frame around a board, in place."""
    rows, cols = board.shape[:2]
    wood = planks((rows, cols), (0.62, 0.45, 0.27), rng)
    inside = np.zeros((rows, cols), bool)
    inside[width_px : rows - width_px, width_px : cols - width_px] = True
    board[~inside] = wood[~inside]
    edge = np.zeros((rows, cols), np.float32)
    corner = (cols - width_px, rows - width_px)
    cv2.rectangle(edge, (width_px, width_px), corner, 0.6, 3)
    cover(board, cv2.GaussianBlur(edge, (0, 0), 1.2), (0.1, 0.07, 0.05))


def planks(shape: Shape, color: Rgb, rng: np.random.Generator) -> RgbImage:
    """Return a table of wooden planks with grain along them and dark gaps."""
    wood = bare(shape, color, 0.01, rng)
    stretched = cv2.resize(noise((shape[0], shape[1] // 40 + 2), 1.2, rng), shape[::-1])
    wood += (0.045 * stretched)[:, :, None]
    pitch = float(rng.uniform(110, 190))
    for y in np.arange(rng.uniform(0, pitch), shape[0], pitch):
        row = slice(int(y), int(y) + int(rng.integers(2, 5)))
        wood[row] *= 0.45
    return wood


def cloth(shape: Shape, color: Rgb, rng: np.random.Generator) -> RgbImage:
    """Return a table cloth: a weave with a checked pattern."""
    rows, cols = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    woven = bare(shape, color, 0.012, rng)
    pitch, check = rng.uniform(3.5, 5.5), rng.uniform(60, 110)
    woven += (0.04 * np.sin(2 * np.pi * rows / pitch) * np.sin(2 * np.pi * cols / pitch))[
        :, :, None
    ]
    squares = ((rows // check) % 2 + (cols // check) % 2) / 2
    woven *= (1 - 0.22 * squares)[:, :, None]
    return np.asarray(woven, np.float32)


def _disc(ink: Ink, x: float, y: float, radius: float, value: float) -> None:
    center = (round(x * 16), round(y * 16))
    cv2.circle(ink, center, round(radius * 16), value, -1, cv2.LINE_AA, 4)

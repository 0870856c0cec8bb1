"""The components of the ink that form the digit: the largest and what belongs to it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitus.imaging.arrays import Ink
from digitus.imaging.components import Components, label_components

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class SelectionParameters:
    """Parameters of ``digit_components``, set by hand on photos of single digits.

    Attributes:
        weakest_peak: least darkest ink of a component; one that is lighter everywhere is a
            smudge.
        least_mass: least ink of a component, as a share of the largest one's.
        farthest: greatest gap, as a share of the digit's long side; gaps within a digit are
            smaller.
        farthest_at_edge: the same for a component that touches the image's border: it is
            more likely a neighbor that was cut off.
        least_size: size, as a share of the image's long side, from which a component is
            preferred to others that touch the border.
        bridged: gap, as a share of the image's long side, up to which gaps are closed; a dry pen
            leaves them.
        frame_band: share of its sides within which a drawn box has its ink.
        frame_share: least share of a box's ink that lies in that band.
        digit_in_frame: size of a digit beside a frame, as a share of the frame's.
    """

    weakest_peak: float = 0.5
    least_mass: float = 0.015
    farthest: float = 0.2
    farthest_at_edge: float = 0.03
    least_size: float = 0.15
    bridged: float = 0.008
    frame_band: float = 0.12
    frame_share: float = 0.9
    digit_in_frame: float = 0.25


SELECTION = SelectionParameters()


@dataclass(frozen=True, eq=False)
class _Candidates:
    """Components with what the selection compares: ink (n,), darkest ink (n,), border (n,)."""

    components: Components
    mass: NDArray[np.float64]
    peak: NDArray[np.float32]
    at_edge: Bools


def digit_components(ink: Ink) -> Ink:
    """Keep the digit's components; specks, smudges, frames and neighbors become paper.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink, not blank.
    """
    found = _find_candidates(ink)
    fit = (found.peak >= SELECTION.weakest_peak) & ~_frames(found, ink)
    if not fit.any():
        return np.zeros_like(ink)
    main = _main_component(found, fit, SELECTION.least_size * max(ink.shape))
    kept = _belonging(found, fit, main)
    wanted = np.concatenate([[False], kept])[found.components.labels]
    return np.where(wanted, ink, np.float32(0))


def _find_candidates(ink: Ink) -> _Candidates:
    inked = ink > 0
    reach = int(SELECTION.bridged * max(ink.shape))
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    mask = inked.astype(np.uint8)
    components = label_components(np.asarray(cv2.dilate(mask, disk), np.uint8) if reach else mask)
    owner, values = components.labels[inked] - 1, ink[inked]
    peak = np.zeros(len(components), np.float32)
    np.maximum.at(peak, owner, values)
    mass = np.bincount(owner, values, minlength=len(components)).astype(np.float64)
    return _Candidates(components, mass, peak, components.at_edge(margin_px=reach))


def _frames(found: _Candidates, ink: Ink) -> Bools:
    """Mark components that lie along the border of the image, and boxes drawn around others."""
    components = found.components
    sizes = components.spans_px
    frames = np.zeros(len(sizes), bool)
    for place in np.flatnonzero(sizes >= SELECTION.least_size * max(ink.shape)):
        left, top, right, bottom = components.boxes[place]
        if found.at_edge[place]:
            left, top, right, bottom = 0, 0, ink.shape[1], ink.shape[0]
        window = (slice(top, bottom), slice(left, right))
        inked = (components.labels[window] == components.numbers[place]) & (ink[window] > 0)
        rows, cols = (max(1, int(SELECTION.frame_band * side)) for side in inked.shape)
        within = inked[rows:-rows, cols:-cols].sum()
        others = (sizes >= SELECTION.digit_in_frame * sizes[place]) & ~found.at_edge
        others[place] = False
        hollow = within < (1 - SELECTION.frame_share) * inked.sum()
        frames[place] = hollow and others.any()
    return frames


def _main_component(found: _Candidates, fit: Bools, least_px: float) -> int:
    """Return the place of the component with most ink, one clear of the border if there is any."""
    inner = fit & ~found.at_edge & (found.components.spans_px >= least_px)
    return int(np.where(inner if inner.any() else fit, found.mass, -1).argmax())


def _belonging(found: _Candidates, fit: Bools, main: int) -> Bools:
    """Add all components that are large and near enough to the main one, until none is left."""
    kept = np.zeros(len(fit), bool)
    kept[main] = True
    large = fit & (found.mass >= SELECTION.least_mass * found.mass[main])
    cut_off = found.at_edge & ~found.at_edge[main]
    share = np.where(cut_off, SELECTION.farthest_at_edge, SELECTION.farthest)
    near, far = found.components.boxes[:, :2], found.components.boxes[:, 2:]
    while True:
        first, last = near[kept].min(axis=0), far[kept].max(axis=0)
        gaps = np.maximum(first - far, near - last).max(axis=1)
        joined = kept | (large & (gaps <= share * (last - first).max()))
        if (joined == kept).all():
            return kept
        kept = joined

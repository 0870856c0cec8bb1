"""The components of the ink that form the digit, and its neighbors of the same size."""

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
        neighbor_size: size of a neighbor that may be a digit, as a share of the largest
            component's.
        whole_height: least height of a neighbor that touches the border but is whole, as a share
            of the largest component's height; ruled lines are lower.
        whole_contact: greatest length of its contact with the border, as a share of its height; a
            stroke that ends there is shorter.
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
    neighbor_size: float = 0.4
    whole_height: float = 0.7
    whole_contact: float = 0.3


SELECTION = SelectionParameters()


@dataclass(frozen=True, eq=False)
class Selection:
    """The selected components.

    Attributes:
        digit: (rows, cols), ink of the digit.
        writing: (rows, cols), the same with its neighbors that may be digits too; the same array
            where there are none.
    """

    digit: Ink
    writing: Ink


@dataclass(frozen=True, eq=False)
class _Candidates:
    """Components with what the selection compares: ink (n,), darkest ink (n,), border (n,)."""

    components: Components
    mass: NDArray[np.float64]
    peak: NDArray[np.float32]
    at_edge: Bools


def digit_components(ink: Ink) -> Selection:
    """Keep the digit's components; specks, smudges, frames and neighbors become paper.

    Args:
        ink: (rows, cols), 0.0 paper to 1.0 full ink, not blank.
    """
    found = _find_candidates(ink)
    fit = (found.peak >= SELECTION.weakest_peak) & ~_frames(found, ink)
    if not fit.any():
        blank = np.zeros_like(ink)
        return Selection(blank, blank)
    main = _main_component(found, fit, SELECTION.least_size * max(ink.shape))
    kept = _belonging(found, fit, main)
    digit = _ink_of(found, kept, ink)
    written = kept | _neighbors(found, fit, main)
    return Selection(digit, digit if (written == kept).all() else _ink_of(found, written, ink))


def _ink_of(found: _Candidates, chosen: Bools, ink: Ink) -> Ink:
    return np.where(np.concatenate([[False], chosen])[found.components.labels], ink, np.float32(0))


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


def _neighbors(found: _Candidates, fit: Bools, main: int) -> Bools:
    """Mark components of the main one's size that the border of the image does not cut off."""
    components, spans = found.components, found.components.spans_px
    chosen: Bools = fit & (spans >= SELECTION.neighbor_size * spans[main])
    if found.at_edge[main]:
        return chosen
    tall = components.heights_px >= SELECTION.whole_height * components.heights_px[main]
    for place in np.flatnonzero(chosen & found.at_edge):
        chosen[place] = tall[place] and _touches_once(components, int(place))
    return chosen


def _touches_once(components: Components, place: int) -> bool:
    """Return whether a component touches the left or right border in one short place.

    The border cuts most digits in two places or along a stroke.
    """
    left, top, right, bottom = components.boxes[place]
    own = components.mask(place)
    sides = [own[:, 0]] if left == 0 else []
    sides += [own[:, -1]] if right == components.labels.shape[1] else []
    for side in sides:
        n_runs = np.count_nonzero(np.diff(side.astype(np.int8), prepend=0) == 1)
        if n_runs > 1 or side.sum() > SELECTION.whole_contact * (bottom - top):
            return False
    return True

"""The ink of a page: all of it and, where there are any, without ruled lines and pattern."""

from dataclasses import dataclass, replace

from digitus.imaging.arrays import Grey, Ink
from digitus.imaging.ink.darkness import Darkness, darkness_of_page
from digitus.imaging.ink.extractor import PAGE, extract_ink, mark_ink, smoothed
from digitus.imaging.ink.faint_dots import FaintDots
from digitus.imaging.ink.pattern import (
    Pattern,
    find_clear_pattern,
    find_pattern,
    without_pattern,
)
from digitus.imaging.ink.repeated_marks import without_repeated_marks
from digitus.imaging.levels import noise, to_levels
from digitus.imaging.ruled_lines.removal import without_ruled_lines


@dataclass(frozen=True, eq=False)
class PageInks:
    """The ink of a page; every array is (rows, cols), 0.0 paper to 1.0 full ink.

    Attributes:
        lined: all of it; grids are found by their lines.
        versions: one or two to read numbers in; the last one is without ruled, squared and form
            lines and without the pattern of the paper.
    """

    lined: Ink
    versions: list[Ink]


def page_inks(grey: Grey) -> PageInks:
    """Extract the ink of a page.

    The removal of lines and pattern saves some digits and breaks others, so both versions are
    returned where they differ, and both are read. A pattern that is clearly fainter than the ink
    takes nothing with it, and is in neither.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white, upright.
    """
    darkness = smoothed(darkness_of_page(grey), PAGE)
    pattern = _pattern_of_page(darkness)
    bare = _without_pattern(darkness, pattern)
    plain = extract_ink(bare, PAGE)
    cleaned = without_ruled_lines(plain, bare.values, mark_ink(bare, PAGE))
    dots = FaintDots.of(bare, PAGE)
    plain = dots.added_to(plain)
    cleaned = None if cleaned is None else dots.added_to(cleaned)
    is_clear = pattern is not None and pattern.is_clear
    lined = plain if pattern is None else extract_ink(darkness, PAGE)
    first, last = plain if is_clear else lined, plain if cleaned is None else cleaned
    versions = [
        without_repeated_marks(ink) for ink in ([first] if last is first else [first, last])
    ]
    return PageInks(lined if is_clear else versions[0], versions)


def _pattern_of_page(darkness: Darkness) -> Pattern | None:
    """Find the pattern on a sample of the page, which suffices, in a fraction of the time."""
    step = max(1, max(darkness.values.shape) // PAGE.samples_px)
    some = replace(darkness, values=darkness.values[::step, ::step]).as_float()
    return find_clear_pattern(some) or find_pattern(some)


def _without_pattern(darkness: Darkness, pattern: Pattern | None) -> Darkness:
    """Clear the pattern; most noise goes with it."""
    if pattern is None:
        return darkness
    bare = without_pattern(darkness.as_float(), pattern)
    spread = min(darkness.noise, noise(bare))
    return replace(darkness, values=to_levels(bare), noise=spread)

"""The ink of a page: all of it and, where there are any, without ruled lines and pattern."""

from dataclasses import replace

from digitus.imaging.arrays import Grey, Ink
from digitus.imaging.ink.darkness import Darkness, darkness_of_page
from digitus.imaging.ink.extractor import PAGE, extract_ink, mark_ink, smoothed
from digitus.imaging.ink.pattern import without_pattern
from digitus.imaging.ink.repeated_marks import without_repeated_marks
from digitus.imaging.levels import to_levels
from digitus.imaging.ruled_lines.removal import without_ruled_lines


def page_inks(grey: Grey) -> list[Ink]:
    """Extract the ink of a page (rows, cols), 0.0 paper to 1.0 full ink.

    The removal of lines and pattern saves some digits and breaks others, so both versions are
    returned where they differ, and both are read.

    Args:
        grey: (rows, cols), 0.0 black to 1.0 white, upright.

    Returns:
        One version; or two: all the ink, and the ink without ruled, squared and form lines and
        without the pattern of the paper.
    """
    darkness = smoothed(darkness_of_page(grey), PAGE)
    ink = extract_ink(darkness, PAGE)
    bare = _without_pattern(darkness)
    plain = ink if bare is darkness else extract_ink(bare, PAGE)
    cleaned = without_ruled_lines(plain, bare.values, mark_ink(bare, PAGE))
    rest = plain if cleaned is None else cleaned
    versions = [ink] if rest is ink else [ink, rest]
    return [without_repeated_marks(version) for version in versions]


def _without_pattern(darkness: Darkness) -> Darkness:
    """Clear what is fainter than the ink and covers the page; without any, return the argument."""
    step = max(1, max(darkness.values.shape) // PAGE.samples_px)
    some = replace(darkness, values=darkness.values[::step, ::step]).as_float()
    if without_pattern(some) is some:  # a sample suffices, in a fraction of the time
        return darkness
    return replace(darkness, values=to_levels(without_pattern(darkness.as_float())))

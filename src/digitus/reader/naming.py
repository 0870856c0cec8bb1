"""Names for the files that are written about a source."""

from collections import Counter
from collections.abc import Sequence
from itertools import count
from pathlib import PurePath

_STEM_CHARACTERS = 60
"""Of a source's name; with four bytes a character, a file's name has at most 255."""


def names_of(sources: Sequence[str]) -> dict[str, str]:
    """Give every source a name of its own, without suffix, whatever the case of its letters.

    It is the file's name without its suffix; where others are called so, with it; where that is
    not enough, with a number.

    >>> names_of(["a/1.png", "a/2.png", "b/2.jpg", "b/2.png"])
    {'a/1.png': '1', 'a/2.png': '2-png', 'b/2.jpg': '2-jpg', 'b/2.png': '2-png-2'}
    """
    stems = Counter(PurePath(source).stem.casefold() for source in sources)
    taken: set[str] = set()
    names = {}
    for source in sources:
        path = PurePath(source)
        stem = path.stem.strip(". ")[:_STEM_CHARACTERS] or "page"
        alone = stems[path.stem.casefold()] == 1
        names[source] = _free(stem if alone else f"{stem}-{path.suffix[1:]}", taken)
    return names


def _free(wanted: str, taken: set[str]) -> str:
    """Give the name wanted, with a number where it is taken; it is taken from then on."""
    name = next(
        name
        for name in (wanted if i == 1 else f"{wanted}-{i}" for i in count(1))
        if name.casefold() not in taken
    )
    taken.add(name.casefold())
    return name

"""Names of the files that are written about a source, and source names that UTF-8 can hold."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import PurePath

STEM_CHARACTERS = 60
"""Characters kept of a source's name. File systems allow 255 bytes; a character has up to four."""

_UNDECODED = re.compile("[\ud800-\udfff]")


def readable(source: str) -> str:
    r"""Return a file's name with the bytes that are not UTF-8 replaced.

    >>> readable("bad\udcff.png") == "bad\N{REPLACEMENT CHARACTER}.png"
    True
    """
    return _UNDECODED.sub("\N{REPLACEMENT CHARACTER}", source)


def names_of(sources: Sequence[str], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a different name for every source, without suffix, even where case does not count.

    A name is that of the file without its suffix; with its suffix where several would be the same;
    with a number where they still are.

    Args:
        sources: paths.
        known: names that other sources, or some of these, already have; they stay, and no other
            source gets them.

    >>> names_of(["a/1.png", "a/2.png", "b/2.jpg", "b/2.png"])
    {'a/1.png': '1', 'a/2.png': '2-png', 'b/2.jpg': '2-jpg', 'b/2.png': '2-png-2'}
    >>> names_of(["b/1.png"], {"a/1.png": "1"})
    {'b/1.png': '1-png'}
    """
    known = known or {}
    stems = Counter(PurePath(source).stem.casefold() for source in {*sources, *known})
    taken = {name.casefold() for name in known.values()}
    names = {}
    for source in sources:
        path = PurePath(source)
        stem = readable(path.stem).strip(". ")[:STEM_CHARACTERS] or "page"
        wanted = stem if stems[path.stem.casefold()] == 1 else f"{stem}-{readable(path.suffix[1:])}"
        names[source] = known[source] if source in known else _free(wanted, taken)
    return names


def _free(wanted: str, taken: set[str]) -> str:
    """Return the name wanted, with a number if it is taken, and add it to those taken."""
    name = next(
        name
        for name in (wanted if i == 1 else f"{wanted}-{i}" for i in count(1))
        if name.casefold() not in taken
    )
    taken.add(name.casefold())
    return name

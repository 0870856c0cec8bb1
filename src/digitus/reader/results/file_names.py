"""Names for the files that are written about a source, and its own name made fit for a text."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import PurePath

_STEM_CHARACTERS = 60
"""Of a source's name; with four bytes a character, a file's name has at most 255."""

_NO_CHARACTER = re.compile("[\ud800-\udfff]")


def readable(source: str) -> str:
    r"""Return a file's name as a text that can be written: what is no UTF-8 in it is replaced.

    >>> readable("bad\udcff.png") == "bad\N{REPLACEMENT CHARACTER}.png"
    True
    """
    return _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", source)


def names_of(sources: Sequence[str], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return every source a name of its own, without suffix, whatever the case of its letters.

    It is the file's name without its suffix; where others are called so, with it; where that is
    not enough, with a number.

    Args:
        sources: the paths.
        known: sources that were named before, not all of them among ``sources``; they keep their
            names, which nothing else gets.

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
        stem = readable(path.stem).strip(". ")[:_STEM_CHARACTERS] or "page"
        wanted = stem if stems[path.stem.casefold()] == 1 else f"{stem}-{readable(path.suffix[1:])}"
        names[source] = known[source] if source in known else _free(wanted, taken)
    return names


def _free(wanted: str, taken: set[str]) -> str:
    """Return the name wanted, with a number where it is taken; it is taken from then on."""
    name = next(
        name
        for name in (wanted if i == 1 else f"{wanted}-{i}" for i in count(1))
        if name.casefold() not in taken
    )
    taken.add(name.casefold())
    return name

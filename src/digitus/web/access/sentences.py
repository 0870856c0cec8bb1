"""Sentences for clients: without the folders of this machine."""

import re

_ENDS = r"/\\\n:;,'\"()"  # signs that end a name of a path
_PATH = re.compile(
    r"(?P<link>https?://\S+)"
    r"|(?<![\w.])(?:[A-Za-z]:)?"
    rf"(?:[/\\]+[^{_ENDS}]+(?=[/\\]))*[/\\]+[^{_ENDS}\s]+[/\\]?"
)


def without_folders(sentence: str) -> str:
    r"""Shorten each absolute path to its last name.

    Folders may have spaces in their names, so words between two paths are lost.

    >>> without_folders("/home/Ada L/t10k.gz: damaged; see https://example.org/a/b")
    't10k.gz: damaged; see https://example.org/a/b'
    >>> without_folders("sqlite:////home/ada/r.db, a/b, C:\\Users\\Ada\\x.png, 3 / 4")
    'sqlite:r.db, a/b, x.png, 3 / 4'
    """
    return _PATH.sub(_last_name, sentence)


def _last_name(found: re.Match[str]) -> str:
    return found["link"] or re.split(r"[/\\]", found[0].rstrip("/\\"))[-1]

"""One JSON object on stdout that grows page by page, so that a long run needs little memory."""

import json
from collections.abc import Sequence
from typing import Any

import click

from digitus.errors import ReadError
from digitus.reader.results.file_names import readable
from digitus.reader.results.reading import PageReading


class JsonStream:
    """Prints ``{"pages": [...], "errors": [...]}``, a page in a line; it is whole after ``end``."""

    def __init__(self) -> None:
        self._n_pages = 0

    def page(self, page: PageReading) -> None:
        """Print a page."""
        click.echo(
            ("," if self._n_pages else '{"pages": [') + "\n" + _compact(_named(page.to_json())),
            nl=False,
        )
        self._n_pages += 1

    def end(self, errors: Sequence[ReadError]) -> None:
        """Print the errors and what closes the object."""
        start = "\n]" if self._n_pages else '{"pages": []'
        told = [_named(error.to_json()) for error in errors]
        click.echo(f'{start}, "errors": {_compact(told)}}}')


def _named(value: dict[str, Any]) -> dict[str, Any]:
    """Write the names of files so that every program can read them."""
    return {key: readable(one) if isinstance(one, str) else one for key, one in value.items()}


def _compact(value: Any) -> str:
    return json.dumps(value, allow_nan=False)

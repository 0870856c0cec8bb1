"""One JSON object on stdout that grows page by page, so that a long run needs little memory."""

import json
from collections.abc import Sequence
from typing import Any

import click

from digitus.reader.reading import PageReading, ReadError


class JsonStream:
    """Prints ``{"pages": [...], "errors": [...]}``, a page in a line; it is whole after ``end``."""

    def __init__(self) -> None:
        self._n_pages = 0

    def page(self, page: PageReading) -> None:
        """Print a page."""
        click.echo(
            ("," if self._n_pages else '{"pages": [') + "\n" + _compact(page.to_json()), nl=False
        )
        self._n_pages += 1

    def end(self, errors: Sequence[ReadError]) -> None:
        """Print the errors and what closes the object."""
        start = "\n]" if self._n_pages else '{"pages": []'
        told = [error.to_json() for error in errors]
        click.echo(f'{start}, "errors": {_compact(told)}}}')


def _compact(value: Any) -> str:
    return json.dumps(value, allow_nan=False)

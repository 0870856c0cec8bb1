"""Stores on SQLite and on a real PostgreSQL, and a small page that was read."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from digitus.reader.results.reading import Cell, Digit, Grid, Line, Mark, Number, PageReading
from digitus.review.store import ReviewStore

CELL_PX = 20


def number(text: str, left: int, top: int, **facts: Any) -> Number:
    """Return a number whose digits are 20 x 30 pixels, one beside the other."""
    confidence, digits = facts.get("confidence", 0.99), []
    for place, sign in enumerate(text):
        box = left + CELL_PX * place, top, CELL_PX - 2, 30
        value = int(sign) if sign.isdigit() else None
        if sign in "0123456789?":
            likely = ((3 if value is None else value, confidence), (1, 0.005))
            verdict = "not_a_digit" if value is None else "digit"
            digits.append(Digit(value, verdict, confidence, box, likely))
    return Number(
        text=text,
        value=None,
        confidence=confidence,
        to_check=confidence < 0.9 or "?" in text,
        box=(left, top, CELL_PX * len(text), 30),
        digits=tuple(digits),
        marks=facts.get("marks", ()),
        alternatives=((text.replace("?", "3"), confidence), ("1", 0.005)),
    )


def line(*numbers: Number) -> Line:
    """Return a line of numbers."""
    top = numbers[0].box[1]
    return Line(" ".join(one.text for one in numbers), 0.9, (0, top, 300, 30), numbers)


@pytest.fixture
def reading() -> PageReading:
    """A page: 204 and a doubtful 7; 20, 4 and -3.5; a grid with 13, something struck out, nothing.

    The minus is doubtful.
    """
    minus = Mark("minus", (140, 75, 15, 4), confidence=0.7)
    point = Mark("point", (182, 84, 4, 4), confidence=0.99)
    lines = (
        line(number("204", 10, 10), number("7", 100, 10, confidence=0.5)),
        line(
            number("20", 10, 60), number("4", 60, 60), number("-3.5", 140, 60, marks=(minus, point))
        ),
        line(number("13", 10, 120)),
    )
    cells = (
        Cell("13", "digit", 0.99, False, (0, 110, 60, 50)),
        Cell("", "struck_out", None, True, (60, 110, 60, 50)),
        Cell("", "blank", None, False, (120, 110, 60, 50)),
    )
    return PageReading(
        "scores", 1, 300, 200, lines, (Grid((0, 110, 180, 50), (cells,)),), ("pale",)
    )


@pytest.fixture(scope="session")
def image() -> bytes:
    """The page as PNG, reduced by half; each column has a level of its own."""
    levels = np.tile(np.arange(150, dtype=np.uint8), (100, 1))
    return cv2.imencode(".png", levels)[1].tobytes()


@pytest.fixture(scope="session")
def postgresql_tables(
    make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The address of a database on PostgreSQL with tables."""
    address = make_database()
    ReviewStore.open(address, tmp_path_factory.mktemp("template")).close()
    return address


@pytest.fixture
def postgresql_url(postgresql_tables: str) -> str:
    """The address of a database on PostgreSQL with empty tables."""
    import psycopg

    with psycopg.connect(postgresql_tables) as connection:
        connection.execute("DELETE FROM batch")  # and with it all else
    return postgresql_tables


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite with empty tables."""
    folder = tmp_path_factory.mktemp("template")
    ReviewStore.open(None, folder).close()
    return folder / "review.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'review.db'}"
    address: str = request.getfixturevalue("make_database")()
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with empty tables, of each kind."""
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path)
        return f"sqlite:///{file}"
    address: str = request.getfixturevalue("postgresql_url")
    return address


@pytest.fixture
def open_store(url: str, tmp_path: Path) -> Iterator[Callable[..., ReviewStore]]:
    """Open stores on one database, each as a server of its own would."""
    opened = []

    def open_one(**options: Any) -> ReviewStore:
        opened.append(ReviewStore.open(url, tmp_path / "files", **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def store(open_store: Callable[..., ReviewStore]) -> ReviewStore:
    """A store without batches."""
    return open_store()


@pytest.fixture
def page_id(store: ReviewStore, reading: PageReading, image: bytes) -> int:
    """The page above, read, in a batch of its own."""
    batch = store.make_batch("Scores")
    document = store.add_documents(batch["id"], [("scores.png", image)])[0]
    store.start_pages(document["id"], 1)
    work = store.next_work()
    assert work is not None
    assert work.page_id is not None
    store.save_page(work.page_id, reading, image, 1.5)
    return work.page_id


@pytest.fixture
def batch_id(store: ReviewStore, page_id: int) -> int:
    """The batch of the page."""
    return store.page(page_id)["batch_id"]

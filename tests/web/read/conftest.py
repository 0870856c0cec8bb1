"""The room Read before a stand-in for the review API; this folder holds the stand-in."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

FOLDER = str(Path(__file__).parent)
if FOLDER not in sys.path:
    sys.path.insert(0, FOLDER)

from fake_review import GRID, ME, RESOURCES, SCORES, WIDE, FakeReview  # noqa: E402

expect.set_options(timeout=20_000)  # on a machine that does much besides


@pytest.fixture
def review() -> FakeReview:
    """A server with batch 1: page 2, scores, with two numbers to check; and a grid with one."""
    made = FakeReview()
    batch = made.make_batch("Score sheets")
    made.make_page(batch, "scores.jpg", SCORES)
    made.make_page(batch, "grid.jpg", GRID, is_grid=True)
    return made


@pytest.fixture(scope="session")
def contexts(browser: Any) -> Iterator[Callable[..., Any]]:
    """A function that returns a context of Chromium for some options, the same for the same."""
    made: dict[str, Any] = {}

    def make(**options: Any) -> Any:
        key = json.dumps(options, sort_keys=True)
        if key not in made:
            made[key] = browser.new_context(reduced_motion="reduce", **options)
        return made[key]

    yield make
    for context in made.values():
        context.close()


@pytest.fixture
def open_read(
    contexts: Callable[..., Any], static_address: str, review: FakeReview
) -> Iterator[Callable[..., Any]]:
    """A function that opens the room at a link, such as ``#read?batch=1``.

    Its other arguments are those of Playwright's ``new_context``; the page is wide without any. An
    error on a console makes the test fail, unless it tells that the server refused.
    """
    pages: list[Any] = []
    problems: list[str] = []

    def note(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            problems.append(message.text)

    def make(link: str = "#read?batch=1", *, reviewer: str = ME, **options: Any) -> Any:
        page = contexts(**(options or WIDE)).new_page()
        pages.append(page)
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", note)
        page.add_init_script(f"localStorage.setItem('digitus.reviewer', {json.dumps(reviewer)})")
        page.route("**/resources.json", lambda route: route.fulfill(json=RESOURCES))
        page.route("**/api/**", review.handle)
        page.goto(f"{static_address}/index.html{link}")
        page.locator("#room-read:visible").wait_for()
        return page

    yield make
    for page in pages:
        page.close()
    assert problems == []

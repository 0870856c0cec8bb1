"""The room Read for everyone: axe-core in every view, theme and size."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fake_review import PHONE, WIDE, FakeReview

OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
VIEWS = {
    "list": ("#read", ".batch-name"),
    "page": ("#read?batch=1", ".page-table .number"),
    "check": ("#read?batch=1&view=check", ".check-view .reading"),
    "groups": ("#read?batch=1&view=groups&key=7", ".group-item"),
    "declined": ("#read?batch=1&view=groups&key=%3F", ".is-declined .group-item"),
}


def violations(page: Any) -> list[str]:
    """Return what axe-core finds on the page: its rule, and where."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    open_read: Callable[..., Any], review: FakeReview, size: str, theme: str
) -> None:
    review.make_page(
        1, "a long name of a file.jpg", [], state="failed", error="Damaged; try again."
    )
    review.make_page(1, "next.jpg", [], state="reading")
    review.make_page(1, "pencil.jpg", [[("2?4", 0.4), ("?", 0.5)]])
    review.cell("187")["locked_by"] = "Reviewer 7A1"
    sizes = WIDE if size == "wide" else PHONE
    page = open_read("#read", color_scheme=theme, **sizes)
    found = {}
    for view, (link, awaited) in VIEWS.items():
        page.evaluate("(link) => { location.hash = link; }", link)
        page.locator(awaited).first.wait_for()
        if view == "page":
            page.locator(".number.is-doubtful").first.click()
        if view in ("groups", "declined"):
            page.locator(".group-item").first.click()
        found[view] = violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert (view, wide) == (view, 0)
    page.get_by_role("button", name="Export").click()
    found["export"] = violations(page)
    assert found == {view: [] for view in (*VIEWS, "export")}

"""Group verification: what was read alike on one screen."""

from collections.abc import Callable
from typing import Any

import pytest
from fake_review import ME, FakeReview
from playwright.sync_api import expect

LINK = "#read?batch=1&view=groups"


def open_group(open_read: Callable[..., Any], query: str, title: str) -> Any:
    """Open a group, and wait for it."""
    page = open_read(f"{LINK}&{query}")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    return page


def test_digits_read_alike_stand_together_the_least_confident_first(
    open_read: Callable[..., Any],
) -> None:
    page = open_group(open_read, "by=digit&key=7", "Digits read as 7")
    shares = page.locator(".group-item .small").all_inner_texts()
    assert shares == ["81.0 %", "99.1 %", "99.1 %", "99.1 %"]
    page.wait_for_function(
        "[...document.querySelectorAll('.group-item img')].every((one) => one.naturalWidth > 0)"
    )


def test_odd_ones_are_marked_by_keys_and_the_rest_confirmed_at_once(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    page = open_group(open_read, "by=digit&key=7", "Digits read as 7")
    page.locator(".group-item").first.focus()
    page.keyboard.press("x")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("Space")  # not odd after all
    expect(page.get_by_role("button", name="Confirm the other 3")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Digits read as 8")).to_be_visible()
    sevens = [
        (cell["text"], digit["verified"])
        for cell in review.cells.values()
        for digit in cell["digits"]
        if digit["digit"] == 7
    ]
    assert sevens == [("17", True), ("187", False), ("77", True), ("77", True)]
    assert review.cell("77")["confirmed_by"] == ME
    assert review.cell("187")["to_check"]
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="digits read as 7, 4 of 4 open")).to_be_visible()


@pytest.mark.parametrize(
    ("by", "key", "title", "texts"),
    [
        ("text", "196", "Numbers read as 196", ["196"]),
        ("length", "3", "Numbers of 3 digits", ["204", "196", "187", "210"]),
    ],
)
def test_numbers_are_confirmed_in_groups(
    open_read: Callable[..., Any],
    review: FakeReview,
    by: str,
    key: str,
    title: str,
    texts: list[str],
) -> None:
    page = open_group(open_read, f"by={by}&key={key}", title)
    expect(page.locator(".group-item")).to_have_count(len(texts))
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name=title)).to_have_count(0)
    assert all(review.cell(text)["confirmed_by"] == ME for text in texts)


def test_odd_number_is_marked_to_be_checked(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    page = open_group(open_read, "by=length&key=1", "Numbers of 1 digit")
    page.locator(".group-item").nth(2).click()
    page.get_by_role("button", name="Confirm the other").click()
    expect(page.get_by_role("heading", name="Numbers of 1 digit")).to_have_count(0)
    states = [(c["state"], c["to_check"]) for c in review.cells.values() if len(c["text"]) == 1]
    assert states.count(("read", True)) == 1
    assert states.count(("confirmed", False)) == len(states) - 1


def test_brackets_go_to_other_groups_and_the_link_names_them(
    open_read: Callable[..., Any],
) -> None:
    page = open_group(open_read, "by=digit&key=7", "Digits read as 7")
    page.keyboard.press("]")
    expect(page.get_by_role("heading", name="Digits read as 8")).to_be_visible()
    assert page.evaluate("location.hash") == f"{LINK}&key=8"
    page.get_by_role("button", name="By number").click()
    expect(page.get_by_role("heading", name="Numbers read as 1", exact=True)).to_be_visible()

"""Group verification: what was read alike on one screen."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from fake_review import ME, PHONE, FakeReview
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


@pytest.fixture
def declined(review: FakeReview) -> FakeReview:
    """The server with a page that has three digits which could not be read, drawn as 3."""
    review.make_page(1, "pencil.jpg", [[("2?4", 0.4), ("?", 0.5), ("?", 0.6)]])
    return review


def test_digits_that_could_not_be_read_come_first_and_are_typed(
    open_read: Callable[..., Any], declined: FakeReview
) -> None:
    title = "Digits that could not be read"
    page = open_group(open_read, "", title)
    key = page.get_by_role("group", name="Group", exact=True).get_by_role("button").first
    expect(key).to_have_accessible_name("digits that could not be read, 3 of 3 open")
    confirm = page.get_by_role("button", name="Confirm 0 digits")
    expect(confirm).to_be_disabled()
    page.keyboard.type("35")  # of the first two, without a click before
    page.keyboard.press("Backspace")  # nothing is marked there yet
    expect(page.locator(".group-item .small")).to_have_text(["3", "5", "3? 99.1 %"])
    expect(page.get_by_role("button", name="Image 2, typed 5")).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator(".group-item")).to_have_count(1)
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    assert [cell["text"] for cell in declined.cells_of(1)][-3:] == ["2?4", "3", "5"]
    page.keyboard.press("Space")  # the likeliest one
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name=title)).to_have_count(0)
    page.keyboard.press("u")
    expect(key).to_have_accessible_name("digits that could not be read, 1 of 1 open")


def test_a_phone_names_digits_by_a_row_of_buttons(
    open_read: Callable[..., Any], declined: FakeReview
) -> None:
    page = open_read(f"{LINK}&key=%3F", **PHONE)
    images = page.locator(".group-item")
    expect(images).to_have_count(3)
    images.first.tap()  # takes the likeliest
    expect(images.first).to_contain_text("3")
    pad = page.get_by_role("group", name="Digit of the framed image")
    boxes = [button.bounding_box() for button in pad.get_by_role("button").all()]
    assert all(min(box["width"], box["height"]) >= 40 for box in boxes)
    assert all(one["x"] + one["width"] <= two["x"] for one, two in pairwise(boxes[:5]))
    pad.get_by_role("button", name="8").tap()
    pad.get_by_role("button", name="6").tap()
    expect(page.locator(".group-item .small")).to_have_text(["8", "6", "3? 99.1 %"])
    page.get_by_role("button", name="Confirm 2 digits").tap()
    expect(images).to_have_count(1)
    page.get_by_role("button", name="digits read as 7").tap()
    expect(page.get_by_role("heading", name="Digits read as 7")).to_be_visible()
    expect(pad).to_be_hidden()


def test_an_odd_digit_is_typed_instead_of_left_to_check(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    page = open_group(open_read, "by=digit&key=7", "Digits read as 7")
    page.keyboard.type("1")  # no image is chosen
    page.locator(".group-item").first.focus()
    page.keyboard.type("1")
    expect(page.locator(".group-foot")).to_contain_text("1 typed")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Digits read as 7")).to_have_count(0)
    assert review.cell("181")["digits"][2] == review.cell("181")["digits"][2] | {
        "digit": 1,
        "verified": True,
    }


def test_keys_pressed_while_a_group_is_saved_are_for_the_next(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    page = open_group(open_read, "by=length&key=1", "Numbers of 1 digit")
    review.held = []
    page.keyboard.press("c")
    page.keyboard.press("]")
    review.resume()
    expect(page.get_by_role("heading", name="Numbers of 3 digits")).to_be_visible()
    assert all(c["state"] == "confirmed" for c in review.cells.values() if len(c["text"]) == 1)


def test_brackets_go_to_other_groups_and_the_link_names_them(
    open_read: Callable[..., Any],
) -> None:
    page = open_group(open_read, "by=digit&key=7", "Digits read as 7")
    page.keyboard.press("]")
    expect(page.get_by_role("heading", name="Digits read as 8")).to_be_visible()
    assert page.evaluate("location.hash") == f"{LINK}&key=8"
    page.get_by_role("button", name="By number").click()
    expect(page.get_by_role("heading", name="Numbers read as 1", exact=True)).to_be_visible()

"""Doubtful numbers one after the other, by keyboard alone."""

from collections.abc import Callable
from typing import Any

import pytest
from fake_review import ME, FakeReview
from playwright.sync_api import expect

OTHER = "Reviewer 7A1"
LINK = "#read?batch=1&view=check"


@pytest.fixture
def page(open_read: Callable[..., Any]) -> Any:
    """The first of three numbers to check: 204."""
    opened = open_read(LINK)
    shows(opened, "204")
    return opened


def field(page: Any) -> Any:
    """Return the field of the reading."""
    return page.locator(".check-view .reading-field")


def shows(page: Any, text: str) -> None:
    """Wait until a number is shown, and keys are taken."""
    expect(field(page)).to_have_value(text)
    expect(page.locator(".check-view .primary")).to_be_focused()


def left(page: Any) -> str:
    """Return the counter."""
    return str(page.locator(".left-count").inner_text())


def test_all_are_checked_by_keys_until_none_is_left(page: Any, review: FakeReview) -> None:
    assert left(page) == "3"
    page.keyboard.press("2")  # the second reading
    expect(field(page)).to_have_value("200")
    page.keyboard.press("Enter")
    shows(page, "187")
    assert left(page) == "2"
    page.keyboard.press("4")  # begins a number, because no reading has this key
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    shows(page, "36")
    page.keyboard.press("Space")
    page.keyboard.type("-1.5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing left to check")).to_be_visible()
    confirmed = [c["text"] for c in review.cells.values() if c["confirmed_by"] == ME]
    assert confirmed == ["200", "42", "-1.5"]
    assert all(cell["locked_by"] is None for cell in review.cells.values())


def test_crop_and_its_place_on_the_page_are_shown(page: Any) -> None:
    crop = page.locator(".check-view .crop")
    assert "read as 204" in crop.get_attribute("alt")
    assert crop.bounding_box()["height"] > 150
    expect(page.locator(".check-view .box.is-chosen")).to_have_count(1)
    expect(page.get_by_role("link", name="scores.jpg, line 1")).to_be_visible()
    said = page.locator(".read > [role=status]")
    expect(said).to_have_text("3 left. Read as 1: 204 62.0 %, 2: 200 30.4 %, 3: 120 3.8 %.")


def test_keys_go_on_back_delete_and_undo(page: Any, review: FakeReview) -> None:
    page.keyboard.press("ArrowRight")
    shows(page, "187")
    page.keyboard.press("Shift+Enter")
    shows(page, "204")
    page.keyboard.press("Enter")
    shows(page, "187")
    page.keyboard.press("Delete")
    shows(page, "36")
    assert review.cell("187")["state"] == "deleted"
    page.keyboard.press("u")
    shows(page, "187")
    page.keyboard.press("Control+z")
    shows(page, "204")
    assert left(page) == "3"
    assert review.cell("204")["state"] == "read"
    page.keyboard.press("u")
    expect(page.locator(".message p")).to_have_text("There is nothing of yours to undo.")


def test_escape_leaves_the_field_and_question_mark_lists_the_keys(page: Any) -> None:
    page.keyboard.press("Space")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Escape")
    shows(page, "204")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    assert "confirm and go on" in dialog.inner_text()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_skipped_numbers_come_again_after_the_last(page: Any) -> None:
    for text in ("187", "36", "204"):
        page.keyboard.press("n")
        shows(page, text)


def test_second_reviewer_sees_what_the_first_confirmed_and_keeps_it(
    page: Any, review: FakeReview
) -> None:
    review.confirm(review.cell("204"), "209", OTHER)
    note = page.locator(".check-view .cell-note")
    expect(note).to_contain_text(f"{OTHER} confirmed 209 just now.")
    expect(note.get_by_role("button", name="Keep 209")).to_be_focused()
    page.keyboard.press("Enter")
    shows(page, "187")
    assert review.cell("209")["confirmed_by"] == OTHER


def test_second_reviewer_may_insist(page: Any, review: FakeReview) -> None:
    cell = review.cell("204")
    cell.update(text="209", state="confirmed", confirmed_by=OTHER, version=7)  # no news of it
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    note = page.locator(".check-view .cell-note")
    expect(note).to_contain_text(f"{OTHER} confirmed 209 just now.")
    page.keyboard.press("Tab")
    expect(note.get_by_role("button", name="Confirm 200 instead")).to_be_focused()
    page.keyboard.press("Enter")
    shows(page, "187")
    assert (cell["text"], cell["confirmed_by"]) == ("200", ME)


def test_number_that_another_has_open_says_so(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    review.cell("204")["locked_by"] = OTHER
    page = open_read(LINK)
    expect(page.locator(".check-view .locked")).to_have_text(f"Being edited by {OTHER}.")


def test_typed_number_stays_while_the_server_is_away(page: Any, review: FakeReview) -> None:
    review.is_away = True
    page.keyboard.press("Space")
    page.keyboard.type("208")
    page.keyboard.press("Enter")
    expect(page.locator(".message p")).to_contain_text("The server does not answer")
    expect(field(page)).to_have_value("208")
    review.is_away = False
    page.keyboard.press("Enter")
    shows(page, "187")
    assert review.cell("208")["confirmed_by"] == ME


def test_keys_pressed_while_a_number_is_saved_are_for_those_that_follow(
    page: Any, review: FakeReview
) -> None:
    review.held = []
    page.keyboard.press("Enter")  # 204
    page.keyboard.type("42")
    page.keyboard.press("Backspace")
    page.keyboard.type("1")
    page.keyboard.press("Enter")  # 41 in place of 187
    page.keyboard.press("2")
    page.keyboard.press("Enter")  # the second reading of 36
    expect(field(page)).to_have_value("204")
    review.resume()
    expect(page.get_by_role("heading", name="Nothing left to check")).to_be_visible()
    confirmed = [c["text"] for c in review.cells.values() if c["confirmed_by"] == ME]
    assert confirmed == ["204", "41", "32"]


def test_keys_meant_for_the_next_number_are_dropped_if_the_first_is_not_saved(
    page: Any, review: FakeReview
) -> None:
    review.held = []
    page.keyboard.press("Enter")
    page.keyboard.type("42")
    page.keyboard.press("Enter")
    review.is_away = True
    review.resume()
    expect(page.locator(".message p")).to_contain_text("The server does not answer")
    expect(field(page)).to_have_value("204")
    review.is_away = False
    page.keyboard.press("Enter")
    shows(page, "187")
    assert [c["text"] for c in review.cells.values() if c["confirmed_by"] == ME] == ["204"]


def test_a_key_that_is_held_down_while_a_number_is_saved_confirms_no_other(
    page: Any, review: FakeReview
) -> None:
    review.held = []
    page.keyboard.down("Enter")
    page.keyboard.down("Enter")  # as the keyboard repeats it
    page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    review.resume()
    shows(page, "187")
    assert left(page) == "2"


def test_number_of_a_page_that_is_read_later_appears(page: Any, review: FakeReview) -> None:
    waiting = review.make_page(1, "later.png", [[("555", 0.5)]], state="waiting")
    for line in review.pages[waiting]["lines"]:
        for one in line:
            review.cells[one]["to_check"] = False
    for text in ("204", "187", "36"):
        shows(page, text)
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing to check yet")).to_be_visible()
    review.cell("555")["to_check"] = True
    review.pages[waiting]["state"] = "read"
    review.tell_page(waiting)
    shows(page, "555")

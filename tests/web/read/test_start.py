"""The first view of the room Read: its tab, new batches, and the list of them."""

from collections.abc import Callable
from typing import Any

from fake_review import FakeReview
from playwright.sync_api import expect

PAGE = {"name": "scores.jpg", "mimeType": "image/jpeg", "buffer": b"not looked at"}


def names(page: Any) -> list[str]:
    """Return the names in the list of batches."""
    return list(page.locator(".batch-name").all_inner_texts())


def test_tab_is_away_where_no_server_reads(
    new_page: Callable[..., Any], static_address: str
) -> None:
    page = new_page()
    listed = {"models": [], "mnist": {"problem": "None."}}
    page.route("**/resources.json", lambda route: route.fulfill(json=listed))
    page.goto(f"{static_address}/index.html#read")
    page.locator("html[data-ready]").wait_for()
    assert page.get_by_role("tab").all_inner_texts() == ["Draw", "Inside", "Learn"]
    expect(page.get_by_role("tabpanel")).to_have_id("room-draw")
    page.get_by_role("tab", name="Learn").focus()
    page.keyboard.press("ArrowRight")  # over the tab that is not there
    expect(page.get_by_role("tab", name="Draw")).to_have_attribute("aria-selected", "true")


def test_files_make_a_batch_and_the_tab_comes_back_to_it(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    page = open_read("#read")
    expect(page.locator(".batch")).to_have_count(1)
    page.get_by_label("Page files").set_input_files([PAGE, PAGE | {"name": "b.pdf"}])
    expect(page.locator(".page-name")).to_have_text(["scores.jpg", "b.pdf"])
    link = page.evaluate("location.hash")
    assert link == f"#read?batch={max(review.batches)}"
    page.get_by_role("tab", name="Draw").click()
    page.get_by_role("tab", name="Read").click()
    assert page.evaluate("location.hash") == link
    expect(page.locator(".page-name")).to_have_count(2)


def test_dropped_pages_come_in_and_the_room_draw_does_not_take_them(
    open_read: Callable[..., Any],
) -> None:
    page = open_read("#read")
    page.evaluate(
        """() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["x"], "one.png", { type: "image/png" }));
            dataTransfer.items.add(new File(["x"], "two.png", { type: "image/png" }));
            const options = { dataTransfer, bubbles: true, cancelable: true };
            document.querySelector("header").dispatchEvent(new DragEvent("drop", options));
        }"""
    )
    expect(page.locator(".page-name")).to_have_text(["one.png", "two.png"])
    expect(page.locator(".message")).to_have_count(0)


def test_batch_is_renamed(open_read: Callable[..., Any], review: FakeReview) -> None:
    page = open_read("#read")
    page.get_by_role("button", name="Rename Score sheets").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("Round 3")
    page.keyboard.press("Enter")
    expect(page.locator(".batch-name")).to_have_text(["Round 3"])
    assert review.batches[1]["name"] == "Round 3"


def test_batch_is_deleted_after_a_question_that_names_what_goes(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    page = open_read("#read")
    delete = page.get_by_role("button", name="Delete Score sheets")
    delete.click()
    question = page.get_by_role("dialog", name="Delete “Score sheets” for good?")
    assert "2 pages and 20 numbers, 0 of them confirmed" in question.inner_text()
    expect(question.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Escape")
    assert 1 in review.batches
    delete.click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator(".batch")).to_have_count(0)
    assert review.batches == {}


def test_link_of_a_deleted_batch_leads_to_the_list(open_read: Callable[..., Any]) -> None:
    page = open_read("#read?batch=99")
    expect(page.locator(".message p")).to_contain_text("not there any more")
    expect(page.locator(".batch-name")).to_have_text(["Score sheets"])


def test_reviewer_has_a_name_that_the_browser_keeps(
    open_read: Callable[..., Any], static_address: str
) -> None:
    page = open_read("#read")
    page.get_by_role("button", name="Your name: Reviewer 4F2").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("Ada")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Your name: Ada")).to_be_visible()
    assert page.evaluate("localStorage.getItem('digitus.reviewer')") == "Ada"


def test_page_says_where_data_lies(open_read: Callable[..., Any]) -> None:
    page = open_read("#read")
    where = "Kept on the machine that runs this server until you delete the batch"
    expect(page.get_by_text(where)).to_be_visible()

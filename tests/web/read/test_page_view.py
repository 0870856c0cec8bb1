"""A page with its boxes and its table, and what is mended there."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fake_review import ME, PHONE, FakeReview
from playwright.sync_api import expect


def number(page: Any, text: str) -> Any:
    """Return the button of a number."""
    return page.locator(".page-table .number").filter(has_text=re.compile(rf"^{text}\b")).first


def table(page: Any) -> list[list[str]]:
    """Return the texts of the first table, row by row."""
    return list(
        page.locator(".numbers").first.evaluate(
            """(table) => [...table.rows].map((row) =>
                [...row.querySelectorAll("td")].map((cell) =>
                    cell.querySelector("button")?.firstChild?.data ?? ""))"""
        )
    )


@pytest.fixture
def page(open_read: Callable[..., Any]) -> Any:
    """The page of scores."""
    opened = open_read("#read?batch=1&page=2")
    number(opened, "204").wait_for()
    return opened


def test_table_lies_as_the_page_does_and_boxes_tell_what_is_doubtful(page: Any) -> None:
    rows = [["17", "204", "58"], ["23", "196", "61"], ["9", "187", "40"], ["31", "210", "77"]]
    assert table(page) == rows
    assert page.locator(".box.is-doubtful").count() == 2
    assert page.locator(".box.is-sure").count() == 10
    assert page.locator(".number.is-doubtful").all_text_contents() == [
        "204, to check",
        "187, to check",
    ]


def test_grid_has_its_rows_and_columns(open_read: Callable[..., Any]) -> None:
    page = open_read("#read?batch=1")
    page.get_by_role("link", name="grid.jpg").click()
    number(page, "36").wait_for()
    assert table(page) == [["1", "12", "15"], ["2", "9", "36"], ["3", "20", ""]]
    assert page.locator("caption").all_inner_texts() == ["Grid"]


def test_cell_without_a_number_is_not_shown_as_confirmed(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    facts = {"text": "", "verdict": "struck_out", "confidence": None, "alternatives": []}
    review.cell("20").update(facts)
    page = open_read("#read?batch=1")
    page.get_by_role("link", name="grid.jpg").click()
    struck_out = number(page, "struck out")
    expect(struck_out).to_have_class("number is-cell is-empty")
    expect(struck_out).to_have_text("struck out")


def test_image_of_the_page_before_is_not_left_below_the_boxes_of_another(page: Any) -> None:
    page.wait_for_function("document.querySelector('.desk .sheet-image').naturalWidth > 0")
    page.route("**/api/pages/*/image", lambda _: None)  # is not answered
    page.get_by_role("link", name="grid.jpg").click()
    number(page, "36").wait_for()
    assert page.evaluate("document.querySelector('.desk .sheet-image').naturalWidth") == 0


def test_page_that_is_open_is_in_sight_in_a_long_list_and_a_wide_table_scrolls_alone(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    for at in range(20):
        last = review.make_page(1, f"more-{at}.jpg", [["1234567890123"] * 4])
    page = open_read(f"#read?batch=1&page={last}")
    number(page, "1234567890123").wait_for()
    expect(page.locator(".page-list a[aria-current]")).to_have_text(re.compile("more-19.jpg"))
    expect(page.locator(".page-list a[aria-current]")).to_be_in_viewport(ratio=0.9)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_pointer_at_a_number_marks_its_box_and_at_a_box_its_number(page: Any) -> None:
    number(page, "196").hover()
    marked = page.locator(".box.is-marked")
    expect(marked).to_have_count(1)
    box = marked.bounding_box()
    page.mouse.move(5, 5)
    expect(marked).to_have_count(0)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".number.is-marked")).to_have_text("196, 99.1 %")
    page.mouse.down()
    page.mouse.up()
    expect(page.locator(".number.is-chosen")).to_be_focused()
    expect(page.locator(".number.is-chosen")).to_contain_text("196")
    expect(page.locator(".box.is-chosen")).to_have_count(1)


def test_image_is_zoomed_and_moved_by_keys_wheel_and_pointer(page: Any) -> None:
    page.wait_for_function("document.querySelector('.sheet-image').naturalWidth > 0")

    def place() -> tuple[float, float, float]:
        box = page.locator(".desk .sheet").bounding_box()
        return box["x"], box["y"], box["width"]

    page.locator(".desk .frame").focus()
    whole = place()
    page.keyboard.press("+")
    page.keyboard.press("+")
    x, _, width = place()
    assert width == pytest.approx(whole[2] * 1.69, rel=0.01)
    page.keyboard.press("ArrowRight")
    assert place()[0] == pytest.approx(x - 60, abs=1)
    frame = page.locator(".desk .frame").bounding_box()
    at = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0] + 40, at[1] + 10, steps=3)
    page.mouse.up()
    assert place()[0] == pytest.approx(x - 20, abs=12)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function(
        f"document.querySelector('.desk .sheet').getBoundingClientRect().width > {width + 1}"
    )
    page.get_by_role("button", name="Whole page").first.click()
    assert place() == pytest.approx(whole, abs=1)


def test_two_fingers_zoom_the_image(open_read: Callable[..., Any]) -> None:
    page = open_read("#read?batch=1&page=2", **PHONE)
    number(page, "204").wait_for()
    frame = page.locator(".desk .frame")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = page.locator(".desk .sheet").bounding_box()["width"]
    cdp = page.context.new_cdp_session(page)
    for kind, away in (("touchStart", 20), ("touchMove", 40), ("touchMove", 60)):
        points = [{"x": x - away, "y": y, "id": 0}, {"x": x + away, "y": y, "id": 1}]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    after = page.locator(".desk .sheet").bounding_box()["width"]
    assert after == pytest.approx(3 * before, rel=0.1)


def test_number_is_corrected_and_the_next_doubtful_one_is_open(
    page: Any, review: FakeReview
) -> None:
    number(page, "204").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("What is written there").first
    expect(field).to_be_focused()
    page.keyboard.type("209")
    page.keyboard.press("Enter")
    expect(page.locator(".number.is-chosen")).to_contain_text("187")
    expect(field).to_be_focused()
    assert review.cell("209")["confirmed_by"] == ME
    expect(number(page, "209")).to_have_class("number is-confirmed")
    page.keyboard.press("Escape")
    page.keyboard.press("2")  # the second reading
    expect(field).to_have_value("183")
    page.keyboard.press("Enter")
    expect(page.locator(".page-table .number.is-doubtful")).to_have_count(0)
    expect(page.locator(".table-card")).to_contain_text("12 numbers, nothing to check")


def test_arrow_keys_move_in_the_table(page: Any) -> None:
    number(page, "17").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    expect(number(page, "204")).to_be_focused()
    page.keyboard.press("End")
    expect(number(page, "77")).to_be_focused()
    assert page.locator(".page-table [tabindex='0']").count() == 1  # one stop of the tab key


def test_wrong_grouping_is_mended_by_keys_and_undone(page: Any) -> None:
    first = table(page)
    number(page, "17").focus()
    page.keyboard.press("j")
    expect(number(page, "17204")).to_be_focused()
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog", name="Split the number")
    dialog.get_by_role("textbox").fill("17 20 4")
    page.keyboard.press("Enter")
    expect(number(page, "17")).to_be_focused()
    assert table(page)[0] == ["17", "20", "4", "58"]
    number(page, "58").focus()
    page.keyboard.press("b")
    expect(page.locator(".numbers tr")).to_have_count(5)
    page.keyboard.press("u")
    expect(page.locator(".numbers tr")).to_have_count(4)
    page.keyboard.press("Control+z")
    expect(number(page, "17204")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".numbers tr").first.get_by_role("button")).to_have_count(3)
    assert table(page) == first


def test_keys_pressed_while_a_join_is_saved_are_taken_after_it(
    page: Any, review: FakeReview
) -> None:
    number(page, "23").focus()
    review.held = []
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Delete")
    expect(number(page, "23")).to_be_focused()
    review.resume()
    expect(page.locator(".number.is-deleted")).to_contain_text("9")
    rows = [[text for text in row if text] for row in table(page)[1:3]]
    assert rows == [["2319661"], ["187", "40"]]


def test_several_numbers_are_chosen_and_joined_at_once(page: Any, review: FakeReview) -> None:
    number(page, "17").focus()
    join = page.get_by_role("group", name="Mend").get_by_role("button").first
    expect(join).to_contain_text("Join with next")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")  # there is no fourth
    expect(page.locator(".page-table .is-chosen")).to_have_count(3)
    said = page.locator(".read > [role=status]")
    expect(said).to_have_text("17, 204, 58 chosen. J joins them.")
    page.keyboard.press("Shift+ArrowLeft")
    expect(join).to_contain_text("Join 2 numbers")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("j")
    expect(number(page, "1720458")).to_be_focused()
    page.keyboard.press("u")
    expect(number(page, "204")).to_be_visible()
    number(page, "61").click()
    number(page, "23").click(modifiers=["Shift"])
    expect(join).to_contain_text("Join 3 numbers")
    number(page, "210").click(modifiers=["Shift"])  # of another line
    expect(join).to_contain_text("Join 3 numbers")
    join.click()
    expect(number(page, "2319661")).to_be_focused()
    number(page, "9").click()
    expect(join).to_contain_text("Join with next")


def test_numbers_are_deleted_restored_and_added_and_lines_joined_by_buttons(
    page: Any, review: FakeReview
) -> None:
    number(page, "196").click()
    mend = page.get_by_role("group", name="Mend")
    mend.get_by_role("button", name="Delete").click()
    deleted = page.locator(".number.is-deleted")
    expect(deleted).to_contain_text("196")
    expect(page.locator("caption")).to_have_text(["Lines", "Deleted"])
    deleted.click()
    expect(mend.get_by_role("button", name="Delete")).to_be_hidden()
    mend.get_by_role("button", name="Restore").click()
    expect(page.locator("caption")).to_have_text(["Lines"])
    number(page, "23").click()
    mend.get_by_role("button", name="Add after").click()
    page.get_by_role("dialog", name="Add a number").get_by_role("textbox").fill("5")
    page.keyboard.press("Enter")
    expect(number(page, "5")).to_be_visible()
    texts = [review.cells[one]["text"] for one in review.pages[2]["lines"][1]]
    assert texts == ["23", "5", "196", "61"]
    mend.get_by_role("button", name="Join next line").click()
    expect(page.locator(".numbers tr")).to_have_count(3)
    number(page, "17").click()
    mend.get_by_role("button", name="Mark to check").click()
    expect(number(page, "17")).to_have_class("number is-doubtful is-chosen")
    assert review.cell("17")["to_check"]


def draw_box(page: Any, left: float, top: float, right: float, bottom: float) -> None:
    """Draw a box with the pointer; the corners are pixels of the page."""
    page.locator(".desk").get_by_role("button", name="Add a number").first.click()
    sheet = page.locator(".desk .sheet").bounding_box()
    scale = sheet["width"] / page.evaluate(
        "document.querySelector('.desk .boxes').viewBox.baseVal.width"
    )
    page.mouse.move(sheet["x"] + left * scale, sheet["y"] + top * scale)
    page.mouse.down()
    page.mouse.move(sheet["x"] + right * scale, sheet["y"] + bottom * scale, steps=4)
    page.mouse.up()


def test_a_missed_number_is_added_where_a_box_is_drawn(page: Any, review: FakeReview) -> None:
    page.wait_for_function("document.querySelector('.sheet-image').naturalWidth > 0")
    left, top, width, height = review.cell("196")["box"]
    right = review.cell("61")["box"][0]
    drawn = (left + width + 4, top, right - 4, top + height)
    draw_box(page, *drawn)
    page.get_by_role("dialog", name="Add a number").get_by_role("textbox").fill("8")
    page.keyboard.press("Enter")
    expect(number(page, "8")).to_be_visible()
    texts = [review.cells[one]["text"] for one in review.pages[2]["lines"][1]]
    assert texts == ["23", "196", "8", "61"]
    box = review.cell("8")["box"]
    found = (box[0], box[1], box[0] + box[2], box[1] + box[3])
    assert found == pytest.approx(drawn, abs=3)
    expect(page.locator(".frame.is-drawn-on")).to_have_count(0)


def test_a_box_below_all_lines_begins_a_new_one_and_a_click_draws_none(
    page: Any, review: FakeReview
) -> None:
    page.wait_for_function("document.querySelector('.sheet-image').naturalWidth > 0")
    draw_box(page, 20, 20, 20, 20)
    expect(page.locator(".message p")).to_contain_text("press, move, release")
    lowest = max(cell["box"][1] + cell["box"][3] for cell in review.cells.values())
    n_lines = len(review.pages[2]["lines"])
    draw_box(page, 30, lowest + 5, 70, lowest + 30)
    page.get_by_role("dialog", name="Add a number").get_by_role("textbox").fill("99")
    page.keyboard.press("Enter")
    expect(number(page, "99")).to_be_visible()
    assert len(review.pages[2]["lines"]) == n_lines + 1


def test_escape_ends_the_drawing_of_a_box(page: Any) -> None:
    page.locator(".desk").get_by_role("button", name="Add a number").first.click()
    expect(page.locator(".frame.is-drawn-on")).to_have_count(1)
    page.locator(".desk .frame").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".frame.is-drawn-on")).to_have_count(0)


def test_edit_of_a_number_that_another_has_changed_shows_it_as_it_is(
    page: Any, review: FakeReview
) -> None:
    number(page, "196").focus()
    cell = review.cell("196")
    cell.update(text="190", version=5)  # without news to this page
    page.keyboard.press("Delete")
    expect(page.locator(".message p")).to_contain_text("somebody has changed this number")
    expect(number(page, "190")).to_be_visible()
    assert cell["state"] == "read"


def test_change_of_another_reviewer_appears(page: Any, review: FakeReview) -> None:
    review.confirm(review.cell("187"), "181", "Reviewer 7A1")
    expect(number(page, "181")).to_be_visible()
    expect(page.locator(".batch-head")).to_contain_text("2 to check")


def test_exports_say_what_is_not_checked_and_bring_the_servers_file(page: Any) -> None:
    page.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog", name="Export")
    assert "3 numbers not checked yet" in dialog.inner_text()
    formats = [text.split("\n")[0] for text in dialog.locator("li").all_inner_texts()]
    assert formats == ["Excel", "CSV", "JSON", "Corrections", "Labelled pages"]
    with page.expect_download() as waiting:
        dialog.get_by_role("button", name="Excel").click()
    assert waiting.value.suggested_filename == "numbers.xlsx"

"""Pages on their way: uploads, the queue, failures, and news from the server."""

from collections.abc import Callable
from typing import Any

from fake_review import PHONE, FakeReview
from playwright.sync_api import expect

FILE = {"mimeType": "image/png", "buffer": b"not looked at"}
WORD = "notes.docx: expected an image, PDF or TIFF, found a Word document; export it as PDF."


def test_refused_file_says_why_and_others_come_in(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    review.refuse_names["notes.docx"] = WORD
    page = open_read()
    files = [FILE | {"name": name} for name in ("notes.docx", "more.png")]
    page.get_by_label("Page files").first.set_input_files(files)
    expect(page.locator(".upload.is-refused")).to_contain_text(WORD)
    expect(page.locator(".page-name")).to_have_text(["scores.jpg", "grid.jpg", "more.png"])
    page.get_by_role("button", name="Close the message on notes.docx").click()
    expect(page.locator(".upload")).to_have_count(0)


def test_files_that_wait_are_counted_beside_the_first_and_cancelled_together(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    page = open_read()
    page.locator(".page-name").nth(1).wait_for()
    review.held = []
    files = [FILE | {"name": f"{number}.png"} for number in range(1, 8)]
    page.get_by_label("Page files").first.set_input_files(files)
    shown = page.locator(".upload-name:visible")
    expect(shown).to_have_text(["1.png", "2.png", "3.png"])
    rest = page.locator(".uploads-rest")
    expect(rest).to_contain_text("4 more files waiting to be sent")
    page.get_by_role("button", name="Cancel 2.png").click()
    expect(shown).to_have_text(["1.png", "3.png", "4.png"])
    rest.get_by_role("button", name="Cancel all uploads").click()
    expect(page.locator(".upload")).to_have_count(0)
    expect(rest).to_be_hidden()
    review.held = None
    page.get_by_label("Page files").first.set_input_files(files[:1])
    expect(page.locator(".page-name")).to_have_text(["scores.jpg", "grid.jpg", "1.png"])


def test_a_note_stands_where_the_first_page_will_be(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    batch = review.make_batch("New")
    only = review.make_page(batch, "first.png", [["17"]], state="reading")
    page = open_read(f"#read?batch={batch}")
    note = page.locator(".page-note")
    expect(note).to_have_text("A page appears here as soon as it is read.")
    review.pages[only].update(state="failed", error="first.png: damaged; save it again.")
    review.tell_page(only)
    expect(note).to_have_text("first.png: damaged; save it again.")
    review.pages[only].update(state="read", error=None)
    review.tell_page(only)
    expect(page.locator(".page-table .number")).to_have_text(["17, 99.1 %"])
    expect(note).to_be_hidden()


def test_upload_without_an_answer_can_be_tried_again(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    page = open_read()
    page.locator(".page-name").nth(1).wait_for()
    review.is_away = True
    page.get_by_label("Page files").first.set_input_files([FILE | {"name": "more.png"}])
    row = page.locator(".upload.is-refused")
    expect(row).to_contain_text("The server does not answer")
    review.is_away = False
    row.get_by_role("button", name="Try again").click()
    expect(page.locator(".page-name")).to_have_count(3)


def test_queue_shows_progress_and_time_left_and_is_cancelled(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    review.make_page(1, "c.jpg", [], state="reading")
    waiting = review.make_page(1, "d.jpg", [], state="waiting")
    page = open_read()
    line = page.locator(".reading-line")
    expect(line).to_contain_text("2 of 4 pages read · about 30 s left")
    states = page.locator(".page .small").all_inner_texts()
    assert states == ["12 numbers, 2 to check", "8 numbers, 1 to check", "Reading …", "Waiting"]
    review.pages[waiting]["state"] = "read"
    review.tell_page(waiting)
    expect(line).to_contain_text("3 of 4 pages read · about 15 s left")
    line.get_by_role("button", name="Cancel").click()
    expect(line).to_be_hidden()
    expect(page.locator(".batch-head")).to_contain_text("1 not read")
    assert review.batches[1]["is_cancelled"]


def test_batch_that_another_deletes_leads_to_the_list(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    page = open_read()
    page.locator(".page-name").nth(1).wait_for()
    review.batches.clear()
    expect(page.locator(".message p")).to_have_text("This batch was deleted.")
    expect(page.get_by_text("None yet.")).to_be_visible()


def test_failed_page_has_its_sentence_and_is_tried_again(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    sentence = "blurred.jpg: the image is damaged after 12 kB; photograph the page once more."
    failed = review.make_page(1, "blurred.jpg", [], state="failed", error=sentence)
    page = open_read(**PHONE)  # where a field takes the place of the list of pages
    expect(page.locator(".page.is-failed")).to_contain_text(sentence)
    expect(page.locator(".page:visible")).to_have_count(1)
    page.get_by_role("button", name="Try blurred.jpg again").click()
    expect(page.locator(".page.is-waiting")).to_have_count(1)
    assert review.pages[failed]["error"] is None


def test_lost_connection_is_shown_until_the_server_is_back(
    open_read: Callable[..., Any], review: FakeReview
) -> None:
    page = open_read()
    page.clock.install()
    page.reload()
    page.locator(".page-name").nth(1).wait_for()
    review.is_away = True
    note = page.get_by_text("No connection to the server")
    for _ in range(10):
        page.clock.run_for(1000)
    expect(note).to_be_visible()
    review.is_away = False
    review.make_page(1, "later.png", [["5"]])
    page.clock.resume()
    expect(note).to_be_hidden(timeout=15_000)
    expect(page.locator(".page-name")).to_have_count(3)

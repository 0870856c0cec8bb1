"""The room Read before the program's own server: upload, read, check, mend, export, kill."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import openpyxl
import pytest
from fake_review import ME, WIDE
from PIL import Image
from playwright.sync_api import expect

PAGES = Path(__file__).parents[3] / "examples" / "pages"
TRUTH = json.loads((PAGES / "truth.json").read_text())
OTHER = "Reviewer 7A1"
READ_MS = 90_000  # three pages, on a machine that does much besides
_START = "from digitus.cli import main; main()"


class Server:
    """`digitus serve` on a port of its own, which may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = "0"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ["--port", self.port, "--no-open", "--offline", "--data-folder", str(self.folder)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START, "serve", *options, "--workers", "2"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            if found:
                self.port = found[1]
                return
        pytest.fail("".join(said))

    @property
    def address(self) -> str:
        """Return the address of the page."""
        return f"http://127.0.0.1:{self.port}/"

    def get(self, path: str) -> Any:
        """Return the JSON of an answer."""
        with urlopen(self.address + path) as answer:
            return json.load(answer)

    def end(self, number: signal.Signals) -> None:
        """Send a signal, and wait for the end."""
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, number)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server, with an empty database."""
    made = Server(tmp_path_factory.mktemp("review"))
    yield made
    made.end(signal.SIGTERM)


@pytest.fixture
def open_served(contexts: Callable[..., Any], server: Server) -> Iterator[Callable[..., Any]]:
    """A function that opens the room at a link, for a reviewer; see `open_read`."""
    pages: list[Any] = []
    problems: list[str] = []

    def make(link: str = "#read", reviewer: str = ME) -> Any:
        page = contexts(**WIDE).new_page()
        page.set_default_timeout(READ_MS)
        pages.append(page)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.add_init_script(f"localStorage.setItem('digitus.reviewer', {json.dumps(reviewer)})")
        page.goto(f"{server.address}{link}")
        page.locator("#room-read:visible").wait_for()
        return page

    yield make
    for page in pages:
        page.close()
    assert problems == []


@pytest.fixture(scope="module")
def batch(contexts: Callable[..., Any], server: Server) -> int:
    """The batch of a sheet, a grid, and a PDF of the sheet, uploaded in the browser and read."""
    with Image.open(PAGES / "scores.jpg") as sheet:
        buffer = io.BytesIO()
        sheet.convert("RGB").save(buffer, "PDF", resolution=150)
    pdf = {"name": "scores.pdf", "mimeType": "application/pdf", "buffer": buffer.getvalue()}
    files = [
        {"name": name, "mimeType": "image/jpeg", "buffer": (PAGES / name).read_bytes()}
        for name in ("scores.jpg", "grid.jpg")
    ]
    page = contexts(**WIDE).new_page()
    page.set_default_timeout(READ_MS)
    page.goto(f"{server.address}#read")
    page.get_by_label("Page files").first.set_input_files([*files, pdf])
    expect(page.locator(".page.is-read")).to_have_count(3, timeout=READ_MS)
    expect(page.locator(".reading-line")).to_be_hidden()
    expect(page.locator(".upload")).to_have_count(0)
    number = int(re.search(r"batch=(\d+)", page.url)[1])  # type: ignore[index]
    page.close()
    return number


def number(page: Any, text: str) -> Any:
    """Return the button of a number in the table."""
    return page.locator(".page-table .number").filter(has_text=re.compile(rf"^{text}\b")).first


def texts(server: Server, page: dict[str, Any]) -> list[str]:
    """Return the lines of a page as the server has them."""
    lines = server.get(f"api/pages/{page['id']}")["lines"]
    return [" ".join(cell["text"] for cell in line["cells"]) for line in lines]


def cells(server: Server, batch: int) -> list[dict[str, Any]]:
    """Return all numbers of a batch."""
    found = server.get(f"api/batches/{batch}/cells?limit=500")["cells"]
    assert found
    return list(found)


def check_button(page: Any) -> Any:
    """Return the button of the view in which doubtful numbers are checked."""
    return page.get_by_role("group", name="View").get_by_role("button", name="Check")


def field(page: Any) -> Any:
    """Return the field of the reading."""
    return page.locator(".check-view .reading-field")


def open_sheet(open_served: Callable[..., Any], batch: int, name: str) -> Any:
    """Open a page by its name."""
    page = open_served(f"#read?batch={batch}")
    page.locator(".page-list a").filter(has_text=name).click()
    expect(page.locator(".page-title")).to_have_text(name)
    return page


def test_sheet_grid_and_pdf_are_read(
    open_served: Callable[..., Any], server: Server, batch: int
) -> None:
    sheet, _, pdf = server.get(f"api/batches/{batch}/pages")["pages"]
    wanted = [line["text"] for line in TRUTH["scores.jpg"]["lines"]]
    assert texts(server, sheet) == texts(server, pdf) == wanted
    page = open_sheet(open_served, batch, "grid.jpg")
    expect(page.locator("caption").first).to_have_text("Grid")
    shown = page.locator(".numbers").first.evaluate(
        """(table) => [...table.rows].map((row) => [...row.querySelectorAll("td button")].map(
            (button) => button.firstChild?.data ?? "").filter((text) => /^\\d/.test(text)))"""
    )
    rows = TRUTH["grid.jpg"]["grids"][0]["rows"]
    assert shown == [[cell["text"] for cell in row if cell["text"]] for row in rows]
    page.locator(".box.is-sure").first.wait_for(state="attached")


def test_wrong_grouping_is_mended_and_undone(
    open_served: Callable[..., Any], server: Server, batch: int
) -> None:
    pdf = server.get(f"api/batches/{batch}/pages")["pages"][2]
    before = texts(server, pdf)
    page = open_sheet(open_served, batch, "scores.pdf")
    number(page, "204").focus()
    page.keyboard.press("s")
    page.get_by_role("dialog", name="Split the number").get_by_role("textbox").fill("20 4")
    page.keyboard.press("Enter")
    expect(number(page, "20")).to_be_focused()
    assert texts(server, pdf)[0] == "17 20 4 58"
    page.keyboard.press("j")
    expect(number(page, "204")).to_be_focused()
    assert texts(server, pdf)[0] == "17 204 58"
    number(page, "196").focus()
    page.keyboard.press("b")
    expect(page.locator(".numbers").first.get_by_role("row")).to_have_count(8)
    page.keyboard.press("Delete")
    expect(page.locator(".number.is-deleted")).to_contain_text("196")
    assert texts(server, pdf)[1:3] == ["23", "61"]
    for count in (8, 7):
        page.keyboard.press("u")
        expect(page.locator(".numbers").first.get_by_role("row")).to_have_count(count)
    assert texts(server, pdf) == before


def test_group_is_verified_but_for_the_odd_one(
    open_served: Callable[..., Any], server: Server, batch: int
) -> None:
    page = open_served(f"#read?batch={batch}&view=groups&by=digit&key=7")
    title = page.get_by_role("heading", name="Digits read as 7")
    title.wait_for()
    items = server.get(f"api/batches/{batch}/groups/digit/7")["items"]
    expect(page.locator(".group-item")).to_have_count(len(items))
    page.locator(".group-item").nth(1).focus()
    page.keyboard.press("x")
    page.keyboard.press("c")
    expect(title).to_have_count(0)
    verified = server.get(f"api/batches/{batch}/groups/digit/7")["items"]
    odd = items[1]["cell_id"], items[1]["index"]
    states = {(one["cell_id"], one["index"]): one["verified"] for one in verified}
    assert [place for place, is_verified in states.items() if not is_verified] == [odd]
    flagged = [cell["id"] for cell in cells(server, batch) if cell["to_check"]]
    assert odd[0] in flagged
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="digits read as 7")).to_contain_text(str(len(items)))


def test_numbers_are_corrected_by_keyboard_alone_and_the_workbook_has_what_was_typed(
    open_served: Callable[..., Any], server: Server, batch: int, tmp_path: Path
) -> None:
    page = open_sheet(open_served, batch, "grid.jpg")
    for text in ("36", "25"):
        number(page, text).focus()
        page.keyboard.press("f")
        expect(number(page, text)).to_have_class(re.compile("is-doubtful"))
    check_button(page).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".check-view .primary")).to_be_focused()
    n_left = server.get(f"api/batches/{batch}")["counts"]["to_check"]
    typed = []
    for at in range(n_left):
        expect(page.locator(".left-count")).to_have_text(str(n_left - at))
        page.keyboard.press("Space")
        expect(field(page)).to_be_focused()
        typed.append(f"{900 + at}")
        page.keyboard.type(typed[-1])
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing left to check")).to_be_visible()
    confirmed = [cell["text"] for cell in cells(server, batch) if cell["state"] == "confirmed"]
    assert [text for text in confirmed if text in typed] == typed

    page.get_by_role("button", name="Export").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Excel").click()
    book = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(book)
    head, *rows = openpyxl.load_workbook(book)["Numbers"].iter_rows(values_only=True)
    shown = [dict(zip(head, row, strict=True)) for row in rows]
    assert [row["text"] for row in shown if row["to check"] == "confirmed"] == confirmed
    assert len(shown) == len(cells(server, batch))


def test_second_reviewer_sees_the_first_and_neither_overwrites_in_silence(
    open_served: Callable[..., Any], server: Server, batch: int
) -> None:
    first = open_sheet(open_served, batch, "scores.jpg")
    number(first, "169").focus()
    first.keyboard.press("f")
    expect(number(first, "169")).to_have_class(re.compile("is-doubtful"))
    check_button(first).click()
    expect(field(first)).to_have_value("169")
    second = open_served(f"#read?batch={batch}&view=check", OTHER)
    expect(second.locator(".check-view .locked")).to_have_text(f"Being edited by {ME}.")
    first.keyboard.press("Space")
    first.keyboard.type("160")
    second.keyboard.press("Enter")
    expect(second.get_by_role("heading", name="Nothing left to check")).to_be_visible()
    note = first.locator(".check-view .cell-note")
    expect(note).to_contain_text(f"{OTHER} confirmed 169 just now.")
    note.get_by_role("button", name="Confirm 160 instead").click()
    expect(first.get_by_role("heading", name="Nothing left to check")).to_be_visible()
    (found,) = [cell for cell in cells(server, batch) if cell["text"] == "160"]
    assert found["confirmed_by"] == ME


def test_what_was_confirmed_survives_a_kill_and_the_review_goes_on(
    open_served: Callable[..., Any], server: Server, batch: int
) -> None:
    page = open_sheet(open_served, batch, "scores.pdf")
    for text in ("31", "210", "77"):
        number(page, text).focus()
        page.keyboard.press("f")
        expect(number(page, text)).to_have_class(re.compile("is-doubtful"))
    check_button(page).click()
    for text, typed in (("31", "32"), ("210", "211")):
        expect(field(page)).to_have_value(text)
        page.keyboard.press("Space")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    expect(field(page)).to_have_value("77")
    server.end(signal.SIGKILL)
    page.keyboard.press("Space")
    page.keyboard.type("78")
    page.keyboard.press("Enter")
    expect(page.locator(".message p")).to_contain_text("The server does not answer")
    server.start()
    page.keyboard.press("Enter")  # what was typed is still there
    expect(page.get_by_role("heading", name="Nothing left to check")).to_be_visible()
    pdf = server.get(f"api/batches/{batch}/pages")["pages"][2]
    assert texts(server, pdf)[3] == "32 211 78"
    page.reload()
    expect(page.get_by_role("heading", name="Nothing left to check")).to_be_visible()


def test_batch_is_deleted_with_its_files(
    open_served: Callable[..., Any], server: Server, batch: int
) -> None:
    page = open_served(f"#read?batch={batch}")
    kept = [path for path in server.folder.rglob("*") if path.is_file()]
    page.get_by_role("button", name="Delete the batch").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("None yet.")).to_be_visible()
    left = [path for path in server.folder.rglob("*") if path.is_file()]
    assert (
        len(kept) - len(left) >= 5
    )  # three documents, and images of three pages, two of them alike
    assert server.get("api/batches")["batches"] == []

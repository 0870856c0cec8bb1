"""`digitus serve --review-parquet`: only what is doubtful in an archive is looked at."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from playwright.sync_api import expect

from digitus.imaging.opening.page_source import open_document
from digitus.reader.cluster.archive_pages import inspect
from digitus.reader.cluster.parts import Archive, page_rows
from digitus.reader.pipeline.reader import Reader

DOUBTFUL = ("one.png", "changed.png", "gone.png")
SURE = ("sure1.png", "sure2.png", "sure3.png")
ANN = "Ann"
LOOK_MS = 90_000  # a worker starts and reads a page, on a machine that does much besides


class Served(NamedTuple):
    """A server that has taken an archive: a client of it, and the folders."""

    api: httpx.Client
    scans: Path
    data: Path


def write_archive(scans: Path, out: Path, page: bytes) -> None:
    """Write pages and two parts of their readings; the first number of some is doubtful."""
    scans.mkdir()
    out.mkdir()
    names = (*DOUBTFUL, *SURE)
    for place, name in enumerate(names):
        (scans / name).write_bytes(page + bytes(place))  # a reader ignores what follows the image
    archive = Archive(str(out), "settings", "cnn", {"decimal": "comma"})
    reader = Reader()
    for part in (names[::2], names[1::2]):
        rows, pages = [], []
        for name in part:
            (found,) = inspect(str(scans / name))
            pages.append(found)
            read = reader.read_page(open_document(str(scans / name)).page(1))
            line = read.lines[0]
            first = replace(line.numbers[0], to_check=name in DOUBTFUL)
            line = replace(line, numbers=(first, *line.numbers[1:]))
            rows += page_rows(found, replace(read, lines=(line, *read.lines[1:])), None)
        archive.write_part(pages, rows)


@pytest.fixture(scope="module")
def serve_archive(tmp_path_factory: Any, running: Any, page: bytes, until: Any) -> Any:
    """Serve an archive of six pages, three of which are doubtful: a context manager."""

    @contextmanager
    def serve() -> Iterator[Served]:
        root = tmp_path_factory.mktemp("archive")
        scans, out, data = root / "scans", root / "out", root / "data"
        write_archive(scans, out, page)
        with running(data, "--review-parquet", str(out)) as (_, api):
            until(lambda: [b for b in batches(api) if b["counts"]["pages"] == 6])
            yield Served(api, scans, data)

    return serve


@pytest.fixture(scope="module")
def served(serve_archive: Any) -> Iterator[Served]:
    """A server that several tests share."""
    with serve_archive() as found:
        yield found


def batches(api: httpx.Client) -> list[dict[str, Any]]:
    return get(api, "/api/batches").json()["batches"]


def get(api: httpx.Client, address: str) -> httpx.Response:
    """Get an answer by a connection of its own: one that was idle may be closed by now."""
    return api.get(address, headers={"Connection": "close"})


def page_named(served: Served, name: str) -> dict[str, Any]:
    pages = served.api.get(f"/api/batches/{batches(served.api)[0]['id']}/pages").json()["pages"]
    return next(one for one in pages if one["source"] == name)


def kept_files(served: Served) -> list[Path]:
    return [one for one in (served.data / "content").rglob("*") if one.is_file()]


def test_doubtful_pages_are_listed_the_others_counted_and_nothing_is_fetched(served):
    (batch,) = batches(served.api)
    assert (batch["name"], batch["state"]) == ("out", "done")
    assert batch["settings"]["decimal"] == "comma"
    counts = batch["counts"]
    assert (counts["pages"], counts["sure_pages"], counts["to_check"]) == (6, 3, 3)
    pages = served.api.get(f"/api/batches/{batch['id']}/pages").json()["pages"]
    assert {one["source"] for one in pages} == set(DOUBTFUL)


def test_a_page_is_fetched_when_it_is_looked_at(served):
    page = page_named(served, "one.png")
    before = len(kept_files(served))
    answer = served.api.get(f"/api/pages/{page['id']}/image")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert len(kept_files(served)) == before + 1
    cell = served.api.get(f"/api/pages/{page['id']}").json()["lines"][0]["cells"][0]
    crop = served.api.get(f"/api/cells/{cell['id']}/crop")
    assert crop.content.startswith(b"\x89PNG")
    assert len(kept_files(served)) == before + 1  # it was fetched once


def test_a_file_that_has_changed_is_not_shown(served):
    page = page_named(served, "changed.png")
    path = served.scans / "changed.png"
    path.write_bytes(path.read_bytes() + b"!")
    answer = served.api.get(f"/api/pages/{page['id']}/image")
    assert answer.status_code == 404
    assert "changed.png: the file of this page has changed since" in answer.json()["detail"]
    assert str(served.scans) not in answer.text


def test_a_file_that_is_away_is_one_sentence_without_its_path(served):
    page = page_named(served, "gone.png")
    (served.scans / "gone.png").unlink()
    cell = served.api.get(f"/api/pages/{page['id']}").json()["lines"][0]["cells"][0]
    answer = served.api.get(f"/api/cells/{cell['id']}/crop")
    assert answer.status_code == 404
    assert "gone.png: the file of this page cannot be fetched" in answer.json()["detail"]
    assert str(served.scans) not in answer.text


def test_no_answer_names_a_folder_and_no_client_can_name_one(served):
    batch_id = batches(served.api)[0]["id"]
    page = page_named(served, "one.png")
    addresses = [
        *("/api/batches", f"/api/batches/{batch_id}", f"/api/batches/{batch_id}/pages"),
        *(f"/api/batches/{batch_id}/cells", f"/api/pages/{page['id']}"),
        *(f"/api/batches/{batch_id}/export/{one}" for one in ("csv", "json")),
    ]
    for address in addresses:
        answer = served.api.get(address)
        assert answer.status_code == 200, address
        assert str(served.scans.parent) not in answer.text
    assert "parquet" not in json.dumps(served.api.get("/openapi.json").json()).lower()


def test_a_reviewer_checks_what_is_doubtful_alone_and_exports(serve_archive, new_page):
    with serve_archive() as served:
        (batch,) = batches(served.api)
        browser = new_page()
        browser.set_default_timeout(LOOK_MS)
        browser.add_init_script(f"localStorage.setItem('digitus.reviewer', '{ANN}')")
        browser.goto(f"{served.api.base_url}/#read?batch={batch['id']}&view=check")
        text = browser.locator(".check-view .reading-field")
        for left, typed in (("3", "84"), ("2", "85"), ("1", "86")):
            expect(browser.locator(".left-count")).to_have_text(left, timeout=LOOK_MS)
            expect(browser.locator(".check-view .primary")).to_be_focused()
            expect(browser.locator(".check-view .crop")).to_have_js_property(
                "complete", True, timeout=LOOK_MS
            )
            browser.keyboard.press("Space")
            expect(text).to_be_focused()
            browser.keyboard.press("Control+a")
            browser.keyboard.type(typed)
            browser.keyboard.press("Enter")
        expect(browser.get_by_role("heading", name="Nothing left to check")).to_be_visible()
        expect(browser.locator(".batch-head")).to_contain_text("3 sure, not listed")
        browser.close()  # before the server ends
        found = get(served.api, f"/api/batches/{batch['id']}/export/csv").text
        rows = list(csv.DictReader(io.StringIO(found)))
        confirmed = {one["text"] for one in rows if one["confirmed"] == "yes"}
        assert confirmed == {"84", "85", "86"}
        assert {one["source"] for one in rows} == set(DOUBTFUL)

"""POST /api/read and its jobs: the envelope of the command line, at once or later."""

import json
from pathlib import Path

import httpx
import pytest
from jsonschema import Draft202012Validator

ASYNC = {"Prefer": "respond-async"}


@pytest.fixture
def schema(repository):
    path = repository / "docs/reference/schemas/read.schema.json"
    return Draft202012Validator(json.loads(path.read_text("utf-8")))


def test_a_page_is_answered_at_once_with_the_envelope_of_the_command_line(api, page, schema):
    answer = api.post("/api/read", files=[("files", ("a.png", page))])
    assert answer.status_code == 200
    schema.validate(answer.json())
    (read,) = answer.json()["pages"]
    assert (read["source"], read["page"], read["width"]) == ("a.png", 1, 200)
    assert "".join(line["text"] for line in read["lines"]).replace(" ", "") == "71"


def test_pages_of_which_none_can_be_read_are_a_problem_that_lists_each(api, page):
    cut = page[: len(page) // 2]  # counted by its head, and not readable
    files = [("files", ("a.png", cut)), ("files", ("b.txt", b"none"))]
    answer = api.post("/api/read", files=files)
    assert answer.status_code == 422
    assert answer.json()["detail"] == answer.json()["errors"][0]["error"]
    assert [one["source"] for one in answer.json()["errors"]] == ["b.txt", "a.png"]
    with_one = api.post("/api/read", files=[*files, ("files", ("c.png", page))])
    assert with_one.status_code == 200
    assert len(with_one.json()["errors"]) == 2


def test_more_pages_are_a_job(api, many_pages, schema, until):
    files = [("files", ("a.tif", many_pages)), ("files", ("b.txt", b"none"))]
    accepted = api.post("/api/read", files=files)
    assert accepted.status_code == 202
    location = accepted.headers["location"]
    assert accepted.json() == {"id": location[10:], "status": "waiting", "url": location}
    until(lambda: api.get(location).json()["status"] == "done")
    state = api.get(location).json()
    assert (state["pages_done"], state["pages"], state["seconds_left"]) == (6, 6, 0)
    result = api.get(f"{location}/result").json()
    schema.validate(result)
    assert [one["page"] for one in result["pages"]] == [1, 2, 3, 4, 5, 6]
    assert [one["source"] for one in result["errors"]] == ["b.txt"]


def test_a_job_is_cancelled_and_forgotten(api, many_pages, until):
    location = api.post("/api/read", files=[("files", ("a.tif", many_pages))]).headers["location"]
    refused = api.get(f"{location}/result")
    assert refused.status_code == 409
    assert "ask again when its status is done" in refused.json()["detail"]
    assert api.delete(location).status_code == 204
    gone = api.get(location)
    assert (gone.status_code, gone.headers["content-type"]) == (404, "application/problem+json")
    assert api.get(f"{location}/result").status_code == 404


def test_a_job_is_made_of_one_page_if_the_client_prefers_that(api, page, until):
    answer = api.post("/api/read", files=[("files", ("a.png", page))], headers=ASYNC)
    assert answer.status_code == 202
    until(lambda: api.get(answer.headers["location"]).json()["status"] == "done")


def test_a_job_expires(serve, page, until):
    with serve(job_s=0.1) as address, httpx.Client(base_url=address, timeout=60) as api:
        answer = api.post("/api/read", files=[("files", ("a.png", page))], headers=ASYNC)
        until(lambda: api.get(answer.headers["location"]).status_code == 404)


def test_a_damaged_page_stops_nothing(api, many_pages, until):
    broken = many_pages[: len(many_pages) * 2 // 3]
    accepted = api.post("/api/read", files=[("files", ("a.tif", broken))], headers=ASYNC)
    location = accepted.headers["location"]
    until(lambda: api.get(location).json()["status"] == "done")
    result = api.get(f"{location}/result").json()
    assert result["pages"]
    assert result["errors"]
    assert all(one["error"].startswith("a.tif") for one in result["errors"])


def test_if_no_file_can_be_opened_the_problem_says_why(api):
    answer = api.post("/api/read", files=[("files", ("a.pdf", b"%PDF-1.7 broken"))])
    assert answer.status_code == 422
    assert answer.json()["detail"] == "a.pdf: a broken PDF; save or send it again"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("decimal", "semicolon", "decimal: expected auto, point or comma, got 'semicolon'"),
        ("min_confidence", "2", "min_confidence: expected a number from 0 to 1, got '2'"),
        ("max_error", "nan", "max_error: expected a number between 0 and 1, got 'nan'"),
        ("max_error", "1e-9", "no threshold meets the error bound"),
        ("max_error", "0", "max_error"),
        ("max_error", "1", "max_error"),
    ],
)
def test_a_setting_that_is_none_is_refused_with_a_sentence(api, page, field, value, sentence):
    files = [("files", ("a.png", page))]
    answer = api.post("/api/read", files=files, data={field: value})
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]


def test_settings_are_those_of_the_command_line(api, page):
    files = [("files", ("a.png", page))]
    data = {"decimal": "comma", "min_confidence": "1"}
    (read,) = api.post("/api/read", files=files, data=data).json()["pages"]
    numbers = [number for line in read["lines"] for number in line["numbers"]]
    assert all(number["to_check"] and "?" in number["text"] for number in numbers)


def test_more_jobs_of_one_client_than_allowed_are_refused(serve, many_pages):
    files = [("files", ("a.tif", many_pages))]
    with serve(client_requests=1) as address, httpx.Client(base_url=address, timeout=60) as api:
        assert api.post("/api/read", files=files).status_code == 202
        refused = api.post("/api/read", files=files)
    assert refused.status_code == 429
    assert refused.headers["retry-after"].isdecimal()


def test_more_pages_than_may_wait_are_refused(serve, many_pages):
    files = [("files", ("a.tif", many_pages))]
    with serve(queue=8) as address, httpx.Client(base_url=address, timeout=60) as api:
        assert api.post("/api/read", files=files).status_code == 202
        refused = api.post("/api/read", files=files)
    assert refused.status_code == 503
    assert refused.headers["retry-after"].isdecimal()


def test_more_pages_than_are_read_at_once_are_refused(serve, many_pages, page):
    with serve(pages=5) as address, httpx.Client(base_url=address, timeout=60) as api:
        too_long = api.post("/api/read", files=[("files", ("a.tif", many_pages))])
        too_many = api.post("/api/read", files=[("files", ("a.png", page))] * 6)
    assert (too_long.status_code, too_many.status_code) == (422, 413)
    assert too_long.json()["detail"].startswith("a.tif: 6 pages; at most 5 are read")


def test_uploads_leave_no_file(api, page, address, tmp_path_factory):
    api.post("/api/read", files=[("files", ("a.png", page))])
    api.post("/api/predict", files=[("files", ("a.png", page))])
    folders = [
        path
        for path in Path(tmp_path_factory.getbasetemp()).glob("review*/uploads/*")
        if any(path.rglob("*"))
    ]
    assert folders == []

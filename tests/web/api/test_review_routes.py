"""The review endpoints: batches, pages, cells, groups, edits, conflicts and sentences."""

import csv
import io

import pytest
from PIL import Image

BY = {"reviewer": "Reviewer A"}
OTHER = {"reviewer": "Reviewer B"}


def cells_of(page):
    return [cell for line in page["lines"] for cell in line["cells"]]


def seen(cell):
    return {"id": cell["id"], "version": cell["version"]}


def test_a_batch_is_made_renamed_listed_and_deleted(api):
    made = api.post("/api/batches", json={"name": "One", "decimal": "comma", "max_error": 0.05})
    assert made.status_code == 201
    address = f"/api/batches/{made.json()['id']}"
    assert made.json()["settings"] == {"decimal": "comma", "min_confidence": 0, "max_error": 0.05}
    assert api.patch(address, json={"name": "Two"}).json()["name"] == "Two"
    assert api.get("/api/batches").json()["batches"][0] == api.get(address).json()
    assert (api.delete(address).status_code, api.get(address).status_code) == (204, 404)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"decimal": "x"}, "decimal: "),
        ({"min_confidence": 2}, "min_confidence: "),
        ({"max_error": 1e-9}, "no threshold meets the error bound"),
        ({"color": 1}, "color: "),
    ],
)
def test_a_batch_with_other_settings_is_refused(api, settings, sentence):
    answer = api.post("/api/batches", json=settings)
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]


def test_documents_are_read_and_others_refused(api, page, many_pages, until):
    made = api.post("/api/batches", json={}).json()
    address = f"/api/batches/{made['id']}"
    files = [("files", ("a.png", page)), ("files", ("b.tif", many_pages))]
    answer = api.post(f"{address}/documents", files=[*files, ("files", ("c.txt", b"none"))])
    assert answer.status_code == 202
    assert [one["name"] for one in answer.json()["documents"]] == ["a.png", "b.tif"]
    assert [one["name"] for one in answer.json()["refused"]] == ["c.txt"]
    until(lambda: api.get(address).json()["state"] == "done")
    pages = api.get(f"{address}/pages").json()["pages"]
    assert [(one["source"], one["page"]) for one in pages] == [
        ("a.png", 1),
        *[("b.tif", number) for number in range(1, 7)],
    ]
    assert {one["state"] for one in pages} == {"read"}


def test_a_page_that_fails_has_a_sentence_and_stops_nothing(api, page, many_pages, until):
    made = api.post("/api/batches", json={}).json()
    address = f"/api/batches/{made['id']}"
    broken = many_pages[: len(many_pages) * 2 // 3]
    files = [("files", ("broken.tif", broken)), ("files", ("a.png", page))]
    api.post(f"{address}/documents", files=files)
    until(lambda: api.get(address).json()["state"] == "done")
    pages = api.get(f"{address}/pages").json()["pages"]
    failed = [one for one in pages if one["state"] == "failed"]
    assert failed
    assert all(one["error"].startswith("broken.tif: ") for one in failed)
    assert pages[-1]["state"] == "read"
    assert api.get(f"/api/pages/{failed[0]['id']}/image").status_code == 404
    again = api.post(f"/api/pages/{failed[0]['id']}/retry")
    assert again.json()["state"] == "waiting"
    until(lambda: api.get(address).json()["state"] == "done")
    refused = api.post(f"/api/pages/{pages[-1]['id']}/retry")
    assert (refused.status_code, "that failed" in refused.json()["detail"]) == (422, True)


def test_a_batch_is_cancelled_and_taken_up_again_by_another_document(api, page, many_pages, until):
    made = api.post("/api/batches", json={}).json()
    address = f"/api/batches/{made['id']}"
    api.post(f"{address}/documents", files=[("files", ("b.tif", many_pages))] * 5)
    assert api.post(f"{address}/cancel").json()["state"] == "cancelled"
    until(lambda: not [p for p in pages(api, address) if p["state"] == "reading"])
    assert api.get(address).json()["counts"]["waiting"] > 0
    api.delete(address)


def pages(api, address):
    return api.get(f"{address}/pages").json()["pages"]


def test_a_pages_image_and_crops_have_tags_and_types(api, batch):
    page = batch["page"]
    image = api.get(f"/api/pages/{page['id']}/image")
    assert image.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(image.content)).size == (page["width"], page["height"])
    cell = cells_of(page)[0]
    crop = api.get(f"/api/cells/{cell['id']}/crop")
    assert (crop.headers["content-type"], crop.content[:4]) == ("image/png", b"\x89PNG")
    digit = api.get(f"/api/cells/{cell['id']}/crop?digit=0")
    assert Image.open(io.BytesIO(digit.content)).width <= Image.open(io.BytesIO(crop.content)).width
    for answer in (image, crop):
        headers = {"If-None-Match": answer.headers["etag"]}
        again = api.get(answer.url, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
    assert api.get(f"/api/cells/{cell['id']}/crop?digit=9").status_code == 404


def test_a_cell_is_confirmed_once_and_the_second_sees_the_firsts_answer(api, batch):
    cell = cells_of(batch["page"])[0]
    address = f"/api/cells/{cell['id']}/confirm"
    said = {"text": "204", "version": cell["version"]}
    first = api.post(address, json=said | BY)
    assert (first.status_code, first.json()["text"]) == (200, "204")
    assert (first.json()["state"], first.json()["confirmed_by"]) == ("confirmed", "Reviewer A")
    second = api.post(address, json=said | {"text": "205"} | OTHER)
    assert second.status_code == 409
    assert second.headers["content-type"] == "application/problem+json"
    assert second.json()["cells"] == [first.json()]
    listed = api.get(f"{batch['address']}/cells", params={"state": "confirmed"}).json()
    assert (listed["total"], listed["cells"][0]["id"]) == (1, cell["id"])
    undone = api.post(f"{batch['address']}/undo", json=BY).json()
    assert (undone["undone"], undone["cells"][0]["text"]) == ("confirmed 204", cell["text"])
    assert api.post(f"{batch['address']}/undo", json=BY).json() == {"undone": None, "cells": []}


def test_a_cell_is_locked_softly(api, batch):
    cell = cells_of(batch["page"])[0]
    address = f"/api/cells/{cell['id']}/lock"
    assert api.post(address, json=BY).json()["locked_by"] == "Reviewer A"
    assert api.post(address, json=OTHER).json()["locked_by"] == "Reviewer A"
    assert api.delete(address, params=BY).status_code == 204
    assert api.post(address, json=OTHER).json()["locked_by"] == "Reviewer B"


def test_a_cell_is_flagged(api, batch):
    cell = cells_of(batch["page"])[0]
    said = {"version": cell["version"]} | BY
    assert api.post(f"/api/cells/{cell['id']}/flag", json=said).json()["to_check"] is True
    listed = api.get(f"{batch['address']}/cells", params={"state": "to_check"}).json()
    assert cell["id"] in [one["id"] for one in listed["cells"]]


def test_many_cells_are_confirmed_and_conflicts_are_listed(api, batch):
    cells = cells_of(batch["page"])
    old = [seen(cells[0]), seen(cells[-1]) | {"version": 0}]
    if len(cells) == 1:
        old = [seen(cells[0]) | {"version": 0}]
    found = api.post(f"{batch['address']}/confirm", json={"cells": old} | BY).json()
    assert [one["id"] for one in found["conflicts"]] == [cells[-1]["id"]]
    again = {"cells": [seen(cells[0])]} | BY
    found = api.post(f"{batch['address']}/confirm", json=again).json()
    assert found["conflicts"] or found["confirmed"]


def test_groups_are_listed_and_verified(api, batch):
    groups = api.get(f"{batch['address']}/groups").json()["groups"]
    assert {one["key"] for one in groups} == {"1", "7"}
    items = api.get(f"{batch['address']}/groups/digit/7").json()
    (item,) = items["items"]
    assert (items["total"], item["verified"]) == (1, False)
    digit = {name: item[name] for name in ("cell_id", "index", "version")}
    (one,) = api.get(f"{batch['address']}/groups/digit/1").json()["items"]
    odd = {name: one[name] for name in ("cell_id", "index", "version")}
    found = api.post(f"{batch['address']}/verify", json={"digits": [digit], "odd": [odd]} | BY)
    assert found.status_code == 200
    assert one["cell_id"] in [cell["id"] for cell in found.json()["cells"]]
    by_text = api.get(f"{batch['address']}/groups", params={"by": "text"}).json()["groups"]
    assert sum(group["n"] for group in by_text) == len(cells_of(batch["page"]))
    assert api.get(f"{batch['address']}/groups/text/12%2F05").json() == {"items": [], "total": 0}


def test_a_digit_of_a_group_is_typed(api, batch):
    (seven,) = api.get(f"{batch['address']}/groups/digit/7").json()["items"]
    assert seven["best_guess"] == 7
    place = {name: seven[name] for name in ("cell_id", "index", "version")}
    address = f"{batch['address']}/verify"
    assert api.post(address, json={"typed": [place | {"digit": 10}]} | BY).status_code == 422
    (cell,) = api.post(address, json={"typed": [place | {"digit": 9}]} | BY).json()["cells"]
    digit = cell["digits"][seven["index"]]
    assert (digit["digit"], digit["verified"]) == (9, True)
    assert cell["text"] == cell["read_text"].replace("7", "9")


def test_a_grouping_is_mended_and_the_mending_undone(api, batch):
    page = batch["page"]
    address = f"/api/pages/{page['id']}/edits"
    added = api.post(address, json={"kind": "add", "line": 1, "position": 1, "text": "5"} | BY)
    assert added.status_code == 200
    texts = [cell["text"] for cell in cells_of(added.json())]
    assert texts[0] == "5"
    first, second = cells_of(added.json())[:2]
    joined = api.post(address, json={"kind": "join", "cells": [seen(first), seen(second)]} | BY)
    assert cells_of(joined.json())[0]["text"] == texts[0] + texts[1]
    stale = api.post(address, json={"kind": "delete", "cell": seen(second)} | OTHER)
    assert stale.status_code in (404, 409)
    api.post(f"{batch['address']}/undo", json=BY)
    api.post(f"{batch['address']}/undo", json=BY)
    now = api.get(f"/api/pages/{page['id']}").json()
    assert [cell["text"] for cell in cells_of(now)] == [cell["text"] for cell in cells_of(page)]


@pytest.mark.parametrize(
    ("operation", "sentence"),
    [
        ({"kind": "turn"}, "does not match any of the expected tags"),
        ({"kind": "join", "cells": []}, "join.cells: list should have at least 2 items"),
        ({"kind": "split", "cell": {"id": 1, "version": 1}, "texts": ["1"]}, "split.texts: "),
        ({}, "unable to extract tag"),
    ],
)
def test_an_edit_that_is_none_is_refused_with_a_sentence(api, batch, operation, sentence):
    answer = api.post(f"/api/pages/{batch['page']['id']}/edits", json=operation | BY)
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/batches/999999"),
        ("DELETE", "/api/batches/999999"),
        ("GET", "/api/batches/999999/pages"),
        ("GET", "/api/batches/999999/cells"),
        ("GET", "/api/batches/999999/groups"),
        ("GET", "/api/batches/999999/events"),
        ("GET", "/api/pages/999999"),
        ("GET", "/api/cells/999999/crop"),
        ("POST", "/api/pages/999999/retry"),
    ],
)
def test_what_does_not_exist_is_a_problem_document(api, method, path):
    answer = api.request(method, path)
    assert answer.status_code == 404
    assert answer.json()["status"] == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "x", "1.5"])
def test_an_id_that_is_none_is_refused(api, number):
    assert api.get(f"/api/pages/{number}").status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "content", "sentence"),
    [
        ("PUT", "/api/batches", b"", "PUT is not taken at this address; /docs says what is"),
        ("POST", "/api/batches", b"{", "the body: json decode error"),
        (
            "POST",
            "/api/batches",
            b"[" * 100_000,
            "the body is no JSON, or is nested too deeply; send",
        ),
        ("POST", "/api/cells/1/lock", b'{"reviewer": "\xff"}', "the body is no JSON"),
        ("GET", "/api/batches/x", b"", "batch_id: input should be a valid integer"),
        ("GET", "/api/batches/1/cells?digit=10", b"", "digit: input should be less than or equal"),
    ],
)
def test_the_sentence_names_the_place_of_a_fault(api, method, path, content, sentence):
    headers = {"Content-Type": "application/json"}
    answer = api.request(method, path, content=content, headers=headers)
    assert answer.json()["detail"].startswith(sentence)


def test_no_answer_shows_a_path_of_the_server(api, batch, tmp_path_factory):
    folder = str(tmp_path_factory.getbasetemp())
    for path in ("/api/batches", batch["address"], f"{batch['address']}/pages", "/metrics"):
        assert folder not in api.get(path).text


@pytest.mark.parametrize(
    ("kind", "media_type", "start"),
    [
        ("csv", "text/csv", b""),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("json", "application/json", b"{"),
        ("corrections", "application/zip", b"PK"),
        ("labelled", "application/zip", b"PK"),
    ],
)
def test_a_batch_is_exported_as_a_file_that_is_deleted_afterwards(
    api, batch, kind, media_type, start, tmp_path_factory, until
):
    cell = cells_of(batch["page"])[0]
    said = {"text": cell["text"], "version": cell["version"]} | BY
    assert api.post(f"/api/cells/{cell['id']}/confirm", json=said).status_code == 200
    answer = api.get(f"{batch['address']}/export/{kind}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)
    assert "attachment; filename*=UTF-8''Scores" in answer.headers["content-disposition"]
    assert answer.content.startswith(start)
    folder = tmp_path_factory.getbasetemp()
    until(lambda: not list(folder.glob("review*/exports/*")))


def test_the_exported_csv_marks_what_was_confirmed(api, batch):
    cell = cells_of(batch["page"])[0]
    said = {"text": "204", "version": cell["version"]} | BY
    api.post(f"/api/cells/{cell['id']}/confirm", json=said)
    rows = list(csv.DictReader(io.StringIO(api.get(f"{batch['address']}/export/csv").text)))
    assert (rows[0]["text"], rows[0]["confirmed"]) == ("204", "yes")

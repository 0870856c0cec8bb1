"""Server-sent events: the batch at once, then pages and cells as they change, and resuming."""

import json

import httpx
import pytest

SOON_S = 60


def events_of(lines, last):
    """Yield name, data and id of the events of a stream until one that is the last."""
    event = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            event[name] = value
        elif "data" in event:
            data = json.loads(event["data"])
            yield event["event"], data, event.get("id")
            if last(event["event"], data):
                return
            event = {}


@pytest.fixture
def stream(api):
    """Read the events of a batch until one that is the last."""

    def read(address, last, then=lambda: None, **headers):
        with api.stream("GET", f"{address}/events", headers=headers) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            lines = answer.iter_lines()
            found = list(events_of(lines, lambda *_: True))
            then()
            return found + list(events_of(lines, last))

    return read


def test_a_batch_tells_its_progress(api, page, stream, address):
    made = api.post("/api/batches", json={}).json()
    batch = f"/api/batches/{made['id']}"

    def add():
        with httpx.Client(base_url=address, timeout=SOON_S) as other:
            other.post(f"{batch}/documents", files=[("files", ("a.png", page))])

    def is_done(name, data):
        return name == "batch" and data["state"] == "done"

    found = stream(batch, is_done, add)
    assert found[0][:2] == ("batch", made)
    states = [data["state"] for name, data, _ in found if name == "page"]
    assert states[-1] == "read"
    assert found[-1][1]["counts"]["read"] == 1
    numbers = [int(number) for *_, number in found if number is not None]
    assert numbers == sorted(numbers)


def test_another_reviewers_confirmation_is_told_and_a_stream_continues(batch, stream, address):
    cell = batch["page"]["lines"][0]["cells"][0]

    def confirm():
        said = {"text": "3", "version": cell["version"], "reviewer": "Reviewer B"}
        httpx.post(f"{address}/api/cells/{cell['id']}/confirm", json=said, timeout=SOON_S)

    def is_told(name, data):
        return name == "batch" and data["counts"]["confirmed"] == 1

    found = stream(batch["address"], is_told, confirm)
    told = {"id": cell["id"], "page_id": cell["page_id"], "version": cell["version"] + 1}
    assert told in [data for name, data, _ in found if name == "cell"]
    before = str(int(found[0][2]))
    again = stream(batch["address"], is_told, **{"Last-Event-ID": before})
    assert told in [data for name, data, _ in again if name == "cell"]


def test_more_streams_than_allowed_are_refused(serve, until):
    with serve(requests=1) as address, httpx.Client(base_url=address, timeout=SOON_S) as api:
        batch = f"/api/batches/{api.post('/api/batches', json={}).json()['id']}"
        with api.stream("GET", f"{batch}/events") as first:
            lines = first.iter_lines()
            assert next(lines)
            refused = httpx.get(f"{address}{batch}/events", timeout=SOON_S)
            assert refused.status_code == 503
            assert refused.headers["retry-after"].isdecimal()

        def answers():
            with httpx.stream("GET", f"{address}{batch}/events", timeout=SOON_S) as answer:
                return answer.status_code == 200

        until(answers)

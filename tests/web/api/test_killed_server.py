"""A server that is killed in mid-review: what was confirmed stays, and the rest is read later."""

import signal
from contextlib import suppress
from pathlib import Path


def children(process):
    """Return the processes that a process has started and that live."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):  # ended meanwhile
            text = status.read_text()
            if f"\nPPid:\t{process}\n" in text and "State:\tZ" not in text:
                found.append(int(status.parent.name))
    return found


def is_alive(process):
    return Path(f"/proc/{process}").exists()


def test_what_was_confirmed_survives_kill_9_and_the_batch_goes_on(running, tmp_path, page, until):
    with running(tmp_path) as (server, api):
        batch = f"/api/batches/{api.post('/api/batches', json={'name': 'Night'}).json()['id']}"
        files = [("files", (f"{i}.png", page)) for i in range(4)]
        api.post(f"{batch}/documents", files=files)
        until(lambda: api.get(batch).json()["counts"]["read"])
        cell = api.get(f"{batch}/cells").json()["cells"][0]
        said = {"text": "204", "version": cell["version"], "reviewer": "Reviewer A"}
        assert api.post(f"/api/cells/{cell['id']}/confirm", json=said).status_code == 200
        workers = children(server.pid)
        assert len(workers) >= 2
        server.send_signal(signal.SIGKILL)
        server.wait()
        until(lambda: not any(map(is_alive, workers)))
    with running(tmp_path) as (_, api):
        until(lambda: api.get(batch).json()["state"] == "done")
        found = api.get(batch).json()
        assert (found["counts"]["read"], found["counts"]["confirmed"]) == (4, 1)
        (kept,) = api.get(f"{batch}/cells", params={"state": "confirmed"}).json()["cells"]
        assert (kept["id"], kept["text"]) == (cell["id"], "204")


def test_uploads_that_a_killed_server_was_receiving_are_deleted_at_the_next_start(
    running, tmp_path, page
):
    left = tmp_path / "uploads" / "123-killed" / "tmp1"
    left.mkdir(parents=True)
    (left / "00000").write_bytes(page)
    with running(tmp_path) as (_, api):
        assert api.get("/healthz").status_code == 200
        assert not left.exists()

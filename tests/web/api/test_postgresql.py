"""Servers that share a database on PostgreSQL: what one reads, people review at the other."""

import signal


def test_two_servers_review_one_batch_and_a_kill_of_one_loses_nothing(
    running, make_database, tmp_path, page, until
):
    options = ["--database", make_database().replace("postgresql:", "postgresql+psycopg:")]
    with running(tmp_path, *options) as (first, api), running(tmp_path, *options) as (_, other):
        batch = f"/api/batches/{api.post('/api/batches', json={'name': 'Scores'}).json()['id']}"
        sent = [("files", (f"{i}.png", page)) for i in range(3)]
        assert api.post(f"{batch}/documents", files=sent).status_code == 202
        until(lambda: other.get(batch).json()["counts"]["read"])
        cell = other.get(f"{batch}/cells").json()["cells"][0]
        said = {"text": "204", "version": cell["version"], "reviewer": "Ann"}
        assert api.post(f"/api/cells/{cell['id']}/confirm", json=said).status_code == 200
        late = other.post(f"/api/cells/{cell['id']}/confirm", json=said | {"text": "7"})
        assert (late.status_code, late.json()["cells"][0]["text"]) == (409, "204")
        first.send_signal(signal.SIGKILL)
        first.wait()
        until(lambda: other.get(batch).json()["state"] == "done")
        counts = other.get(batch).json()["counts"]
        assert (counts["read"], counts["failed"], counts["confirmed"]) == (3, 0, 1)
        assert b"204" in other.get(f"{batch}/export/csv").content
        none = other.get(f"{batch}/groups/text/a%00b")
        assert (none.status_code, none.json()) == (200, {"items": [], "total": 0})

"""Two processes on one PostgreSQL database: none takes or overwrites what the other has."""

import json
import subprocess
import sys
from contextlib import ExitStack

import pytest

SERVER = """
import json
import sys
from pathlib import Path
from digitus.errors import Conflict
from digitus.review.store import ReviewStore

url, folder, batch_id, name = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
store = ReviewStore.open(url, folder)


def together(answer):
    print(json.dumps(answer), flush=True)
    sys.stdin.readline()


def pages():
    while (work := store.next_work()) is not None:
        yield work.page_id


def confirm(cell):
    try:
        return [cell["id"], store.confirm(cell["id"], text, cell["version"], name)["text"], True]
    except Conflict as conflict:
        return [cell["id"], conflict.cells[0]["text"], False]


cells = store.cells(batch_id)["cells"]
text = {"Ann": "11", "Bob": "22"}[name]
together("ready")
together(list(pages()))
together([store.lock(cell["id"], name)["locked_by"] for cell in cells])
together([confirm(cell) for cell in cells])
"""

N_PAGES = 30


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_two_servers_share_a_batch(url, store, batch_id):
    document = store.add_documents(batch_id, [("many.pdf", b"many")])[0]
    store.start_pages(document["id"], N_PAGES)
    first_change = store.change_number(batch_id)
    arguments = [sys.executable, "-c", SERVER, url, str(store.folder), str(batch_id)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with ExitStack() as stack:
        servers = [
            stack.enter_context(subprocess.Popen([*arguments, name], **pipes))
            for name in ("Ann", "Bob")
        ]

        def answers():
            found = [json.loads(server.stdout.readline()) for server in servers]
            for server in servers:
                server.stdin.write("\n")
                server.stdin.flush()
            return found

        assert answers() == ["ready", "ready"]
        pages = answers()
        locks = answers()
        confirmed = answers()

    assert len(pages[0] + pages[1]) == len({*pages[0], *pages[1]}) == N_PAGES
    assert locks[0] == locks[1]
    for ann, bob in zip(*confirmed, strict=True):
        assert sorted([ann[2], bob[2]]) == [False, True]
        assert ann[1] == bob[1] == ("11" if ann[2] else "22")
    numbers = [one["number"] for one in store.changes_since(batch_id, first_change)]
    assert numbers == sorted(numbers)
    assert numbers[-1] == store.change_number(batch_id)

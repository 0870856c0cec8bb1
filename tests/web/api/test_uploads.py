"""Uploads over raw connections: too large, too slow, cut off, damaged, with hostile names."""

import json
import socket
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import httpx
import pytest

from digitus.web import http_protocol
from digitus.web.api.uploads import FIELD_BYTES, shown_name

SOON_S = 60
BOUNDARY = "x-x"
TYPE = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def part(name="files", filename="a.png", content=b"none"):
    file = f'; filename="{filename}"' if filename is not None else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


@pytest.fixture(scope="module")
def small(serve):
    """Address of a server that takes 1 MB, 3 files, and 1 s for the body of a request."""
    with serve(body_mb=1, files=3, body_s=1) as address:
        yield address


@pytest.fixture(scope="module")
def narrow(serve):
    """Address of a server that takes 4 requests at a time, and 2 uploads of one client."""
    with serve(requests=4, client_requests=2, body_s=SOON_S) as address:
        yield address


def connect(address):
    found = urlsplit(address)
    connection = socket.create_connection((found.hostname, found.port), SOON_S)
    return closing(connection)


def head(path, **headers):
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def answer_of(connection):
    """Read until the server closes the connection; return the status line and the rest."""
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    status, _, rest = received.partition(b"\r\n")
    return status.decode(), rest.decode()


MULTIPART = {"Content_Type": TYPE["Content-Type"]}


def test_a_body_that_is_declared_too_large_is_refused_without_being_read(small):
    with connect(small) as connection:
        connection.sendall(
            head("/api/read", **MULTIPART, Content_Length=10**12, Expect="100-continue")
        )
        status, rest = answer_of(connection)
    assert "413" in status
    assert "at most 1,048,576 bytes are taken at once, 1,000,000,000,000 came" in rest


def test_a_body_that_grows_too_large_is_refused(small):
    def endless():
        yield part()[:-2]
        for _ in range(40):
            yield bytes(100_000)
        yield END

    answer = httpx.post(f"{small}/api/predict", content=endless(), headers=TYPE, timeout=SOON_S)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(
    "content",
    [
        b"POST /api/batches HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n{}",
        b"POST /api/batches HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\x00b\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a greeting of TLS",
    ],
    ids=["negative length", "two lengths", "NUL in a header", "TLS"],
)
def test_what_is_no_http_is_refused_with_a_problem_document(small, content):
    with connect(small) as connection:
        connection.sendall(content)
        status, rest = answer_of(connection)
    head, _, body = rest.partition("\r\n\r\n")
    assert status == "HTTP/1.1 400 Bad Request"
    assert "content-type: application/problem+json" in head
    assert "x-content-type-options: nosniff" in head.lower()
    assert json.loads(body) == {
        **{"type": "about:blank", "title": "Bad Request", "status": 400},
        "detail": http_protocol.NO_HTTP,
    }


def test_json_has_a_smaller_limit(small):
    body = b" " * (4 * 2**20 + 1)
    headers = {"Content-Type": "application/json"}
    answer = httpx.post(f"{small}/api/predict", content=body, headers=headers, timeout=SOON_S)
    assert answer.status_code == 413


def test_a_client_that_sends_too_slowly_is_refused_and_holds_up_nobody(small):
    with connect(small) as connection:
        connection.sendall(head("/api/read", **MULTIPART, Content_Length=1000))
        connection.sendall(part()[:10])
        assert httpx.get(f"{small}/api/batches", timeout=SOON_S).status_code == 200
        status, rest = answer_of(connection)
    assert "408" in status
    assert "too slow; send it again over a faster connection" in rest


def test_an_upload_that_is_cut_off_leaves_nothing(small, until):
    with connect(small) as connection:
        connection.sendall(head("/api/read", **MULTIPART, Content_Length=1000))
        connection.sendall(part()[:50])
    metrics = f"{small}/metrics"
    counted = 'route="/api/read",status="400"'
    until(lambda: counted in httpx.get(metrics, timeout=SOON_S).text)


def test_more_uploads_of_one_client_than_allowed_are_refused(narrow, until):
    def answer():
        return httpx.post(f"{narrow}/api/read", content=END, headers=TYPE, timeout=SOON_S)

    with connect(narrow) as first, connect(narrow) as second:
        for connection in (first, second):
            connection.sendall(head("/api/read", **MULTIPART, Content_Length=1000))
            connection.sendall(part()[:50])
        refused = until(lambda: (found := answer()).status_code == 429 and found)
        assert refused.headers["retry-after"].isdecimal()
    until(lambda: answer().status_code == 422)


def test_more_requests_than_allowed_are_refused_for_a_moment(narrow, until):
    def answer():
        return httpx.get(f"{narrow}/api/batches", timeout=SOON_S)

    with ExitStack() as open_ones:
        for _ in range(4):
            connection = open_ones.enter_context(connect(narrow))
            json = {"Content_Type": "application/json", "Content_Length": 100}
            connection.sendall(head("/api/predict", **json) + b"{")
        refused = until(lambda: (found := answer()).status_code == 503 and found)
        assert refused.headers["retry-after"].isdecimal()
        assert httpx.get(f"{narrow}/healthz", timeout=SOON_S).status_code == 200
    until(lambda: answer().status_code == 200)


@pytest.mark.parametrize("first", [b"", b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nA"])
def test_a_connection_without_a_whole_head_is_closed(small, monkeypatch, first):
    monkeypatch.setattr(http_protocol, "HEAD_S", 0.2)
    with connect(small) as connection:
        connection.sendall(first)
        assert connection.recv(1) == b""


def test_a_second_request_without_a_whole_head_is_closed(small, monkeypatch):
    monkeypatch.setattr(http_protocol, "HEAD_S", 0.5)
    whole = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with connect(small) as connection:
        connection.sendall(whole)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.sendall(whole[:30])
        while connection.recv(65536):
            pass


def test_a_head_without_an_end_is_cut_off(small):
    with connect(small) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nA: ")
        with pytest.raises(ConnectionError):
            connection.sendall(b"a" * 100_000_000)


def test_an_answer_that_is_not_read_is_given_up(narrow, until, monkeypatch):
    monkeypatch.setattr(http_protocol, "ANSWER_S", 0.2)
    monkeypatch.setattr(http_protocol, "HEAD_S", 10 * SOON_S)  # not for the bytes sent below
    with connect(narrow) as connection:
        # 64 answers of 640 kB do not fit into the buffers of the system
        connection.sendall(b"GET /api/models/cnn HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 64)

        def is_closed():
            try:
                connection.send(b"G")
            except ConnectionError:
                return True
            return False

        until(is_closed)


def test_a_slow_client_that_reads_its_answer_gets_all_of_it(narrow, monkeypatch):
    monkeypatch.setattr(http_protocol, "ANSWER_S", 0.05)
    monkeypatch.setattr(http_protocol, "ANSWER_BYTES", 1)
    with connect(narrow) as connection:
        connection.sendall(b"GET /api/models/cnn HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        connection.sendall(b"Connection: close\r\n\r\n")
        received = b""
        while chunk := connection.recv(2000):
            received += chunk
    found, _, content = received.partition(b"\r\n\r\n")
    assert f"content-length: {len(content)}".encode() in found.lower()


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (END, 422, "files: expected at least one file, none came; add one"),
        (part(filename=None) + END, 422, "files: expected at least one file"),
        (part(), 400, "the multipart body breaks off; send it again"),
        (b"nonsense", 400, "the multipart body is damaged; send it again"),
        (part() * 4 + END, 413, "more than 3 files; send them in several requests"),
        (part("a", None, b"x" * (FIELD_BYTES + 1)) + END, 422, "a: more than 1,000 bytes"),
        (part("a", None) * 21 + END, 422, "more than 20 fields"),
        (part("b" * 5000) + END, None, None),
    ],
)
def test_a_damaged_body_is_refused_with_a_sentence(small, body, status, sentence):
    answer = httpx.post(f"{small}/api/predict", content=body, headers=TYPE, timeout=SOON_S)
    assert answer.status_code == (status or answer.status_code)
    assert answer.status_code in (400, 413, 422)
    assert answer.json()["detail"].startswith(sentence or "the ")


def test_what_anybody_can_send_is_not_written_to_the_log(running, tmp_path):
    with running(tmp_path) as (server, api):
        assert api.post("/api/read", content=b"nonsense", headers=TYPE).status_code == 400
        with connect(str(api.base_url)) as connection:
            connection.sendall(b"\x16\x03\x01\r\n\r\n")
            assert "400" in answer_of(connection)[0]
        server.terminate()
        written = server.stderr.read().decode().lower()
    assert "invalid" not in written
    assert "boundary" not in written


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/mixed; boundary=a", "a/b"])
def test_another_type_than_files_is_refused(small, kind):
    headers = {"Content-Type": kind}
    answer = httpx.post(f"{small}/api/read", content=END, headers=headers, timeout=SOON_S)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\scan.png", "scan.png"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        ("a\x1b[2J\u202egnp.exe", "a\ufffd[2J\ufffdgnp.exe"),
        ("n" * 500, "n" * 200),
    ],
)
def test_a_name_is_shown_without_folders_and_control_characters(name, shown):
    assert shown_name(name) == shown


def test_a_hostile_name_is_never_a_path(small, tmp_path):
    target = tmp_path / "written.png"
    body = part(filename=f"../../../../../..{target}") + END
    answer = httpx.post(f"{small}/api/predict", content=body, headers=TYPE, timeout=SOON_S)
    assert not target.exists()
    assert answer.json()["errors"][0]["source"] == "written.png"


def test_an_upload_that_does_not_fit_on_the_disk_is_refused_and_leaves_nothing(small, full_disk):
    body = part(content=bytes(50_000)) + END
    with full_disk():
        answer = httpx.post(f"{small}/api/predict", content=body, headers=TYPE, timeout=SOON_S)
    assert answer.status_code == 503
    assert answer.headers["retry-after"].isdecimal()
    sentence = "the upload cannot be kept (File too large); free some space on the server"
    assert answer.json()["detail"] == sentence

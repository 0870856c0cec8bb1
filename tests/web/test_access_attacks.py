"""What an attacker may try, as requests to a real server, and how each is refused."""

import socket
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import httpx
import pytest

from digitus.web.access.access import Access, hosts_at

TOKEN = "correct-horse-battery"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
PART = (
    b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\nx\r\n--x--\r\n'
)
CROSS_SITE = {"Sec-Fetch-Site": "cross-site"}


class Attack(NamedTuple):
    """A request, and the status of its refusal."""

    name: str
    status: int
    method: str = "GET"
    path: str = "/"
    headers: dict[str, str] = {}  # noqa: RUF012
    content: bytes = b""


ANYWHERE = [
    Attack(
        "a name that was pointed at 127.0.0.1 (DNS rebinding)",
        421,
        headers={"Host": "evil.example"},
    ),
    Attack("the same, its API", 421, path="/api/models", headers={"Host": "evil.example:8000"}),
    Attack(
        "the same, with its own origin",
        421,
        "POST",
        "/api/read",
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ),
    Attack("a name that begins like ours", 421, headers={"Host": "127.0.0.1.evil.example"}),
    Attack("an address of another machine", 421, headers={"Host": "198.51.100.7"}),
    Attack("user information in the host", 421, headers={"Host": "127.0.0.1@evil.example"}),
    Attack("a path in the host", 421, headers={"Host": "evil.example/api/"}),
    Attack("an empty host", 421, headers={"Host": ""}),
    Attack(
        "a forwarded host is not believed",
        421,
        headers={"Host": "evil.example", "X-Forwarded-Host": "127.0.0.1"},
    ),
    Attack(
        "a form with a file on a foreign page",
        403,
        "POST",
        "/api/read",
        {"Origin": "https://evil.example", "Content-Type": MULTIPART},
        PART,
    ),
    Attack(
        "the same from a frame without an origin",
        403,
        "POST",
        "/api/read",
        {"Origin": "null", "Content-Type": MULTIPART},
        PART,
    ),
    Attack(
        "the same with no origin, but from elsewhere",
        403,
        "POST",
        "/api/read",
        {**CROSS_SITE, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
        PART,
    ),
    Attack(
        "JSON sent as text, which needs no question beforehand",
        403,
        "POST",
        "/api/predict",
        {"Origin": "https://evil.example", "Content-Type": "text/plain"},
        b"{}",
    ),
    Attack(
        "another port of this machine", 403, "POST", "/api/read", {"Origin": "http://127.0.0.1:1"}
    ),
    Attack(
        "two origins", 403, "POST", "/api/read", {"Origin": "http://127.0.0.1, http://evil.example"}
    ),
    Attack("an origin that is no address", 403, "POST", "/api/read", {"Origin": "http://[::1"}),
    Attack("an origin with a foreign scheme", 403, "POST", "/api/read", {"Origin": "file://"}),
    Attack(
        "a foreign script that reads",
        403,
        path="/api/models",
        headers={"Origin": "http://evil.example"},
    ),
    Attack(
        "the question before a foreign request (CORS)",
        403,
        "OPTIONS",
        "/api/read",
        {"Origin": "http://evil.example", "Access-Control-Request-Method": "DELETE"},
    ),
    Attack(
        "a foreign page that deletes",
        403,
        "DELETE",
        "/api/batches/1",
        {"Origin": "http://evil.example"},
    ),
    Attack(
        "an image on a foreign page",
        403,
        path="/api/pages/1/image",
        headers={**CROSS_SITE, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
    ),
    Attack(
        "a script of ours on a foreign page",
        403,
        path="/main.js",
        headers={**CROSS_SITE, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
    ),
    Attack(
        "our page in a foreign frame",
        403,
        headers={**CROSS_SITE, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    ),
    Attack(
        "a link on a foreign page to the API",
        403,
        path="/api/models",
        headers={**CROSS_SITE, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    ),
    Attack(
        "another port of the same site",
        403,
        path="/api/models",
        headers={"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
    ),
]
"""Refused with or without a token, also by someone who knows it."""

STRANGERS = [
    Attack("the page", 401),
    Attack("a script of the page", 401, path="/main.js"),
    Attack("the API", 401, path="/api/models"),
    Attack("a model", 401, path="/api/models/cnn"),
    Attack("an address that does not exist", 401, path="/api/none"),
    Attack("the description of the API", 401, path="/openapi.json"),
    Attack("whether it runs", 401, path="/healthz"),
    Attack("figures", 401, path="/metrics"),
    Attack("an upload", 401, "POST", "/api/read", {"Content-Type": MULTIPART}, PART),
    Attack("a head", 401, "HEAD", "/"),
    Attack("another method", 401, "DELETE", "/api/batches/1"),
    Attack("a path with dots", 401, path="/styles/../main.js"),
    Attack("a path that is escaped", 401, path="/%61pi/models"),
    Attack("a style sheet with another method", 401, "POST", "/styles/base.css"),
    Attack("two slashes", 401, path="//api/models"),
    Attack("the whole address in the request", 401, path="http://127.0.0.1/main.js"),
    Attack("a wrong token", 401, path="/api/models", headers={"Authorization": "Bearer wrong"}),
    Attack("an empty token", 401, path="/api/models", headers={"Authorization": "Bearer"}),
    Attack(
        "the right token, as another scheme",
        401,
        path="/api/models",
        headers={"Authorization": f"Basic {TOKEN}"},
    ),
    Attack("the right token in the query of the API", 401, path=f"/api/models?token={TOKEN}"),
    Attack("the right token as a cookie", 401, headers={"Cookie": f"digitus={TOKEN}"}),
    Attack("a wrong link", 401, path="/?token=wrong"),
    Attack("an empty link", 401, path="/?token="),
    Attack("a link that is posted", 401, "POST", f"/?token={TOKEN}"),
    Attack("a form without a token", 401, "POST", "/sign-in", {"Content-Type": FORM}, b"to=/"),
    Attack("a wrong form", 401, "POST", "/sign-in", {"Content-Type": FORM}, b"token=x"),
    Attack("a form that never ends", 400, "POST", "/sign-in", {"Content-Type": FORM}, b"t" * 9999),
    Attack(
        "a form with many fields", 400, "POST", "/sign-in", {"Content-Type": FORM}, b"a=1&" * 99
    ),
    Attack(
        "a form that is no form", 400, "POST", "/sign-in", {"Content-Type": "text/plain"}, b"{}"
    ),
    Attack("a form that is no text", 400, "POST", "/sign-in", {"Content-Type": FORM}, b"\xff=\x00"),
]
"""Refused without the token."""


def names(attacks: list[Attack]) -> list[str]:
    return [one.name for one in attacks]


def send(address: str, attack: Attack, **headers: str) -> httpx.Response:
    """Send the request as it is: httpx would change some paths, and follows no redirect."""
    extensions: dict[str, Any] = {"target": attack.path.encode()}
    with httpx.Client() as client:
        request = client.build_request(
            attack.method, address, headers={**headers, **attack.headers}, content=attack.content
        )
        request.extensions.update(extensions)
        return client.send(request)


@pytest.fixture(scope="module")
def own_address(serve_with):
    """Address of a server for this machine alone."""
    return serve_with(Access())


@pytest.fixture
def network_address(serve_with):
    """Address of a server for a network, which asks for a token; nobody has guessed at it yet."""
    return serve_with(Access(TOKEN, hosts_at("0.0.0.0", host="0.0.0.0")), host="0.0.0.0")


def assert_refused(answer: httpx.Response, attack: Attack) -> None:
    """Check status, form and headers of a refusal, and that it shows nothing."""
    assert answer.status_code == attack.status, answer.text
    path = unquote(attack.path.partition("?")[0])
    if path.startswith("/api/") or path in ("/openapi.json", "/healthz", "/metrics"):
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem.keys() == {"type", "title", "status", "detail"}
        assert (problem["type"], problem["status"]) == ("about:blank", attack.status)
    elif attack.method != "HEAD":
        assert answer.headers["content-type"].startswith("text/html")
        assert "<script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "access-control-allow-origin" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert "server" not in answer.headers
    assert ("www-authenticate" in answer.headers) == (attack.status == 401)
    assert TOKEN not in answer.text


@pytest.mark.parametrize("attack", ANYWHERE, ids=names(ANYWHERE))
def test_a_hostile_request_to_this_machine_is_refused(own_address, attack):
    assert_refused(send(own_address, attack), attack)


def test_a_hostile_request_is_refused_even_with_the_token(network_address):
    for attack in ANYWHERE:
        answer = send(network_address, attack, Authorization=f"Bearer {TOKEN}")
        assert_refused(answer, attack)


def test_without_the_token_nothing_is_shown(network_address):
    for attack in STRANGERS:  # fewer wrong tokens than a client may send in a row
        assert_refused(send(network_address, attack), attack)


def test_a_websocket_is_refused(own_address):
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Origin": "http://evil.example",
    }
    assert httpx.get(own_address, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost : evil.example\r\n\r\n",
    ],
    ids=["two hosts", "no host", "no host in an old request", "a blank before the colon"],
)
def test_a_request_without_one_clear_host_is_refused(own_address, head):
    parts = urlsplit(own_address)
    with socket.create_connection((parts.hostname, parts.port)) as visitor:
        visitor.sendall(head)
        status = visitor.recv(1000).split()[1]
    assert status in (b"400", b"421")


@pytest.mark.parametrize("path", ["/", "/api/models", "/main.js", "/none", "/api/none"])
@pytest.mark.parametrize(
    "site", [{}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin"}]
)
def test_requests_of_the_page_itself_and_of_programs_are_answered(own_address, path, site):
    own = {"Origin": own_address.rstrip("/"), **site} if site else {}
    answer = httpx.get(own_address.rstrip("/") + path, headers=own)
    assert answer.status_code == (404 if "none" in path else 200)


def test_a_link_on_another_page_leads_to_the_page(own_address):
    headers = {**CROSS_SITE, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert httpx.get(own_address, headers=headers).status_code == 200


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_an_origin_is_compared_with_the_host_that_was_asked(own_address, host):
    port = urlsplit(own_address).port
    headers = {"Host": f"{host}:{port}", "Origin": f"http://{host}:{port}"}
    assert httpx.post(f"{own_address}api/models", headers=headers).status_code == 405


def test_behind_a_proxy_the_origin_has_its_scheme_and_no_port(serve_with):
    address = serve_with(Access(TOKEN, hosts_at("127.0.0.1", host="", allowed=["s.example"])))
    headers = {"Host": "s.example", "Authorization": f"Bearer {TOKEN}"}
    for origin, status in (("https://s.example", 405), ("https://s.example:444", 403)):
        answer = httpx.post(f"{address}api/models", headers={**headers, "Origin": origin})
        assert answer.status_code == status

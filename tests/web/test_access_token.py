"""The token: in a header, in a link, in the form of the page that asks for it."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

import digitus
from digitus.web.access.access import Access, hosts_at
from digitus.web.access.guesses import GuessLimits
from digitus.web.access.sign_in import OPEN_FILES, sign_in_page
from digitus.web.listening import listen, network_address
from digitus.web.static_files import FOLDER, read_text

TOKEN = "correct-horse-battery"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
FROM_ELSEWHERE = {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}


@pytest.fixture
def address(serve_with):
    """Address of a server that asks for the token."""
    return serve_with(Access(TOKEN))


@pytest.fixture
def client(address):
    """A browser without its looks: it keeps cookies, and follows no redirect."""
    with httpx.Client(base_url=address) as made:
        yield made


def test_a_program_sends_the_token_with_each_request(client):
    assert client.get("/api/models", headers=BEARER).status_code == 200
    assert client.get("/api/models", headers={"authorization": f"bearer  {TOKEN}"}).is_success
    assert client.get("/api/models").status_code == 401
    assert not client.cookies


def test_a_link_sets_a_cookie_and_leads_to_the_address_without_the_token(client):
    answer = client.get("/", params={"room": "read", "token": TOKEN, "a": "ä b"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?room=read&a=%C3%A4+b")
    cookie = answer.headers["set-cookie"]
    assert TOKEN not in cookie
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie  # plain HTTP
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    for path in ("/", "/main.js", "/api/models", "/openapi.json"):
        assert client.get(path).status_code == 200


def test_a_link_opened_again_loses_its_token_right_or_wrong(client):
    client.get("/", params={"token": TOKEN})
    for token in (TOKEN, "old"):
        answer = client.get("/main.js", params={"token": token})
        assert (answer.status_code, answer.headers["location"]) == (303, "/main.js")
        assert "set-cookie" not in answer.headers


def test_the_form_sets_the_cookie_and_leads_to_where_one_wanted_to_go(client):
    fields = {"token": TOKEN, "to": "/index.html?a=1"}
    origin = {"Origin": str(client.base_url).rstrip("/")}
    answer = client.post("/sign-in", data=fields, headers=origin)
    assert (answer.status_code, answer.headers["location"]) == (303, "/index.html?a=1")
    assert client.get("/").status_code == 200
    assert client.get("/sign-in").headers["location"] == "/"


@pytest.mark.parametrize(
    ("to", "location"),
    [
        ("https://evil.example/", "/"),
        ("//evil.example/", "/evil.example/"),
        ("/\\evil.example/", "/evil.example/"),
        ("/\\/evil.example", "/evil.example"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: b=c", "/a%0D%0ASet-Cookie:%20b=c"),
        ("/sign-in", "/"),
        ("", "/"),
    ],
)
def test_the_form_leads_nowhere_else(client, to, location):
    answer = client.post("/sign-in", data={"token": TOKEN, "to": to})
    assert answer.headers["location"] == location


def test_a_link_with_two_slashes_leads_nowhere_else(client, address):
    answer = httpx.get(f"{address}/evil.example/", params={"token": TOKEN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/evil.example/")


def test_a_cookie_of_another_token_is_nothing(client, serve_with):
    other = serve_with(Access("another-token-00"))
    client.get("/", params={"token": TOKEN})
    assert httpx.get(other, cookies=dict(client.cookies)).status_code == 401


def test_a_restarted_server_knows_the_cookie_of_the_same_token(serve_with):
    secret = b"s" * 32
    cookies = httpx.get(serve_with(Access(TOKEN, cookie_secret=secret)), params={"token": TOKEN})
    again = serve_with(Access(TOKEN, cookie_secret=secret))
    assert httpx.get(again, cookies=dict(cookies.cookies)).status_code == 200


def test_what_is_missing_or_wrong_is_told(client):
    missing, wrong = client.get("/api/models"), client.get("/api/x", headers={**BEARER, **wrong_()})
    assert missing.headers["www-authenticate"] == 'Bearer realm="Digitus"'
    assert missing.json()["detail"].startswith("This server asks for a token; ")
    assert wrong.headers["www-authenticate"] == 'Bearer realm="Digitus", error="invalid_token"'
    assert wrong.json()["detail"].startswith("The token is wrong; ")
    page = client.get("/?token=x&a=<b>")
    assert "The token is wrong" in page.text
    assert 'name="to" value="/?a=%3Cb%3E"' in page.text


def wrong_() -> dict[str, str]:
    return {"Authorization": "Bearer wrong"}


def test_the_page_for_the_token_may_send_its_form_and_nothing_else(client):
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "'unsafe" not in policy
    assert answer.headers["referrer-policy"] == "same-origin"  # else the form has no origin
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    client.get("/", params={"token": TOKEN})
    assert "form-action 'none'" in client.get("/").headers["content-security-policy"]


def test_the_files_of_the_page_for_the_token_are_open_and_no_others(client):
    linked = {
        one.split('"')[0]
        for part in ('href="', 'src="')
        for one in sign_in_page("/").split(part)[1:]
    }
    assert linked - {"/"} == OPEN_FILES
    for path in OPEN_FILES:
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (200, read_text(path[1:]))
    assert client.get("/index.html").status_code == 401


def test_after_a_link_on_another_page_the_browser_asks_once_more(client):
    asked = client.get("/index.html?a=1", headers=FROM_ELSEWHERE)
    assert asked.status_code == 401
    assert '<meta http-equiv="refresh" content="0; url=/index.html?a=1">' in asked.text
    again = client.get("/", headers={**FROM_ELSEWHERE, "Sec-Fetch-Site": "same-origin"})
    assert "http-equiv" not in again.text
    wrong = client.get("/?token=x", headers=FROM_ELSEWHERE)
    assert "http-equiv" not in wrong.text


@pytest.mark.parametrize("way", ["header", "link", "form"])
def test_after_ten_wrong_tokens_a_client_waits_whatever_it_sends(client, way):
    def send(token: str) -> httpx.Response:
        if way == "header":
            return client.get("/api/models", headers={"Authorization": f"Bearer {token}"})
        if way == "link":
            return client.get("/", params={"token": token})
        return client.post("/sign-in", data={"token": token})

    signed_in = dict(httpx.get(client.base_url, params={"token": TOKEN}).cookies)
    statuses = [send(f"wrong-{i}").status_code for i in range(GuessLimits().at_once)]
    assert set(statuses) == {401}
    refused = send(TOKEN)
    assert (refused.status_code, "set-cookie" in refused.headers) == (429, False)
    assert 0 < int(refused.headers["retry-after"]) <= GuessLimits().every_s
    assert "Too many wrong tokens" in refused.text
    assert httpx.get(client.base_url, cookies=signed_in).status_code == 200


def test_requests_without_a_token_are_no_guesses(client):
    for _ in range(3 * GuessLimits().at_once):
        assert client.get("/api/models").status_code == 401
    assert client.get("/api/models", headers=BEARER).status_code == 200


def test_only_a_proxy_that_is_named_may_name_the_client_and_the_scheme(serve_with):
    trusted = serve_with(Access(TOKEN), proxies=("127.0.0.1",))
    plain = serve_with(Access(TOKEN))
    forwarded = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https"}
    for address, is_trusted in ((trusted, True), (plain, False)):
        for i in range(GuessLimits().at_once):
            httpx.get(address, params={"token": f"wrong-{i}"}, headers=forwarded)
        assert httpx.get(address, params={"token": TOKEN}, headers=forwarded).status_code == 429
        other = {**forwarded, "X-Forwarded-For": "203.0.113.6"}
        answer = httpx.get(address, params={"token": TOKEN}, headers=other)
        assert answer.status_code == (303 if is_trusted else 429)
        if is_trusted:
            assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "::1"])
def test_the_page_is_reached_at_each_address_of_the_machine(serve_with, host):
    try:
        with listen(host, 0) as listener:
            reached = network_address(listener)
    except digitus.errors.ServerError:
        pytest.skip(f"this machine has no address {host}")
    address = serve_with(Access(TOKEN, hosts_at(host, host=host)), host=host)
    port = urlsplit(address).port
    hosts = ["[::1]"] if host == "::1" else ["127.0.0.1", "localhost"]
    hosts += [] if reached is None else [urlsplit(reached).netloc.rpartition(":")[0]]
    hosts += ["[::1]"] if host == "::" else []
    for one in hosts:
        origin = f"http://{one}:{port}"
        headers = {**BEARER, "Origin": origin}
        assert httpx.get(f"{origin}/api/models", headers=headers).status_code == 200
        assert httpx.get(origin, headers={**BEARER, "Host": "evil.example"}).status_code == 421


HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PATHS = [
    "/",
    "/main.js",
    "/none",
    "/healthz",
    "/resources.json",
    "/openapi.json",
    "/sign-in",
    "/api/models",
    "/api/none",
    "/api/mnist/train",
]


@pytest.mark.parametrize("headers", [{}, BEARER, wrong_(), {"Host": "evil.example"}])
def test_no_answer_shows_a_path_or_a_version_and_each_has_the_headers(client, headers):
    private = [str(FOLDER), str(Path.cwd()), str(Path.home()), "/srv/data", socket.gethostname()]
    for path in PATHS:
        answer = client.get(path, headers=headers)
        sent = answer.text + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        assert [one for one in private if one in sent] == []
        assert "server" not in answer.headers
        if path != "/openapi.json":
            assert digitus.__version__ not in sent
            assert "uvicorn" not in sent.lower()
        assert {**answer.headers, **HEADERS} == dict(answer.headers)
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "geolocation=()" in answer.headers["permissions-policy"]
        assert answer.headers["cache-control"] in ("no-store", "no-cache")

"""``digitus serve``: who may come in, as options and as what the terminal says."""

import fcntl
import os
import platform
import re
import struct
import subprocess
import termios
import webbrowser
from pathlib import Path
from queue import Queue

import cv2
import httpx
import numpy as np
import pytest

import digitus as digitus_package
from digitus.web import listening
from digitus.web.access.certificates import Certificate

SOON_S = 30
TOKEN = "correct-horse-battery"
MADE = r"[a-z2-9]{4}(?:-[a-z2-9]{4}){4}"
BLOCKS = {" ": (0, 0), "\N{FULL BLOCK}": (1, 1)}
BLOCKS |= {"\N{UPPER HALF BLOCK}": (1, 0), "\N{LOWER HALF BLOCK}": (0, 1)}


@pytest.fixture(autouse=True)
def data_folder(monkeypatch, tmp_path):
    """The user's data folder, which holds the secret behind cookies."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def opened(monkeypatch):
    """A queue of the addresses that were opened; the server only says that it listens."""
    addresses = Queue()

    def run_server(app, listener, *, listening, stopping, certificate, proxies):
        addresses.app, addresses.certificate, addresses.proxies = app, certificate, proxies
        with listener:
            listening()

    monkeypatch.setattr(webbrowser, "open", addresses.put)
    monkeypatch.setattr(listening, "run_server", run_server)
    return addresses


def test_this_machine_alone_needs_no_token(digitus, opened):
    result = digitus("serve", "--port", 0)
    assert "token" not in result.out + result.err
    assert opened.app.access.token is None


@pytest.mark.parametrize(
    "words",
    [
        ["--host", "0.0.0.0"],
        ["--allow-host", "scores.example.org"],
        ["--proxy", "127.0.0.1"],
        ["--host", "0.0.0.0", "--allow-host", "a.example", "--allow-host", "b.example"],
    ],
    ids=" ".join,
)
def test_whoever_others_may_reach_makes_a_token_and_prints_its_link(digitus, opened, words):
    results = [digitus("serve", "--port", 0, *words) for _ in range(2)]
    tokens = {token for one in results for token in re.findall(rf"/\?token=({MADE})\b", one.out)}
    assert len(tokens) == 2  # a new one at each start
    assert opened.app.access.token in tokens
    assert opened.get(timeout=SOON_S).rpartition("=")[2] in tokens


def test_a_token_that_is_given_is_not_shown(digitus, opened):
    result = digitus("serve", "--port", 0, "--host", "0.0.0.0", "--token", TOKEN)
    assert (result.code, opened.app.access.token) == (0, TOKEN)
    assert "token=" not in result.out
    assert TOKEN not in result.out + result.err + opened.get(timeout=SOON_S)


def test_a_given_token_is_asked_for_on_this_machine_too(digitus, opened):
    assert digitus("serve", "--port", 0, "--token", "short").code == 0
    assert opened.app.access.token == "short"


def test_a_token_that_could_be_guessed_is_refused_for_a_network(digitus, opened):
    for words in (["--host", "0.0.0.0"], ["--allow-host", "a.example"]):
        result = digitus("serve", "--port", 0, "--token", "0123456789abcde", *words)
        assert (result.code, result.out) == (2, "")
        assert "expected a token of 16 to 256 characters, got 15; choose another" in result.err


@pytest.mark.parametrize("token", ["", "two words 0123456789", "ä" * 16, "a" * 257])
def test_a_token_that_no_header_can_hold_is_refused(digitus, opened, token):
    result = digitus("serve", "--port", 0, "--token", token)
    assert (result.code, result.out) == (2, "")
    assert "expected " in result.err


def test_the_token_may_be_in_a_file(digitus, opened, tmp_path):
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\nanother line\n")
    file.chmod(0o600)
    result = digitus("serve", "--port", 0, "--token-file", file)
    assert (result.code, result.err, opened.app.access.token) == (0, "", TOKEN)
    file.chmod(0o644)
    result = digitus("serve", "--port", 0, "--token-file", file)
    assert result.err.endswith(
        "other users of this machine can read the token; chmod 600 prevents it\n"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read (No such file"),
        (b"", "expected a token of 16 to 256 characters, got 0"),
        (b"too short", "expected letters, digits"),
        (b"short", "expected a token of 16 to 256 characters, got 5"),
        (b"\xff\xfe", "cannot be read (no text)"),
    ],
)
def test_a_file_without_a_good_token_is_one_sentence(digitus, opened, tmp_path, content, words):
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
        file.chmod(0o600)
    result = digitus("serve", "--port", 0, "--host", "0.0.0.0", "--token-file", file)
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert f"--token-file {file}: {words}" in result.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--token", TOKEN, "--token-file", "t"], "exclude each other; leave one out"),
        (["--tls-cert", "c.pem"], "--tls-cert and --tls-key belong together; add --tls-key"),
        (["--tls-key", "k.pem"], "--tls-cert and --tls-key belong together; add --tls-cert"),
        (["--allow-host", "http://a.example"], "expected a name or address without port"),
        (["--allow-host", "*"], "expected a name or address without port"),
        (["--proxy", "nginx"], "expected an address or network, such as 127.0.0.1"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_exit_2(digitus, opened, words, sentence):
    result = digitus("serve", "--port", 0, *words)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err


def test_a_certificate_that_cannot_be_read_is_one_sentence(digitus, opened, tmp_path):
    missing = tmp_path / "none.pem"
    result = digitus("serve", "--port", 0, "--tls-cert", missing, "--tls-key", missing)
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert f"--tls-cert {missing}: cannot be read (No such file or directory)" in result.err


def test_with_a_certificate_the_addresses_are_https_and_nothing_is_warned_of(
    digitus, opened, monkeypatch
):
    monkeypatch.setattr(Certificate, "check", lambda self: None)
    words = ["--tls-cert", "c.pem", "--tls-key", "k.pem"]
    result = digitus("serve", "--port", 0, "--host", "0.0.0.0", *words)
    assert re.findall(r"(\w+)://", result.out) == ["https", "https"]
    assert result.err == ""
    assert str(opened.certificate.key) == "k.pem"


def test_plain_http_for_a_network_is_warned_of(digitus, opened):
    result = digitus("serve", "--port", 0, "--host", "0.0.0.0")
    assert result.err.startswith("Plain HTTP shows the token and all pages to everyone")
    assert "\x1b" not in result.out
    assert "\N{FULL BLOCK}" not in result.out  # not a terminal
    assert digitus("serve", "--port", 0).err == ""


def test_a_network_needs_the_token_and_is_told_nothing_of_the_machine(start, tmp_path):
    process = start("serve", "--no-open", "--port", "0", "--host", "0.0.0.0")
    link = process.stdout.readline().split()[4]
    address, _, token = link.partition("?token=")
    refused = httpx.get(f"{address}api/models")
    assert (refused.status_code, refused.headers["www-authenticate"][:6]) == (401, "Bearer")
    with httpx.Client(follow_redirects=True) as client:
        assert client.get(link).status_code == 200
    bearer = {"Authorization": f"Bearer {token}"}
    answer = httpx.get(f"{address}api/models", headers=bearer)
    assert (answer.status_code, "server" in answer.headers) == (200, False)
    assert httpx.get(address, headers={**bearer, "Host": "evil.example"}).status_code == 421

    damaged = {"files": ("../../etc/passwd.png", b"\x89PNG no image")}
    answers = [
        httpx.post(f"{address}api/{name}", headers=bearer, files=damaged, timeout=SOON_S)
        for name in ("predict", "read")
    ]
    answers += [
        httpx.get(address + path, headers=bearer)
        for path in ("metrics", "healthz", "docs", "none", "api/batches/99", "api/jobs/none")
    ]
    private = [str(tmp_path), str(Path(digitus_package.__file__).parent), str(Path.home()), "/etc"]
    private += [digitus_package.__version__, platform.python_version()]
    for answer in answers:
        assert answer.status_code in (200, 404, 422), answer.text
        sent = answer.text + str(answer.headers)
        assert [one for one in private if one in sent.replace("../../etc", "")] == []


def test_whoever_has_signed_in_stays_so_when_the_server_is_killed_and_started_again(start):
    with httpx.Client() as client:
        for status in (401, 200):
            process = start("serve", "--no-open", "--port", "0", "--token", TOKEN)
            address = process.stdout.readline().split()[4]
            assert client.get(address).status_code == status
            client.get(address, params={"token": TOKEN})
            process.kill()
            process.wait(SOON_S)


def test_a_terminal_shows_the_link_for_a_phone_as_a_code(start):
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 50, 100, 0, 0))
    environment = {**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}
    for name in ("COLUMNS", "NO_COLOR"):
        environment.pop(name, None)
    words = ["serve", "--no-open", "--port", "0", "--host", "0.0.0.0"]
    process = start(*words, stdout=theirs, stderr=subprocess.PIPE, env=environment)
    os.close(theirs)
    warning = process.stderr.readline()  # comes after the code
    process.kill()
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    text = shown.decode()
    assert warning.startswith("Plain HTTP"), text
    (link,) = re.findall(rf"network open (\S+{MADE})", text)
    lines = re.sub(r"\x1b\[[\d;]*m", "", text).splitlines()
    code = [line for line in lines if line and set(line) <= set(BLOCKS)]
    pairs = np.array([[BLOCKS[sign] for sign in line] for line in code])
    image = (255 * pairs.transpose(0, 2, 1).reshape(-1, pairs.shape[1])).astype(np.uint8)
    found, _, _ = cv2.QRCodeDetector().detectAndDecode(image.repeat(8, axis=0).repeat(8, axis=1))
    assert found == link

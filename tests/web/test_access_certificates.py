"""Certificates are checked before the server starts, and then speak HTTPS."""

import re
import shutil
import ssl
import subprocess
from pathlib import Path

import httpx
import pytest

from digitus.errors import ServerError
from digitus.web.access.access import Access
from digitus.web.access.certificates import Certificate

SECURITY = Path(__file__).parents[2] / "docs" / "reference" / "security.md"


@pytest.fixture(scope="module")
def make_certificate(tmp_path_factory):
    """A function that makes a certificate for 127.0.0.1 with the command of the documents."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine")
    (command,) = re.findall(r"^openssl req .*", SECURITY.read_text("utf-8"), flags=re.M)
    words = command.replace("192.168.1.5", "127.0.0.1").split()

    def make() -> Certificate:
        folder = tmp_path_factory.mktemp("certificate")
        subprocess.run(words, check=True, capture_output=True, cwd=folder)
        return Certificate(folder / "cert.pem", folder / "key.pem")

    return make


@pytest.fixture(scope="module")
def certificate(make_certificate):
    return make_certificate()


def test_a_certificate_with_its_key_passes(certificate):
    certificate.check()


def test_a_missing_file_is_one_sentence(certificate, tmp_path):
    missing = tmp_path / "none.pem"
    with pytest.raises(ServerError, match=r"--tls-cert .*none\.pem: cannot be read \(No such"):
        Certificate(missing, certificate.key).check()
    with pytest.raises(ServerError, match=r"--tls-key .*none\.pem: cannot be read \(No such"):
        Certificate(certificate.file, missing).check()


def test_the_key_of_another_certificate_is_one_sentence(certificate, make_certificate):
    other = make_certificate()
    with pytest.raises(ServerError, match=r"expected the key of .*, got another one; "):
        Certificate(certificate.file, other.key).check()


@pytest.mark.parametrize("swapped", [True, False])
def test_files_that_hold_something_else_are_one_sentence(certificate, tmp_path, swapped):
    (tmp_path / "a").write_text("no certificate")
    files = (certificate.key, certificate.file) if swapped else (tmp_path / "a", tmp_path / "a")
    with pytest.raises(ServerError, match="expected a certificate and its key as PEM; "):
        Certificate(*files).check()


def test_a_key_with_a_password_is_one_sentence_and_asks_nobody(certificate, tmp_path):
    locked = tmp_path / "locked.pem"
    command = ["openssl", "pkey", "-in", certificate.key, "-aes256", "-passout", "pass:secret"]
    subprocess.run([*command, "-out", locked], check=True, capture_output=True)
    with pytest.raises(ServerError, match=r"expected a key without a password; decrypt it with"):
        Certificate(certificate.file, locked).check()


def test_over_https_the_cookie_is_for_https_alone(certificate, serve_with):
    token = "0123456789abcdef"
    address = serve_with(Access(token), certificate=certificate)
    trusted = ssl.create_default_context(cafile=str(certificate.file))
    with httpx.Client(verify=trusted) as client:
        answer = client.get(address, params={"token": token})
        cookie = answer.headers["set-cookie"]
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert cookie.startswith("__Host-digitus-")
        assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert client.get(address).status_code == 200
        plain_origin = address.replace("https", "http").rstrip("/")
        assert client.get(address, headers={"Origin": plain_origin}).status_code == 403


def test_the_link_opens_the_page_over_https(certificate, serve_with, new_page):
    token = "0123456789abcdef"
    address = serve_with(Access(token), certificate=certificate)
    page = new_page(ignore_https_errors=True)
    page.goto(f"{address}?token={token}")
    page.wait_for_selector("html[data-ready='true']")
    (cookie,) = page.context.cookies()
    assert (cookie["secure"], cookie["sameSite"]) == (True, "Strict")
    assert page.evaluate("fetch('/api/models').then((answer) => answer.status)") == 200

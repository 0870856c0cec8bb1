"""Tokens, the cookie that stands for one, and the secret behind it."""

import stat

import pytest

from digitus.web.access import cookie_secret, tokens
from digitus.web.access.cookie_secret import kept_secret
from digitus.web.access.tokens import SHORTEST, TokenCheck, make_token, token_problem

SECRET = b"s" * 32
TOKEN = "0123456789abcdef"


@pytest.fixture
def check():
    return TokenCheck(TOKEN, SECRET)


def test_a_made_token_is_accepted_as_one_that_a_user_chose():
    assert token_problem(make_token(), shortest=SHORTEST) is None


def test_made_tokens_differ():
    assert len({make_token() for _ in range(100)}) == 100


@pytest.mark.parametrize("token", ["", "a" * 15, "a" * 257, "two words 12345678", "ä" * 16])
def test_a_token_that_is_too_short_or_no_header_is_described(token):
    problem = token_problem(token, shortest=SHORTEST)
    assert problem.startswith("expected ")
    assert token not in problem or token == ""


def test_the_right_token_is_right(check):
    assert check.is_right(TOKEN)


@pytest.mark.parametrize("token", ["", TOKEN[:-1], f"{TOKEN}0", TOKEN.upper(), "\udcff", "ä"])
def test_another_token_is_wrong(check, token):
    assert not check.is_right(token)


def test_tokens_and_cookies_are_compared_in_constant_time(check, monkeypatch):
    compared = []

    def compare(one, other):
        compared.append((len(one), len(other)))
        return False

    monkeypatch.setattr(tokens.hmac, "compare_digest", compare)
    assert not check.is_right(TOKEN)
    cookie = f"{check.cookie_name(is_secure=False)}={check.cookie}"
    assert not check.is_in([cookie], is_secure=False)
    assert compared == [(32, 32), (64, 64)]


@pytest.mark.parametrize("is_secure", [True, False])
def test_the_cookie_is_found_among_others(check, is_secure):
    name = check.cookie_name(is_secure=is_secure)
    headers = ["theme=dark; x", f"a=b;  {name}={check.cookie} ; c=d"]
    assert check.is_in(headers, is_secure=is_secure)
    assert not check.is_in(headers, is_secure=not is_secure)
    assert not check.is_in([f"{name}={TOKEN}", f"x{name}={check.cookie}"], is_secure=is_secure)


def test_the_cookie_cannot_be_computed_from_the_token(check):
    other = TokenCheck(TOKEN, b"t" * 32)
    assert TOKEN not in check.cookie
    assert other.cookie != check.cookie
    assert other.cookie_name(is_secure=False) != check.cookie_name(is_secure=False)


def test_the_secret_is_kept_for_the_owner_alone(tmp_path):
    file = tmp_path / "new" / "secret"
    assert kept_secret(file) == kept_secret(file) == file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_secret_that_was_cut_short_is_made_anew(tmp_path):
    file = tmp_path / "secret"
    file.write_bytes(b"short")
    assert len(kept_secret(file)) == 32
    assert kept_secret(file) == file.read_bytes()


def test_a_secret_that_another_server_made_meanwhile_is_used(tmp_path):
    file = tmp_path / "secret"
    file.write_bytes(SECRET)
    assert cookie_secret._written(file) == SECRET


def test_without_a_place_for_the_file_the_secret_is_a_new_one(tmp_path):
    (tmp_path / "file").touch()
    place = tmp_path / "file" / "secret"
    assert len(kept_secret(place)) == 32
    assert kept_secret(place) != kept_secret(place)

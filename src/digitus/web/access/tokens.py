"""Tokens: made, checked for strength, compared, and turned into a cookie."""

import hmac
import re
import secrets
from hashlib import sha256

SHORTEST = 16
"""Fewest characters of a token that others may guess at."""
LONGEST = 256
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 signs; none looks like another
_GROUPS, _GROUP = 5, 4  # 20 signs of 5 bits: 100 bits
_ALLOWED = re.compile(r"[A-Za-z0-9._~+/=-]+")  # what an Authorization header may hold (RFC 6750)


def make_token() -> str:
    """Return a random token of 100 bits, such as ``k7qd-3mfw-...``, that is easy to copy."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def token_problem(token: str, *, shortest: int = 1) -> str | None:
    """Return what is wrong with a token that a user has chosen; None if nothing is.

    Args:
        token: not shown in the answer.
        shortest: fewest characters.

    >>> token_problem("two words"), token_problem("0123456789abcdef", shortest=16)
    ('expected letters, digits and - . _ ~ + / = alone, got others; choose another token', None)
    """
    if token and not _ALLOWED.fullmatch(token):
        return "expected letters, digits and - . _ ~ + / = alone, got others; choose another token"
    if not shortest <= len(token) <= LONGEST:
        wanted = f"{shortest} to {LONGEST} characters"
        return f"expected a token of {wanted}, got {len(token)}; choose another, or leave it out"
    return None


class TokenCheck:
    """Compares tokens in constant time, and makes the cookie that stands for the right one.

    Args:
        token: the right one.
        secret: makes the cookie; without it, guesses at the token cannot be tried as cookies.
    """

    def __init__(self, token: str, secret: bytes) -> None:
        self._digest = sha256(token.encode()).digest()
        self._name = f"digitus-{_mac(secret, 'name', token)[:8]}"
        self.cookie = _mac(secret, "cookie", token)

    def is_right(self, token: str) -> bool:
        """Return whether a token is the right one; takes the same time for each of its length."""
        digest = sha256(token.encode("utf-8", "surrogateescape")).digest()
        return hmac.compare_digest(digest, self._digest)

    def cookie_name(self, *, is_secure: bool) -> str:
        """Return the name of the cookie.

        Browsers send cookies to every port of a host, so each token has a name of its own. Over
        HTTPS, the prefix keeps other hosts of the domain from setting it.
        """
        return f"__Host-{self._name}" if is_secure else self._name

    def is_in(self, cookies: list[str], *, is_secure: bool) -> bool:
        """Return whether the cookie is among those of a request.

        Args:
            cookies: values of its Cookie headers.
            is_secure: the request came over HTTPS.
        """
        wanted = self.cookie_name(is_secure=is_secure)
        pairs = (pair.partition("=") for header in cookies for pair in header.split(";"))
        values = [value.strip().encode() for name, _, value in pairs if name.strip() == wanted]
        return any(hmac.compare_digest(value, self.cookie.encode()) for value in values)


def _mac(secret: bytes, purpose: str, token: str) -> str:
    return hmac.new(secret, f"{purpose} {token}".encode(), sha256).hexdigest()

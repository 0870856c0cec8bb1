"""Who may use the server."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from digitus.web.access.hosts import HostRule, canonical, is_host, is_loopback, machine_names


@dataclass(frozen=True)
class Access:
    """Who may use the server.

    Attributes:
        token: asked for; None if everyone who can connect may come in.
        hosts: names under which it answers.
        cookie_secret: makes the cookies.
    """

    token: str | None = None
    hosts: HostRule = field(default_factory=HostRule)
    cookie_secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)


def hosts_at(address: str, *, host: str, allowed: Iterable[str] = ()) -> HostRule:
    """Return the hosts of a server.

    Args:
        address: that it listens on.
        host: name or address that it was told to listen on.
        allowed: further names and addresses.
    """
    names = {canonical(one) for one in allowed}
    if is_loopback(address):
        return HostRule(names=frozenset(names))
    if is_host(host):
        names.add(canonical(host))
    return HostRule(is_loopback_only=False, names=frozenset(names) | machine_names())

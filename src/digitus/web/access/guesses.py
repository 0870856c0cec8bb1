"""Slow down guesses at the token."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address

from digitus.web.access.hosts import canonical

_OTHERS = "others"
_HOME_PREFIX = 64  # bits of an IPv6 address that a network has; it chooses the rest as it likes


@dataclass(frozen=True)
class GuessLimits:
    """How many wrong tokens a client may send.

    Ten typing errors in a row are more than people make. Ten a minute from each of 1,024 clients
    are 15 million a day: 2 ** 75 days for half of all tokens that the program makes.

    Attributes:
        at_once: wrong tokens in a row.
        every_s: seconds until one more is allowed.
        most_clients: remembered at a time; more than these share one allowance.
    """

    at_once: int = 10
    every_s: float = 6.0
    most_clients: int = 1024


class GuessLimiter:
    """Counts wrong tokens for each client, in a bounded amount of memory.

    Each client has the time at which all its wrong tokens are forgotten; each wrong token moves it
    on by ``every_s``.

    Args:
        limits: how many.
        clock: returns seconds.
    """

    def __init__(
        self, limits: GuessLimits | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limits, self._clock = limits or GuessLimits(), clock
        self._forgotten_at: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._forgotten_at)

    def wait_s(self, client: str) -> float:
        """Return the seconds until a client may try a token; 0 if it may now."""
        limits, now = self.limits, self._clock()
        until = self._forgotten_at.get(self._key(client, now), now)
        return max(0.0, until - now - (limits.at_once - 1) * limits.every_s)

    def count_wrong(self, client: str) -> None:
        """Note that a client has sent a wrong token."""
        now = self._clock()
        key = self._key(client, now)
        until = max(now, self._forgotten_at.get(key, now))
        self._forgotten_at[key] = until + self.limits.every_s

    def _key(self, client: str, now: float) -> str:
        key = network_of(client)
        if key in self._forgotten_at or len(self._forgotten_at) < self.limits.most_clients:
            return key
        kept = {one: until for one, until in self._forgotten_at.items() if until > now}
        self._forgotten_at = kept
        return key if len(kept) < self.limits.most_clients else _OTHERS


def network_of(client: str) -> str:
    """Return what a client cannot change at will: an IPv4 address, or the network of an IPv6 one.

    >>> network_of("192.0.2.1"), network_of("2001:db8::1:2:3"), network_of("::ffff:192.0.2.1")
    ('192.0.2.1', '2001:db8::/64', '192.0.2.1')
    """
    try:
        address = ip_address(canonical(client))
    except ValueError:
        return _OTHERS
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, _HOME_PREFIX), strict=False))
    return str(address)

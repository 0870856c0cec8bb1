"""Names and addresses under which this machine may be asked for the page.

A foreign page can make a name of its own point to this machine (DNS rebinding). Its requests then
carry that name as their host, and count as its own for the browser.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*"
)


def canonical(host: str) -> str:
    """Return a host in one spelling: lower case, no brackets, IPv4 addresses as such.

    >>> canonical("LocalHost"), canonical("[::FFFF:192.0.2.1]"), canonical("[0::1]")
    ('localhost', '192.0.2.1', '::1')
    """
    bare = host.lower()
    if bare.startswith("[") and bare.endswith("]"):
        bare = bare[1:-1]
    try:
        address = ip_address(bare)
    except ValueError:
        return bare
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def is_loopback(host: str) -> bool:
    """Return whether a host name or address reaches this machine from itself alone.

    >>> is_loopback("localhost"), is_loopback("[::1]"), is_loopback("127.0.0.1.example.org")
    (True, True, False)
    """
    bare = canonical(host)
    if bare == "localhost":
        return True
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return False


def host_of(header: str) -> str:
    """Return the host of a Host header without its port.

    >>> host_of("localhost:8000"), host_of("[::1]:8000"), host_of("[::1]")
    ('localhost', '[::1]', '[::1]')
    """
    host, _, port = header.strip().rpartition(":")
    return host if host and port.isdecimal() else header.strip()


def is_host(text: str) -> bool:
    """Return whether a text is a host name or an address, without scheme and port.

    >>> is_host("scores.example.org"), is_host("fe80::1"), is_host("https://a"), is_host("a:80")
    (True, True, False, False)
    """
    bare = canonical(text)
    try:
        ip_address(bare)
    except ValueError:
        return _NAME.fullmatch(bare) is not None
    return True


def machine_names() -> frozenset[str]:
    """Return the names of this machine in its network, such as ``desk`` and ``desk.local``."""
    name = canonical(socket.gethostname())
    short = name.partition(".")[0]
    return frozenset(one for one in (name, short, f"{short}.local") if _NAME.fullmatch(one))


@dataclass(frozen=True)
class HostRule:
    """Which hosts requests may name.

    Attributes:
        is_loopback_only: the server listens on a loopback address.
        names: other names and addresses that are allowed, in the spelling of ``canonical``.
    """

    is_loopback_only: bool = True
    names: frozenset[str] = frozenset()

    def allows(self, host: str, connected_to: str | None) -> bool:
        """Return whether a request for a host is answered.

        Args:
            host: of the request, without its port.
            connected_to: address of this machine that the client is connected to.
        """
        bare = canonical(host)
        if is_loopback(bare) or bare in self.names:
            return True
        return not self.is_loopback_only and bare == canonical(connected_to or "") != ""

"""Options of ``digitus serve`` that say who may use the server."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from digitus.web.access.access import Access
    from digitus.web.access.certificates import Certificate


@dataclass(frozen=True)
class AccessOptions:
    """The options as given.

    Attributes:
        token: None if it is left out.
        token_file: holds the token in its first line.
        allowed_hosts: names and addresses besides those of this machine.
        proxies: addresses and networks.
        certificate: None is plain HTTP.
    """

    token: str | None
    token_file: Path | None
    allowed_hosts: tuple[str, ...]
    proxies: tuple[str, ...]
    certificate: "Certificate | None"

    @property
    def scheme(self) -> str:
        """Return ``http`` or ``https``."""
        return "http" if self.certificate is None else "https"

    def access(self, address: str, host: str) -> "tuple[Access, str | None]":
        """Return who may use the server, and the token if it was made here, to be shown.

        Args:
            address: that the server listens on.
            host: name or address that it was told to listen on.

        Raises:
            click.BadParameter: if the token is too short for others to guess at.
            ServerError: if the token in the file is, or the file cannot be read.
        """
        from digitus.web.access.access import Access, hosts_at
        from digitus.web.access.cookie_secret import kept_secret
        from digitus.web.access.hosts import is_loopback
        from digitus.web.access.tokens import SHORTEST, make_token

        hosts = hosts_at(address, host=host, allowed=self.allowed_hosts)
        is_open_to_others = bool(not is_loopback(address) or self.allowed_hosts or self.proxies)
        token = self._given_token(SHORTEST if is_open_to_others else 1)
        if token is not None:
            return Access(token, hosts, kept_secret()), None
        if not is_open_to_others:
            return Access(None, hosts), None
        made = make_token()
        return Access(made, hosts), made

    def _given_token(self, shortest: int) -> str | None:
        from digitus.errors import ServerError
        from digitus.web.access.tokens import token_problem

        if self.token is not None:
            problem = token_problem(self.token, shortest=shortest)
            if problem is not None:
                raise click.BadParameter(problem, param_hint="'--token'")
            return self.token
        if self.token_file is None:
            return None
        token = _first_line(self.token_file)
        problem = token_problem(token, shortest=shortest)
        if problem is not None:
            raise ServerError(f"--token-file {self.token_file}: {problem}")
        return token


def _first_line(file: Path) -> str:
    """Return the first line of a file, and say so if others can read it."""
    from digitus.cli.screen import note
    from digitus.errors import ServerError

    try:
        with file.open(encoding="utf-8") as lines:
            token = lines.readline(1000).strip()
            mode = file.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "no text"
        raise ServerError(f"--token-file {file}: cannot be read ({reason})") from error
    is_shared = os.name == "posix" and stat.S_ISREG(mode) and mode & (stat.S_IRGRP | stat.S_IROTH)
    if is_shared:
        note(f"{file}: other users of this machine can read the token; chmod 600 prevents it")
    return token


def _hosts(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    from digitus.web.access.hosts import is_host

    for value in values:
        if not is_host(value):
            wanted = "a name or address without port, such as scores.example.org"
            raise click.BadParameter(f"expected {wanted}, got {value!r}", ctx, param)
    return values


def _networks(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    for value in values:
        try:
            ip_network(value)
        except ValueError as error:
            wanted = "an address or network, such as 127.0.0.1 or 10.0.0.0/8"
            raise click.BadParameter(f"expected {wanted}, got {value!r}", ctx, param) from error
    return values


_FILE = click.Path(path_type=Path)
_OPTIONS = (
    click.option(
        "--token",
        metavar="TEXT",
        help="Ask for this token. Other users of this machine can see it in the list of processes; "
        "--token-file hides it.  [default: none on 127.0.0.1, elsewhere a new one]",
    ),
    click.option(
        "--token-file", type=_FILE, metavar="FILE", help="Ask for the token in the first line."
    ),
    click.option(
        "--tls-cert", type=_FILE, metavar="FILE", help="Serve HTTPS with this certificate (PEM)."
    ),
    click.option("--tls-key", type=_FILE, metavar="FILE", help="Private key of --tls-cert (PEM)."),
    click.option(
        "--allow-host",
        "allowed_hosts",
        multiple=True,
        callback=_hosts,
        metavar="NAME",
        help="Answer under this name or address, too; may be repeated.",
    ),
    click.option(
        "--proxy",
        "proxies",
        multiple=True,
        callback=_networks,
        metavar="ADDRESS",
        help="Trust X-Forwarded-For and X-Forwarded-Proto of a proxy here; may be repeated.",
    ),
)


def access_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options to a command, which takes them as its argument ``access``."""

    @wraps(command)
    def call(
        *args: Any,
        token: str | None,
        token_file: Path | None,
        tls_cert: Path | None,
        tls_key: Path | None,
        allowed_hosts: tuple[str, ...],
        proxies: tuple[str, ...],
        **options: Any,
    ) -> None:
        if token is not None and token_file is not None:
            raise click.UsageError("--token and --token-file exclude each other; leave one out")
        certificate = _certificate(tls_cert, tls_key)
        access = AccessOptions(token, token_file, allowed_hosts, proxies, certificate)
        command(*args, access=access, **options)

    for option in reversed(_OPTIONS):
        call = option(call)
    return call


def _certificate(file: Path | None, key: Path | None) -> "Certificate | None":
    from digitus.web.access.certificates import Certificate

    if file is None and key is None:
        return None
    if file is None or key is None:
        missing = "--tls-cert" if file is None else "--tls-key"
        raise click.UsageError(f"--tls-cert and --tls-key belong together; add {missing}")
    certificate = Certificate(file, key)
    certificate.check()
    return certificate

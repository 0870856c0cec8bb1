"""Hosts under which the server answers."""

import socket

import pytest

from digitus.web.access import hosts
from digitus.web.access.access import hosts_at
from digitus.web.access.hosts import HostRule, is_host, machine_names

FOREIGN = [
    "",
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.example#127.0.0.1",
    "127.0.0.1@evil.example",
    "192.0.2.7",
    "[2001:db8::7]",
    "0.0.0.0",
    "2130706433",
    "localhost localhost",
]


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("is_loopback_only", [True, False])
def test_a_foreign_host_is_refused(host, is_loopback_only):
    assert not HostRule(is_loopback_only).allows(host, "192.0.2.1")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "[::1]"])
@pytest.mark.parametrize("is_loopback_only", [True, False])
def test_the_loopback_names_are_allowed_everywhere(host, is_loopback_only):
    assert HostRule(is_loopback_only).allows(host, "192.0.2.1")


@pytest.mark.parametrize(
    ("host", "connected_to"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1", "::ffff:192.0.2.1"),
        ("[2001:DB8:0::1]", "2001:db8::1"),
    ],
)
def test_the_address_that_the_client_is_connected_to_is_allowed_for_a_network(host, connected_to):
    assert HostRule(is_loopback_only=False).allows(host, connected_to)
    assert not HostRule(is_loopback_only=True).allows(host, connected_to)
    assert not HostRule(is_loopback_only=False).allows(host, None)


def test_further_names_are_allowed_in_any_spelling():
    rule = hosts_at("127.0.0.1", host="127.0.0.1", allowed=["Scores.Example.org", "192.0.2.9"])
    assert rule.allows("scores.example.ORG", "127.0.0.1")
    assert rule.allows("192.0.2.9", "127.0.0.1")
    assert not rule.allows("other.example.org", "127.0.0.1")


def test_the_names_of_this_machine_are_allowed_for_a_network_alone(monkeypatch):
    monkeypatch.setattr(socket, "gethostname", lambda: "Desk.school.example")
    for host in ("desk", "desk.local", "desk.school.example"):
        assert hosts_at("0.0.0.0", host="0.0.0.0").allows(host, "192.0.2.1")
        assert not hosts_at("127.0.0.1", host="127.0.0.1").allows(host, "127.0.0.1")


def test_a_name_to_listen_on_is_allowed():
    assert hosts_at("192.0.2.1", host="press.example").allows("press.example", "192.0.2.1")


def test_a_machine_without_a_usable_name_has_none(monkeypatch):
    monkeypatch.setattr(hosts.socket, "gethostname", lambda: "my machine!")
    assert machine_names() == frozenset()


@pytest.mark.parametrize("text", ["a", "a-b.c_d.example", "192.0.2.1", "[::1]", "2001:db8::1"])
def test_a_name_or_address_is_a_host(text):
    assert is_host(text)


@pytest.mark.parametrize("text", ["", "a:80", "http://a", "a/b", "*.a", "a..b", "-a", "a b", "ä"])
def test_anything_else_is_no_host(text):
    assert not is_host(text)

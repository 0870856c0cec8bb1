"""Sockets and the addresses that they are reached at."""

import socket

import pytest

from digitus.errors import ServerError
from digitus.web.listening import listen, network_address, page_address


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_loopback_address_is_for_this_machine_alone(host):
    with listen(host, 0) as listener:
        address = page_address(listener)
        assert network_address(listener) is None
    assert address.startswith(("http://127.0.0.1:", "http://[::1]:"))


def test_all_addresses_are_opened_at_the_loopback_one():
    with listen("0.0.0.0", 0) as listener:
        port = listener.getsockname()[1]
        assert page_address(listener) == f"http://127.0.0.1:{port}/"


def test_the_address_for_other_machines_leads_to_the_socket():
    with listen("0.0.0.0", 0) as listener:
        # None on a machine without a network
        address = network_address(listener) or page_address(listener)
        host, port = address.removeprefix("http://").removesuffix("/").split(":")
        with socket.create_connection((host, int(port))) as visitor, listener.accept()[0] as met:
            assert met.getpeername() == visitor.getsockname()


def test_a_port_is_free_again_once_its_server_has_ended():
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as visitor, first.accept()[0]:
            assert visitor.getpeername()[1] == port
    with listen("127.0.0.1", port) as second:
        assert second.getsockname()[1] == port


def test_a_port_that_needs_rights_is_one_sentence(monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(ServerError, match="port 80 needs more rights; choose one from 1024"):
        listen("127.0.0.1", 80)

"""A host with several addresses: one that is silent or refuses keeps nobody from the next."""

import errno
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from omnilink_sansio import EndReason, OmniConnectionError
from omnilink_sync import MockPanel, OmniClient, open_tcp

KEY = bytes(range(16))
SILENT = "127.0.0.2"
PATIENCE = 8.0

Found = list[tuple[int, int, int, str, tuple[str, int]]]


def found_at(*hosts: str, port: int) -> Found:
    return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port)) for host in hosts]


@pytest.fixture
def port() -> Iterator[int]:
    """Serve a panel on 127.0.0.1; on the same port of another loopback address nobody ever answers."""
    with ExitStack() as stack, MockPanel(controller_key=KEY).serve() as served:
        listener = stack.enter_context(closing(socket.socket()))
        listener.bind((SILENT, served.port))
        listener.listen(0)
        # With its queue full the system drops whoever comes next.
        for _ in range(3):
            caller = stack.enter_context(closing(socket.socket()))
            caller.setblocking(False)
            caller.connect_ex((SILENT, served.port))
        yield served.port


def test_a_silent_address_takes_little_of_the_time(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found_at(SILENT, "127.0.0.1", port=port))
    began = time.monotonic()
    with OmniClient("panel", port, controller_key=KEY) as client:
        client.get_system_status()
    assert time.monotonic() - began < PATIENCE


def test_an_address_that_refuses_is_passed_at_once(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found_at("127.0.0.3", "127.0.0.1", port=port))
    with OmniClient("panel", port, controller_key=KEY) as client:
        client.get_system_status()


def test_an_address_that_cannot_be_tried_is_passed(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    (other,) = found_at("127.0.0.1", port=port)
    # No stream has this protocol.
    unknown = (*other[:2], socket.IPPROTO_UDP, *other[3:])
    begun = socket.socket.connect

    def connect(connecting: socket.socket, address: tuple[str, int]) -> None:
        if address[0] == "127.0.0.3":
            raise OSError(errno.ENETUNREACH, "unreachable")
        begun(connecting, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [unknown, *found_at("127.0.0.3", "127.0.0.1", port=port)]
    )
    with OmniClient("panel", port, controller_key=KEY) as client:
        client.get_system_status()


def test_silent_addresses_only_are_no_answer(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found_at(SILENT, SILENT, port=port))
    with pytest.raises(OmniConnectionError, match=r"no answer within 0\.5 s") as caught:
        open_tcp("panel", port, timeout=0.5)
    assert caught.value.end is EndReason.UNREACHABLE


def test_addresses_that_all_refuse_say_so(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found_at("127.0.0.3", "127.0.0.4", port=port))
    with pytest.raises(OmniConnectionError) as caught:
        open_tcp("panel", port, timeout=PATIENCE)
    assert caught.value.end is EndReason.PORT_CLOSED


def test_a_host_without_addresses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [])
    with pytest.raises(OmniConnectionError, match="the host has no address"):
        open_tcp("panel", 4369)

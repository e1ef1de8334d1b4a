"""Probing from blocking code: what is called what, goodbye always said, no thread left, and the key in no text."""

import queue
import socket
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import pytest

from omnilink_sansio import (
    ControllerEndReason,
    ControllerSessionEnded,
    ControllerSettings,
    LocalProtocolError,
    Packet,
    PacketType,
    PeerEvent,
    RequestReceived,
    TransportName,
)
from omnilink_sansio.client import ProbeOutcome, ProbeResult
from omnilink_sync import MockPanel, OmniClient, ServedPanel, probe

KEY = bytes(range(16, 32))
OTHER_KEY = bytes(range(32, 48))
OFFER = Packet(1, PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, bytes.fromhex("0001 0102030405")).encode()
OLDER = Packet(1, PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, bytes.fromhex("0009 0102030405")).encode()
ECHO = Packet(2, PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION, bytes(16)).encode()
REFUSAL = Packet(1, PacketType.CONTROLLER_CANNOT_START_NEW_SESSION).encode()
PATIENCE = 20.0
SOON = 0.05
"""Seconds that are waited for those who will never answer."""

Stranger: TypeAlias = Callable[[socket.socket], None]


@pytest.fixture(params=["tcp", "udp"])
def transport(request: pytest.FixtureRequest) -> TransportName:
    return "udp" if request.param == "udp" else "tcp"


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


class Seen:
    """A panel that is served, and what it saw."""

    def __init__(self) -> None:
        self.ends: queue.Queue[ControllerEndReason] = queue.Queue()
        self.requests: list[int] = []
        self.served: ServedPanel

    def __call__(self, item: PeerEvent[Hashable]) -> None:
        if isinstance(item.event, ControllerSessionEnded):
            self.ends.put(item.event.reason)
        elif isinstance(item.event, RequestReceived):
            self.requests.append(item.event.message.type)

    @property
    def sessions(self) -> int:
        return self.served.act(lambda panel, _: panel.session_count)


@contextmanager
def a_panel(transport: TransportName, settings: ControllerSettings | None = None) -> Iterator[Seen]:
    seen = Seen()
    panel = MockPanel(controller_key=KEY, settings=settings, observe=seen)
    with panel.serve(transport=transport) as served:
        seen.served = served
        yield seen


def ask(seen: Seen, transport: TransportName, key: bytes | None = None) -> ProbeResult:
    result = probe(seen.served.host, seen.served.port, key, transport=transport)
    shows_no_key(result)
    return result


def shows_no_key(result: ProbeResult) -> None:
    for text in (repr(result), result.detail):
        for key in (KEY, OTHER_KEY):
            for form in (key.hex(), key.hex(" "), key.hex("-"), repr(key)):
                assert form not in text


def ask_a_stranger(talk: Stranger, timeout: float = 10.0) -> ProbeResult:
    """Probe a TCP listener that is no panel, or not a well one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connected, _ = listener.accept()
            with connected:
                connected.settimeout(PATIENCE)
                talk(connected)

        serving = threading.Thread(target=serve)
        serving.start()
        result = probe("127.0.0.1", listener.getsockname()[1], KEY, timeout=timeout)
        serving.join(PATIENCE)
        assert not serving.is_alive()
    shows_no_key(result)
    return result


def rest(connected: socket.socket) -> bytes:
    """Return what comes until the other end closes."""
    heard = b""
    while data := connected.recv(1000):
        heard += data
    return heard


def test_fine_without_a_key(transport: TransportName) -> None:
    with a_panel(transport) as seen:
        result = ask(seen, transport)
        assert (result.outcome, result.information) == (ProbeOutcome.FINE, None)
        assert result.is_fine
        assert seen.ends.get(timeout=PATIENCE) is ControllerEndReason.CLIENT_TERMINATED
        assert seen.sessions == 0


def test_fine_with_a_key(transport: TransportName) -> None:
    with a_panel(transport) as seen:
        result = ask(seen, transport, KEY)
        assert (result.outcome, result.detail) == (ProbeOutcome.FINE, "Omni Pro II, firmware 4.0b")
        assert result.information is not None
        assert result.information.model_name == "Omni Pro II"
        assert seen.ends.get(timeout=PATIENCE) is ControllerEndReason.CLIENT_TERMINATED
        assert seen.sessions == 0
        assert len(seen.requests) == 1


def test_wrong_key(transport: TransportName) -> None:
    with a_panel(transport) as seen:
        result = ask(seen, transport, OTHER_KEY)
        assert result.outcome is ProbeOutcome.WRONG_KEY
        assert not result.is_fine
        assert seen.sessions == 0
        assert ask(seen, transport, KEY).is_fine


@pytest.mark.parametrize("key", [None, KEY])
def test_busy(transport: TransportName, key: bytes | None) -> None:
    with (
        a_panel(transport, ControllerSettings(max_sessions=1)) as seen,
        OmniClient(seen.served.host, seen.served.port, controller_key=KEY, transport=transport) as client,
    ):
        result = ask(seen, transport, key)
        assert result.outcome is ProbeOutcome.BUSY
        assert "packet 7" in result.detail
        client.get_system_status()
        assert seen.sessions == 1


def test_many_probes_leave_every_slot_free(transport: TransportName) -> None:
    with a_panel(transport, ControllerSettings(max_sessions=1)) as seen:
        for key in [None, KEY, OTHER_KEY] * 5:
            assert ask(seen, transport, key).outcome is not ProbeOutcome.BUSY


def test_port_closed(transport: TransportName) -> None:
    with socket.socket(type=socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    result = probe("127.0.0.1", port, KEY, transport=transport)
    shows_no_key(result)
    assert result.outcome is ProbeOutcome.PORT_CLOSED
    assert "check the port" in result.detail


@pytest.mark.parametrize(
    "why", [socket.gaierror(-2, "Name or service not known"), OSError(113, "No route to host")]
)
def test_no_route(transport: TransportName, why: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object, **_kwargs: object) -> None:
        raise why

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    result = probe("panel.example", 4369, KEY, transport=transport)
    shows_no_key(result)
    assert result.outcome is ProbeOutcome.NO_ROUTE
    assert "panel.example port 4369" in result.detail
    assert str(why) in result.detail


def test_no_answer_to_connecting_is_no_route(monkeypatch: pytest.MonkeyPatch) -> None:
    def times_out(_self: socket.socket, _address: object) -> None:
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket.socket, "connect", times_out)
    result = probe("127.0.0.1", 4369, KEY, timeout=SOON)
    assert result.outcome is ProbeOutcome.NO_ROUTE
    assert f"no answer within {SOON:g} s" in result.detail


def test_one_who_talks_of_something_else_is_no_panel() -> None:
    def talk(connected: socket.socket) -> None:
        connected.recv(100)
        connected.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        rest(connected)

    result = ask_a_stranger(talk)
    assert result.outcome is ProbeOutcome.NOT_A_PANEL
    assert "does not speak Omni-Link" in result.detail


def test_one_who_closes_at_once_is_no_panel() -> None:
    def talk(connected: socket.socket) -> None:
        del connected

    result = ask_a_stranger(talk)
    assert result.outcome is ProbeOutcome.NOT_A_PANEL
    assert "all its connections may be taken" in result.detail


def test_one_who_says_nothing_is_told_goodbye() -> None:
    heard: list[bytes] = []
    result = ask_a_stranger(lambda connected: heard.append(rest(connected)), timeout=SOON)
    assert result.outcome is ProbeOutcome.NOT_A_PANEL
    assert "no answer to the handshake in time" in result.detail
    assert "gigabit" in result.detail
    assert [heard[0][2], heard[0][6]] == [
        PacketType.CLIENT_REQUEST_NEW_SESSION,
        PacketType.CLIENT_SESSION_TERMINATED,
    ]


def test_over_udp_one_who_says_nothing_may_be_nobody() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        result = probe("127.0.0.1", silent.getsockname()[1], KEY, transport="udp", timeout=SOON)
        silent.setblocking(False)
        kinds = [silent.recv(100)[2] for _ in range(2)]
    assert result.outcome is ProbeOutcome.NO_ANSWER
    assert kinds == [PacketType.CLIENT_REQUEST_NEW_SESSION, PacketType.CLIENT_SESSION_TERMINATED]


@pytest.mark.parametrize(
    ("answers", "outcome", "text"),
    [
        ([REFUSAL], ProbeOutcome.BUSY, "packet 7"),
        ([OLDER], ProbeOutcome.NOT_A_PANEL, "another session version"),
        ([OFFER, ECHO], ProbeOutcome.WRONG_KEY, "does not know the controller key"),
    ],
)
def test_one_who_answers_the_handshake_otherwise(
    answers: list[bytes], outcome: ProbeOutcome, text: str
) -> None:
    def talk(connected: socket.socket) -> None:
        for answer in answers:
            connected.recv(100)
            connected.sendall(answer)
        rest(connected)

    result = ask_a_stranger(talk)
    assert (result.outcome, text in result.detail) == (outcome, True)


@pytest.mark.parametrize("key", [b"", bytes(15), bytes(17)])
def test_a_key_of_another_length_is_refused_and_nothing_is_opened(
    key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", None)
    with pytest.raises(LocalProtocolError, match="16 bytes"):
        probe("127.0.0.1", 4369, key)

"""Probing from both event loops: what is called what, goodbye always said, and the key in no text."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import anyio
import pytest
from anyio.abc import ByteStream, SocketAttribute

from omnilink_anyio import MockPanel, OmniClient, ServedPanel, probe
from omnilink_sansio import (
    ControllerEndReason,
    ControllerSettings,
    LocalProtocolError,
    Packet,
    PacketType,
    TransportName,
)
from omnilink_sansio.client import ProbeOutcome, ProbeResult
from tests.anyio_adapter.homes import KEY, PATIENCE, Recorder
from tests.anyio_adapter.suspensions import cancel_everywhere, cancelled_at

pytestmark = pytest.mark.anyio

OTHER_KEY = bytes(range(32, 48))
OFFER = Packet(1, PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, bytes.fromhex("0001 0102030405")).encode()
OLDER = Packet(1, PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, bytes.fromhex("0009 0102030405")).encode()
REFUSAL = Packet(1, PacketType.CONTROLLER_CANNOT_START_NEW_SESSION).encode()
SOON = 0.05
"""Seconds that are waited for those who will never answer."""

Stranger: TypeAlias = Callable[[ByteStream], Awaitable[None]]


@pytest.fixture(params=["tcp", "udp"])
def transport(request: pytest.FixtureRequest) -> TransportName:
    return "udp" if request.param == "udp" else "tcp"


class Seen(Recorder):
    """What a panel saw, and its word that it has nobody left."""

    served: ServedPanel

    async def goodbye(self) -> None:
        """Wait until a session is over, which its client has ended in order."""
        await self.until(lambda _: self.ends)
        assert set(self.ends) == {ControllerEndReason.CLIENT_TERMINATED}
        assert self.served.panel.session_count == 0


@asynccontextmanager
async def a_panel(
    transport: TransportName, settings: ControllerSettings | None = None
) -> AsyncIterator[Seen]:
    seen = Seen()
    panel = MockPanel(controller_key=KEY, settings=settings, observe=seen)
    with anyio.fail_after(PATIENCE):
        async with panel.serve(transport=transport) as served:
            seen.served = served
            yield seen


async def ask(seen: Seen, transport: TransportName, key: bytes | None = None) -> ProbeResult:
    result = await probe(seen.served.host, seen.served.port, key, transport=transport)
    shows_no_key(result)
    return result


def shows_no_key(result: ProbeResult) -> None:
    for text in (repr(result), result.detail):
        for key in (KEY, OTHER_KEY):
            for form in (key.hex(), key.hex(" "), key.hex("-"), repr(key)):
                assert form not in text


async def ask_a_stranger(talk: Stranger, key: bytes | None = KEY, seconds: float = 10.0) -> ProbeResult:
    """Probe a TCP listener that is no panel, or not a well one."""
    with anyio.fail_after(PATIENCE):
        listener = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=0)
        port = listener.extra(SocketAttribute.local_port)

        async def serve(stream: ByteStream) -> None:
            async with stream:
                await talk(stream)

        async with listener, anyio.create_task_group() as tasks:
            tasks.start_soon(listener.serve, serve)
            result = await probe("127.0.0.1", port, key, timeout=seconds)
            tasks.cancel_scope.cancel()
    shows_no_key(result)
    return result


async def test_fine_without_a_key(transport: TransportName) -> None:
    async with a_panel(transport) as seen:
        result = await ask(seen, transport)
        assert (result.outcome, result.information) == (ProbeOutcome.FINE, None)
        assert result.is_fine
        # It was offered a session and took none: nothing is left half-open.
        await seen.goodbye()
        assert seen.starts == 0


async def test_fine_with_a_key(transport: TransportName) -> None:
    async with a_panel(transport) as seen:
        result = await ask(seen, transport, KEY)
        assert (result.outcome, result.detail) == (ProbeOutcome.FINE, "Omni Pro II, firmware 4.0b")
        assert result.information is not None
        assert result.information.model_name == "Omni Pro II"
        await seen.goodbye()
        assert len(seen.requests) == 1


async def test_wrong_key(transport: TransportName) -> None:
    async with a_panel(transport) as seen:
        result = await ask(seen, transport, OTHER_KEY)
        assert result.outcome is ProbeOutcome.WRONG_KEY
        assert not result.is_fine
        assert seen.served.panel.session_count == 0
        assert seen.starts == 0
        # It took nobody's slot.
        assert (await ask(seen, transport, KEY)).is_fine


@pytest.mark.parametrize("key", [None, KEY])
async def test_busy(transport: TransportName, key: bytes | None) -> None:
    async with (
        a_panel(transport, ControllerSettings(max_sessions=1)) as seen,
        OmniClient(seen.served.host, seen.served.port, controller_key=KEY, transport=transport) as client,
    ):
        result = await ask(seen, transport, key)
        assert result.outcome is ProbeOutcome.BUSY
        assert "packet 7" in result.detail
        # Who has the slot keeps it.
        await client.get_system_status()
        assert seen.served.panel.session_count == 1


async def test_many_probes_leave_every_slot_free(transport: TransportName) -> None:
    async with a_panel(transport, ControllerSettings(max_sessions=1)) as seen:
        for key in [None, KEY, OTHER_KEY] * 5:
            result = await ask(seen, transport, key)
            assert result.outcome is not ProbeOutcome.BUSY, key


async def test_port_closed(transport: TransportName) -> None:
    with socket.socket(type=socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    result = await probe("127.0.0.1", port, KEY, transport=transport)
    shows_no_key(result)
    assert result.outcome is ProbeOutcome.PORT_CLOSED
    assert "check the port" in result.detail


@pytest.mark.parametrize(
    "why", [socket.gaierror(-2, "Name or service not known"), OSError(113, "No route to host")]
)
async def test_no_route(transport: TransportName, why: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_args: object, **_kwargs: object) -> None:
        raise why

    monkeypatch.setattr(anyio, "getaddrinfo", fails)
    result = await probe("panel.example", 4369, KEY, transport=transport)
    shows_no_key(result)
    assert result.outcome is ProbeOutcome.NO_ROUTE
    assert "panel.example port 4369" in result.detail
    assert str(why) in result.detail


async def test_no_answer_to_connecting_is_no_route(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(*_args: object, **_kwargs: object) -> None:
        await anyio.sleep_forever()

    monkeypatch.setattr(anyio, "getaddrinfo", hangs)
    result = await probe("panel.example", 4369, KEY, timeout=SOON)
    assert result.outcome is ProbeOutcome.NO_ROUTE
    assert f"no answer within {SOON:g} s" in result.detail


async def test_one_who_talks_of_something_else_is_no_panel() -> None:
    async def talk(stream: ByteStream) -> None:
        await stream.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await stream.receive()

    result = await ask_a_stranger(talk)
    assert result.outcome is ProbeOutcome.NOT_A_PANEL
    assert "does not speak Omni-Link" in result.detail


async def test_one_who_closes_at_once_is_no_panel() -> None:
    async def talk(stream: ByteStream) -> None:
        del stream

    result = await ask_a_stranger(talk)
    assert result.outcome is ProbeOutcome.NOT_A_PANEL
    assert "all its connections may be taken" in result.detail


async def test_one_who_says_nothing_is_told_goodbye() -> None:
    heard = bytearray()

    async def talk(stream: ByteStream) -> None:
        try:
            while True:
                heard.extend(await stream.receive())
        except (anyio.EndOfStream, anyio.BrokenResourceError):
            return

    result = await ask_a_stranger(talk, seconds=SOON)
    assert result.outcome is ProbeOutcome.NOT_A_PANEL
    assert "no answer to the handshake in time" in result.detail
    assert "gigabit" in result.detail
    assert [heard[2], heard[6]] == [
        PacketType.CLIENT_REQUEST_NEW_SESSION,
        PacketType.CLIENT_SESSION_TERMINATED,
    ]


async def test_over_udp_one_who_says_nothing_may_be_nobody() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        with anyio.fail_after(PATIENCE):
            result = await probe("127.0.0.1", silent.getsockname()[1], KEY, transport="udp", timeout=SOON)
        silent.setblocking(False)
        kinds = [silent.recv(100)[2] for _ in range(2)]
    assert result.outcome is ProbeOutcome.NO_ANSWER
    assert kinds == [PacketType.CLIENT_REQUEST_NEW_SESSION, PacketType.CLIENT_SESSION_TERMINATED]


@pytest.mark.parametrize(
    ("answer", "outcome", "text"),
    [
        (REFUSAL, ProbeOutcome.BUSY, "packet 7"),
        (OLDER, ProbeOutcome.NOT_A_PANEL, "another session version"),
    ],
)
async def test_one_who_answers_the_first_packet_otherwise(
    answer: bytes, outcome: ProbeOutcome, text: str
) -> None:
    async def talk(stream: ByteStream) -> None:
        await stream.receive()
        await stream.send(answer)
        await until_it_ends(stream)

    result = await ask_a_stranger(talk)
    assert (result.outcome, text in result.detail) == (outcome, True)


async def test_one_who_offers_a_session_and_then_echoes_another_does_not_know_the_key() -> None:
    async def talk(stream: ByteStream) -> None:
        await stream.receive()
        await stream.send(OFFER)
        await stream.receive()
        await stream.send(Packet(2, PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION, bytes(16)).encode())
        await until_it_ends(stream)

    result = await ask_a_stranger(talk)
    assert result.outcome is ProbeOutcome.WRONG_KEY
    assert "does not know the controller key" in result.detail


async def until_it_ends(stream: ByteStream) -> None:
    try:
        while True:
            await stream.receive()
    except (anyio.EndOfStream, anyio.BrokenResourceError):
        return


@pytest.mark.parametrize("key", [b"", bytes(15), bytes(17)])
async def test_a_key_of_another_length_is_refused_and_nothing_is_opened(
    key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anyio, "getaddrinfo", None)
    with pytest.raises(LocalProtocolError, match="16 bytes"):
        await probe("127.0.0.1", 4369, key)


async def test_a_probe_that_is_cancelled_anywhere_leaves_no_session() -> None:
    async with a_panel("tcp") as seen:

        async def attempt(step: int) -> anyio.CancelScope:
            scope = await cancelled_at(step, ask(seen, "tcp", KEY))
            await seen.until(lambda _: seen.served.panel.session_count == 0)
            return scope

        await cancel_everywhere(attempt, at_least=3)
        assert set(seen.ends) <= {ControllerEndReason.CLIENT_TERMINATED, ControllerEndReason.LOST}
        assert seen.starts <= len(seen.ends)

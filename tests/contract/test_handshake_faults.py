"""What can go wrong before there is a session, as it looks from every door: at once, and by name."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

import anyio.to_thread
import pytest

import omnilink_sync
from omnilink_anyio import OmniClient, open_serial
from omnilink_sansio import (
    ClientSettings,
    ControllerEndReason,
    ControllerSettings,
    EndReason,
    HandshakeError,
    InvalidEncryptionKeyError,
    OmniConnectionError,
    Packet,
    PacketType,
    SessionRefusedError,
)
from omnilink_sync import open_serial as open_serial_blocking
from tests.anyio_adapter.homes import KEY
from tests.anyio_adapter.scripts import SESSION_ID
from tests.contract.awaited import ThreadEach, awaited
from tests.contract.carriers import LOOPBACK, TcpPlace, UdpPlace
from tests.contract.doors import Carrier, Door, Panel

pytestmark = pytest.mark.anyio

OTHER_KEY = bytes(range(50, 66))

OFFER = Packet(1, PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, b"\0\1" + SESSION_ID).encode()
OTHER_VERSION = Packet(1, PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, b"\0\2" + SESSION_ID).encode()
WRONG_ECHO = Packet(2, PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION, bytes(16)).encode()
REFUSAL = Packet(1, PacketType.CONTROLLER_CANNOT_START_NEW_SESSION).encode()
TERMINATION = Packet(1, PacketType.CONTROLLER_SESSION_TERMINATED).encode()
HTTP = b"HTTP/1.1 400 Bad Request\r\n\r\n"

HASTY = ClientSettings(handshake_timeout=0.02)
BRISK = ClientSettings(handshake_timeout=0.4)
IMPATIENT = ClientSettings(handshake_timeout=1e6, incomplete_packet_timeout=0.02)
"""What never comes is given up after these times, which are really waited for."""


async def hear(panel: Panel) -> None:
    """Take one packet, and do not answer."""
    await panel.far.receive()


async def refuse(panel: Panel) -> None:
    await hear(panel)
    await panel.say(REFUSAL)


async def offer_another_version(panel: Panel) -> None:
    await hear(panel)
    await panel.say(OTHER_VERSION)


async def not_believe_the_key(panel: Panel) -> None:
    await hear(panel)
    await panel.say(OFFER)
    await hear(panel)
    await panel.say(TERMINATION)


async def not_know_the_key(panel: Panel) -> None:
    await hear(panel)
    await panel.say(OFFER)
    await hear(panel)
    await panel.say(WRONG_ECHO)


async def terminate_before_an_offer(panel: Panel) -> None:
    await hear(panel)
    await panel.say(TERMINATION)


async def be_another_server(panel: Panel) -> None:
    await panel.say(HTTP)


async def answer_with_noise(panel: Panel) -> None:
    await hear(panel)
    await panel.say(b"\xff" * 64)


async def hang_up_at_once(panel: Panel) -> None:
    # A line that is pulled out before anybody opened it is not there.
    await hear(panel)
    await panel.hang_up()


async def hang_up_after_the_offer(panel: Panel) -> None:
    await hear(panel)
    await panel.say(OFFER)
    await hear(panel)
    await panel.hang_up()


async def reset_after_the_offer(panel: Panel) -> None:
    await hear(panel)
    await panel.say(OFFER)
    await hear(panel)
    await panel.reset()


async def hang_up_in_the_middle(panel: Panel) -> None:
    await hear(panel)
    await panel.say(OFFER[:6])
    await panel.hang_up()


async def stop_in_the_middle(panel: Panel) -> None:
    await hear(panel)
    await panel.say(OFFER[:6])


async def be_silent(panel: Panel) -> None:
    await hear(panel)


async def be_silent_after_the_offer(panel: Panel) -> None:
    await hear(panel)
    await panel.say(OFFER)


class Failing(NamedTuple):
    """A fault that lets no session begin, and what the client says of that."""

    fault: Callable[[Panel], Awaitable[None]]
    error: type[HandshakeError]
    end: EndReason
    carriers: tuple[Carrier, ...]
    settings: ClientSettings | None = None


ALL: tuple[Carrier, ...] = ("memory", "tcp", "udp", "pty")
# A datagram link has no end, and datagrams that are no answer are dropped: see below.
STREAM: tuple[Carrier, ...] = ("memory", "tcp", "pty")

FAILING = (
    Failing(refuse, SessionRefusedError, EndReason.REFUSED, ALL),
    Failing(offer_another_version, HandshakeError, EndReason.VERSION, STREAM),
    # In a datagram anybody may have sent it: it is named when no other offer has come.
    Failing(offer_another_version, HandshakeError, EndReason.VERSION, ("udp",), BRISK),
    Failing(not_believe_the_key, InvalidEncryptionKeyError, EndReason.WRONG_KEY, ALL),
    Failing(not_know_the_key, HandshakeError, EndReason.SESSION_ID, STREAM),
    Failing(terminate_before_an_offer, HandshakeError, EndReason.HANDSHAKE_TERMINATED, STREAM),
    # What comes before anybody opened the line is nobody's.
    Failing(be_another_server, HandshakeError, EndReason.HANDSHAKE_FAULT, ("memory", "tcp")),
    Failing(answer_with_noise, HandshakeError, EndReason.HANDSHAKE_FAULT, STREAM),
    Failing(hang_up_at_once, HandshakeError, EndReason.HANDSHAKE_LOST, STREAM),
    Failing(hang_up_after_the_offer, HandshakeError, EndReason.HANDSHAKE_LOST, STREAM),
    Failing(hang_up_in_the_middle, HandshakeError, EndReason.HANDSHAKE_LOST, STREAM),
    # Only TCP has this one.
    Failing(reset_after_the_offer, HandshakeError, EndReason.HANDSHAKE_LOST, ("tcp",)),
    Failing(stop_in_the_middle, HandshakeError, EndReason.HANDSHAKE_FAULT, STREAM, IMPATIENT),
    Failing(be_silent, HandshakeError, EndReason.HANDSHAKE_TIMEOUT, ALL, HASTY),
    Failing(be_silent_after_the_offer, HandshakeError, EndReason.KEY_UNANSWERED, ALL, BRISK),
)


@pytest.mark.parametrize(
    ("failing", "carrier"),
    [
        pytest.param(failing, carrier, id=f"{failing.fault.__name__}-{carrier}")
        for failing in FAILING
        for carrier in failing.carriers
    ],
    indirect=["carrier"],
)
async def test_a_handshake_that_fails(door: Door, failing: Failing) -> None:
    async def script(panel: Panel) -> None:
        await failing.fault(panel)
        await panel.ignore()

    async with door.play(script) as stage:
        with pytest.raises(HandshakeError) as caught:
            async with stage.client(settings=failing.settings):
                pytest.fail("there is no session")
        assert type(caught.value) is failing.error
        assert caught.value.end is failing.end
        # The next one is not the worse for it.
        async with stage.client() as client:
            await client.turn_unit_on(1)


@pytest.mark.parametrize("stray", [TERMINATION, WRONG_ECHO, HTTP, OFFER[:6], b"\xff" * 64, b""], ids=repr)
@pytest.mark.parametrize("carrier", ["udp"], indirect=True)
async def test_a_datagram_that_is_no_answer_is_passed_over(door: Door, stray: bytes) -> None:
    """What on a stream is the end may here be late, damaged or forged."""

    async def script(panel: Panel) -> None:
        packet = await panel.far.receive()
        await panel.say(stray)
        await panel.take(packet)
        await panel.online()
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client() as client:
        await client.turn_unit_on(1)


# An emulated panel.


async def test_a_wrong_key(door: Door) -> None:
    async with door.home() as home:
        with pytest.raises(InvalidEncryptionKeyError, match="wrong controller key") as caught:
            async with home.client(key=OTHER_KEY):
                pytest.fail("there is no session")
        assert caught.value.end is EndReason.WRONG_KEY
        assert home.recorder.ends == [ControllerEndReason.WRONG_KEY]
        async with home.client() as client:
            await client.turn_unit_on(1)


async def test_a_panel_without_a_free_slot(door: Door) -> None:
    async with door.home(settings=ControllerSettings(max_sessions=1)) as home:
        async with home.client() as first:
            with pytest.raises(SessionRefusedError, match="cannot start another session") as caught:
                async with home.client():
                    pytest.fail("there is no session")
            assert caught.value.end is EndReason.REFUSED
            await first.turn_unit_on(1)
        await home.recorder.first_end()
        async with home.client() as client:
            await client.turn_unit_on(1)


async def test_another_protocol_version(door: Door) -> None:
    async with door.home(settings=ControllerSettings(offered_session_version=2)) as home:
        with pytest.raises(HandshakeError, match="session version") as caught:
            async with home.client(settings=BRISK if door.loses_packets else None):
                pytest.fail("there is no session")
        assert caught.value.end is EndReason.VERSION
        assert await home.recorder.first_end() is ControllerEndReason.CLIENT_TERMINATED
        async with home.client(
            settings=ClientSettings(accepted_session_versions=frozenset({1, 2}))
        ) as client:
            await client.turn_unit_on(1)


# Nobody there.


# In memory and on a line nothing listens; on UDP see below.
@pytest.mark.parametrize("carrier", ["tcp"], indirect=True)
async def test_a_port_that_nobody_listens_on(door: Door) -> None:
    place = TcpPlace()
    place.close()
    with pytest.raises(
        OmniConnectionError, match=re.escape(f"cannot connect to {LOOPBACK} port {place.port}")
    ) as caught:
        async with door.client(place, place.port):
            pytest.fail("there is no session")
    assert type(caught.value) is OmniConnectionError
    assert caught.value.end is EndReason.PORT_CLOSED
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)


@pytest.mark.parametrize("carrier", ["udp"], indirect=True)
async def test_a_udp_port_that_nobody_listens_on(door: Door) -> None:
    """The system refuses the first datagram: nobody waits for an answer."""
    place = UdpPlace()
    place.close()
    with pytest.raises(OmniConnectionError) as caught:
        async with door.client(place, place.port):
            pytest.fail("there is no session")
    assert caught.value.end is EndReason.PORT_CLOSED


@pytest.mark.parametrize("carrier", ["pty"], indirect=True)
async def test_a_serial_port_that_there_is_not(door: Door, tmp_path: Path) -> None:
    path = str(tmp_path / "ttyUSB9")
    with pytest.raises(OmniConnectionError, match=re.escape(path)) as caught:
        await (
            anyio.to_thread.run_sync(open_serial_blocking, path) if door.is_blocking else open_serial(path)
        )
    assert caught.value.end is EndReason.UNREACHABLE


@pytest.mark.parametrize("carrier", ["tcp"], indirect=True)
async def test_a_client_that_was_never_connected(door: Door) -> None:
    client = OmniClient(LOOPBACK, controller_key=KEY)
    if door.is_blocking:
        client = awaited(omnilink_sync.OmniClient(LOOPBACK, controller_key=KEY), ThreadEach())
    with pytest.raises(OmniConnectionError, match="connect first") as caught:
        await client.get_system_status()
    assert caught.value.end is None
    await client.connection.close()

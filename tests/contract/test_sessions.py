"""Opening and ending a session, by either side, through every door."""

import anyio
import pytest

from omnilink_sansio import (
    ClientSettings,
    ControllerEndReason,
    EndReason,
    LocalProtocolError,
    OmniConnectionError,
    PacketType,
)
from omnilink_sansio.system import RequestSystemInformation
from tests.contract.doors import Door, Panel

pytestmark = pytest.mark.anyio


class MistakeError(Exception):
    """The user's own."""


async def test_a_session_opens_and_its_client_ends_it(door: Door) -> None:
    async with door.home() as home:
        async with home.client() as client:
            assert client.is_connected
            assert client.connection.is_connected
            assert "online" in repr(client.connection) or door.is_blocking
            assert home.recorder.starts == 1
        assert not client.is_connected
        assert await home.recorder.first_end() is ControllerEndReason.CLIENT_TERMINATED
        assert len(home.recorder.ends) == 1


async def test_sessions_one_after_the_other(door: Door) -> None:
    async with door.home() as home:
        for number in (1, 2, 3):
            async with home.client() as client:
                await client.turn_unit_on(number)
            assert home.recorder.starts == number
        await home.recorder.until(lambda seen: len(seen.ends) == 3)
        assert set(home.recorder.ends) == {ControllerEndReason.CLIENT_TERMINATED}


async def test_several_sessions_at_a_time(door: Door) -> None:
    async with door.home() as home, home.client() as one, home.client() as other:
        await one.turn_unit_on(1)
        await other.turn_unit_on(2)
        await one.turn_unit_on(3)
        assert home.recorder.starts == 2
        assert not home.recorder.ends


async def test_leaving_by_an_error_says_goodbye_and_raises_that_very_error(door: Door) -> None:
    mistake = MistakeError("mine")
    async with door.home() as home:
        with pytest.raises(MistakeError) as caught:
            async with home.client():
                raise mistake
        assert caught.value is mistake
        assert await home.recorder.first_end() is ControllerEndReason.CLIENT_TERMINATED


async def test_closing_twice_does_nothing_and_says_so_afterwards(door: Door) -> None:
    async with door.home() as home, home.client() as client:
        events = client.connection.unsolicited()
        await client.connection.close()
        await client.connection.close()
        with pytest.raises(OmniConnectionError, match="this connection was closed, make a new one") as caught:
            await client.get_system_status()
        assert caught.value.end is None
        # An end that was asked for is no error.
        with pytest.raises(StopAsyncIteration):
            await anext(events)
        assert await home.recorder.first_end() is ControllerEndReason.CLIENT_TERMINATED
        assert len(home.recorder.ends) == 1


async def test_a_connection_connects_once(door: Door) -> None:
    async with door.home() as home, home.client() as client:
        with pytest.raises(LocalProtocolError, match="a connection connects once: make a new one"):
            await client.connection.connect()
        await client.connection.close()
        with pytest.raises(LocalProtocolError, match="a connection connects once: make a new one"):
            await client.connection.connect()


async def test_a_panel_that_does_not_answer_goodbye_does_not_keep_the_client(door: Door) -> None:
    settings = ClientSettings(close_timeout=0.02)

    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.ignore()

    async with door.play(script) as stage, stage.client(settings=settings) as client:
        await client.connection.close()
        assert not client.is_connected


# On a stream it is never lost.
@pytest.mark.parametrize("carrier", ["udp"], indirect=True)
async def test_a_goodbye_that_is_lost_is_said_again(door: Door) -> None:
    settings = ClientSettings(close_timeout=1e6, close_repeat=0.02)
    heard: list[bytes] = []

    async def script(panel: Panel) -> None:
        await panel.online()
        heard.extend([await panel.far.receive() for _ in range(4)])
        assert panel.end is None
        # Only what is answered ends it so early.
        await panel.take(heard[-1])

    async with door.play(script) as stage:
        async with stage.client(settings=settings) as client:
            await client.connection.close()
        (panel,) = stage.panels
        assert panel.end is ControllerEndReason.CLIENT_TERMINATED
    assert heard[0][2] == PacketType.CLIENT_SESSION_TERMINATED
    assert heard == heard[:1] * 4


async def test_a_panel_that_stops_ends_its_sessions(door: Door) -> None:
    async with door.home() as home, home.client() as client:
        events = client.connection.unsolicited()
        home.served.act(lambda panel, now: panel.close(now))
        with pytest.raises(OmniConnectionError) as caught:
            await anext(events)
        assert caught.value.end is EndReason.TERMINATED
        assert not client.is_connected


async def test_what_a_client_needs_not_be_told_is_not_waited_for(door: Door) -> None:
    """A loss that nobody looked at leaves the context without an error."""
    inside, lost = anyio.Event(), anyio.Event()

    async def script(panel: Panel) -> None:
        await panel.online()
        await inside.wait()
        await panel.terminate()
        lost.set()

    async with door.play(script) as stage, stage.client():
        inside.set()
        await lost.wait()


async def test_a_request_by_hand(door: Door) -> None:
    async with door.home() as home, home.client() as client:
        information = await client.connection.request(RequestSystemInformation())
        assert information == await client.get_system_information()
        payload = await client.connection.exchange(RequestSystemInformation())
        assert RequestSystemInformation().accept(payload) == information
        reply = client.connection.submit(RequestSystemInformation())
        assert await reply.content() == information
        assert await reply.payload() == payload
        assert reply.is_settled
        assert not reply.has_failed

"""What a panel can do wrong that a session outlives, as it looks from every door."""

import pytest

from omnilink_anyio import OmniClient
from omnilink_sansio import (
    ClientSettings,
    CommandFailedError,
    Fault,
    Message,
    OutcomeCause,
    OutcomeUnknownError,
    Packet,
    PacketType,
    RemoteProtocolError,
)
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.system import Ack, Nak, RequestSystemFormats, SystemFormats, SystemStatus
from tests.contract.doors import BABBLE, HALF, NONSENSE, STREAMS, Door, Panel, Script

pytestmark = pytest.mark.anyio

REPEATING = ClientSettings(request_timeout=1e6, request_repeat=0.02, max_repeats=10**6)
"""On datagrams what is not answered is asked again after this time, which is really waited for."""


FORMATS = RequestSystemFormats()
ANSWER = SystemFormats(1, 2, 1)
STATUS = SystemStatus.parse(bytes.fromhex("01 1a 07 1e 04 0c 22 05 00 06 1e 14 0f ff"))


async def ask(client: OmniClient) -> SystemFormats:
    """Ask what `ANSWER` is the answer to."""
    return await client.request(FORMATS)


async def answer(panel: Panel) -> None:
    await panel.reply(await panel.request(), ANSWER.to_message())


async def answer_under_another_number(panel: Panel) -> None:
    request = await panel.request()
    await panel.say_message(SystemFormats(9, 9, 9).to_message(), request.tag + 1000)
    await panel.reply(request, ANSWER.to_message())


async def answer_twice(panel: Panel) -> None:
    request = await panel.request()
    await panel.reply(request, ANSWER.to_message())
    await panel.say_message(ANSWER.to_message(), request.tag)


async def speak_out_of_turn(panel: Panel) -> None:
    """Send what controllers send at other times, or never, and an answer that nobody asked for."""
    request = await panel.request()
    for stray in (
        Packet(1, PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, b"\0\1" + bytes(5)),
        Packet(1, PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION, bytes(16)),
        Packet(1, PacketType.CONTROLLER_CANNOT_START_NEW_SESSION),
        Packet(1, PacketType.CLIENT_REQUEST_NEW_SESSION),
        Packet(1, PacketType.NO_MESSAGE),
    ):
        await panel.say(stray.encode())
    await panel.say_message(Nak().to_message(), request.tag + 7)
    await panel.reply(request, ANSWER.to_message())


async def tell_what_nobody_knows(panel: Panel) -> None:
    """Send an unsolicited message of a type that there is not, and one that is damaged."""
    request = await panel.request()
    await panel.notify(Message(250, b"???"))
    await panel.say_message(ANSWER.to_message(), 0, damaged=True)
    await panel.reply(request, ANSWER.to_message())


HARMLESS = pytest.mark.parametrize(
    "fault",
    [answer_under_another_number, answer_twice, speak_out_of_turn, tell_what_nobody_knows],
)


@HARMLESS
async def test_what_can_be_told_apart_disturbs_nobody(door: Door, fault: Script) -> None:
    async def script(panel: Panel) -> None:
        await panel.online()
        await fault(panel)
        await answer(panel)
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client() as client:
        assert await ask(client) == ANSWER
        assert await ask(client) == ANSWER
        await client.turn_unit_on(1)


# On a stream each of these is the end.
DATAGRAMS = pytest.mark.parametrize(
    "datagram",
    [BABBLE, NONSENSE, HALF, b"", b"\0", bytes(range(200))],
    ids=lambda data: f"{len(data)} bytes",
)


@DATAGRAMS
@pytest.mark.parametrize("carrier", ["udp"], indirect=True)
async def test_what_is_wrong_with_one_datagram_is_over_with_it(door: Door, datagram: bytes) -> None:
    async def script(panel: Panel) -> None:
        await panel.online()
        request = await panel.request()
        await panel.say(datagram)
        await panel.reply(request, ANSWER.to_message())
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client() as client:
        assert await ask(client) == ANSWER
        await client.turn_unit_on(1)


@STREAMS
async def test_a_damaged_reply_on_a_stream_fails_the_read_at_once(door: Door) -> None:
    async def script(panel: Panel) -> None:
        await panel.online()
        request = await panel.request()
        await panel.say_message(ANSWER.to_message(), request.tag, damaged=True)
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client() as client:
        with pytest.raises(RemoteProtocolError) as caught:
            await ask(client)
        assert caught.value.fault is Fault.BAD_CRC
        await client.turn_unit_on(1)


@STREAMS
async def test_a_damaged_reply_on_a_stream_leaves_a_write_of_unknown_outcome_at_once(door: Door) -> None:
    async def script(panel: Panel) -> None:
        await panel.online()
        request = await panel.request()
        await panel.say_message(Ack().to_message(), request.tag, damaged=True)
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client() as client:
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.turn_unit_on(1)
        assert caught.value.cause is OutcomeCause.DAMAGED_REPLY
        await client.turn_unit_on(1)


# Nothing is asked again on a stream.
@pytest.mark.parametrize("carrier", ["udp"], indirect=True)
async def test_a_damaged_reply_in_a_datagram_is_a_lost_one(door: Door) -> None:
    sequences: list[int | None] = []

    async def script(panel: Panel) -> None:
        await panel.online()
        request = await panel.request()
        await panel.say_message(ANSWER.to_message(), request.tag, damaged=True)
        while not panel.repeats:
            await panel.step()
        sequences.extend([request.tag, panel.repeats[0]])
        await panel.reply(request, ANSWER.to_message())
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client(settings=REPEATING) as client:
        assert await ask(client) == ANSWER
        await client.turn_unit_on(1)
    assert sequences[0] == sequences[1]


async def test_a_reply_of_the_wrong_kind_is_the_callers_error_alone(door: Door) -> None:
    async def script(panel: Panel) -> None:
        await panel.online()
        request = await panel.request()
        await panel.reply(request, ANSWER.to_message())
        if door.loses_packets:
            await panel.say_message(STATUS.to_message(), request.tag)
        await panel.reply(await panel.request(), Message(OmniLink2MessageType.SYSTEM_FORMATS, b"\1"))
        await answer(panel)
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client() as client:
        if door.loses_packets:
            # It may be an old copy, or forged: the right one may still come.
            assert await client.get_system_status() == STATUS
        else:
            with pytest.raises(RemoteProtocolError) as caught:
                await client.get_system_status()
            assert caught.value.fault is Fault.UNEXPECTED_REPLY
        with pytest.raises(RemoteProtocolError, match="SystemFormats"):
            await ask(client)
        assert await ask(client) == ANSWER
        await client.turn_unit_on(1)


@STREAMS
async def test_a_command_that_is_answered_by_the_wrong_message_may_have_been_carried_out(door: Door) -> None:
    async def script(panel: Panel) -> None:
        await panel.online()
        for wrong in (STATUS.to_message(), Message(OmniLink2MessageType.END_OF_DATA), Message(200, b"?")):
            await panel.reply(await panel.request(), wrong)
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client() as client:
        for _ in range(3):
            with pytest.raises(OutcomeUnknownError) as caught:
                await client.turn_unit_on(1)
            assert caught.value.cause is OutcomeCause.WRONG_REPLY
        await client.turn_unit_on(1)


@pytest.mark.parametrize("carrier", ["udp"], indirect=True)
async def test_a_command_whose_wrong_answer_is_a_datagram_waits_for_the_right_one(door: Door) -> None:
    async def script(panel: Panel) -> None:
        await panel.online()
        request = await panel.request()
        await panel.say_message(STATUS.to_message(), request.tag)
        await panel.reply(request, Nak().to_message())
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client() as client:
        with pytest.raises(CommandFailedError):
            await client.turn_unit_on(1)
        await client.turn_unit_on(1)

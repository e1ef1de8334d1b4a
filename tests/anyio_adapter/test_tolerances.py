"""The wrong CRCs of firmware 2.16: accepted when the client's settings ask for it, and only then."""

import pytest

from omnilink_sansio import (
    ClientSettings,
    Fault,
    Message,
    OutcomeCause,
    OutcomeUnknownError,
    Packet,
    PacketType,
    RemoteProtocolError,
    Tolerance,
    derive_session_key,
    encrypt_message_payload,
)
from omnilink_sansio.objects import ObjectStatus, ObjectType, UnitStatus
from tests.anyio_adapter.homes import KEY
from tests.anyio_adapter.scripts import SESSION_ID, ScriptedPanel, play

pytestmark = pytest.mark.anyio

# System information of an Omni Pro II with 2.16b (tests/vectors/derived.json) and an acknowledgement as real
# panels send it (real-panels.md), each without its CRC; then the CRC that it should have.
INFORMATION = bytes.fromhex("211e171002100235353531323334000000000000000000000000000000000000"), b"\x97\x6c"
ACKNOWLEDGEMENT = bytes.fromhex("210101"), b"\xc0\x50"

SWAPPED, ZERO = Tolerance.SWAPPED_CRC, Tolerance.ZERO_CRC

ACCEPTED = pytest.mark.parametrize(
    ("form", "tolerances"),
    [(SWAPPED, {SWAPPED}), (ZERO, {ZERO}), (SWAPPED, {SWAPPED, ZERO}), (ZERO, {SWAPPED, ZERO})],
)
REFUSED = pytest.mark.parametrize(
    ("form", "tolerances"),
    [(SWAPPED, set()), (ZERO, set()), (SWAPPED, {ZERO, Tolerance.RAW_WORDS}), (ZERO, {SWAPPED})],
)


def with_crc(message: tuple[bytes, bytes], form: Tolerance | None) -> bytes:
    body, crc = message
    wrong = {None: crc, SWAPPED: crc[::-1], ZERO: b"\0\0"}
    return body + wrong[form]


def with_wrong_crc(message: Message, form: Tolerance) -> bytes:
    encoded = message.encode()
    return with_crc((encoded[:-2], encoded[-2:]), form)


async def send(panel: ScriptedPanel, plaintext: bytes, sequence: int) -> None:
    encrypted = encrypt_message_payload(plaintext, sequence, derive_session_key(KEY, SESSION_ID))
    await panel.stream.send(Packet(sequence, PacketType.OMNI_LINK_II_MESSAGE, encrypted).encode())


async def answer_once(panel: ScriptedPanel, message: tuple[bytes, bytes], form: Tolerance) -> None:
    """Answer one request with a wrong CRC, and the next with the right one."""
    await panel.online()
    await send(panel, with_crc(message, form), (await panel.request()).tag)
    await send(panel, with_crc(ACKNOWLEDGEMENT, None), (await panel.request()).tag)


def settings(tolerances: set[Tolerance]) -> ClientSettings:
    return ClientSettings(tolerances=frozenset(tolerances))


@ACCEPTED
async def test_a_tolerated_crc_is_as_good_as_a_right_one(form: Tolerance, tolerances: set[Tolerance]) -> None:
    async with (
        play(lambda panel: answer_once(panel, INFORMATION, form)) as stage,
        stage.client(settings=settings(tolerances)) as client,
    ):
        information = await client.get_system_information()
        assert (information.model_name, information.firmware_version) == ("Omni Pro II", "2.16b")
        await client.turn_unit_on(1)


@REFUSED
async def test_a_reading_fails_at_once_for_a_crc_that_is_not_tolerated(
    form: Tolerance, tolerances: set[Tolerance]
) -> None:
    async with (
        play(lambda panel: answer_once(panel, INFORMATION, form)) as stage,
        stage.client(settings=settings(tolerances)) as client,
    ):
        with pytest.raises(RemoteProtocolError) as caught:
            await client.get_system_information()
        assert caught.value.fault is Fault.BAD_CRC
        await client.turn_unit_on(1)


@pytest.mark.parametrize("form", [SWAPPED, ZERO])
async def test_the_default_settings_tolerate_nothing(form: Tolerance) -> None:
    async with (
        play(lambda panel: answer_once(panel, INFORMATION, form)) as stage,
        stage.client() as client,
    ):
        with pytest.raises(RemoteProtocolError):
            await client.get_system_information()
        await client.turn_unit_on(1)


@ACCEPTED
async def test_a_commands_acknowledgement_may_have_a_tolerated_crc(
    form: Tolerance, tolerances: set[Tolerance]
) -> None:
    async with (
        play(lambda panel: answer_once(panel, ACKNOWLEDGEMENT, form)) as stage,
        stage.client(settings=settings(tolerances)) as client,
    ):
        await client.turn_unit_on(1)
        await client.turn_unit_on(1)


@REFUSED
async def test_whether_a_command_was_carried_out_is_unknown_after_a_crc_that_is_not_tolerated(
    form: Tolerance, tolerances: set[Tolerance]
) -> None:
    async with (
        play(lambda panel: answer_once(panel, ACKNOWLEDGEMENT, form)) as stage,
        stage.client(settings=settings(tolerances)) as client,
    ):
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.turn_unit_on(1)
        assert caught.value.cause is OutcomeCause.DAMAGED_REPLY
        await client.turn_unit_on(1)


async def told_of(form: Tolerance, tolerances: set[Tolerance]) -> list[object]:
    """Return what is told when the first of two units' states comes with a wrong CRC."""
    first, second = UnitStatus(1, 1, 0), UnitStatus(2, 1, 0)
    told: list[object] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.enable_notifications()
        request = await panel.request()
        await send(panel, with_wrong_crc(ObjectStatus(ObjectType.UNIT, (first,)).to_message(), form), 0)
        await panel.notify(ObjectStatus(ObjectType.UNIT, (second,)).to_message())
        await send(panel, with_crc(ACKNOWLEDGEMENT, None), request.tag)

    async with play(script) as stage, stage.client(settings=settings(tolerances)) as client:
        unsubscribe = await client.subscribe(told.append)
        await client.turn_unit_on(1)
        unsubscribe()
    return told


@ACCEPTED
async def test_a_notification_with_a_tolerated_crc_is_told(
    form: Tolerance, tolerances: set[Tolerance]
) -> None:
    assert await told_of(form, tolerances) == [UnitStatus(1, 1, 0), UnitStatus(2, 1, 0)]


@REFUSED
async def test_a_notification_whose_crc_is_not_tolerated_is_dropped_alone(
    form: Tolerance, tolerances: set[Tolerance]
) -> None:
    assert await told_of(form, tolerances) == [UnitStatus(2, 1, 0)]

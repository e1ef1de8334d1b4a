"""Names and voice names, read without the other properties: all of them, or an error."""

from collections.abc import Callable
from typing import Any

import pytest

from omnilink_sansio import (
    CommandFailedError,
    LocalProtocolError,
    Message,
    MessageRecord,
    OmniConnectionError,
    OmniLinkError,
    RemoteProtocolError,
    Request,
    RequestTimeoutError,
)
from omnilink_sansio.objects import (
    NameData,
    NameType,
    ObjectType,
    Phrase,
    ReadName,
    ReadVoiceName,
    VoiceNameData,
)
from omnilink_sansio.operations import Operation, read_names, read_voice_names
from omnilink_sansio.simulator import demo_house
from omnilink_sansio.system import EndOfData, Nak
from tests.operations.scripted import closes_at_each_step, errors_at_each_step, follow, run, run_on_house
from tests.rows import each_row
from tests.simulator.driver import Driver

BOTH = each_row(
    ("operation", "ask", "data"),
    [(read_names, ReadName, NameData), (read_voice_names, ReadVoiceName, VoiceNameData)],
    ids=["names", "voice names"],
)

Reading = Callable[[int], Operation[dict[int, Any]]]


def field(data: type[MessageRecord], index: int, kind: NameType = NameType.UNIT) -> Message:
    """A name of a unit, 13 bytes wide, or a voice name of phrases 5 and 300, its seventh number not used."""
    if data is NameData:
        return NameData(kind, index, b"HALL\0" + bytes(8)).to_message()
    return VoiceNameData(kind, index, tuple(Phrase(n) for n in (5, 300, 0, 9, 9, 9, 9))).to_message()


@BOTH
def test_the_first_name_after_a_number_is_asked_for_until_there_are_no_more(
    operation: Reading, ask: type[Request[object]], data: type[MessageRecord]
) -> None:
    expected = "HALL" if data is NameData else (5, 300)
    asked: list[Request[object]] = []
    replies = iter([field(data, 3), field(data, 300), EndOfData().to_message()])
    names = run(operation(ObjectType.UNIT), lambda _: next(replies), asked)
    assert names == {3: expected, 300: expected}
    assert {type(request) for request in asked} == {ask}
    # 20P00 §READ NAME: the kind of name, the number, and 1.
    assert [request.encode() for request in asked] == [
        bytes.fromhex("02 0000 01"),
        bytes.fromhex("02 0003 01"),
        bytes.fromhex("02 012c 01"),
    ]


@BOTH
def test_a_name_of_another_kind_is_refused(
    operation: Reading, ask: type[Request[object]], data: type[MessageRecord]
) -> None:
    del ask
    with pytest.raises(RemoteProtocolError, match="another kind"):
        run(operation(ObjectType.UNIT), lambda _: field(data, 3, NameType.ZONE))


@BOTH
def test_names_that_do_not_lead_on_are_refused(
    operation: Reading, ask: type[Request[object]], data: type[MessageRecord]
) -> None:
    del ask
    with pytest.raises(RemoteProtocolError, match="what follows 3, answered with 3"):
        run(operation(ObjectType.UNIT), lambda _: field(data, 3))


@BOTH
def test_a_refusal_is_an_error_and_one_in_the_middle_another(
    operation: Reading, ask: type[Request[object]], data: type[MessageRecord]
) -> None:
    del ask
    with pytest.raises(CommandFailedError):
        run(operation(ObjectType.UNIT), lambda _: Nak().to_message())
    replies = iter([field(data, 3), Nak().to_message()])
    with pytest.raises(RemoteProtocolError, match="refusal"):
        run(operation(ObjectType.UNIT), lambda _: next(replies))


@BOTH
@pytest.mark.parametrize("error", [RequestTimeoutError("ReadName", 5.0, 1), OmniConnectionError("lost")])
def test_an_error_at_any_step_comes_out_and_no_part_of_the_names(
    operation: Reading, ask: type[Request[object]], data: type[MessageRecord], error: OmniLinkError
) -> None:
    del ask

    def panel(request: Request[object]) -> Message:
        assert isinstance(request, ReadName | ReadVoiceName)
        return field(data, request.index + 1) if request.index < 2 else EndOfData().to_message()

    assert errors_at_each_step(lambda: operation(ObjectType.UNIT), panel, error) == [error] * 3
    assert closes_at_each_step(lambda: operation(ObjectType.UNIT), panel) == 3


@BOTH
@each_row("kind", [0, 8, 9, 10, 11, 12, 15, 16, 255, -1, NameType.UNIT])
def test_kinds_without_names_of_their_own_are_the_callers_mistake(
    operation: Reading, ask: type[Request[object]], data: type[MessageRecord], kind: int
) -> None:
    # 8 is an auxiliary sensor, 9 an audio source: what names of types 8 and 9 belong to is something else.
    del ask, data
    with pytest.raises(LocalProtocolError):
        follow(operation(kind), [])


@BOTH
@each_row(
    ("kind", "name_type"),
    [
        (ObjectType.ZONE, 1),
        (ObjectType.UNIT, 2),
        (ObjectType.BUTTON, 3),
        (ObjectType.CODE, 4),
        (ObjectType.AREA, 5),
        (ObjectType.THERMOSTAT, 6),
        (ObjectType.MESSAGE, 7),
        (ObjectType.USER_SETTING, 8),
        (ObjectType.ACCESS_CONTROL_READER, 9),
        (14, 9),
    ],
)
def test_each_kind_of_object_is_asked_for_by_its_kind_of_name(
    operation: Reading,
    ask: Callable[[int, int], Request[object]],
    data: type[MessageRecord],
    kind: int,
    name_type: int,
) -> None:
    del data
    assert follow(operation(kind), [(ask(name_type, 0), EndOfData())]) == {}


def test_the_names_of_an_emulated_panel_come_by_number() -> None:
    house = demo_house()
    house.voice_names = {(NameType.ZONE, 2): (1, 65535), (NameType.ZONE, 7): (8,), (NameType.UNIT, 1): (3,)}
    driver = Driver(house)
    driver.connect()
    assert run_on_house(read_names(ObjectType.AREA), driver) == {1: "HOUSE", 2: "GARAGE"}
    assert run_on_house(read_names(ObjectType.USER_SETTING), driver) == {1: "WAKE UP", 2: "PORCH LEVEL"}
    assert run_on_house(read_voice_names(ObjectType.ZONE), driver) == {2: (1, 65535), 7: (8,)}
    assert run_on_house(read_voice_names(ObjectType.AREA), driver) == {}

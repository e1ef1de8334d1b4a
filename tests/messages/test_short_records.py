"""Records that end within their last text: taken as they are with the tolerance, refused as ever without."""

import pickle
from collections.abc import Iterator
from copy import copy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import (
    OMNI_LINK_2,
    Fault,
    LocalProtocolError,
    Message,
    MessageRecord,
    RemoteProtocolError,
    Tolerance,
    parse_message,
)
from omnilink_sansio.messages.record import CutText, Record
from omnilink_sansio.objects import (
    OBJECT_TYPE_TO_PROPERTIES,
    AccessControlReaderProperties,
    AuxSensorProperties,
    MessageProperties,
    ObjectProperties,
    ThermostatProperties,
    UnitProperties,
    UserSettingProperties,
    ZoneProperties,
)
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.system import SystemInformation

SHORT = frozenset({Tolerance.SHORT_RECORDS})
OTHERS = frozenset(Tolerance) - SHORT

LONG = {
    AccessControlReaderProperties,
    AuxSensorProperties,
    MessageProperties,
    UserSettingProperties,
    ZoneProperties,
}
WIDTHS: dict[type[Record], int] = {
    SystemInformation: 25,
    **{kind: 16 if kind in LONG else 13 for kind in OBJECT_TYPE_TO_PROPERTIES.values()},
}
"""Records that end with text, and how many bytes it has."""

FILLERS = [bytes(40), b"\xff" * 40, bytes(range(1, 41)), b"\0\3KITCHEN WINDOW\0".ljust(40, b"\0")]

KINDS = sorted(WIDTHS, key=lambda kind: kind.__name__)


def is_text_last(kind: type[Record]) -> bool:
    layout = getattr(kind, "_layout", None)
    return layout is not None and layout.shortest < layout.size


def records(kind: type[Record] = Record) -> Iterator[type[Record]]:
    for below in kind.__subclasses__():
        yield below
        yield from records(below)


def message(kind: type[Record], payload: bytes) -> Message:
    is_information = kind is SystemInformation
    number = (
        OmniLink2MessageType.SYSTEM_INFORMATION if is_information else OmniLink2MessageType.OBJECT_PROPERTIES
    )
    return Message(number, payload)


def whole(kind: type[Record], filler: bytes) -> bytes:
    """A payload of the printed length."""
    return (kind.PREFIX + filler)[: kind._layout.size]


def test_every_record_that_ends_with_text_is_read_so() -> None:
    assert {kind for kind in records() if is_text_last(kind)} == set(WIDTHS)
    assert set(OMNI_LINK_2.short_parsers) == {
        OmniLink2MessageType.SYSTEM_INFORMATION,
        OmniLink2MessageType.OBJECT_PROPERTIES,
    }
    for kind, width in WIDTHS.items():
        assert kind._layout.size - kind._layout.shortest == width, kind


@pytest.mark.parametrize("filler", FILLERS, ids=["zeros", "ones", "numbers", "name"])
def test_every_shortening_is_taken_and_encoded_again(filler: bytes) -> None:
    for kind in KINDS:
        payload = whole(kind, filler)
        for missing in range(1, WIDTHS[kind] + 1):
            short = payload[:-missing]
            found = parse_message(message(kind, short), SHORT)
            assert type(found) is kind
            assert found.encode() == short, (kind, missing)
            # What is there is read as ever; no tail, and nothing that older firmware does not send.
            padded = kind.parse(payload)
            text = "raw_phone" if kind is SystemInformation else "raw_name"
            cut = getattr(padded, text)[: WIDTHS[kind] - missing]
            assert found == replace(padded, **{text: cut}), (kind, missing)  # type: ignore[type-var]
            assert parse_message(message(kind, short), SHORT | OTHERS) == found
            for tolerances in (frozenset(), OTHERS):
                with pytest.raises(RemoteProtocolError) as refused:
                    parse_message(message(kind, short), tolerances)
                assert refused.value.fault is Fault.BAD_PAYLOAD
                assert refused.value.offset == len(short)
            with pytest.raises(RemoteProtocolError):
                kind.parse(short)


@pytest.mark.parametrize("filler", FILLERS, ids=["zeros", "ones", "numbers", "name"])
def test_what_ends_before_that_text_begins_is_refused_all_the_same(filler: bytes) -> None:
    for kind in KINDS:
        payload = whole(kind, filler)
        # An empty payload is of no kind of object.
        for length in range(len(kind.PREFIX), len(payload) - WIDTHS[kind]):
            with pytest.raises(RemoteProtocolError) as tolerant:
                parse_message(message(kind, payload[:length]), SHORT)
            with pytest.raises(RemoteProtocolError) as strict:
                parse_message(message(kind, payload[:length]))
            assert str(tolerant.value) == str(strict.value), (kind, length)


@given(filler=st.binary(min_size=40, max_size=40), more=st.binary(max_size=8))
def test_what_is_long_enough_is_read_as_ever(filler: bytes, more: bytes) -> None:
    for kind in KINDS:
        payload = whole(kind, filler) + more
        found = parse_message(message(kind, payload), SHORT)
        assert found == parse_message(message(kind, payload)) == kind.parse(payload)
        assert found.encode() == payload


@given(data=st.binary(max_size=40))
def test_other_messages_are_read_as_ever(data: bytes) -> None:
    def read(number: int, tolerances: frozenset[Tolerance]) -> object:
        try:
            return parse_message(Message(number, data), tolerances)
        except RemoteProtocolError as error:
            return str(error)

    for number in set(OmniLink2MessageType) - set(OMNI_LINK_2.short_parsers):
        assert read(number, SHORT) == read(number, frozenset()), number


def test_the_reported_lengths() -> None:
    # Omni Pro II 2.16b, 28 of 29 bytes; a zone, 23 of 24.
    information = bytes.fromhex("10 02 10 02 35353531323334") + bytes(17)
    found = parse_message(Message(OmniLink2MessageType.SYSTEM_INFORMATION, information), SHORT)
    assert isinstance(found, SystemInformation)
    assert (len(information), found.model_name, found.phone) == (28, "Omni Pro II", "5551234")
    named = bytes.fromhex("01 0003 00 A8 02 01 00") + b"KITCHEN WINDOW\0"
    zone = parse_message(Message(OmniLink2MessageType.OBJECT_PROPERTIES, named), SHORT)
    assert isinstance(zone, ZoneProperties)
    assert (len(named), zone.index, zone.name) == (23, 3, "KITCHEN WINDOW")


@pytest.mark.parametrize("kind", [UnitProperties, MessageProperties, ThermostatProperties])
def test_what_comes_after_a_text_that_is_cut_is_not_there(kind: type[ObjectProperties]) -> None:
    payload = whole(kind, b"\0\1" + b"N" * 40)[:-3]
    found = kind.parse_short(payload)
    assert {getattr(found, name) for name in kind._layout._optional} == {None}
    assert found.encode() == payload


# Strict out.


def test_what_the_caller_cuts_off_is_refused() -> None:
    zone = ZoneProperties.parse(whole(ZoneProperties, bytes(40)))
    for name in (b"", b"DOOR", bytes(15), bytes(17)):
        with pytest.raises(LocalProtocolError, match="exactly 16 bytes"):
            replace(zone, raw_name=name).encode()
    cut = ZoneProperties.parse_short(whole(ZoneProperties, bytes(40))[:-1])
    with pytest.raises(LocalProtocolError, match="exactly 16 bytes"):
        replace(cut, tail=b"\0").encode()
    with pytest.raises(LocalProtocolError, match="exactly 16 bytes"):
        replace(cut, raw_name=CutText(bytes(17))).encode()
    unit = UnitProperties.parse_short(whole(UnitProperties, bytes(40))[:-1])
    with pytest.raises(LocalProtocolError, match="exactly 13 bytes"):
        replace(unit, areas=1).encode()


def test_a_copy_is_encoded_alike() -> None:
    cut = SystemInformation.parse_short(whole(SystemInformation, b"5" * 40)[:-4])
    for twin in (copy(cut), pickle.loads(pickle.dumps(cut)), replace(cut)):
        assert twin == cut
        assert twin.encode() == cut.encode() == b"5" * 25


def test_records_without_a_last_text_have_no_short_form() -> None:
    for kind in records():
        if hasattr(kind, "_layout") and not is_text_last(kind) and kind._layout.size:
            with pytest.raises(RemoteProtocolError):
                kind.parse_short(bytes(kind._layout.size - 1))


def test_a_message_is_its_payload() -> None:
    cut = SystemInformation.parse_short(bytes(28))
    assert isinstance(cut, MessageRecord)
    assert cut.to_message().data == bytes(28)

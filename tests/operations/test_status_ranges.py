"""Status of ranges: each number once, in pieces that real panels answer."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import (
    CommandFailedError,
    Fault,
    LocalProtocolError,
    Message,
    OmniConnectionError,
    RemoteProtocolError,
    Request,
    RequestTimeoutError,
)
from omnilink_sansio.objects import (
    ExtendedObjectStatus,
    ObjectStatus,
    ObjectStatusRecord,
    ObjectType,
    RequestExtendedObjectStatus,
    RequestObjectStatus,
)
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.operations import Operation, get_extended_status, get_object_status
from omnilink_sansio.operations.status import LONGEST_REPLY
from omnilink_sansio.simulator import demo_house
from omnilink_sansio.system import Ack, EndOfData, Nak, RequestSystemInformation, SystemInformation
from tests.operations.scripted import Answer, closes_at_each_step, errors_at_each_step, run, run_on_house
from tests.rows import each_row
from tests.simulator.driver import Driver

RangeOperation: TypeAlias = Callable[[int, int, int | None], Operation[list[ObjectStatusRecord]]]

TABLE = json.loads((Path(__file__).parents[1] / "tables" / "object_types.json").read_text(encoding="utf-8"))
SIZES = {row["value"]: (row["status_record"], row["extended_status_record"]) for row in TABLE}
WITH_STATUS = [kind for kind, (plain, _) in SIZES.items() if plain]
WITHOUT_STATUS = [kind for kind, (plain, _) in SIZES.items() if not plain] + [0, 16, 99, -1]


class Asked:
    """A panel that has every object, and remembers what it was asked."""

    def __init__(self, more: int = 0) -> None:
        self.ranges: list[tuple[int, int]] = []
        self.lengths: list[int] = []
        self._more = more

    def __call__(self, request: Request[object]) -> Message:
        assert isinstance(request, RequestObjectStatus | RequestExtendedObjectStatus)
        self.ranges.append((request.first, request.last))
        extended = isinstance(request, RequestExtendedObjectStatus)
        size: int = SIZES[request.object_type][extended] + self._more
        head = bytes((request.object_type, size)) if extended else bytes((request.object_type,))
        numbers = range(request.first, request.last + 1)
        data = head + b"".join(number.to_bytes(2, "big") + bytes(size - 2) for number in numbers)
        self.lengths.append(1 + len(data))
        opcode = (
            OmniLink2MessageType.EXTENDED_OBJECT_STATUS if extended else OmniLink2MessageType.OBJECT_STATUS
        )
        return Message(opcode, data)


BOTH_FORMS = pytest.mark.parametrize("operation", [get_object_status, get_extended_status])


@BOTH_FORMS
@given(kind=st.sampled_from(WITH_STATUS), first=st.integers(1, 600), count=st.integers(1, 300))
def test_each_number_is_asked_for_once_and_in_order(
    operation: RangeOperation, kind: int, first: int, count: int
) -> None:
    panel = Asked()
    records = run(operation(kind, first, first + count - 1), panel)
    assert [item.index for item in records] == list(range(first, first + count))
    covered = [number for start, end in panel.ranges for number in range(start, end + 1)]
    assert covered == list(range(first, first + count))
    assert max(panel.lengths) <= 203


@BOTH_FORMS
@each_row("kind", WITH_STATUS)
def test_pieces_are_as_long_as_203_bytes_allow_for_every_type(operation: RangeOperation, kind: int) -> None:
    extended = operation is get_extended_status
    size = SIZES[kind][extended]
    # The message's type and the object's type; the extended form also tells its record's length.
    head = 3 if extended else 2
    panel = Asked()
    run(operation(kind, 1, 400), panel)
    # The first piece of extended units leaves room for the longer records of newer firmware.
    full = [length for length in panel.lengths[:-1] if length == max(panel.lengths)]
    assert len(full) >= len(panel.lengths) - 2
    assert 203 - size < full[0] <= 203
    assert panel.lengths[0] == head + size * panel.ranges[0][1]


def test_units_are_asked_for_by_the_length_that_their_records_turn_out_to_have() -> None:
    # 28 records of 7 bytes fit into 203 with their head of 3, and 40 of 5.
    short, long = Asked(), Asked(more=2)
    run(get_extended_status(ObjectType.UNIT, 1, 100), short)
    assert short.ranges == [(1, 28), (29, 68), (69, 100)]
    run(get_extended_status(ObjectType.UNIT, 1, 100), long)
    assert long.ranges == [(1, 28), (29, 56), (57, 84), (85, 100)]
    assert max(long.lengths) <= 203


@BOTH_FORMS
@pytest.mark.parametrize("told", [1, 3, 49])
def test_what_a_short_answer_left_out_is_asked_for(operation: RangeOperation, told: int) -> None:
    panel = Asked()

    def short(request: Request[object]) -> Message:
        assert isinstance(request, RequestObjectStatus | RequestExtendedObjectStatus)
        return panel(replace(request, last=min(request.last, request.first + told - 1)))

    records = run(operation(ObjectType.ZONE, 1, 60), short)
    assert [item.index for item in records] == list(range(1, 61))


@BOTH_FORMS
@pytest.mark.parametrize("refusal", [Nak(), None])
def test_what_is_not_told_when_asked_for_by_itself_is_left_out(
    operation: RangeOperation, refusal: Nak | None
) -> None:
    panel = Asked()

    def small(request: Request[object]) -> Message:
        """A panel with 48 zones."""
        assert isinstance(request, RequestObjectStatus | RequestExtendedObjectStatus)
        if request.first > 48 and refusal is not None:
            return refusal.to_message()
        return panel(replace(request, last=min(request.last, 48)))

    records = run(operation(ObjectType.ZONE, 1, 50), small)
    assert [item.index for item in records] == list(range(1, 49))


@BOTH_FORMS
@each_row("numbers", [(), (2, 1), (1, 1), (1, 2, 2)])
def test_answers_that_are_empty_or_out_of_order_are_refused(
    operation: RangeOperation, numbers: tuple[int, ...]
) -> None:
    name = "get_extended_status" if operation is get_extended_status else "get_object_status"
    with pytest.raises(RemoteProtocolError) as caught:
        run(operation(ObjectType.ZONE, 1, 2), lambda _: _reply(ObjectType.ZONE, *numbers)[name])
    assert caught.value.fault is Fault.UNEXPECTED_REPLY


@pytest.mark.parametrize(
    ("kind", "most"),
    [(ObjectType.ZONE, 50), (ObjectType.AREA, 33), (ObjectType.THERMOSTAT, 14)],
)
def test_pieces_of_extended_status_are_as_long_as_real_panels_answer(kind: ObjectType, most: int) -> None:
    assert LONGEST_REPLY == 203
    panel = Asked()
    run(get_extended_status(kind, 1, 176), panel)
    assert panel.ranges[0] == (1, most)
    assert panel.ranges[1] == (most + 1, 2 * most)


@pytest.mark.parametrize(
    ("kind", "most"),
    [(ObjectType.ZONE, 50), (ObjectType.UNIT, 40), (ObjectType.AREA, 33), (ObjectType.THERMOSTAT, 22)],
)
def test_pieces_of_status_are_as_long_as_real_panels_answer(kind: ObjectType, most: int) -> None:
    panel = Asked()
    run(get_object_status(kind, 1, 176), panel)
    assert panel.ranges[0] == (1, most)
    assert panel.ranges[1] == (most + 1, 2 * most)


@BOTH_FORMS
def test_without_an_end_one_object_is_asked_for(operation: RangeOperation) -> None:
    panel = Asked()
    (item,) = run(operation(ObjectType.UNIT, 7, None), panel)
    assert item.index == 7
    assert panel.ranges == [(7, 7)]


def test_longer_extended_records_are_read_by_the_length_they_tell() -> None:
    records = run(get_extended_status(ObjectType.UNIT, 1, 20), Asked(more=2))
    assert [item.index for item in records] == list(range(1, 21))


@BOTH_FORMS
@each_row("kind", WITHOUT_STATUS)
def test_kinds_without_status_are_the_callers_mistake(operation: RangeOperation, kind: int) -> None:
    with pytest.raises(LocalProtocolError, match=f"{kind!r} has no status.*ZONE, UNIT"):
        next(operation(kind, 1, 1))


@BOTH_FORMS
@each_row(("first", "last"), [(0, 1), (-1, 1), (2, 1), (1, 65536), (65536, 65536), (0, None)])
def test_ranges_that_are_none_are_the_callers_mistake(
    operation: RangeOperation, first: int, last: int | None
) -> None:
    with pytest.raises(LocalProtocolError, match="range of objects"):
        next(operation(ObjectType.ZONE, first, last))


def _reply(kind: int, *numbers: int) -> dict[str, Message]:
    size: int = SIZES[kind][0]
    records = b"".join(number.to_bytes(2, "big") + bytes(size - 2) for number in numbers)
    return {
        "get_object_status": ObjectStatus.parse(bytes((kind,)) + records).to_message(),
        "get_extended_status": ExtendedObjectStatus.parse(bytes((kind, size)) + records).to_message(),
    }


@each_row("form", ["get_object_status", "get_extended_status"])
@each_row(
    ("reply", "text"),
    [
        (_reply(ObjectType.UNIT, 2, 3), "asked for object type 1, answered with 2"),
        (_reply(ObjectType.ZONE, 2, 3, 4), "asked for objects 2 to 3 in order, answered with 4 after 3"),
        (_reply(ObjectType.ZONE, 1, 2), "answered with 1 after 1"),
        (_reply(ObjectType.ZONE, 0), "answered with 0 after 1"),
    ],
)
def test_objects_that_were_not_asked_for_are_refused(form: str, reply: dict[str, Message], text: str) -> None:
    operation = {"get_object_status": get_object_status, "get_extended_status": get_extended_status}[form]
    with pytest.raises(RemoteProtocolError, match=text) as caught:
        run(operation(ObjectType.ZONE, 2, 3), lambda _: reply[form])
    assert caught.value.fault is Fault.UNEXPECTED_REPLY


@BOTH_FORMS
@each_row(
    "wrong",
    [Ack(), EndOfData(), Message(35), Message(59), Message(35, b"\x01\0\1\0"), Message(59, b"\x01\4\0\1\0")],
)
@each_row("pieces_before", [0, 1, 2])
def test_a_part_is_never_passed_off_as_the_whole(
    operation: RangeOperation, wrong: Ack | EndOfData | Message, pieces_before: int
) -> None:
    panel = Asked()

    def failing(request: Request[object]) -> Message:
        if len(panel.ranges) < pieces_before:
            return panel(request)
        return wrong if isinstance(wrong, Message) else wrong.to_message()

    with pytest.raises(RemoteProtocolError):
        run(operation(ObjectType.ZONE, 1, 120), failing)


def test_a_refusal_of_the_plain_form_is_told_at_every_piece() -> None:
    refusal = CommandFailedError("no")
    outcomes = errors_at_each_step(lambda: get_object_status(ObjectType.ZONE, 1, 120), Asked(), refusal)
    assert outcomes == [refusal] * 3


@BOTH_FORMS
def test_a_lost_connection_at_any_piece_comes_out(operation: RangeOperation) -> None:
    error = OmniConnectionError("lost")
    assert errors_at_each_step(lambda: operation(ObjectType.ZONE, 1, 120), Asked(), error) == [error] * 3


def test_a_time_out_of_the_plain_form_comes_out_at_every_piece() -> None:
    error = RequestTimeoutError("RequestObjectStatus", 5.0, 1)
    outcomes = errors_at_each_step(lambda: get_object_status(ObjectType.ZONE, 1, 120), Asked(), error)
    assert outcomes == [error] * 3


@BOTH_FORMS
def test_a_range_can_be_closed_between_its_pieces(operation: RangeOperation) -> None:
    assert closes_at_each_step(lambda: operation(ObjectType.ZONE, 1, 120), Asked()) == 3


# Falling back to the plain form.


class Old:
    """A panel that knows the extended form up to some piece only, and tells its firmware."""

    def __init__(self, failure: Answer, pieces_before: int, firmware: tuple[int, int] = (2, 16)) -> None:
        self.all = Asked()
        self.asked_information = 0
        self._failure = failure
        self._before = pieces_before
        self._firmware = firmware

    def __call__(self, request: Request[object]) -> Answer:
        if isinstance(request, RequestSystemInformation):
            self.asked_information += 1
            major, minor = self._firmware
            return SystemInformation(16, major, minor, 0, bytes(25)).to_message()
        extended = isinstance(request, RequestExtendedObjectStatus)
        if extended and len(self.all.ranges) >= self._before:
            return self._failure
        return self.all(request)


TIMED_OUT = RequestTimeoutError("RequestExtendedObjectStatus", 5.0, 1)


@each_row("failure", [Nak().to_message(), CommandFailedError("no")], ids=["nak", "error"])
@each_row("pieces_before", [0, 1, 2])
@each_row("firmware", [(2, 16), (4, 0)])
def test_a_refusal_falls_back_to_the_plain_form_for_all_that_is_left(
    failure: Answer, pieces_before: int, firmware: tuple[int, int]
) -> None:
    panel = Old(failure, pieces_before, firmware)
    asked: list[Request[object]] = []
    records = run(get_extended_status(ObjectType.THERMOSTAT, 1, 40), panel, asked)
    assert [item.index for item in records] == list(range(1, 41))
    # 14 records of 14 bytes a piece, 22 of 9 bytes.
    extended = [(1, 14), (15, 28), (29, 40)][:pieces_before]
    start = 14 * pieces_before + 1
    assert panel.all.ranges[:pieces_before] == extended
    assert panel.all.ranges[pieces_before:] == [
        (first, min(first + 21, 40)) for first in range(start, 41, 22)
    ]
    # Asked in vain once: what was refused is not asked for again in that form.
    assert sum(isinstance(item, RequestExtendedObjectStatus) for item in asked) == pieces_before + 1
    assert panel.asked_information == 0


@each_row("pieces_before", [0, 1, 2])
@each_row("firmware", [(1, 0), (2, 16), (2, 255)])
def test_a_time_out_below_firmware_3_falls_back_to_the_plain_form(
    pieces_before: int, firmware: tuple[int, int]
) -> None:
    panel = Old(TIMED_OUT, pieces_before, firmware)
    records = run(get_extended_status(ObjectType.THERMOSTAT, 1, 40), panel)
    assert [item.index for item in records] == list(range(1, 41))
    assert panel.asked_information == 1


@each_row("pieces_before", [0, 1, 2])
@each_row("firmware", [(3, 0), (3, 2), (4, 0)])
def test_a_time_out_from_firmware_3_on_comes_out(pieces_before: int, firmware: tuple[int, int]) -> None:
    panel = Old(TIMED_OUT, pieces_before, firmware)
    with pytest.raises(RequestTimeoutError) as caught:
        run(get_extended_status(ObjectType.THERMOSTAT, 1, 40), panel)
    assert caught.value is TIMED_OUT


@pytest.mark.parametrize("failure", [Nak().to_message(), TIMED_OUT], ids=["nak", "time-out"])
def test_a_panel_that_refuses_both_forms_has_refused(failure: Answer) -> None:
    old = Old(failure, 0)

    def panel(request: Request[object]) -> Answer:
        return Nak().to_message() if isinstance(request, RequestObjectStatus) else old(request)

    with pytest.raises(CommandFailedError):
        run(get_extended_status(ObjectType.ZONE, 1, 4), panel)


@pytest.mark.parametrize("firmware", [(2, 16, 2), (3, 0, 0), (4, 0, 2)])
def test_an_emulated_panel_of_any_firmware_tells_its_thermostats(firmware: tuple[int, int, int]) -> None:
    house = demo_house()
    house.firmware = firmware
    if firmware < (3, 0):
        house.user_settings, house.readers = {}, {}
    driver = Driver(house)
    driver.connect()
    records = run_on_house(get_extended_status(ObjectType.THERMOSTAT, 1, 64), driver)
    assert [item.index for item in records] == list(range(1, 65))
    # A plain record has 9 bytes, an extended one 14.
    assert {len(item.encode()) for item in records} == {14 if firmware >= (3, 0) else 9}
    assert run_on_house(get_object_status(ObjectType.UNIT, 1, 511), driver)[-1].index == 511

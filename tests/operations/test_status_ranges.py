"""Status of ranges: each number once, in pieces that real panels answer."""

from collections.abc import Callable
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio.enums import Fault
from omnilink_sansio.errors import (
    CommandFailedError,
    LocalProtocolError,
    OmniLinkError,
    RemoteProtocolError,
    RequestTimeoutError,
)
from omnilink_sansio.messages import (
    OBJECT_TYPES,
    Ack,
    EndOfData,
    ExtendedObjectStatus,
    Nak,
    ObjectStatus,
    ObjectType,
    OmniLink2MessageType,
    Request,
    RequestExtendedObjectStatus,
    RequestObjectStatus,
    StatusRecord,
)
from omnilink_sansio.operations import Operation, extended_object_status, object_status
from omnilink_sansio.operations.status import LONGEST_REPLY, pieces
from omnilink_sansio.wire import Message
from tests.operations.scripted import run

RangeOperation: TypeAlias = Callable[[int, int, int | None], Operation[list[StatusRecord]]]

WITH_STATUS = [kind for kind, forms in OBJECT_TYPES.items() if forms.status_record]
WITHOUT_STATUS = [0, ObjectType.BUTTON, ObjectType.CODE, ObjectType.AUDIO_SOURCE, ObjectType.CONSOLE, 16, 99]


class Asked:
    """A panel that has every object, and remembers what it was asked."""

    def __init__(self, more: int = 0) -> None:
        self.ranges: list[tuple[int, int]] = []
        self.lengths: list[int] = []
        self._more = more

    def __call__(self, request: Request[object]) -> Message:
        assert isinstance(request, RequestObjectStatus | RequestExtendedObjectStatus)
        self.ranges.append((request.first, request.last))
        forms = OBJECT_TYPES[request.object_type]
        extended = isinstance(request, RequestExtendedObjectStatus)
        size = forms.extended_record if extended else forms.status_record
        assert size is not None
        size += self._more
        head = bytes((request.object_type, size)) if extended else bytes((request.object_type,))
        numbers = range(request.first, request.last + 1)
        data = head + b"".join(number.to_bytes(2, "big") + bytes(size - 2) for number in numbers)
        self.lengths.append(1 + len(data))
        opcode = (
            OmniLink2MessageType.EXTENDED_OBJECT_STATUS if extended else OmniLink2MessageType.OBJECT_STATUS
        )
        return Message(opcode, data)


BOTH_FORMS = pytest.mark.parametrize("operation", [object_status, extended_object_status])


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


@given(first=st.integers(1, 0xFFFF), count=st.integers(1, 500), most=st.integers(1, 100))
def test_pieces_cover_a_range_and_none_is_longer_than_allowed(first: int, count: int, most: int) -> None:
    last = first + count - 1
    cut = list(pieces(first, last, most))
    assert [number for start, end in cut for number in range(start, end + 1)] == list(range(first, last + 1))
    assert all(1 <= end - start + 1 <= most for start, end in cut)
    assert len(cut) == -(-count // most)


@pytest.mark.parametrize(
    ("kind", "most"),
    [(ObjectType.ZONE, 50), (ObjectType.UNIT, 40), (ObjectType.AREA, 33), (ObjectType.THERMOSTAT, 14)],
)
def test_pieces_of_extended_status_are_as_long_as_real_panels_answer(kind: ObjectType, most: int) -> None:
    assert LONGEST_REPLY == 203
    panel = Asked()
    run(extended_object_status(kind, 1, 176), panel)
    assert panel.ranges[0] == (1, most)
    assert panel.ranges[1] == (most + 1, 2 * most)


@pytest.mark.parametrize(
    ("kind", "most"),
    [(ObjectType.ZONE, 50), (ObjectType.UNIT, 40), (ObjectType.AREA, 33), (ObjectType.THERMOSTAT, 22)],
)
def test_pieces_of_status_are_as_long_as_real_panels_answer(kind: ObjectType, most: int) -> None:
    panel = Asked()
    run(object_status(kind, 1, 176), panel)
    assert panel.ranges[0] == (1, most)
    assert panel.ranges[1] == (most + 1, 2 * most)


@BOTH_FORMS
def test_without_an_end_one_object_is_asked_for(operation: RangeOperation) -> None:
    panel = Asked()
    (item,) = run(operation(ObjectType.UNIT, 7, None), panel)
    assert item.index == 7
    assert panel.ranges == [(7, 7)]


def test_longer_extended_records_are_read_by_the_length_they_tell() -> None:
    records = run(extended_object_status(ObjectType.UNIT, 1, 20), Asked(more=2))
    assert [item.index for item in records] == list(range(1, 21))


@BOTH_FORMS
@pytest.mark.parametrize("kind", WITHOUT_STATUS)
def test_kinds_without_status_are_the_callers_mistake(operation: RangeOperation, kind: int) -> None:
    with pytest.raises(LocalProtocolError, match=f"{int(kind)} has no status.*ZONE, UNIT"):
        next(operation(kind, 1, 1))


@BOTH_FORMS
@pytest.mark.parametrize(("first", "last"), [(0, 1), (-1, 1), (2, 1), (1, 65536), (65536, 65536), (0, None)])
def test_ranges_that_are_none_are_the_callers_mistake(
    operation: RangeOperation, first: int, last: int | None
) -> None:
    with pytest.raises(LocalProtocolError, match="range of objects"):
        next(operation(ObjectType.ZONE, first, last))


def _reply(kind: int, *numbers: int) -> dict[str, Message]:
    size = OBJECT_TYPES[kind].status_record
    assert size is not None
    records = b"".join(number.to_bytes(2, "big") + bytes(size - 2) for number in numbers)
    return {
        "object_status": ObjectStatus.parse(bytes((kind,)) + records).to_message(),
        "extended_object_status": ExtendedObjectStatus.parse(bytes((kind, size)) + records).to_message(),
    }


@pytest.mark.parametrize("form", ["object_status", "extended_object_status"])
@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (_reply(ObjectType.UNIT, 2, 3), "asked for object type 1, answered for 2"),
        (_reply(ObjectType.ZONE, 2, 3, 4), "asked for objects 2 to 3, answered for 4 too"),
        (_reply(ObjectType.ZONE, 1, 2), "answered for 1 too"),
        (_reply(ObjectType.ZONE, 0), "answered for 0 too"),
    ],
)
def test_objects_that_were_not_asked_for_are_refused(form: str, reply: dict[str, Message], text: str) -> None:
    operation = {"object_status": object_status, "extended_object_status": extended_object_status}[form]
    with pytest.raises(RemoteProtocolError, match=text) as caught:
        run(operation(ObjectType.ZONE, 2, 3), lambda _: reply[form])
    assert caught.value.fault is Fault.UNEXPECTED_REPLY


@BOTH_FORMS
@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (Nak().to_message(), CommandFailedError),
        (Ack().to_message(), RemoteProtocolError),
        (EndOfData().to_message(), RemoteProtocolError),
        (Message(35), RemoteProtocolError),
    ],
)
def test_a_part_is_never_passed_off_as_the_whole(
    operation: RangeOperation, wrong: Message, error: type[OmniLinkError]
) -> None:
    panel = Asked()
    generator = operation(ObjectType.ZONE, 1, 120)
    request = next(generator)
    request = generator.send(panel(request))
    with pytest.raises(error):
        generator.send(wrong)


@BOTH_FORMS
def test_errors_thrown_in_come_out_again(operation: RangeOperation) -> None:
    error = RequestTimeoutError("RequestObjectStatus", 5.0, 1)
    generator = operation(ObjectType.ZONE, 1, 120)
    generator.send(Asked()(next(generator)))
    with pytest.raises(RequestTimeoutError) as caught:
        generator.throw(error)
    assert caught.value is error


@BOTH_FORMS
def test_a_range_can_be_closed_between_its_pieces(operation: RangeOperation) -> None:
    generator = operation(ObjectType.ZONE, 1, 120)
    generator.send(Asked()(next(generator)))
    generator.close()
    with pytest.raises(StopIteration):
        next(generator)

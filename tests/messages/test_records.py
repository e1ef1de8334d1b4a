"""Every record class: parsing and encoding are exact inverses, and what does not fit is refused."""

import dataclasses
import itertools
import json
import struct
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, NotRequired, Self, TypedDict, get_type_hints

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import omnilink_sansio.messages
from omnilink_sansio import (
    Fault,
    LocalProtocolError,
    Message,
    MessageRecord,
    RawRequest,
    RemoteProtocolError,
    UserCode,
)
from omnilink_sansio.events import OtherEventNotifications
from omnilink_sansio.messages.record import (
    U8,
    Field,
    Record,
    Repeated,
    Rest,
    Tail,
    record,
    split_records,
)
from omnilink_sansio.objects import (
    OBJECT_TYPE_TO_PROPERTIES,
    OBJECT_TYPE_TO_STATUS,
    ExtendedObjectStatus,
    ObjectStatus,
)
from tests.rows import each_row
from tests.vectors import OPCODE_ROWS_V2

_RANGES = {"B": (0, 0xFF), "b": (-0x80, 0x7F), "H": (0, 0xFFFF)}


def _subclasses(kind: type[Record]) -> Iterator[type[Record]]:
    for child in kind.__subclasses__():
        yield child
        yield from _subclasses(child)


def _is_public(kind: type[Record]) -> bool:
    # Making a class slotted leaves its first form behind, which no module knows.
    module = sys.modules[kind.__module__]
    return (
        module.__name__.startswith(omnilink_sansio.messages.__name__)
        and not kind.__name__.startswith("_")
        and getattr(module, kind.__name__, None) is kind
    )


EVERY_CLASS = sorted(
    {kind for kind in _subclasses(Record) if _is_public(kind)}, key=lambda kind: kind.__name__
)
RECORDS = [kind for kind in EVERY_CLASS if "_layout" in vars(kind)]
BY_HAND = [kind for kind in EVERY_CLASS if "__dataclass_fields__" in vars(kind) and kind not in RECORDS]


class LengthRow(TypedDict):
    """One message type with the number of its bytes from the type on, where that is fixed."""

    value: int
    name: str
    length: NotRequired[int | str]


LENGTH_ROWS: list[LengthRow] = json.loads(
    (Path(__file__).parent.parent / "tables" / "opcodes_v2.json").read_text("utf-8")
)


class FieldOf(NamedTuple):
    """One field of one record class."""

    kind: type[Record]
    name: str
    format: str
    optional: bool
    is_code: bool
    is_secret: bool

    @property
    def size(self) -> int:
        return struct.calcsize(self.format)


class Shape(NamedTuple):
    """What a record class's annotations say of its payload."""

    required: list[FieldOf]
    optional: list[FieldOf]
    tail: str | None
    repeated: tuple[str, type[Record]] | None

    def smallest(self, kind: type[Record]) -> int:
        return len(kind.PREFIX) + sum(field.size for field in self.required)

    @property
    def extension(self) -> int:
        return sum(field.size for field in self.optional)


def names_of(kind: type[Record]) -> list[str]:
    return [entry.name for entry in dataclasses.fields(kind)]  # type: ignore[arg-type]


def shape_of(kind: type[Record]) -> Shape:
    hints = get_type_hints(kind, include_extras=True)
    required: list[FieldOf] = []
    optional: list[FieldOf] = []
    tail: str | None = None
    repeated: tuple[str, type[Record]] | None = None
    for name in names_of(kind):
        match hints[name].__metadata__[0]:
            case Field() as field:
                made = FieldOf(
                    kind, name, field.format, field.optional, field.kind is UserCode, field.is_secret
                )
                (optional if field.optional else required).append(made)
            case Repeated(kind=item):
                repeated = (name, item)
            case Rest():
                tail = name
    return Shape(required, optional, tail, repeated)


SHAPES = {kind: shape_of(kind) for kind in RECORDS}
FIELDS = [field for shape in SHAPES.values() for field in (*shape.required, *shape.optional)]
EVERY_RECORD = each_row("kind", RECORDS, ids=[kind.__name__ for kind in RECORDS])


def make(kind: type[Record], values: dict[str, object]) -> Record:
    constructor: Callable[..., Record] = kind
    return constructor(**values)


def zeros(kind: type[Record]) -> dict[str, object]:
    """Values of zero for every field, the optional ones included."""
    shape = SHAPES[kind]
    return {field.name: _zero(field) for field in (*shape.required, *shape.optional)}


def highest(kind: type[Record]) -> dict[str, object]:
    """Values as high as they go for every number, zero for all else."""
    fields = [*SHAPES[kind].required, *SHAPES[kind].optional]
    return zeros(kind) | {field.name: _RANGES[field.format][1] for field in fields if field.format in _RANGES}


def _zero(field: FieldOf) -> object:
    if field.is_code:
        return UserCode("0" * field.size)
    return b"\0" * field.size if field.format.endswith("s") else 0


ROOM = 255
"""More bytes than the longest record takes, were it followed by everything that may follow it."""
EXTREMES = (0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF)


class Drawn(NamedTuple):
    """What every record class is filled from: drawing anew for each of them costs far more than the test.

    A field is as many of the bytes as it has, from the front.
    """

    fields: bytes
    has_optional: bool
    repeats: int
    tail: bytes

    def payload(self, kind: type[Record]) -> bytes:
        """Return a well-formed payload: any bytes, but for the digits of a user code."""
        shape = SHAPES[kind]
        fields = [*shape.required, *(shape.optional if self.has_optional else [])]
        payload = kind.PREFIX
        for field, value in zip(fields, self._cut(fields), strict=True):
            payload += bytes(digit % 10 for digit in value) if field.is_code else value
        if shape.tail is not None:
            payload += self.tail[: self._room(shape)]
        if shape.repeated is not None:
            payload += b"".join(item.payload(shape.repeated[1]) for item in self._items())
        return payload

    def record(self, kind: type[Record]) -> Record:
        """Return a record whose fields are in range."""
        shape = SHAPES[kind]
        fields = [*shape.required, *(shape.optional if self.has_optional else [])]
        values: dict[str, object] = {
            field.name: _value(field, value) for field, value in zip(fields, self._cut(fields), strict=True)
        }
        if shape.tail is not None:
            values[shape.tail] = self.tail[: self._room(shape)]
        if shape.repeated is not None:
            name, item = shape.repeated
            values[name] = tuple(drawn.record(item) for drawn in self._items())
        return make(kind, values)

    def _cut(self, fields: list[FieldOf]) -> Iterator[bytes]:
        place = 0
        for field in fields:
            yield self.fields[place : place + field.size]
            place += field.size
        assert place <= len(self.fields)

    def _room(self, shape: Shape) -> int:
        # As many bytes more would be the optional fields.
        return ROOM if self.has_optional or not shape.optional else shape.extension - 1

    def _items(self) -> Iterator["Drawn"]:
        """Other bytes for each of the records that repeat."""
        for number in range(self.repeats):
            yield self._replace(fields=self.fields[7 * number :])


def _value(field: FieldOf, value: bytes) -> object:
    if field.is_code:
        return UserCode("".join(str(digit % 10) for digit in value))
    if field.format.endswith("s"):
        return value
    return int.from_bytes(value, "big", signed=field.format.islower())


# Whatever fits, with the ends of every range among it.
_BYTES = st.binary(min_size=ROOM, max_size=ROOM)
DRAWN = st.builds(
    Drawn,
    fields=_BYTES | _BYTES.map(lambda drawn: bytes(EXTREMES[byte % len(EXTREMES)] for byte in drawn)),
    has_optional=st.booleans(),
    repeats=st.integers(0, 8),
    tail=st.binary(max_size=20),
)


MESSAGES = [kind for kind in RECORDS + BY_HAND if issubclass(kind, MessageRecord) and kind is not RawRequest]
ROW_OF = {row["value"]: row for row in OPCODE_ROWS_V2}

# Records that are no messages but parts of them, objects apart.
PARTS = {"AreaAlarms", "PartitionStatus", "Phrase", "UnknownProperties", "UnknownStatus"}


def test_every_message_of_the_protocol_table_has_one_record() -> None:
    of_messages = Counter(int(kind.OPCODE) for kind in MESSAGES)
    # Properties have one record for each kind of object instead.
    (properties,) = [row["value"] for row in OPCODE_ROWS_V2 if row["name"] == "OBJECT_PROPERTIES"]
    assert of_messages == Counter({value: 1 for value in ROW_OF if value != properties})


def test_every_other_record_is_an_objects_or_part_of_a_message() -> None:
    of_objects = {*OBJECT_TYPE_TO_PROPERTIES.values(), *OBJECT_TYPE_TO_STATUS.values()}
    others = set(EVERY_CLASS) & set(RECORDS) - set(MESSAGES) - of_objects
    assert {kind.__name__ for kind in others} == PARTS
    assert set(BY_HAND) == {ExtendedObjectStatus, ObjectStatus, OtherEventNotifications, RawRequest}


_LENGTHS = {row["value"]: row["length"] for row in LENGTH_ROWS if isinstance(row.get("length"), int)}


@each_row(
    "kind",
    [kind for kind in MESSAGES if kind.OPCODE in _LENGTHS],
    ids=lambda kind: kind.__name__,
)
def test_a_message_of_fixed_length_is_as_long_as_the_protocol_table_says(kind: type[MessageRecord]) -> None:
    # The table's length is that of the message's type and its payload.
    shape = SHAPES[kind]
    shortest = make(kind, zeros(kind))
    if shape.repeated is not None:
        name, item = shape.repeated
        # 20P00 has eight partitions in the one message of fixed length that repeats anything.
        shortest = make(kind, {**zeros(kind), name: (make(item, zeros(item)),) * 8})
    assert len(shortest.encode()) + 1 == _LENGTHS[kind.OPCODE]


LOWEST = Drawn(bytes(ROOM), has_optional=True, repeats=8, tail=bytes(20))
HIGHEST = Drawn(b"\xff" * ROOM, has_optional=True, repeats=8, tail=b"\xff" * 20)


@given(drawn=DRAWN)
@example(drawn=LOWEST)
@example(drawn=HIGHEST)
def test_encoding_what_was_parsed_gives_the_same_bytes(drawn: Drawn) -> None:
    for kind in RECORDS:
        payload = drawn.payload(kind)
        parsed = kind.parse(payload)
        assert type(parsed) is kind
        assert parsed.encode() == payload, kind.__name__


@given(drawn=DRAWN)
@example(drawn=LOWEST)
@example(drawn=HIGHEST)
def test_parsing_what_was_encoded_gives_an_equal_record(drawn: Drawn) -> None:
    for kind in RECORDS:
        made = drawn.record(kind)
        again = kind.parse(made.encode())
        assert again == made, kind.__name__
        assert hash(again) == hash(made), kind.__name__
        assert kind.parse(drawn.payload(kind)) == made, kind.__name__


@EVERY_RECORD
def test_every_payload_that_is_too_short_is_refused(kind: type[Record]) -> None:
    smallest = SHAPES[kind].smallest(kind)
    whole = kind.PREFIX.ljust(smallest, b"\0")
    assert kind.parse(whole).encode() == whole
    for length in range(smallest):
        with pytest.raises(RemoteProtocolError, match=kind.__name__) as caught:
            kind.parse(whole[:length])
        assert caught.value.fault is Fault.BAD_PAYLOAD
        assert caught.value.offset == length


@each_row(
    "kind",
    [kind for kind, shape in SHAPES.items() if shape.tail is None and shape.repeated is None],
    ids=lambda kind: kind.__name__,
)
def test_a_payload_that_is_too_long_is_refused_where_no_tail_is_kept(kind: type[Record]) -> None:
    whole = kind.PREFIX.ljust(SHAPES[kind].smallest(kind), b"\0")
    with pytest.raises(RemoteProtocolError, match=kind.__name__) as caught:
        kind.parse(whole + b"\0")
    assert caught.value.fault is Fault.BAD_PAYLOAD
    assert caught.value.offset == len(whole)


# What grows with what is in it, or whose content nobody has described, has a last field of any length too.
_GROWING_REQUESTS = {"WRITE_NAME", "WRITE_VOICE_NAME"} | {
    row["name"]
    for row in OPCODE_ROWS_V2
    if row.get("length") is None
    and row["name"] not in ("CLEAR_PROGRAMS", "UPLOAD_PROGRAM", "DOWNLOAD_PROGRAM")
}


@each_row("kind", RECORDS, ids=[kind.__name__ for kind in RECORDS])
def test_whatever_a_controller_sends_keeps_the_bytes_that_later_firmware_may_append(
    kind: type[Record],
) -> None:
    shape = SHAPES[kind]
    keeps = shape.tail is not None or shape.repeated is not None
    if not issubclass(kind, MessageRecord):
        # Parts of two bytes, one after another, cannot grow.
        assert keeps == (kind.__name__ not in {"AreaAlarms", "PartitionStatus", "Phrase"})
    elif ROW_OF[kind.OPCODE]["direction"] != "client->controller":
        assert keeps
    elif kind.__name__ != "SetTime":
        # Requests are ours to write, and strict.
        assert keeps == (ROW_OF[kind.OPCODE]["name"] in _GROWING_REQUESTS)


@pytest.mark.parametrize(
    "kind", [kind for kind, shape in SHAPES.items() if shape.repeated], ids=lambda kind: kind.__name__
)
def test_a_repeated_record_that_is_cut_is_refused(kind: type[Record]) -> None:
    shape = SHAPES[kind]
    assert shape.repeated is not None
    item = shape.repeated[1]
    whole = kind.PREFIX.ljust(shape.smallest(kind), b"\0") + bytes(2 * SHAPES[item].smallest(item))
    assert kind.parse(whole).encode() == whole
    with pytest.raises(RemoteProtocolError, match=item.__name__) as caught:
        kind.parse(whole[:-1])
    assert caught.value.fault is Fault.BAD_PAYLOAD


@each_row(
    "kind", [kind for kind in RECORDS if kind.PREFIX], ids=[kind.__name__ for kind in RECORDS if kind.PREFIX]
)
def test_a_payload_that_begins_wrongly_is_refused(kind: type[Record]) -> None:
    rest = bytes(SHAPES[kind].smallest(kind) - len(kind.PREFIX))
    for first in set(range(256)) - set(kind.PREFIX):
        with pytest.raises(RemoteProtocolError, match=f"begins with 0x{first:02X}") as caught:
            kind.parse(bytes((first,)) + rest)
        assert caught.value.fault is Fault.BAD_PAYLOAD
        assert caught.value.offset == 0


def _unfit(field: FieldOf) -> list[object]:
    if field.format.endswith("s"):
        return [b"\0" * (field.size - 1), b"\0" * (field.size + 1), b"", "\0" * field.size, 0]
    low, high = _RANGES[field.format]
    return [low - 1, high + 1, 10**9, 1.5, "1", b"\0"]


PLAIN_FIELDS = [field for field in FIELDS if not field.is_code]


@each_row("field", PLAIN_FIELDS, ids=[f"{field.kind.__name__}.{field.name}" for field in PLAIN_FIELDS])
def test_a_value_that_does_not_fit_is_refused_by_name(field: FieldOf) -> None:
    # The other fields at both ends of their ranges: none of them is named instead.
    values = _unfit(field) + ([] if field.optional else [None])
    for good, value in itertools.product((zeros(field.kind), highest(field.kind)), values):
        assert len(make(field.kind, good).encode()) >= SHAPES[field.kind].smallest(field.kind)
        with pytest.raises(LocalProtocolError, match=rf"{field.kind.__name__}\.{field.name} takes"):
            make(field.kind, {**good, field.name: value}).encode()


CODES = [field for field in FIELDS if field.is_code]


def test_these_fields_are_user_codes() -> None:
    # 20P00 §REQUEST SECURITY CODE VALIDATION, §CONNECTED SECURITY SYSTEM COMMAND; the third is not in 20P00.
    assert {(field.kind.__name__, field.name, field.size) for field in CODES} == {
        ("RequestSecurityCodeValidation", "code", 4),
        ("ConnectedSecuritySystemCommand", "code", 6),
        ("ExecuteSecurityCommand", "code", 4),
    }


def test_a_number_beside_a_user_code_or_for_a_code_number_may_be_digits_by_mistake() -> None:
    carriers = {field.kind for field in CODES}
    beside = {(field.kind.__name__, field.name) for field in PLAIN_FIELDS if field.kind in carriers}
    secret = {(field.kind.__name__, field.name) for field in FIELDS if field.is_secret}
    assert secret == beside | {("ControllerCommand", "parameter1")}


@each_row("field", CODES, ids=[f"{field.kind.__name__}.{field.name}" for field in CODES])
@each_row("wrong", [10, 0x30, 0x39, 255])
def test_bytes_that_are_no_digits_are_no_user_code(field: FieldOf, wrong: int) -> None:
    # Found when the record is made: a message has one user code, so that no field needs naming.
    good = zeros(field.kind)
    for place in range(field.size):
        value = bytes(wrong if at == place else 7 for at in range(field.size))
        with pytest.raises(LocalProtocolError, match="a user code is digits") as caught:
            make(field.kind, {**good, field.name: value}).encode()
        assert "7" not in str(caught.value)


@pytest.mark.parametrize("field", CODES, ids=[f"{field.kind.__name__}.{field.name}" for field in CODES])
def test_a_user_code_of_another_length_is_refused_naming_lengths_only(field: FieldOf) -> None:
    good = zeros(field.kind)
    other = 10 - field.size
    for value in (*(b"\7" * size for size in (0, 1, field.size - 1, field.size + 1)), UserCode("7" * other)):
        with pytest.raises(LocalProtocolError, match=f"a user code has .* not {len(value)}") as caught:
            make(field.kind, {**good, field.name: value}).encode()
        assert "7" not in str(caught.value).removesuffix(f"not {len(value)}")
    for nothing in (None, 0, 7777, [7] * field.size):
        with pytest.raises(LocalProtocolError, match="a user code's digits are a str"):
            make(field.kind, {**good, field.name: nothing}).encode()


@pytest.mark.parametrize("field", CODES, ids=[f"{field.kind.__name__}.{field.name}" for field in CODES])
def test_digits_as_text_or_bytes_become_a_user_code_when_a_record_is_made(field: FieldOf) -> None:
    digits = "070809"[: field.size]
    made = [
        make(field.kind, {**zeros(field.kind), field.name: value})
        for value in (digits, bytes(int(digit) for digit in digits), UserCode(digits))
    ]
    assert {type(getattr(item, field.name)) for item in made} == {UserCode}
    assert made[0] == made[1] == made[2]
    assert made[0].encode().endswith(bytes(int(digit) for digit in digits))


@each_row("field", CODES, ids=[f"{field.kind.__name__}.{field.name}" for field in CODES])
@each_row("wrong", [10, 0x37, 255])
def test_a_payload_whose_user_code_has_other_bytes_than_digits_is_malformed(
    field: FieldOf, wrong: int
) -> None:
    whole = make(field.kind, {**zeros(field.kind), field.name: UserCode("7" * field.size)}).encode()
    first = len(whole) - field.size
    for place in range(first, len(whole)):
        payload = whole[:place] + bytes((wrong,)) + whole[place + 1 :]
        with pytest.raises(RemoteProtocolError, match=field.kind.__name__) as caught:
            field.kind.parse(payload)
        assert caught.value.fault is Fault.BAD_PAYLOAD
        text = f"{caught.value} {caught.value!r}"
        assert not any(form in text for form in ("77", "7, 7", r"\x07", payload[first:].hex()))


@each_row(
    "field",
    [field for field in FIELDS if field.is_secret],
    ids=lambda field: f"{field.kind.__name__}.{field.name}",
)
@each_row("digits", [4711, -4711, 123456])
def test_digits_given_for_a_code_number_are_refused_and_not_repeated(field: FieldOf, digits: int) -> None:
    with pytest.raises(LocalProtocolError, match="takes 0 to 255") as caught:
        make(field.kind, {**zeros(field.kind), field.name: digits}).encode()
    assert str(abs(digits)) not in f"{caught.value} {caught.value!r}"


@each_row(
    "field",
    [field for field in FIELDS if field.optional and len(SHAPES[field.kind].optional) > 1],
    ids=lambda field: f"{field.kind.__name__}.{field.name}",
)
def test_optional_fields_are_all_given_or_none(field: FieldOf) -> None:
    values = {**zeros(field.kind), field.name: None}
    with pytest.raises(LocalProtocolError, match=rf"{field.kind.__name__}: .*{field.name}.* all None"):
        make(field.kind, values).encode()


@each_row("kind", RECORDS + BY_HAND, ids=lambda kind: kind.__name__)
def test_records_are_frozen_and_slotted(kind: type[Record]) -> None:
    assert "__slots__" in vars(kind)
    item = kind.__new__(kind)
    assert not hasattr(item, "__dict__")
    for name in names_of(kind):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(item, name, 0)


@each_row("kind", EVERY_CLASS, ids=lambda kind: kind.__name__)
def test_records_say_what_they_are(kind: type[Record]) -> None:
    text = vars(kind)["__doc__"]
    # Without a docstring a data class gets one made from its fields.
    assert text
    assert not text.startswith(f"{kind.__name__}(")


@each_row(
    "kind", [kind for kind in RECORDS if issubclass(kind, MessageRecord)], ids=lambda kind: kind.__name__
)
def test_a_message_has_its_type_and_its_payload(kind: type[MessageRecord]) -> None:
    item = make(kind, zeros(kind))
    assert isinstance(item, MessageRecord)
    assert item.to_message() == Message(kind.OPCODE, item.encode())


def test_a_layout_with_anything_after_its_tail_is_refused_when_the_class_is_made() -> None:
    class Wrong(Record):
        first: Tail
        second: U8

    class TwoTails(Record):
        first: Tail
        second: Tail

    for wrong in (Wrong, TwoTails):
        with pytest.raises(AssertionError, match="only the last field may repeat"):
            record(wrong)


def one_by_one(kind: type[Record], payloads: list[bytes]) -> tuple[Record, ...] | str:
    """Return the records, or why there are none."""
    try:
        return tuple(kind.parse(payload) for payload in payloads)
    except RemoteProtocolError as error:
        return str(error)


def all_at_once(kind: type[Record], payloads: list[bytes]) -> tuple[Record, ...] | str:
    try:
        return split_records(kind, b"".join(payloads), 0, len(payloads[0]))
    except RemoteProtocolError as error:
        return str(error)


@each_row("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_many_records_split_in_one_pass_are_those_parsed_one_by_one(kind: type[Record]) -> None:
    least = kind._layout.size
    for size in range(max(least, 1), least + 8):
        payloads = [(kind.PREFIX + bytes(i % 10 for i in range(at, at + size)))[:size] for at in (0, 1, 5)]
        found, wanted = all_at_once(kind, payloads), one_by_one(kind, payloads)
        assert found == wanted
        assert repr(found) == repr(wanted)
        if not isinstance(found, str):
            assert [item.encode() for item in found] == payloads
            for name in names_of(kind):
                with pytest.raises(dataclasses.FrozenInstanceError):
                    setattr(found[0], name, 0)


def test_a_record_that_reads_itself_in_its_own_way_does_so_among_many_too() -> None:
    @record
    class Doubled(Record):
        value: U8

        @classmethod
        def parse(cls, payload: bytes) -> Self:
            return cls(payload[0] * 2)

    assert split_records(Doubled, b"\1\2") == (Doubled(2), Doubled(4))

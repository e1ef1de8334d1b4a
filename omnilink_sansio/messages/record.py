"""Records: payloads described once, as annotated fields, and parsed and encoded from that description.

::

    @record
    class UnitStatus(Record):
        index: U16
        state: U8
        seconds_left: U16
        tail: Tail = b""

A record is, in this order: the constant bytes of ``PREFIX``; required fields; optional fields, which are all
there or all absent (`OptionalU8`, added by later firmware); and either a `Tail`, which keeps the bytes that
are not known yet, or one repeated record (`Repeated`). ``encode`` of what was parsed gives the same bytes.
"""

import dataclasses
import struct
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from enum import Enum, IntEnum
from itertools import repeat
from operator import attrgetter
from typing import Annotated, ClassVar, Self, TypeVar, dataclass_transform

from omnilink_sansio.errors import Fault, LocalProtocolError, RemoteProtocolError
from omnilink_sansio.frozen import frozen
from omnilink_sansio.secrets import UserCode

__all__ = [
    "S8",
    "U8",
    "U16",
    "Code4",
    "Code6",
    "CodeU8",
    "Name13",
    "Name16",
    "OptionalU8",
    "Record",
    "Repeated",
    "Tail",
    "member_of",
    "member_or_number",
    "record",
]

_R = TypeVar("_R", bound="Record")
_E = TypeVar("_E", bound=IntEnum)


@frozen
class Field:
    """How one field is packed: a format of the `struct` module, big-endian."""

    format: str
    optional: bool = False
    is_secret: bool = False
    """Whether a value that does not fit may be a secret given by mistake, which no error repeats."""
    is_text: bool = False
    """Whether it is characters: where it is the last required field some controllers cut it off."""
    kind: Callable[[bytes], bytes] | None = None
    """What to make of a field of bytes; it raises `LocalProtocolError` for bytes that are none."""


@frozen
class Repeated:
    """The rest of the payload is records of this kind, one after another."""

    kind: "type[Record]"


@frozen
class Rest:
    """The rest of the payload, kept as it is."""


U8 = Annotated[int, Field("B")]
"""An unsigned byte, 0 to 255."""
S8 = Annotated[int, Field("b")]
"""A signed byte, -128 to 127."""
CodeU8 = Annotated[int, Field("B", is_secret=True)]
"""An unsigned byte that may be a code number, for which a caller might give a code's digits."""
U16 = Annotated[int, Field("H")]
"""Two bytes, high byte first, 0 to 65535."""
OptionalU8 = Annotated[int | None, Field("B", optional=True)]
"""An unsigned byte that older firmware does not send: None then."""
Name13 = Annotated[bytes, Field("13s", is_text=True)]
"""A name of up to 12 characters with its terminating zero, as received; see `decode_name`."""
Name16 = Annotated[bytes, Field("16s", is_text=True)]
"""A name of up to 15 characters with its terminating zero, as received; see `decode_name`."""
Code4 = Annotated[UserCode, Field("4s", kind=UserCode)]
"""The four digits of a user code, one a byte."""
Code6 = Annotated[UserCode, Field("6s", kind=UserCode)]
"""The six digits of a code of a connected security system, one a byte."""
Tail = Annotated[bytes, Rest()]
"""Bytes after the known fields, kept so that encoding gives back what was parsed."""


class CutText(bytes):
    """A text field that came shorter than printed; `Record.parse_short` alone makes one."""

    __slots__ = ()


class Record:
    """The base of all payloads: frozen, with `parse` and `encode` as exact inverses.

    ``payload`` is what follows a message's type byte, or one record of a status message.
    """

    __slots__ = ()

    PREFIX: ClassVar[bytes] = b""
    _layout: ClassVar["Layout"]

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        """Read a payload. Raises `RemoteProtocolError` when it is too short or begins wrongly."""
        return cls(*cls._layout.unpack(payload))

    @classmethod
    def parse_short(cls, payload: bytes) -> Self:
        """Read a payload that may end within its last required field if that is text (`Tolerance.SHORT_RECORDS`).

        The field may be empty; optional fields are None and the tail is empty then. Raises `RemoteProtocolError`
        as `parse` does for all else, and when the payload ends before that field begins.
        """
        return cls(*cls._layout.unpack_short(payload))

    def encode(self) -> bytes:
        """Return the payload. Raises `LocalProtocolError` naming the field that does not fit."""
        return self._layout.pack(self)


class Layout:
    """A record class's annotations, compiled."""

    def __init__(self, kind: type[Record]) -> None:
        fields = dataclasses.fields(kind)  # type: ignore[arg-type]
        codecs = {field.name: getattr(field.type, "__metadata__", (None,))[0] for field in fields}
        names = list(codecs)
        packed = {name: codec for name, codec in codecs.items() if isinstance(codec, Field)}
        rest = [name for name in names if name not in packed]
        assert rest == names[len(packed) :][:1], f"{kind.__name__}: only the last field may repeat"
        self._kind = kind
        self._required = tuple(name for name, codec in packed.items() if not codec.optional)
        self._optional = tuple(name for name, codec in packed.items() if codec.optional)
        self._required_values = _values_of(self._required)
        self._formats = {name: codec.format for name, codec in packed.items()}
        self._secret = frozenset(name for name, codec in packed.items() if codec.is_secret)
        self._fixed = struct.Struct(">" + "".join(self._formats[name] for name in self._required))
        self._extension = struct.Struct(">" + "".join(self._formats[name] for name in self._optional))
        self._rest = rest[0] if rest else None
        tail = codecs[rest[0]] if rest else None
        self._repeated = tail.kind if isinstance(tail, Repeated) else None
        self._kinds = {
            place: codec.kind for place, codec in enumerate(packed.values()) if codec.kind is not None
        }
        self._has_bytes = any(fmt.endswith("s") for fmt in self._formats.values())
        self._is_constant = not names
        # Nothing but numbers: what is packed is the payload.
        self._is_fixed = len(packed) == len(names) == len(self._required) > 1 and not self._has_bytes
        self._start = len(kind.PREFIX)
        # The slots' own setters: what a frozen record's __init__ does, without a Python call for each.
        self._setters: tuple[Callable[[Record, object], None], ...] = tuple(
            getattr(kind, name).__set__ for name in names
        )
        is_plain = kind.parse.__func__ is Record.parse.__func__ and not hasattr(kind, "__post_init__")  # type: ignore[attr-defined]
        self._splits = is_plain and not (self._start or self._kinds or self._repeated)
        self._rows: dict[int, tuple[struct.Struct, int] | None] = {}
        self.size = self._start + self._fixed.size
        """Bytes that a payload has at least."""
        last = self._required[-1] if self._required else None
        self._last_text = last if last is not None and packed[last].is_text else None
        width = struct.calcsize(self._formats[self._last_text]) if self._last_text else 0
        self.shortest = self.size - width
        """Bytes that a payload has at least whose last text may be cut off."""

    def unpack(self, payload: bytes) -> Sequence[object]:
        end = self.size
        if len(payload) < end:
            raise self._malformed(f"has {len(payload)} bytes, at least {end} are needed", len(payload))
        if self._start and not payload.startswith(self._kind.PREFIX):
            raise self._malformed(f"begins with 0x{payload[0]:02X}, not 0x{self._kind.PREFIX[0]:02X}", 0)
        values: tuple[object, ...] = self._fixed.unpack_from(payload, self._start)
        if self._kinds:
            values = self._with_kinds(values)
        if self._optional:
            if len(payload) >= end + self._extension.size:
                values += self._extension.unpack_from(payload, end)
                end += self._extension.size
            else:
                values += (None,) * len(self._optional)
        if self._rest is None:
            if len(payload) != end:
                raise self._malformed(f"has {len(payload)} bytes where {end} are known", end)
            return values
        if self._repeated is None:
            return (*values, payload[end:])
        return (*values, split_records(self._repeated, payload[end:], end))

    def unpack_short(self, payload: bytes) -> Sequence[object]:
        if not self.shortest <= len(payload) < self.size:
            return self.unpack(payload)
        values = list(self.unpack(payload.ljust(self.size, b"\0")))
        values[len(self._required) - 1] = CutText(payload[self.shortest :])
        return values

    def unpack_each(self, data: bytes, size: int, records: Sequence[Record]) -> bool:
        """Fill empty records, each from so many bytes of the data, field by field for all at once.

        Return False, with nothing done, where that is not the same as `unpack` for each.
        """
        if size not in self._rows:
            self._rows[size] = self._row(size)
        row = self._rows[size]
        if row is None:
            return False
        layout, missing_at = row
        columns: list[Iterable[object]] = list(zip(*layout.iter_unpack(data), strict=True))
        if missing_at:
            columns[missing_at:missing_at] = [repeat(None)] * len(self._optional)
        for setter, column in zip(self._setters, columns, strict=True):
            deque(map(setter, records, column), maxlen=0)
        return True

    def _row(self, size: int) -> tuple[struct.Struct, int] | None:
        """Return how records of so many bytes are packed, and where optional fields are missing, 0 if nowhere."""
        is_extended = size >= self.size + self._extension.size
        rest = size - self.size - (self._extension.size if is_extended else 0)
        if not self._splits or (rest and self._rest is None):
            return None
        fields = [self._formats[name] for name in (*self._required, *(self._optional if is_extended else ()))]
        if self._rest is not None:
            fields.append(f"{rest}s")
        return struct.Struct(">" + "".join(fields)), 0 if is_extended else len(self._required)

    def _with_kinds(self, values: tuple[object, ...]) -> tuple[object, ...]:
        made = list(values)
        for place, kind in self._kinds.items():
            value = made[place]
            assert isinstance(value, bytes)
            try:
                made[place] = kind(value)
            except LocalProtocolError as error:
                raise self._malformed(f"does not fit: {error}", self._start) from None
        return tuple(made)

    def pack(self, record: Record) -> bytes:
        if self._is_constant:
            return self._kind.PREFIX
        try:
            if self._is_fixed and not self._start:
                return self._fixed.pack(*self._required_values(record))
            encoded = self._kind.PREFIX + self._fixed.pack(*self._required_values(record))
        except struct.error:
            raise self._does_not_fit(record) from None
        if self._last_text is not None:
            cut = self._cut_text(getattr(record, self._last_text), record)
            if cut is not None:
                return encoded[: self.shortest + len(cut)]
        if self._has_bytes:
            self._check_widths(record)
        if self._optional:
            encoded += self._pack_optional(record)
        if self._rest is None:
            return encoded
        rest = getattr(record, self._rest)
        return encoded + (rest if self._repeated is None else b"".join(item.encode() for item in rest))

    def _cut_text(self, text: object, record: Record) -> CutText | None:
        """Return the last text of a record that ends within it, as it came; what a caller cut is a mistake."""
        if not isinstance(text, CutText) or self.shortest + len(text) >= self.size:
            return None
        after = [getattr(record, name) for name in (*self._optional, *((self._rest,) if self._rest else ()))]
        return None if any(value not in (None, b"") for value in after) else text

    def _pack_optional(self, record: Record) -> bytes:
        values = [getattr(record, name) for name in self._optional]
        if None not in values:
            try:
                return self._extension.pack(*values)
            except struct.error:
                raise self._does_not_fit(record) from None
        if any(value is not None for value in values):
            raise LocalProtocolError(
                f"{self._kind.__name__}: {', '.join(self._optional)} are all given or all None"
            )
        return b""

    def _check_widths(self, record: Record) -> None:
        for name, fmt in self._formats.items():
            if fmt.endswith("s") and len(getattr(record, name)) != struct.calcsize(fmt):
                raise self._does_not_fit(record)

    def _does_not_fit(self, record: Record) -> LocalProtocolError:
        for name, fmt in self._formats.items():
            value = getattr(record, name)
            if fmt.endswith("s"):
                if not isinstance(value, bytes) or len(value) != struct.calcsize(fmt):
                    return LocalProtocolError(
                        f"{self._kind.__name__}.{name} takes exactly {struct.calcsize(fmt)} bytes"
                    )
                continue
            low, high = _RANGES[fmt]
            if value is None and name in self._optional:
                continue
            if not (isinstance(value, int) and low <= value <= high):
                said = "" if name in self._secret else f", not {value!r}"
                return LocalProtocolError(f"{self._kind.__name__}.{name} takes {low} to {high}{said}")
        raise AssertionError(f"{self._kind.__name__}: every field fits")

    def _malformed(self, text: str, offset: int) -> RemoteProtocolError:
        return RemoteProtocolError(Fault.BAD_PAYLOAD, f"{self._kind.__name__}: the payload {text}", offset)


def _values_of(names: tuple[str, ...]) -> Callable[[Record], Sequence[object]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: [getattr(record, name) for name in names]


_RANGES = {"B": (0, 255), "b": (-128, 127), "H": (0, 65535)}


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def record(cls: type[_R]) -> type[_R]:
    """Make a class of annotated fields a frozen, slotted record."""
    kind = frozen(cls)
    kind._layout = Layout(kind)  # noqa: SLF001 - the record's own
    return kind


def split_records(kind: type[_R], data: bytes, offset: int = 0, size: int | None = None) -> tuple[_R, ...]:
    """Cut data into records of one size (the kind's own when not given) and parse each.

    ``offset`` is where the data begins in its payload, for the error. Raises `RemoteProtocolError` when bytes
    are left over or the size is below what the kind needs.
    """
    needed = kind._layout.size  # noqa: SLF001 - the record's own
    size = needed if size is None else size
    if size < max(needed, 1) or len(data) % size:
        raise RemoteProtocolError(
            Fault.BAD_PAYLOAD,
            f"{len(data)} bytes are no whole number of {kind.__name__} records of {size} bytes "
            f"(at least {needed} each)",
            offset + len(data) // size * size if size else offset,
        )
    records = [object.__new__(kind) for _ in range(len(data) // size)]
    if records and not kind._layout.unpack_each(data, size, records):  # noqa: SLF001 - the record's own
        records = [kind.parse(data[start : start + size]) for start in range(0, len(data), size)]
    return tuple(records)


def member_or_number(kind: type[_E], value: int) -> _E | int:
    """Return the enumeration's member, or the number itself when the enumeration does not know it."""
    try:
        return kind(value)
    except ValueError:
        return value


def member_of(kind: type[_E], value: int) -> _E:
    """Return the enumeration's member of a number.

    Raises `LocalProtocolError` naming the members when there is none, and for the member of another enumeration,
    whose number means something else. It does not repeat the number: it may be a code's digits, given by mistake.
    """
    try:
        if not isinstance(value, Enum) or isinstance(value, kind):
            return kind(value)
    except ValueError:
        pass
    allowed = ", ".join(f"{member.value} {member.name}" for member in kind)
    raise LocalProtocolError(f"{kind.__name__} has {allowed}")

"""Status of ranges of objects, asked for or pushed (20P00 §REQUEST OBJECT STATUS, §OBJECT STATUS, §REQUEST
EXTENDED OBJECT STATUS).
"""

from typing import ClassVar, Self, TypeAlias

from omnilink_sansio.errors import Fault, LocalProtocolError, RemoteProtocolError
from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.message_record import MessageRecord
from omnilink_sansio.messages.objects.forms import OBJECT_TYPE_TO_STATUS
from omnilink_sansio.messages.objects.object_record import ObjectStatusRecord, UnknownStatus
from omnilink_sansio.messages.objects.object_type import OBJECT_TYPES, ObjectType, object_title
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.record import U8, U16, Record, member_or_number, record, split_records
from omnilink_sansio.messages.request import Request, expect

__all__ = [
    "ExtendedObjectStatus",
    "ObjectStatus",
    "RequestExtendedObjectStatus",
    "RequestObjectStatus",
    "StatusRecord",
]

StatusRecord: TypeAlias = ObjectStatusRecord | UnknownStatus
"""One object's state; `UnknownStatus` for kinds that have no record here."""


def _split(object_type: int, data: bytes, offset: int, size: int) -> tuple[StatusRecord, ...]:
    kind = OBJECT_TYPE_TO_STATUS.get(object_type)
    if kind is None:
        return split_records(UnknownStatus, data, offset, size)
    return split_records(kind, data, offset, size)


def _require_byte(holder: MessageRecord, name: str, value: int) -> None:
    if not 0 <= value <= 0xFF:
        raise LocalProtocolError(f"{type(holder).__name__}.{name} takes 0 to 255, not {value!r}")


@frozen
class ObjectStatus(MessageRecord):
    """States of objects of one kind (20P00 §OBJECT STATUS)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.OBJECT_STATUS

    object_type: int
    records: tuple[StatusRecord, ...] = ()
    tail: bytes = b""
    """The rest of the payload, when the kind of object is unknown and with it the size of a record."""

    @property
    def kind(self) -> ObjectType | int:
        """The object type by name, or its number when unknown."""
        return member_or_number(ObjectType, self.object_type)

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        """Read the payload. Raises `RemoteProtocolError` when it is no whole number of records."""
        if not payload:
            raise RemoteProtocolError(Fault.BAD_PAYLOAD, f"{cls.__name__}: the payload is empty", 0)
        forms = OBJECT_TYPES.get(payload[0])
        if forms is None or forms.status_record is None:
            return cls(payload[0], (), payload[1:])
        return cls(payload[0], _split(payload[0], payload[1:], 1, forms.status_record))

    def encode(self) -> bytes:
        """Return the payload. Raises `LocalProtocolError` when a record has not its kind's length."""
        _require_byte(self, "object_type", self.object_type)
        forms = OBJECT_TYPES.get(self.object_type)
        size = None if forms is None else forms.status_record
        encoded = [item.encode() for item in self.records]
        if any(len(item) != size for item in encoded) or (self.tail and size is not None):
            raise LocalProtocolError(
                f"ObjectStatus.records of object type {self.object_type} have {size or 'no'} bytes each, "
                "and a tail goes only with kinds that have no records"
            )
        return bytes((self.object_type,)) + b"".join(encoded) + self.tail


@frozen
class ExtendedObjectStatus(MessageRecord):
    """States of objects of one kind, each with a record length of its own telling (firmware 3.0 and later).

    A record is at least the standard one and may be longer than what is known; the rest is kept.
    """

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.EXTENDED_OBJECT_STATUS

    object_type: int
    record_length: int
    records: tuple[StatusRecord, ...] = ()

    @property
    def kind(self) -> ObjectType | int:
        """The object type by name, or its number when unknown."""
        return member_or_number(ObjectType, self.object_type)

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        """Read the payload. Raises `RemoteProtocolError` when it is no whole number of records."""
        if len(payload) < 2:
            raise RemoteProtocolError(
                Fault.BAD_PAYLOAD, f"{cls.__name__}: object type and record length are missing", len(payload)
            )
        if len(payload) == 2:
            return cls(payload[0], payload[1])
        return cls(payload[0], payload[1], _split(payload[0], payload[2:], 2, payload[1]))

    def encode(self) -> bytes:
        """Return the payload. Raises `LocalProtocolError` when a record has another length than stated."""
        _require_byte(self, "object_type", self.object_type)
        _require_byte(self, "record_length", self.record_length)
        encoded = [item.encode() for item in self.records]
        if any(len(item) != self.record_length for item in encoded):
            raise LocalProtocolError(
                f"ExtendedObjectStatus.records have {self.record_length} bytes each, as record_length says"
            )
        return bytes((self.object_type, self.record_length)) + b"".join(encoded)


class _Range(Record):
    """The text that both requests share."""

    __slots__ = ()

    object_type: int
    first: int
    last: int

    @property
    def title(self) -> str:
        """The request's name, the kind of object and the range."""
        return f"{type(self).__name__} {object_title(self.object_type)} {self.first} to {self.last}"


@record
class RequestObjectStatus(_Range, Request[ObjectStatus]):
    """Ask for the state of a range of objects."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_OBJECT_STATUS

    object_type: U8
    first: U16
    last: U16

    def accept(self, reply: Payload) -> ObjectStatus:
        """Return the states."""
        return expect(ObjectStatus, self, reply)


@record
class RequestExtendedObjectStatus(_Range, Request[ExtendedObjectStatus]):
    """Ask for the extended state of a range of objects (firmware 3.0 and later; older ones refuse)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_EXTENDED_OBJECT_STATUS

    object_type: U8
    first: U16
    last: U16

    def accept(self, reply: Payload) -> ExtendedObjectStatus:
        """Return the states."""
        return expect(ExtendedObjectStatus, self, reply)

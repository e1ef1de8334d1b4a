"""Reading and writing names, and voice names, without the other properties (20P00 §NAME MESSAGES, §VOICE NAME
MESSAGES).
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum, unique
from types import MappingProxyType
from typing import Annotated, ClassVar

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.message_record import MessageRecord
from omnilink_sansio.messages.names import LONG_NAME, SHORT_NAME, decode_name, encode_name
from omnilink_sansio.messages.objects.object_type import HIGHEST_OBJECT, ObjectType
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.record import (
    U8,
    U16,
    Record,
    Repeated,
    Tail,
    member_of,
    member_or_number,
    record,
)
from omnilink_sansio.messages.request import AcknowledgedRequest, Request, expect_or_end

__all__ = [
    "NAME_TYPES",
    "ClearNames",
    "ClearVoiceNames",
    "NameData",
    "NameType",
    "Phrase",
    "ReadName",
    "ReadVoiceName",
    "VoiceNameData",
    "WriteName",
    "WriteVoiceName",
    "name_type_of",
    "write_name",
    "write_voice_name",
]

_PHRASES = 6
_RESERVED = 1


@unique
class NameType(IntEnum):
    """Kinds of names. From 8 on they differ from `ObjectType`."""

    ZONE = 1
    UNIT = 2
    BUTTON = 3
    CODE = 4
    AREA = 5
    THERMOSTAT = 6
    MESSAGE = 7
    USER_SETTING = 8
    ACCESS_CONTROL_READER = 9


NAME_TYPES: Mapping[NameType, tuple[ObjectType, int]] = MappingProxyType(
    {
        NameType.ZONE: (ObjectType.ZONE, LONG_NAME),
        NameType.UNIT: (ObjectType.UNIT, SHORT_NAME),
        NameType.BUTTON: (ObjectType.BUTTON, SHORT_NAME),
        NameType.CODE: (ObjectType.CODE, SHORT_NAME),
        NameType.AREA: (ObjectType.AREA, SHORT_NAME),
        NameType.THERMOSTAT: (ObjectType.THERMOSTAT, SHORT_NAME),
        NameType.MESSAGE: (ObjectType.MESSAGE, LONG_NAME),
        NameType.USER_SETTING: (ObjectType.USER_SETTING, LONG_NAME),
        NameType.ACCESS_CONTROL_READER: (ObjectType.ACCESS_CONTROL_READER, LONG_NAME),
    }
)
"""What each kind of name belongs to, and the width of its field with the terminating zero."""


class _Name(Record):
    """The view that reading and writing a name share."""

    __slots__ = ()

    name_type: int
    raw_name: bytes

    @property
    def kind(self) -> NameType | int:
        """The kind of name, or its number when unknown."""
        return member_or_number(NameType, self.name_type)

    @property
    def name(self) -> str:
        """The name's text."""
        return decode_name(self.raw_name)


@record
class NameData(_Name, MessageRecord):
    """A name (20P00 §NAME DATA)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.NAME_DATA

    name_type: U8
    index: U16
    raw_name: Tail = b""
    """The name's field, as wide as `NAME_TYPES` has it."""


@record
class ReadName(Request[NameData | None]):
    """Ask for the first name after an object's number, 0 for the first of all (20P00 §READ NAME)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.READ_NAME

    name_type: U8
    index: U16 = 0
    reserved: U8 = _RESERVED

    def accept(self, reply: Payload) -> NameData | None:
        """Return the name, None when there are no more."""
        return expect_or_end(NameData, self, reply)


@record
class ClearNames(AcknowledgedRequest):
    """Clear all names of all kinds (20P00 §CLEAR NAMES). There is no clearing of one kind."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.CLEAR_NAMES


@record
class WriteName(_Name, AcknowledgedRequest):
    """Write a name, its field at its full width (20P00 §WRITE NAME)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.WRITE_NAME

    name_type: U8
    index: U16
    raw_name: Tail = b""
    """The name's field, as wide as `NAME_TYPES` has it."""


def name_type_of(object_type: int) -> NameType:
    """Return the kind of name of a kind of object.

    Raises `LocalProtocolError` for a kind whose names cannot be read and written on their own.
    """
    kind = member_of(ObjectType, object_type)
    for name_type, (named, _) in NAME_TYPES.items():
        if named is kind:
            return name_type
    allowed = ", ".join(named.name for named, _ in NAME_TYPES.values())
    raise LocalProtocolError(f"names can be read and written of {allowed}, not of {kind.name}")


def write_name(object_type: int, index: int, name: str) -> WriteName:
    """Write an object's name into the controller; "" takes it away (20P00 §WRITE NAME).

    Names have up to 15 characters for zones, messages, user settings and readers, up to 12 for units, buttons,
    codes, areas and thermostats; other kinds have no names that can be written. Raises `LocalProtocolError` for
    these, for longer names and for characters beyond Latin-1.
    """
    kind = name_type_of(object_type)
    _, width = NAME_TYPES[kind]
    return WriteName(kind, _named_object(index), encode_name(name, width))


def _named_object(index: int) -> int:
    if not 1 <= index <= HIGHEST_OBJECT:
        raise LocalProtocolError(
            f"objects are numbered 1 to {HIGHEST_OBJECT}, there is no object {index} to name"
        )
    return index


@record
class Phrase(Record):
    """One phrase of the controller's voice, by number."""

    number: U16


class _VoiceName(Record):
    """The view that reading and writing a voice name share."""

    __slots__ = ()

    name_type: int
    raw_phrases: tuple[Phrase, ...]

    @property
    def phrases(self) -> tuple[int, ...]:
        """The numbers of the phrases that are spoken, up to the first 0."""
        numbers = [phrase.number for phrase in self.raw_phrases]
        return tuple(numbers[: numbers.index(0)] if 0 in numbers else numbers)


@record
class VoiceNameData(_VoiceName, MessageRecord):
    """A voice name (20P00 §VOICE NAME DATA)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.VOICE_NAME_DATA

    name_type: U8
    index: U16
    raw_phrases: Annotated[tuple[Phrase, ...], Repeated(Phrase)] = ()
    """Seven numbers; a 0 ends the name, what follows it is undefined."""


@record
class ReadVoiceName(Request[VoiceNameData | None]):
    """Ask for the first voice name after an object's number, 0 for the first of all (20P00 §READ VOICE NAME)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.READ_VOICE_NAME

    name_type: U8
    index: U16 = 0
    reserved: U8 = _RESERVED

    def accept(self, reply: Payload) -> VoiceNameData | None:
        """Return the voice name, None when there are no more."""
        return expect_or_end(VoiceNameData, self, reply)


@record
class ClearVoiceNames(AcknowledgedRequest):
    """Clear all voice names of all kinds (20P00 §CLEAR VOICE NAMES)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.CLEAR_VOICE_NAMES


@record
class WriteVoiceName(_VoiceName, AcknowledgedRequest):
    """Write a voice name (20P00 §WRITE VOICE NAME)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.WRITE_VOICE_NAME

    name_type: U8
    index: U16
    raw_phrases: Annotated[tuple[Phrase, ...], Repeated(Phrase)] = ()
    """Seven numbers; a 0 ends the name."""


def write_voice_name(object_type: int, index: int, phrases: Sequence[int]) -> WriteVoiceName:
    """Give an object a voice name of up to six phrases, by their numbers (20P00 §WRITE VOICE NAME).

    None take it away. Raises `LocalProtocolError` for kinds of objects whose names cannot be written, for more
    phrases and for numbers that are not 1 to 65535.
    """
    return WriteVoiceName(name_type_of(object_type), _named_object(index), voice_name_field(phrases))


def voice_name_field(phrases: Sequence[int]) -> tuple[Phrase, ...]:
    """Return the seven numbers for up to six phrases: the phrases and zeros.

    Raises `LocalProtocolError` for more phrases and for numbers that are not 1 to 65535.
    """
    if len(phrases) > _PHRASES or not all(1 <= phrase <= 0xFFFF for phrase in phrases):
        raise LocalProtocolError(f"a voice name is up to {_PHRASES} phrases of 1 to 65535")
    return tuple(Phrase(number) for number in (*phrases, *[0] * (_PHRASES + 1 - len(phrases))))

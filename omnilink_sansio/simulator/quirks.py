"""What real panels do against the vendor's text, each a switch of an emulated house."""

from collections.abc import Set
from enum import StrEnum, unique

from omnilink_sansio.messages.event_registry import parse_events
from omnilink_sansio.messages.events import PhoneLineDead, PhoneLineOffHook, PhoneLineOnHook, PhoneLineRing
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.wire.message import Message

__all__ = [
    "Quirk",
]

LONGEST_SAFE_STATUS = 203
"""Bytes of the longest status message that the panels with `Quirk.SILENT_LONG_STATUS` send: 50 zones."""


@unique
class Quirk(StrEnum):
    """Oddities that people reported of their panels; none is on unless a house is described with it."""

    SILENT_LONG_STATUS = "silent-long-status"
    """No answer to a status request whose reply would be longer than that for 50 zones (an Omni IIe of firmware
    3.2r2 answers 50 zones and is silent at 60)."""
    SWAPPED_CRC = "swapped-crc"
    """The CRC's bytes are swapped in object status and 0 in other event notifications (firmware 2.16: "in some
    messages"; which ones is not known)."""
    SILENT_ENCLOSURES = "silent-enclosures"
    """No answer to a status request for expansion enclosures (firmware 2.16)."""
    RAW_PHONE_EVENTS = "raw-phone-events"
    """Notifications of phone events alone come as words, without start, length and CRC (firmware 2.16a)."""
    PUSHES_STATUS = "pushes-status"
    """Object changes are pushed as object status (35), also from firmware 3.0 on, as the vendor prints it."""
    PUSHES_EXTENDED_STATUS = "pushes-extended-status"
    """Object changes are pushed as extended object status (59), also before firmware 3.0."""
    NO_EXIT_DELAY_BIT = "no-exit-delay-bit"
    """The mode byte has no bit 3 while the exit delay runs: only the exit timer shows it."""
    AREA_FILTER_FROM_BIT_7 = "area-filter-from-bit-7"
    """The area filter of object properties counts area 1 as bit 7, as the vendor prints it."""
    LONG_UNIT_RECORDS = "long-unit-records"
    """Extended unit records have two more bytes, the power in watts (firmware 3.x with ZigBee units)."""
    HOLD_IGNORES_SETPOINTS = "hold-ignores-setpoints"
    """A set point that is sent while hold is on is acknowledged and ignored."""
    NO_SENSOR_CAPACITY = "no-sensor-capacity"
    """The capacity of auxiliary sensors is refused."""
    JUNK_AFTER_NAMES = "junk-after-names"
    """Name fields hold 0xFF after the zero that ends the name."""


_STATUS = (OmniLink2MessageType.OBJECT_STATUS, OmniLink2MessageType.EXTENDED_OBJECT_STATUS)
_PHONE = (PhoneLineDead, PhoneLineRing, PhoneLineOffHook, PhoneLineOnHook)
_EVENTS = OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS


class _SwappedCrc(Message):
    """A message whose CRC has its bytes the wrong way round."""

    __slots__ = ()

    def encode(self) -> bytes:
        encoded = super().encode()
        return encoded[:-2] + encoded[:-3:-1]


class _NoCrc(Message):
    """A message whose CRC is 0."""

    __slots__ = ()

    def encode(self) -> bytes:
        return super().encode()[:-2] + b"\0\0"


class _Raw(Message):
    """A message of which only the data is sent."""

    __slots__ = ()

    def encode(self) -> bytes:
        return self.data


def _is_of_phone(words: bytes) -> bool:
    return all(isinstance(event, _PHONE) for event in parse_events(words))


def apply_quirks(message: Message, quirks: Set[Quirk]) -> Message:
    """Return a message as a panel with these oddities encodes it."""
    if message.type == _EVENTS and Quirk.RAW_PHONE_EVENTS in quirks and _is_of_phone(message.data):
        return _Raw(*message)
    if Quirk.SWAPPED_CRC in quirks:
        if message.type in _STATUS:
            return _SwappedCrc(*message)
        if message.type == _EVENTS:
            return _NoCrc(*message)
    return message

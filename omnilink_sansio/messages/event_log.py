"""The event log: what happened, kept by the controller (20P00 §READ EVENT RECORD, §EVENT LOG DATA)."""

from collections.abc import Callable, Mapping
from enum import IntEnum, unique
from types import MappingProxyType
from typing import ClassVar

from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.message_record import MessageRecord
from omnilink_sansio.messages.models import ControllerFamily
from omnilink_sansio.messages.objects.area import AlarmType
from omnilink_sansio.messages.objects.code import code_title
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.properties import RelativeDirection
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.record import S8, U8, U16, Tail, member_of, member_or_number, record
from omnilink_sansio.messages.request import Request, expect_or_end, mismatched_reply

__all__ = [
    "EVENT_LOG",
    "EventLogData",
    "EventLogInfo",
    "EventLogType",
    "ReadEventRecord",
    "read_event_record",
]


@unique
class EventLogType(IntEnum):
    """What happened. On Lumina 49 to 54 are the modes home, sleep, away, vacation, party and special."""

    ZONE_BYPASSED = 4
    ZONE_RESTORED = 5
    ALL_ZONES_RESTORED = 6
    DISARMED = 48
    ARMED_DAY = 49
    ARMED_NIGHT = 50
    ARMED_AWAY = 51
    ARMED_VACATION = 52
    ARMED_DAY_INSTANT = 53
    ARMED_NIGHT_DELAYED = 54
    ZONE_TRIPPED = 128
    ZONE_TROUBLE = 129
    REMOTE_PHONE_ACCESS = 130
    REMOTE_PHONE_LOCKOUT = 131
    ZONE_AUTO_BYPASSED = 132
    ZONE_TROUBLE_CLEARED = 133
    PC_ACCESS = 134
    ALARM_ACTIVATED = 135
    ALARM_RESET = 136
    SYSTEM_RESET = 137
    MESSAGE_LOGGED = 138
    ZONE_SHUT_DOWN = 139
    ACCESS_GRANTED = 140
    ACCESS_DENIED = 141


def _zone(number: int) -> str:
    return f"zone {number}"


def _area(number: int) -> str:
    return f"area {number}" if number else "all areas"


def _message(number: int) -> str:
    return f"message {number}"


def _reader(number: int) -> str:
    return f"reader {number}"


def _user(number: int) -> str:
    return f"user {number}"


def _alarm(number: int) -> str:
    alarm = member_or_number(AlarmType, number)
    return alarm.name.lower() if isinstance(alarm, AlarmType) else f"kind {number}"


@frozen
class EventLogInfo:
    """One row of the table of logged events: what its parameters name, and its sentence for each family."""

    parameter1: Callable[[int], str] | None
    """How the first parameter reads; None: not used."""
    parameter2: Callable[[int], str] | None
    """How the second parameter reads; None: not used."""
    omni: str
    """The sentence of an Omni, with places for both parameters."""
    lumina: str | None
    """The sentence of a Lumina; None: it has no such event."""

    def sentence(self, family: ControllerFamily, parameter1: int, parameter2: int) -> str | None:
        """Return what happened, in words; None when controllers of the family do not log that."""
        form = self.lumina if family is ControllerFamily.LUMINA else self.omni
        if form is None:
            return None
        first = "" if self.parameter1 is None else self.parameter1(parameter1)
        second = "" if self.parameter2 is None else self.parameter2(parameter2)
        return form.format(first, second)


def _armed(omni: str, lumina: str) -> EventLogInfo:
    return EventLogInfo(code_title, _area, f"{{1}} armed {omni} by {{0}}", f"mode {lumina} set by {{0}}")


def _both(
    parameter1: Callable[[int], str] | None, parameter2: Callable[[int], str] | None, form: str
) -> EventLogInfo:
    return EventLogInfo(parameter1, parameter2, form, form)


def _omni(
    parameter1: Callable[[int], str] | None, parameter2: Callable[[int], str], form: str
) -> EventLogInfo:
    return EventLogInfo(parameter1, parameter2, form, None)


EVENT_LOG: Mapping[EventLogType, EventLogInfo] = MappingProxyType(
    {
        EventLogType.ZONE_BYPASSED: _omni(code_title, _zone, "{1} bypassed by {0}"),
        EventLogType.ZONE_RESTORED: _omni(code_title, _zone, "{1} restored by {0}"),
        EventLogType.ALL_ZONES_RESTORED: _omni(code_title, _area, "all zones of {1} restored by {0}"),
        EventLogType.DISARMED: _omni(code_title, _area, "{1} disarmed by {0}"),
        EventLogType.ARMED_DAY: _armed("for the day", "home"),
        EventLogType.ARMED_NIGHT: _armed("for the night", "sleep"),
        EventLogType.ARMED_AWAY: _armed("away", "away"),
        EventLogType.ARMED_VACATION: _armed("for a vacation", "vacation"),
        EventLogType.ARMED_DAY_INSTANT: _armed("for the day, instant,", "party"),
        EventLogType.ARMED_NIGHT_DELAYED: _armed("for the night, delayed,", "special"),
        EventLogType.ZONE_TRIPPED: _both(None, _zone, "{1} tripped"),
        EventLogType.ZONE_TROUBLE: _both(None, _zone, "{1} in trouble"),
        EventLogType.REMOTE_PHONE_ACCESS: _both(code_title, None, "remote access by phone by {0}"),
        EventLogType.REMOTE_PHONE_LOCKOUT: _both(None, None, "remote access by phone locked out"),
        EventLogType.ZONE_AUTO_BYPASSED: _omni(None, _zone, "{1} bypassed by the system"),
        EventLogType.ZONE_TROUBLE_CLEARED: _both(None, _zone, "trouble of {1} over"),
        EventLogType.PC_ACCESS: _both(code_title, None, "access by PC by {0}"),
        EventLogType.ALARM_ACTIVATED: _both(_alarm, _area, "{0} alarm in {1}"),
        EventLogType.ALARM_RESET: _both(_alarm, _area, "{0} alarm in {1} reset"),
        EventLogType.SYSTEM_RESET: _both(None, None, "system reset"),
        EventLogType.MESSAGE_LOGGED: _both(None, _message, "{1} logged"),
        EventLogType.ZONE_SHUT_DOWN: _omni(None, _zone, "{1} shut down"),
        EventLogType.ACCESS_GRANTED: _both(_user, _reader, "access granted to {0} at {1}"),
        EventLogType.ACCESS_DENIED: _both(_user, _reader, "access denied to {0} at {1}"),
    }
)
"""One row a kind of logged event."""


@record
class EventLogData(MessageRecord):
    """One logged event (20P00 §EVENT LOG DATA). It has neither year nor second."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.EVENT_LOG_DATA

    number: U16
    """Higher numbers are newer; after 65535 comes 1."""
    time_valid: U8
    """0: the controller did not know the time, and the next four fields mean nothing."""
    month: U8
    day: U8
    hour: U8
    minute: U8
    event_type: U8
    parameter1: U8
    """A code number, a kind of alarm or a user, as the type has it."""
    parameter2: U16
    """The number of a zone, an area, a message or a reader, as the type has it."""
    tail: Tail = b""

    @property
    def kind(self) -> EventLogType | int:
        """What happened by name, or its number when unknown."""
        return member_or_number(EventLogType, self.event_type)

    def sentence(self, family: ControllerFamily = ControllerFamily.OMNI) -> str:
        """Return what happened, for people: "area 1 armed away by code 5". Families number some things alike."""
        kind = self.kind
        said = None
        if isinstance(kind, EventLogType):
            said = EVENT_LOG[kind].sentence(family, self.parameter1, self.parameter2)
        return said or f"event {self.event_type} ({self.parameter1}, {self.parameter2})"


@record
class ReadEventRecord(Request[EventLogData | None]):
    """Ask for a logged event: of a number, or the next or previous one (20P00 §READ EVENT RECORD).

    Number 0 stands before the oldest and after the newest: its next is the oldest, its previous the newest.
    """

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.READ_EVENT_RECORD

    number: U16 = 0
    direction: S8 = RelativeDirection.PREVIOUS

    def accept(self, reply: Payload) -> EventLogData | None:
        """Return the event, None when there is none. Raises `RemoteProtocolError` for another than asked for."""
        found = expect_or_end(EventLogData, self, reply)
        if found is not None and self.direction == RelativeDirection.THIS and found.number != self.number:
            raise mismatched_reply(self, f"event {self.number}", f"event {found.number}")
        return found


def read_event_record(
    number: int = 0, direction: RelativeDirection = RelativeDirection.PREVIOUS
) -> ReadEventRecord:
    """Return a logged event: that of a number, or the next or previous one; None when there is none.

    Number 0 stands before the oldest and after the newest event: its next is the oldest, its previous the newest
    (20P00 §READ EVENT RECORD).
    """
    return ReadEventRecord(number, member_of(RelativeDirection, direction))

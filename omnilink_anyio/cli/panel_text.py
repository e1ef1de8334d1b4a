"""An emulated panel in words: its clients, their requests, what changes, how things stand."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from omnilink_anyio.cli.output import printable, words
from omnilink_sansio.errors import RemoteProtocolError
from omnilink_sansio.messages.events import SystemEvent
from omnilink_sansio.messages.notifications import Notification, UnknownNotification
from omnilink_sansio.messages.objects.access_control import AccessControlLockStatus, AccessControlReaderStatus
from omnilink_sansio.messages.objects.area import AreaStatus, SecurityMode
from omnilink_sansio.messages.objects.audio import AudioZoneStatus
from omnilink_sansio.messages.objects.auxiliary_sensor import AuxSensorStatus
from omnilink_sansio.messages.objects.expansion_enclosure import ExpansionEnclosureStatus
from omnilink_sansio.messages.objects.message import MessageStatus
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.thermostat import ThermostatStatus
from omnilink_sansio.messages.objects.unit import UnitStatus
from omnilink_sansio.messages.objects.user_setting import UserSettingStatus
from omnilink_sansio.messages.objects.zone import ZoneCondition, ZoneStatus
from omnilink_sansio.messages.parse import parse_message
from omnilink_sansio.session.events import (
    ControllerEvent,
    ControllerSessionEnded,
    PacketDropped,
    SessionStarted,
)
from omnilink_sansio.simulator.house import House
from omnilink_sansio.wire.message import Message

__all__ = [
    "armed_areas",
    "change_in_words",
    "event_in_words",
    "in_summary",
    "message_in_words",
    "next_words",
    "object_rows",
    "open_zones",
    "peer_in_words",
    "units_on",
]


# Clients and their requests.


def peer_in_words(peer: Hashable) -> str:
    """Return where a client is: datagrams come from an address, streams have a name of their own."""
    return f"{peer[0]} port {peer[1]} (UDP)" if isinstance(peer, tuple) else str(peer)


def message_in_words(message: Message) -> str:
    """Return what kind of request or reply a message is, and nothing of what is in it: that may be a code."""
    try:
        payload = parse_message(message)
    except RemoteProtocolError:
        return f"a malformed message of type 0x{message.type:02X}"
    return _spelled(type(payload).__name__)


def event_in_words(event: ControllerEvent | PacketDropped) -> str:
    """Return what happened at a client's connection."""
    match event:
        case SessionStarted():
            return "session open"
        case ControllerSessionEnded(reason=reason):
            return f"session over: {reason.value}"
        case PacketDropped(fault=fault):
            return f"packet dropped: {fault.value}"
        case _:
            return _spelled(type(event).__name__)


def _spelled(name: str) -> str:
    """Return a class's name as words."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


# Changes.


def change_in_words(change: Notification, house: House) -> str:
    """Return a panel's notification in words, with the names that the house's objects have."""
    kind = _KINDS.get(type(change))
    if kind is not None:
        status: Any = change
        return f"{_called(kind.noun, kind.object_type, status.index, house)}: {kind.state(status)}"
    match change:
        case UnknownNotification(why=why):
            return printable(why)
        case SystemEvent():
            return _with_fields(change)
        case _:
            return printable(_with_fields(change))


def _called(noun: str, object_type: ObjectType, index: int, house: House) -> str:
    name = printable(getattr(house.find(object_type, index), "name", ""))
    return f"{noun} {index} {name}".rstrip()


def _with_fields(item: object) -> str:
    said = _spelled(type(item).__name__)
    given = [
        f"{entry.name.replace('_', ' ')} {words(getattr(item, entry.name))}"
        for entry in (fields(item) if is_dataclass(item) else ())
        if entry.name != "tail"
    ]
    return f"{said}: {', '.join(given)}" if given else said


def _zone(status: ZoneStatus) -> str:
    said = [words(status.condition)]
    said += ["bypassed"] if status.is_bypassed else []
    said += ["alarm"] if words(status.latched_alarm) == "tripped" else []
    return ", ".join(said)


def _unit(status: UnitStatus) -> str:
    if status.count is not None:
        said = str(status.count)
    elif status.level not in (None, 0, 100):
        said = f"{status.level} %"
    else:
        said = "on" if status.is_on else "off"
    return f"{said} for {status.seconds_left} s" if status.seconds_left else said


def _area(status: AreaStatus) -> str:
    said = [words(status.security_mode)]
    said += [f"exit delay {status.exit_timer} s"] if status.exit_timer else []
    said += [f"entry delay {status.entry_timer} s"] if status.entry_timer else []
    said += [f"alarm: {words(kind)}" for kind in status.alarm_kinds]
    return ", ".join(said)


def _degrees(celsius: float | None) -> str:
    return "unknown" if celsius is None else f"{celsius:.1f} °C"


def _setpoint(name: str, celsius: float | None) -> str:
    return f"no {name} set point" if celsius is None else f"{name} to {_degrees(celsius)}"


def _thermostat(status: ThermostatStatus) -> str:
    if status.communications_failure:
        return "lost"
    return (
        f"{_degrees(status.temperature_celsius)}, {words(status.hvac_mode)}, "
        f"{_setpoint('heat', status.heat_setpoint_celsius)}, {_setpoint('cool', status.cool_setpoint_celsius)}"
    )


def _sensor(status: AuxSensorStatus) -> str:
    return "energized" if status.is_energized else f"reading {status.current}"


def _audio_zone(status: AudioZoneStatus) -> str:
    if not status.is_on:
        return "off"
    return f"source {status.source}, volume {status.volume} %" + (", muted" if status.is_muted else "")


def _reader(status: AccessControlReaderStatus) -> str:
    return f"access {'denied' if status.is_denied else 'granted'}, last user {status.last_user}"


def _lock(status: AccessControlLockStatus) -> str:
    said = "locked" if status.is_locked else "unlocked"
    return f"{said} for {status.seconds_left} s" if status.seconds_left else said


class _Kind(NamedTuple):
    """How one kind of status is put in words."""

    noun: str
    object_type: ObjectType
    state: Callable[[Any], str]


_KINDS: Mapping[type, _Kind] = MappingProxyType(
    {
        ZoneStatus: _Kind("zone", ObjectType.ZONE, _zone),
        UnitStatus: _Kind("unit", ObjectType.UNIT, _unit),
        AreaStatus: _Kind("area", ObjectType.AREA, _area),
        ThermostatStatus: _Kind("thermostat", ObjectType.THERMOSTAT, _thermostat),
        AuxSensorStatus: _Kind("sensor", ObjectType.AUXILIARY_SENSOR, _sensor),
        AudioZoneStatus: _Kind("audio zone", ObjectType.AUDIO_ZONE, _audio_zone),
        MessageStatus: _Kind("message", ObjectType.MESSAGE, lambda status: words(status.message_state)),
        UserSettingStatus: _Kind("user setting", ObjectType.USER_SETTING, lambda status: str(status.decoded)),
        AccessControlReaderStatus: _Kind("reader", ObjectType.ACCESS_CONTROL_READER, _reader),
        AccessControlLockStatus: _Kind("lock", ObjectType.ACCESS_CONTROL_READER_LOCK, _lock),
        ExpansionEnclosureStatus: _Kind(
            "enclosure", ObjectType.EXPANSION_ENCLOSURE, lambda status: f"battery {status.battery}"
        ),
    }
)


# How things stand.

_Row = tuple[int, str, str]
"""An object's number, its name and how it stands."""


def object_rows(house: House, kind: type, show: Callable[[Any], object]) -> Iterator[_Row]:
    """Yield number, name and state of the described objects with this kind of status that are to be shown."""
    found = _KINDS[kind]
    for object_type, objects in house.described():
        if object_type is not found.object_type:
            continue
        for index, item in sorted(objects.items()):
            status = house.status(object_type, index)
            if status is not None and show(status):
                yield index, str(getattr(item, "name", "")), found.state(status)


def armed_areas(house: House) -> Iterator[_Row]:
    """Yield the areas that are armed, or being armed."""
    return object_rows(house, AreaStatus, lambda area: area.security_mode is not SecurityMode.OFF)


def open_zones(house: House) -> Iterator[_Row]:
    """Yield the zones that are not secure."""
    return object_rows(house, ZoneStatus, lambda zone: zone.condition is not ZoneCondition.SECURE)


def units_on(house: House) -> Iterator[_Row]:
    """Yield the units that are on."""
    return object_rows(house, UnitStatus, lambda unit: unit.is_on)


def in_summary(house: House, sessions: int) -> str:
    """Return one line on sessions, armed areas and open zones."""
    return " | ".join(
        (
            "1 session" if sessions == 1 else f"{sessions} sessions",
            f"armed: {_list(f'{name or number} {state}' for number, name, state in armed_areas(house))}",
            f"open: {_list(name or f'zone {number}' for number, name, _ in open_zones(house))}",
        )
    )


def _list(items: Iterable[str]) -> str:
    return ", ".join(map(printable, items)) or "none"


# What can be typed.


def next_words(forms: Iterable[str], typed: str) -> list[str]:
    """Return what the last word typed may become, or what may follow.

    A form's words are taken as they are, those with | between them one for the other; a word in capitals is the
    user's.
    """
    *before, last = typed.split(" ")
    before = [word.lower() for word in before if word]
    found: dict[str, None] = {}
    for form in forms:
        places = form.split()
        if len(places) > len(before) and all(map(_fits, places, before)):
            place = places[len(before)]
            if place != place.upper():
                found.update(dict.fromkeys(place.split("|")))
    return [word for word in found if word.startswith(last.lower())]


def _fits(place: str, word: str) -> bool:
    return place == place.upper() or word in place.split("|")

"""A house behind an emulated panel: its objects, the panel's own state, and both as time goes by.

Describe one as a literal; `demo_house` is an example. Numbers are the objects' numbers, from 1. Every number up
to the model's capacity exists, as on a real panel; those that are not described are unnamed.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Protocol, TypeAlias, TypeVar

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.event_log import EventLogData, EventLogType
from omnilink_sansio.messages.events import SystemEvent
from omnilink_sansio.messages.models import ControllerModel
from omnilink_sansio.messages.name_messages import NAME_TYPES, NameType
from omnilink_sansio.messages.objects import OBJECT_TYPES, ObjectProperties, ObjectStatusRecord, ObjectType
from omnilink_sansio.messages.programs import PROGRAM_SIZE
from omnilink_sansio.simulator.house_objects import (
    Area,
    AudioSource,
    AudioZone,
    AuxiliarySensor,
    Button,
    Code,
    ConsoleMessage,
    Enclosure,
    HouseObject,
    Reader,
    Thermostat,
    Unit,
    UserSetting,
    Zone,
)

__all__ = ["Change", "House"]

_O = TypeVar("_O", bound=HouseObject)

_LOG_SIZE = 256
_LAST_NUMBER = 65535

Change: TypeAlias = tuple[ObjectType, int] | SystemEvent
"""An object whose status changed, by kind and number, or an event that is no object's."""

OMNI_PRO_II_CAPACITIES: Mapping[int, int] = MappingProxyType(
    {
        ObjectType.ZONE: 176,
        ObjectType.UNIT: 511,
        ObjectType.BUTTON: 128,
        ObjectType.CODE: 99,
        ObjectType.AREA: 8,
        ObjectType.THERMOSTAT: 64,
        ObjectType.MESSAGE: 128,
        ObjectType.AUXILIARY_SENSOR: 176,
        ObjectType.AUDIO_SOURCE: 8,
        ObjectType.AUDIO_ZONE: 8,
        ObjectType.EXPANSION_ENCLOSURE: 8,
        ObjectType.CONSOLE: 16,
        ObjectType.USER_SETTING: 25,
        ObjectType.ACCESS_CONTROL_READER: 16,
        ObjectType.ACCESS_CONTROL_READER_LOCK: 16,
    }
)
"""How many objects of each kind an Omni Pro II has (20P00 §NAME DATA; audio, consoles: from the field)."""

LAST_PROGRAM = 1500
"""Slots for programs on an Omni Pro II (from the field)."""


class _OnShelf(Protocol):
    def __call__(self, objects: dict[int, _O], index: int, new: Callable[[], _O]) -> _O: ...


def _looked_at(objects: dict[int, _O], index: int, new: Callable[[], _O]) -> _O:
    found = objects.get(index)
    return new() if found is None else found


def _kept(objects: dict[int, _O], index: int, new: Callable[[], _O]) -> _O:
    return objects.setdefault(index, new())


def _new_area() -> Area:
    return Area(enabled=False)


@dataclass(slots=True)
class House:
    """Everything that an emulated panel controls. ``now`` is the panel's clock in seconds, set by its inputs."""

    model: ControllerModel = ControllerModel.OMNI_PRO_II
    firmware: tuple[int, int, int] = (4, 0, 2)
    """Major, minor, revision (1 = "a")."""
    phone: str = ""
    temperature_format: int = 1
    time_format: int = 1
    date_format: int = 1
    battery: int = 0xD5
    sunrise: tuple[int, int] = (6, 41)
    sunset: tuple[int, int] = (17, 8)
    clock: datetime = datetime(2026, 11, 21, 8, 0)  # noqa: DTZ001 - a panel's clock knows no zone
    """What the panel's clock shows when the panel starts."""
    daylight_saving: bool = False
    troubles: bytes = b""
    """One byte a trouble, see `SystemTrouble`."""
    features: bytes = b""
    """One byte a feature, see `SystemFeature`."""
    partitions: list[tuple[int, int]] = field(default_factory=list)
    """Mode and status of each partition of a connected security system; none: there is no such system."""
    capacities: Mapping[int, int] = field(default_factory=lambda: OMNI_PRO_II_CAPACITIES)
    zones: dict[int, Zone] = field(default_factory=dict)
    units: dict[int, Unit] = field(default_factory=dict)
    areas: dict[int, Area] = field(default_factory=dict)
    thermostats: dict[int, Thermostat] = field(default_factory=dict)
    buttons: dict[int, Button] = field(default_factory=dict)
    codes: dict[int, Code] = field(default_factory=dict)
    messages: dict[int, ConsoleMessage] = field(default_factory=dict)
    sensors: dict[int, AuxiliarySensor] = field(default_factory=dict)
    audio_sources: dict[int, AudioSource] = field(default_factory=dict)
    audio_zones: dict[int, AudioZone] = field(default_factory=dict)
    enclosures: dict[int, Enclosure] = field(default_factory=dict)
    user_settings: dict[int, UserSetting] = field(default_factory=dict)
    readers: dict[int, Reader] = field(default_factory=dict)
    voice_names: dict[tuple[NameType, int], tuple[int, ...]] = field(default_factory=dict)
    """The phrases of objects that have a voice name."""
    programs: dict[int, bytes] = field(default_factory=dict)
    """The programs by slot, 14 bytes each."""
    log: deque[EventLogData] = field(default_factory=deque)
    """The event log, oldest first."""
    started: float | None = None
    now: float = 0.0
    _changes: dict[Change, None] = field(default_factory=dict, init=False, repr=False)

    @property
    def has_extended_status(self) -> bool:
        """Extended object status exists from firmware 3.0 on."""
        return self.firmware[0] >= 3

    def knows(self, object_type: int) -> bool:
        """Whether the firmware is new enough for a kind of object."""
        forms = OBJECT_TYPES.get(object_type)
        return forms is not None and (forms.min_firmware is None or self.firmware[:2] >= forms.min_firmware)

    def time(self) -> datetime:
        """What the panel's clock shows now."""
        return self.clock + timedelta(seconds=self.now - (self.started or 0.0))

    def set_time(self, when: datetime, daylight_saving: bool) -> None:
        """Set the panel's clock."""
        self.clock, self.started, self.daylight_saving = when, self.now, daylight_saving

    # Objects.

    def find(self, object_type: int, index: int) -> HouseObject | None:
        """Return an object to look at; None for numbers beyond the capacity and kinds that are not modelled.

        One that is not described is as new, and looking at it leaves no trace.
        """
        return self._at(object_type, index, _looked_at)

    def use(self, object_type: int, index: int) -> HouseObject | None:
        """Return an object to change, as `find` does; one that is not described is from then on."""
        return self._at(object_type, index, _kept)

    def _at(self, object_type: int, index: int, on: "_OnShelf") -> HouseObject | None:
        if not 1 <= index <= self.capacities.get(object_type, 0) or not self.knows(object_type):
            return None
        match object_type:
            case ObjectType.ZONE:
                return on(self.zones, index, Zone)
            case ObjectType.UNIT:
                return on(self.units, index, Unit)
            case ObjectType.AREA:
                return on(self.areas, index, _new_area)
            case ObjectType.THERMOSTAT:
                return on(self.thermostats, index, Thermostat)
            case ObjectType.BUTTON:
                return on(self.buttons, index, Button)
            case ObjectType.CODE:
                return on(self.codes, index, Code)
            case ObjectType.MESSAGE:
                return on(self.messages, index, ConsoleMessage)
            case ObjectType.AUXILIARY_SENSOR:
                return on(self.sensors, index, AuxiliarySensor)
            case ObjectType.AUDIO_SOURCE:
                return on(self.audio_sources, index, AudioSource)
            case ObjectType.AUDIO_ZONE:
                return on(self.audio_zones, index, AudioZone)
            case ObjectType.EXPANSION_ENCLOSURE:
                return on(self.enclosures, index, Enclosure)
            case ObjectType.USER_SETTING:
                return on(self.user_settings, index, UserSetting)
            case ObjectType.ACCESS_CONTROL_READER | ObjectType.ACCESS_CONTROL_READER_LOCK:
                return on(self.readers, index, Reader)
            case _:
                return None

    def described(self) -> Iterator[tuple[ObjectType, Mapping[int, HouseObject]]]:
        """Yield the objects that are described, or were used, of each kind."""
        yield ObjectType.ZONE, self.zones
        yield ObjectType.UNIT, self.units
        yield ObjectType.AREA, self.areas
        yield ObjectType.THERMOSTAT, self.thermostats
        yield ObjectType.BUTTON, self.buttons
        yield ObjectType.CODE, self.codes
        yield ObjectType.MESSAGE, self.messages
        yield ObjectType.AUXILIARY_SENSOR, self.sensors
        yield ObjectType.AUDIO_SOURCE, self.audio_sources
        yield ObjectType.AUDIO_ZONE, self.audio_zones
        yield ObjectType.EXPANSION_ENCLOSURE, self.enclosures
        yield ObjectType.USER_SETTING, self.user_settings
        yield ObjectType.ACCESS_CONTROL_READER, self.readers

    def is_armed(self, area: int) -> bool:
        """Whether an area is armed, with no exit delay left."""
        found = self.areas.get(area)
        return found is not None and found.is_armed

    def properties(self, object_type: int, index: int) -> ObjectProperties | None:
        """Return an object's properties now, None when there is no such object."""
        found = self.find(object_type, index)
        return None if found is None else found.properties(index, self)

    def status(self, object_type: int, index: int) -> ObjectStatusRecord | None:
        """Return an object's state now, in its extended form; None when it has none."""
        found = self.find(object_type, index)
        if object_type == ObjectType.ACCESS_CONTROL_READER_LOCK and isinstance(found, Reader):
            return found.lock_status(index, self)
        return None if found is None else found.status(index, self)

    def check(self) -> None:
        """Raise `LocalProtocolError` for an object whose number, name or values no message can carry."""
        for object_type, objects in self.described():
            for index, item in objects.items():
                highest = self.capacities.get(object_type, 0)
                if not 1 <= index <= highest:
                    raise LocalProtocolError(
                        f"there is no {object_type.name} {index}: the numbers go from 1 to {highest}"
                    )
                item.check()
                for made in (item.properties(index, self), item.status(index, self)):
                    if made is not None:
                        made.encode()
        for slot, body in self.programs.items():
            if not 1 <= slot <= LAST_PROGRAM or len(body) != PROGRAM_SIZE:
                raise LocalProtocolError(
                    f"program {slot}: slots go from 1 to {LAST_PROGRAM}, programs have {PROGRAM_SIZE} bytes"
                )
        for kind, index in self.voice_names:
            if self.find(NAME_TYPES[kind][0], index) is None:
                raise LocalProtocolError(f"there is no {kind.name} {index} that could have a voice name")

    # What happens.

    def note(self, *changes: Change) -> None:
        """Note what changed, to be told to the clients."""
        self._changes.update(dict.fromkeys(changes))

    def take_changes(self) -> list[Change]:
        """Return what changed since the last call, each once, in the order of the first change."""
        changes = list(self._changes)
        self._changes.clear()
        return changes

    def write_log(self, event: EventLogType, parameter1: int = 0, parameter2: int = 0) -> None:
        """Write an event into the log, at the time that the panel's clock shows."""
        number = self.log[-1].number % _LAST_NUMBER + 1 if self.log else 1
        time = self.time()
        while len(self.log) >= _LOG_SIZE:
            self.log.popleft()
        self.log.append(
            EventLogData(
                number, 1, time.month, time.day, time.hour, time.minute, event, parameter1, parameter2
            )
        )

    def advance(self, now: float) -> None:
        """Let time go on to ``now``, noting the objects whose time ran out."""
        if self.started is None:
            self.started = now
        self.now = max(self.now, now)
        for object_type, objects in self.described():
            for index, item in objects.items():
                if item.until is not None and item.until <= self.now:
                    item.time_up()
                    self.note((_TIMED.get(object_type, object_type), index))

    def timers(self) -> Iterator[float]:
        """Yield when something will change by itself."""
        for _, objects in self.described():
            for item in objects.values():
                if item.until is not None:
                    yield item.until


_TIMED = {ObjectType.ACCESS_CONTROL_READER: ObjectType.ACCESS_CONTROL_READER_LOCK}
"""Where the time of an object is another's: that of a reader is its lock's."""

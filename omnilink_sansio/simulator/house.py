"""A house behind an emulated panel: its objects, the panel's own state, its timers and its event log.

Describe one as a literal; `demo_house` is an example. Numbers are the objects' numbers, from 1. Every number up
to the model's capacity exists, as on a real panel; those that are not described are unnamed. What happens in it is
in the modules beside this one; all of it goes by `House.now`, the panel's clock, which `pass_time` sets.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Protocol, TypeAlias, TypeVar

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.event_log import EVENT_LOG, EventLogData, EventLogType
from omnilink_sansio.messages.events import SystemEvent
from omnilink_sansio.messages.models import ControllerFamily, ControllerModel
from omnilink_sansio.messages.name_messages import NAME_TYPES, NameType
from omnilink_sansio.messages.objects.area import SecurityMode
from omnilink_sansio.messages.objects.object_record import ObjectProperties, ObjectStatusRecord
from omnilink_sansio.messages.objects.object_type import HIGHEST_AREA, OBJECT_TYPES, ObjectType
from omnilink_sansio.messages.objects.unit import UnitType
from omnilink_sansio.messages.programs import PROGRAM_SIZE
from omnilink_sansio.messages.system import (
    DateFormat,
    SystemFeature,
    SystemTrouble,
    TemperatureFormat,
    TimeFormat,
)
from omnilink_sansio.secrets import UserCode
from omnilink_sansio.simulator.house_objects.access_control import Reader
from omnilink_sansio.simulator.house_objects.area import Area
from omnilink_sansio.simulator.house_objects.audio import AudioSource, AudioZone
from omnilink_sansio.simulator.house_objects.auxiliary_sensor import AuxiliarySensor
from omnilink_sansio.simulator.house_objects.button import Button
from omnilink_sansio.simulator.house_objects.code import Code
from omnilink_sansio.simulator.house_objects.console_message import ConsoleMessage
from omnilink_sansio.simulator.house_objects.enclosure import Enclosure
from omnilink_sansio.simulator.house_objects.house_object import HouseObject
from omnilink_sansio.simulator.house_objects.thermostat import Thermostat
from omnilink_sansio.simulator.house_objects.unit import Unit
from omnilink_sansio.simulator.house_objects.user_setting import UserSetting
from omnilink_sansio.simulator.house_objects.zone import Zone
from omnilink_sansio.simulator.models import MODELS, PanelModel
from omnilink_sansio.simulator.quirks import Quirk
from omnilink_sansio.simulator.raw_values import RawUnitState
from omnilink_sansio.simulator.stimuli import OBJECTS_NAMED, ArmAtKeypad, ResetAlarms, Stimulus
from omnilink_sansio.simulator.timers import Timer, Timers

__all__ = ["House", "ScriptLine", "StatusChange"]

_O = TypeVar("_O", bound=HouseObject)

_LAST_NUMBER = 65535
_HIGHEST_COST = 3
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_OF_THE_MODEL = (0, 0, 0)

StatusChange: TypeAlias = tuple[ObjectType, int] | SystemEvent
"""An object whose status changed, by kind and number, or an event that is no object's."""


class _OnShelf(Protocol):
    def __call__(self, objects: dict[int, _O], index: int, new: Callable[[], _O]) -> _O: ...


def _looked_at(objects: dict[int, _O], index: int, new: Callable[[], _O]) -> _O:
    found = objects.get(index)
    return new() if found is None else found


def _kept(objects: dict[int, _O], index: int, new: Callable[[], _O]) -> _O:
    return objects.setdefault(index, new())


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One line of a house's script: what happens ``at`` seconds after the panel started."""

    at: float
    happening: Stimulus


@dataclass(slots=True)
class House:
    """Everything that an emulated panel controls. Raises `LocalProtocolError` for a model that is not modelled."""

    model: ControllerModel = ControllerModel.OMNI_PRO_II
    firmware: tuple[int, int, int] = _OF_THE_MODEL
    """Major, minor, revision (1 = "a"); (0, 0, 0): that of the model."""
    capacities: Mapping[ObjectType, int] = field(default_factory=dict)
    """How many objects there are of the kinds that differ from the model; afterwards of every kind."""
    quirks: frozenset[Quirk] = frozenset()
    """The oddities of this panel."""
    phone: str = ""
    temperature_format: TemperatureFormat = TemperatureFormat.FAHRENHEIT
    time_format: TimeFormat = TimeFormat.HOURS_12
    date_format: DateFormat = DateFormat.MONTH_DAY
    battery: int = 0xD5
    """The reading of the panel's battery; the vendor gives no scale."""
    sunrise: time = time(6, 41)
    sunset: time = time(17, 8)
    clock: datetime | None = datetime(2026, 11, 21, 8, 0)  # noqa: DTZ001 - a panel's clock knows no zone
    """What the panel's clock shows when the panel starts; None: it was never set."""
    daylight_saving: bool = False
    energy_cost: int = 0
    """0 low, 1 mid, 2 high, 3 critical."""
    troubles: list[SystemTrouble] = field(default_factory=list)
    features: list[SystemFeature] = field(default_factory=list)
    partitions: list[tuple[int, int]] = field(default_factory=list)
    """Mode and status of each partition of a connected security system; none: there is no such system."""
    siren_time: float = 300.0
    """How many seconds a siren sounds."""
    duress_code: UserCode | None = None
    """The code to give under threat: it does what a code does, and raises a duress alarm."""
    wrong_codes: int = 3
    """Wrong codes in a row that lock all codes out, 0: never. The number and the time are those that the vendor
    prints for log-ins (10P17 §ACCESS CONTROL MESSAGES)."""
    lock_out: float = 3600.0
    """How many seconds codes are locked out."""
    restore_needed: bool = False
    """Whether arming waits for the installer."""
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
    upb_links: dict[int, dict[int, RawUnitState]] = field(default_factory=dict)
    """What each unit of a UPB link does when the link is activated."""
    scenes: dict[int, dict[int, RawUnitState]] = field(default_factory=dict)
    """What each unit of a scene does when the scene is on."""
    voice_names: dict[tuple[NameType, int], tuple[int, ...]] = field(default_factory=dict)
    """The phrases of objects that have a voice name."""
    programs: dict[int, bytes] = field(default_factory=dict)
    """The programs by slot, 14 bytes each."""
    script: list[ScriptLine] = field(default_factory=list)
    """What happens by itself, and when."""
    log: deque[EventLogData] = field(default_factory=deque)
    """The event log, oldest first."""
    now: float = field(default=0.0, init=False)
    started: float | None = field(default=None, init=False)
    """When the panel started, on its clock; None: not yet."""
    codes_tried: int = field(default=0, init=False)
    """Wrong codes in a row."""
    timers: Timers = field(default_factory=Timers, init=False, repr=False, compare=False)
    _clock_set: float = field(default=0.0, init=False, repr=False)
    _changes: dict[object, StatusChange] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            raise LocalProtocolError(
                f"model {self.model!r} is not one of {', '.join(m.name for m in MODELS)}"
            )
        if self.firmware == _OF_THE_MODEL:
            self.firmware = self.facts.firmware
        self.capacities = {**self.facts.capacities, **self.capacities}
        if self.is_lumina:
            for area in self.areas.values():
                area.mode = max(area.mode, self._first_mode)

    @property
    def facts(self) -> PanelModel:
        """What its model has of everything."""
        return MODELS[self.model]

    @property
    def is_lumina(self) -> bool:
        """Whether it has modes in place of an alarm system."""
        return self.model.family is ControllerFamily.LUMINA

    @property
    def _first_mode(self) -> SecurityMode:
        # A Lumina has no mode 0; 1 is HOME.
        return SecurityMode.DAY if self.is_lumina else SecurityMode.OFF

    def _new_area(self) -> Area:
        return Area(enabled=False, mode=self._first_mode)

    @property
    def has_extended_status(self) -> bool:
        """Extended object status exists from firmware 3.0 on."""
        return self.firmware[0] >= 3

    def knows(self, object_type: int) -> bool:
        """Whether the firmware is new enough for a kind of object."""
        forms = OBJECT_TYPES.get(object_type)
        return forms is not None and (forms.min_firmware is None or self.firmware[:2] >= forms.min_firmware)

    def has(self, quirk: Quirk) -> bool:
        """Whether this panel has an oddity."""
        return quirk in self.quirks

    def capacity(self, object_type: int) -> int:
        """Return how many objects of a kind there are; 0 for kinds that the firmware does not know."""
        if not self.knows(object_type):
            return 0
        return self.capacities.get(ObjectType(object_type), 0)

    # Time.

    def shown_time(self) -> datetime | None:
        """What the panel's clock shows now, None when it was never set."""
        if self.clock is None:
            return None
        return self.clock + timedelta(seconds=self.now - self._clock_set)

    def set_time(self, when: datetime, daylight_saving: bool) -> None:
        """Set the panel's clock."""
        self.clock, self._clock_set, self.daylight_saving = when, self.now, daylight_saving

    def start(self, now: float) -> None:
        """Begin at this moment: from here on the panel's clock goes, and the script with it."""
        self.now = self.started = self._clock_set = now
        for index, line in enumerate(self.script):
            self.timers.start(Timer.SCRIPT, index, now + line.at)

    def after(self, seconds: float, timer: Timer, index: int = 0) -> None:
        """Let a timer run out that many seconds from now."""
        self.timers.start(timer, index, self.now + seconds)

    def seconds_left(self, timer: Timer, index: int = 0) -> int:
        """Return the whole seconds that a timer has left, rounded up; 0 when it does not run."""
        return self.timers.seconds_left(timer, index, self.now)

    def next_timer(self) -> float | None:
        """Return when something will change by itself, on the panel's clock; None: nothing will."""
        return self.timers.next_at()

    # Objects.

    def find(self, object_type: int, index: int) -> HouseObject | None:
        """Return an object to look at; None for numbers beyond the capacity and kinds that are not modelled.

        One that is not described is as new, and looking at it leaves no trace.
        """
        return self._at(object_type, index, _looked_at)

    def use(self, object_type: int, index: int) -> HouseObject | None:
        """Return an object to change, as `find` does; one that is not described is from then on."""
        return self._at(object_type, index, _kept)

    def _at(self, object_type: int, index: int, on: _OnShelf) -> HouseObject | None:
        if not 1 <= index <= self.capacity(object_type):
            return None
        match object_type:
            case ObjectType.ZONE:
                return on(self.zones, index, Zone)
            case ObjectType.UNIT:
                return on(self.units, index, Unit)
            case ObjectType.AREA:
                return on(self.areas, index, self._new_area)
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

    def armed_mode(self, area: int) -> SecurityMode:
        """Return the mode that an area is armed in; OFF while its exit delay runs, and always on a Lumina."""
        found = self.areas.get(area)
        if found is None or self.is_lumina or self.timers.is_running(Timer.EXIT_DELAY, area):
            return SecurityMode.OFF
        return found.mode

    def unit_type(self, index: int) -> UnitType:
        """Return the model's default type for this unit."""
        return self.facts.unit_type(index)

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
                _require(
                    1 <= index <= highest,
                    f"there is no {object_type.name} {index}: in this {self.model.title} the numbers "
                    f"go from 1 to {highest}",
                )
                try:
                    self._check_object(index, item)
                except LocalProtocolError as error:
                    raise LocalProtocolError(f"{object_type.name} {index}: {error}") from None
        for slot, body in self.programs.items():
            _require(
                1 <= slot <= self.facts.programs and len(body) == PROGRAM_SIZE,
                f"program {slot}: slots go from 1 to {self.facts.programs}, programs have {PROGRAM_SIZE} bytes",
            )
        for kind, index in self.voice_names:
            known = self.find(NAME_TYPES[kind][0], index) is not None
            _require(known, f"there is no {kind.name} {index} that could have a voice name")
        for preset in (*self.upb_links.values(), *self.scenes.values()):
            for index, state in preset.items():
                known = self.find(ObjectType.UNIT, index) is not None and 0 <= state <= 0xFF
                _require(known, f"a scene or UPB link cannot set unit {index} to {state}")
        for line in self.script:
            _require(line.at >= 0, f'"{line.happening.FORM}": a script begins at 0 seconds, not {line.at}')
            self.check_stimulus(line.happening)
        for button in self.buttons.values():
            for stimulus in button.actions:
                self.check_stimulus(stimulus)
        year = _FIRST_YEAR if self.clock is None else self.clock.year
        _require(_FIRST_YEAR <= year <= _LAST_YEAR, f"panels know the years {_FIRST_YEAR} to {_LAST_YEAR}")
        _require(
            self.capacities[ObjectType.AREA] <= HIGHEST_AREA, f"there are {HIGHEST_AREA} areas at the most"
        )
        both = {Quirk.PUSHES_STATUS, Quirk.PUSHES_EXTENDED_STATUS} <= self.quirks
        _require(
            not both, "changes are pushed as status or as extended status: one of these quirks can be on"
        )
        _require(0 <= self.energy_cost <= _HIGHEST_COST, f"the energy cost is 0 to {_HIGHEST_COST}")
        for name in ("siren_time", "lock_out", "wrong_codes"):
            _require(getattr(self, name) >= 0, f"{name} is not negative")

    def _check_object(self, index: int, item: HouseObject) -> None:
        item.check()
        for made in (item.properties(index, self), item.status(index, self)):
            if made is not None:
                made.encode()

    def check_stimulus(self, stimulus: Stimulus) -> None:
        """Raise `LocalProtocolError` for a stimulus at something that is not in this house."""
        for name, object_type in OBJECTS_NAMED.items():
            index = getattr(stimulus, name, None)
            all_areas = index == 0 and isinstance(stimulus, ResetAlarms)
            if index is not None and not all_areas and self.find(object_type, index) is None:
                # A code may stand in the wrong place of a line that has one.
                which = "such " + name if isinstance(stimulus, ArmAtKeypad) else f"{name} {index}"
                raise LocalProtocolError(f'"{stimulus.FORM}": there is no {which} in this house')

    # What happens.

    def note(self, *changes: StatusChange) -> None:
        """Note what changed, for the notifications: an object once, since its state is read then, every event."""
        for change in changes:
            key = object() if isinstance(change, SystemEvent) else change
            self._changes.setdefault(key, change)

    def take_changes(self) -> list[StatusChange]:
        """Return what changed since the last call, in order, an object at its first change."""
        changes = list(self._changes.values())
        self._changes.clear()
        return changes

    def write_log(self, event: EventLogType, parameter1: int = 0, parameter2: int = 0) -> None:
        """Write an event into the log, at the time that the panel's clock shows, if the model logs it at all."""
        if self.is_lumina and EVENT_LOG[event].lumina is None:
            return
        number = self.log[-1].number % _LAST_NUMBER + 1 if self.log else 1
        shown = self.shown_time()
        when = (0, 0, 0, 0, 0) if shown is None else (1, shown.month, shown.day, shown.hour, shown.minute)
        while len(self.log) >= self.facts.event_log:
            self.log.popleft()
        self.log.append(EventLogData(number, *when, event, parameter1, parameter2))


def _require(condition: bool, rule: str) -> None:
    if not condition:
        raise LocalProtocolError(rule)

"""The objects of a house behind an emulated panel: each kind with its state, and its records as of now.

Describe them as literals; `demo_house` is an example. What only the passing of time changes has an ``until``.
"""

import math
from dataclasses import dataclass, field
from typing import Protocol

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.names import LONG_NAME, SHORT_NAME, encode_name
from omnilink_sansio.messages.objects import (
    AccessControlLockStatus,
    AccessControlReaderProperties,
    AccessControlReaderStatus,
    AreaProperties,
    AreaStatus,
    AudioSourceProperties,
    AudioZoneProperties,
    AudioZoneStatus,
    AuxSensorProperties,
    AuxSensorStatus,
    ButtonProperties,
    CodeProperties,
    ExpansionEnclosureStatus,
    MessageProperties,
    MessageState,
    MessageStatus,
    ObjectProperties,
    ObjectStatusRecord,
    SecurityMode,
    ThermostatKind,
    ThermostatProperties,
    ThermostatStatus,
    UnitProperties,
    UnitStatus,
    UnitType,
    UserSettingKind,
    UserSettingProperties,
    UserSettingStatus,
    ZoneArming,
    ZoneCondition,
    ZoneProperties,
    ZoneStatus,
    ZoneType,
)
from omnilink_sansio.messages.objects.area import EXIT_DELAY_BIT
from omnilink_sansio.messages.security import CodeAuthority, one_area
from omnilink_sansio.messages.temperature import celsius_to_omni_temp
from omnilink_sansio.secrets import UserCode

__all__ = [
    "Area",
    "AudioSource",
    "AudioZone",
    "AuxiliarySensor",
    "Button",
    "Code",
    "ConsoleMessage",
    "Enclosure",
    "HouseObject",
    "Reader",
    "Surroundings",
    "Thermostat",
    "Unit",
    "UserSetting",
    "Zone",
]

ALL_AREAS = 0xFF
_LONGEST_AREA_TIMER = 255
_LONGEST_TIMER = 65535
_MOST_FIELDS = 6


def seconds_left(until: float | None, now: float, longest: int = _LONGEST_TIMER) -> int:
    """Return the whole seconds to a moment, rounded up, as far as they can be told; 0 when there is none."""
    # Without the inner rounding 60 s from now could be 60.0000000000001 s, and so 61.
    return 0 if until is None else min(max(0, math.ceil(round(until - now, 6))), longest)


class Surroundings(Protocol):
    """What an object sees of its house."""

    now: float

    @property
    def has_extended_status(self) -> bool:
        """Whether the panel's firmware has it, and with it the newer fields."""

    def is_armed(self, area: int) -> bool:
        """Whether an area is armed, with no exit delay left."""


@dataclass(slots=True)
class HouseObject:
    """What all objects share."""

    name: str = ""
    area_bits: int = field(default=ALL_AREAS, kw_only=True)
    """The areas it belongs to, bit 0 = area 1."""
    until: float | None = field(default=None, kw_only=True)
    """When it will change by itself, on the panel's clock."""

    def areas(self) -> int:
        """The areas it belongs to, bit 0 = area 1."""
        return self.area_bits

    def check(self) -> None:
        """Raise `LocalProtocolError` for what its records do not show and no message can carry."""

    def time_up(self) -> None:
        """Change as it does when its time is up."""
        self.until = None

    def properties(self, index: int, house: Surroundings) -> ObjectProperties | None:
        """Its properties now, None for a kind without."""
        del index, house
        return None

    def status(self, index: int, house: Surroundings) -> ObjectStatusRecord | None:
        """Its state now, in the extended form, None for a kind without."""
        del index, house
        return None


@dataclass(slots=True)
class Zone(HouseObject):
    """An input. ``loop`` is its analog reading."""

    zone_type: ZoneType = ZoneType.PERIMETER
    area: int = 1
    condition: ZoneCondition = ZoneCondition.SECURE
    loop: int = 0x5A
    bypassed: bool = False

    def areas(self) -> int:
        """The area it belongs to, bit 0 = area 1."""
        return 1 << self.area - 1

    def check(self) -> None:
        """Raise `LocalProtocolError` for an area that there is not."""
        one_area(self.area)

    @property
    def blocks_arming(self) -> bool:
        """Whether it is not ready. Auxiliary zones and sensors never are, and who is bypassed does not count."""
        return (
            self.condition is not ZoneCondition.SECURE
            and not self.bypassed
            and self.zone_type < ZoneType.AUXILIARY
        )

    def _status(self, house: Surroundings) -> int:
        if self.bypassed:
            arming = ZoneArming.BYPASSED_BY_USER
        elif house.is_armed(self.area):
            arming = ZoneArming.ARMED
        else:
            arming = ZoneArming.DISARMED
        return self.condition | arming << 4

    def properties(self, index: int, house: Surroundings) -> ZoneProperties:
        """Its properties now."""
        name = encode_name(self.name, LONG_NAME)
        return ZoneProperties(index, self._status(house), self.loop, self.zone_type, self.area, 0, name)

    def status(self, index: int, house: Surroundings) -> ZoneStatus:
        """Its state now."""
        return ZoneStatus(index, self._status(house), self.loop)


@dataclass(slots=True)
class Unit(HouseObject):
    """A light, an output or a flag. ``state`` is the state byte: 0 off, 1 on, 100 to 200 level."""

    unit_type: UnitType = UnitType.UPB
    state: int = 0
    state_after: int = 0
    """The state when a timed one is over."""

    def check(self) -> None:
        """Raise `LocalProtocolError` when the state after a timed one is none."""
        if not 0 <= self.state_after <= 0xFF:
            raise LocalProtocolError(f"a unit's state is 0 to 255, not {self.state_after}")

    @property
    def lasting_state(self) -> int:
        """The state that it is in, or goes back to when a timed one is over."""
        return self.state if self.until is None else self.state_after

    def time_up(self) -> None:
        """Go to the state after the timed one."""
        self.state, self.until = self.state_after, None

    def properties(self, index: int, house: Surroundings) -> UnitProperties:
        """Its properties now."""
        left = seconds_left(self.until, house.now)
        name = encode_name(self.name, SHORT_NAME)
        areas = self.area_bits if house.has_extended_status else None
        return UnitProperties(index, self.state, left, self.unit_type, name, areas)

    def status(self, index: int, house: Surroundings) -> UnitStatus:
        """Its state now."""
        return UnitStatus(index, self.state, seconds_left(self.until, house.now))


@dataclass(slots=True)
class Area(HouseObject):
    """A part of the alarm system. Delays are in seconds; the exit delay runs for every mode but OFF.

    ``until`` is when a running exit delay is over.
    """

    enabled: bool = True
    mode: SecurityMode = SecurityMode.OFF
    alarms: int = 0
    entry_delay: int = 30
    exit_delay: int = 60
    requires_ready: bool = False
    """Whether arming is refused while one of its zones is not ready."""

    @property
    def is_armed(self) -> bool:
        """Whether it is armed, with no exit delay left."""
        return self.mode is not SecurityMode.OFF and self.until is None

    def _mode(self) -> int:
        return self.mode if self.until is None else self.mode | EXIT_DELAY_BIT

    def _exit_timer(self, house: Surroundings) -> int:
        return seconds_left(self.until, house.now, _LONGEST_AREA_TIMER)

    def properties(self, index: int, house: Surroundings) -> AreaProperties:
        """Its properties now."""
        return AreaProperties(
            index,
            self._mode(),
            self.alarms,
            0,
            self._exit_timer(house),
            int(self.enabled),
            self.exit_delay,
            self.entry_delay,
            encode_name(self.name, SHORT_NAME),
        )

    def status(self, index: int, house: Surroundings) -> AreaStatus:
        """Its state now."""
        return AreaStatus(index, self._mode(), self.alarms, 0, self._exit_timer(house))


@dataclass(slots=True)
class Thermostat(HouseObject):
    """A thermostat. Temperatures and set points are raw bytes, see `celsius_to_omni_temp`."""

    kind: ThermostatKind = ThermostatKind.NOT_USED
    temperature: int = 0
    heat_setpoint: int = celsius_to_omni_temp(20)
    cool_setpoint: int = celsius_to_omni_temp(25)
    system_mode: int = 0
    fan_mode: int = 0
    hold: int = 0
    humidity: int = 0
    humidify_setpoint: int = 0
    dehumidify_setpoint: int = 0
    outdoor_temperature: int = 0
    action: int = 0

    def properties(self, index: int, house: Surroundings) -> ThermostatProperties:
        """Its properties now."""
        # The bytes from humidity on came with the description that firmware 3.0 follows.
        extension = self._extension() if house.has_extended_status else ()
        return ThermostatProperties(
            index, 1, *self._climate(), self.kind, encode_name(self.name, SHORT_NAME), *extension
        )

    def status(self, index: int, house: Surroundings) -> ThermostatStatus:
        """Its state now, in the extended form."""
        del house
        return ThermostatStatus(index, 0, *self._climate(), *self._extension())

    def _climate(self) -> tuple[int, int, int, int, int, int]:
        return (
            self.temperature,
            self.heat_setpoint,
            self.cool_setpoint,
            self.system_mode,
            self.fan_mode,
            self.hold,
        )

    def _extension(self) -> tuple[int, int, int, int, int]:
        return (
            self.humidity,
            self.humidify_setpoint,
            self.dehumidify_setpoint,
            self.outdoor_temperature,
            self.action,
        )


@dataclass(slots=True)
class Button(HouseObject):
    """A macro."""

    def properties(self, index: int, house: Surroundings) -> ButtonProperties:
        """Its properties."""
        del house
        return ButtonProperties(index, encode_name(self.name, SHORT_NAME))


@dataclass(slots=True)
class Code(HouseObject):
    """A user of the alarm system: the digits, and where and how far they are valid."""

    digits: UserCode | None = None
    """None: the code is not set."""
    authority: CodeAuthority = CodeAuthority.USER

    def properties(self, index: int, house: Surroundings) -> CodeProperties:
        """Its properties."""
        del house
        return CodeProperties(index, encode_name(self.name, SHORT_NAME))


@dataclass(slots=True)
class ConsoleMessage(HouseObject):
    """A text that consoles show; its name is the text."""

    state: MessageState = MessageState.OFF

    def properties(self, index: int, house: Surroundings) -> MessageProperties:
        """Its properties."""
        areas = self.area_bits if house.has_extended_status else None
        return MessageProperties(index, encode_name(self.name, LONG_NAME), areas)

    def status(self, index: int, house: Surroundings) -> MessageStatus:
        """Its state now."""
        del house
        return MessageStatus(index, self.state)


@dataclass(slots=True)
class AuxiliarySensor(HouseObject):
    """A temperature or humidity input; values are raw bytes."""

    sensor_type: ZoneType = ZoneType.TEMPERATURE
    current: int = 0
    low_setpoint: int = 0
    high_setpoint: int = 0
    output: int = 0

    def properties(self, index: int, house: Surroundings) -> AuxSensorProperties:
        """Its properties now."""
        del house
        return AuxSensorProperties(
            index, *self._reading(), self.sensor_type, encode_name(self.name, LONG_NAME)
        )

    def status(self, index: int, house: Surroundings) -> AuxSensorStatus:
        """Its state now."""
        del house
        return AuxSensorStatus(index, *self._reading())

    def _reading(self) -> tuple[int, int, int, int]:
        return self.output, self.current, self.low_setpoint, self.high_setpoint


@dataclass(slots=True)
class AudioSource(HouseObject):
    """A source, and what it plays: up to six pairs of a field ID and a text."""

    fields: list[tuple[int, str]] = field(default_factory=list)
    sequence: int = 0
    """To be changed whenever ``fields`` is."""

    def check(self) -> None:
        """Raise `LocalProtocolError` for more fields than a source can have."""
        if len(self.fields) > _MOST_FIELDS:
            raise LocalProtocolError(
                f"an audio source has up to {_MOST_FIELDS} fields, not {len(self.fields)}"
            )

    def properties(self, index: int, house: Surroundings) -> AudioSourceProperties:
        """Its properties."""
        del house
        return AudioSourceProperties(index, encode_name(self.name, SHORT_NAME))


@dataclass(slots=True)
class AudioZone(HouseObject):
    """A zone that plays a source."""

    power: int = 0
    source: int = 1
    volume: int = 30
    mute: int = 0

    def properties(self, index: int, house: Surroundings) -> AudioZoneProperties:
        """Its properties now."""
        del house
        return AudioZoneProperties(index, *self._playing(), encode_name(self.name, SHORT_NAME))

    def status(self, index: int, house: Surroundings) -> AudioZoneStatus:
        """Its state now."""
        del house
        return AudioZoneStatus(index, *self._playing())

    def _playing(self) -> tuple[int, int, int, int]:
        return self.power, self.source, self.volume, self.mute


@dataclass(slots=True)
class Enclosure(HouseObject):
    """An expansion enclosure."""

    communications: int = 0
    battery: int = 0xD5

    def status(self, index: int, house: Surroundings) -> ExpansionEnclosureStatus:
        """Its state now."""
        del house
        return ExpansionEnclosureStatus(index, self.communications, self.battery)


@dataclass(slots=True)
class UserSetting(HouseObject):
    """A value that programs use; raw, see `encode_user_setting`."""

    kind: UserSettingKind = UserSettingKind.NOT_USED
    value: int = 0

    def properties(self, index: int, house: Surroundings) -> UserSettingProperties:
        """Its properties now."""
        del house
        return UserSettingProperties(index, self.kind, self.value, encode_name(self.name, LONG_NAME))

    def status(self, index: int, house: Surroundings) -> UserSettingStatus:
        """Its state now."""
        del house
        return UserSettingStatus(index, self.kind, self.value)


@dataclass(slots=True)
class Reader(HouseObject):
    """An access control reader and its door, which locks itself at ``until``."""

    unlocked: bool = False
    denied: bool = False
    last_user: int = 0

    def time_up(self) -> None:
        """Lock the door."""
        self.unlocked, self.until = False, None

    def properties(self, index: int, house: Surroundings) -> AccessControlReaderProperties:
        """Its properties now."""
        name = encode_name(self.name, LONG_NAME)
        left = seconds_left(self.until, house.now)
        return AccessControlReaderProperties(
            index, int(self.unlocked), left, int(self.denied), self.last_user, name
        )

    def status(self, index: int, house: Surroundings) -> AccessControlReaderStatus:
        """Its last decision."""
        del house
        return AccessControlReaderStatus(index, int(self.denied), self.last_user)

    def lock_status(self, index: int, house: Surroundings) -> AccessControlLockStatus:
        """The state of its door now."""
        return AccessControlLockStatus(index, int(self.unlocked), seconds_left(self.until, house.now))

"""What each type of zone does when it trips (20P00 §ZONE PROPERTIES has the types; what they do is in the owner's
manuals' common words: perimeter, interior, latching).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from omnilink_sansio.messages.objects.area import AlarmType, SecurityMode
from omnilink_sansio.messages.objects.zone import ZoneType

__all__ = ["ZONE_ALARMS", "ZoneAlarm", "delays_entry"]

_ARMED = frozenset(SecurityMode) - {SecurityMode.OFF}
_NIGHT = frozenset({SecurityMode.NIGHT, SecurityMode.NIGHT_DELAYED, SecurityMode.AWAY, SecurityMode.VACATION})
_AWAY = frozenset({SecurityMode.AWAY, SecurityMode.VACATION})
_ALWAYS = frozenset(SecurityMode)
_AT_ONCE = frozenset({SecurityMode.NIGHT, SecurityMode.DAY_INSTANT})


@dataclass(frozen=True, slots=True)
class ZoneAlarm:
    """One row of the table of zone types."""

    alarm: AlarmType
    modes: frozenset[SecurityMode] = _ALWAYS
    """The modes in which it raises its alarm; a zone of all modes does so in a disarmed area too."""
    entry_delays: int = 0
    """How many entry delays there are to disarm; 0: none."""
    waits_for_entry: bool = False
    """Whether it stays quiet while an entry delay runs: the way in leads past it."""
    latches: bool = False
    """Whether it stays not ready until the alarm is reset, even when it is closed."""

    @property
    def is_24_hour(self) -> bool:
        """Whether it raises its alarm in a disarmed area too."""
        return SecurityMode.OFF in self.modes


def _entry(delays: int) -> ZoneAlarm:
    return ZoneAlarm(AlarmType.BURGLARY, _ARMED, entry_delays=delays)


def _interior(modes: frozenset[SecurityMode], *, latches: bool = False) -> ZoneAlarm:
    return ZoneAlarm(AlarmType.BURGLARY, modes, waits_for_entry=True, latches=latches)


ZONE_ALARMS: Mapping[ZoneType, ZoneAlarm] = MappingProxyType(
    {
        ZoneType.ENTRY_EXIT: _entry(1),
        ZoneType.PERIMETER: ZoneAlarm(AlarmType.BURGLARY, _ARMED),
        ZoneType.NIGHT_INTERIOR: _interior(_NIGHT),
        ZoneType.AWAY_INTERIOR: _interior(_AWAY),
        ZoneType.DOUBLE_ENTRY_DELAY: _entry(2),
        ZoneType.QUADRUPLE_ENTRY_DELAY: _entry(4),
        ZoneType.LATCHING_PERIMETER: ZoneAlarm(AlarmType.BURGLARY, _ARMED, latches=True),
        ZoneType.LATCHING_NIGHT_INTERIOR: _interior(_NIGHT, latches=True),
        ZoneType.LATCHING_AWAY_INTERIOR: _interior(_AWAY, latches=True),
        ZoneType.PANIC: ZoneAlarm(AlarmType.BURGLARY),
        ZoneType.POLICE_EMERGENCY: ZoneAlarm(AlarmType.BURGLARY),
        ZoneType.DURESS: ZoneAlarm(AlarmType.DURESS),
        ZoneType.TAMPER: ZoneAlarm(AlarmType.BURGLARY),
        ZoneType.LATCHING_TAMPER: ZoneAlarm(AlarmType.BURGLARY, latches=True),
        ZoneType.FIRE: ZoneAlarm(AlarmType.FIRE),
        ZoneType.FIRE_EMERGENCY: ZoneAlarm(AlarmType.FIRE),
        ZoneType.GAS_ALARM: ZoneAlarm(AlarmType.GAS),
        ZoneType.AUXILIARY_EMERGENCY: ZoneAlarm(AlarmType.AUXILIARY),
        ZoneType.FREEZE: ZoneAlarm(AlarmType.FREEZE),
        ZoneType.WATER: ZoneAlarm(AlarmType.WATER),
        ZoneType.FIRE_TAMPER: ZoneAlarm(AlarmType.FIRE),
        ZoneType.TEMPERATURE_ALARM: ZoneAlarm(AlarmType.TEMPERATURE),
        ZoneType.EXTENDED_RANGE_TEMPERATURE_ALARM: ZoneAlarm(AlarmType.TEMPERATURE),
    }
)
"""The types of zone that raise an alarm; all others never do."""


def delays_entry(mode: SecurityMode) -> bool:
    """Whether a mode leaves time to disarm: DAY_INSTANT does not, nor does NIGHT, in place of NIGHT_DELAYED."""
    return mode not in _AT_ONCE

"""What the event log of a house may say: each line has its cause, and each change that is logged has its line."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from omnilink_sansio.event_log import EventLogData, EventLogType
from omnilink_sansio.objects import (
    AlarmType,
    AreaStatus,
    AuxSensorStatus,
    ObjectStatusRecord,
    ObjectType,
    SecurityMode,
    SpecialCode,
    ZoneArming,
    ZoneCondition,
    ZoneLatchedAlarm,
    ZoneOption,
    ZoneStatus,
    ZoneType,
)
from omnilink_sansio.simulator import House, Zone
from omnilink_sansio.simulator.zone_alarms import ZONE_ALARMS

__all__ = ["Asked", "LogRules"]

Asked: TypeAlias = Mapping[tuple[ObjectType, int], ObjectStatusRecord]
_Line: TypeAlias = tuple[int, int, int]

_BYPASSES = (ZoneArming.BYPASSED_BY_USER, ZoneArming.BYPASSED_BY_SYSTEM)
_SWINGER_TRIPS = 3


class LogRules:
    """What a reader of the log knows of a house, from the log alone: it has to be what the house shows.

    A step is what happens between two calls of `check`: one thing that somebody does, or some time that goes by.
    In one a zone's input changes once at the most.
    """

    def __init__(self, house: House, asked: Asked) -> None:
        self._house = house
        self._before = dict(asked)
        self._conditions = self._inputs()
        self._then = house.shown_time()
        self._alarms: set[tuple[int, int]] = set()
        self._latched: dict[int, ZoneLatchedAlarm] = {}
        self._bypassed: dict[int, ZoneArming] = {}
        self._troubled: set[int] = set()
        self._trips: Counter[int] = Counter()
        self._modes = {status.index: status.mode & 7 for status in _areas(asked)}
        self._begin_step()

    def _begin_step(self) -> None:
        self._must: Counter[_Line] = Counter()
        self._may: Counter[_Line] = Counter()
        self._raised: set[tuple[int, int]] = set()
        self._reset: set[int] = set()
        self._armed: set[int] = set()
        self._restored: set[int] = set()
        self._tripped: list[int] = []
        self._due: _Line | None = None

    # What is done to the house.

    def must_say(self, event: int, parameter1: int, parameter2: int) -> None:
        """Note that something was done that has its line, once."""
        self._must[event, parameter1, parameter2] += 1

    def may_say(self, event: int, parameter1: int, parameter2: int) -> None:
        """Note that something was tried that has its line if the house lets it be."""
        self._may[event, parameter1, parameter2] += 1

    def may_raise(self, area: int, alarm: int) -> None:
        """Note that somebody, and no zone, may have raised an alarm."""
        self._raised.add((area, alarm))

    def may_reset(self, area: int) -> None:
        """Note that somebody has reset the alarms of an area, with 0 of all areas."""
        self._reset |= set(self._in_use(area))

    # What the log says of it.

    def check(self, written: Iterable[EventLogData], asked: Asked) -> None:
        """Compare what was written in this step with what the house shows at its end."""
        now, self._now = self._inputs(), asked
        self._opened = {
            zone
            for zone, condition in now.items()
            if condition is not self._conditions.get(zone, ZoneCondition.SECURE)
            and condition is not ZoneCondition.SECURE
        }
        for zone in self._opened:
            self._turn_keyswitch(zone)
        lines = [(event.event_type, event.parameter1, event.parameter2) for event in written]
        for event in written:
            self._is_of_this_step(event)
        self._each_deed_has_its_line(lines)
        for line in lines:
            assert self._due in (None, line), f"{self._due} had to be next, not {line}"
            was_due, self._due = self._due, None
            kind = EventLogType(line[0])
            assert kind in _RULES, f"nothing here brings about {kind.name}"
            _RULES[kind](self, line, was_due is not None)
        assert self._due is None, f"{self._due} is not written"
        self._shows_what_is_written()
        self._before, self._conditions, self._then = dict(asked), now, self._house.shown_time()
        self._begin_step()

    def _inputs(self) -> dict[int, ZoneCondition]:
        return {index: zone.condition for index, zone in self._house.zones.items()}

    def _zone(self, index: int) -> Zone:
        return self._house.zones.get(index, Zone())

    def _in_use(self, chosen: int) -> list[int]:
        return [index for index, area in self._house.areas.items() if area.enabled and chosen in (0, index)]

    def _turn_keyswitch(self, zone: int) -> None:
        area = self._zone(zone).area
        is_one = self._zone(zone).zone_type is ZoneType.KEYSWITCH_INPUT
        is_turned = is_one and self._zone(zone).condition is ZoneCondition.NOT_READY
        if is_turned and self._in_use(area) and not self._house.is_lumina:
            off = self._modes[area] == SecurityMode.OFF
            event = EventLogType.ARMED_AWAY if off else EventLogType.DISARMED
            self.must_say(event, SpecialCode.KEYSWITCH, area)

    def _is_of_this_step(self, event: EventLogData) -> None:
        now = self._house.shown_time()
        assert self._then is not None
        assert now is not None
        first = self._then.replace(second=0, microsecond=0)
        stamp = (event.month, event.day, event.hour, event.minute)
        # No line has a year.
        assert any(first <= datetime(year, *stamp) <= now for year in {first.year, now.year})  # noqa: DTZ001

    def _each_deed_has_its_line(self, lines: list[_Line]) -> None:
        deeds = Counter(line for line in lines if line[0] in _DEEDS)
        assert not self._must - deeds, f"not in the log: {self._must - deeds}"
        assert not deeds - self._must - self._may, f"nobody did {deeds - self._must - self._may}"

    def _shows_what_is_written(self) -> None:
        for area in _areas(self._now):
            assert area.mode & 7 == self._modes[area.index], "no line says how the area is armed"
            shown = {(area.index, alarm) for alarm in AlarmType if area.alarms >> alarm - 1 & 1}
            assert shown == {(index, alarm) for index, alarm in self._alarms if index == area.index}, (
                "the lines say otherwise of the alarms"
            )
        for zone in self._now.values():
            if isinstance(zone, ZoneStatus):
                latched = self._latched.get(zone.index, ZoneLatchedAlarm.SECURE)
                assert zone.latched_alarm == latched, f"the lines say {latched.name} of zone {zone.index}"
                is_troubled = zone.index in self._troubled
                assert (zone.condition is ZoneCondition.TROUBLE) is is_troubled, "trouble without a line"
                # A Lumina logs no bypass.
                bypassed = zone.arming if zone.arming in _BYPASSES else None
                written = self._bypassed.get(zone.index)
                assert self._house.is_lumina or bypassed is written, "bypassed or restored without a line"

    # The lines, one by one.

    def _mode_set(self, line: _Line, _due: bool) -> None:
        mode, code, chosen = line[0] - EventLogType.DISARMED, *line[1:]
        areas = self._in_use(chosen)
        if not mode or self._house.is_lumina:
            self._reset |= set(areas)
        for area in areas:
            self._modes[area] = mode
            self._armed.add(area)
            if code == SpecialCode.DURESS:
                self.may_raise(area, AlarmType.DURESS)
        for index, zone in self._house.zones.items():
            if zone.area not in areas:
                continue
            if self._bypassed.get(index) is ZoneArming.BYPASSED_BY_SYSTEM:
                del self._bypassed[index]
            if mode:
                self._trips[index] = 0
                if self._latched.get(index) is ZoneLatchedAlarm.RESET:
                    del self._latched[index]

    def _zone_tripped(self, line: _Line, _due: bool) -> None:
        index = line[2]
        zone = self._zone(index)
        row = ZONE_ALARMS.get(zone.zone_type)
        mode = SecurityMode.OFF if self._house.is_lumina else SecurityMode(self._modes.get(zone.area, 0))
        assert line[1] == 0
        assert row is not None, f"zone {index} trips, which raises no alarm"
        assert mode in row.modes, f"zone {index} trips in an area that is not armed for it"
        assert index not in self._bypassed, f"zone {index} trips though it is bypassed"
        assert index not in self._tripped, f"zone {index} trips twice at once"
        assert self._may_trip(index, zone), f"nothing was at zone {index} that could trip it"
        self._latched[index] = ZoneLatchedAlarm.TRIPPED
        self._tripped.append(index)
        self._trips[index] += 1
        if (zone.area, row.alarm) not in self._alarms:
            self._due = (EventLogType.ALARM_ACTIVATED, row.alarm, zone.area)

    def _may_trip(self, index: int, zone: Zone) -> bool:
        area = self._before.get((ObjectType.AREA, zone.area))
        delayed = isinstance(area, AreaStatus) and bool(area.entry_timer or area.exit_timer)
        begun = zone.area in self._armed or any(self._zone(other).area == zone.area for other in self._opened)
        # With time a delay may have begun and ended in this step.
        ended = begun and self._house.shown_time() != self._then
        return index in self._opened or index in self._restored or delayed or ended

    def _alarm_activated(self, line: _Line, due: bool) -> None:
        _, alarm, area = line
        assert (area, alarm) not in self._alarms, f"alarm {alarm} of area {area} was on"
        sensors = [status for status in self._now.values() if isinstance(status, AuxSensorStatus)]
        by_sensor = alarm == AlarmType.TEMPERATURE and area == 1 and any(sensor.output for sensor in sensors)
        assert due or by_sensor or (area, alarm) in self._raised, (
            f"nobody raised alarm {alarm} in area {area}"
        )
        self._alarms.add((area, alarm))

    def _alarm_reset(self, line: _Line, _due: bool) -> None:
        _, alarm, area = line
        assert (area, alarm) in self._alarms, f"alarm {alarm} of area {area} was not on"
        assert area in self._reset, f"nobody reset the alarms of area {area}"
        self._alarms.remove((area, alarm))
        for index, latched in self._latched.items():
            if self._zone(index).area == area and latched is ZoneLatchedAlarm.TRIPPED:
                self._latched[index] = ZoneLatchedAlarm.RESET

    def _zone_shut_down(self, line: _Line, _due: bool) -> None:
        index = line[2]
        assert line[1] == 0
        assert self._tripped[-1:] == [index], f"zone {index} was shut down without an alarm"
        assert self._trips[index] >= _SWINGER_TRIPS, f"zone {index} was shut down after {self._trips[index]}"
        assert ZoneOption.SWINGER_SHUTDOWN in self._zone(index).options
        self._bypassed[index] = ZoneArming.BYPASSED_BY_SYSTEM

    def _zone_auto_bypassed(self, line: _Line, _due: bool) -> None:
        index = line[2]
        zone = self._zone(index)
        before = self._before[ObjectType.AREA, zone.area]
        assert line[1] == 0
        assert index not in self._bypassed, f"zone {index} is bypassed already"
        assert zone.area in self._armed or (isinstance(before, AreaStatus) and before.exit_timer)
        assert zone.condition is not ZoneCondition.SECURE
        assert self._house.areas[zone.area].auto_bypass
        self._bypassed[index] = ZoneArming.BYPASSED_BY_SYSTEM

    def _zone_bypassed(self, line: _Line, _due: bool) -> None:
        self._bypassed[line[2]] = ZoneArming.BYPASSED_BY_USER

    def _zone_restored(self, line: _Line, _due: bool) -> None:
        self._restored.add(line[2])
        self._bypassed.pop(line[2], None)

    def _all_zones_restored(self, line: _Line, _due: bool) -> None:
        for index in [index for index in self._bypassed if line[2] in (0, self._zone(index).area)]:
            self._zone_restored((EventLogType.ZONE_RESTORED, line[1], index), False)

    def _zone_trouble(self, line: _Line, _due: bool) -> None:
        assert line[1] == 0
        assert line[2] not in self._troubled, f"zone {line[2]} was in trouble already"
        self._troubled.add(line[2])

    def _zone_trouble_cleared(self, line: _Line, _due: bool) -> None:
        assert line[1] == 0
        assert line[2] in self._troubled, f"zone {line[2]} was not in trouble"
        self._troubled.remove(line[2])

    def _done(self, line: _Line, _due: bool) -> None:
        """Take a line that says no more than what somebody did."""


_MODES = range(EventLogType.DISARMED, EventLogType.ARMED_NIGHT_DELAYED + 1)

_DEEDS = frozenset(
    {
        *_MODES,
        EventLogType.ZONE_BYPASSED,
        EventLogType.ZONE_RESTORED,
        EventLogType.ALL_ZONES_RESTORED,
        EventLogType.MESSAGE_LOGGED,
        EventLogType.ACCESS_GRANTED,
        EventLogType.ACCESS_DENIED,
    }
)
"""The lines that come of something that somebody did."""

_RULES: Mapping[EventLogType, Callable[[LogRules, _Line, bool], None]] = {
    **{EventLogType(event): LogRules._mode_set for event in _MODES},
    EventLogType.ZONE_BYPASSED: LogRules._zone_bypassed,
    EventLogType.ZONE_RESTORED: LogRules._zone_restored,
    EventLogType.ALL_ZONES_RESTORED: LogRules._all_zones_restored,
    EventLogType.ZONE_TRIPPED: LogRules._zone_tripped,
    EventLogType.ZONE_TROUBLE: LogRules._zone_trouble,
    EventLogType.ZONE_AUTO_BYPASSED: LogRules._zone_auto_bypassed,
    EventLogType.ZONE_TROUBLE_CLEARED: LogRules._zone_trouble_cleared,
    EventLogType.ALARM_ACTIVATED: LogRules._alarm_activated,
    EventLogType.ALARM_RESET: LogRules._alarm_reset,
    EventLogType.MESSAGE_LOGGED: LogRules._done,
    EventLogType.ZONE_SHUT_DOWN: LogRules._zone_shut_down,
    EventLogType.ACCESS_GRANTED: LogRules._done,
    EventLogType.ACCESS_DENIED: LogRules._done,
}
"""What each line means. A line of any other kind nothing here can bring about."""


def _areas(asked: Asked) -> list[AreaStatus]:
    return [status for status in asked.values() if isinstance(status, AreaStatus)]

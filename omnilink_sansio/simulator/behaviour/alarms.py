"""Alarms of a house: what raises them, how long they sound, what resets them."""

from omnilink_sansio.messages.event_log import EventLogType
from omnilink_sansio.messages.objects.area import AlarmType
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.zone import ZoneCondition, ZoneLatchedAlarm, ZoneOption
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects.area import Area
from omnilink_sansio.simulator.house_objects.zone import Zone
from omnilink_sansio.simulator.timers import Timer
from omnilink_sansio.simulator.zone_alarms import ZONE_ALARMS, delays_entry

__all__ = [
    "end_entry_delay",
    "raise_alarm",
    "reset_alarms",
    "silence_siren",
    "stop_delays",
    "tick_delay",
    "trip_zone",
]

_LONGEST_DELAY = 255
_SWINGER_TRIPS = 3
_LUMINA_ALARMS = frozenset({AlarmType.FREEZE, AlarmType.WATER, AlarmType.TEMPERATURE})


def _area(house: House, index: int) -> Area | None:
    area = house.areas.get(index)
    return area if area is not None and area.enabled else None


def trip_zone(house: House, index: int) -> None:
    """Do what a zone does that has become not ready: begin the entry delay, raise its alarm, or nothing."""
    zone = house.zones[index]
    row, area = ZONE_ALARMS.get(zone.zone_type), _area(house, zone.area)
    mode = house.armed_mode(zone.area)
    if row is None or area is None or not zone.is_armed_in(mode):
        return
    entering = house.timers.is_running(Timer.ENTRY_DELAY, zone.area)
    if entering and (row.waits_for_entry or row.entry_delays):
        return
    delay = min(area.entry_delay * row.entry_delays, _LONGEST_DELAY) if delays_entry(mode) else 0
    # A user who comes home to another alarm has time to disarm; to a burglary that sounds, not.
    if delay and not (area.siren and area.has_alarm(AlarmType.BURGLARY)):
        area.entry_zone = index
        house.after(delay, Timer.ENTRY_DELAY, zone.area)
        tick_delay(house, zone.area)
    else:
        _raise_by_zone(house, index, zone, row.alarm)


def _raise_by_zone(house: House, index: int, zone: Zone, alarm: AlarmType) -> None:
    # While the siren sounds, a tripped zone trips no second time.
    again = zone.latched_alarm is ZoneLatchedAlarm.TRIPPED and house.areas[zone.area].siren
    if again or not _is_known(house, alarm):
        return
    zone.latched_alarm = ZoneLatchedAlarm.TRIPPED
    zone.alarms += 1
    house.write_log(EventLogType.ZONE_TRIPPED, 0, index)
    house.note((ObjectType.ZONE, index))
    raise_alarm(house, zone.area, alarm)
    if ZoneOption.SWINGER_SHUTDOWN in zone.options and zone.alarms >= _SWINGER_TRIPS:
        zone.auto_bypassed = True
        house.write_log(EventLogType.ZONE_SHUT_DOWN, 0, index)


def _is_known(house: House, alarm: AlarmType) -> bool:
    # A Lumina has no alarm system of its own (20P00 §AREA STATUS).
    return not house.is_lumina or alarm in _LUMINA_ALARMS


def raise_alarm(house: House, index: int, alarm: AlarmType) -> bool:
    """Raise an alarm in an area; False when the area is not in use, or the model has no such alarm."""
    area = _area(house, index)
    if area is None or not _is_known(house, alarm):
        return False
    if not area.has_alarm(alarm):
        area.alarms |= 1 << alarm - 1
        house.write_log(EventLogType.ALARM_ACTIVATED, alarm, index)
    if alarm is AlarmType.BURGLARY and house.timers.is_running(Timer.ENTRY_DELAY, index):
        stop_delays(house, index)
        _trip_waiting_zones(house, index)
    if alarm is not AlarmType.DURESS and house.siren_time:
        area.siren = True
        house.after(house.siren_time, Timer.SIREN, index)
    house.note((ObjectType.AREA, index))
    return True


def silence_siren(house: House, index: int) -> None:
    """Let the siren fall silent: the alarm stays, but zones may raise it anew."""
    house.areas[index].siren = False


def reset_alarms(house: House, index: int) -> None:
    """End the alarms of an area: its zones show that they were tripped until it is armed again."""
    area = house.areas[index]
    for alarm in AlarmType:
        if area.has_alarm(alarm):
            house.write_log(EventLogType.ALARM_RESET, alarm, index)
            house.note((ObjectType.AREA, index))
    area.alarms = 0
    area.siren = False
    house.timers.stop(Timer.SIREN, index)
    for number, zone in house.zones.items():
        if zone.area == index and zone.latched_alarm is ZoneLatchedAlarm.TRIPPED:
            zone.latched_alarm = ZoneLatchedAlarm.RESET
            house.note((ObjectType.ZONE, number))


# Delays: while one runs, the area is notified every second, as it counts down.


def tick_delay(house: House, index: int) -> None:
    """Notify an area's state now, and again with every second of the delay that runs."""
    house.note((ObjectType.AREA, index))
    for timer in (Timer.EXIT_DELAY, Timer.ENTRY_DELAY):
        ends = house.timers.ends_at(timer, index)
        left = house.seconds_left(timer, index)
        if ends is not None and left > 1:
            house.timers.start(Timer.DELAY_TICK, index, ends - (left - 1))


def stop_delays(house: House, index: int) -> None:
    """Stop an area's exit and entry delays."""
    for timer in (Timer.EXIT_DELAY, Timer.ENTRY_DELAY, Timer.DELAY_TICK):
        house.timers.stop(timer, index)


def end_entry_delay(house: House, index: int) -> None:
    """Raise the alarm of the zone that was opened first and counts still, since the area was not disarmed."""
    stop_delays(house, index)
    first = house.areas[index].entry_zone
    others = [
        number for number in sorted(house.zones) if number != first and _is_open_entry(house, index, number)
    ]
    for number in (first, *others):
        zone = house.zones[number]
        if not zone.is_bypassed:
            _raise_by_zone(house, number, zone, ZONE_ALARMS[zone.zone_type].alarm)
            _trip_waiting_zones(house, index)
            return
    house.note((ObjectType.AREA, index))
    _trip_waiting_zones(house, index)


def _is_open_entry(house: House, index: int, number: int) -> bool:
    zone = house.zones[number]
    row = ZONE_ALARMS.get(zone.zone_type)
    is_open = zone.area == index and zone.condition is ZoneCondition.NOT_READY
    return is_open and row is not None and row.entry_delays > 0


def _trip_waiting_zones(house: House, index: int) -> None:
    """Trip the zones that stayed quiet during the way in, and are open still."""
    for number, zone in sorted(house.zones.items()):
        row = ZONE_ALARMS.get(zone.zone_type)
        waited = row is not None and row.waits_for_entry and zone.condition is ZoneCondition.NOT_READY
        if waited and zone.area == index:
            trip_zone(house, number)

"""Arming and disarming the areas of a house."""

from omnilink_sansio.messages.event_log import EventLogType
from omnilink_sansio.messages.objects.area import AlarmType, SecurityMode
from omnilink_sansio.messages.objects.code import SpecialCode
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.zone import ZoneCondition, ZoneLatchedAlarm
from omnilink_sansio.messages.security import SecurityCommandResponse
from omnilink_sansio.simulator.behaviour.alarms import (
    raise_alarm,
    reset_alarms,
    stop_delays,
    tick_delay,
    trip_zone,
)
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects.area import Area
from omnilink_sansio.simulator.timers import Timer

__all__ = ["areas_in_use", "arm", "end_exit_delay", "turn_keyswitch", "zones_not_ready"]


def zones_not_ready(house: House, area: int | None = None) -> list[int]:
    """Return the zones, of one area or of all, that are not ready."""
    return [
        index
        for index, zone in sorted(house.zones.items())
        if zone.blocks_arming and (area is None or zone.area == area)
    ]


def areas_in_use(house: House, chosen: int) -> dict[int, Area]:
    """Return an area that is in use, or with 0 all that are."""
    return {index: area for index, area in house.areas.items() if area.enabled and chosen in (0, index)}


def arm(house: House, chosen: int, mode: SecurityMode, code: int) -> SecurityCommandResponse:
    """Arm or disarm an area, or with 0 all, in the name of a code number; return what came of it.

    Whether the code may do so is to be asked before: `may_arm`. On a Lumina: set its mode.
    """
    areas = areas_in_use(house, chosen)
    if not areas:
        return SecurityCommandResponse.INVALID_AREA
    if house.is_lumina and mode is SecurityMode.OFF:
        return SecurityCommandResponse.INVALID_SECURITY_MODE
    if mode is not SecurityMode.OFF:
        if house.restore_needed:
            return SecurityCommandResponse.INSTALLER_RESTORE_NEEDED
        if any(area.requires_ready and zones_not_ready(house, index) for index, area in areas.items()):
            return SecurityCommandResponse.ZONES_NOT_READY
    house.write_log(EventLogType(EventLogType.DISARMED + mode), code, chosen)
    for index, area in areas.items():
        _set_mode(house, index, area, mode)
        if code == SpecialCode.DURESS:
            raise_alarm(house, index, AlarmType.DURESS)
    return SecurityCommandResponse.SUCCESS


def _set_mode(house: House, index: int, area: Area, mode: SecurityMode) -> None:
    stop_delays(house, index)
    area.mode = mode
    _take_zones_in(house, index)
    if mode is not SecurityMode.OFF:
        _forget_what_was_reset(house, index)
    if mode is SecurityMode.OFF or house.is_lumina:
        reset_alarms(house, index)
    if mode is SecurityMode.OFF:
        house.note((ObjectType.AREA, index))
    elif area.exit_delay:
        house.after(area.exit_delay, Timer.EXIT_DELAY, index)
        tick_delay(house, index)
    else:
        end_exit_delay(house, index)


def _take_zones_in(house: House, area: int) -> None:
    for index, zone in house.zones.items():
        if zone.area == area and zone.auto_bypassed:
            zone.auto_bypassed = False
            house.note((ObjectType.ZONE, index))


def _forget_what_was_reset(house: House, area: int) -> None:
    for index, zone in house.zones.items():
        if zone.area != area:
            continue
        zone.alarms = 0
        if zone.latched_alarm is ZoneLatchedAlarm.RESET:
            zone.latched_alarm = ZoneLatchedAlarm.SECURE
            house.note((ObjectType.ZONE, index))


def end_exit_delay(house: House, index: int) -> None:
    """Arm an area: zones that are not ready are taken out, or raise their alarm."""
    stop_delays(house, index)
    area, mode = house.areas[index], house.armed_mode(index)
    house.note((ObjectType.AREA, index))
    for number, zone in sorted(house.zones.items()):
        open_now = zone.area == index and zone.condition is not ZoneCondition.SECURE
        # 24-hour zones alarmed when they opened.
        if not open_now or not zone.is_armed_in(mode) or zone.is_armed_in(SecurityMode.OFF):
            continue
        if area.auto_bypass:
            zone.auto_bypassed = True
            house.write_log(EventLogType.ZONE_AUTO_BYPASSED, 0, number)
            house.note((ObjectType.ZONE, number))
        elif zone.condition is ZoneCondition.NOT_READY:
            trip_zone(house, number)


def turn_keyswitch(house: House, area: int) -> None:
    """Arm an area that is off, or disarm it, as a key turned in a keyswitch does."""
    found = house.areas.get(area)
    if found is not None and found.enabled:
        off = found.mode is SecurityMode.OFF
        arm(house, area, SecurityMode.AWAY if off else SecurityMode.OFF, SpecialCode.KEYSWITCH)

"""What happens to the zones of a house."""

from collections.abc import Mapping
from types import MappingProxyType

from omnilink_sansio.messages.event_log import EventLogType
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.zone import ZoneCondition, ZoneType
from omnilink_sansio.simulator.behaviour.alarms import trip_zone
from omnilink_sansio.simulator.behaviour.arming import end_exit_delay, turn_keyswitch
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects.zone import Zone
from omnilink_sansio.simulator.timers import Timer

__all__ = ["acknowledge_troubles", "bypass_zone", "change_zone", "restore_all_zones", "restore_zone"]

_LOOPS: Mapping[ZoneCondition, int] = MappingProxyType(
    {
        ZoneCondition.SECURE: 0x5A,
        ZoneCondition.NOT_READY: 0xA8,
        ZoneCondition.TROUBLE: 0x00,
        ZoneCondition.TAMPER: 0xFF,
    }
)
"""What a loop reads in each condition; the vendor gives no scale."""


def _zone(house: House, index: int) -> Zone | None:
    found = house.use(ObjectType.ZONE, index)
    return found if isinstance(found, Zone) else None


def change_zone(house: House, index: int, condition: ZoneCondition) -> bool:
    """Change a zone's input; False when there is no such zone."""
    zone = _zone(house, index)
    if zone is None:
        return False
    before, zone.condition = zone.condition, condition
    if before is condition:
        return True
    zone.loop = _LOOPS[condition]
    house.note((ObjectType.ZONE, index))
    if condition is ZoneCondition.TROUBLE:
        zone.trouble_unacknowledged = True
        house.write_log(EventLogType.ZONE_TROUBLE, 0, index)
    elif before is ZoneCondition.TROUBLE:
        house.write_log(EventLogType.ZONE_TROUBLE_CLEARED, 0, index)
    if condition is ZoneCondition.NOT_READY:
        _open(house, index, zone)
    return True


def _open(house: House, index: int, zone: Zone) -> None:
    leaving = house.timers.is_running(Timer.EXIT_DELAY, zone.area)
    if zone.zone_type is ZoneType.KEYSWITCH_INPUT:
        turn_keyswitch(house, zone.area)
    elif zone.zone_type is ZoneType.EXIT_TERMINATOR and leaving:
        end_exit_delay(house, zone.area)
    else:
        trip_zone(house, index)


def bypass_zone(house: House, index: int, code: int) -> bool:
    """Take a zone out, in the name of a code number; False when there is no such zone."""
    return _set_bypassed(house, index, True, EventLogType.ZONE_BYPASSED, code)


def restore_zone(house: House, index: int, code: int) -> bool:
    """Take a zone in again, in the name of a code number; False when there is no such zone."""
    return _set_bypassed(house, index, False, EventLogType.ZONE_RESTORED, code)


def _set_bypassed(house: House, index: int, bypassed: bool, event: EventLogType, code: int) -> bool:
    zone = _zone(house, index)
    if zone is None:
        return False
    was_out = zone.is_bypassed
    zone.bypassed, zone.auto_bypassed = bypassed, False
    house.write_log(event, code, index)
    if was_out:
        _take_in(house, index, zone)
    else:
        house.note((ObjectType.ZONE, index))
    return True


def _take_in(house: House, index: int, zone: Zone) -> None:
    house.note((ObjectType.ZONE, index))
    # A zone that is open when it counts again is as one that opens.
    if zone.condition is ZoneCondition.NOT_READY:
        trip_zone(house, index)


def restore_all_zones(house: House, area: int, code: int) -> bool:
    """Take all zones of an area in again, with 0 of all areas; False when there is no such area."""
    if area > house.capacity(ObjectType.AREA):
        return False
    restored = []
    for index, zone in house.zones.items():
        if zone.is_bypassed and zone.is_in(area):
            zone.bypassed = zone.auto_bypassed = False
            restored.append((index, zone))
    house.write_log(EventLogType.ALL_ZONES_RESTORED, code, area)
    for index, zone in restored:
        _take_in(house, index, zone)
    return True


def acknowledge_troubles(house: House, area: int) -> None:
    """Note that the troubles of an area's zones were seen, with 0 those of all."""
    for index, zone in house.zones.items():
        if zone.trouble_unacknowledged and zone.is_in(area):
            zone.trouble_unacknowledged = False
            house.note((ObjectType.ZONE, index))

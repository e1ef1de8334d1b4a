"""Codes, arming and alarms of an emulated panel."""

from omnilink_sansio.messages.event_log import EventLogType
from omnilink_sansio.messages.objects import AlarmType, ObjectType, SecurityMode, SpecialCode
from omnilink_sansio.messages.security import CodeAuthority, SecurityCommandResponse
from omnilink_sansio.secrets import UserCode
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects import Area

__all__ = ["activate_alarm", "arm", "code_number", "zones_not_ready"]


def code_number(house: House, area: int, digits: UserCode) -> tuple[int, CodeAuthority]:
    """Return whose code these digits are in an area, 0 for nobody's, and what that user may do."""
    for index, code in sorted(house.codes.items()):
        if code.digits == digits and code.areas() >> area - 1 & 1:
            return index, code.authority
    return 0, CodeAuthority.INVALID


def zones_not_ready(house: House, area: int | None = None) -> list[int]:
    """Return the zones, of one area or of all, that are not ready."""
    return [
        index
        for index, zone in sorted(house.zones.items())
        if zone.blocks_arming and (area is None or zone.area == area)
    ]


def arm(house: House, chosen: int, mode: SecurityMode, code: int) -> SecurityCommandResponse:
    """Arm or disarm an area, or with 0 all, in the name of a code number; return what came of it."""
    areas = {index: area for index, area in house.areas.items() if area.enabled and chosen in (0, index)}
    if not areas:
        return SecurityCommandResponse.INVALID_AREA
    # A house without codes lets everybody in.
    codes = {index: item for index, item in house.codes.items() if item.digits is not None}
    if codes and code not in set(SpecialCode):
        rights = codes[code].areas() if code in codes else 0
        if not all(rights >> index - 1 & 1 for index in areas):
            return SecurityCommandResponse.INVALID_CODE
    if mode is not SecurityMode.OFF and any(_is_blocked(house, *item) for item in areas.items()):
        return SecurityCommandResponse.ZONES_NOT_READY
    for index, area in areas.items():
        _set_mode(house, index, area, mode)
    house.write_log(EventLogType(EventLogType.DISARMED + mode), code, chosen)
    return SecurityCommandResponse.SUCCESS


def _is_blocked(house: House, index: int, area: Area) -> bool:
    return area.requires_ready and bool(zones_not_ready(house, index))


def _set_mode(house: House, index: int, area: Area, mode: SecurityMode) -> None:
    area.mode = mode
    delayed = mode is not SecurityMode.OFF and area.exit_delay
    area.until = house.now + area.exit_delay if delayed else None
    if mode is SecurityMode.OFF:
        area.alarms = 0
    house.note((ObjectType.AREA, index))


def activate_alarm(house: House, index: int, alarm: AlarmType) -> bool:
    """Raise an alarm in an area; False when the area is not in use."""
    area = house.areas.get(index)
    if area is None or not area.enabled:
        return False
    area.alarms |= 1 << alarm - 1
    house.write_log(EventLogType.ALARM_ACTIVATED, alarm, index)
    house.note((ObjectType.AREA, index))
    return True

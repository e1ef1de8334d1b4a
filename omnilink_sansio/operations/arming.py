"""Arming and disarming the documented way: the code is checked, the command names its number (20P00 §VALIDATE
SECURITY CODE MESSAGES, §CONTROLLER COMMAND).
"""

from omnilink_sansio.enums import OutcomeCause
from omnilink_sansio.errors import (
    ArmingFailedError,
    CommandFailedError,
    OmniLinkError,
    OutcomeUnknownError,
    RemoteProtocolError,
    RequestTimeoutError,
)
from omnilink_sansio.messages.commands import set_security_mode
from omnilink_sansio.messages.objects import AreaStatus, ObjectType, SecurityMode, ZoneProperties
from omnilink_sansio.messages.security import SecurityCommandResponse, one_area, validate_code
from omnilink_sansio.messages.status import RequestObjectStatus
from omnilink_sansio.messages.zone_ready import RequestZoneReadyStatus
from omnilink_sansio.operations.operation import Operation, ask, pause
from omnilink_sansio.operations.properties import get_object_properties
from omnilink_sansio.operations.walk import nonsense
from omnilink_sansio.secrets import UserCode

__all__ = ["arm", "arm_and_confirm", "disarm"]

_LOOK_AGAIN = 0.5
_SESSION_GOES_ON = (OutcomeCause.TIMEOUT, OutcomeCause.DAMAGED_REPLY)


def arm(area: int, mode: SecurityMode, code: int | str | UserCode) -> Operation[None]:
    """Arm an area, 1 to 8, in a mode; with a code number also 0, for all areas.

    ``code`` is a code number (``int``) or digits (``str`` or `UserCode`), which the controller checks first. It
    acknowledges the command, not its success: `arm_and_confirm` sees that through. A duress code is
    passed on as such. Raises `CommandFailedError`, its ``failure_code`` telling of a wrong code.
    """
    set_security_mode(area, mode, 0)
    number = yield from _code_number(area, code)
    yield from ask(set_security_mode(area, mode, number))


def disarm(area: int, code: int | str | UserCode) -> Operation[None]:
    """Disarm an area, as `arm` arms it."""
    return arm(area, SecurityMode.OFF, code)


def _code_number(area: int, code: int | str | UserCode) -> Operation[int]:
    if isinstance(code, int):
        return code
    validation = yield from ask(validate_code(area, code))
    if not validation.is_valid:
        raise CommandFailedError(
            f"the code is not valid in area {area} at this time", SecurityCommandResponse.INVALID_CODE
        )
    return validation.code_number


def arm_and_confirm(
    area: int, mode: SecurityMode, code: int | str | UserCode, seconds: float = 5.0
) -> Operation[AreaStatus]:
    """Arm an area, 1 to 8, or disarm it, and return its status once that shows it in the mode.

    The status tells whether the exit delay still runs (``is_arming``) and both timers. ``code`` is that of `arm`.
    The status is asked for until it shows the mode, with pauses of ``seconds`` in all between; the time that
    replies take comes on top. A command that is not answered is not sent again, but confirmed by the status all
    the same. Raises `ArmingFailedError`, which says which zones are not ready, `CommandFailedError` for a code
    that is not valid, and `OutcomeUnknownError` when neither the command nor the status is answered.
    """
    set_security_mode(one_area(area), mode, 0)
    number = yield from _code_number(area, code)
    unanswered: OutcomeUnknownError | None = None
    try:
        yield from ask(set_security_mode(area, mode, number))
    except OutcomeUnknownError as error:
        if error.cause not in _SESSION_GOES_ON:
            raise
        unanswered = error
    except CommandFailedError as error:
        raise (yield from _reason(area, mode, "the controller refused")) from error
    waited = 0.0
    while True:
        try:
            status = yield from _area_status(area)
        except OmniLinkError as error:
            if unanswered is None:
                raise
            raise unanswered from error
        if status.security_mode == mode:
            return status
        if waited >= seconds:
            break
        yield from pause(_LOOK_AGAIN)
        waited += _LOOK_AGAIN
    if unanswered is not None:
        raise unanswered
    raise (
        yield from _reason(
            area, mode, f"the controller acknowledged, but after {seconds:g} s it still was not"
        )
    )


def _area_status(area: int) -> Operation[AreaStatus]:
    request = RequestObjectStatus(ObjectType.AREA, area, area)
    reply = yield from ask(request)
    for record in reply.records:
        if isinstance(record, AreaStatus) and record.index == area:
            return record
    raise nonsense(request, f"area {area}", "no status of it")


def _reason(area: int, mode: SecurityMode, what: str) -> Operation[ArmingFailedError]:
    zones: dict[int, str] = {}
    if mode != SecurityMode.OFF:
        zones = yield from _zones_not_ready(area)
    named = ", ".join(f"{number} {name}".rstrip() for number, name in zones.items())
    why = (
        f"not ready: {named}"
        if zones
        else "it gives no reason: check the code's rights and that the area is in use"
    )
    return ArmingFailedError(f"area {area} is not in mode {SecurityMode(mode).name}: {what}; {why}", zones)


def _zones_not_ready(area: int) -> Operation[dict[int, str]]:
    zones: dict[int, str] = {}
    try:
        ready = yield from ask(RequestZoneReadyStatus())
        for number in ready.zones_not_ready:
            properties = yield from get_object_properties(ObjectType.ZONE, number)
            if isinstance(properties, ZoneProperties) and properties.area == area:
                zones[number] = properties.name
    except (CommandFailedError, RemoteProtocolError, RequestTimeoutError):
        # What matters is that the area is not armed; a controller that does not tell why must not hide it.
        pass
    return zones

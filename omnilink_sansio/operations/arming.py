"""Arming and disarming the documented way: the code is checked, the command names its number (20P00 §VALIDATE
SECURITY CODE MESSAGES, §CONTROLLER COMMAND).
"""

from math import inf

from omnilink_sansio.errors import (
    ArmingFailedError,
    CommandFailedError,
    LocalProtocolError,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    RemoteProtocolError,
    RequestTimeoutError,
)
from omnilink_sansio.messages.commands.security import set_security_mode
from omnilink_sansio.messages.objects.area import AreaStatus, SecurityMode
from omnilink_sansio.messages.objects.object_type import HIGHEST_OBJECT, ObjectType
from omnilink_sansio.messages.objects.zone import ZoneProperties
from omnilink_sansio.messages.request import mismatched_reply
from omnilink_sansio.messages.security import SecurityCommandResponse, one_area, validate_code
from omnilink_sansio.messages.status import RequestObjectStatus
from omnilink_sansio.messages.zone_ready import RequestZoneReadyStatus
from omnilink_sansio.operations.operation import Operation, ask, pause
from omnilink_sansio.operations.properties import get_object_properties
from omnilink_sansio.secrets import UserCode

__all__ = ["arm", "arm_and_confirm", "disarm"]

_LOOK_AGAIN = 0.5
_MOST_NAMED = 20
"""Zones looked up, one message each, before the caller learns that the area is not armed."""
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

    The status has whether the exit delay still runs (``is_arming``) and both timers. ``code`` is that of `arm`.
    The status is asked for until it shows the mode, with pauses of ``seconds`` in all between; the time that
    replies take comes on top. A command that is not answered is not sent again, but confirmed by the status all
    the same. Raises `ArmingFailedError`, which names the zones that are not ready, `CommandFailedError` for a code
    that is not valid, and `OutcomeUnknownError` when the command is not answered and the status does not show
    the mode.
    """
    set_security_mode(one_area(area), mode, 0)
    if not 0 <= seconds < inf:
        raise LocalProtocolError(f"seconds are 0 or more, and not without end, not {seconds!r}")
    number = yield from _code_number(area, code)
    unanswered: OmniLinkError | None = None
    try:
        yield from ask(set_security_mode(area, mode, number))
    except CommandFailedError as error:
        raise (yield from _reason(area, mode, "the controller refused")) from error
    except RemoteProtocolError as error:
        unanswered = error
    except OutcomeUnknownError as error:
        if error.cause not in _SESSION_GOES_ON:
            raise
        unanswered = error
    unseen: OmniLinkError | None = None
    waited = 0.0
    while True:
        try:
            status = yield from _area_status(area)
        except OmniConnectionError as error:
            if unanswered is None:
                raise
            raise unanswered from error
        except (CommandFailedError, RemoteProtocolError, RequestTimeoutError) as error:
            # Not seen this time; a time-out took its time already.
            unseen = error
            waited += error.waited if isinstance(error, RequestTimeoutError) else 0.0
        else:
            unseen = None
            if status.security_mode == mode:
                return status
        if waited >= seconds:
            break
        yield from pause(_LOOK_AGAIN)
        waited += _LOOK_AGAIN
    if unanswered is not None:
        raise unanswered from unseen
    seen = "its status could not be read" if unseen else f"after {seconds:g} s it still was not"
    raise (yield from _reason(area, mode, f"the controller acknowledged, but {seen}")) from unseen


def _area_status(area: int) -> Operation[AreaStatus]:
    request = RequestObjectStatus(ObjectType.AREA, area, area)
    reply = yield from ask(request)
    for record in reply.records:
        if isinstance(record, AreaStatus) and record.index == area:
            return record
    raise mismatched_reply(request, f"area {area}", "no status of it")


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
        for number in [zone for zone in ready.zones_not_ready if zone <= HIGHEST_OBJECT][:_MOST_NAMED]:
            properties = yield from get_object_properties(ObjectType.ZONE, number)
            if isinstance(properties, ZoneProperties) and properties.area == area:
                zones[number] = properties.name
    except (CommandFailedError, RemoteProtocolError, RequestTimeoutError):
        # What matters is that the area is not armed; a controller that does not report why must not hide it.
        pass
    return zones

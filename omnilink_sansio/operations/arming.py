"""Arming and disarming the documented way: the code is checked, the command names its number (20P00 §VALIDATE
SECURITY CODE MESSAGES, §CONTROLLER COMMAND).
"""

from omnilink_sansio.errors import CommandFailedError
from omnilink_sansio.messages.commands.security import set_security_mode
from omnilink_sansio.messages.objects.area import AreaStatus, SecurityMode
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.request import mismatched_reply
from omnilink_sansio.messages.security import SecurityCommandResponse, one_area, validate_code
from omnilink_sansio.messages.status import RequestObjectStatus
from omnilink_sansio.operations.arming_failure import read_arming_facts
from omnilink_sansio.operations.confirmation import check_seconds, send_and_confirm
from omnilink_sansio.operations.operation import Operation, ask
from omnilink_sansio.secrets import UserCode

__all__ = ["arm", "arm_and_confirm", "disarm"]


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
    the same. Raises `ArmingFailedError`, which names every cause that fits what the controller reports then (it
    gives no reason itself), `CommandFailedError` for digits that are not valid, and `OutcomeUnknownError` when the
    command is not answered and the status does not show the mode.
    """
    set_security_mode(one_area(area), mode, 0)
    check_seconds(seconds)
    given = code if isinstance(code, int) else None
    number = yield from _code_number(area, code)
    confirmation = yield from send_and_confirm(
        set_security_mode(area, mode, number),
        lambda: _area_status(area),
        lambda status: status.security_mode == mode,
        seconds,
    )
    if confirmation.shown is not None:
        return confirmation.shown
    facts = yield from read_arming_facts(area, SecurityMode(mode), given)
    if facts.status is not None and not confirmation.is_refused:
        return facts.status
    raise facts.error(confirmation.what) from confirmation.error


def _area_status(area: int) -> Operation[AreaStatus]:
    request = RequestObjectStatus(ObjectType.AREA, area, area)
    reply = yield from ask(request)
    for record in reply.records:
        if isinstance(record, AreaStatus) and record.index == area:
            return record
    raise mismatched_reply(request, f"area {area}", "no status of it")

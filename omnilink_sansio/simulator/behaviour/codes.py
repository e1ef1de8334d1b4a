"""User codes: their users, what they may do, and how wrong ones lock all of them out."""

from collections.abc import Iterable

from omnilink_sansio.messages.objects.area import SecurityMode
from omnilink_sansio.messages.objects.code import SpecialCode
from omnilink_sansio.messages.security import CodeAuthority
from omnilink_sansio.secrets import UserCode
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.timers import Timer

__all__ = ["UNKNOWN_USER", "accept_codes_again", "are_locked_out", "identify_code", "may_arm"]

UNKNOWN_USER = (0, CodeAuthority.INVALID)
"""No user, no authority."""


def are_locked_out(house: House) -> bool:
    """Whether no code is accepted for now, since too many were wrong."""
    return house.timers.is_running(Timer.LOCK_OUT, 0)


def accept_codes_again(house: House, _index: int) -> None:
    """End the lock-out."""
    house.codes_tried = 0


def identify_code(house: House, area: int, digits: UserCode) -> tuple[int, CodeAuthority]:
    """Return the number of the code with these digits in an area, 0 for none, and what its user may do.

    A wrong code counts towards the lock-out, during which no code is known; a right one makes up for the
    wrong ones before it. The duress code shows only that a user gave it (20P00 §SECURITY CODE VALIDATION).
    """
    if are_locked_out(house):
        return UNKNOWN_USER
    found = _find(house, area, digits)
    if found != UNKNOWN_USER:
        house.codes_tried = 0
        return found
    house.codes_tried += 1
    if house.codes_tried == house.wrong_codes:
        house.after(house.lock_out, Timer.LOCK_OUT)
    return UNKNOWN_USER


def _find(house: House, area: int, digits: UserCode) -> tuple[int, CodeAuthority]:
    if house.duress_code is not None and digits == house.duress_code:
        return SpecialCode.DURESS, CodeAuthority.USER
    for index, code in sorted(house.codes.items()):
        if code.digits == digits and code.enabled and code.is_in(area):
            return index, code.authority
    return UNKNOWN_USER


def may_arm(house: House, number: int, mode: SecurityMode, areas: Iterable[int]) -> bool:
    """Whether a code, by its number, may set all these areas to a mode.

    A house without codes accepts every number. Of the numbers that stand for no user (20P00 §EVENT LOG DATA) quick
    arming may arm but not disarm, and duress may do both where there is a duress code: the others are the panel's.
    """
    codes = {index: code for index, code in house.codes.items() if code.digits is not None}
    if number == SpecialCode.QUICK_ARM:
        return mode is not SecurityMode.OFF
    if number == SpecialCode.DURESS:
        return house.duress_code is not None
    if not codes and house.duress_code is None:
        return True
    code = codes.get(number)
    return code is not None and code.enabled and all(code.is_in(area) for area in areas)

"""Codes: the users of the alarm system, by number (20P00 §CODE PROPERTIES). Their digits are never reported."""

from collections.abc import Mapping
from enum import IntEnum, unique
from typing import ClassVar

from omnilink_sansio.messages.objects.object_record import ObjectProperties
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.record import U16, Name13, Tail, record

__all__ = ["CodeProperties", "SpecialCode", "code_title"]


@unique
class SpecialCode(IntEnum):
    """Code numbers that belong to no user (20P00 §EVENT LOG DATA)."""

    DURESS = 251
    KEYSWITCH = 252
    QUICK_ARM = 253
    PC_ACCESS = 254
    PROGRAMMED = 255


_TITLES: Mapping[int, str] = {
    SpecialCode.DURESS: "the duress code",
    SpecialCode.KEYSWITCH: "the keyswitch",
    SpecialCode.QUICK_ARM: "quick arm",
    SpecialCode.PC_ACCESS: "PC access",
    SpecialCode.PROGRAMMED: "a program",
}


def code_title(number: int) -> str:
    """Return who a code number stands for: "code 5", "the duress code"."""
    special = _TITLES.get(number)
    return f"code {number}" if special is None else special


@record
class CodeProperties(ObjectProperties):
    """The name of a code's user (20P00 §CODE PROPERTIES)."""

    OBJECT_TYPE: ClassVar[ObjectType] = ObjectType.CODE

    index: U16
    raw_name: Name13
    tail: Tail = b""

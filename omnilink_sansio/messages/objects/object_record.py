"""What properties and status records of all kinds of objects share."""

from dataclasses import fields
from functools import cache
from typing import ClassVar

from omnilink_sansio.messages.names import decode_name
from omnilink_sansio.messages.objects.object_type import HIGHEST_AREA, ObjectType
from omnilink_sansio.messages.record import U16, Record, Tail, record

__all__ = ["ObjectProperties", "ObjectStatusRecord", "UnknownProperties", "UnknownStatus"]


class ObjectProperties(Record):
    """The payload of an object properties message: one object's configuration, state and name.

    ``index`` is the object's number, from 1; ``raw_name`` the name's field as received, ``name`` its text.
    """

    __slots__ = ()

    OBJECT_TYPE: ClassVar[ObjectType]
    index: int
    raw_name: bytes

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.PREFIX = bytes((cls.OBJECT_TYPE,))

    @property
    def name(self) -> str:
        """The object's name, "" when it has none."""
        return decode_name(self.raw_name)


def areas_in(bits: int | None) -> tuple[int, ...] | None:
    """Return the numbers of the areas whose bits are set, bit 0 = area 1; None when they are not reported."""
    return None if bits is None else tuple(area + 1 for area in range(HIGHEST_AREA) if bits >> area & 1)


class ObjectStatusRecord(Record):
    """One record of a status message. ``index`` is the object's number, from 1."""

    __slots__ = ()

    OBJECT_TYPE: ClassVar[ObjectType]
    TIMERS: ClassVar[frozenset[str]] = frozenset()
    """Fields that count down by themselves."""
    READINGS: ClassVar[frozenset[str]] = frozenset()
    """Noisy fields whose changes are not notified."""
    index: int

    def same_state(self, other: "ObjectStatusRecord") -> bool:
        """Whether another record of the object has the same state.

        Timers compare as running or not; readings and missing fields are ignored.
        """
        if type(other) is not type(self):
            return False
        for name, is_timer in self._compared():
            mine, its = getattr(self, name), getattr(other, name)
            if is_timer:
                mine, its = bool(mine), bool(its)
            if mine != its and not {None, b""} & {mine, its}:
                return False
        return True

    @classmethod
    @cache
    def _compared(cls) -> tuple[tuple[str, bool], ...]:
        """Return the fields that make the state, and whether each is a timer."""
        names = [entry.name for entry in fields(cls)]  # type: ignore[arg-type]  # every record is a dataclass
        return tuple((name, name in cls.TIMERS) for name in names if name not in cls.READINGS)


@record
class UnknownProperties(Record):
    """Properties of a kind of object that this library has no layout for."""

    data: Tail = b""
    """The payload, object type first."""


@record
class UnknownStatus(Record):
    """The status record of a kind of object that this library has no layout for."""

    index: U16
    data: Tail = b""
    """What follows the number."""

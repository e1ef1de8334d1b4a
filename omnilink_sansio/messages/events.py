"""Event words: what controllers report besides the status of objects.

An event is one 16-bit word (20P00 §OTHER EVENT NOTIFICATIONS, 10P17 §APPENDIX C). Each family of events is
one class, and the class is its description: the patterns that its words match, and for every field the bit
where it begins and the values that its bits stand for. Words are read and written from that alone. No two
families share a word of the same kind of controller, so nothing depends on the order of the families; a word
that none takes is an `UnknownEvent`.

Controllers of Omni-Link II do not report alarms, zones, units and arming this way, but as object status.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, fields
from enum import IntEnum, unique
from types import MappingProxyType
from typing import Annotated, ClassVar, NamedTuple, TypeVar, dataclass_transform

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.models import ControllerFamily
from omnilink_sansio.messages.objects.area import AlarmType, LuminaMode, SecurityMode
from omnilink_sansio.messages.record import member_or_number
from omnilink_sansio.wire.message import ProtocolVersion

__all__ = [
    "AcPowerOff",
    "AcPowerRestored",
    "AccessControlReaderEvent",
    "AlarmActivated",
    "AllOnOff",
    "BatteryLow",
    "BatteryOk",
    "CameraTrigger",
    "CentraliteSwitch",
    "ComposeCodeReceived",
    "DcmOk",
    "DcmTrouble",
    "EnergyCostCritical",
    "EnergyCostHigh",
    "EnergyCostLow",
    "EnergyCostMid",
    "LuminaModeChange",
    "PhoneLineDead",
    "PhoneLineOffHook",
    "PhoneLineOnHook",
    "PhoneLineRing",
    "ProLinkMessage",
    "SecurityArming",
    "SwitchPress",
    "SystemEvent",
    "UnitStateChange",
    "UnknownEvent",
    "UpbLink",
    "UpbLinkCommand",
    "UserMacroButton",
    "X10CodeReceived",
    "ZoneStateChange",
]

_E = TypeVar("_E", bound="SystemEvent")
_N = TypeVar("_N", bound=IntEnum)

_LAST_WORD = 0xFFFF


def check_word(word: int) -> None:
    """Raise `LocalProtocolError` for what is no 16-bit word."""
    if not 0 <= word <= _LAST_WORD:
        raise LocalProtocolError(f"an event word is 0 to {_LAST_WORD}, not {word}")


@unique
class UpbLinkCommand(IntEnum):
    """What was done to a UPB link (20P00 §OTHER EVENT NOTIFICATIONS)."""

    OFF = 0
    ON = 1
    SET = 2
    FADE_STOP = 3


class Pattern(NamedTuple):
    """The words whose bits in ``mask`` are those of ``match``."""

    mask: int
    match: int


@frozen
class Bits:
    """One field of a word: the values that its bits stand for, from all bits clear to all bits set."""

    low: int
    """The lowest bit, 0 to 15."""
    values: Sequence[object]

    @property
    def mask(self) -> int:
        """The word's bits that are the field's."""
        return len(self.values) - 1 << self.low


_OFF_ON = (False, True)
_BYTE = range(256)
_NUMBER_9_BITS = range(512)
_AREA = range(16)
_HOUSE = tuple("ABCDEFGHIJKLMNOP")
_SIXTEEN_FROM_1 = range(1, 17)


def _named(kind: type[_N], count: int) -> tuple[_N | int, ...]:
    return tuple(member_or_number(kind, number) for number in range(count))


class SystemEvent:
    """The base of all events, which are frozen and compare by value.

    The facts of a family are on its class: ``patterns`` that its words match, ``layout`` of its fields,
    ``source`` that describes it, ``protocols`` that define it, ``families`` of controllers that report it.
    """

    __slots__ = ()

    patterns: ClassVar[tuple[Pattern, ...]]
    layout: ClassVar[Mapping[str, Bits]]
    source: ClassVar[str]
    protocols: ClassVar[frozenset[ProtocolVersion]]
    families: ClassVar[frozenset[ControllerFamily]]

    @property
    def word(self) -> int:
        """The event's 16-bit word. Raises `LocalProtocolError` for field values that no word of it has."""
        word = self.patterns[0].match
        for name, bits in self.layout.items():
            value: object = getattr(self, name)
            try:
                number = bits.values.index(value)
            except ValueError:
                raise LocalProtocolError(f"{type(self).__name__}.{name} cannot be {value!r}") from None
            word = word & ~bits.mask | number << bits.low
        if not any(word & mask == match for mask, match in self.patterns):
            raise LocalProtocolError(f"there is no such event as {self!r}")
        return word


_SOURCES = {ProtocolVersion.V2: "20P00 §OTHER EVENT NOTIFICATIONS", ProtocolVersion.V1: "10P17 §APPENDIX C"}

_BOTH = frozenset(ProtocolVersion)
_V1 = frozenset({ProtocolVersion.V1})
_V2 = frozenset({ProtocolVersion.V2})

_ANY = frozenset(ControllerFamily)
_OMNI = frozenset({ControllerFamily.OMNI})
_LUMINA = frozenset({ControllerFamily.LUMINA})


@dataclass_transform(frozen_default=True)
def _event(
    protocols: frozenset[ProtocolVersion],
    *patterns: tuple[int, int],
    families: frozenset[ControllerFamily] = _ANY,
    source: str | None = None,
) -> Callable[[type[_E]], type[_E]]:
    """Make a class of annotated fields an event, with the facts of its family."""

    def decorate(cls: type[_E]) -> type[_E]:
        kind = frozen(cls)
        members = fields(kind)  # type: ignore[arg-type]
        kind.layout = MappingProxyType(
            {member.name: getattr(member.type, "__metadata__")[0] for member in members}  # noqa: B009 - of Annotated
        )
        kind.patterns = tuple(Pattern(*pattern) for pattern in patterns)
        kind.source = source or "; ".join(text for version, text in _SOURCES.items() if version in protocols)
        kind.protocols = protocols
        kind.families = families
        return kind

    return decorate


@_event(_BOTH, (0xFF00, 0x0000))
class UserMacroButton(SystemEvent):
    """A macro button was activated."""

    button: Annotated[int, Bits(0, _BYTE)]


@_event(_BOTH, (0xFF80, 0x0100))
class ProLinkMessage(SystemEvent):
    """A Pro-Link message, 0 to 127, was received."""

    message: Annotated[int, Bits(0, range(128))]


@_event(_BOTH, (0xFF80, 0x0180))
class CentraliteSwitch(SystemEvent):
    """A CentraLite switch, 0 to 127, was pressed."""

    switch: Annotated[int, Bits(0, range(128))]


@_event(_V1, (0xFFF0, 0x0210), (0xFFE0, 0x0220), (0xFFC0, 0x0240), (0xFFF0, 0x0280))
class AlarmActivated(SystemEvent):
    """An alarm went off in an area; on Lumina controllers the area is always 1.

    No event reports its end: read the area's status.
    """

    alarm_type: Annotated[AlarmType, Bits(4, _named(AlarmType, 16))]
    area: Annotated[int, Bits(0, _AREA)]


@_event(_BOTH, (0xFFFF, 0x0300))
class PhoneLineDead(SystemEvent):
    """The telephone line is dead."""


@_event(_BOTH, (0xFFFF, 0x0301))
class PhoneLineRing(SystemEvent):
    """The telephone rings."""


@_event(_BOTH, (0xFFFF, 0x0302))
class PhoneLineOffHook(SystemEvent):
    """A telephone was taken off the hook."""


@_event(_BOTH, (0xFFFF, 0x0303))
class PhoneLineOnHook(SystemEvent):
    """The telephone is on the hook again."""


@_event(_BOTH, (0xFFFF, 0x0304))
class AcPowerOff(SystemEvent):
    """Mains power is off."""


@_event(_BOTH, (0xFFFF, 0x0305))
class AcPowerRestored(SystemEvent):
    """Mains power is back."""


@_event(_BOTH, (0xFFFF, 0x0306))
class BatteryLow(SystemEvent):
    """The controller's battery is low."""


@_event(_BOTH, (0xFFFF, 0x0307))
class BatteryOk(SystemEvent):
    """The controller's battery is good again."""


@_event(_BOTH, (0xFFFF, 0x0308))
class DcmTrouble(SystemEvent):
    """The digital communicator, which reports alarms over the telephone, is in trouble."""


@_event(_BOTH, (0xFFFF, 0x0309))
class DcmOk(SystemEvent):
    """The digital communicator works again."""


@_event(_BOTH, (0xFFFF, 0x030A))
class EnergyCostLow(SystemEvent):
    """The cost of energy is low now."""


@_event(_BOTH, (0xFFFF, 0x030B))
class EnergyCostMid(SystemEvent):
    """The cost of energy is medium now."""


@_event(_BOTH, (0xFFFF, 0x030C))
class EnergyCostHigh(SystemEvent):
    """The cost of energy is high now."""


@_event(_BOTH, (0xFFFF, 0x030D))
class EnergyCostCritical(SystemEvent):
    """The cost of energy is critical now."""


@_event(_V2, (0xFFFE, 0x030E), (0xFFFC, 0x0310))
class CameraTrigger(SystemEvent):
    """A camera, 1 to 6, was triggered."""

    # The words continue those of power and energy cost: 0x0E in the low bits is camera 1.
    camera: Annotated[int, Bits(0, range(-0x0D, 0x13))]


@_event(_V2, (0xFFF0, 0x03D0), source="not in 20P00 or 10P17; seen in omni-pca")
class AccessControlReaderEvent(SystemEvent):
    """Something happened at an access control reader, 1 to 16; its status has the details."""

    reader: Annotated[int, Bits(0, _SIXTEEN_FROM_1)]


@_event(_BOTH, (0xFFE0, 0x03E0))
class AllOnOff(SystemEvent):
    """All units of an area were turned on or off; area 0 is all areas."""

    on: Annotated[bool, Bits(4, _OFF_ON)]
    area: Annotated[int, Bits(0, _AREA)]


@_event(_V1, (0xFC00, 0x0400))
class ZoneStateChange(SystemEvent):
    """A zone changed: on is not secure, off is secure."""

    on: Annotated[bool, Bits(9, _OFF_ON)]
    zone: Annotated[int, Bits(0, _NUMBER_9_BITS)]


@_event(_V1, (0xFC00, 0x0800))
class UnitStateChange(SystemEvent):
    """A unit was turned on or off."""

    on: Annotated[bool, Bits(9, _OFF_ON)]
    unit: Annotated[int, Bits(0, _NUMBER_9_BITS)]


@_event(_BOTH, (0xFC00, 0x0C00))
class X10CodeReceived(SystemEvent):
    """An X-10 signal came in: house letter A to P, unit 1 to 16, which means nothing for ``all_units``."""

    on: Annotated[bool, Bits(9, _OFF_ON)]
    all_units: Annotated[bool, Bits(8, _OFF_ON)]
    house: Annotated[str, Bits(4, _HOUSE)]
    unit: Annotated[int, Bits(0, _SIXTEEN_FROM_1)]


# Without the first nibbles 0, 7 and F, which other families have: mode 0 always comes with the highest bit.
_MODE_NIBBLES = (*range(0x1, 0x7), *range(0x8, 0xF))


@_event(_V1, *((0xF000, nibble << 12) for nibble in _MODE_NIBBLES), families=_OMNI)
class SecurityArming(SystemEvent):
    """An area of an Omni controller was disarmed, begins its exit delay, or is armed after the delay.

    ``code`` is the number of the user code, not its digits. ``exit_delay`` is the word's highest bit: the
    exit delay begins; with mode off it is always set and means nothing.
    """

    mode: Annotated[SecurityMode, Bits(12, _named(SecurityMode, 8))]
    area: Annotated[int, Bits(8, _AREA)]
    code: Annotated[int, Bits(0, _BYTE)]
    exit_delay: Annotated[bool, Bits(15, _OFF_ON)]

    @property
    def is_disarmed(self) -> bool:
        """Whether the area was disarmed."""
        return self.mode == SecurityMode.OFF

    @property
    def is_arming(self) -> bool:
        """Whether the exit delay begins: the area is not armed before it is over."""
        return self.exit_delay and not self.is_disarmed

    @property
    def is_armed(self) -> bool:
        """Whether the area is armed from now on."""
        return not self.exit_delay and not self.is_disarmed


@_event(_V1, *((0xFF00, nibble << 12 | 0x100) for nibble in _MODE_NIBBLES if nibble != 0x8), families=_LUMINA)
class LuminaModeChange(SystemEvent):
    """A Lumina controller changes its mode, or with ``exit_delay`` begins the delay before it does.

    ``code`` is the number of the user code, not its digits.
    """

    mode: Annotated[LuminaMode, Bits(12, _named(LuminaMode, 8))]
    code: Annotated[int, Bits(0, _BYTE)]
    exit_delay: Annotated[bool, Bits(15, _OFF_ON)]


@_event(_BOTH, (0xF000, 0x7000))
class ComposeCodeReceived(SystemEvent):
    """A Lightolier Compose signal came in: house letter A to P, unit 1 to 16.

    ``state`` is 0 off, 1 on, 2 to 13 scene A to L; 14 and 15 are not described.
    """

    house: Annotated[str, Bits(4, _HOUSE)]
    unit: Annotated[int, Bits(0, _SIXTEEN_FROM_1)]
    state: Annotated[int, Bits(8, range(16))]


@_event(_BOTH, (0xFC00, 0xFC00))
class UpbLink(SystemEvent):
    """A UPB link was used."""

    command: Annotated[UpbLinkCommand, Bits(8, tuple(UpbLinkCommand))]
    link: Annotated[int, Bits(0, _BYTE)]


@_event(_BOTH, (0xF800, 0xF000), (0xFC00, 0xF800))
class SwitchPress(SystemEvent):
    """A switch of an ALC, UPB, RadioRA or Starlite unit was pressed: 0 off, 1 on, 2 to 11 switch 1 to 10."""

    switch: Annotated[int, Bits(8, range(16))]
    unit: Annotated[int, Bits(0, _BYTE)]


@_event(_BOTH, (0x0000, 0x0000), source="not in 20P00 or 10P17")
class UnknownEvent(SystemEvent):
    """A word that no other family takes, kept as it is."""

    # The field takes the place of the base's property, which must not become its default.
    word: Annotated[int, Bits(0, range(_LAST_WORD + 1))] = field()

    def __post_init__(self) -> None:
        check_word(self.word)

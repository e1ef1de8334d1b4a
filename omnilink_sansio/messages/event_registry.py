"""Every family of event words in one table, and which event a word is."""

from omnilink_sansio.errors import Fault, RemoteProtocolError
from omnilink_sansio.messages.events import (
    AccessControlReaderEvent,
    AcPowerOff,
    AcPowerRestored,
    AlarmActivated,
    AllOnOff,
    BatteryLow,
    BatteryOk,
    CameraTrigger,
    CentraliteSwitch,
    ComposeCodeReceived,
    DcmOk,
    DcmTrouble,
    EnergyCostCritical,
    EnergyCostHigh,
    EnergyCostLow,
    EnergyCostMid,
    LuminaModeChange,
    PhoneLineDead,
    PhoneLineOffHook,
    PhoneLineOnHook,
    PhoneLineRing,
    ProLinkMessage,
    SecurityArming,
    SwitchPress,
    SystemEvent,
    UnitStateChange,
    UnknownEvent,
    UpbLink,
    UserMacroButton,
    X10CodeReceived,
    ZoneStateChange,
    check_word,
)
from omnilink_sansio.messages.models import ControllerFamily

__all__ = ["EVENT_REGISTRY", "parse_event_word", "parse_events"]

EVENT_REGISTRY: tuple[type[SystemEvent], ...] = (
    UserMacroButton,
    ProLinkMessage,
    CentraliteSwitch,
    AlarmActivated,
    PhoneLineDead,
    PhoneLineRing,
    PhoneLineOffHook,
    PhoneLineOnHook,
    AcPowerOff,
    AcPowerRestored,
    BatteryLow,
    BatteryOk,
    DcmTrouble,
    DcmOk,
    EnergyCostLow,
    EnergyCostMid,
    EnergyCostHigh,
    EnergyCostCritical,
    CameraTrigger,
    AccessControlReaderEvent,
    AllOnOff,
    ZoneStateChange,
    UnitStateChange,
    X10CodeReceived,
    SecurityArming,
    LuminaModeChange,
    ComposeCodeReceived,
    UpbLink,
    SwitchPress,
    UnknownEvent,
)
"""Every family of events, in the order of the vendor's tables; the last takes what no other does."""


def _families_by_pattern(controller: ControllerFamily) -> dict[int, dict[int, type[SystemEvent]]]:
    kinds: dict[int, dict[int, type[SystemEvent]]] = {}
    for kind in EVENT_REGISTRY:
        if controller in kind.families:
            for mask, match in kind.patterns:
                kinds.setdefault(mask, {})[match] = kind
    return kinds


_KINDS = {controller: _families_by_pattern(controller) for controller in ControllerFamily}


def parse_event_word(word: int, family: ControllerFamily = ControllerFamily.OMNI) -> SystemEvent:
    """Return the event that a 16-bit word reports; ``word`` of it is the same again.

    Raises `LocalProtocolError` outside 0 to 65535.
    """
    check_word(word)
    kind = next(kinds[word & mask] for mask, kinds in _KINDS[family].items() if word & mask in kinds)
    return kind(*(bits.values[(word & bits.mask) >> bits.low] for bits in kind.layout.values()))


def parse_events(payload: bytes, family: ControllerFamily = ControllerFamily.OMNI) -> tuple[SystemEvent, ...]:
    """Return the events of message 0x37 (v2) or 0x23 (v1), oldest first, from what follows its type.

    Raises `RemoteProtocolError` when a word is cut in half.
    """
    if len(payload) % 2:
        raise RemoteProtocolError(
            Fault.BAD_PAYLOAD, f"event words have two bytes each, here are {len(payload)}", len(payload) - 1
        )
    words = (int.from_bytes(payload[at : at + 2], "big") for at in range(0, len(payload), 2))
    return tuple(parse_event_word(word, family) for word in words)

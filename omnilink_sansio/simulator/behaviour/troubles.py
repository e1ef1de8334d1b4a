"""Troubles of the panel itself."""

from collections.abc import Mapping
from types import MappingProxyType

from omnilink_sansio.messages.events import (
    AcPowerOff,
    AcPowerRestored,
    BatteryLow,
    BatteryOk,
    DcmOk,
    DcmTrouble,
    PhoneLineDead,
    PhoneLineOnHook,
    SystemEvent,
)
from omnilink_sansio.messages.system import SystemTrouble
from omnilink_sansio.simulator.house import House

__all__ = ["begin_trouble", "end_trouble"]

_EVENTS: Mapping[SystemTrouble, tuple[type[SystemEvent], type[SystemEvent]]] = MappingProxyType(
    {
        SystemTrouble.BATTERY_LOW: (BatteryLow, BatteryOk),
        SystemTrouble.AC_POWER: (AcPowerOff, AcPowerRestored),
        SystemTrouble.PHONE_LINE: (PhoneLineDead, PhoneLineOnHook),
        SystemTrouble.DIGITAL_COMMUNICATOR: (DcmTrouble, DcmOk),
    }
)
"""The events that report a trouble and its end; of the others none does (20P00 §OTHER EVENT NOTIFICATIONS)."""


def begin_trouble(house: House, trouble: SystemTrouble) -> None:
    """Let the panel have a trouble, if it has it not already."""
    if trouble not in house.troubles:
        house.troubles.append(trouble)
        if trouble in _EVENTS:
            house.note(_EVENTS[trouble][0]())


def end_trouble(house: House, trouble: SystemTrouble) -> None:
    """Let a trouble be over, if there is one."""
    if trouble in house.troubles:
        house.troubles.remove(trouble)
        if trouble in _EVENTS:
            house.note(_EVENTS[trouble][1]())

"""Objects: one module a kind, with its properties, its status and the names of their values."""

from collections.abc import Mapping
from types import MappingProxyType

from omnilink_sansio.messages.objects.area import Alarms, AreaProperties, AreaStatus, SecurityMode
from omnilink_sansio.messages.objects.button import ButtonProperties
from omnilink_sansio.messages.objects.object_record import (
    ObjectProperties,
    ObjectStatusRecord,
    UnknownProperties,
    UnknownStatus,
)
from omnilink_sansio.messages.objects.object_type import OBJECT_TYPES, ObjectForms, ObjectType
from omnilink_sansio.messages.objects.thermostat import (
    FanMode,
    HoldMode,
    HvacMode,
    ThermostatAction,
    ThermostatKind,
    ThermostatProperties,
    ThermostatStatus,
)
from omnilink_sansio.messages.objects.unit import UnitProperties, UnitStatus, UnitType
from omnilink_sansio.messages.objects.zone import (
    ZoneArming,
    ZoneCondition,
    ZoneLatchedAlarm,
    ZoneOption,
    ZoneProperties,
    ZoneStatus,
    ZoneType,
)

__all__ = [
    "OBJECT_TYPES",
    "OBJECT_TYPE_TO_PROPERTIES",
    "OBJECT_TYPE_TO_STATUS",
    "Alarms",
    "AreaProperties",
    "AreaStatus",
    "ButtonProperties",
    "FanMode",
    "HoldMode",
    "HvacMode",
    "ObjectForms",
    "ObjectProperties",
    "ObjectStatusRecord",
    "ObjectType",
    "SecurityMode",
    "ThermostatAction",
    "ThermostatKind",
    "ThermostatProperties",
    "ThermostatStatus",
    "UnitProperties",
    "UnitStatus",
    "UnitType",
    "UnknownProperties",
    "UnknownStatus",
    "ZoneArming",
    "ZoneCondition",
    "ZoneLatchedAlarm",
    "ZoneOption",
    "ZoneProperties",
    "ZoneStatus",
    "ZoneType",
]

OBJECT_TYPE_TO_PROPERTIES: Mapping[int, type[ObjectProperties]] = MappingProxyType(
    {
        kind.OBJECT_TYPE: kind
        for kind in (ZoneProperties, UnitProperties, ButtonProperties, AreaProperties, ThermostatProperties)
    }
)
"""The properties record of each kind of object that has one here."""

OBJECT_TYPE_TO_STATUS: Mapping[int, type[ObjectStatusRecord]] = MappingProxyType(
    {kind.OBJECT_TYPE: kind for kind in (ZoneStatus, UnitStatus, AreaStatus, ThermostatStatus)}
)
"""The status record of each kind of object that has one here, of both status messages."""

"""Which record has the properties, and which the status, of each kind of object."""

from collections.abc import Mapping
from types import MappingProxyType

from omnilink_sansio.messages.objects.access_control import (
    AccessControlLockStatus,
    AccessControlReaderProperties,
    AccessControlReaderStatus,
)
from omnilink_sansio.messages.objects.area import (
    AreaProperties,
    AreaStatus,
)
from omnilink_sansio.messages.objects.audio import AudioSourceProperties, AudioZoneProperties, AudioZoneStatus
from omnilink_sansio.messages.objects.auxiliary_sensor import AuxSensorProperties, AuxSensorStatus
from omnilink_sansio.messages.objects.button import ButtonProperties
from omnilink_sansio.messages.objects.code import CodeProperties
from omnilink_sansio.messages.objects.expansion_enclosure import ExpansionEnclosureStatus
from omnilink_sansio.messages.objects.message import MessageProperties, MessageStatus
from omnilink_sansio.messages.objects.object_record import (
    ObjectProperties,
    ObjectStatusRecord,
)
from omnilink_sansio.messages.objects.thermostat import (
    ThermostatProperties,
    ThermostatStatus,
)
from omnilink_sansio.messages.objects.unit import UnitProperties, UnitStatus
from omnilink_sansio.messages.objects.user_setting import (
    UserSettingProperties,
    UserSettingStatus,
)
from omnilink_sansio.messages.objects.zone import (
    ZoneProperties,
    ZoneStatus,
)

__all__ = ["OBJECT_TYPE_TO_PROPERTIES", "OBJECT_TYPE_TO_STATUS"]

OBJECT_TYPE_TO_PROPERTIES: Mapping[int, type[ObjectProperties]] = MappingProxyType(
    {
        kind.OBJECT_TYPE: kind
        for kind in (
            ZoneProperties,
            UnitProperties,
            ButtonProperties,
            CodeProperties,
            AreaProperties,
            ThermostatProperties,
            MessageProperties,
            AuxSensorProperties,
            AudioSourceProperties,
            AudioZoneProperties,
            UserSettingProperties,
            AccessControlReaderProperties,
        )
    }
)
"""The properties record of each kind of object that has properties."""

OBJECT_TYPE_TO_STATUS: Mapping[int, type[ObjectStatusRecord]] = MappingProxyType(
    {
        kind.OBJECT_TYPE: kind
        for kind in (
            ZoneStatus,
            UnitStatus,
            AreaStatus,
            ThermostatStatus,
            MessageStatus,
            AuxSensorStatus,
            AudioZoneStatus,
            ExpansionEnclosureStatus,
            UserSettingStatus,
            AccessControlReaderStatus,
            AccessControlLockStatus,
        )
    }
)
"""The status record of each kind of object that has a status, of both status messages."""

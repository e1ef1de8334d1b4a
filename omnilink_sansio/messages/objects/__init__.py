"""Objects: one module a kind, with its properties, its status and the names of their values."""

from omnilink_sansio.messages.objects.access_control import (
    AccessControlLockStatus,
    AccessControlReaderProperties,
    AccessControlReaderStatus,
)
from omnilink_sansio.messages.objects.area import (
    Alarms,
    AlarmType,
    AreaProperties,
    AreaStatus,
    LuminaMode,
    SecurityMode,
)
from omnilink_sansio.messages.objects.audio import AudioSourceProperties, AudioZoneProperties, AudioZoneStatus
from omnilink_sansio.messages.objects.auxiliary_sensor import AuxSensorProperties, AuxSensorStatus
from omnilink_sansio.messages.objects.button import ButtonProperties
from omnilink_sansio.messages.objects.code import CodeProperties, SpecialCode, code_title
from omnilink_sansio.messages.objects.expansion_enclosure import ExpansionEnclosureStatus
from omnilink_sansio.messages.objects.forms import OBJECT_TYPE_TO_PROPERTIES, OBJECT_TYPE_TO_STATUS
from omnilink_sansio.messages.objects.message import MessageProperties, MessageState, MessageStatus
from omnilink_sansio.messages.objects.object_record import (
    ObjectProperties,
    ObjectStatusRecord,
    UnknownProperties,
    UnknownStatus,
)
from omnilink_sansio.messages.objects.object_type import (
    HIGHEST_AREA,
    HIGHEST_OBJECT,
    OBJECT_TYPES,
    ObjectForms,
    ObjectType,
    object_title,
)
from omnilink_sansio.messages.objects.thermostat import (
    FanMode,
    HoldMode,
    HvacMode,
    ThermostatAction,
    ThermostatKind,
    ThermostatProperties,
    ThermostatStatus,
)
from omnilink_sansio.messages.objects.unit import UnitProperties, UnitScene, UnitState, UnitStatus, UnitType
from omnilink_sansio.messages.objects.user_setting import (
    MonthDay,
    UserSettingKind,
    UserSettingProperties,
    UserSettingStatus,
    UserSettingValue,
    decode_user_setting,
    encode_user_setting,
)
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
    "HIGHEST_AREA",
    "HIGHEST_OBJECT",
    "OBJECT_TYPES",
    "OBJECT_TYPE_TO_PROPERTIES",
    "OBJECT_TYPE_TO_STATUS",
    "AccessControlLockStatus",
    "AccessControlReaderProperties",
    "AccessControlReaderStatus",
    "AlarmType",
    "Alarms",
    "AreaProperties",
    "AreaStatus",
    "AudioSourceProperties",
    "AudioZoneProperties",
    "AudioZoneStatus",
    "AuxSensorProperties",
    "AuxSensorStatus",
    "ButtonProperties",
    "CodeProperties",
    "ExpansionEnclosureStatus",
    "FanMode",
    "HoldMode",
    "HvacMode",
    "LuminaMode",
    "MessageProperties",
    "MessageState",
    "MessageStatus",
    "MonthDay",
    "ObjectForms",
    "ObjectProperties",
    "ObjectStatusRecord",
    "ObjectType",
    "SecurityMode",
    "SpecialCode",
    "ThermostatAction",
    "ThermostatKind",
    "ThermostatProperties",
    "ThermostatStatus",
    "UnitProperties",
    "UnitScene",
    "UnitState",
    "UnitStatus",
    "UnitType",
    "UnknownProperties",
    "UnknownStatus",
    "UserSettingKind",
    "UserSettingProperties",
    "UserSettingStatus",
    "UserSettingValue",
    "ZoneArming",
    "ZoneCondition",
    "ZoneLatchedAlarm",
    "ZoneOption",
    "ZoneProperties",
    "ZoneStatus",
    "ZoneType",
    "code_title",
    "decode_user_setting",
    "encode_user_setting",
    "object_title",
]

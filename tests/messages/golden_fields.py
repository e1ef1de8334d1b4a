"""What the golden messages call the fields of each type of message, so that both can be compared."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from omnilink_sansio import UserCode
from omnilink_sansio import messages as m

__all__ = ["FIELDS", "RECORDS", "Fields"]

Fields: TypeAlias = dict[str, object]


def _named(*pairs: str) -> Callable[[Any], Fields]:
    """Return what reads these fields: "vector=ours", or one name where both agree."""
    names = [pair.partition("=")[::2] for pair in pairs]
    return lambda item: {theirs: getattr(item, ours or theirs) for theirs, ours in names}


def _digits(code: UserCode) -> str:
    return "".join(str(digit) for digit in code)


def _plus(reads: Callable[[Any], Fields], **others: Callable[[Any], object]) -> Callable[[Any], Fields]:
    return lambda item: reads(item) | {name: read(item) for name, read in others.items()}


_CLIMATE = _named("index", "temperature", "heat_setpoint", "cool_setpoint", "mode=system_mode", "fan", "hold")
_EXTENSION = _named(
    "humidity",
    "humidify=humidify_setpoint",
    "dehumidify=dehumidify_setpoint",
    "outdoor=outdoor_temperature",
    "action",
)
_SENSOR = _named("index", "output", "current", "low=low_setpoint", "high=high_setpoint")
_AUDIO = _named("index", "power=is_on", "source", "volume", "mute=is_muted")
_AREA = _named("index", "mode", "alarms", "entry_timer", "exit_timer")
_RANGE = _named("object_type", "start=first", "end=last")
_NOTHING = _named()


def _climate(item: m.ThermostatProperties | m.ThermostatStatus) -> Fields:
    return _CLIMATE(item) if item.humidity is None else _CLIMATE(item) | _EXTENSION(item)


RECORDS: Mapping[type[Any], Callable[[Any], Fields]] = {
    m.ZoneStatus: _named("index", "status", "loop"),
    m.UnitStatus: _named("index", "status=state", "time=seconds_left"),
    m.AreaStatus: _AREA,
    m.ThermostatStatus: lambda item: _climate(item) | {"status": item.status},
    m.MessageStatus: _named("index", "status"),
    m.AuxSensorStatus: _SENSOR,
    m.AudioZoneStatus: _AUDIO,
    m.ExpansionEnclosureStatus: _named("index", "status=communications", "battery"),
    m.UserSettingStatus: _named("index", "setting_type", "value"),
    m.AccessControlReaderStatus: _named("index", "denied=is_denied", "last_user"),
    m.AccessControlLockStatus: _plus(
        _named("index", "timer=seconds_left"), unlocked=lambda item: not item.is_locked
    ),
}


def _records(item: m.ObjectStatus | m.ExtendedObjectStatus) -> list[Fields]:
    return [RECORDS[type(each)](each) for each in item.records]


FIELDS: Mapping[type[Any], Callable[[Any], Fields]] = {
    m.Ack: _NOTHING,
    m.Nak: _NOTHING,
    m.EndOfData: _NOTHING,
    m.ClearNames: _NOTHING,
    m.ClearVoiceNames: _NOTHING,
    m.RequestSystemInformation: _NOTHING,
    m.RequestSystemStatus: _NOTHING,
    m.RequestSystemTroubles: _NOTHING,
    m.RequestSystemFeatures: _NOTHING,
    m.RequestSystemFormats: _NOTHING,
    m.RequestZoneReadyStatus: _NOTHING,
    m.RequestObjectTypeCapacities: _named("object_type"),
    m.RequestObjectProperties: _named(
        "object_type",
        "index",
        "direction",
        "filter1=name_filter",
        "filter2=area_filter",
        "filter3=room_filter",
    ),
    m.RequestObjectStatus: _RANGE,
    m.RequestExtendedObjectStatus: _RANGE,
    m.RequestAudioSourceStatus: _named("source", "position"),
    m.ReadEventRecord: _named("event_number=number", "direction"),
    m.SetTime: _named("year", "month", "day", "day_of_week", "hour", "minute", "dst=daylight_saving"),
    m.ActivateKeypadEmergency: _named("area", "emergency_type=emergency"),
    m.RequestSecurityCodeValidation: _plus(_named("area"), digits=lambda item: _digits(item.code)),
    m.ControllerCommand: _named("command", "parameter1", "parameter2"),
    m.EnableNotifications: lambda item: {"enabled": bool(item.enabled)},
    m.SystemInformation: _plus(
        _named("model", "major", "minor", "revision", "phone"),
        revision_raw=lambda item: item.revision & 0xFF,
    ),
    m.SystemStatus: _plus(
        _named(
            "year",
            "month",
            "day",
            "day_of_week",
            "hour",
            "minute",
            "second",
            "dst=daylight_saving",
            "sunrise_hour",
            "sunrise_minute",
            "sunset_hour",
            "sunset_minute",
            "battery",
        ),
        time_valid=lambda item: bool(item.time_valid),
        alarms=lambda item: [[alarm.area, alarm.alarms] for alarm in item.alarms],
    ),
    m.SystemTroubles: lambda item: {"troubles": [int(trouble) for trouble in item.troubles]},
    m.SystemFeatures: lambda item: {"features": [int(feature) for feature in item.features]},
    m.SystemFormats: _named("temperature", "time", "date"),
    m.ObjectTypeCapacities: _named("object_type", "capacity"),
    m.ZoneProperties: _named("index", "status", "loop", "zone_type", "area", "options", "name"),
    m.UnitProperties: _named("index", "status=state", "time=seconds_left", "unit_type", "name", "areas"),
    m.ButtonProperties: _named("index", "name"),
    m.CodeProperties: _named("index", "name"),
    m.AreaProperties: lambda item: (
        _AREA(item) | _named("enabled=is_enabled", "exit_delay", "entry_delay", "name")(item)
    ),
    m.ThermostatProperties: lambda item: (
        _climate(item) | _named("communicating", "thermostat_type", "name")(item)
    ),
    m.MessageProperties: _named("index", "name", "areas"),
    m.AuxSensorProperties: lambda item: _SENSOR(item) | _named("sensor_type", "name")(item),
    m.AudioSourceProperties: _named("index", "name"),
    m.AudioZoneProperties: lambda item: _AUDIO(item) | {"name": item.name},
    m.UserSettingProperties: _named("index", "setting_type", "value", "name"),
    m.AccessControlReaderProperties: _plus(
        _named("index", "unlock_timer=seconds_left", "denied=is_denied", "last_user", "name"),
        unlocked=lambda item: not item.is_locked,
    ),
    m.ObjectStatus: _plus(_named("object_type"), records=_records),
    m.ExtendedObjectStatus: _plus(_named("object_type", "record_length"), records=_records),
    m.AudioSourceStatus: _named("source", "sequence", "position", "field_id", "text"),
    m.EventLogData: _plus(
        _named(
            "number", "month", "day", "hour", "minute", "type=event_type", "p1=parameter1", "p2=parameter2"
        ),
        time_valid=lambda item: bool(item.time_valid),
    ),
    m.NameData: _named("name_type", "object_number=index", "name"),
    m.SecurityCodeValidation: _named("code_number", "authority"),
    m.ExecuteSecurityCommandResponse: _named("status=response"),
    m.OtherEventNotifications: lambda item: {"words": [event.word for event in item.events]},
}
"""How to read each type of message into the fields that the golden messages state."""

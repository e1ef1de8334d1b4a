"""What the golden messages call the fields of each type of message, so that both can be compared."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from omnilink_sansio import UserCode, commands, event_log, events, objects, system

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


def _climate(item: objects.ThermostatProperties | objects.ThermostatStatus) -> Fields:
    return _CLIMATE(item) if item.humidity is None else _CLIMATE(item) | _EXTENSION(item)


RECORDS: Mapping[type[Any], Callable[[Any], Fields]] = {
    objects.ZoneStatus: _named("index", "status", "loop"),
    objects.UnitStatus: _named("index", "status=state", "time=seconds_left"),
    objects.AreaStatus: _AREA,
    objects.ThermostatStatus: lambda item: _climate(item) | {"status": item.status},
    objects.MessageStatus: _named("index", "status"),
    objects.AuxSensorStatus: _SENSOR,
    objects.AudioZoneStatus: _AUDIO,
    objects.ExpansionEnclosureStatus: _named("index", "status=communications", "battery"),
    objects.UserSettingStatus: _named("index", "setting_type", "value"),
    objects.AccessControlReaderStatus: _named("index", "denied=is_denied", "last_user"),
    objects.AccessControlLockStatus: _plus(
        _named("index", "timer=seconds_left"), unlocked=lambda item: not item.is_locked
    ),
}


def _records(item: objects.ObjectStatus | objects.ExtendedObjectStatus) -> list[Fields]:
    return [RECORDS[type(each)](each) for each in item.records]


FIELDS: Mapping[type[Any], Callable[[Any], Fields]] = {
    system.Ack: _NOTHING,
    system.Nak: _NOTHING,
    system.EndOfData: _NOTHING,
    objects.ClearNames: _NOTHING,
    objects.ClearVoiceNames: _NOTHING,
    system.RequestSystemInformation: _NOTHING,
    system.RequestSystemStatus: _NOTHING,
    system.RequestSystemTroubles: _NOTHING,
    system.RequestSystemFeatures: _NOTHING,
    system.RequestSystemFormats: _NOTHING,
    objects.RequestZoneReadyStatus: _NOTHING,
    system.RequestObjectTypeCapacities: _named("object_type"),
    objects.RequestObjectProperties: _named(
        "object_type",
        "index",
        "direction",
        "filter1=name_filter",
        "filter2=area_filter",
        "filter3=room_filter",
    ),
    objects.RequestObjectStatus: _RANGE,
    objects.RequestExtendedObjectStatus: _RANGE,
    objects.RequestAudioSourceStatus: _named("source", "position"),
    event_log.ReadEventRecord: _named("event_number=number", "direction"),
    system.SetTime: _named("year", "month", "day", "day_of_week", "hour", "minute", "dst=daylight_saving"),
    commands.ActivateKeypadEmergency: _named("area", "emergency_type=emergency"),
    commands.RequestSecurityCodeValidation: _plus(_named("area"), digits=lambda item: _digits(item.code)),
    commands.ControllerCommand: _named("command", "parameter1", "parameter2"),
    system.EnableNotifications: lambda item: {"enabled": bool(item.enabled)},
    system.SystemInformation: _plus(
        _named("model", "major", "minor", "revision", "phone"),
        revision_raw=lambda item: item.revision & 0xFF,
    ),
    system.SystemStatus: _plus(
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
    system.SystemTroubles: lambda item: {"troubles": [int(trouble) for trouble in item.troubles]},
    system.SystemFeatures: lambda item: {"features": [int(feature) for feature in item.features]},
    system.SystemFormats: _named("temperature", "time", "date"),
    system.ObjectTypeCapacities: _named("object_type", "capacity"),
    objects.ZoneProperties: _named("index", "status", "loop", "zone_type", "area", "options", "name"),
    objects.UnitProperties: _named(
        "index", "status=state", "time=seconds_left", "unit_type", "name", "areas"
    ),
    objects.ButtonProperties: _named("index", "name"),
    objects.CodeProperties: _named("index", "name"),
    objects.AreaProperties: lambda item: (
        _AREA(item) | _named("enabled=is_enabled", "exit_delay", "entry_delay", "name")(item)
    ),
    objects.ThermostatProperties: lambda item: (
        _climate(item) | _named("communicating", "thermostat_type", "name")(item)
    ),
    objects.MessageProperties: _named("index", "name", "areas"),
    objects.AuxSensorProperties: lambda item: _SENSOR(item) | _named("sensor_type", "name")(item),
    objects.AudioSourceProperties: _named("index", "name"),
    objects.AudioZoneProperties: lambda item: _AUDIO(item) | {"name": item.name},
    objects.UserSettingProperties: _named("index", "setting_type", "value", "name"),
    objects.AccessControlReaderProperties: _plus(
        _named("index", "unlock_timer=seconds_left", "denied=is_denied", "last_user", "name"),
        unlocked=lambda item: not item.is_locked,
    ),
    objects.ObjectStatus: _plus(_named("object_type"), records=_records),
    objects.ExtendedObjectStatus: _plus(_named("object_type", "record_length"), records=_records),
    objects.AudioSourceStatus: _named("source", "sequence", "position", "field_id", "text"),
    event_log.EventLogData: _plus(
        _named(
            "number", "month", "day", "hour", "minute", "type=event_type", "p1=parameter1", "p2=parameter2"
        ),
        time_valid=lambda item: bool(item.time_valid),
    ),
    objects.NameData: _named("name_type", "object_number=index", "name"),
    commands.SecurityCodeValidation: _named("code_number", "authority"),
    commands.ExecuteSecurityCommandResponse: _named("status=response"),
    events.OtherEventNotifications: lambda item: {"words": [event.word for event in item.events]},
}
"""How to read each type of message into the fields that the golden messages state."""

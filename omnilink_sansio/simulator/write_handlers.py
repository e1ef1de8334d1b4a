"""What the emulated panel does on each request that changes something, and its reply."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from omnilink_sansio.messages.acknowledgements import Ack, Nak
from omnilink_sansio.messages.commands.controller_command import ControllerCommand
from omnilink_sansio.messages.connected_security import ConnectedSecuritySystemCommand
from omnilink_sansio.messages.name_messages import (
    NAME_TYPES,
    ClearNames,
    ClearVoiceNames,
    NameType,
    WriteName,
    WriteVoiceName,
)
from omnilink_sansio.messages.objects.area import AlarmType, SecurityMode
from omnilink_sansio.messages.objects.object_type import HIGHEST_AREA, ObjectType
from omnilink_sansio.messages.programs import PROGRAM_SIZE, ClearPrograms, DownloadProgram
from omnilink_sansio.messages.record import Record
from omnilink_sansio.messages.security import (
    AcknowledgeAlerts,
    ActivateKeypadEmergency,
    ExecuteSecurityCommand,
    ExecuteSecurityCommandResponse,
    KeypadEmergency,
    SecurityCommandResponse,
)
from omnilink_sansio.messages.set_time import SetTime
from omnilink_sansio.simulator.behaviour.alarms import raise_alarm
from omnilink_sansio.simulator.behaviour.arming import arm
from omnilink_sansio.simulator.behaviour.codes import are_locked_out, identify_code
from omnilink_sansio.simulator.behaviour.commands import carry_out_for_client
from omnilink_sansio.simulator.behaviour.console_messages import acknowledge_messages
from omnilink_sansio.simulator.behaviour.zones import acknowledge_troubles
from omnilink_sansio.simulator.house import House
from omnilink_sansio.wire.message import Message

__all__ = ["WRITE_HANDLERS"]

_LAST_YEAR = 99
_VOICE_NUMBERS = 7

_EMERGENCIES: Mapping[int, AlarmType] = {
    KeypadEmergency.BURGLARY: AlarmType.BURGLARY,
    KeypadEmergency.FIRE: AlarmType.FIRE,
    KeypadEmergency.AUXILIARY: AlarmType.AUXILIARY,
}


def _acknowledged(done: bool) -> Message:
    return Ack().to_message() if done else Nak().to_message()


def _command(house: House, request: Record) -> Message:
    assert isinstance(request, ControllerCommand)
    return _acknowledged(carry_out_for_client(house, request))


def _set_time(house: House, request: Record) -> Message:
    assert isinstance(request, SetTime)
    if request.year > _LAST_YEAR:
        return _acknowledged(False)
    try:
        when = datetime(2000 + request.year, request.month, request.day, request.hour, request.minute)  # noqa: DTZ001
    except ValueError:
        return _acknowledged(False)
    house.set_time(when, bool(request.daylight_saving))
    return _acknowledged(True)


def _emergency(house: House, request: Record) -> Message:
    assert isinstance(request, ActivateKeypadEmergency)
    alarm = _EMERGENCIES.get(request.emergency)
    return _acknowledged(alarm is not None and raise_alarm(house, request.area, alarm))


def _acknowledge(house: House, request: Record) -> Message:
    assert isinstance(request, AcknowledgeAlerts)
    if request.area > house.capacity(ObjectType.AREA) or not house.has_extended_status:
        return _acknowledged(False)
    acknowledge_messages(house, request.area)
    acknowledge_troubles(house, request.area)
    return _acknowledged(True)


def _security_command(house: House, request: Record) -> Message:
    assert isinstance(request, ExecuteSecurityCommand)
    if not 1 <= request.area <= HIGHEST_AREA:
        response = SecurityCommandResponse.INVALID_AREA
    elif request.mode > max(SecurityMode):
        response = SecurityCommandResponse.INVALID_SECURITY_MODE
    elif are_locked_out(house):
        response = SecurityCommandResponse.CODE_LOCKED_OUT
    else:
        number, _ = identify_code(house, request.area, request.code)
        response = SecurityCommandResponse.INVALID_CODE
        if number:
            response = arm(house, request.area, SecurityMode(request.mode), number)
    return ExecuteSecurityCommandResponse(response).to_message()


def _connected_command(house: House, request: Record) -> Message:
    assert isinstance(request, ConnectedSecuritySystemCommand)
    return _acknowledged(1 <= request.partition <= len(house.partitions))


def _write_name(house: House, request: Record) -> Message:
    assert isinstance(request, WriteName)
    if request.name_type not in set(NameType):
        return _acknowledged(False)
    object_type, width = NAME_TYPES[NameType(request.name_type)]
    if len(request.raw_name) != width or b"\0" not in request.raw_name:
        return _acknowledged(False)
    found = house.use(object_type, request.index)
    if found is None:
        return _acknowledged(False)
    found.name = request.name
    return _acknowledged(True)


def _clear_names(house: House, _request: Record) -> Message:
    for _, objects in house.described():
        for item in objects.values():
            item.name = ""
    return _acknowledged(True)


def _write_voice_name(house: House, request: Record) -> Message:
    assert isinstance(request, WriteVoiceName)
    is_one = len(request.raw_phrases) == _VOICE_NUMBERS and len(request.phrases) < _VOICE_NUMBERS
    if request.name_type not in set(NameType) or not is_one:
        return _acknowledged(False)
    kind = NameType(request.name_type)
    if house.find(NAME_TYPES[kind][0], request.index) is None:
        return _acknowledged(False)
    if request.phrases:
        house.voice_names[kind, request.index] = request.phrases
    else:
        house.voice_names.pop((kind, request.index), None)
    return _acknowledged(True)


def _clear_voice_names(house: House, _request: Record) -> Message:
    house.voice_names.clear()
    return _acknowledged(True)


def _write_program(house: House, request: Record) -> Message:
    assert isinstance(request, DownloadProgram)
    if not 1 <= request.slot <= house.facts.programs:
        return _acknowledged(False)
    if request.body == bytes(PROGRAM_SIZE):
        house.programs.pop(request.slot, None)
    else:
        house.programs[request.slot] = request.body
    return _acknowledged(True)


def _clear_programs(house: House, _request: Record) -> Message:
    house.programs.clear()
    return _acknowledged(True)


WRITE_HANDLERS: Mapping[type[Record], Callable[[House, Record], Message]] = MappingProxyType(
    {
        AcknowledgeAlerts: _acknowledge,
        ActivateKeypadEmergency: _emergency,
        ClearNames: _clear_names,
        ClearPrograms: _clear_programs,
        ClearVoiceNames: _clear_voice_names,
        ConnectedSecuritySystemCommand: _connected_command,
        ControllerCommand: _command,
        DownloadProgram: _write_program,
        ExecuteSecurityCommand: _security_command,
        SetTime: _set_time,
        WriteName: _write_name,
        WriteVoiceName: _write_voice_name,
    }
)
"""The requests that change something, but for those that change a session."""

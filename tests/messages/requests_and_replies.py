"""Each typed request with the replies that answer it, what it makes of each, and replies that are malformed."""

from collections.abc import Mapping
from typing import Any

from omnilink_sansio import (
    Message,
    MessageRecord,
    Request,
    UserCode,
    commands,
    event_log,
    objects,
    programs,
    system,
)
from omnilink_sansio.messages import maintenance as u
from omnilink_sansio.opcodes import OmniLink2MessageType as T

__all__ = ["MALFORMED", "REQUESTS", "Replies"]

Replies = Mapping[Message, object]

ZONE = objects.ZoneProperties(3, 0, 0x5A, 1, 1, 0, objects.encode_name("HALL", 16))
CODE = UserCode("0042")
PROGRAM = bytes(range(14))


def _as_is(*replies: MessageRecord) -> Replies:
    """Return replies that are what the request makes of them."""
    return {reply.to_message(): reply for reply in replies}


def _or_end(reply: MessageRecord) -> Replies:
    return {**_as_is(reply), system.EndOfData().to_message(): None}


DONE: Replies = {system.Ack().to_message(): None}

REQUESTS: Mapping[Request[Any], Replies] = {
    system.RequestSystemInformation(): _as_is(
        system.SystemInformation(16, 4, 0, 2, b"5551234".ljust(25, b"\0"))
    ),
    system.RequestSystemStatus(): _as_is(
        system.SystemStatus(1, 26, 11, 21, 6, 8, 0, 0, 0, 6, 41, 17, 8, 213, (system.AreaAlarms(1, 2),))
    ),
    system.RequestSystemTroubles(): _as_is(system.SystemTroubles(b"\2\3"), system.SystemTroubles()),
    system.RequestSystemFeatures(): _as_is(system.SystemFeatures(b"\4"), system.SystemFeatures()),
    system.RequestSystemFormats(): _as_is(system.SystemFormats(1, 2, 1)),
    system.RequestObjectTypeCapacities(objects.ObjectType.ZONE): _as_is(system.ObjectTypeCapacities(1, 176)),
    objects.RequestObjectProperties(objects.ObjectType.ZONE, 3): {
        Message(T.OBJECT_PROPERTIES, ZONE.encode()): ZONE,
        system.EndOfData().to_message(): None,
    },
    objects.RequestObjectStatus(objects.ObjectType.ZONE, 1, 1): _as_is(
        objects.ObjectStatus(1, (objects.ZoneStatus(1, 0, 9),))
    ),
    objects.RequestExtendedObjectStatus(objects.ObjectType.ZONE, 1, 1): _as_is(
        objects.ExtendedObjectStatus(1, 4, (objects.ZoneStatus(1, 0, 9),))
    ),
    objects.RequestZoneReadyStatus(): _as_is(objects.ZoneReadyStatus(b"\x20")),
    commands.RequestConnectedSecuritySystemStatus(): _as_is(
        commands.ConnectedSecuritySystemStatus((commands.PartitionStatus(1, 2),) * 8)
    ),
    objects.RequestAudioSourceStatus(1, 0): _or_end(objects.AudioSourceStatus(1, 7, 1, 0, b"98.5\0")),
    event_log.ReadEventRecord(): _or_end(event_log.EventLogData(9, 1, 11, 21, 8, 0, 51, 5, 1)),
    objects.ReadName(1): _or_end(objects.NameData(1, 1, b"HALL".ljust(16, b"\0"))),
    objects.ReadVoiceName(1): _or_end(
        objects.VoiceNameData(1, 1, (objects.Phrase(1), *[objects.Phrase(0)] * 6))
    ),
    programs.UploadProgram(1): _or_end(programs.ProgramData(1, PROGRAM)),
    commands.RequestSecurityCodeValidation(1, CODE): _as_is(commands.SecurityCodeValidation(2, 3)),
    commands.ExecuteSecurityCommand(1, 3, CODE): {
        commands.ExecuteSecurityCommandResponse(0).to_message(): None,
        **DONE,
    },
    system.EnableNotifications(1): DONE,
    commands.ControllerCommand(commands.Command.UNIT_ON, 0, 1): DONE,
    system.SetTime(26, 11, 21, 6, 8, 0, 0): DONE,
    commands.ActivateKeypadEmergency(1, 2): DONE,
    commands.AcknowledgeAlerts(): DONE,
    commands.ConnectedSecuritySystemCommand(1, 1, UserCode("000042")): DONE,
    objects.ClearNames(): DONE,
    objects.WriteName(1, 1, bytes(16)): DONE,
    objects.ClearVoiceNames(): DONE,
    objects.WriteVoiceName(1, 1, (objects.Phrase(0),) * 7): DONE,
    programs.ClearPrograms(): DONE,
    programs.DownloadProgram(1, PROGRAM): DONE,
    u.DownloadSetup(b"1"): DONE,
    u.UploadSetup(): _or_end(u.SetupData(b"1")),
    u.Login(b"1"): DONE,
    u.Logout(): DONE,
    u.EraseFirmware(): DONE,
    u.RequestFirmwareEraseStatus(): _as_is(u.FirmwareEraseStatus(b"1")),
    u.DownloadFirmwareData(b"1"): DONE,
    u.ControllerRestart(): DONE,
    u.ConfigureUpbModule(b"1"): DONE,
    u.RequestUpbConfigureStatus(): _as_is(u.UpbConfigureStatus(b"1")),
    u.ConfigureZigbeeModule(b"1"): DONE,
    u.RequestZigbeeConfigureStatus(): _as_is(u.ZigbeeConfigureStatus(b"1")),
    u.WriteSsData(b"1"): DONE,
    u.ReadSsData(): _or_end(u.SsData(b"1")),
    u.EnterPassThrough(): DONE,
    u.ExitPassThrough(): DONE,
    u.PassThroughData(b"1"): _as_is(u.PassThroughResponse(b"1")),
    u.TouchscreenRestart(): DONE,
    u.EraseFirmware4(): DONE,
}
"""Each typed request with the replies that answer it, and what it makes of each."""

MALFORMED: Mapping[type[Request[Any]], list[Message]] = {
    system.RequestSystemInformation: [Message(T.SYSTEM_INFORMATION, bytes(28))],
    system.RequestSystemStatus: [Message(T.SYSTEM_STATUS, bytes(13)), Message(T.SYSTEM_STATUS, bytes(15))],
    system.RequestSystemFormats: [Message(T.SYSTEM_FORMATS, bytes(2))],
    system.RequestObjectTypeCapacities: [Message(T.OBJECT_TYPE_CAPACITIES, bytes(2))],
    objects.RequestObjectProperties: [Message(T.OBJECT_PROPERTIES, b"\x01" + bytes(22))],
    objects.RequestObjectStatus: [
        Message(T.OBJECT_STATUS),
        Message(T.OBJECT_STATUS, b"\x01\0\x01\0"),
        Message(T.OBJECT_STATUS, b"\x01\0\x01\0\0\0"),
    ],
    objects.RequestExtendedObjectStatus: [
        Message(T.EXTENDED_OBJECT_STATUS),
        Message(T.EXTENDED_OBJECT_STATUS, b"\x01"),
        Message(T.EXTENDED_OBJECT_STATUS, b"\x01\x03\0\x01\0"),
        Message(T.EXTENDED_OBJECT_STATUS, b"\x01\x04\0\x01\0"),
    ],
    commands.RequestConnectedSecuritySystemStatus: [Message(T.CONNECTED_SECURITY_SYSTEM_STATUS, bytes(15))],
    objects.RequestAudioSourceStatus: [Message(T.AUDIO_SOURCE_STATUS, bytes(4))],
    event_log.ReadEventRecord: [Message(T.EVENT_LOG_DATA, bytes(10))],
    objects.ReadName: [Message(T.NAME_DATA, bytes(2))],
    objects.ReadVoiceName: [Message(T.VOICE_NAME_DATA, bytes(2)), Message(T.VOICE_NAME_DATA, bytes(4))],
    programs.UploadProgram: [Message(T.PROGRAM_DATA, bytes(15))],
    commands.RequestSecurityCodeValidation: [Message(T.SECURITY_CODE_VALIDATION, bytes(1))],
    commands.ExecuteSecurityCommand: [Message(T.EXECUTE_SECURITY_COMMAND_RESPONSE)],
}
"""Replies of the right type with a payload that is none. Where a request is not named, none is malformed."""

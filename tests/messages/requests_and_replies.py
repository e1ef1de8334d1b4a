"""Each typed request with the replies that answer it, what it makes of each, and replies that are malformed."""

from collections.abc import Mapping
from typing import Any

from omnilink_sansio import Message, MessageRecord, Request, UserCode
from omnilink_sansio import OmniLink2MessageType as T
from omnilink_sansio import messages as m
from omnilink_sansio.messages import maintenance as u

__all__ = ["MALFORMED", "REQUESTS", "Replies"]

Replies = Mapping[Message, object]

ZONE = m.ZoneProperties(3, 0, 0x5A, 1, 1, 0, m.encode_name("HALL", 16))
CODE = UserCode("0042")
PROGRAM = bytes(range(14))


def _as_is(*replies: MessageRecord) -> Replies:
    """Return replies that are what the request makes of them."""
    return {reply.to_message(): reply for reply in replies}


def _or_end(reply: MessageRecord) -> Replies:
    return {**_as_is(reply), m.EndOfData().to_message(): None}


DONE: Replies = {m.Ack().to_message(): None}

REQUESTS: Mapping[Request[Any], Replies] = {
    m.RequestSystemInformation(): _as_is(m.SystemInformation(16, 4, 0, 2, b"5551234".ljust(25, b"\0"))),
    m.RequestSystemStatus(): _as_is(
        m.SystemStatus(1, 26, 11, 21, 6, 8, 0, 0, 0, 6, 41, 17, 8, 213, (m.AreaAlarms(1, 2),))
    ),
    m.RequestSystemTroubles(): _as_is(m.SystemTroubles(b"\2\3"), m.SystemTroubles()),
    m.RequestSystemFeatures(): _as_is(m.SystemFeatures(b"\4"), m.SystemFeatures()),
    m.RequestSystemFormats(): _as_is(m.SystemFormats(1, 2, 1)),
    m.RequestObjectTypeCapacities(m.ObjectType.ZONE): _as_is(m.ObjectTypeCapacities(1, 176)),
    m.RequestObjectProperties(m.ObjectType.ZONE, 3): {
        Message(T.OBJECT_PROPERTIES, ZONE.encode()): ZONE,
        m.EndOfData().to_message(): None,
    },
    m.RequestObjectStatus(m.ObjectType.ZONE, 1, 1): _as_is(m.ObjectStatus(1, (m.ZoneStatus(1, 0, 9),))),
    m.RequestExtendedObjectStatus(m.ObjectType.ZONE, 1, 1): _as_is(
        m.ExtendedObjectStatus(1, 4, (m.ZoneStatus(1, 0, 9),))
    ),
    m.RequestZoneReadyStatus(): _as_is(m.ZoneReadyStatus(b"\x20")),
    m.RequestConnectedSecuritySystemStatus(): _as_is(
        m.ConnectedSecuritySystemStatus((m.PartitionStatus(1, 2),) * 8)
    ),
    m.RequestAudioSourceStatus(1, 0): _or_end(m.AudioSourceStatus(1, 7, 1, 0, b"98.5\0")),
    m.ReadEventRecord(): _or_end(m.EventLogData(9, 1, 11, 21, 8, 0, 51, 5, 1)),
    m.ReadName(1): _or_end(m.NameData(1, 1, b"HALL".ljust(16, b"\0"))),
    m.ReadVoiceName(1): _or_end(m.VoiceNameData(1, 1, (m.Phrase(1), *[m.Phrase(0)] * 6))),
    m.UploadProgram(1): _or_end(m.ProgramData(1, PROGRAM)),
    m.RequestSecurityCodeValidation(1, CODE): _as_is(m.SecurityCodeValidation(2, 3)),
    m.ExecuteSecurityCommand(1, 3, CODE): {
        m.ExecuteSecurityCommandResponse(0).to_message(): None,
        **DONE,
    },
    m.EnableNotifications(1): DONE,
    m.ControllerCommand(m.Command.UNIT_ON, 0, 1): DONE,
    m.SetTime(26, 11, 21, 6, 8, 0, 0): DONE,
    m.ActivateKeypadEmergency(1, 2): DONE,
    m.AcknowledgeAlerts(): DONE,
    m.ConnectedSecuritySystemCommand(1, 1, UserCode("000042")): DONE,
    m.ClearNames(): DONE,
    m.WriteName(1, 1, bytes(16)): DONE,
    m.ClearVoiceNames(): DONE,
    m.WriteVoiceName(1, 1, (m.Phrase(0),) * 7): DONE,
    m.ClearPrograms(): DONE,
    m.DownloadProgram(1, PROGRAM): DONE,
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
    m.RequestSystemInformation: [Message(T.SYSTEM_INFORMATION, bytes(28))],
    m.RequestSystemStatus: [Message(T.SYSTEM_STATUS, bytes(13)), Message(T.SYSTEM_STATUS, bytes(15))],
    m.RequestSystemFormats: [Message(T.SYSTEM_FORMATS, bytes(2))],
    m.RequestObjectTypeCapacities: [Message(T.OBJECT_TYPE_CAPACITIES, bytes(2))],
    m.RequestObjectProperties: [Message(T.OBJECT_PROPERTIES, b"\x01" + bytes(22))],
    m.RequestObjectStatus: [
        Message(T.OBJECT_STATUS),
        Message(T.OBJECT_STATUS, b"\x01\0\x01\0"),
        Message(T.OBJECT_STATUS, b"\x01\0\x01\0\0\0"),
    ],
    m.RequestExtendedObjectStatus: [
        Message(T.EXTENDED_OBJECT_STATUS),
        Message(T.EXTENDED_OBJECT_STATUS, b"\x01"),
        Message(T.EXTENDED_OBJECT_STATUS, b"\x01\x03\0\x01\0"),
        Message(T.EXTENDED_OBJECT_STATUS, b"\x01\x04\0\x01\0"),
    ],
    m.RequestConnectedSecuritySystemStatus: [Message(T.CONNECTED_SECURITY_SYSTEM_STATUS, bytes(15))],
    m.RequestAudioSourceStatus: [Message(T.AUDIO_SOURCE_STATUS, bytes(4))],
    m.ReadEventRecord: [Message(T.EVENT_LOG_DATA, bytes(10))],
    m.ReadName: [Message(T.NAME_DATA, bytes(2))],
    m.ReadVoiceName: [Message(T.VOICE_NAME_DATA, bytes(2)), Message(T.VOICE_NAME_DATA, bytes(4))],
    m.UploadProgram: [Message(T.PROGRAM_DATA, bytes(15))],
    m.RequestSecurityCodeValidation: [Message(T.SECURITY_CODE_VALIDATION, bytes(1))],
    m.ExecuteSecurityCommand: [Message(T.EXECUTE_SECURITY_COMMAND_RESPONSE)],
}
"""Replies of the right type with a payload that is none. Where a request is not named, none is malformed."""

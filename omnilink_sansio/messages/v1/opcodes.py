"""Every message type of Omni-Link (v1): which end sends it, what answers it, what a second copy would do."""

from collections.abc import Mapping
from enum import IntEnum, unique
from types import MappingProxyType

from omnilink_sansio.messages.opcode import (
    Effect,
    Opcode,
    reply,
    reply_types,
    request,
    request_or_reply,
    security,
)

__all__ = ["OPCODES_V1", "REPLY_TYPES_V1", "OmniLinkMessageType"]


@unique
class OmniLinkMessageType(IntEnum):
    """Message types of Omni-Link, which are not those of Omni-Link II (10P17 §MESSAGE TYPES; the rest is known
    from the field).
    """

    DOWNLOAD_SETUP = 0x01
    SETUP_DATA = 0x02
    END_OF_DATA = 0x03
    UPLOAD_SETUP = 0x04
    ACKNOWLEDGE = 0x05
    NEGATIVE_ACKNOWLEDGE = 0x06
    DOWNLOAD_PROGRAMS = 0x07
    PROGRAM_DATA = 0x08
    UPLOAD_PROGRAMS = 0x09
    DOWNLOAD_NAMES = 0x0A
    NAME_DATA = 0x0B
    UPLOAD_NAMES = 0x0C
    UPLOAD_EVENT_LOG = 0x0D
    EVENT_LOG_DATA = 0x0E
    COMMAND = 0x0F
    SET_TIME = 0x10
    REQUEST_SYSTEM_INFORMATION = 0x11
    SYSTEM_INFORMATION = 0x12
    REQUEST_SYSTEM_STATUS = 0x13
    SYSTEM_STATUS = 0x14
    REQUEST_ZONE_STATUS = 0x15
    ZONE_STATUS = 0x16
    REQUEST_UNIT_STATUS = 0x17
    UNIT_STATUS = 0x18
    REQUEST_AUXILIARY_STATUS = 0x19
    AUXILIARY_STATUS = 0x1A
    DOWNLOAD_VOICE = 0x1B
    VOICE_DATA = 0x1C
    UPLOAD_VOICE = 0x1D
    REQUEST_THERMOSTAT_STATUS = 0x1E
    THERMOSTAT_STATUS = 0x1F
    LOGIN = 0x20
    LOGOUT = 0x21
    REQUEST_SYSTEM_EVENTS = 0x22
    SYSTEM_EVENTS = 0x23
    REQUEST_MESSAGE_STATUS = 0x24
    MESSAGE_STATUS = 0x25
    REQUEST_SECURITY_CODE_VALIDATION = 0x26
    SECURITY_CODE_VALIDATION = 0x27
    REQUEST_STATUS_SUMMARY = 0x28
    STATUS_SUMMARY = 0x29
    REQUEST_CURRENT_TEMPERATURE = 0x2A
    CURRENT_TEMPERATURE = 0x2B
    REQUEST_ZONE_READY_STATUS = 0x2C
    ZONE_READY_STATUS = 0x2D
    ACTIVATE_KEYPAD_EMERGENCY = 0x2E
    PLAY_MEMO_MESSAGE = 0x2F
    RECORD_MEMO_MESSAGE = 0x30
    REQUEST_AUDIO_ZONE_STATUS = 0x31
    AUDIO_ZONE_STATUS = 0x32
    REQUEST_AUDIO_SOURCE_STATUS = 0x33
    AUDIO_SOURCE_STATUS = 0x34
    REQUEST_CONNECTED_SECURITY_SYSTEM_STATUS = 0x35
    CONNECTED_SECURITY_SYSTEM_STATUS = 0x36
    CONNECTED_SECURITY_SYSTEM_COMMAND = 0x37
    ERASE_FIRMWARE = 0x38
    REQUEST_FIRMWARE_ERASE_STATUS = 0x39
    FIRMWARE_ERASE_STATUS = 0x3A
    DOWNLOAD_FIRMWARE_DATA = 0x3B
    CONTROLLER_RESTART = 0x3C
    REQUEST_USER_SETTING_STATUS = 0x3D
    USER_SETTING_STATUS = 0x3E
    REQUEST_ZONE_EXTENDED_STATUS = 0x3F
    ZONE_EXTENDED_STATUS = 0x40
    REQUEST_UNIT_EXTENDED_STATUS = 0x41
    UNIT_EXTENDED_STATUS = 0x42
    REQUEST_AUXILIARY_EXTENDED_STATUS = 0x43
    AUXILIARY_EXTENDED_STATUS = 0x44
    REQUEST_THERMOSTAT_EXTENDED_STATUS = 0x45
    THERMOSTAT_EXTENDED_STATUS = 0x46
    REQUEST_AUDIO_ZONE_EXTENDED_STATUS = 0x47
    AUDIO_ZONE_EXTENDED_STATUS = 0x48
    REQUEST_USER_SETTING_EXTENDED_STATUS = 0x49
    USER_SETTING_EXTENDED_STATUS = 0x4A
    UPLOAD_USER_SETUP_2 = 0x4B
    DOWNLOAD_USER_SETUP_2 = 0x4C
    UPLOAD_INSTALLER_SETUP_2 = 0x4D
    DOWNLOAD_INSTALLER_SETUP_2 = 0x4E
    REQUEST_ACCESS_CONTROL_READER_STATUS = 0x4F
    ACCESS_CONTROL_READER_STATUS = 0x50
    REQUEST_ACCESS_CONTROL_LOCK_STATUS = 0x51
    ACCESS_CONTROL_LOCK_STATUS = 0x52
    CONFIGURE_UPB_MODULE = 0x54
    REQUEST_UPB_CONFIGURE_STATUS = 0x55
    UPB_CONFIGURE_STATUS = 0x56
    UPLOAD_INSTALLER_SETUP_3 = 0x57
    DOWNLOAD_INSTALLER_SETUP_3 = 0x58
    UPLOAD_INSTALLER_SETUP_4 = 0x59
    DOWNLOAD_INSTALLER_SETUP_4 = 0x5A
    CONFIGURE_ZIGBEE_MODULE = 0x5B
    REQUEST_ZIGBEE_CONFIGURE_STATUS = 0x5C
    ZIGBEE_CONFIGURE_STATUS = 0x5D
    WRITE_SS_DATA = 0x5E
    READ_SS_DATA = 0x5F
    SS_DATA = 0x60
    ENTER_PASS_THROUGH = 0x61
    EXIT_PASS_THROUGH = 0x62
    PASS_THROUGH_DATA = 0x63
    PASS_THROUGH_RESPONSE = 0x64
    TOUCHSCREEN_RESTART = 0x65
    EXECUTE_SECURITY_COMMAND = 0x66
    EXECUTE_SECURITY_COMMAND_RESPONSE = 0x67
    ERASE_FIRMWARE_4 = 0x68


_T = OmniLinkMessageType

OPCODES_V1: Mapping[OmniLinkMessageType, Opcode] = MappingProxyType(
    {
        _T.DOWNLOAD_SETUP: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.SETUP_DATA: request_or_reply(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.END_OF_DATA: request_or_reply(Effect.SET, (_T.ACKNOWLEDGE,), "10P17 §NAME MESSAGES"),
        _T.UPLOAD_SETUP: request(
            Effect.READ, (_T.SETUP_DATA, _T.END_OF_DATA), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.ACKNOWLEDGE: request_or_reply(
            Effect.MOMENTARY,
            (
                _T.ACKNOWLEDGE,
                _T.NEGATIVE_ACKNOWLEDGE,
                _T.NAME_DATA,
                _T.EVENT_LOG_DATA,
                _T.PROGRAM_DATA,
                _T.END_OF_DATA,
            ),
            "10P17 §ACKNOWLEDGEMENT MESSAGES",
        ),
        _T.NEGATIVE_ACKNOWLEDGE: request_or_reply(
            Effect.READ, (_T.NAME_DATA, _T.EVENT_LOG_DATA, _T.PROGRAM_DATA), "10P17 §ACKNOWLEDGEMENT MESSAGES"
        ),
        _T.DOWNLOAD_PROGRAMS: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.PROGRAM_DATA: reply("not in 10P17; seen in omni-pca"),
        _T.UPLOAD_PROGRAMS: request(
            Effect.READ, (_T.PROGRAM_DATA, _T.END_OF_DATA), "not in 10P17; seen in omni-pca"
        ),
        _T.DOWNLOAD_NAMES: request(Effect.SET, (_T.ACKNOWLEDGE,), "10P17 §NAME MESSAGES"),
        _T.NAME_DATA: request_or_reply(Effect.SET, (_T.ACKNOWLEDGE,), "10P17 §NAME DATA"),
        _T.UPLOAD_NAMES: request(Effect.READ, (_T.NAME_DATA, _T.END_OF_DATA), "10P17 §NAME MESSAGES"),
        _T.UPLOAD_EVENT_LOG: request(
            Effect.READ, (_T.EVENT_LOG_DATA, _T.END_OF_DATA), "10P17 §EVENT LOG MESSAGES"
        ),
        _T.EVENT_LOG_DATA: reply("10P17 §EVENT LOG DATA"),
        _T.COMMAND: request(Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "10P17 §COMMAND MESSAGE"),
        _T.SET_TIME: request(Effect.SET, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"),
        _T.REQUEST_SYSTEM_INFORMATION: request(
            Effect.READ, (_T.SYSTEM_INFORMATION,), "10P17 §REQUEST SYSTEM INFORMATION"
        ),
        _T.SYSTEM_INFORMATION: reply("10P17 §SYSTEM INFORMATION"),
        _T.REQUEST_SYSTEM_STATUS: request(Effect.READ, (_T.SYSTEM_STATUS,), "10P17 §REQUEST SYSTEM STATUS"),
        _T.SYSTEM_STATUS: reply("10P17 §SYSTEM STATUS"),
        _T.REQUEST_ZONE_STATUS: request(Effect.READ, (_T.ZONE_STATUS,), "10P17 §REQUEST ZONE STATUS"),
        _T.ZONE_STATUS: reply("10P17 §ZONE STATUS"),
        _T.REQUEST_UNIT_STATUS: request(Effect.READ, (_T.UNIT_STATUS,), "10P17 §REQUEST UNIT STATUS"),
        _T.UNIT_STATUS: reply("10P17 §UNIT STATUS"),
        _T.REQUEST_AUXILIARY_STATUS: request(
            Effect.READ, (_T.AUXILIARY_STATUS,), "10P17 §REQUEST AUXILIARY STATUS"
        ),
        _T.AUXILIARY_STATUS: reply("10P17 §AUXILIARY STATUS"),
        _T.DOWNLOAD_VOICE: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.VOICE_DATA: request_or_reply(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.UPLOAD_VOICE: request(
            Effect.READ, (_T.VOICE_DATA, _T.END_OF_DATA), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.REQUEST_THERMOSTAT_STATUS: request(
            Effect.READ, (_T.THERMOSTAT_STATUS,), "10P17 §REQUEST THERMOSTAT STATUS"
        ),
        _T.THERMOSTAT_STATUS: reply("10P17 §THERMOSTAT STATUS"),
        _T.LOGIN: request(Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "10P17 §ACCESS CONTROL MESSAGES"),
        _T.LOGOUT: request(Effect.SET, (_T.ACKNOWLEDGE,), "10P17 §ACCESS CONTROL MESSAGES"),
        _T.REQUEST_SYSTEM_EVENTS: request(
            Effect.MOMENTARY, (_T.SYSTEM_EVENTS,), "10P17 §SYSTEM EVENT MESSAGES"
        ),
        _T.SYSTEM_EVENTS: reply("10P17 §SYSTEM EVENT MESSAGES"),
        _T.REQUEST_MESSAGE_STATUS: request(
            Effect.READ, (_T.MESSAGE_STATUS,), "10P17 §REQUEST MESSAGE STATUS"
        ),
        _T.MESSAGE_STATUS: reply("10P17 §MESSAGE STATUS"),
        _T.REQUEST_SECURITY_CODE_VALIDATION: security(
            Effect.MOMENTARY, (_T.SECURITY_CODE_VALIDATION,), "10P17 §VALIDATE SECURITY CODE MESSAGES"
        ),
        _T.SECURITY_CODE_VALIDATION: reply("10P17 §VALIDATE SECURITY CODE MESSAGES"),
        _T.REQUEST_STATUS_SUMMARY: request(
            Effect.READ, (_T.STATUS_SUMMARY,), "10P17 §STATUS SUMMARY MESSAGES", min_firmware=(2, 8)
        ),
        _T.STATUS_SUMMARY: reply("10P17 §STATUS SUMMARY MESSAGES", min_firmware=(2, 8)),
        _T.REQUEST_CURRENT_TEMPERATURE: request(
            Effect.READ, (_T.CURRENT_TEMPERATURE,), "10P17 §CURRENT TEMPERATURE MESSAGES", min_firmware=(2, 8)
        ),
        _T.CURRENT_TEMPERATURE: reply("10P17 §CURRENT TEMPERATURE MESSAGES", min_firmware=(2, 8)),
        _T.REQUEST_ZONE_READY_STATUS: request(
            Effect.READ, (_T.ZONE_READY_STATUS,), "10P17 §ZONE READY STATUS MESSAGES", min_firmware=(2, 8)
        ),
        _T.ZONE_READY_STATUS: reply("10P17 §ZONE READY STATUS MESSAGES", min_firmware=(2, 8)),
        _T.ACTIVATE_KEYPAD_EMERGENCY: security(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "10P17 §KEYPAD EMERGENCY MESSAGE", min_firmware=(2, 8)
        ),
        _T.PLAY_MEMO_MESSAGE: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "10P17 §MEMO MESSAGES", min_firmware=(2, 8)
        ),
        _T.RECORD_MEMO_MESSAGE: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "10P17 §MEMO MESSAGES", min_firmware=(2, 8)
        ),
        _T.REQUEST_AUDIO_ZONE_STATUS: request(
            Effect.READ, (_T.AUDIO_ZONE_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.AUDIO_ZONE_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.REQUEST_AUDIO_SOURCE_STATUS: request(
            Effect.READ, (_T.AUDIO_SOURCE_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.AUDIO_SOURCE_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.REQUEST_CONNECTED_SECURITY_SYSTEM_STATUS: request(
            Effect.READ, (_T.CONNECTED_SECURITY_SYSTEM_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.CONNECTED_SECURITY_SYSTEM_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.CONNECTED_SECURITY_SYSTEM_COMMAND: security(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.ERASE_FIRMWARE: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.REQUEST_FIRMWARE_ERASE_STATUS: request(
            Effect.READ, (_T.FIRMWARE_ERASE_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.FIRMWARE_ERASE_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.DOWNLOAD_FIRMWARE_DATA: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.CONTROLLER_RESTART: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.REQUEST_USER_SETTING_STATUS: request(
            Effect.READ, (_T.USER_SETTING_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.USER_SETTING_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.REQUEST_ZONE_EXTENDED_STATUS: request(
            Effect.READ, (_T.ZONE_EXTENDED_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.ZONE_EXTENDED_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.REQUEST_UNIT_EXTENDED_STATUS: request(
            Effect.READ, (_T.UNIT_EXTENDED_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.UNIT_EXTENDED_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.REQUEST_AUXILIARY_EXTENDED_STATUS: request(
            Effect.READ, (_T.AUXILIARY_EXTENDED_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.AUXILIARY_EXTENDED_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.REQUEST_THERMOSTAT_EXTENDED_STATUS: request(
            Effect.READ, (_T.THERMOSTAT_EXTENDED_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.THERMOSTAT_EXTENDED_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.REQUEST_AUDIO_ZONE_EXTENDED_STATUS: request(
            Effect.READ, (_T.AUDIO_ZONE_EXTENDED_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.AUDIO_ZONE_EXTENDED_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.REQUEST_USER_SETTING_EXTENDED_STATUS: request(
            Effect.READ, (_T.USER_SETTING_EXTENDED_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.USER_SETTING_EXTENDED_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.UPLOAD_USER_SETUP_2: request(
            Effect.READ, (_T.SETUP_DATA, _T.END_OF_DATA), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.DOWNLOAD_USER_SETUP_2: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.UPLOAD_INSTALLER_SETUP_2: request(
            Effect.READ, (_T.SETUP_DATA, _T.END_OF_DATA), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.DOWNLOAD_INSTALLER_SETUP_2: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.REQUEST_ACCESS_CONTROL_READER_STATUS: request(
            Effect.READ, (_T.ACCESS_CONTROL_READER_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.ACCESS_CONTROL_READER_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.REQUEST_ACCESS_CONTROL_LOCK_STATUS: request(
            Effect.READ, (_T.ACCESS_CONTROL_LOCK_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.ACCESS_CONTROL_LOCK_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.CONFIGURE_UPB_MODULE: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.REQUEST_UPB_CONFIGURE_STATUS: request(
            Effect.READ, (_T.UPB_CONFIGURE_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.UPB_CONFIGURE_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.UPLOAD_INSTALLER_SETUP_3: request(
            Effect.READ, (_T.SETUP_DATA, _T.END_OF_DATA), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.DOWNLOAD_INSTALLER_SETUP_3: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.UPLOAD_INSTALLER_SETUP_4: request(
            Effect.READ, (_T.SETUP_DATA, _T.END_OF_DATA), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.DOWNLOAD_INSTALLER_SETUP_4: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.CONFIGURE_ZIGBEE_MODULE: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.REQUEST_ZIGBEE_CONFIGURE_STATUS: request(
            Effect.READ, (_T.ZIGBEE_CONFIGURE_STATUS,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.ZIGBEE_CONFIGURE_STATUS: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.WRITE_SS_DATA: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.READ_SS_DATA: request(
            Effect.READ, (_T.SS_DATA, _T.END_OF_DATA), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.SS_DATA: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.ENTER_PASS_THROUGH: request(
            Effect.SET, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.EXIT_PASS_THROUGH: request(
            Effect.SET, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.PASS_THROUGH_DATA: request(
            Effect.MOMENTARY, (_T.PASS_THROUGH_RESPONSE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.PASS_THROUGH_RESPONSE: reply("not in 10P17; seen in omni-pca (name only)"),
        _T.TOUCHSCREEN_RESTART: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
        _T.EXECUTE_SECURITY_COMMAND: security(
            Effect.MOMENTARY,
            (_T.EXECUTE_SECURITY_COMMAND_RESPONSE, _T.ACKNOWLEDGE),
            "not in 10P17; seen in omni-pca",
        ),
        _T.EXECUTE_SECURITY_COMMAND_RESPONSE: reply("not in 10P17; seen in omni-pca"),
        _T.ERASE_FIRMWARE_4: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 10P17; seen in omni-pca (name only)"
        ),
    }
)
"""One row a message type. ACKNOWLEDGE from a client asks for the next record of an upload, so a second copy
would skip one; REQUEST_SYSTEM_EVENTS empties the list it reads, so a second copy loses events."""

REPLY_TYPES_V1: Mapping[int, frozenset[int]] = reply_types(
    OPCODES_V1, OmniLinkMessageType.NEGATIVE_ACKNOWLEDGE
)
"""The types of messages that can answer each type of request."""

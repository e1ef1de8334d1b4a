"""Every message type of Omni-Link II: which end sends it, what answers it, what a second copy would do."""

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

__all__ = ["OPCODES_V2", "REPLY_TYPES_V2", "OmniLink2MessageType"]


@unique
class OmniLink2MessageType(IntEnum):
    """Message types of Omni-Link II (20P00 §APPLICATION DATA MESSAGES; the rest is known from the field)."""

    ACKNOWLEDGE = 0x01
    NEGATIVE_ACKNOWLEDGE = 0x02
    END_OF_DATA = 0x03
    DOWNLOAD_SETUP = 0x04
    UPLOAD_SETUP = 0x05
    SETUP_DATA = 0x06
    CLEAR_PROGRAMS = 0x07
    DOWNLOAD_PROGRAM = 0x08
    UPLOAD_PROGRAM = 0x09
    PROGRAM_DATA = 0x0A
    CLEAR_NAMES = 0x0B
    WRITE_NAME = 0x0C
    READ_NAME = 0x0D
    NAME_DATA = 0x0E
    CLEAR_VOICE_NAMES = 0x0F
    WRITE_VOICE_NAME = 0x10
    READ_VOICE_NAME = 0x11
    VOICE_NAME_DATA = 0x12
    SET_TIME = 0x13
    CONTROLLER_COMMAND = 0x14
    ENABLE_NOTIFICATIONS = 0x15
    REQUEST_SYSTEM_INFORMATION = 0x16
    SYSTEM_INFORMATION = 0x17
    REQUEST_SYSTEM_STATUS = 0x18
    SYSTEM_STATUS = 0x19
    REQUEST_SYSTEM_TROUBLES = 0x1A
    SYSTEM_TROUBLES = 0x1B
    REQUEST_SYSTEM_FEATURES = 0x1C
    SYSTEM_FEATURES = 0x1D
    REQUEST_OBJECT_TYPE_CAPACITIES = 0x1E
    OBJECT_TYPE_CAPACITIES = 0x1F
    REQUEST_OBJECT_PROPERTIES = 0x20
    OBJECT_PROPERTIES = 0x21
    REQUEST_OBJECT_STATUS = 0x22
    OBJECT_STATUS = 0x23
    READ_EVENT_RECORD = 0x24
    EVENT_LOG_DATA = 0x25
    REQUEST_SECURITY_CODE_VALIDATION = 0x26
    SECURITY_CODE_VALIDATION = 0x27
    REQUEST_SYSTEM_FORMATS = 0x28
    SYSTEM_FORMATS = 0x29
    LOGIN = 0x2A
    LOGOUT = 0x2B
    ACTIVATE_KEYPAD_EMERGENCY = 0x2C
    REQUEST_CONNECTED_SECURITY_SYSTEM_STATUS = 0x2D
    CONNECTED_SECURITY_SYSTEM_STATUS = 0x2E
    CONNECTED_SECURITY_SYSTEM_COMMAND = 0x2F
    REQUEST_AUDIO_SOURCE_STATUS = 0x30
    AUDIO_SOURCE_STATUS = 0x31
    ERASE_FIRMWARE = 0x32
    REQUEST_FIRMWARE_ERASE_STATUS = 0x33
    FIRMWARE_ERASE_STATUS = 0x34
    DOWNLOAD_FIRMWARE_DATA = 0x35
    CONTROLLER_RESTART = 0x36
    OTHER_EVENT_NOTIFICATIONS = 0x37
    REQUEST_ZONE_READY_STATUS = 0x38
    ZONE_READY_STATUS = 0x39
    REQUEST_EXTENDED_OBJECT_STATUS = 0x3A
    EXTENDED_OBJECT_STATUS = 0x3B
    ACKNOWLEDGE_ALERTS = 0x3C
    CONFIGURE_UPB_MODULE = 0x3D
    REQUEST_UPB_CONFIGURE_STATUS = 0x3E
    UPB_CONFIGURE_STATUS = 0x3F
    CONFIGURE_ZIGBEE_MODULE = 0x40
    REQUEST_ZIGBEE_CONFIGURE_STATUS = 0x41
    ZIGBEE_CONFIGURE_STATUS = 0x42
    WRITE_SS_DATA = 0x43
    READ_SS_DATA = 0x44
    SS_DATA = 0x45
    ENTER_PASS_THROUGH = 0x46
    EXIT_PASS_THROUGH = 0x47
    PASS_THROUGH_DATA = 0x48
    PASS_THROUGH_RESPONSE = 0x49
    EXECUTE_SECURITY_COMMAND = 0x4A
    EXECUTE_SECURITY_COMMAND_RESPONSE = 0x4B
    TOUCHSCREEN_RESTART = 0x4D
    ERASE_FIRMWARE_4 = 0x50


_T = OmniLink2MessageType

OPCODES_V2: Mapping[OmniLink2MessageType, Opcode] = MappingProxyType(
    {
        _T.ACKNOWLEDGE: reply("20P00 §ACKNOWLEDGE"),
        _T.NEGATIVE_ACKNOWLEDGE: reply("20P00 §NEGATIVE ACKNOWLEDGE"),
        _T.END_OF_DATA: reply("20P00 §END OF DATA"),
        _T.DOWNLOAD_SETUP: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.UPLOAD_SETUP: request(
            Effect.READ, (_T.SETUP_DATA, _T.END_OF_DATA), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.SETUP_DATA: request_or_reply(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.CLEAR_PROGRAMS: request(
            Effect.SET, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.DOWNLOAD_PROGRAM: request(Effect.SET, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca"),
        _T.UPLOAD_PROGRAM: request(
            Effect.READ, (_T.PROGRAM_DATA, _T.END_OF_DATA), "not in 20P00; seen in omni-pca"
        ),
        _T.PROGRAM_DATA: reply("not in 20P00; seen in omni-pca"),
        _T.CLEAR_NAMES: request(Effect.SET, (_T.ACKNOWLEDGE,), "20P00 §CLEAR NAMES"),
        _T.WRITE_NAME: request(Effect.SET, (_T.ACKNOWLEDGE,), "20P00 §WRITE NAME"),
        _T.READ_NAME: request(Effect.READ, (_T.NAME_DATA, _T.END_OF_DATA), "20P00 §READ NAME"),
        _T.NAME_DATA: reply("20P00 §NAME DATA"),
        _T.CLEAR_VOICE_NAMES: request(Effect.SET, (_T.ACKNOWLEDGE,), "20P00 §CLEAR VOICE NAMES"),
        _T.WRITE_VOICE_NAME: request(Effect.SET, (_T.ACKNOWLEDGE,), "20P00 §WRITE VOICE NAME"),
        _T.READ_VOICE_NAME: request(
            Effect.READ, (_T.VOICE_NAME_DATA, _T.END_OF_DATA), "20P00 §READ VOICE NAME"
        ),
        _T.VOICE_NAME_DATA: reply("20P00 §VOICE NAME DATA"),
        _T.SET_TIME: request(Effect.SET, (_T.ACKNOWLEDGE,), "20P00 §SET TIME COMMAND"),
        _T.CONTROLLER_COMMAND: request(Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "20P00 §CONTROLLER COMMAND"),
        _T.ENABLE_NOTIFICATIONS: request(Effect.SET, (_T.ACKNOWLEDGE,), "20P00 §ENABLE NOTIFICATIONS"),
        _T.REQUEST_SYSTEM_INFORMATION: request(
            Effect.READ, (_T.SYSTEM_INFORMATION,), "20P00 §REQUEST SYSTEM INFORMATION"
        ),
        _T.SYSTEM_INFORMATION: reply("20P00 §SYSTEM INFORMATION"),
        _T.REQUEST_SYSTEM_STATUS: request(Effect.READ, (_T.SYSTEM_STATUS,), "20P00 §REQUEST SYSTEM STATUS"),
        _T.SYSTEM_STATUS: reply("20P00 §SYSTEM STATUS"),
        _T.REQUEST_SYSTEM_TROUBLES: request(
            Effect.READ, (_T.SYSTEM_TROUBLES,), "20P00 §REQUEST SYSTEM TROUBLES"
        ),
        _T.SYSTEM_TROUBLES: reply("20P00 §SYSTEM TROUBLES"),
        _T.REQUEST_SYSTEM_FEATURES: request(
            Effect.READ, (_T.SYSTEM_FEATURES,), "20P00 §REQUEST SYSTEM FEATURES"
        ),
        _T.SYSTEM_FEATURES: reply("20P00 §SYSTEM FEATURES"),
        _T.REQUEST_OBJECT_TYPE_CAPACITIES: request(
            Effect.READ, (_T.OBJECT_TYPE_CAPACITIES,), "20P00 §REQUEST OBJECT TYPE CAPACITIES"
        ),
        _T.OBJECT_TYPE_CAPACITIES: reply("20P00 §OBJECT TYPE CAPACITIES"),
        _T.REQUEST_OBJECT_PROPERTIES: request(
            Effect.READ, (_T.OBJECT_PROPERTIES, _T.END_OF_DATA), "20P00 §REQUEST OBJECT PROPERTIES"
        ),
        _T.OBJECT_PROPERTIES: reply("20P00 §OBJECT PROPERTIES"),
        _T.REQUEST_OBJECT_STATUS: request(Effect.READ, (_T.OBJECT_STATUS,), "20P00 §REQUEST OBJECT STATUS"),
        _T.OBJECT_STATUS: reply("20P00 §OBJECT STATUS", unsolicited=True),
        _T.READ_EVENT_RECORD: request(
            Effect.READ, (_T.EVENT_LOG_DATA, _T.END_OF_DATA), "20P00 §READ EVENT RECORD"
        ),
        _T.EVENT_LOG_DATA: reply("20P00 §EVENT LOG DATA"),
        _T.REQUEST_SECURITY_CODE_VALIDATION: security(
            Effect.MOMENTARY, (_T.SECURITY_CODE_VALIDATION,), "20P00 §REQUEST SECURITY CODE VALIDATION"
        ),
        _T.SECURITY_CODE_VALIDATION: reply("20P00 §SECURITY CODE VALIDATION"),
        _T.REQUEST_SYSTEM_FORMATS: request(
            Effect.READ, (_T.SYSTEM_FORMATS,), "20P00 §REQUEST SYSTEM FORMATS"
        ),
        _T.SYSTEM_FORMATS: reply("20P00 §SYSTEM FORMATS"),
        _T.LOGIN: request(Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"),
        _T.LOGOUT: request(Effect.SET, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"),
        _T.ACTIVATE_KEYPAD_EMERGENCY: security(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "20P00 §ACTIVATE KEYPAD EMERGENCY"
        ),
        _T.REQUEST_CONNECTED_SECURITY_SYSTEM_STATUS: request(
            Effect.READ,
            (_T.CONNECTED_SECURITY_SYSTEM_STATUS,),
            "20P00 §REQUEST CONNECTED SECURITY SYSTEM STATUS",
        ),
        _T.CONNECTED_SECURITY_SYSTEM_STATUS: reply("20P00 §CONNECTED SECURITY SYSTEM STATUS"),
        _T.CONNECTED_SECURITY_SYSTEM_COMMAND: security(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "20P00 §CONNECTED SECURITY SYSTEM COMMAND"
        ),
        _T.REQUEST_AUDIO_SOURCE_STATUS: request(
            Effect.READ, (_T.AUDIO_SOURCE_STATUS, _T.END_OF_DATA), "20P00 §REQUEST AUDIO SOURCE STATUS"
        ),
        _T.AUDIO_SOURCE_STATUS: reply("20P00 §AUDIO SOURCE STATUS"),
        _T.ERASE_FIRMWARE: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.REQUEST_FIRMWARE_ERASE_STATUS: request(
            Effect.READ, (_T.FIRMWARE_ERASE_STATUS,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.FIRMWARE_ERASE_STATUS: reply("not in 20P00; seen in omni-pca (name only)"),
        _T.DOWNLOAD_FIRMWARE_DATA: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.CONTROLLER_RESTART: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.OTHER_EVENT_NOTIFICATIONS: reply("20P00 §OTHER EVENT NOTIFICATIONS", unsolicited=True),
        _T.REQUEST_ZONE_READY_STATUS: request(
            Effect.READ, (_T.ZONE_READY_STATUS,), "20P00 §REQUEST ZONE READY STATUS"
        ),
        _T.ZONE_READY_STATUS: reply("20P00 §ZONE READY STATUS"),
        _T.REQUEST_EXTENDED_OBJECT_STATUS: request(
            Effect.READ,
            (_T.EXTENDED_OBJECT_STATUS,),
            "20P00 §REQUEST EXTENDED OBJECT STATUS",
            min_firmware=(3, 0),
        ),
        _T.EXTENDED_OBJECT_STATUS: reply(
            "20P00 §EXTENDED OBJECT STATUS", unsolicited=True, min_firmware=(3, 0)
        ),
        _T.ACKNOWLEDGE_ALERTS: request(
            Effect.SET, (_T.ACKNOWLEDGE,), "20P00 §ACKNOWLEDGE ALERTS MESSAGE", min_firmware=(3, 0)
        ),
        _T.CONFIGURE_UPB_MODULE: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.REQUEST_UPB_CONFIGURE_STATUS: request(
            Effect.READ, (_T.UPB_CONFIGURE_STATUS,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.UPB_CONFIGURE_STATUS: reply("not in 20P00; seen in omni-pca (name only)"),
        _T.CONFIGURE_ZIGBEE_MODULE: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.REQUEST_ZIGBEE_CONFIGURE_STATUS: request(
            Effect.READ, (_T.ZIGBEE_CONFIGURE_STATUS,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.ZIGBEE_CONFIGURE_STATUS: reply("not in 20P00; seen in omni-pca (name only)"),
        _T.WRITE_SS_DATA: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.READ_SS_DATA: request(
            Effect.READ, (_T.SS_DATA, _T.END_OF_DATA), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.SS_DATA: reply("not in 20P00; seen in omni-pca (name only)"),
        _T.ENTER_PASS_THROUGH: request(
            Effect.SET, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.EXIT_PASS_THROUGH: request(
            Effect.SET, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.PASS_THROUGH_DATA: request(
            Effect.MOMENTARY, (_T.PASS_THROUGH_RESPONSE,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.PASS_THROUGH_RESPONSE: reply("not in 20P00; seen in omni-pca (name only)"),
        _T.EXECUTE_SECURITY_COMMAND: security(
            Effect.MOMENTARY,
            (_T.EXECUTE_SECURITY_COMMAND_RESPONSE, _T.ACKNOWLEDGE),
            "not in 20P00; seen in omni-pca",
        ),
        _T.EXECUTE_SECURITY_COMMAND_RESPONSE: reply("not in 20P00; seen in omni-pca"),
        _T.TOUCHSCREEN_RESTART: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"
        ),
        _T.ERASE_FIRMWARE_4: request(
            Effect.MOMENTARY, (_T.ACKNOWLEDGE,), "not in 20P00; seen in omni-pca (name only)"
        ),
    }
)
"""One row a message type. Any request may also be answered by NEGATIVE_ACKNOWLEDGE (20P00 §ACKNOWLEDGEMENT
MESSAGES). Requests known by name only answer by the general rule. CONTROLLER_COMMAND shows its worst case:
each command has an effect of its own in `COMMANDS`."""

REPLY_TYPES_V2: Mapping[int, frozenset[int]] = reply_types(
    OPCODES_V2, OmniLink2MessageType.NEGATIVE_ACKNOWLEDGE
)
"""The types of messages that can answer each type of request."""

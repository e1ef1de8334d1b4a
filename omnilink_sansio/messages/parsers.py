"""Which record reads the payload of each message type of Omni-Link II."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from omnilink_sansio.first_use import named, rows_at_first_use
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.record import Record

if TYPE_CHECKING:
    from omnilink_sansio.messages import (
        acknowledgements,
        audio_source,
        connected_security,
        event_log,
        maintenance,
        name_messages,
        notifications,
        programs,
        properties,
        security,
        set_time,
        status,
        system,
        zone_ready,
    )
    from omnilink_sansio.messages.commands import controller_command
else:
    globals().update(
        named(
            "omnilink_sansio.messages",
            "acknowledgements audio_source connected_security event_log maintenance name_messages notifications "
            "programs properties security set_time status system zone_ready",
        )
    )
    globals().update(named("omnilink_sansio.messages.commands", "controller_command"))

__all__ = ["PARSERS_V2", "SHORT_PARSERS_V2"]

_T = OmniLink2MessageType

PARSERS_V2: Mapping[int, Callable[[bytes], Record]] = rows_at_first_use(
    {
        _T.ACKNOWLEDGE: acknowledgements.Ack.parse,
        _T.NEGATIVE_ACKNOWLEDGE: acknowledgements.Nak.parse,
        _T.END_OF_DATA: acknowledgements.EndOfData.parse,
        _T.DOWNLOAD_SETUP: maintenance.DownloadSetup.parse,
        _T.UPLOAD_SETUP: maintenance.UploadSetup.parse,
        _T.SETUP_DATA: maintenance.SetupData.parse,
        _T.CLEAR_PROGRAMS: programs.ClearPrograms.parse,
        _T.DOWNLOAD_PROGRAM: programs.DownloadProgram.parse,
        _T.UPLOAD_PROGRAM: programs.UploadProgram.parse,
        _T.PROGRAM_DATA: programs.ProgramData.parse,
        _T.CLEAR_NAMES: name_messages.ClearNames.parse,
        _T.WRITE_NAME: name_messages.WriteName.parse,
        _T.READ_NAME: name_messages.ReadName.parse,
        _T.NAME_DATA: name_messages.NameData.parse,
        _T.CLEAR_VOICE_NAMES: name_messages.ClearVoiceNames.parse,
        _T.WRITE_VOICE_NAME: name_messages.WriteVoiceName.parse,
        _T.READ_VOICE_NAME: name_messages.ReadVoiceName.parse,
        _T.VOICE_NAME_DATA: name_messages.VoiceNameData.parse,
        _T.SET_TIME: set_time.SetTime.parse,
        _T.CONTROLLER_COMMAND: controller_command.ControllerCommand.parse,
        _T.ENABLE_NOTIFICATIONS: system.EnableNotifications.parse,
        _T.REQUEST_SYSTEM_INFORMATION: system.RequestSystemInformation.parse,
        _T.SYSTEM_INFORMATION: system.SystemInformation.parse,
        _T.REQUEST_SYSTEM_STATUS: system.RequestSystemStatus.parse,
        _T.SYSTEM_STATUS: system.SystemStatus.parse,
        _T.REQUEST_SYSTEM_TROUBLES: system.RequestSystemTroubles.parse,
        _T.SYSTEM_TROUBLES: system.SystemTroubles.parse,
        _T.REQUEST_SYSTEM_FEATURES: system.RequestSystemFeatures.parse,
        _T.SYSTEM_FEATURES: system.SystemFeatures.parse,
        _T.REQUEST_OBJECT_TYPE_CAPACITIES: system.RequestObjectTypeCapacities.parse,
        _T.OBJECT_TYPE_CAPACITIES: system.ObjectTypeCapacities.parse,
        _T.REQUEST_OBJECT_PROPERTIES: properties.RequestObjectProperties.parse,
        _T.OBJECT_PROPERTIES: properties.parse_properties,
        _T.REQUEST_OBJECT_STATUS: status.RequestObjectStatus.parse,
        _T.OBJECT_STATUS: status.ObjectStatus.parse,
        _T.READ_EVENT_RECORD: event_log.ReadEventRecord.parse,
        _T.EVENT_LOG_DATA: event_log.EventLogData.parse,
        _T.REQUEST_SECURITY_CODE_VALIDATION: security.RequestSecurityCodeValidation.parse,
        _T.SECURITY_CODE_VALIDATION: security.SecurityCodeValidation.parse,
        _T.REQUEST_SYSTEM_FORMATS: system.RequestSystemFormats.parse,
        _T.SYSTEM_FORMATS: system.SystemFormats.parse,
        _T.LOGIN: maintenance.Login.parse,
        _T.LOGOUT: maintenance.Logout.parse,
        _T.ACTIVATE_KEYPAD_EMERGENCY: security.ActivateKeypadEmergency.parse,
        _T.REQUEST_CONNECTED_SECURITY_SYSTEM_STATUS: connected_security.RequestConnectedSecuritySystemStatus.parse,
        _T.CONNECTED_SECURITY_SYSTEM_STATUS: connected_security.ConnectedSecuritySystemStatus.parse,
        _T.CONNECTED_SECURITY_SYSTEM_COMMAND: connected_security.ConnectedSecuritySystemCommand.parse,
        _T.REQUEST_AUDIO_SOURCE_STATUS: audio_source.RequestAudioSourceStatus.parse,
        _T.AUDIO_SOURCE_STATUS: audio_source.AudioSourceStatus.parse,
        _T.ERASE_FIRMWARE: maintenance.EraseFirmware.parse,
        _T.REQUEST_FIRMWARE_ERASE_STATUS: maintenance.RequestFirmwareEraseStatus.parse,
        _T.FIRMWARE_ERASE_STATUS: maintenance.FirmwareEraseStatus.parse,
        _T.DOWNLOAD_FIRMWARE_DATA: maintenance.DownloadFirmwareData.parse,
        _T.CONTROLLER_RESTART: maintenance.ControllerRestart.parse,
        _T.OTHER_EVENT_NOTIFICATIONS: notifications.OtherEventNotifications.parse,
        _T.REQUEST_ZONE_READY_STATUS: zone_ready.RequestZoneReadyStatus.parse,
        _T.ZONE_READY_STATUS: zone_ready.ZoneReadyStatus.parse,
        _T.REQUEST_EXTENDED_OBJECT_STATUS: status.RequestExtendedObjectStatus.parse,
        _T.EXTENDED_OBJECT_STATUS: status.ExtendedObjectStatus.parse,
        _T.ACKNOWLEDGE_ALERTS: security.AcknowledgeAlerts.parse,
        _T.CONFIGURE_UPB_MODULE: maintenance.ConfigureUpbModule.parse,
        _T.REQUEST_UPB_CONFIGURE_STATUS: maintenance.RequestUpbConfigureStatus.parse,
        _T.UPB_CONFIGURE_STATUS: maintenance.UpbConfigureStatus.parse,
        _T.CONFIGURE_ZIGBEE_MODULE: maintenance.ConfigureZigbeeModule.parse,
        _T.REQUEST_ZIGBEE_CONFIGURE_STATUS: maintenance.RequestZigbeeConfigureStatus.parse,
        _T.ZIGBEE_CONFIGURE_STATUS: maintenance.ZigbeeConfigureStatus.parse,
        _T.WRITE_SS_DATA: maintenance.WriteSsData.parse,
        _T.READ_SS_DATA: maintenance.ReadSsData.parse,
        _T.SS_DATA: maintenance.SsData.parse,
        _T.ENTER_PASS_THROUGH: maintenance.EnterPassThrough.parse,
        _T.EXIT_PASS_THROUGH: maintenance.ExitPassThrough.parse,
        _T.PASS_THROUGH_DATA: maintenance.PassThroughData.parse,
        _T.PASS_THROUGH_RESPONSE: maintenance.PassThroughResponse.parse,
        _T.EXECUTE_SECURITY_COMMAND: security.ExecuteSecurityCommand.parse,
        _T.EXECUTE_SECURITY_COMMAND_RESPONSE: security.ExecuteSecurityCommandResponse.parse,
        _T.TOUCHSCREEN_RESTART: maintenance.TouchscreenRestart.parse,
        _T.ERASE_FIRMWARE_4: maintenance.EraseFirmware4.parse,
    }
)
"""How to read the payload of each message type; a family of messages is loaded when the first of it comes."""

SHORT_PARSERS_V2: Mapping[int, Callable[[bytes], Record]] = rows_at_first_use(
    {
        _T.SYSTEM_INFORMATION: system.SystemInformation.parse_short,
        _T.OBJECT_PROPERTIES: properties.parse_short_properties,
    }
)
"""How to read those that end with text when that may be cut off (`Tolerance.SHORT_RECORDS`)."""

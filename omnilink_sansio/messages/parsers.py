"""Which record reads the payload of each message type of Omni-Link II."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from omnilink_sansio.messages.acknowledgements import Ack, EndOfData, Nak
from omnilink_sansio.messages.audio_source import AudioSourceStatus, RequestAudioSourceStatus
from omnilink_sansio.messages.commands.controller_command import ControllerCommand
from omnilink_sansio.messages.connected_security import (
    ConnectedSecuritySystemCommand,
    ConnectedSecuritySystemStatus,
    RequestConnectedSecuritySystemStatus,
)
from omnilink_sansio.messages.event_log import EventLogData, ReadEventRecord
from omnilink_sansio.messages.maintenance import (
    ConfigureUpbModule,
    ConfigureZigbeeModule,
    ControllerRestart,
    DownloadFirmwareData,
    DownloadSetup,
    EnterPassThrough,
    EraseFirmware,
    EraseFirmware4,
    ExitPassThrough,
    FirmwareEraseStatus,
    Login,
    Logout,
    PassThroughData,
    PassThroughResponse,
    ReadSsData,
    RequestFirmwareEraseStatus,
    RequestUpbConfigureStatus,
    RequestZigbeeConfigureStatus,
    SetupData,
    SsData,
    TouchscreenRestart,
    UpbConfigureStatus,
    UploadSetup,
    WriteSsData,
    ZigbeeConfigureStatus,
)
from omnilink_sansio.messages.name_messages import (
    ClearNames,
    ClearVoiceNames,
    NameData,
    ReadName,
    ReadVoiceName,
    VoiceNameData,
    WriteName,
    WriteVoiceName,
)
from omnilink_sansio.messages.notifications import OtherEventNotifications
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.programs import ClearPrograms, DownloadProgram, ProgramData, UploadProgram
from omnilink_sansio.messages.properties import (
    RequestObjectProperties,
    parse_properties,
    parse_short_properties,
)
from omnilink_sansio.messages.record import Record
from omnilink_sansio.messages.security import (
    AcknowledgeAlerts,
    ActivateKeypadEmergency,
    ExecuteSecurityCommand,
    ExecuteSecurityCommandResponse,
    RequestSecurityCodeValidation,
    SecurityCodeValidation,
)
from omnilink_sansio.messages.set_time import SetTime
from omnilink_sansio.messages.status import (
    ExtendedObjectStatus,
    ObjectStatus,
    RequestExtendedObjectStatus,
    RequestObjectStatus,
)
from omnilink_sansio.messages.system import (
    EnableNotifications,
    ObjectTypeCapacities,
    RequestObjectTypeCapacities,
    RequestSystemFeatures,
    RequestSystemFormats,
    RequestSystemInformation,
    RequestSystemStatus,
    RequestSystemTroubles,
    SystemFeatures,
    SystemFormats,
    SystemInformation,
    SystemStatus,
    SystemTroubles,
)
from omnilink_sansio.messages.zone_ready import RequestZoneReadyStatus, ZoneReadyStatus

__all__ = ["PARSERS_V2", "SHORT_PARSERS_V2"]

PARSERS_V2: Mapping[int, Callable[[bytes], Record]] = MappingProxyType(
    {
        OmniLink2MessageType.ACKNOWLEDGE: Ack.parse,
        OmniLink2MessageType.NEGATIVE_ACKNOWLEDGE: Nak.parse,
        OmniLink2MessageType.END_OF_DATA: EndOfData.parse,
        OmniLink2MessageType.DOWNLOAD_SETUP: DownloadSetup.parse,
        OmniLink2MessageType.UPLOAD_SETUP: UploadSetup.parse,
        OmniLink2MessageType.SETUP_DATA: SetupData.parse,
        OmniLink2MessageType.CLEAR_PROGRAMS: ClearPrograms.parse,
        OmniLink2MessageType.DOWNLOAD_PROGRAM: DownloadProgram.parse,
        OmniLink2MessageType.UPLOAD_PROGRAM: UploadProgram.parse,
        OmniLink2MessageType.PROGRAM_DATA: ProgramData.parse,
        OmniLink2MessageType.CLEAR_NAMES: ClearNames.parse,
        OmniLink2MessageType.WRITE_NAME: WriteName.parse,
        OmniLink2MessageType.READ_NAME: ReadName.parse,
        OmniLink2MessageType.NAME_DATA: NameData.parse,
        OmniLink2MessageType.CLEAR_VOICE_NAMES: ClearVoiceNames.parse,
        OmniLink2MessageType.WRITE_VOICE_NAME: WriteVoiceName.parse,
        OmniLink2MessageType.READ_VOICE_NAME: ReadVoiceName.parse,
        OmniLink2MessageType.VOICE_NAME_DATA: VoiceNameData.parse,
        OmniLink2MessageType.SET_TIME: SetTime.parse,
        OmniLink2MessageType.CONTROLLER_COMMAND: ControllerCommand.parse,
        OmniLink2MessageType.ENABLE_NOTIFICATIONS: EnableNotifications.parse,
        OmniLink2MessageType.REQUEST_SYSTEM_INFORMATION: RequestSystemInformation.parse,
        OmniLink2MessageType.SYSTEM_INFORMATION: SystemInformation.parse,
        OmniLink2MessageType.REQUEST_SYSTEM_STATUS: RequestSystemStatus.parse,
        OmniLink2MessageType.SYSTEM_STATUS: SystemStatus.parse,
        OmniLink2MessageType.REQUEST_SYSTEM_TROUBLES: RequestSystemTroubles.parse,
        OmniLink2MessageType.SYSTEM_TROUBLES: SystemTroubles.parse,
        OmniLink2MessageType.REQUEST_SYSTEM_FEATURES: RequestSystemFeatures.parse,
        OmniLink2MessageType.SYSTEM_FEATURES: SystemFeatures.parse,
        OmniLink2MessageType.REQUEST_OBJECT_TYPE_CAPACITIES: RequestObjectTypeCapacities.parse,
        OmniLink2MessageType.OBJECT_TYPE_CAPACITIES: ObjectTypeCapacities.parse,
        OmniLink2MessageType.REQUEST_OBJECT_PROPERTIES: RequestObjectProperties.parse,
        OmniLink2MessageType.OBJECT_PROPERTIES: parse_properties,
        OmniLink2MessageType.REQUEST_OBJECT_STATUS: RequestObjectStatus.parse,
        OmniLink2MessageType.OBJECT_STATUS: ObjectStatus.parse,
        OmniLink2MessageType.READ_EVENT_RECORD: ReadEventRecord.parse,
        OmniLink2MessageType.EVENT_LOG_DATA: EventLogData.parse,
        OmniLink2MessageType.REQUEST_SECURITY_CODE_VALIDATION: RequestSecurityCodeValidation.parse,
        OmniLink2MessageType.SECURITY_CODE_VALIDATION: SecurityCodeValidation.parse,
        OmniLink2MessageType.REQUEST_SYSTEM_FORMATS: RequestSystemFormats.parse,
        OmniLink2MessageType.SYSTEM_FORMATS: SystemFormats.parse,
        OmniLink2MessageType.LOGIN: Login.parse,
        OmniLink2MessageType.LOGOUT: Logout.parse,
        OmniLink2MessageType.ACTIVATE_KEYPAD_EMERGENCY: ActivateKeypadEmergency.parse,
        OmniLink2MessageType.REQUEST_CONNECTED_SECURITY_SYSTEM_STATUS: RequestConnectedSecuritySystemStatus.parse,
        OmniLink2MessageType.CONNECTED_SECURITY_SYSTEM_STATUS: ConnectedSecuritySystemStatus.parse,
        OmniLink2MessageType.CONNECTED_SECURITY_SYSTEM_COMMAND: ConnectedSecuritySystemCommand.parse,
        OmniLink2MessageType.REQUEST_AUDIO_SOURCE_STATUS: RequestAudioSourceStatus.parse,
        OmniLink2MessageType.AUDIO_SOURCE_STATUS: AudioSourceStatus.parse,
        OmniLink2MessageType.ERASE_FIRMWARE: EraseFirmware.parse,
        OmniLink2MessageType.REQUEST_FIRMWARE_ERASE_STATUS: RequestFirmwareEraseStatus.parse,
        OmniLink2MessageType.FIRMWARE_ERASE_STATUS: FirmwareEraseStatus.parse,
        OmniLink2MessageType.DOWNLOAD_FIRMWARE_DATA: DownloadFirmwareData.parse,
        OmniLink2MessageType.CONTROLLER_RESTART: ControllerRestart.parse,
        OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS: OtherEventNotifications.parse,
        OmniLink2MessageType.REQUEST_ZONE_READY_STATUS: RequestZoneReadyStatus.parse,
        OmniLink2MessageType.ZONE_READY_STATUS: ZoneReadyStatus.parse,
        OmniLink2MessageType.REQUEST_EXTENDED_OBJECT_STATUS: RequestExtendedObjectStatus.parse,
        OmniLink2MessageType.EXTENDED_OBJECT_STATUS: ExtendedObjectStatus.parse,
        OmniLink2MessageType.ACKNOWLEDGE_ALERTS: AcknowledgeAlerts.parse,
        OmniLink2MessageType.CONFIGURE_UPB_MODULE: ConfigureUpbModule.parse,
        OmniLink2MessageType.REQUEST_UPB_CONFIGURE_STATUS: RequestUpbConfigureStatus.parse,
        OmniLink2MessageType.UPB_CONFIGURE_STATUS: UpbConfigureStatus.parse,
        OmniLink2MessageType.CONFIGURE_ZIGBEE_MODULE: ConfigureZigbeeModule.parse,
        OmniLink2MessageType.REQUEST_ZIGBEE_CONFIGURE_STATUS: RequestZigbeeConfigureStatus.parse,
        OmniLink2MessageType.ZIGBEE_CONFIGURE_STATUS: ZigbeeConfigureStatus.parse,
        OmniLink2MessageType.WRITE_SS_DATA: WriteSsData.parse,
        OmniLink2MessageType.READ_SS_DATA: ReadSsData.parse,
        OmniLink2MessageType.SS_DATA: SsData.parse,
        OmniLink2MessageType.ENTER_PASS_THROUGH: EnterPassThrough.parse,
        OmniLink2MessageType.EXIT_PASS_THROUGH: ExitPassThrough.parse,
        OmniLink2MessageType.PASS_THROUGH_DATA: PassThroughData.parse,
        OmniLink2MessageType.PASS_THROUGH_RESPONSE: PassThroughResponse.parse,
        OmniLink2MessageType.EXECUTE_SECURITY_COMMAND: ExecuteSecurityCommand.parse,
        OmniLink2MessageType.EXECUTE_SECURITY_COMMAND_RESPONSE: ExecuteSecurityCommandResponse.parse,
        OmniLink2MessageType.TOUCHSCREEN_RESTART: TouchscreenRestart.parse,
        OmniLink2MessageType.ERASE_FIRMWARE_4: EraseFirmware4.parse,
    }
)
"""How to read the payload of each message type."""

SHORT_PARSERS_V2: Mapping[int, Callable[[bytes], Record]] = MappingProxyType(
    {
        OmniLink2MessageType.SYSTEM_INFORMATION: SystemInformation.parse_short,
        OmniLink2MessageType.OBJECT_PROPERTIES: parse_short_properties,
    }
)
"""How to read those that end with text when that may be cut off (`Tolerance.SHORT_RECORDS`)."""

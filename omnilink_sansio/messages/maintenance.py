"""Messages whose names are known, but not what is in them (none is in 20P00): their bodies are raw bytes.

They are here so that every message in either direction has a type. No text form shows a body, since a log-in
and a setup hold user codes.
"""

from dataclasses import field
from typing import ClassVar

from omnilink_sansio.messages.message_record import MessageRecord
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.record import Record, Tail, record
from omnilink_sansio.messages.request import AcknowledgedRequest, Request, expect, expect_or_end

__all__ = [
    "ConfigureUpbModule",
    "ConfigureZigbeeModule",
    "ControllerRestart",
    "DownloadFirmwareData",
    "DownloadSetup",
    "EnterPassThrough",
    "EraseFirmware",
    "EraseFirmware4",
    "ExitPassThrough",
    "FirmwareEraseStatus",
    "Login",
    "Logout",
    "PassThroughData",
    "PassThroughResponse",
    "ReadSsData",
    "RequestFirmwareEraseStatus",
    "RequestUpbConfigureStatus",
    "RequestZigbeeConfigureStatus",
    "SetupData",
    "SsData",
    "TouchscreenRestart",
    "UpbConfigureStatus",
    "UploadSetup",
    "WriteSsData",
    "ZigbeeConfigureStatus",
]


@record
class _Body(Record):
    """What all of them are: a body, which no text form shows."""

    body: Tail = field(default=b"", repr=False)


@record
class SetupData(_Body, MessageRecord):
    """A part of the controller's setup, which holds user codes."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.SETUP_DATA


@record
class FirmwareEraseStatus(_Body, MessageRecord):
    """How far erasing the firmware is."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.FIRMWARE_ERASE_STATUS


@record
class UpbConfigureStatus(_Body, MessageRecord):
    """How far configuring a UPB module is."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.UPB_CONFIGURE_STATUS


@record
class ZigbeeConfigureStatus(_Body, MessageRecord):
    """How far configuring a ZigBee module is."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.ZIGBEE_CONFIGURE_STATUS


@record
class SsData(_Body, MessageRecord):
    """Data of a security system."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.SS_DATA


@record
class PassThroughResponse(_Body, MessageRecord):
    """What a device answered."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.PASS_THROUGH_RESPONSE


@record
class DownloadSetup(_Body, AcknowledgedRequest):
    """Write a part of the controller's setup."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.DOWNLOAD_SETUP


@record
class UploadSetup(_Body, Request[SetupData | None]):
    """Ask for a part of the controller's setup."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.UPLOAD_SETUP

    def accept(self, reply: Payload) -> SetupData | None:
        """Return the data, None when there is no more."""
        return expect_or_end(SetupData, self, reply)


@record
class Login(_Body, AcknowledgedRequest):
    """Log in."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.LOGIN


@record
class Logout(_Body, AcknowledgedRequest):
    """Log out."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.LOGOUT


@record
class EraseFirmware(_Body, AcknowledgedRequest):
    """Erase the firmware."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.ERASE_FIRMWARE


@record
class RequestFirmwareEraseStatus(_Body, Request[FirmwareEraseStatus]):
    """Ask how far erasing the firmware is."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_FIRMWARE_ERASE_STATUS

    def accept(self, reply: Payload) -> FirmwareEraseStatus:
        """Return the answer."""
        return expect(FirmwareEraseStatus, self, reply)


@record
class DownloadFirmwareData(_Body, AcknowledgedRequest):
    """Write a part of the firmware."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.DOWNLOAD_FIRMWARE_DATA


@record
class ControllerRestart(_Body, AcknowledgedRequest):
    """Restart the controller."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.CONTROLLER_RESTART


@record
class ConfigureUpbModule(_Body, AcknowledgedRequest):
    """Configure a UPB module."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.CONFIGURE_UPB_MODULE


@record
class RequestUpbConfigureStatus(_Body, Request[UpbConfigureStatus]):
    """Ask how far configuring a UPB module is."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_UPB_CONFIGURE_STATUS

    def accept(self, reply: Payload) -> UpbConfigureStatus:
        """Return the answer."""
        return expect(UpbConfigureStatus, self, reply)


@record
class ConfigureZigbeeModule(_Body, AcknowledgedRequest):
    """Configure a ZigBee module."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.CONFIGURE_ZIGBEE_MODULE


@record
class RequestZigbeeConfigureStatus(_Body, Request[ZigbeeConfigureStatus]):
    """Ask how far configuring a ZigBee module is."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_ZIGBEE_CONFIGURE_STATUS

    def accept(self, reply: Payload) -> ZigbeeConfigureStatus:
        """Return the answer."""
        return expect(ZigbeeConfigureStatus, self, reply)


@record
class WriteSsData(_Body, AcknowledgedRequest):
    """Write data of a security system."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.WRITE_SS_DATA


@record
class ReadSsData(_Body, Request[SsData | None]):
    """Ask for data of a security system."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.READ_SS_DATA

    def accept(self, reply: Payload) -> SsData | None:
        """Return the data, None when there is no more."""
        return expect_or_end(SsData, self, reply)


@record
class EnterPassThrough(_Body, AcknowledgedRequest):
    """Begin to pass data through to a device."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.ENTER_PASS_THROUGH


@record
class ExitPassThrough(_Body, AcknowledgedRequest):
    """Pass no more data through."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.EXIT_PASS_THROUGH


@record
class PassThroughData(_Body, Request[PassThroughResponse]):
    """Pass data through to a device."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.PASS_THROUGH_DATA

    def accept(self, reply: Payload) -> PassThroughResponse:
        """Return the answer."""
        return expect(PassThroughResponse, self, reply)


@record
class TouchscreenRestart(_Body, AcknowledgedRequest):
    """Restart a touchscreen."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.TOUCHSCREEN_RESTART


@record
class EraseFirmware4(_Body, AcknowledgedRequest):
    """Erase the firmware, in a newer form."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.ERASE_FIRMWARE_4

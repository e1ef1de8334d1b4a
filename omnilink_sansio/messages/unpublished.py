"""Messages whose names are known, but not what is in them (none is in 20P00): their bodies are raw bytes.

They are here so that whatever a controller is told or says has a type. No text form shows a body, since a log-in
and a setup hold user codes.
"""

from dataclasses import field
from typing import ClassVar

from omnilink_sansio.messages.acknowledgements import AcknowledgedRequest
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.record import Tail, record
from omnilink_sansio.messages.request import MessageRecord, Request, expect, expect_or_end
from omnilink_sansio.wire.message import Message

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
class SetupData(MessageRecord):
    """A part of the controller's setup, which holds user codes."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.SETUP_DATA

    body: Tail = field(default=b"", repr=False)


@record
class FirmwareEraseStatus(MessageRecord):
    """How far erasing the firmware is."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.FIRMWARE_ERASE_STATUS

    body: Tail = field(default=b"", repr=False)


@record
class UpbConfigureStatus(MessageRecord):
    """How far configuring a UPB module is."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.UPB_CONFIGURE_STATUS

    body: Tail = field(default=b"", repr=False)


@record
class ZigbeeConfigureStatus(MessageRecord):
    """How far configuring a ZigBee module is."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.ZIGBEE_CONFIGURE_STATUS

    body: Tail = field(default=b"", repr=False)


@record
class SsData(MessageRecord):
    """Data of a security system."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.SS_DATA

    body: Tail = field(default=b"", repr=False)


@record
class PassThroughResponse(MessageRecord):
    """What a device answered."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.PASS_THROUGH_RESPONSE

    body: Tail = field(default=b"", repr=False)


@record
class DownloadSetup(AcknowledgedRequest):
    """Write a part of the controller's setup."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.DOWNLOAD_SETUP

    body: Tail = field(default=b"", repr=False)


@record
class UploadSetup(Request[SetupData | None]):
    """Ask for a part of the controller's setup."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.UPLOAD_SETUP

    body: Tail = field(default=b"", repr=False)

    def accept(self, reply: Message) -> SetupData | None:
        """Return the data, None when there is no more."""
        return expect_or_end(SetupData, self, reply)


@record
class Login(AcknowledgedRequest):
    """Log in."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.LOGIN

    body: Tail = field(default=b"", repr=False)


@record
class Logout(AcknowledgedRequest):
    """Log out."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.LOGOUT

    body: Tail = field(default=b"", repr=False)


@record
class EraseFirmware(AcknowledgedRequest):
    """Erase the firmware."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.ERASE_FIRMWARE

    body: Tail = field(default=b"", repr=False)


@record
class RequestFirmwareEraseStatus(Request[FirmwareEraseStatus]):
    """Ask how far erasing the firmware is."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_FIRMWARE_ERASE_STATUS

    body: Tail = field(default=b"", repr=False)

    def accept(self, reply: Message) -> FirmwareEraseStatus:
        """Return the answer."""
        return expect(FirmwareEraseStatus, self, reply)


@record
class DownloadFirmwareData(AcknowledgedRequest):
    """Write a part of the firmware."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.DOWNLOAD_FIRMWARE_DATA

    body: Tail = field(default=b"", repr=False)


@record
class ControllerRestart(AcknowledgedRequest):
    """Restart the controller."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.CONTROLLER_RESTART

    body: Tail = field(default=b"", repr=False)


@record
class ConfigureUpbModule(AcknowledgedRequest):
    """Configure a UPB module."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.CONFIGURE_UPB_MODULE

    body: Tail = field(default=b"", repr=False)


@record
class RequestUpbConfigureStatus(Request[UpbConfigureStatus]):
    """Ask how far configuring a UPB module is."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_UPB_CONFIGURE_STATUS

    body: Tail = field(default=b"", repr=False)

    def accept(self, reply: Message) -> UpbConfigureStatus:
        """Return the answer."""
        return expect(UpbConfigureStatus, self, reply)


@record
class ConfigureZigbeeModule(AcknowledgedRequest):
    """Configure a ZigBee module."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.CONFIGURE_ZIGBEE_MODULE

    body: Tail = field(default=b"", repr=False)


@record
class RequestZigbeeConfigureStatus(Request[ZigbeeConfigureStatus]):
    """Ask how far configuring a ZigBee module is."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_ZIGBEE_CONFIGURE_STATUS

    body: Tail = field(default=b"", repr=False)

    def accept(self, reply: Message) -> ZigbeeConfigureStatus:
        """Return the answer."""
        return expect(ZigbeeConfigureStatus, self, reply)


@record
class WriteSsData(AcknowledgedRequest):
    """Write data of a security system."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.WRITE_SS_DATA

    body: Tail = field(default=b"", repr=False)


@record
class ReadSsData(Request[SsData | None]):
    """Ask for data of a security system."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.READ_SS_DATA

    body: Tail = field(default=b"", repr=False)

    def accept(self, reply: Message) -> SsData | None:
        """Return the data, None when there is no more."""
        return expect_or_end(SsData, self, reply)


@record
class EnterPassThrough(AcknowledgedRequest):
    """Begin to pass data through to a device."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.ENTER_PASS_THROUGH

    body: Tail = field(default=b"", repr=False)


@record
class ExitPassThrough(AcknowledgedRequest):
    """Pass no more data through."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.EXIT_PASS_THROUGH

    body: Tail = field(default=b"", repr=False)


@record
class PassThroughData(Request[PassThroughResponse]):
    """Pass data through to a device."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.PASS_THROUGH_DATA

    body: Tail = field(default=b"", repr=False)

    def accept(self, reply: Message) -> PassThroughResponse:
        """Return the answer."""
        return expect(PassThroughResponse, self, reply)


@record
class TouchscreenRestart(AcknowledgedRequest):
    """Restart a touchscreen."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.TOUCHSCREEN_RESTART

    body: Tail = field(default=b"", repr=False)


@record
class EraseFirmware4(AcknowledgedRequest):
    """Erase the firmware, in a newer form."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.ERASE_FIRMWARE_4

    body: Tail = field(default=b"", repr=False)

"""Codes, emergencies and alerts (20P00 §VALIDATE SECURITY CODE MESSAGES, §ACTIVATE KEYPAD EMERGENCY, §ACKNOWLEDGE
ALERTS MESSAGE), and arming in one step, which newer firmware knows and 20P00 does not.
"""

from collections.abc import Mapping
from enum import IntEnum, unique
from typing import ClassVar

from omnilink_sansio.errors import CommandFailedError, LocalProtocolError
from omnilink_sansio.messages.acknowledgements import Ack
from omnilink_sansio.messages.message_record import MessageRecord
from omnilink_sansio.messages.objects.area import SecurityMode
from omnilink_sansio.messages.objects.code import SpecialCode
from omnilink_sansio.messages.objects.object_type import HIGHEST_AREA
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.record import (
    U8,
    Code4,
    CodeU8,
    Record,
    Tail,
    member_of,
    member_or_number,
    record,
)
from omnilink_sansio.messages.request import AcknowledgedRequest, Request, expect
from omnilink_sansio.secrets import UserCode

__all__ = [
    "AcknowledgeAlerts",
    "ActivateKeypadEmergency",
    "CodeAuthority",
    "ExecuteSecurityCommand",
    "ExecuteSecurityCommandResponse",
    "KeypadEmergency",
    "RequestSecurityCodeValidation",
    "SecurityCodeValidation",
    "SecurityCommandResponse",
    "acknowledge_alerts",
    "activate_keypad_emergency",
    "execute_security_command",
    "validate_code",
]


_DIGITS = 4


def one_area(area: int) -> int:
    """Return the area's number. Raises `LocalProtocolError` when it is not 1 to 8.

    It repeats nothing: arguments in the wrong order put a code's digits here.
    """
    if not 1 <= area <= HIGHEST_AREA:
        raise LocalProtocolError(f"one area is named here, 1 to {HIGHEST_AREA}")
    return area


class _WithCode(Record):
    """A request with a code of four digits: whatever is given for it is never shown, and refused if it is none."""

    __slots__ = ()

    code: UserCode

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", UserCode.of(self.code, _DIGITS))


@unique
class CodeAuthority(IntEnum):
    """What a code's user may do."""

    INVALID = 0
    MASTER = 1
    MANAGER = 2
    USER = 3


@record
class SecurityCodeValidation(MessageRecord):
    """Whose code it is (20P00 §SECURITY CODE VALIDATION)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.SECURITY_CODE_VALIDATION

    code_number: U8
    """1 to 99, 251 for the duress code, 0 for a code that is not valid there and now."""
    authority: U8
    """See `CodeAuthority`."""
    tail: Tail = b""

    @property
    def is_valid(self) -> bool:
        """Whether the code is valid in the area and at this time."""
        return self.code_number != 0 and self.authority != CodeAuthority.INVALID

    @property
    def is_duress(self) -> bool:
        """Whether it is the duress code, given under threat; it is valid."""
        return self.code_number == SpecialCode.DURESS

    @property
    def authority_level(self) -> CodeAuthority | int:
        """The authority by name, or its number when unknown."""
        return member_or_number(CodeAuthority, self.authority)


@record
class RequestSecurityCodeValidation(_WithCode, Request[SecurityCodeValidation]):
    """Ask whose code it is. Wrong codes count towards a lock-out, so it is never repeated by itself."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_SECURITY_CODE_VALIDATION

    area: CodeU8
    code: Code4

    def accept(self, reply: Payload) -> SecurityCodeValidation:
        """Return whose code it is, or that it is nobody's."""
        return expect(SecurityCodeValidation, self, reply)


def validate_code(area: int, code: str | UserCode) -> RequestSecurityCodeValidation:
    """Ask whose code these four digits are in an area, 1 to 8 (20P00 §REQUEST SECURITY CODE VALIDATION).

    Raises `LocalProtocolError` for other areas and for what is not four digits.
    """
    return RequestSecurityCodeValidation(one_area(area), UserCode.of(code, _DIGITS))


@unique
class KeypadEmergency(IntEnum):
    """What the emergency keys of a console raise."""

    BURGLARY = 1
    FIRE = 2
    AUXILIARY = 3


@record
class ActivateKeypadEmergency(AcknowledgedRequest):
    """Raise an alarm, a real one (20P00 §ACTIVATE KEYPAD EMERGENCY; Omni IIe and Omni Pro II)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.ACTIVATE_KEYPAD_EMERGENCY

    area: U8
    emergency: U8
    """See `KeypadEmergency`."""


def activate_keypad_emergency(area: int, emergency: KeypadEmergency) -> ActivateKeypadEmergency:
    """Raise an alarm in an area, 1 to 8, as a console's emergency keys do. It is a real alarm.

    Raises `LocalProtocolError` for other areas.
    """
    return ActivateKeypadEmergency(one_area(area), member_of(KeypadEmergency, emergency))


@record
class AcknowledgeAlerts(AcknowledgedRequest):
    """Acknowledge messages and troubles of an area, 0: of all (20P00 §ACKNOWLEDGE ALERTS; firmware 3.0)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.ACKNOWLEDGE_ALERTS

    area: U8 = 0


def acknowledge_alerts(area: int = 0) -> AcknowledgeAlerts:
    """Acknowledge the messages and troubles of an area, 1 to 8, or with 0 of all (firmware 3.0).

    Raises `LocalProtocolError` for other areas.
    """
    return AcknowledgeAlerts(one_area(area) if area else 0)


@unique
class SecurityCommandResponse(IntEnum):
    """What came of arming in one step (not in 20P00)."""

    SUCCESS = 0
    INVALID_CODE = 1
    INVALID_SECURITY_MODE = 2
    INVALID_AREA = 3
    ZONES_NOT_READY = 4
    INSTALLER_RESTORE_NEEDED = 5
    CODE_LOCKED_OUT = 6
    INVALID = 255


_REASONS: Mapping[int, str] = {
    SecurityCommandResponse.INVALID_CODE: "the code is not valid there and now",
    SecurityCommandResponse.INVALID_SECURITY_MODE: "the controller does not know the mode",
    SecurityCommandResponse.INVALID_AREA: "there is no such area",
    SecurityCommandResponse.ZONES_NOT_READY: "zones are not ready: close or bypass them",
    SecurityCommandResponse.INSTALLER_RESTORE_NEEDED: "the installer has to restore the system first",
    SecurityCommandResponse.CODE_LOCKED_OUT: "too many wrong codes: wait until the lock-out is over",
    SecurityCommandResponse.INVALID: "the controller takes it for malformed",
}


@record
class ExecuteSecurityCommandResponse(MessageRecord):
    """What came of arming in one step (not in 20P00)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.EXECUTE_SECURITY_COMMAND_RESPONSE

    response: U8
    """See `SecurityCommandResponse`."""
    tail: Tail = b""

    @property
    def kind(self) -> SecurityCommandResponse | int:
        """The response by name, or its number when unknown."""
        return member_or_number(SecurityCommandResponse, self.response)


@record
class ExecuteSecurityCommand(_WithCode, Request[None]):
    """Arm or disarm with a code's digits, in one step (not in 20P00). A plain acknowledgement is success too."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.EXECUTE_SECURITY_COMMAND

    area: CodeU8
    mode: CodeU8
    """See `SecurityMode`."""
    code: Code4

    def accept(self, reply: Payload) -> None:
        """Check that it succeeded. Raises `CommandFailedError` with the response as its ``failure_code``."""
        if isinstance(reply, Ack):
            return
        response = expect(ExecuteSecurityCommandResponse, self, reply).kind
        if response != SecurityCommandResponse.SUCCESS:
            reason = _REASONS.get(response, f"response {response}")
            raise CommandFailedError(f"{self.title}: {reason}", failure_code=response)


def execute_security_command(area: int, mode: SecurityMode, code: str | UserCode) -> ExecuteSecurityCommand:
    """Arm an area, 1 to 8, or disarm it, with four digits in one step, which newer firmware knows.

    The documented way, which all firmware knows, is `arm`. Raises `LocalProtocolError` for other areas and for
    what is not four digits, `CommandFailedError` with a `SecurityCommandResponse` as its ``failure_code``.
    """
    return ExecuteSecurityCommand(one_area(area), member_of(SecurityMode, mode), UserCode.of(code, _DIGITS))

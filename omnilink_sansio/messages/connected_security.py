"""A security system of another make behind a Lumina (20P00 §CONNECTED SECURITY SYSTEM STATUS, §CONNECTED SECURITY
SYSTEM COMMAND). The vendor prints no meanings for its modes, statuses and commands.
"""

from typing import Annotated, ClassVar

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.message_record import MessageRecord
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.record import U8, Code6, CodeU8, Record, Repeated, record
from omnilink_sansio.messages.request import AcknowledgedRequest, Request, expect
from omnilink_sansio.secrets import UserCode

__all__ = [
    "ConnectedSecuritySystemCommand",
    "ConnectedSecuritySystemStatus",
    "PartitionStatus",
    "RequestConnectedSecuritySystemStatus",
    "execute_connected_security_command",
]

_HIGHEST_PARTITION = 8
_DIGITS = 6


@record
class PartitionStatus(Record):
    """One partition's mode and status, numbers without printed meanings."""

    mode: U8
    status: U8


@record
class ConnectedSecuritySystemStatus(MessageRecord):
    """The partitions in their order, the first being partition 1; 20P00 has eight."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.CONNECTED_SECURITY_SYSTEM_STATUS

    partitions: Annotated[tuple[PartitionStatus, ...], Repeated(PartitionStatus)] = ()


@record
class RequestConnectedSecuritySystemStatus(Request[ConnectedSecuritySystemStatus]):
    """Ask for the mode and status of each partition (20P00 §REQUEST CONNECTED SECURITY SYSTEM STATUS).

    Controllers without such a system refuse.
    """

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_CONNECTED_SECURITY_SYSTEM_STATUS

    def accept(self, reply: Payload) -> ConnectedSecuritySystemStatus:
        """Return the partitions."""
        return expect(ConnectedSecuritySystemStatus, self, reply)


@record
class ConnectedSecuritySystemCommand(AcknowledgedRequest):
    """Send a command to the connected system (20P00 §CONNECTED SECURITY SYSTEM COMMAND)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.CONNECTED_SECURITY_SYSTEM_COMMAND

    command: CodeU8
    partition: CodeU8
    code: Code6

    def __post_init__(self) -> None:
        # Whatever is given for it is never shown, and refused if it is none.
        object.__setattr__(self, "code", UserCode.of(self.code, _DIGITS))


def execute_connected_security_command(
    command: int, partition: int, code: str | UserCode
) -> ConnectedSecuritySystemCommand:
    """Send a command to a partition, 1 to 8, of the connected system, with six digits.

    Raises `LocalProtocolError` for other partitions and for what is not six digits.
    """
    if not 1 <= partition <= _HIGHEST_PARTITION:
        raise LocalProtocolError(f"a partition is 1 to {_HIGHEST_PARTITION}")
    return ConnectedSecuritySystemCommand(command, partition, UserCode.of(code, _DIGITS))

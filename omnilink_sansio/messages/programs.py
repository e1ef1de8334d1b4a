"""Programs, as bodies of 14 bytes (not in 20P00)."""

from typing import Annotated, ClassVar

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.message_record import MessageRecord
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.record import U8, U16, Field, Tail, record
from omnilink_sansio.messages.request import AcknowledgedRequest, Request, expect_or_end, mismatched_reply

__all__ = [
    "PROGRAM_SIZE",
    "ClearPrograms",
    "DownloadProgram",
    "ProgramData",
    "UploadProgram",
    "read_program",
    "write_program",
]

PROGRAM_SIZE = 14
"""Bytes of a program; all zero is an empty slot."""

_LAST_SLOT = 0xFFFF

ProgramBody = Annotated[bytes, Field(f"{PROGRAM_SIZE}s")]


@record
class ProgramData(MessageRecord):
    """The program in a slot (not in 20P00)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.PROGRAM_DATA

    slot: U16
    body: ProgramBody
    tail: Tail = b""


@record
class UploadProgram(Request[ProgramData | None]):
    """Ask for the program in a slot, or for the next defined one after it (not in 20P00)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.UPLOAD_PROGRAM

    slot: U16
    direction: U8 = 0
    """0 this slot, 1 the next defined one after it."""

    def accept(self, reply: Payload) -> ProgramData | None:
        """Return the program, None when there is none. Raises `RemoteProtocolError` for that of another slot."""
        found = expect_or_end(ProgramData, self, reply)
        if found is not None and not self.direction and found.slot != self.slot:
            raise mismatched_reply(self, f"slot {self.slot}", f"slot {found.slot}")
        return found


@record
class DownloadProgram(AcknowledgedRequest):
    """Write a program into a slot, 1 to 1500 on an Omni Pro II; all zero clears it (not in 20P00)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.DOWNLOAD_PROGRAM

    slot: U16
    body: ProgramBody


@record
class ClearPrograms(AcknowledgedRequest):
    """Clear all programs (not in 20P00)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.CLEAR_PROGRAMS


def read_program(slot: int) -> UploadProgram:
    """Return the program in a slot, from 1, None when the slot is empty (not in 20P00)."""
    return UploadProgram(_slot(slot))


def write_program(slot: int, body: bytes) -> DownloadProgram:
    """Write a program of 14 bytes into a slot, 1 to 1500 on an Omni Pro II; all zero clears it (not in 20P00).

    Raises `LocalProtocolError` for bodies of another length and slots that are none.
    """
    if len(body) != PROGRAM_SIZE:
        raise LocalProtocolError(f"a program has {PROGRAM_SIZE} bytes, not {len(body)}")
    return DownloadProgram(_slot(slot), body)


def _slot(slot: int) -> int:
    if not 1 <= slot <= _LAST_SLOT:
        raise LocalProtocolError(f"slots for programs are numbered 1 to {_LAST_SLOT}, not {slot!r}")
    return slot

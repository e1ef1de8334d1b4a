"""Which zones are not ready to be armed (20P00 §REQUEST ZONE READY STATUS, §ZONE READY STATUS)."""

from typing import ClassVar

from omnilink_sansio.messages.message_record import MessageRecord
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.record import Tail, record
from omnilink_sansio.messages.request import Request, expect

__all__ = ["RequestZoneReadyStatus", "ZoneReadyStatus"]

_BITS = range(8)
_LOWEST = 0x80


@record
class ZoneReadyStatus(MessageRecord):
    """One bit a zone, bit 7 of the first byte being zone 1, set while the zone is not ready."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.ZONE_READY_STATUS

    raw_zones: Tail = b""
    """The bits; how many bytes there are depends on the controller."""

    @property
    def zones_not_ready(self) -> tuple[int, ...]:
        """The numbers of the zones that are not ready. Auxiliary and temperature zones never are among them."""
        return tuple(
            8 * place + bit + 1
            for place, byte in enumerate(self.raw_zones)
            for bit in _BITS
            if byte & _LOWEST >> bit
        )


@record
class RequestZoneReadyStatus(Request[ZoneReadyStatus]):
    """Ask which zones are not ready to be armed: `ZoneReadyStatus` (20P00 §REQUEST ZONE READY STATUS)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_ZONE_READY_STATUS

    def accept(self, reply: Payload) -> ZoneReadyStatus:
        """Return the zones."""
        return expect(ZoneReadyStatus, self, reply)

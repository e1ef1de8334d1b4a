"""The wire: packets, messages, CRC, encryption and framing. No session, no meaning."""

from omnilink_sansio.wire.cipher import (
    SessionCipher,
    decrypt_message_payload,
    derive_session_key,
    encrypt_message_payload,
)
from omnilink_sansio.wire.crc import crc16
from omnilink_sansio.wire.framing import DatagramFramer, FramingError, StreamFramer
from omnilink_sansio.wire.message import Message
from omnilink_sansio.wire.packet import PACKET_LAYOUTS, Direction, Packet, PacketLayout, PacketType

__all__ = [
    "PACKET_LAYOUTS",
    "DatagramFramer",
    "Direction",
    "FramingError",
    "Message",
    "Packet",
    "PacketLayout",
    "PacketType",
    "SessionCipher",
    "StreamFramer",
    "crc16",
    "decrypt_message_payload",
    "derive_session_key",
    "encrypt_message_payload",
]

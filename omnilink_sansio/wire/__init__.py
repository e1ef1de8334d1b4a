"""The wire: packets, messages, CRC, encryption and framing. No session, no meaning.

What people use to decode captures is named here; the rest is in the modules.
"""

from omnilink_sansio.wire.cipher import SessionCipher as SessionCipher
from omnilink_sansio.wire.cipher import decrypt_message_payload as decrypt_message_payload
from omnilink_sansio.wire.cipher import derive_session_key as derive_session_key
from omnilink_sansio.wire.cipher import encrypt_message_payload as encrypt_message_payload
from omnilink_sansio.wire.framing import DatagramFramer as DatagramFramer
from omnilink_sansio.wire.framing import Framing as Framing
from omnilink_sansio.wire.framing import FramingError as FramingError
from omnilink_sansio.wire.framing import StreamFramer as StreamFramer
from omnilink_sansio.wire.message import Message as Message
from omnilink_sansio.wire.message import ProtocolVersion as ProtocolVersion
from omnilink_sansio.wire.packet import Packet as Packet
from omnilink_sansio.wire.packet import PacketType as PacketType
from omnilink_sansio.wire.tolerance import Tolerance as Tolerance

"""What audio sources play (20P00 §REQUEST AUDIO SOURCE STATUS, §AUDIO SOURCE STATUS)."""

from typing import ClassVar

from omnilink_sansio.messages.message_record import MessageRecord
from omnilink_sansio.messages.names import decode_name
from omnilink_sansio.messages.opcodes_v2 import OmniLink2MessageType
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.record import U8, U16, Tail, record
from omnilink_sansio.messages.request import Request, expect_or_end

__all__ = ["AudioSourceStatus", "RequestAudioSourceStatus"]


@record
class AudioSourceStatus(MessageRecord):
    """One field of what a source plays."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.AUDIO_SOURCE_STATUS

    source: U16
    sequence: U8
    """Changes when the audio system changes its data: what was read before is then out of date."""
    position: U8
    """1 to 6: where the field stands on a display."""
    field_id: U8
    """0 for a source's only field; other numbers are the audio system's own."""
    raw_text: Tail = b""
    """The text and its terminating zero."""

    @property
    def text(self) -> str:
        """The field's text."""
        return decode_name(self.raw_text)


@record
class RequestAudioSourceStatus(Request[AudioSourceStatus | None]):
    """Ask for a field: with position 0 for the first, else for that of the position (last one plus 1)."""

    OPCODE: ClassVar[OmniLink2MessageType] = OmniLink2MessageType.REQUEST_AUDIO_SOURCE_STATUS

    source: U16
    position: U8 = 0

    def accept(self, reply: Payload) -> AudioSourceStatus | None:
        """Return the field, None when there are no more."""
        return expect_or_end(AudioSourceStatus, self, reply)

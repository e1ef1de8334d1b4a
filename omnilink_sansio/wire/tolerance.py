"""What odd peers do on the wire and may be forgiven."""

from enum import Enum, unique

__all__ = ["Tolerance"]


@unique
class Tolerance(Enum):
    """The register of what odd panels do and the library accepts only when asked to.

    Each entry is off by default; give the ones you need in the settings' ``tolerances``.
    """

    SWAPPED_CRC = "swapped CRC"
    """The two CRC bytes in the wrong order. Seen on: firmware 2.16, in some messages."""
    ZERO_CRC = "zero CRC"
    """A CRC of zero, whatever the content. Seen on: firmware 2.16, in some messages."""
    RAW_WORDS = "raw words"
    """An encrypted block that does not begin with the start character is reported and dropped alone, where
    a stream would otherwise end. Seen on: firmware 2.16a, phone events without start character and CRC."""
    HANDSHAKE_NUMBERS = "handshake numbers"
    """On datagrams, packets 2 and 4 that do not repeat the number of the packet 1 or 3 that they answer. Not
    seen on any panel: to try where one is reached over UDP and never answers the handshake."""
    SHORT_RECORDS = "short records"
    """Object properties and system information that end within their last text, a name or the phone number: what
    is there of it, nothing at the least, is taken as it is, and encoding gives the same bytes again. What ends
    before that text begins is refused all the same. Reported of panels that send 28 of the 29 bytes of system
    information, or 23 of the 24 of a zone's properties."""

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

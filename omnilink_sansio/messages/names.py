"""Names of objects: fixed fields of 8-bit characters that end at the first zero (20P00 §OBJECT PROPERTIES)."""

from omnilink_sansio.errors import LocalProtocolError

__all__ = ["LONG_NAME", "SHORT_NAME", "decode_name", "encode_name"]

LONG_NAME = 16
"""Bytes of the name field of zones, messages, sensors, user settings and readers: 15 characters and a zero."""
SHORT_NAME = 13
"""Bytes of the name field of all other objects: 12 characters and a zero."""


def decode_name(field: bytes) -> str:
    """Return the text before the first zero; what follows is junk. Bytes are characters (Latin-1).

    A field of nothing but 0xFF, as in erased memory, is no name.
    """
    if not field.strip(b"\xff"):
        return ""
    return field.partition(b"\0")[0].decode("latin-1")


def encode_name(text: str, width: int) -> bytes:
    """Return a field of ``width`` bytes: the text and zeros, at least one.

    Raises `LocalProtocolError` when the text is too long, or has a zero or a character beyond Latin-1.
    """
    try:
        encoded = text.encode("latin-1")
    except UnicodeEncodeError:
        encoded = b"\0"
    if len(encoded) >= width or b"\0" in encoded:
        raise LocalProtocolError(
            f"a name here has at most {width - 1} characters of 8 bits, none of them zero; got {text!r}"
        )
    return encoded.ljust(width, b"\0")

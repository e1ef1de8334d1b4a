"""Keys and user codes that can be used but not seen: bytes whose text forms are blank.

A secret is ordinary bytes to the cipher and to the caller that asks for them (``bytes(key)``, ``key.hex()``),
but no ``repr``, ``str`` or format of it, and so no log line, traceback or event, shows its content.
"""

from string import hexdigits
from typing import ClassVar, Self

from omnilink_sansio.errors import LocalProtocolError

__all__ = ["ControllerKey", "Secret", "SessionKey", "UserCode"]


_WRITTEN_KEY = (
    "a controller key is 32 hexadecimal digits (blanks, dashes and colons between them are allowed)"
)


class Secret(bytes):
    """Bytes without a readable text form."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(<hidden>)"

    def __str__(self) -> str:
        return repr(self)

    def __format__(self, format_spec: str) -> str:
        return repr(self)


class Key(Secret):
    """A key of 128 bits.

    Raises `LocalProtocolError` for anything but bytes of that length; the error names types and lengths only.
    """

    __slots__ = ()

    SIZE: ClassVar[int] = 16
    _ADVICE: ClassVar[str] = ""
    """What the error adds: another way to give a key."""

    def __new__(cls, value: bytes) -> Self:
        """Check type and length."""
        if type(value) is cls:
            return value
        if not isinstance(value, bytes | bytearray | memoryview):
            found = "None" if value is None else f"a value of type {type(value).__name__}"
            raise LocalProtocolError(f"a {cls.__name__} has {cls.SIZE} bytes, not {found}{cls._ADVICE}")
        key = super().__new__(cls, value)
        if len(key) != cls.SIZE:
            raise LocalProtocolError(f"a {cls.__name__} has {cls.SIZE} bytes, not {len(key)}{cls._ADVICE}")
        return key


class ControllerKey(Key):
    """The private key that controller and client share (20P00 §PROTOCOL RULES)."""

    __slots__ = ()

    _ADVICE: ClassVar[str] = ": ControllerKey.from_hex() reads one that is written as 32 hexadecimal digits"

    @classmethod
    def from_hex(cls, text: str) -> Self:
        """Read a key as installers write it: 32 hex digits, with blanks, dashes or colons as they please.

        Raises `LocalProtocolError` for anything else, without repeating the text.
        """
        if not isinstance(text, str):
            raise LocalProtocolError(f"{_WRITTEN_KEY}, a str; what has {cls.SIZE} bytes is a key already")
        digits = "".join(text.translate({ord("-"): None, ord(":"): None}).split())
        if not set(digits) <= set(hexdigits):
            raise LocalProtocolError(f"{_WRITTEN_KEY}, and nothing else")
        if len(digits) != 2 * cls.SIZE:
            raise LocalProtocolError(f"{_WRITTEN_KEY}, not {len(digits)}")
        return cls(bytes.fromhex(digits))

    @property
    def fingerprint(self) -> str:
        """Name the panel that has this key, for good: panels have no serial number.

        The first 16 hexadecimal digits of SHA-256 over b"omnilink panel 1" and the key. It may be shown and
        stored: it reveals nothing of a random key, though whoever guesses one can check the guess.
        """
        # Loaded by those who want it: no session needs it.
        from hashlib import sha256

        return sha256(b"omnilink panel 1" + self).hexdigest()[:16]


class SessionKey(Key):
    """The key of one session, derived from the controller key and the session ID."""

    __slots__ = ()


class UserCode(Secret):
    """The digits of a user's code: four for a controller, six for a connected security system.

    A leading zero is a digit. As bytes it has one digit a byte, 0 to 9, as messages carry it (20P00 §REQUEST
    SECURITY CODE VALIDATION). The number by which controllers know a code is an ``int`` everywhere.
    """

    __slots__ = ()

    COUNTS: ClassVar[tuple[int, ...]] = (4, 6)

    def __new__(cls, digits: str | bytes) -> Self:
        """Take digits as text, or as bytes of 0 to 9. Raises `LocalProtocolError`, which repeats none of them."""
        if isinstance(digits, str):
            digits = bytes(ord(digit) - ord("0") if digit in "0123456789" else 0xFF for digit in digits)
        if not isinstance(digits, bytes):
            raise LocalProtocolError(
                "a user code's digits are a str, such as '0123': a number would lose leading zeros"
            )
        if any(digit > 9 for digit in digits):
            raise LocalProtocolError("a user code is digits: a str, or bytes of 0 to 9 each")
        if len(digits) not in cls.COUNTS:
            raise LocalProtocolError(f"a user code has 4 or 6 digits, not {len(digits)}")
        return super().__new__(cls, digits)

    @classmethod
    def of(cls, digits: "str | bytes", count: int) -> Self:
        """Return the code. Raises `LocalProtocolError` when it has not as many digits as asked for."""
        code = cls(digits)
        if len(code) != count:
            raise LocalProtocolError(f"a user code has {count} digits here, not {len(code)}")
        return code

"""The two protocols as values: all that differs between them below a client's calls.

Nobody asks which dialect a connection speaks; whoever needs something that differs takes it from the dialect.
"""

from collections.abc import Callable, Mapping, Set
from types import MappingProxyType
from typing import TYPE_CHECKING

from omnilink_sansio.errors import Fault, LocalProtocolError, RemoteProtocolError
from omnilink_sansio.first_use import named, numbered_at_first_use
from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.opcode import Opcode
from omnilink_sansio.messages.opcodes_v2 import OPCODES_V2, REPLY_TYPES_V2, OmniLink2MessageType
from omnilink_sansio.messages.parsers import PARSERS_V2, SHORT_PARSERS_V2
from omnilink_sansio.messages.raw_message import Payload, RawMessage
from omnilink_sansio.messages.record import Record
from omnilink_sansio.wire.message import START_CHARACTERS, START_V1, START_V2, Message, ProtocolVersion
from omnilink_sansio.wire.packet import PacketType
from omnilink_sansio.wire.tolerance import Tolerance

if TYPE_CHECKING:
    from omnilink_sansio.messages.v1 import opcodes as opcodes_v1
else:
    globals().update(named("omnilink_sansio.messages.v1", opcodes_v1="opcodes"))

__all__ = ["DIALECTS", "OMNI_LINK", "OMNI_LINK_2", "Dialect"]

# Once for all connections: a process may have thousands.
_STARTS = {
    version: frozenset(start for start, form in START_CHARACTERS.items() if form.protocol is version)
    for version in ProtocolVersion
}


@frozen
class Dialect:
    """One of the two protocols."""

    name: str
    """As constructors take it: "v1" or "v2"."""
    version: ProtocolVersion
    start: int
    """The start character of its messages, where there is a choice the one without an address."""
    packet_type: PacketType
    """Which packets carry its messages on a secure link."""
    opcodes: Mapping[int, Opcode]
    reply_types: Mapping[int, frozenset[int]]
    """What can answer each type of request."""
    parsers: Mapping[int, Callable[[bytes], Record]]
    """How to read the payload of each type."""
    short_parsers: Mapping[int, Callable[[bytes], Record]]
    """How to read a payload whose last text may be cut off (`Tolerance.SHORT_RECORDS`), of each type with one."""
    keepalive: int
    """The message type of the cheap read that keeps a session alive."""
    is_pushed: bool
    """Whether the controller sends what happens; otherwise it is asked now and then."""

    @property
    def starts(self) -> frozenset[int]:
        """All start characters of its messages."""
        return _STARTS[self.version]

    def parse(self, message: Message, tolerances: Set[Tolerance] = frozenset()) -> Payload:
        """Return the typed object for a message of either direction, `RawMessage` for types without one.

        ``tolerances`` are the deviations of odd panels to accept. Raises `RemoteProtocolError` when the payload
        is malformed.
        """
        parser = self.parsers.get(message.type)
        if Tolerance.SHORT_RECORDS in tolerances:
            parser = self.short_parsers.get(message.type, parser)
        if parser is None:
            return RawMessage(message.type, message.data, message.start)
        return parser(message.data)


OMNI_LINK = Dialect(
    "v1",
    ProtocolVersion.V1,
    START_V1,
    PacketType.OMNI_LINK_MESSAGE,
    numbered_at_first_use(opcodes_v1.OPCODES_V1),
    numbered_at_first_use(opcodes_v1.REPLY_TYPES_V1),
    MappingProxyType({}),
    MappingProxyType({}),
    0x13,  # REQUEST_SYSTEM_STATUS
    is_pushed=False,
)
"""Omni-Link (10P17)."""

OMNI_LINK_2 = Dialect(
    "v2",
    ProtocolVersion.V2,
    START_V2,
    PacketType.OMNI_LINK_II_MESSAGE,
    MappingProxyType({int(number): row for number, row in OPCODES_V2.items()}),
    REPLY_TYPES_V2,
    PARSERS_V2,
    SHORT_PARSERS_V2,
    OmniLink2MessageType.REQUEST_SYSTEM_STATUS,
    is_pushed=True,
)
"""Omni-Link II (20P00)."""

DIALECTS: Mapping[ProtocolVersion, Dialect] = MappingProxyType(
    {dialect.version: dialect for dialect in (OMNI_LINK, OMNI_LINK_2)}
)
"""Both, by version."""

_BY_START = {start: dialect for dialect in DIALECTS.values() for start in dialect.starts}


def dialect_at(start: int) -> Dialect | None:
    """Return the dialect of a start character, None for one that is none."""
    return _BY_START.get(start)


def dialect_of(message: Message) -> Dialect:
    """Return the dialect of a message, which its start character says.

    Raises `RemoteProtocolError` for a start character that is none.
    """
    dialect = _BY_START.get(message.start)
    if dialect is None:
        raise RemoteProtocolError(
            Fault.BAD_START_CHARACTER, f"no message begins with 0x{message.start:02X}", 0
        )
    return dialect


def dialect_named(name: str) -> Dialect:
    """Return the dialect that a caller named, "v1" or "v2". Raises `LocalProtocolError` for any other name."""
    for dialect in DIALECTS.values():
        if dialect.name == name:
            return dialect
    names = " or ".join(repr(dialect.name) for dialect in DIALECTS.values())
    raise LocalProtocolError(f"protocol is {names}, not {name!r}")

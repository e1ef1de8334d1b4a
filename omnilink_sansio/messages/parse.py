"""From a message to its typed object, for either protocol and either direction."""

from collections.abc import Set

from omnilink_sansio.messages.dialect import dialect_of
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.wire.message import Message
from omnilink_sansio.wire.tolerance import Tolerance

__all__ = ["parse_message"]


def parse_message(message: Message, tolerances: Set[Tolerance] = frozenset()) -> Payload:
    """Return the typed object for a message, `RawMessage` for types without one.

    Its start character says of which protocol it is. ``tolerances`` are the deviations of odd panels to accept,
    of which `Tolerance.SHORT_RECORDS` matters here. Raises `RemoteProtocolError` when the payload is
    malformed or the start character is none. All types of Omni-Link II are typed; messages of Omni-Link have
    no types of their own yet.
    """
    return dialect_of(message).parse(message, tolerances)

"""What one session leaves to the next of the same client, so that old datagrams are not taken for new ones."""

from enum import Enum, unique
from typing import NamedTuple

__all__ = ["CarryNumbers", "SessionHistory"]


@unique
class CarryNumbers(Enum):
    """On which links sequence numbers go on from session to session, rather than begin at 1 again."""

    DATAGRAMS = "datagrams"
    """Where a late copy of an old reply could be taken for the reply to a new command."""
    ALWAYS = "always"
    """On streams too: a session that somebody recorded cannot then be replayed to this client."""
    NEVER = "never"
    """As every other known client does."""


class SessionHistory(NamedTuple):
    """Give a connection's to the next connection of the same client. It holds no secret."""

    last_number: int = 0
    """The last sequence number sent; 0 begins at 1 again."""
    session_id: bytes = b""
    """The last session's ID (5 bytes); empty when there was none."""
    ended_at: float = 0.0
    """When that session ended, on the clock of the connection's owner."""
    key_proved: bool = False
    """Whether the controller has ever sent a message under our key."""

"""What travels upward from a session: replies together with the requests that they answer, and notifications."""

from typing import TYPE_CHECKING, NamedTuple

from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.request import Request
from omnilink_sansio.wire.message import Message

if TYPE_CHECKING:
    from omnilink_sansio.messages.notifications import Notification

__all__ = ["Exchange", "Pushed"]


class Exchange(NamedTuple):
    """A request and the reply to it, a negative acknowledgement included."""

    request: Request[object]
    reply: Payload


class Pushed(NamedTuple):
    """A message that the controller sent unasked, and what it reports, in its order."""

    message: Message
    notifications: "tuple[Notification, ...]"

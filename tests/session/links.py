"""The links that a client's connection is tested on: one body for all, where nothing depends on the link.

A `Line` is a client that is online since 0 s, and the other end of its link: what the client sends comes out as
messages, and an answer goes in as a message, whatever the link wraps them in.
"""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from omnilink_sansio.session import ClientConnection, ClientEvent, ClientSettings
from omnilink_sansio.wire.framing import Framing
from omnilink_sansio.wire.message import Message
from omnilink_sansio.wire.packet import PacketType
from tests.session.peers import PEER, drain, online_client, sent
from tests.session.toy_link import ToyClientLink


class Line:
    """A client that is online, and the other end of its link."""

    def __init__(self, client: ClientConnection) -> None:
        self.client = client

    def take_messages(self) -> list[Message]:
        """Return what the client wants written, as messages; what is no message is left out."""
        raise NotImplementedError

    def answer(self, message: Message, now: float = 0.0) -> list[ClientEvent]:
        """Answer the oldest request that was taken and is not answered; return what the client reports."""
        raise NotImplementedError

    def answer_damaged(self, message: Message, now: float = 0.0) -> list[ClientEvent]:
        """Answer it with a message whose CRC is wrong."""
        raise NotImplementedError

    def answer_again(self, message: Message, now: float = 0.0) -> list[ClientEvent]:
        """Answer the request that was answered last once more."""
        raise NotImplementedError

    def notify(self, message: Message, now: float = 0.0) -> list[ClientEvent]:
        """Send a message that answers nothing, on a link that has such."""
        raise NotImplementedError

    def receive(self, data: bytes, now: float = 0.0) -> list[ClientEvent]:
        """Hand over bytes as they come from the transport; return what the client reports."""
        self.client.receive_data(data, now)
        return drain(self.client)

    def hang_up(self, now: float = 0.0) -> list[ClientEvent]:
        """Close the other end."""
        self.client.receive_eof(now)
        return drain(self.client)


class SecureLine(Line):
    """Packets, with sequence numbers."""

    def __init__(self, client: ClientConnection) -> None:
        super().__init__(client)
        self._numbers: deque[int] = deque()
        self._last_answered = 0

    def take_messages(self) -> list[Message]:
        packets = [packet for packet in sent(self.client) if packet.type == PacketType.OMNI_LINK_II_MESSAGE]
        self._numbers.extend(packet.sequence for packet in packets if packet.sequence not in self._numbers)
        return [PEER.opened(packet) for packet in packets]

    def answer(self, message: Message, now: float = 0.0) -> list[ClientEvent]:
        self._last_answered = self._numbers.popleft()
        return self.receive(PEER.message(message, self._last_answered), now)

    def answer_damaged(self, message: Message, now: float = 0.0) -> list[ClientEvent]:
        self._last_answered = self._numbers.popleft()
        return self.receive(PEER.damaged(message, self._last_answered), now)

    def answer_again(self, message: Message, now: float = 0.0) -> list[ClientEvent]:
        return self.receive(PEER.message(message, self._last_answered), now)

    def notify(self, message: Message, now: float = 0.0) -> list[ClientEvent]:
        return self.receive(PEER.message(message), now)


class ToyLine(Line):
    """Messages back to back."""

    def take_messages(self) -> list[Message]:
        return [Message.decode(encoded) for encoded in self.client.data_to_send()]

    def answer(self, message: Message, now: float = 0.0) -> list[ClientEvent]:
        return self.receive(message.encode(), now)

    def answer_damaged(self, message: Message, now: float = 0.0) -> list[ClientEvent]:
        encoded = bytearray(message.encode())
        encoded[-1] ^= 0x55
        return self.receive(bytes(encoded), now)

    def answer_again(self, message: Message, now: float = 0.0) -> list[ClientEvent]:
        return self.answer(message, now)


class LinkKind(NamedTuple):
    """One kind of link, and what a connection may know of it."""

    name: str
    make: Callable[[ClientSettings | None], Line]
    loses_messages: bool
    has_tags: bool
    pushes: bool
    """Whether the other end can send what answers nothing."""

    def online(self, settings: ClientSettings | None = None) -> Line:
        """Return a line whose client is online since 0 s."""
        return self.make(settings)


def _toy(settings: ClientSettings | None) -> Line:
    client = ClientConnection.over(ToyClientLink(), settings=settings)
    client.connect(0.0)
    drain(client)
    return ToyLine(client)


LINKS = (
    LinkKind(
        "stream", lambda settings: SecureLine(online_client(Framing.STREAM, settings)), False, True, True
    ),
    LinkKind(
        "datagram", lambda settings: SecureLine(online_client(Framing.DATAGRAM, settings)), True, True, True
    ),
    LinkKind("toy", _toy, False, False, False),
)
"""All of them."""

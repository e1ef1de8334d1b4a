"""The other kind of link: messages back to back, no packets, no tags, no encryption, nothing pushed.

It is there to prove that a connection knows nothing of the link that it stands on. The session is open as
soon as it is opened, and over as soon as it is closed.
"""

from omnilink_sansio.errors import EndReason, Fault, LocalProtocolError, RemoteProtocolError
from omnilink_sansio.session.end_reasons import ControllerEndReason, end_error
from omnilink_sansio.session.events import PacketDropped
from omnilink_sansio.session.history import SessionHistory
from omnilink_sansio.session.link import (
    Arrived,
    ClientLinkInput,
    ControllerLinkInput,
    Damaged,
    Ended,
    Opened,
    SessionOver,
)
from omnilink_sansio.wire.framing import Framing, message_size
from omnilink_sansio.wire.message import Message

TAG = 0
"""The tag of every reply: there is none to tell them apart by."""
_LONGEST_HEAD = 3


class _ToyLink:
    """What both ends share: finding messages."""

    framing = Framing.STREAM

    def __init__(self) -> None:
        self.is_closed = False
        self._buffer = b""
        self._end_of_stream = False
        self._outbox: list[bytes] = []

    def feed(self, data: bytes, _now: float) -> None:
        self._buffer += data

    def feed_eof(self, _now: float) -> None:
        self._end_of_stream = True

    def encode(self, message: Message) -> bytes:
        return message.encode()

    def reject(self, tag: int | None, fault: Fault) -> PacketDropped:
        return PacketDropped(fault, None, tag, fault.value)

    def next_due(self) -> float | None:
        return None

    def expire(self, _now: float) -> None:
        return None

    def data_to_send(self) -> list[bytes]:
        outbox, self._outbox = self._outbox, []
        return outbox

    def _next_message(self) -> Message | RemoteProtocolError | None:
        """Cut the next message off the buffer. Raises `RemoteProtocolError` where no message begins."""
        if len(self._buffer) < _LONGEST_HEAD:
            return None
        size = message_size(self._buffer)
        if len(self._buffer) < size:
            return None
        encoded, self._buffer = self._buffer[:size], self._buffer[size:]
        try:
            return Message.decode(encoded)
        except RemoteProtocolError as error:
            return error


class ToyClientLink(_ToyLink):
    """A client's end."""

    loses_messages = False
    has_tags = False
    history = SessionHistory()

    def open(self, _now: float) -> Opened:
        return Opened()

    def close(self, _now: float) -> Ended:
        return self._end(EndReason.CLOSED)

    def abandon(self, _now: float) -> Ended:
        return self._end(EndReason.SILENT)

    def send(self, encoded: bytes, _now: float) -> int:
        self._outbox.append(encoded)
        return TAG

    def repeat(self, tag: int, _encoded: bytes, _now: float) -> None:
        raise LocalProtocolError(f"nothing is lost here, so nothing is sent again, {tag} neither")

    def next_input(self) -> ClientLinkInput | None:
        if self.is_closed:
            return None
        try:
            message = self._next_message()
        except RemoteProtocolError as fault:
            return self._end(EndReason.FAULT, fault)
        if isinstance(message, RemoteProtocolError):
            return Damaged(TAG, message, self.reject(TAG, message.fault))
        if message is not None:
            return Arrived(TAG, message)
        return self._end(EndReason.LOST) if self._end_of_stream else None

    def _end(self, reason: EndReason, fault: RemoteProtocolError | None = None) -> Ended:
        self.is_closed = True
        return Ended(reason, end_error(reason, fault))


class ToyControllerLink(_ToyLink):
    """A controller's end: a session begins with the first byte."""

    is_half_open = False

    def __init__(self) -> None:
        super().__init__()
        self._is_open = False

    def answer(self, _tag: int, encoded: bytes, _now: float) -> None:
        self._outbox.append(encoded)

    def push(self, _encoded: bytes, _now: float) -> None:
        raise LocalProtocolError("nothing is pushed here")

    def terminate(self, _now: float) -> SessionOver | None:
        return self._end(ControllerEndReason.TERMINATED) if self._is_open else None

    def close(self, _now: float) -> SessionOver:
        return self._end(ControllerEndReason.TERMINATED)

    def next_input(self) -> ControllerLinkInput | None:
        if self.is_closed:
            return None
        if not self._is_open and self._buffer:
            self._is_open = True
            return Opened()
        try:
            message = self._next_message()
        except RemoteProtocolError as fault:
            return self._end(ControllerEndReason.FAULT, str(fault))
        if isinstance(message, RemoteProtocolError):
            return self.reject(None, message.fault)
        if message is not None:
            return Arrived(TAG, message)
        return self._end(ControllerEndReason.LOST) if self._end_of_stream else None

    def _end(self, reason: ControllerEndReason, detail: str = "") -> SessionOver:
        self.is_closed = True
        return SessionOver(reason, detail)

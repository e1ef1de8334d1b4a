"""What both ends of a connection share: bytes in, one packet at a time through the transition table, bytes out.

Rules.

1. Packets are acted on one at a time, as events are pulled: the next packet is not touched before the owner
   asks for the next event. What the owner sends in between goes out before it, however the bytes were cut.
2. Receiving never raises. Events before a fault are delivered before it; after CLOSED every input is ignored.
3. Time is what the caller passes in. Timers count accepted packets, never bytes; only the timer for an
   incomplete packet knows about pieces, and it runs from the piece that the packet began in.
"""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from enum import Enum, IntEnum
from typing import Generic, TypeAlias, TypeVar

from omnilink_sansio.errors import Fault, LocalProtocolError, RemoteProtocolError
from omnilink_sansio.session.events import PacketDropped
from omnilink_sansio.session.states import ConnectionState, TransitionTable
from omnilink_sansio.wire.cipher import SessionCipher
from omnilink_sansio.wire.framing import DatagramFramer, Framing, FramingError, StreamFramer
from omnilink_sansio.wire.message import START_CHARACTERS, Message, ProtocolVersion
from omnilink_sansio.wire.packet import Packet, PacketType, encode_packet
from omnilink_sansio.wire.tolerance import Tolerance

__all__ = ["MESSAGE_PACKETS", "Cause", "Connection"]

_I = TypeVar("_I", bound=IntEnum)
_A = TypeVar("_A", bound=Enum)
_E = TypeVar("_E")

Cause: TypeAlias = Packet | RemoteProtocolError | None
"""What brought an input about: a packet, a fault, or no packet at all (a timer, the owner, the transport)."""

_CLOSED = ConnectionState.CLOSED

MESSAGE_PACKETS: Mapping[ProtocolVersion, PacketType] = {
    ProtocolVersion.V1: PacketType.OMNI_LINK_MESSAGE,
    ProtocolVersion.V2: PacketType.OMNI_LINK_II_MESSAGE,
}
"""Which packets carry a session's messages."""


class Connection(ABC, Generic[_I, _A, _E]):
    """One end of a connection, as a machine without I/O.

    After any input (`receive_data`, `receive_eof`, `handle_timeout`, or a call of your own) pull `next_event`
    until it returns None, answering and sending as you go; then write everything that `data_to_send` returns;
    then wait for `next_timeout`. When `state` is then CLOSED, close the transport.
    """

    _END_OF_STREAM: _I
    _BAD_STREAM: _I
    _BAD_PACKET: _I

    def __init__(
        self,
        table: TransitionTable[_I, _A],
        framing: Framing,
        protocol: ProtocolVersion,
        tolerances: frozenset[Tolerance],
        incomplete_packet_timeout: float,
    ) -> None:
        self._rows = table.by_state(framing)
        self._framing = framing
        self._protocol = protocol
        self._message_packet = MESSAGE_PACKETS[protocol]
        self._starts = frozenset(
            start for start, form in START_CHARACTERS.items() if form.protocol is protocol
        )
        self._tolerances = tolerances
        self._incomplete_packet_timeout = incomplete_packet_timeout
        self._framer = StreamFramer(tolerances) if framing is Framing.STREAM else DatagramFramer()
        self._cipher: SessionCipher | None = None
        self._events: deque[_E | PacketDropped] = deque()
        self._outbox: list[bytes] = []
        self._end_of_stream = False
        self._now = 0.0
        self._piece_at = 0.0
        self._packet_since: float | None = None
        self._last_accepted = 0.0
        self._accepted = 0
        self._actions = self._bind_actions()
        self._state = ConnectionState.IDLE
        self._row = self._rows[self._state]

    @property
    def state(self) -> ConnectionState:
        """Where the connection stands; final once it is CLOSED."""
        return self._state

    @property
    def framing(self) -> Framing:
        """How its packets travel."""
        return self._framing

    def receive_data(self, data: bytes, now: float) -> None:
        """Take any piece of the stream, or exactly one datagram. Never raises.

        Afterwards pull events, write what is pending, re-arm the timeout; see the class.
        """
        if self._state is _CLOSED:
            return
        self._now = self._piece_at = now
        self._framer.feed(data)

    def receive_eof(self, now: float) -> None:
        """Note that the peer closed its stream, or that the transport failed. Never raises.

        Afterwards pull events, write what is pending, re-arm the timeout; see the class.
        """
        if self._state is _CLOSED:
            return
        self._now = now
        self._end_of_stream = True

    def next_event(self) -> _E | PacketDropped | None:
        """Return the next thing that happened, or None when there is nothing more until the next input."""
        events = self._events
        while not events:
            if self._state is _CLOSED:
                return None
            try:
                packet = self._framer.next_packet(self._cipher)
            except FramingError as fault:
                self._packet_since = None
                self._take(self._classify_fault(fault), fault)
                continue
            if packet is not None:
                self._packet_since = None
                self._take(self._classify(packet), packet)
            elif self._end_of_stream:
                self._take(self._END_OF_STREAM, None)
                self._end_of_stream = False
            else:
                if self._packet_since is None and self._framer.pending:
                    self._packet_since = self._piece_at
                return None
        return events.popleft()

    def data_to_send(self) -> list[bytes]:
        """Return what is to be written, each item one whole packet: one write, one datagram.

        Defined once `next_event` has returned None.
        """
        outbox = self._outbox
        self._outbox = []
        return outbox

    def next_timeout(self) -> float | None:
        """Return when `handle_timeout` is due, on the caller's clock, or None.

        Defined once `next_event` has returned None.
        """
        if self._state is ConnectionState.CLOSED:
            return None
        due = self._next_due()
        partial = self._incomplete_deadline()
        return partial if due is None or (partial is not None and partial < due) else due

    def handle_timeout(self, now: float) -> None:
        """Do what is due by now; nothing when nothing is.

        Afterwards pull events, write what is pending, re-arm the timeout; see the class.
        """
        if self._state is ConnectionState.CLOSED:
            return
        self._now = now
        due = self._incomplete_deadline()
        if due is not None and now >= due:
            fault = RemoteProtocolError(
                Fault.INCOMPLETE_PACKET,
                f"a packet was still incomplete {self._incomplete_packet_timeout:g} s after it began",
            )
            self._take(self._BAD_STREAM, fault)
        else:
            self._expire(now)

    def _incomplete_deadline(self) -> float | None:
        if self._packet_since is None:
            return None
        return self._packet_since + self._incomplete_packet_timeout

    def _take(self, item: _I, cause: Cause) -> None:
        """Look the input up in the table, go to the next state, do the action."""
        transition = self._row[item]
        if transition.next_state is not self._state:
            self._state = transition.next_state
            self._row = self._rows[self._state]
        self._actions[transition.action](cause, transition.why)

    def _classify_fault(self, fault: FramingError) -> _I:
        return self._BAD_STREAM if fault.fatal else self._BAD_PACKET

    def _accept(self) -> None:
        """Count a whole accepted packet: a sign of life."""
        self._accepted += 1
        self._last_accepted = self._now

    def _write(self, packet_type: PacketType, sequence: int, data: bytes = b"") -> bytes:
        packet = encode_packet(sequence, packet_type, data)
        self._outbox.append(packet)
        return packet

    def _drop(self, cause: Cause, _why: Enum | None = None, *, detail: str = "") -> None:
        if isinstance(cause, Packet):
            self._report_drop(cause, Fault.UNEXPECTED_PACKET, detail)
        elif isinstance(cause, FramingError):
            self._events.append(PacketDropped(cause.fault, cause.packet_type, cause.sequence, str(cause)))

    def _report_drop(self, packet: Packet, fault: Fault, detail: str = "") -> None:
        self._events.append(PacketDropped(fault, packet.type, packet.sequence, detail or fault.value))

    def _decode(self, data: bytes) -> Message:
        """Return a packet's message. Raises `RemoteProtocolError` for one that this connection does not carry."""
        message = Message.decode(data, self._tolerances)
        if message.start not in self._starts:
            raise RemoteProtocolError(
                Fault.BAD_START_CHARACTER,
                f"a message that begins with 0x{message.start:02X} in a packet for {self._protocol.name} messages",
                0,
            )
        return message

    def _encode(self, message: Message) -> bytes:
        """Return a message's bytes. Raises `LocalProtocolError` when it does not fit this connection."""
        if message.start not in self._starts:
            raise LocalProtocolError(
                f"this connection carries {self._protocol.name} messages, "
                f"not ones that begin with 0x{message.start:02X}"
            )
        return message.encode()

    @abstractmethod
    def _bind_actions(self) -> Mapping[_A, Callable[[Cause, Enum | None], None]]:
        """Return what to call for each action of the table."""

    @abstractmethod
    def _classify(self, packet: Packet) -> _I:
        """Return what a packet means here and now."""

    @abstractmethod
    def _next_due(self) -> float | None:
        """Return when the first of the machine's own timers is due."""

    @abstractmethod
    def _expire(self, now: float) -> None:
        """Do what the machine's own timers ask for."""

"""The secure link of both ends: packets 1 to 7, framing, encryption, sequence numbers (20P00 §PROTOCOL RULES).

Rules.

1. Packets are acted on one at a time: the next packet is not touched before the connection asks for the
   next input.
2. Receiving never raises. What came before a fault is reported before it; a closed link ignores every input.
3. Time is what the caller passes in. Timers count accepted packets, never bytes; only the timer for an
   incomplete packet knows about pieces, and it runs from the piece that the packet began in.

What brings an input about decides which actions can follow: a packet, a fault, or neither (the owner, a timer, the
transport). Each kind has a table of actions of its own, ``_packet_actions``, ``_fault_actions`` and
``_lone_actions``; a test holds the transition tables to them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from enum import Enum, IntEnum
from typing import Generic, TypeAlias, TypeVar

from omnilink_sansio.errors import Fault, LocalProtocolError, RemoteProtocolError
from omnilink_sansio.messages.dialect import Dialect
from omnilink_sansio.session.events import PacketDropped
from omnilink_sansio.session.link import Arrived, Damaged, Opened
from omnilink_sansio.session.observer import Observer, PacketReceived, PacketSent, StateChanged
from omnilink_sansio.session.sequence import UNSOLICITED
from omnilink_sansio.session.states import LinkState, Transition, TransitionTable
from omnilink_sansio.wire.cipher import SessionCipher
from omnilink_sansio.wire.framing import DatagramFramer, Framing, FramingError, StreamFramer
from omnilink_sansio.wire.message import Message
from omnilink_sansio.wire.packet import Packet, PacketType, encode_packet
from omnilink_sansio.wire.tolerance import Tolerance

__all__ = ["Found", "SecureLink"]

_I = TypeVar("_I", bound=IntEnum)
_A = TypeVar("_A", bound=Enum)
_R = TypeVar("_R", bound=Enum)
_E = TypeVar("_E")

_CLOSED = LinkState.CLOSED
_ONLINE = LinkState.ONLINE

Found: TypeAlias = Opened | Arrived | Damaged | PacketDropped | None
"""What a packet can come to; None where there is nothing to report."""


class SecureLink(ABC, Generic[_I, _A, _R, _E]):
    """One end of a secure link. ``_E`` is what it reports at the end of a session, for a reason ``_R``."""

    __slots__ = (
        "_cipher",
        "_dialect",
        "_end_of_stream",
        "_framer",
        "_framing",
        "_incomplete_packet_timeout",
        "_message_packet",
        "_now",
        "_observer",
        "_outbox",
        "_packet_since",
        "_piece_at",
        "_row",
        "_rows",
        "_starts",
        "_state",
        "_tolerances",
    )

    _END_OF_STREAM: _I
    _BAD_STREAM: _I
    _BAD_PACKET: _I
    _MESSAGE: _I

    # The class's, not the instance's: functions that take the link first, one table for all links.
    _packet_actions: Mapping[_A, Callable[..., Found]]
    """What is done for the actions that a packet brings about, given the packet and the row's fault."""
    _fault_actions: Mapping[_A, Callable[..., PacketDropped | None]]
    """What is done for the actions that a fault brings about, given the fault."""
    _lone_actions: Mapping[_A, Callable[..., None]]
    """What is done for the actions that the owner, a timer or the transport brings about."""

    has_tags = True
    """Replies have the sequence number of their request."""

    def __init__(
        self,
        table: TransitionTable[LinkState, _I, _A, _R],
        framing: Framing,
        dialect: Dialect,
        tolerances: frozenset[Tolerance],
        incomplete_packet_timeout: float,
        observer: Observer | None,
    ) -> None:
        if not isinstance(framing, Framing):
            raise LocalProtocolError(f"framing is Framing.STREAM or Framing.DATAGRAM, not {framing!r}")
        self._rows = table.by_state(framing)
        self._framing = framing
        self._dialect = dialect
        self._message_packet = dialect.packet_type
        self._starts = dialect.starts
        self._tolerances = tolerances
        self._incomplete_packet_timeout = incomplete_packet_timeout
        self._observer = observer
        self._framer = StreamFramer(tolerances) if framing is Framing.STREAM else DatagramFramer()
        self._cipher: SessionCipher | None = None
        self._outbox: list[bytes] = []
        self._end_of_stream = False
        self._now = 0.0
        self._piece_at = 0.0
        self._packet_since: float | None = None
        self._state = LinkState.IDLE
        self._row = self._rows[LinkState.IDLE]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._state.value}, {self._framing.value}>"

    @property
    def state(self) -> LinkState:
        """Where the link stands; final once it is CLOSED."""
        return self._state

    @property
    def framing(self) -> Framing:
        """How its packets travel."""
        return self._framing

    @property
    def is_closed(self) -> bool:
        """Whether it is over for good."""
        return self._state is _CLOSED

    def feed(self, data: bytes, now: float) -> None:
        """Take any piece of the stream, or exactly one datagram. Never raises."""
        if self._state is not _CLOSED:
            self._now = self._piece_at = now
            self._framer.feed(data)

    def feed_eof(self, now: float) -> None:
        """Note that the peer closed its stream, or that the transport failed. Never raises."""
        if self._state is not _CLOSED:
            self._now = now
            self._end_of_stream = True

    def next_input(self) -> Found | _E:
        """Return the next thing that came in, or None when there is nothing more until the next piece."""
        while self._state is not _CLOSED:
            try:
                packet = self._framer.next_packet(self._cipher)
            except FramingError as fault:
                self._packet_since = None
                found = self._take_fault(self._classify_fault(fault), fault)
            else:
                if packet is None:
                    if not self._end_of_stream:
                        if self._packet_since is None and self._framer.pending:
                            self._packet_since = self._piece_at
                        return None
                    found = self._take(self._END_OF_STREAM)
                    self._end_of_stream = False
                else:
                    self._packet_since = None
                    if self._observer is not None:
                        self._observe_packet(packet)
                    # Every packet passes here, so what the other kinds of inputs do in a call is written out.
                    # Nearly all are messages in a session, which need no closer look.
                    is_message = self._state is _ONLINE and packet.type == self._message_packet
                    item = self._MESSAGE if is_message else self._classify(packet)
                    transition = self._row[item]
                    if transition.next_state is not self._state:
                        self._enter(item, transition.next_state)
                    ended = None if transition.reason is None else self._ended(transition.reason, None)
                    action = transition.action
                    found = (
                        None
                        if action is None
                        else self._packet_actions[action](self, packet, transition.fault)
                    )
                    if found is None:
                        found = ended
            if found is not None:
                return found
        return None

    def data_to_send(self) -> list[bytes]:
        """Return what is to be written, each item one whole packet: one write, one datagram."""
        outbox, self._outbox = self._outbox, []
        return outbox

    def encode(self, message: Message) -> bytes:
        """Return a message's bytes. Raises `LocalProtocolError` when it does not fit this link."""
        if message.start not in self._starts:
            raise LocalProtocolError(
                f"this connection carries {self._dialect.version.name} messages, "
                f"not ones that begin with 0x{message.start:02X}"
            )
        return message.encode()

    def reject(self, tag: int | None, fault: Fault) -> PacketDropped:
        """Return the report of a message that came in and that the connection could not use."""
        return self._dropped(PacketDropped(fault, self._message_packet, tag or UNSOLICITED, fault.value))

    def next_due(self) -> float | None:
        """Return when `expire` is due, or None."""
        if self._state is _CLOSED:
            return None
        due = self._own_due()
        if self._packet_since is None:
            return due
        incomplete = self._packet_since + self._incomplete_packet_timeout
        return incomplete if due is None or incomplete < due else due

    def expire(self, now: float) -> Found | _E:
        """Do what is due by now; return what comes of it."""
        if self._state is _CLOSED:
            return None
        self._now = now
        if self._packet_since is not None and now >= self._packet_since + self._incomplete_packet_timeout:
            fault = RemoteProtocolError(
                Fault.INCOMPLETE_PACKET,
                f"a packet was still incomplete {self._incomplete_packet_timeout:g} s after it began",
            )
            return self._take_fault(self._BAD_STREAM, fault)
        return self._own_expire(now)

    # Through the table.

    def _observe_packet(self, packet: Packet) -> None:
        assert self._observer is not None
        self._observer(PacketReceived(self._now, packet.type, packet.sequence, len(packet.data)))

    def _look_up(self, item: _I) -> Transition[LinkState, _A, _R]:
        """Look an input up, and go to the next state."""
        transition = self._row[item]
        if transition.next_state is not self._state:
            self._enter(item, transition.next_state)
        return transition

    def _enter(self, item: _I, state: LinkState) -> None:
        """Go to another state."""
        if self._observer is not None:
            self._observer(StateChanged(self._now, self._state, state, item))
        self._state = state
        self._row = self._rows[state]

    def _take_fault(self, item: _I, fault: RemoteProtocolError) -> Found | _E:
        transition = self._look_up(item)
        ended = None if transition.reason is None else self._ended(transition.reason, fault)
        if transition.action is None:
            return ended
        return self._fault_actions[transition.action](self, fault) or ended

    def _take(self, item: _I) -> _E | None:
        """Take an input that neither a packet nor a fault brings about."""
        transition = self._look_up(item)
        ended = None if transition.reason is None else self._ended(transition.reason, None)
        if transition.action is not None:
            self._lone_actions[transition.action](self)
        return ended

    def _classify_fault(self, fault: FramingError) -> _I:
        return self._BAD_STREAM if fault.fatal else self._BAD_PACKET

    # What both ends do.

    def _write(self, packet_type: PacketType, sequence: int, data: bytes = b"") -> bytes:
        packet = encode_packet(sequence, packet_type, data)
        self._outbox.append(packet)
        if self._observer is not None:
            self._observer(PacketSent(self._now, packet_type, sequence, len(data)))
        return packet

    def _write_again(self, packet: bytes) -> None:
        self._outbox.append(packet)
        if self._observer is not None:
            again = Packet.decode(packet)
            self._observer(PacketSent(self._now, again.type, again.sequence, len(again.data), is_repeat=True))

    def _drop(self, packet: Packet, fault: Fault, detail: str = "") -> PacketDropped:
        return self._dropped(PacketDropped(fault, packet.type, packet.sequence, detail or fault.value))

    def _drop_fault(self, fault: RemoteProtocolError) -> PacketDropped:
        header = (fault.packet_type, fault.sequence) if isinstance(fault, FramingError) else (None, None)
        return self._dropped(PacketDropped(fault.fault, *header, str(fault)))

    def _dropped(self, dropped: PacketDropped) -> PacketDropped:
        if self._observer is not None:
            self._observer(dropped)
        return dropped

    def _not_carried(self, message: Message) -> RemoteProtocolError:
        """Return the fault of a message whose start character is none of this link's."""
        return RemoteProtocolError(
            Fault.BAD_START_CHARACTER,
            f"a message that begins with 0x{message.start:02X} in a packet for "
            f"{self._dialect.version.name} messages",
            0,
        )

    @abstractmethod
    def _classify(self, packet: Packet) -> _I:
        """Return what a packet means here and now. In a session a message is not asked about."""

    @abstractmethod
    def _ended(self, reason: _R, fault: RemoteProtocolError | None) -> _E | None:
        """Return what to report of a session's end, which has just come about."""

    @abstractmethod
    def _own_due(self) -> float | None:
        """Return when the first of the link's own timers is due."""

    @abstractmethod
    def _own_expire(self, now: float) -> _E | None:
        """Do what the link's own timers ask for."""

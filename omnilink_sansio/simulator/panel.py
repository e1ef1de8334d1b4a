"""An emulated panel: sessions on one side, a house on the other, the pushes between them, and what goes wrong."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from omnilink_sansio.errors import RemoteProtocolError
from omnilink_sansio.messages.acknowledgements import Ack, Nak
from omnilink_sansio.messages.event_log import EventLogType
from omnilink_sansio.messages.events import SystemEvent
from omnilink_sansio.messages.notifications import Notification, OtherEventNotifications, parse_notification
from omnilink_sansio.messages.objects.object_type import OBJECT_TYPES, ObjectType
from omnilink_sansio.messages.parse import parse_message
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.record import Record
from omnilink_sansio.messages.system import EnableNotifications
from omnilink_sansio.session.events import ControllerSessionEnded, RequestReceived, SessionStarted
from omnilink_sansio.session.server import ControllerServer, PeerEvent
from omnilink_sansio.session.settings import ControllerSettings
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.simulator.behaviour.apply_stimuli import apply
from omnilink_sansio.simulator.behaviour.passing_time import pass_time
from omnilink_sansio.simulator.faults.fault_plan import FaultKind, FaultPlan, FaultSchedule
from omnilink_sansio.simulator.faults.faulty_line import FaultyLine
from omnilink_sansio.simulator.house import House, StatusChange
from omnilink_sansio.simulator.pacer import Pacer
from omnilink_sansio.simulator.quirks import Quirk, apply_quirks
from omnilink_sansio.simulator.read_handlers import READ_HANDLERS, check_house, status_message
from omnilink_sansio.simulator.stimuli import Stimulus
from omnilink_sansio.simulator.write_handlers import WRITE_HANDLERS
from omnilink_sansio.wire.framing import Framing
from omnilink_sansio.wire.message import Message

__all__ = ["EmulatedPanel"]

_P = TypeVar("_P", bound=Hashable)
_T = TypeVar("_T")


class EmulatedPanel(Generic[_P]):
    """A panel without I/O, for any number of clients, each named by its ``peer`` (any hashable value).

    ``session_ids`` gives 5 random bytes for each session. ``framing`` None serves streams and datagrams at once,
    as `ControllerServer` does. ``observe`` is called with every event of every peer, in order, before the panel
    acts on it; ``observe_replies`` with the peer, its request and the reply to it (None: it gets none) before that
    is sent; ``observe_changes`` with every notification of its house, whether or not a client has enabled them.
    ``faults`` is what goes wrong on purpose; ``notification_gap`` the seconds that lie at least around each
    notification to a client, for clients that take what comes at once for one packet.

    After each input write what `data_to_send` returns, close the streams whose `state` is CLOSED and wait for
    `next_timeout`; events need not be pulled. Raises `LocalProtocolError` for a house with a number, name or value
    that no message can carry, and for a gap that is none.
    """

    def __init__(
        self,
        controller_key: bytes,
        house: House,
        session_ids: Callable[[], bytes],
        *,
        framing: Framing | None = Framing.STREAM,
        settings: ControllerSettings | None = None,
        observe: Callable[[PeerEvent[_P]], None] | None = None,
        observe_replies: Callable[[_P, Message, Message | None], None] | None = None,
        observe_changes: Callable[[Notification], None] | None = None,
        faults: FaultPlan | None = None,
        notification_gap: float = 0.0,
    ) -> None:
        # Found now, since later it would come up in the middle of a session.
        check_house(house)
        self.house = house
        self.framing = framing
        self._faults = FaultSchedule(faults or FaultPlan())
        self._server: ControllerServer[_P] = ControllerServer(
            controller_key,
            session_ids,
            framing=framing,
            settings=settings,
            may_start=self._may_start,
            recognises=self._recognises,
        )
        self._line = FaultyLine(self._server, controller_key, self._faults)
        self._pacer: Pacer[_P] = Pacer(notification_gap)
        self._now = 0.0
        self._observe = observe
        self._observe_replies = observe_replies
        self._observe_changes = observe_changes
        self._notified: dict[_P, None] = {}

    @property
    def session_count(self) -> int:
        """How many clients are online."""
        return self._server.session_count

    def state(self, peer: _P) -> ConnectionState:
        """Return where a peer's connection stands; CLOSED for one that is not known.

        CLOSING: it is over, but something to be sent to this peer is still held back.
        """
        state = self._server.state(peer)
        if state is ConnectionState.CLOSED and self._line.holds(peer):
            return ConnectionState.CLOSING
        return state

    def accept(self, peer: _P, now: float) -> None:
        """Take a new stream. Raises `LocalProtocolError` for a peer that is there already, or on datagrams."""
        self._server.accept(peer, now)
        self._faults.begin(now)

    def receive_data(self, peer: _P, data: bytes, now: float) -> None:
        """Take a piece of the peer's stream, or one datagram from it, and act on it. Never raises."""
        self._advance(now)
        self._line.arrive(peer, data, now)
        self._settle(now)

    def receive_eof(self, peer: _P, now: float) -> None:
        """Note that the peer closed its stream, or that its transport is gone. Never raises."""
        self._advance(now)
        self._line.arrive(peer, None, now)
        self._settle(now)

    def data_to_send(self) -> list[tuple[_P, bytes]]:
        """Return what is to be written to which peer, each item one write, one datagram, and one whole packet.

        Only faults write less or more than a packet at once.
        """
        return self._line.data_to_send()

    def next_timeout(self) -> float | None:
        """Return when `handle_timeout` is due, on the caller's clock, or None."""
        due = (
            self.house.next_timer(),
            self._server.next_timeout(),
            self._line.next_timeout(),
            self._pacer.next_timeout(),
            self._faults.next_act(),
        )
        return min([moment for moment in due if moment is not None], default=None)

    def handle_timeout(self, now: float) -> None:
        """Let time go on: timers of the house and of the sessions, faults, and what they held back."""
        self._advance(now)
        self._server.handle_timeout(now)
        self._settle(now)

    def close(self, now: float) -> None:
        """End all sessions (packet 6) and connections; what faults held back goes out before."""
        self._pacer.let_go(now)
        self._line.leave(now)
        self._line.let_go()
        self._server.close(now)
        self._settle(now)
        self._line.let_go()

    def terminate(self, peer: _P, now: float) -> None:
        """End a peer's session with packet 6, and its stream; does nothing when it has none."""
        self._advance(now)
        self._server.terminate(peer, now)
        self._settle(now)

    def reboot(self, now: float) -> None:
        """Lose all sessions silently; the house stays as it is, and its log has a line more.

        Notifications are off afterwards, streams are CLOSED (close them), and what comes on in an
        old session on datagrams is answered with packet 6, as from any peer without one.
        """
        self._advance(now)
        self._restart(now)
        self._settle(now)

    def push(self, changes: Iterable[StatusChange], now: float) -> None:
        """Notify the clients that enabled notifications of changes made to the house directly."""
        self.house.note(*changes)
        self._advance(now)
        self._settle(now)

    def happen(self, stimulus: Stimulus, now: float) -> None:
        """Have something happen in the house, and notify the clients that enabled notifications.

        Raises `LocalProtocolError` for what cannot happen in this house.
        """
        self._advance(now)
        try:
            apply(self.house, stimulus)
        finally:
            self._settle(now)

    # Time, and what it brings.

    def _advance(self, now: float) -> None:
        """Bring the house and the faults up to the time of an input, before it counts."""
        self._now = now
        self._faults.begin(now)
        pass_time(self.house, now)
        self._push_changes(now)
        self._pacer.catch_up(now)
        while (kind := self._faults.take_act(now)) is not None:
            _ACTS[kind](self, now)
            self._settle(now)

    def _restart(self, _now: float) -> None:
        self._server.forget_all()
        self._line.lose_leaving()
        self._notified.clear()
        self._pacer.clear()
        self.house.write_log(EventLogType.SYSTEM_RESET)

    def _terminate_all(self, now: float) -> None:
        for peer in self._server.peers:
            self._server.terminate(peer, now)

    def _may_start(self) -> bool:
        return self._faults.strike(FaultKind.REFUSE, self._now) is None

    def _recognises(self) -> bool:
        return self._faults.strike(FaultKind.NO_REPEATS, self._now) is None

    # What comes in.

    def _settle(self, now: float) -> None:
        """Act on all that has come to the panel by now, notify what changed, and send what is due."""
        self._act(now)
        while (arrived := self._line.take_arrived(now)) is not None:
            peer, data = arrived
            if data is None:
                self._server.receive_eof(peer, now)
            else:
                self._server.receive_data(peer, data, now)
            self._act(now)

    def _act(self, now: float) -> None:
        while (item := self._server.next_event()) is not None:
            if self._observe is not None:
                self._observe(item)
            peer, event = item
            match event:
                case RequestReceived():
                    self._take_request(peer, event, now)
                case SessionStarted() | ControllerSessionEnded():
                    # Whether the setting outlives a session is not printed; real clients send it each time.
                    self._notified.pop(peer, None)
                    self._pacer.forget(peer)
        self._push_changes(now)
        self._line.leave(now)

    def _take_request(self, peer: _P, event: RequestReceived, now: float) -> None:
        struck = [kind for kind in _ACTS if self._faults.strike(kind, now) is not None]
        for kind in struck:
            _ACTS[kind](self, now)
        if not struck:
            self._answer(peer, event, now)

    def _answer(self, peer: _P, event: RequestReceived, now: float) -> None:
        reply = self._reply_to(peer, event.message)
        if self._observe_replies is not None:
            self._observe_replies(peer, event.message, reply)
        if reply is None:
            return
        self._pacer.reply(
            peer, now, partial(self._server.reply, peer, event, apply_quirks(reply, self.house.quirks))
        )
        # After the reply: clients know what came of their command before they see what it changed.
        self._push_changes(now)

    def _reply_to(self, peer: _P, message: Message) -> Message | None:
        try:
            request = parse_message(message)
        except RemoteProtocolError:
            return Nak().to_message()
        return self._reply(peer, request)

    def _reply(self, peer: _P, request: Payload) -> Message | None:
        if isinstance(request, EnableNotifications) and request.enabled <= 1:
            if request.enabled:
                self._notified[peer] = None
            else:
                self._notified.pop(peer, None)
                self._pacer.forget_notifications(peer)
            return Ack().to_message()
        if not isinstance(request, Record) or type(request) not in _HANDLERS:
            return Nak().to_message()
        return _HANDLERS[type(request)](self.house, request)

    def _push_changes(self, now: float) -> None:
        for message in self._notifications(self.house.take_changes()):
            if self._observe_changes is not None:
                for notification in parse_notification(message, self.house.model.family):
                    self._observe_changes(notification)
            odd = apply_quirks(message, self.house.quirks)
            for peer in self._notified:
                self._pacer.notify(peer, now, partial(self._notify, peer, odd))

    def _notify(self, peer: _P, message: Message, now: float) -> None:
        if self._server.state(peer) is ConnectionState.ONLINE:
            self._server.notify(peer, message, now)

    def _notifications(self, changes: list[StatusChange]) -> list[Message]:
        messages: list[Message] = []
        # What happened in a row to one kind of object goes in one message, and all in its order.
        for kind, row in groupby(changes, _kind_of):
            if kind is None:
                words = [change for change in row if isinstance(change, SystemEvent)]
                messages += map(_event_message, _batched(words, _EVENTS_AT_ONCE))
            elif OBJECT_TYPES[kind].notified:
                numbers = [change[1] for change in row if not isinstance(change, SystemEvent)]
                messages += self._states(kind, numbers)
        return messages

    def _states(self, kind: ObjectType, numbers: list[int]) -> Iterator[Message]:
        # As real panels do: the extended form from firmware 3.0 on, the plain one before.
        extended = self.house.has_extended_status
        if self.house.has(Quirk.PUSHES_STATUS):
            extended = False
        elif self.house.has(Quirk.PUSHES_EXTENDED_STATUS):
            extended = True
        for piece in _batched(numbers, _PUSHED_AT_ONCE):
            message = status_message(self.house, kind, piece, extended=extended)
            if message is not None:
                yield message


def _kind_of(change: StatusChange) -> ObjectType | None:
    return None if isinstance(change, SystemEvent) else change[0]


def _event_message(events: list[SystemEvent]) -> Message:
    return OtherEventNotifications(tuple(events)).to_message()


def _batched(items: list[_T], most: int) -> Iterator[list[_T]]:
    """Cut a list into lists of at most ``most`` items."""
    for start in range(0, len(items), most):
        yield items[start : start + most]


_PUSHED_AT_ONCE = 14
"""Records in one pushed message: that many extended thermostats, the longest, fit well."""

_EVENTS_AT_ONCE = 100
"""Event words in one message: as long as the longest status that real panels are known to send."""

_ACTS: Mapping[FaultKind, Callable[[EmulatedPanel[Any], float], None]] = MappingProxyType(
    {
        FaultKind.TERMINATE: EmulatedPanel._terminate_all,  # noqa: SLF001  # the class's own
        FaultKind.REBOOT: EmulatedPanel._restart,  # noqa: SLF001
    }
)
"""The faults that are acts of the panel, at their time or when a request brings them about."""

_HANDLERS: Mapping[type[Record], Callable[[House, Record], Message | None]] = MappingProxyType(
    {**READ_HANDLERS, **WRITE_HANDLERS}
)

"""Two machines joined by a simulated link: no sockets, no clock, and the same again from the same seed."""

import random
from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import Generic, Protocol, TypeAlias, TypeVar

from omnilink_sansio.session.events import ClientEvent, ControllerEvent
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.wire.framing import Framing

__all__ = ["Cut", "Fate", "LinkEnd", "VirtualLink", "random_cuts", "unreliable"]

_E = TypeVar("_E")
_E_co = TypeVar("_E_co", covariant=True)

Cut: TypeAlias = Callable[[bytes], Iterable[bytes]]
"""Cuts what was written to a stream into the pieces that the other end reads."""
Fate: TypeAlias = Callable[[bytes], Sequence[float]]
"""What becomes of a datagram: after how many seconds each of its copies arrives; none is a loss."""


class LinkEnd(Protocol[_E_co]):
    """What a link needs of each end: any `Connection` has it."""

    @property
    def state(self) -> ConnectionState:
        """Where the connection stands."""
        raise NotImplementedError

    @property
    def framing(self) -> Framing:
        """How its packets travel."""
        raise NotImplementedError

    def receive_data(self, data: bytes, now: float) -> None:
        """Take a piece of the stream, or one datagram."""

    def receive_eof(self, now: float) -> None:
        """Note that the peer closed its stream."""

    def next_event(self) -> _E_co | None:
        """Return the next thing that happened."""

    def data_to_send(self) -> list[bytes]:
        """Return what is to be written."""
        raise NotImplementedError

    def next_timeout(self) -> float | None:
        """Return when `handle_timeout` is due."""

    def handle_timeout(self, now: float) -> None:
        """Do what is due."""


def random_cuts(seed: int, longest: int = 40) -> Cut:
    """Return a cut into pieces of random length: some of one byte, some of several packets."""
    source = random.Random(seed)

    def cut(data: bytes) -> Iterable[bytes]:
        start = 0
        while start < len(data):
            end = start + source.randint(1, longest)
            yield data[start:end]
            start = end

    return cut


def unreliable(
    seed: int, *, lost: float = 0.1, repeated: float = 0.1, delayed: float = 0.1, longest_delay: float = 1.0
) -> Fate:
    """Return a fate that loses, repeats and delays (and so reorders) datagrams with these probabilities."""
    source = random.Random(seed)

    def delay() -> float:
        return source.uniform(0.0, longest_delay) if source.random() < delayed else 0.0

    def fate(_packet: bytes) -> Sequence[float]:
        if source.random() < lost:
            return ()
        return (delay(), delay()) if source.random() < repeated else (delay(),)

    return fate


def _earlier(one: float | None, other: float | None) -> float | None:
    if one is None or (other is not None and other < one):
        return other
    return one


class _Side(Generic[_E]):
    """One end, its owner, and what is on the way to it."""

    def __init__(self, end: LinkEnd[_E], owner: Callable[[_E, float], None] | None) -> None:
        self.end = end
        self._owner = owner
        self.events: list[_E] = []
        self.sent: list[bytes] = []
        self.arriving: list[tuple[float, int, bytes | None]] = []
        self.hung_up = False

    def pull(self, now: float) -> list[bytes]:
        """Do what every owner does: events until None, answering as they come; then what is to be written."""
        while (event := self.end.next_event()) is not None:
            self.events.append(event)
            if self._owner is not None:
                self._owner(event, now)
        packets = self.end.data_to_send()
        self.sent += packets
        return packets

    def next_moment(self) -> float | None:
        """Return when something is due at this end."""
        return _earlier(self.end.next_timeout(), self.arriving[0][0] if self.arriving else None)


_AnySide: TypeAlias = _Side[ClientEvent] | _Side[ControllerEvent]


class VirtualLink:
    """Joins a client's end and a controller's in virtual time.

    The owners are called with each event of their end and the time, and may answer, send or close. ``cut``
    says how streams are cut; ``fate`` what becomes of each datagram. A stream is hung up once its end is
    CLOSED. After calls of your own to one of the ends, call `run_until_quiet`. Raises `AssertionError` for an
    end that, given the time, leaves a deadline overdue.
    """

    def __init__(
        self,
        client: LinkEnd[ClientEvent],
        controller: LinkEnd[ControllerEvent],
        *,
        client_owner: Callable[[ClientEvent, float], None] | None = None,
        controller_owner: Callable[[ControllerEvent, float], None] | None = None,
        cut: Cut = lambda data: (data,),
        fate: Fate = lambda _packet: (0.0,),
        now: float = 0.0,
    ) -> None:
        self.now = now
        self._client = _Side(client, client_owner)
        self._controller = _Side(controller, controller_owner)
        self._cut = cut
        self._fate = fate
        self._order = count()

    @property
    def client_events(self) -> list[ClientEvent]:
        """Everything that the client's end has reported."""
        return self._client.events

    @property
    def controller_events(self) -> list[ControllerEvent]:
        """Everything that the controller's end has reported."""
        return self._controller.events

    @property
    def client_sent(self) -> list[bytes]:
        """Every packet that the client's end has written, lost ones too."""
        return self._client.sent

    @property
    def controller_sent(self) -> list[bytes]:
        """Every packet that the controller's end has written, lost ones too."""
        return self._controller.sent

    def run_until_quiet(self) -> None:
        """Carry packets to and fro until nothing more arrives now. No time passes."""
        self._serve(self._client, self._controller)
        self._serve(self._controller, self._client)
        while self._deliver(self._controller, self._client) or self._deliver(self._client, self._controller):
            pass

    def step(self, until: float | None = None) -> bool:
        """Go to the next moment when something is due, at most ``until``; return whether there was one."""
        self.run_until_quiet()
        moment = _earlier(self._client.next_moment(), self._controller.next_moment())
        if moment is None or (until is not None and moment > until):
            return False
        self.now = max(self.now, moment)
        self._wake_up(self._client, self._controller)
        self._wake_up(self._controller, self._client)
        self.run_until_quiet()
        return True

    def advance(self, seconds: float) -> None:
        """Let this much time pass, doing everything that falls due on the way."""
        until = self.now + seconds
        while self.step(until):
            pass
        self.now = until

    def _deliver(self, to: _AnySide, back: _AnySide) -> bool:
        """Hand over the first thing that has arrived, and serve the end that got it."""
        if not to.arriving or to.arriving[0][0] > self.now:
            return False
        _, _, data = heappop(to.arriving)
        if data is None:
            to.end.receive_eof(self.now)
        else:
            to.end.receive_data(data, self.now)
        self._serve(to, back)
        return True

    def _wake_up(self, side: _AnySide, peer: _AnySide) -> None:
        """Have an end do what is due; what it leaves overdue is a fault of its own."""
        due = side.end.next_timeout()
        if due is not None and due <= self.now:
            side.end.handle_timeout(self.now)
            self._serve(side, peer)
            due = side.end.next_timeout()
            if due is not None and due <= self.now:
                raise AssertionError(f"{side.end!r} left {due} overdue at {self.now}")

    def _serve(self, side: _AnySide, peer: _AnySide) -> None:
        packets = side.pull(self.now)
        if side.end.framing is Framing.DATAGRAM:
            for packet in packets:
                for delay in self._fate(packet):
                    self._send(peer, packet, delay)
            return
        for piece in self._cut(b"".join(packets)):
            if piece:
                self._send(peer, piece)
        if side.end.state is ConnectionState.CLOSED and not side.hung_up:
            side.hung_up = True
            self._send(peer, None)

    def _send(self, to: _AnySide, data: bytes | None, delay: float = 0.0) -> None:
        heappush(to.arriving, (self.now + delay, next(self._order), data))

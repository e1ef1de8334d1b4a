"""The way between an emulated panel and its clients: what is lost, held back or spoilt on it, by plan."""

from bisect import insort
from collections import deque
from collections.abc import Hashable
from itertools import count
from math import inf
from typing import Generic, NamedTuple, TypeVar

from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.session.server import ControllerServer
from omnilink_sansio.simulator.faults.fault_plan import FaultKind, FaultSchedule
from omnilink_sansio.simulator.faults.spoilt_packets import (
    CAN_HAPPEN,
    EFFECTS,
    SEALED_ANEW,
    WITH_NEXT,
    Passing,
    Piece,
)
from omnilink_sansio.wire.cipher import SESSION_ID_SIZE, SessionCipher, derive_session_key
from omnilink_sansio.wire.packet import Direction, PacketType

__all__ = ["MOST_HELD", "FaultyLine"]

_P = TypeVar("_P", bound=Hashable)

MOST_HELD = 1024
"""Packets held back in each direction: a bound for memory; further ones are lost."""


class _Held(NamedTuple, Generic[_P]):
    """Something on its way; ``data`` None is the end of a stream."""

    due: float
    order: int
    peer: _P
    data: bytes | None


class _Way(Generic[_P]):
    """One direction: what is on its way, in the order in which it will be there."""

    def __init__(self) -> None:
        self._order = count()
        self._held: list[_Held[_P]] = []
        self._last: dict[_P, float] = {}
        self._waiting: dict[_P, tuple[FaultKind, _Held[_P]]] = {}

    def put(self, peer: _P, data: bytes | None, start: float, wait: float = 0.0, *, ordered: bool) -> None:
        """Have something pass so much later than its start; ``ordered``: and all that follows after it."""
        due = self._due(peer, start, wait, ordered=ordered)
        if ordered:
            self._last[peer] = due
        self._hold(peer, data, due)

    def put_until_next(
        self, peer: _P, data: bytes, start: float, wait: float, kind: FaultKind, *, ordered: bool
    ) -> None:
        """Hold something back until the peer's next packet, or until so much later than its start."""
        held = self._hold(peer, data, self._due(peer, start, wait, ordered=ordered))
        if held is not None:
            self._waiting[peer] = kind, held

    def _due(self, peer: _P, start: float, wait: float, *, ordered: bool) -> float:
        # A datagram that a fault delays is overtaken; on a stream nothing is.
        return max(start + wait, self._last.get(peer, start)) if ordered else start + wait

    def take_waiting(self, peer: _P) -> tuple[FaultKind, bytes] | None:
        """Return what waited for the peer's next packet, and why."""
        if peer not in self._waiting:
            return None
        kind, held = self._waiting.pop(peer)
        self._held.remove(held)
        assert held.data is not None
        return kind, held.data

    def _hold(self, peer: _P, data: bytes | None, due: float) -> _Held[_P] | None:
        # The end of a stream is never lost: its connection would stay.
        if data is not None and len(self._held) >= MOST_HELD:
            return None
        held = _Held(due, next(self._order), peer, data)
        insort(self._held, held, key=lambda item: item[:2])
        return held

    def take(self, now: float) -> tuple[_P, bytes | None] | None:
        """Return the next thing that has passed by now, or None."""
        if not self._held or self._held[0].due > now:
            return None
        _, _, peer, data = held = self._held.pop(0)
        if self._waiting.get(peer, (None, None))[1] is held:
            del self._waiting[peer]
        return peer, data

    def next_due(self) -> float | None:
        """Return when the next thing passes, or None."""
        return self._held[0].due if self._held else None

    def holds(self, peer: _P) -> bool:
        """Whether something for this peer is on its way."""
        return any(held.peer == peer for held in self._held)

    def forget_times(self, now: float) -> None:
        """Forget when packets passed that make nothing wait any more."""
        if self._last:
            self._last = {peer: last for peer, last in self._last.items() if last > now}

    def forget(self, peer: _P) -> None:
        """Forget a peer and all that is on its way to or from it."""
        self._held = [held for held in self._held if held.peer != peer]
        self._last.pop(peer, None)
        self._waiting.pop(peer, None)

    def clear(self) -> None:
        """Forget all."""
        self._held.clear()
        self._last.clear()
        self._waiting.clear()


class FaultyLine(Generic[_P]):
    """All that passes between a panel's ``server`` and its clients, in the order and at the times of the plan.

    With no plan all passes at once.
    """

    def __init__(
        self,
        server: ControllerServer[_P],
        controller_key: bytes,
        schedule: FaultSchedule,
    ) -> None:
        self._server = server
        self._controller_key = ControllerKey(controller_key)
        self._schedule = schedule
        self._opens = any(map(schedule.has, SEALED_ANEW))
        self._ciphers: dict[_P, SessionCipher] = {}
        self._arriving: _Way[_P] = _Way()
        self._leaving: _Way[_P] = _Way()
        self._is_plain = schedule.is_empty
        self._silent_until = -inf
        self._arrived: deque[tuple[_P, bytes | None]] = deque()
        self._left: list[tuple[_P, bytes]] = []

    # From the world to the panel.

    def arrive(self, peer: _P, data: bytes | None, now: float) -> None:
        """Take what a client sent, or the end of its stream (None); `take_arrived` returns it when it is there."""
        if self._is_plain:
            self._arrived.append((peer, data))
        elif data is None:
            self._end_stream(peer, now)
        else:
            passing = Passing(data, self._server.is_stream(peer))
            self._pass(self._arriving, Direction.TO_CONTROLLER, peer, passing, now)

    def _end_stream(self, peer: _P, now: float) -> None:
        waiting = self._arriving.take_waiting(peer)
        if waiting is not None:
            self._arriving.put(peer, waiting[1], now, ordered=True)
        self._arriving.put(peer, None, now, ordered=True)
        # There is no peer any more to read it.
        self._leaving.forget(peer)

    def take_arrived(self, now: float) -> tuple[_P, bytes | None] | None:
        """Return the next thing that has come to the panel by now, or None."""
        return self._arrived.popleft() if self._arrived else self._arriving.take(now)

    # From the panel to the world.

    def leave(self, now: float) -> None:
        """Take all that the server has to send, and let go what is due."""
        packets = self._server.data_to_send()
        if self._is_plain:
            self._left += packets
            return
        for peer, packet in packets:
            passing = Passing(packet, self._server.is_stream(peer), self._cipher(peer, packet))
            self._pass(self._leaving, Direction.TO_CLIENT, peer, passing, now)
        while (item := self._leaving.take(now)) is not None:
            peer, data = item
            if data is not None and not self._is_silent(now):
                self._left.append((peer, data))
        self._leaving.forget_times(now)
        self._arriving.forget_times(now)

    def _cipher(self, peer: _P, packet: bytes) -> SessionCipher | None:
        if self._opens and packet[2] == PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION:
            known = {peer: self._ciphers[peer] for peer in self._server.peers if peer in self._ciphers}
            session_key = derive_session_key(self._controller_key, packet[-SESSION_ID_SIZE:])
            self._ciphers = known | {peer: SessionCipher(session_key)}
        return self._ciphers.get(peer)

    def _is_silent(self, now: float) -> bool:
        if now < self._silent_until:
            return True
        strike = self._schedule.strike(FaultKind.SILENT, now)
        if strike is not None and strike.fault.percent is not None:
            self._silent_until = now + (strike.fault.lasting or 0.0)
        return strike is not None

    def data_to_send(self) -> list[tuple[_P, bytes]]:
        """Return what has left the panel and is to be written to whom: each item one write, one datagram."""
        left, self._left = self._left, []
        return left

    # Both.

    def _pass(self, way: _Way[_P], direction: Direction, peer: _P, passing: Passing, now: float) -> None:
        # All are asked before any takes effect: what one does must not change what another draws.
        strikes = {
            kind: self._schedule.strike(kind, now, direction)
            for kind, can_happen in CAN_HAPPEN.items()
            if can_happen(passing)
        }
        pieces = [Piece(passing.data)]
        for kind, effect in EFFECTS.items():
            strike = strikes.get(kind)
            if strike is not None and pieces:
                pieces = effect(pieces, passing, strike)
        if not pieces:
            return
        waiting = way.take_waiting(peer)
        if waiting is not None:
            pieces = WITH_NEXT[waiting[0]](waiting[1], pieces)
        elif (held := next(filter(None, map(strikes.get, WITH_NEXT)), None)) is not None:
            data, wait = b"".join(piece.data for piece in pieces), pieces[0].wait + held.fault.wait
            way.put_until_next(peer, data, now, wait, held.fault.kind, ordered=passing.on_stream)
            return
        for data, wait in pieces:
            way.put(peer, data, now, wait, ordered=passing.on_stream)

    def holds(self, peer: _P) -> bool:
        """Whether packets to this peer are held back."""
        return self._leaving.holds(peer)

    def next_timeout(self) -> float | None:
        """Return when something that is held back is due, or None."""
        due = (self._arriving.next_due(), self._leaving.next_due())
        return min((moment for moment in due if moment is not None), default=None)

    def lose_leaving(self) -> None:
        """Lose all that is on its way to clients: the panel that held it restarts."""
        self._leaving.clear()
        self._left.clear()
        self._ciphers.clear()

    def let_go(self) -> None:
        """Send all that is held back at once, and take nothing more: the panel closes."""
        self._arriving.clear()
        while (item := self._leaving.take(inf)) is not None:
            peer, data = item
            if data is not None:
                self._left.append((peer, data))
        self._leaving.clear()

"""What a controller remembers of the requests of one session, so that none is carried out twice.

The first request sets the start. Numbers 1 to `FURTHEST_AHEAD` ahead of the newest are new; those further
ahead are no client's next number, and what is behind has been carried out, or its time is over (20P00 §OMNI-
LINK II APPLICATION-LEVEL PACKETS gives the numbers, not these rules).
"""

from omnilink_sansio.errors import Fault
from omnilink_sansio.session.sequence import UNSOLICITED, distance_ahead, is_ahead

__all__ = ["FURTHEST_AHEAD", "RequestMemory"]

FURTHEST_AHEAD = 1024
"""Numbers that a client may have used up unheard: far more than any sends, far fewer than half the circle."""


class RequestMemory:
    """The last requests of one session with their answers, or None while they are in progress."""

    __slots__ = (
        "_answers",
        "_newest",
        "_size",
    )

    def __init__(self, size: int) -> None:
        self._size = size
        self._answers: dict[int, bytes | None] = {}
        self._newest = UNSOLICITED

    def fault_of(self, sequence: int) -> Fault | None:
        """Return why a request with this number must not be carried out, or None when it is new."""
        if sequence in self._answers:
            return Fault.DUPLICATE_REQUEST
        if self._newest == UNSOLICITED:
            return None
        if 1 <= distance_ahead(sequence, self._newest) <= FURTHEST_AHEAD:
            return None
        return Fault.SEQUENCE_LEAP if is_ahead(sequence, self._newest) else Fault.STALE_REQUEST

    def begin(self, sequence: int) -> None:
        """Note that a new request is in progress; the oldest is forgotten when there are too many."""
        self._newest = sequence
        self._answers[sequence] = None
        if len(self._answers) > self._size:
            del self._answers[next(iter(self._answers))]

    def answered(self, sequence: int, packet: bytes) -> None:
        """Keep the answer of a request that is still remembered."""
        if sequence in self._answers:
            self._answers[sequence] = packet

    def answer(self, sequence: int) -> bytes | None:
        """Return the answer to give again, None while in progress or when not remembered."""
        return self._answers.get(sequence)

    def clear(self) -> None:
        """Forget everything: the session is over."""
        self._answers.clear()
        self._newest = UNSOLICITED

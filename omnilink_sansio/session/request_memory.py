"""What a controller remembers of requests that came as datagrams, so that a repeated one is not carried out
twice.
"""

from omnilink_sansio.errors import Fault
from omnilink_sansio.session.sequence import UNSOLICITED, is_ahead

__all__ = ["RequestMemory"]


class RequestMemory:
    """The last requests of one session with their answers, or None while they are in progress."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._answers: dict[int, bytes | None] = {}
        self._newest = UNSOLICITED

    def seen(self, sequence: int) -> Fault | None:
        """Return why a request with this number must not be carried out, or None when it is new."""
        if sequence in self._answers:
            return Fault.DUPLICATE_REQUEST
        if self._newest != UNSOLICITED and not is_ahead(sequence, self._newest):
            return Fault.STALE_REQUEST
        return None

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

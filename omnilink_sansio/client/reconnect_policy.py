"""Which ends of a session are worth another try, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum, unique
from math import isnan
from types import MappingProxyType

from omnilink_sansio.errors import EndReason, LocalProtocolError, OmniConnectionError, OmniLinkError

__all__ = ["RETRIES", "ReconnectPolicy", "Retry"]


@unique
class Retry(Enum):
    """What an end means for the next try."""

    SOON = "a few quick tries, then fewer and fewer"
    WHEN_FREE = "once the controller has given up an old session"
    NEVER = "the next try would end the same way"


RETRIES: Mapping[EndReason, Retry] = MappingProxyType(
    {
        EndReason.OFFERED: Retry.NEVER,
        EndReason.UNREACHABLE: Retry.SOON,
        EndReason.PORT_CLOSED: Retry.SOON,
        EndReason.CLOSED: Retry.NEVER,
        EndReason.TERMINATED: Retry.SOON,
        EndReason.LOST: Retry.SOON,
        EndReason.SILENT: Retry.SOON,
        EndReason.FAULT: Retry.SOON,
        EndReason.REFUSED: Retry.WHEN_FREE,
        EndReason.WRONG_KEY: Retry.NEVER,
        EndReason.VERSION: Retry.NEVER,
        # Whoever that was, it may not be there next time.
        EndReason.SESSION_ID: Retry.SOON,
        EndReason.HANDSHAKE_TERMINATED: Retry.SOON,
        EndReason.HANDSHAKE_LOST: Retry.SOON,
        EndReason.HANDSHAKE_TIMEOUT: Retry.SOON,
        EndReason.KEY_UNANSWERED: Retry.SOON,
        EndReason.HANDSHAKE_FAULT: Retry.SOON,
    }
)
"""One row an end."""

_HARMLESS_FACTOR = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconnectPolicy:
    """When to try again after a session was lost, or could not be opened. All times are seconds.

    Raises `LocalProtocolError` for values that make no sense.
    """

    quick_tries: int = 3
    """Tries soon after a loss: most are a cable, a switch or a restart."""
    quick_wait: float = 1.0
    """Before each of them."""
    first_wait: float = 5.0
    """Before the first try after those."""
    factor: float = 2.0
    """How much longer each further wait is than the one before."""
    longest_wait: float = 15.0
    """No such wait is longer, jitter included: a controller that is back is found within half a minute."""
    jitter: float = 0.25
    """Each wait is made longer or shorter by up to this share, so that not all clients come at once."""
    busy_wait: float = 60.0
    """After a refusal: a controller keeps the slot of a session that was lost for about 5 minutes."""
    settled_after: float = 60.0
    """A session that lasted this long was a good one: the tries after it count from one again."""
    sweep_every: float = 900.0
    """While connected the states are read anew this often, since notifications get lost now and then; 0 = only
    after a loss."""
    retry_first: bool = False
    """Whether the very first session is tried for in the same way; otherwise what is wrong with it is raised."""

    def __post_init__(self) -> None:
        numbers = (getattr(self, entry.name) for entry in fields(self))
        if any(isnan(number) for number in numbers):
            raise LocalProtocolError("a reconnect policy has numbers, not nan")
        waits = (self.quick_wait, self.first_wait, self.longest_wait, self.busy_wait)
        if (
            min(waits) <= 0
            or min(self.quick_tries, self.settled_after, self.sweep_every) < 0
            or self.factor < _HARMLESS_FACTOR
            or not 0 <= self.jitter < 1
        ):
            raise LocalProtocolError(
                "a reconnect policy has waits above 0 seconds, a factor of 1 or more, a jitter of 0 to below 1, "
                "and nothing negative"
            )

    def wait(self, error: OmniLinkError, tries: int, random: float) -> float | None:
        """Return how many seconds to wait before the next try; None when there is to be none.

        ``error`` is what the last try or session ended with; ``tries`` how many have failed in a row, from 1;
        ``random`` a number from 0 to 1 of the caller's choice, which the jitter takes.
        """
        end = error.end if isinstance(error, OmniConnectionError) else None
        retry = Retry.SOON if end is None else RETRIES[end]
        if retry is Retry.NEVER:
            return None
        share = 1 + self.jitter * (2 * random - 1)
        if retry is Retry.WHEN_FREE:
            return self.busy_wait * share
        if tries <= self.quick_tries:
            return self.quick_wait * share
        # Rounding alone may carry a wait past the longest one.
        return min(self._backoff(tries - self.quick_tries - 1) * share, self.longest_wait)

    def _backoff(self, step: int) -> float:
        # Room for the jitter: cut off at the longest wait, half of all clients would come at the same time.
        longest = self.longest_wait / (1 + self.jitter)
        seconds = self.first_wait
        # By steps: a power of a month of tries is beyond what a float holds.
        while step > 0 and seconds < longest and self.factor > _HARMLESS_FACTOR:
            seconds *= self.factor
            step -= 1
        return min(seconds, longest)

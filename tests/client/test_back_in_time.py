"""However long a controller was away, the loop is back soon after its return: 100 seeds, in virtual time."""

import random

import pytest

from omnilink_sansio import (
    ClientSettings,
    EndReason,
    Framing,
    OmniConnectionError,
    OmniLinkError,
    SessionHistory,
)
from omnilink_sansio.client import (
    Connect,
    Disconnect,
    ReconnectLoop,
    ReconnectPolicy,
    ReconnectStep,
    StartNotifications,
)
from omnilink_sansio.operations import Pause

SEEDS = 100
BACK_WITHIN = 30.0

SILENCE = ClientSettings().handshake_timeout
"""Seconds that a try takes at most, when nothing answers."""


class Outage:
    """Runs a loop over one outage of a controller, whose tries fail after ``takes`` seconds."""

    def __init__(self, seed: int, away: float, end: EndReason, takes: float) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self._sessions = 0
        self._back_at = away
        self._end = end
        self._takes = takes
        loop = ReconnectLoop(
            ReconnectPolicy(),
            framing=Framing.STREAM,
            history=lambda: SessionHistory(key_proved=True),
            report=lambda _: None,
            online=self._go_online,
            clock=lambda: self.now,
            random=random.Random(seed).random,
        )
        steps = loop.run()
        step = next(steps)
        while self._sessions < 2:
            outcome = self._carry_out(step)
            step = steps.send(None) if outcome is None else steps.throw(outcome)
        steps.close()

    @property
    def late(self) -> float:
        """Seconds from the controller's return to the session."""
        return self.now - self._back_at

    def _go_online(self) -> None:
        self._sessions += 1

    def _carry_out(self, step: ReconnectStep) -> OmniLinkError | None:
        match step:
            case Pause():
                self.waits.append(step.seconds)
                self.now += step.seconds
            case Connect() if self._sessions and self.now < self._back_at:
                # A try that began before the return ends as if there was none.
                self.now += self._takes
                return OmniConnectionError(self._end.value, self._end)
            case Connect() | StartNotifications() | Disconnect():
                pass
            case _:
                # Any request of the first session, which ends at once.
                return OmniConnectionError("lost", EndReason.LOST)
        return None


@pytest.mark.parametrize(
    ("away", "end", "takes"),
    [
        (60.0, EndReason.UNREACHABLE, SILENCE),
        (600.0, EndReason.UNREACHABLE, SILENCE),
        (86_400.0, EndReason.UNREACHABLE, SILENCE),
        # A day of quick refusals is the same a thousand times over.
        (60.0, EndReason.PORT_CLOSED, 0.0),
        (600.0, EndReason.PORT_CLOSED, 0.0),
    ],
)
def test_it_is_back_soon_after_the_controller_is(away: float, end: EndReason, takes: float) -> None:
    outages = [Outage(seed, away, end, takes) for seed in range(SEEDS)]
    assert max(outage.late for outage in outages) <= BACK_WITHIN
    longest = ReconnectPolicy().longest_wait
    assert all(wait <= longest for outage in outages for wait in outage.waits)
    # Not all at the same time, either.
    assert len({outage.late for outage in outages}) == SEEDS
    # And no more often than a panel on a slow network can be asked.
    assert max(len(outage.waits) for outage in outages) <= 6 + away / (9 + takes)

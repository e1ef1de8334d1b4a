"""What runs out in an emulated house, and when."""

import math
from enum import Enum, unique
from typing import NamedTuple

__all__ = ["LONGEST_TOLD", "DueTimer", "Timer", "Timers"]

LONGEST_TOLD = 65535
"""Seconds that the two bytes of a unit's or a door's record can hold; a longer time shows this."""


@unique
class Timer(Enum):
    """What can run out. Each runs for one object, by its number; the panel's own have number 0."""

    UNIT = "a timed unit goes back to what it was"
    RAMP = "a unit on its way to a level takes a step"
    EXIT_DELAY = "an area is armed"
    ENTRY_DELAY = "an area was not disarmed in time"
    DELAY_TICK = "a second of an area's delay is over"
    SIREN = "an area's siren falls silent"
    CLIMATE = "a thermostat's room has come half a degree nearer to its set point"
    DOOR = "a door locks itself"
    LOCK_OUT = "codes are accepted again"
    BUTTON = "what a button does happens"
    SCRIPT = "something in the house's script happens"


_SAME_MOMENT = 1e-6
"""Seconds that lie between two moments at the most that are one, but for how fractions are rounded."""


class DueTimer(NamedTuple):
    """A timer that has run out."""

    at: float
    timer: Timer
    number: int
    """Of the object that it ran for."""


class Timers:
    """The timers that run, on the panel's clock. Those due at the same moment go in the order of their start."""

    def __init__(self) -> None:
        self._running: dict[tuple[Timer, int], tuple[float, int]] = {}
        self._started = 0

    def start(self, timer: Timer, index: int, at: float) -> None:
        """Let a timer run out at a moment, instead of when it would have so far."""
        self._started += 1
        self._running[timer, index] = (at, self._started)

    def stop(self, timer: Timer, index: int) -> None:
        """Stop a timer, if it runs."""
        self._running.pop((timer, index), None)

    def is_running(self, timer: Timer, index: int) -> bool:
        """Whether a timer runs."""
        return (timer, index) in self._running

    def ends_at(self, timer: Timer, index: int) -> float | None:
        """Return when a timer runs out; None when it does not run."""
        entry = self._running.get((timer, index))
        return None if entry is None else entry[0]

    def seconds_left(self, timer: Timer, index: int, now: float) -> int:
        """Return the whole seconds that a timer has left, rounded up; 0 when it does not run."""
        at = self.ends_at(timer, index)
        # 60 s from now could be 60.0000000000001 s, and so 61.
        return 0 if at is None else max(0, math.ceil(at - now - _SAME_MOMENT))

    def next_at(self) -> float | None:
        """Return when the next timer runs out; None when none runs."""
        return min((at for at, _ in self._running.values()), default=None)

    def take_due(self, now: float) -> DueTimer | None:
        """Return the first timer that has run out by now, and stop it; None when there is none."""
        if not self._running:
            return None
        key = min(self._running, key=self._running.__getitem__)
        at, _ = self._running[key]
        if at > now + _SAME_MOMENT:
            return None
        del self._running[key]
        return DueTimer(at, *key)

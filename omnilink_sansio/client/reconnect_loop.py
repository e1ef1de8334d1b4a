"""Staying connected: one generator that yields what to do next to keep a session alive.

Its runner opens and closes connections and carries out the steps; when, why and what else is decided here.
"""

from collections.abc import Callable, Generator
from typing import TypeAlias

from omnilink_sansio.client.event_queue import ConnectionLost
from omnilink_sansio.client.listeners import Report
from omnilink_sansio.client.reconnect_policy import ReconnectPolicy
from omnilink_sansio.errors import (
    EndReason,
    OmniConnectionError,
    OmniLinkError,
    OutcomeUnknownError,
)
from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.exchange import Exchange, Pushed
from omnilink_sansio.messages.notifications import Notification
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.operations.operation import Operation, Pause, Step
from omnilink_sansio.session.history import SessionHistory
from omnilink_sansio.state.status_snapshot import MissedChange, StatusSnapshot
from omnilink_sansio.state.status_sweep import find_highest_numbers, sweep_status
from omnilink_sansio.wire.framing import Framing

__all__ = [
    "AwaitEnd",
    "Connect",
    "Disconnect",
    "LinkEvent",
    "ReconnectLoop",
    "ReconnectStep",
    "Reconnected",
    "Reconnecting",
    "StartNotifications",
    "log_link_event",
    "loss",
    "notifications_of",
    "offline_error",
    "unexpected_failure",
]


@frozen
class Reconnecting:
    """There is no session; the next try comes in ``seconds``, or at `check_now`."""

    seconds: float
    error: OmniLinkError
    """Why there is none."""


@frozen
class Reconnected:
    """There is a session again, with notifications; what changed meanwhile follows as `MissedChange`."""


LinkEvent: TypeAlias = ConnectionLost | Reconnecting | Reconnected | MissedChange
"""What a client that stays connected reports beside the notifications."""


def notifications_of(item: Pushed | LinkEvent) -> tuple[Notification | LinkEvent, ...]:
    """Return what one item that a `ReconnectLoop` reports holds: a message's notifications, or the event
    itself.
    """
    return item.notifications if isinstance(item, Pushed) else (item,)


def log_link_event(item: Pushed | LinkEvent, info: Report, debug: Report) -> None:
    """Log an item that is about the session: one record when it is lost and one when it is back, tries apart."""
    match item:
        case ConnectionLost():
            info("session lost: %s", item.error)
        case Reconnecting():
            debug("no session (%s): next try in %.0f s", item.error, item.seconds)
        case Reconnected():
            info("there is a session again")


@frozen
class Connect:
    """Open a new connection with the last one's history; give the loop its notifications and exchanges."""


@frozen
class StartNotifications:
    """Have the controller send what happens unasked; throw in the error that this ends with."""


@frozen
class Disconnect:
    """Close the connection in order, if it is not closed already."""


@frozen
class AwaitEnd:
    """Wait until the session ends, and throw its error in; at most so long (None: for ever), or until
    `check_now` is called.
    """

    seconds: float | None


ReconnectStep: TypeAlias = Connect | Disconnect | AwaitEnd | StartNotifications | Step
"""What a loop asks of its runner; a `Pause` ends early when `check_now` is called."""


_WRONG_AFTER_ALL = 3
"""Times in a row, as far apart as tries at a busy controller, that a proved key must be refused on a stream."""


_RECHECK_INTERVAL = 60.0
"""Seconds to the next sweep while the state of some object is in doubt."""

_TRIES_TO_ENABLE = 3
"""Times, before a session is given up in which notifications cannot be enabled."""


class ReconnectLoop:
    """Keeps a session up: handshake, notifications, sweeps, and another try when it is lost.

    `run` is the generator. Whoever runs it throws in the `OmniLinkError` that a step ended with, and sends the
    reply into it after a request, None after all else. It raises the error after which there is no other
    try. Between `Connect` and the end of that session the runner calls `take_notification` and `take_reply` with
    every notification and exchange in the order in which they come in.

    ``history`` returns the last connection's, ``framing`` says how its packets travel.
    ``report`` is called with each notification and each `LinkEvent`, ``online`` when a session is up and
    notifications are enabled; ``clock`` returns the time in seconds, ``random`` a number from 0 to 1.
    """

    def __init__(
        self,
        policy: ReconnectPolicy,
        *,
        framing: Framing,
        history: Callable[[], SessionHistory],
        report: Callable[[Pushed | LinkEvent], None],
        online: Callable[[], None],
        clock: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self._policy = policy
        self._history = history
        self._is_stream = framing is Framing.STREAM
        self._report = report
        self._online = online
        self._clock = clock
        self._random = random
        self._snapshot = StatusSnapshot(report)
        self._highest: dict[ObjectType, int] = {}
        self._silent: set[ObjectType] = set()
        self._online_since: float | None = None
        self._wrong_keys = 0

    def take_notification(self, pushed: Pushed) -> None:
        """Note a notification, and pass it on."""
        self._snapshot.take_notification(pushed)
        self._report(pushed)

    def take_reply(self, exchange: Exchange) -> None:
        """Note what a reply shows."""
        self._snapshot.take_reply(exchange)

    def run(self) -> Generator[ReconnectStep, Payload | None, None]:
        """Yield what to do next, until an end after which there is no other try; raises its error."""
        tries = 0
        was_lost = False
        while True:
            try:
                yield from self._session(was_lost)
                continue  # Not reached, since a session ends by an error, which type checkers cannot know.
            except OmniLinkError as caught:
                error = _root(caught)
            since, self._online_since = self._online_since, None
            was_settled = since is not None and self._clock() - since >= self._policy.settled_after
            tries = 1 if was_settled else tries + 1
            wait = self._policy.wait(self._judged(error), tries, self._random())
            if since is None and not was_lost and not self._policy.retry_first:
                wait = None
            if since is not None and wait is not None:
                self._report(ConnectionLost(loss(error), retrying=True))
            yield Disconnect()
            if wait is None:
                raise error
            was_lost = True
            self._report(Reconnecting(wait, error))
            yield Pause(wait)

    def _judged(self, error: OmniLinkError) -> OmniLinkError:
        """Return an error as it is to be judged: once the key has been proved, nothing is wrong for good at once.

        A controller that restarts in the middle of a handshake answers as to a wrong key, and as a datagram
        anybody can send such answers.
        """
        reason = error.end if isinstance(error, OmniConnectionError) else None
        is_wrong_key = reason is EndReason.WRONG_KEY
        self._wrong_keys = self._wrong_keys + 1 if is_wrong_key else 0
        if not self._history().key_proved or reason not in (EndReason.WRONG_KEY, EndReason.VERSION):
            return error
        if is_wrong_key and self._is_stream and self._wrong_keys >= _WRONG_AFTER_ALL:
            return error
        return OmniConnectionError(str(error), EndReason.REFUSED)

    def _session(self, was_lost: bool) -> Generator[ReconnectStep, Payload | None, None]:
        yield Connect()
        yield from _start_notifications()
        self._online_since = self._clock()
        if was_lost:
            self._report(Reconnected())
        self._online()
        while True:
            yield from self._sweep()
            yield AwaitEnd(self._until_next_sweep())

    def _until_next_sweep(self) -> float | None:
        seconds = self._policy.sweep_every or None
        if self._snapshot.doubtful():
            return _RECHECK_INTERVAL if seconds is None else min(seconds, _RECHECK_INTERVAL)
        return seconds

    def _sweep(self) -> Operation[None]:
        try:
            yield from find_highest_numbers(self._highest)
        except OmniConnectionError:
            raise
        except OmniLinkError:
            # Not even what it is: asked again with the next sweep.
            return
        yield from sweep_status(self._snapshot, self._highest, self._silent)


def _start_notifications() -> Generator[ReconnectStep, Payload | None, None]:
    """Have notifications sent; asked for again where no answer came: enabled twice is enabled."""
    for _ in range(_TRIES_TO_ENABLE - 1):
        try:
            yield StartNotifications()
        except OutcomeUnknownError as error:
            if not error.cause.session_goes_on:
                raise
        else:
            return
    yield StartNotifications()


def _root(error: OmniLinkError) -> OmniLinkError:
    """Return what a session ended with, of what the request ended with that was under way."""
    while isinstance(error.__cause__, OmniConnectionError):
        error = error.__cause__
    return error


def offline_error(error: OmniConnectionError) -> OmniConnectionError:
    """Return what a call raises while there is no session, of the same kind as what the last one ended with."""
    advice = "wait for Reconnected, or check_now()"
    between = type(error)(f"there is no session now ({error}): {advice}", error.end)
    between.__cause__ = error
    return between


def unexpected_failure(error: Exception) -> OmniConnectionError:
    """Wrap an unexpected exception of the reconnect loop."""
    failed = OmniConnectionError(f"the keeper failed ({error!r}): see the log, mend that, make a new client")
    failed.__cause__ = error
    return failed


def loss(error: OmniLinkError) -> OmniConnectionError:
    """Return the error that reports the loss of a session for any reason."""
    if isinstance(error, OmniConnectionError):
        return error
    lost = OmniConnectionError(f"the session was given up: {error}")
    lost.__cause__ = error
    return lost

"""Staying connected: one generator that yields what to do next to keep a session alive.

Its runner opens and closes connections and carries out the steps; when, why and what else is decided here.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias

from omnilink_sansio.client.event_queue import ConnectionLost
from omnilink_sansio.client.reconnect_policy import ReconnectPolicy
from omnilink_sansio.errors import (
    EndReason,
    InvalidEncryptionKeyError,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
)
from omnilink_sansio.messages.models import ControllerFamily
from omnilink_sansio.messages.notifications import Notification, parse_notification
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.request import Request
from omnilink_sansio.messages.system import EnableNotifications
from omnilink_sansio.operations.operation import Operation, Pause, ask
from omnilink_sansio.state.status_snapshot import MissedChange, StatusSnapshot
from omnilink_sansio.state.status_sweep import find_highest_numbers, sweep_status
from omnilink_sansio.wire.message import Message

__all__ = [
    "AwaitEnd",
    "Connect",
    "Disconnect",
    "LinkEvent",
    "ReconnectLoop",
    "ReconnectStep",
    "Reconnected",
    "Reconnecting",
    "loss",
    "notifications_of",
    "offline_error",
    "unexpected_failure",
]


@dataclass(frozen=True, slots=True)
class Reconnecting:
    """There is no session; the next try comes in ``seconds``, or at `check_now`."""

    seconds: float
    error: OmniLinkError
    """Why there is none."""


@dataclass(frozen=True, slots=True)
class Reconnected:
    """There is a session again, with notifications; what changed meanwhile follows as `MissedChange`."""


LinkEvent: TypeAlias = ConnectionLost | Reconnecting | Reconnected | MissedChange
"""What a client that stays connected reports beside the notifications."""


def notifications_of(
    item: Message | LinkEvent, family: ControllerFamily
) -> tuple[Notification | LinkEvent, ...]:
    """Return the notifications of an item that a `ReconnectLoop` reports, or the link event that it is."""
    return parse_notification(item, family) if isinstance(item, Message) else (item,)


@dataclass(frozen=True, slots=True)
class Connect:
    """Open a new connection; pass its notifications and replies to the loop."""


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Close the connection in order, if it is not closed already."""


@dataclass(frozen=True, slots=True)
class AwaitEnd:
    """Wait until the session ends, and throw its error in; at most ``seconds`` (None: no limit)."""

    seconds: float | None


ReconnectStep: TypeAlias = Connect | Disconnect | AwaitEnd | Pause | Request[object]
"""What a reconnect loop asks of its runner; a `Pause` ends early at `check_now`."""


_WRONG_AFTER_ALL = 3
"""Times in a row, as far apart as tries at a busy controller, that a key that has fitted must be refused."""


_RECHECK_INTERVAL = 60.0
"""Seconds to the next sweep while the state of some object is in doubt."""

_TRIES_TO_ENABLE = 3
"""Times, before a session is given up in which notifications cannot be enabled."""


class ReconnectLoop:
    """Keeps a session up: handshake, notifications, sweeps, and another try when it is lost.

    `run` is the generator. Whoever runs it throws in the `OmniLinkError` that a step ended with, and sends the
    reply's message into it after a request, None after all else. It raises the error after which there is no other
    try. Between `Connect` and the end of that session the runner calls `take_notification` and `take_reply` with
    every message in the order in which they come in.

    ``tell`` is called with each notification's message and each `LinkEvent`, ``online`` when a session is up and
    notifications are enabled; ``clock`` returns the time in seconds, ``random`` a number from 0 to 1.
    """

    def __init__(
        self,
        policy: ReconnectPolicy,
        *,
        tell: Callable[[Message | LinkEvent], None],
        online: Callable[[], None],
        clock: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self._policy = policy
        self._tell = tell
        self._online = online
        self._clock = clock
        self._random = random
        self._snapshot = StatusSnapshot(tell)
        self._highest: dict[ObjectType, int] = {}
        self._silent: set[ObjectType] = set()
        self._online_since: float | None = None
        self._key_has_fitted = False
        self._wrong_keys = 0

    def take_notification(self, message: Message) -> None:
        """Note a notification, and pass it on."""
        self._snapshot.take_notification(message)
        self._tell(message)

    def take_reply(self, message: Message) -> None:
        """Note the states in a reply."""
        self._snapshot.take_reply(message)

    def run(self) -> Generator[ReconnectStep, Message | None, None]:
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
                self._tell(ConnectionLost(loss(error), retrying=True))
            yield Disconnect()
            if wait is None:
                raise error
            was_lost = True
            self._tell(Reconnecting(wait, error))
            yield Pause(wait)

    def _judged(self, error: OmniLinkError) -> OmniLinkError:
        """Return an error as it is to be judged: a key that has fitted is not wrong at once, but busy.

        On datagrams a controller that restarts in the middle of a handshake answers the same.
        """
        is_wrong_key = isinstance(error, InvalidEncryptionKeyError)
        self._wrong_keys = self._wrong_keys + 1 if is_wrong_key else 0
        if is_wrong_key and self._key_has_fitted and self._wrong_keys < _WRONG_AFTER_ALL:
            return OmniConnectionError(str(error), EndReason.REFUSED)
        return error

    def _session(self, was_lost: bool) -> Generator[ReconnectStep, Message | None, None]:
        yield Connect()
        self._key_has_fitted = True
        yield from _enable_notifications()
        self._online_since = self._clock()
        if was_lost:
            self._tell(Reconnected())
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


def _enable_notifications() -> Operation[None]:
    """Have notifications sent; asked for again where no answer came: enabled twice is enabled."""
    for _ in range(_TRIES_TO_ENABLE - 1):
        try:
            return (yield from ask(EnableNotifications(enabled=1)))
        except OutcomeUnknownError as error:
            if error.cause not in (OutcomeCause.TIMEOUT, OutcomeCause.DAMAGED_REPLY):
                raise
    return (yield from ask(EnableNotifications(enabled=1)))


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

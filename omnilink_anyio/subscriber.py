"""Notifications by plain callbacks."""

import logging
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from omnilink_sansio import ConnectionLost, Message, OmniConnectionError

__all__ = ["Subscriber"]

_T = TypeVar("_T", covariant=True)

_log = logging.getLogger("omnilink.anyio")


class Subscriber(Generic[_T]):
    """One callback, and what the messages that a controller sends unasked are to it.

    A callback that raises is logged, and called again for what comes next.
    """

    def __init__(
        self,
        callback: Callable[[_T | ConnectionLost], None],
        translate: Callable[[Message], Iterable[_T]],
    ) -> None:
        self._callback: Callable[[_T | ConnectionLost], None] | None = callback
        self._translate = translate

    def take(self, message: Message) -> None:
        """Call it with each thing that a message tells."""
        try:
            events = tuple(self._translate(message))
        except Exception:  # noqa: BLE001 - whatever it is, the session goes on
            _log.exception("a subscriber failed to read %r", message)
            return
        for event in events:
            self._call(event)

    def end(self, error: OmniConnectionError | None) -> None:
        """Tell it that the session is over, and call it no more."""
        self._call(ConnectionLost(error))
        self.close()

    def close(self) -> None:
        """Call it no more, not even for the rest of a message."""
        self._callback = None

    def _call(self, event: _T | ConnectionLost) -> None:
        if self._callback is None:
            return
        try:
            self._callback(event)
        except Exception:  # noqa: BLE001 - whatever it is, the session goes on
            _log.exception("a subscriber failed on %s", type(event).__name__)

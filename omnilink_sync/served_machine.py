"""A client machine and its transport, served by the caller that waits, or by a thread."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from math import inf

from omnilink_sansio.client.dispatcher import Dispatcher
from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.session.client import ClientConnection
from omnilink_sansio.session.events import ClientEvent, LateReply, PacketDropped, SessionEnded, SessionStarted
from omnilink_sansio.session.history import SessionHistory
from omnilink_sansio.session.settings import ClientSettings
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.wire.framing import Framing
from omnilink_sync.event_stream import Subscriptions
from omnilink_sync.transport import TRANSPORT_ERRORS, Transport

__all__ = ["LONGEST_WAIT", "ServedMachine"]

_POLL_INTERVAL = 0.5
"""Seconds after which the background reader looks up: others may have ended the session, or set a time."""

LONGEST_WAIT = 3600.0
"""Seconds that anything is asked to wait at most: nothing has to know infinity."""

_PIECES_AT_ONCE = 1000
"""Pieces taken before a request is sent: who sends more must not keep us from ever sending."""

_log = logging.getLogger("omnilink.sync")
_log.addHandler(logging.NullHandler())


class ServedMachine:
    """The lower half of an `OmniConnection`: reading, writing, time-outs, and which thread may do what.

    One lock guards the machine and all that is reported of it. Without a background reader the thread that waits
    serves the transport; with one it waits for the condition, and keeps the time-outs of its own request.
    """

    def _serve(
        self,
        controller_key: bytes | None,
        settings: ClientSettings,
        framing: Framing,
        history: SessionHistory | None,
    ) -> None:
        """Make the machine; in place of a constructor, since connections have several."""
        self._machine = ClientConnection(controller_key, framing=framing, settings=settings, history=history)
        self._dispatcher = Dispatcher(
            self._machine,
            self._observe,
            dialect=settings.dialect,
            family=settings.family,
            tolerances=settings.tolerances,
        )
        # Its lock guards the machine, and all that is told of it.
        self._changed = threading.Condition()
        self._owner: int | None = None
        self._transport: Transport | None = None
        self._reader: threading.Thread | None = None
        self._subscriptions = Subscriptions(self._dispatcher.notifications, self._changed)

    @property
    def is_connected(self) -> bool:
        """Whether there is a session now."""
        return self._dispatcher.is_online

    @property
    def is_read_in_background(self) -> bool:
        """Whether a thread serves the connection: callbacks that subscribe now have a thread of their own."""
        return self._reader is not None

    def check_connected(self) -> None:
        """Raise `OmniConnectionError`, or the kind of it that names why, when there is no session."""
        if not self.is_connected:
            self._dispatcher.raise_end()

    def serve_until(self, done: Callable[[], bool], until: float = inf) -> None:
        """Serve the connection until something is so, it is over, or a time on `time.monotonic` has come.

        ``done`` is asked after each input. Raises `LocalProtocolError` in a callback, which must not wait.
        """
        with self._changed:
            self._check_caller()
            reader = self._reader
            if reader not in (None, threading.current_thread()):
                while not done() and not self._is_over(until):
                    self._changed.wait(min(self._wait_time(until), _POLL_INTERVAL))
                    self._keep_time()
                return
        while not done() and self._machine.state is not ConnectionState.CLOSED:
            # At least once, also when the time has come: what has arrived already is there to be taken.
            self._step(until)
            if time.monotonic() >= until:
                done()
                return

    def _is_over(self, until: float) -> bool:
        return self._machine.state is ConnectionState.CLOSED or time.monotonic() >= until

    def _read(self) -> None:
        try:
            self._serve_to_the_end()
        finally:
            self._close_transport()

    def _serve_to_the_end(self) -> None:
        try:
            while self._machine.state is not ConnectionState.CLOSED:
                self._step(time.monotonic() + _POLL_INTERVAL)
        except Exception:  # noqa: BLE001 - whatever it is, no caller would see it
            _log.exception("the background reader failed: the session ends here")
            with self._changed:
                self._machine.receive_eof(time.monotonic())
                self._pump()

    def _step(self, until: float) -> bool:
        """Wait for the next piece or the next time-out, and act on it; return whether a piece came."""
        transport = self._transport
        assert transport is not None
        with self._changed:
            patience = self._wait_time(until)
        try:
            data = transport.receive(patience)
            if data == b"" and self._machine.framing is Framing.STREAM:
                raise EOFError("a stream that gives an empty piece is over")
        except Exception as error:  # noqa: BLE001 - whatever a transport raises, the session ends as at any loss
            if not isinstance(error, TRANSPORT_ERRORS):
                _log.exception("the transport failed to read: the session ends here")
            with self._changed:
                self._machine.receive_eof(time.monotonic())
                self._pump()
            return False
        with self._changed:
            if data is not None:
                self._machine.receive_data(data, time.monotonic())
                self._pump()
            self._keep_time()
        return data is not None and self._machine.state is not ConnectionState.CLOSED

    def _wait_time(self, until: float) -> float:
        due = self._machine.next_timeout()
        left = min(until, inf if due is None else due) - time.monotonic()
        return min(max(left, 0.0), LONGEST_WAIT)

    def _keep_time(self) -> None:
        due, now = self._machine.next_timeout(), time.monotonic()
        if due is not None and now >= due:
            self._machine.handle_timeout(now)
            self._pump()

    def _pump(self) -> None:
        """Take the machine's events, write its packets."""
        # A callback may send: what follows from that comes after what it was called with.
        if self._dispatcher.is_dispatching:
            return
        self._dispatcher.dispatch()
        self._write()
        if self._machine.state is ConnectionState.CLOSED and self._reader is None:
            # Prompt, though its owner may not be looking: a panel has few connections to give.
            self._close_transport()
        self._changed.notify_all()

    def _write(self) -> None:
        packets, transport = self._machine.data_to_send(), self._transport
        if transport is None:
            return
        try:
            for packet in packets:
                transport.send(packet)
        except BaseException as error:
            # Half a packet may be out: nothing can follow it.
            self._machine.receive_eof(time.monotonic())
            self._dispatcher.dispatch()
            self._machine.data_to_send()
            if not isinstance(error, Exception):
                raise
            if not isinstance(error, TRANSPORT_ERRORS):
                _log.exception("the transport failed to write: the session ends here")

    def _check_thread(self) -> None:
        if self._reader is None and self._owner not in (None, threading.get_ident()):
            raise LocalProtocolError(
                "this connection belongs to the thread that connected it: "
                "have it call read_in_background(), and every thread may use it"
            )

    def _check_caller(self) -> None:
        self._check_thread()
        if self._dispatcher.is_dispatching:
            raise LocalProtocolError(
                "a callback that is called while others wait must not wait itself: submit() the request, "
                "or call read_in_background() before you subscribe"
            )

    def _observe(self, event: ClientEvent) -> None:
        match event:
            case SessionStarted():
                _log.debug("session started")
            case SessionEnded():
                _log.debug("session ended: %s", event.reason.value)
            case PacketDropped() | LateReply():
                _log.debug("%r", event)

    def _catch_up(self) -> None:
        """Take what came, and do what fell due, while the connection was not served.

        So that nothing is sent into a session that has ended, and none that was left alone for long is trusted.
        """
        if self._reader is None and self.is_connected and not self._dispatcher.is_dispatching:
            for _ in range(_PIECES_AT_ONCE):
                if not self._step(time.monotonic()):
                    return

    def _close_transport(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            # Whatever it raises, nothing can be done about it any more.
            with suppress(Exception):
                transport.close()

"""The emulated panel, served over TCP, UDP or both by a thread of its own."""

import os
import selectors
import socket
import threading
import time
from collections.abc import Callable, Hashable
from contextlib import ExitStack, suppress
from functools import partial
from math import inf
from types import TracebackType
from typing import Self, TypeAlias, TypeVar

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.session.connection_type import check_port
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.simulator.panel import EmulatedPanel
from omnilink_sansio.simulator.panel_description import PanelDescription, PanelTransport
from omnilink_sansio.simulator.stimuli import Stimulus, parse_stimulus
from omnilink_sansio.wire.cipher import SESSION_ID_SIZE
from omnilink_sansio.wire.framing import Framing
from omnilink_sync.panel_clients import PanelClient, StreamPeer, listen

__all__ = ["MockPanel", "ServedPanel"]

_T = TypeVar("_T")

_MOST_BEHIND = 10_000
"""Packets that a client may leave unread before its stream is closed: no client that reads is so far behind."""

_MOST_AT_ONCE = 65536

_LONGEST_WAIT = 3600.0
"""Seconds that a selector is asked to wait at most: not every one knows infinity, or a month."""

_Ready: TypeAlias = Callable[[int], None]
"""What is to be called with the events that a socket is ready for."""


class MockPanel(PanelDescription):
    """An emulated panel to serve, as `PanelDescription` describes it: enter what `serve` returns as a context."""

    @staticmethod
    def random_session_id() -> bytes:
        """Return 5 random bytes."""
        return os.urandom(SESSION_ID_SIZE)

    def serve(
        self, host: str = "127.0.0.1", port: int = 0, transport: PanelTransport = "tcp"
    ) -> "ServedPanel":
        """Return a context manager that serves the panel; its value has ``host`` and ``port``.

        ``transport`` "both" is TCP and UDP on the same port, with one limit on sessions. Port 0 takes a free one.
        The house lives on from one call to the next, sessions do not; it is served once at a time. Raises
        `LocalProtocolError` for another transport, for what is no port, and for a house with a number, name or
        value that no message can carry. Entering it raises `OSError` when it cannot listen there.
        """
        check_port(port, lowest=0)
        return ServedPanel(self.new_panel(transport), host, port)


class ServedPanel:
    """A panel that listens, from entering this context to leaving it; then all its sessions end.

    ``host`` and ``port`` are where it listens. ``panel`` is what it serves: use `act` to do something to it.
    """

    def __init__(self, panel: EmulatedPanel[Hashable], host: str, port: int) -> None:
        self.panel = panel
        self.host = host
        self.port = port
        self._framing = panel.framing
        # Guards the panel and everything below; what `observe` does may come back here.
        self._lock = threading.RLock()
        self._is_acting = False
        self._is_serving = False
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None
        self._clients: dict[Hashable, PanelClient] = {}
        self._links: dict[Hashable, socket.socket] = {}

    def __enter__(self) -> Self:
        if self._is_serving:
            raise LocalProtocolError("this panel is being served: enter it again after leaving it")
        self._listener, self._datagrams = listen(self.host, self.port, self._framing)
        self._listening = [each for each in (self._listener, self._datagrams) if each is not None]
        self.port = self._listening[0].getsockname()[1]
        self._waker, self._woken = socket.socketpair()
        self._waker.setblocking(False)
        self._woken.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._watch(self._woken, selectors.EVENT_READ, self._wake_up)
        if self._listener is not None:
            self._watch(self._listener, selectors.EVENT_READ, partial(self._accept, self._listener))
        if self._datagrams is not None:
            ready = partial(self._receive_datagram, self._datagrams)
            self._watch(self._datagrams, selectors.EVENT_READ, ready)
        self._failure = None
        self._is_serving = True
        self._thread = threading.Thread(target=self._run, name="omnilink panel", daemon=True)
        self._thread.start()
        try:
            # From now on time passes in the house, whether or not a client comes.
            self.act(lambda panel, now: panel.handle_timeout(now))
        except BaseException as error:
            self.__exit__(type(error), error, None)
            raise
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        with self._lock:
            self._wake()
            self._is_serving = False
        assert self._thread is not None
        self._thread.join()
        if self._failure is not None and exc is None:
            raise self._failure

    def serve_stream(self, stream: socket.socket) -> None:
        """Serve one more client, on a byte stream of its own, and close that when either end is done.

        Raises `LocalProtocolError` on a panel that is served over UDP only.
        """
        with self._lock:
            self._check_serving()
            self._add_stream(stream)
            self._wake()

    def serve_datagram_link(self, link: socket.socket) -> None:
        """Serve one more client, on a datagram link of its own, and close that when it is over.

        Raises `LocalProtocolError` on a panel that is served over TCP only.
        """
        if self._framing is Framing.STREAM:
            raise LocalProtocolError("this panel is served over tcp: use serve_stream, or serve it over udp")
        with self._lock:
            self._check_serving()
            link.setblocking(False)
            self._links[object()] = link
            self._wake()

    def act(self, action: Callable[[EmulatedPanel[Hashable], float], _T]) -> _T:
        """Do something to the panel between two inputs, then what follows from it, such as sending.

        ``action`` is called at once, with the panel and the time on its clock; what it returns is returned. It
        must not wait. In blocking code any thread may call this, and nothing else may touch a served panel.
        """
        with self._lock:
            # What is done from `observe` is in the middle of an input: what follows comes after that.
            if self._is_acting:
                return action(self.panel, time.monotonic())
            self._is_acting = True
            try:
                try:
                    return action(self.panel, time.monotonic())
                finally:
                    self._distribute()
            finally:
                self._is_acting = False
                self._wake()

    def happen(self, what: Stimulus | str) -> None:
        """Have something happen in the house, such as a zone that opens; a text is read by `parse_stimulus`.

        Raises `LocalProtocolError` for a text that is no stimulus, and for what there is not in this house.
        """
        stimulus = parse_stimulus(what) if isinstance(what, str) else what
        self.act(lambda panel, now: panel.happen(stimulus, now))

    def reboot(self) -> None:
        """Have the panel restart: all sessions are gone without a word, its streams closed; the house stays."""
        self.act(lambda panel, now: panel.reboot(now))

    # The thread.

    def _run(self) -> None:
        try:
            try:
                self._loop(lambda: self._is_serving)
                self._say_goodbye()
                # Clients that read receive packet 6, and the others have `GRACE` seconds.
                self._loop(lambda: self._clients)
            finally:
                self._end()
        except BaseException as error:  # noqa: BLE001 - raised where the context is left
            self._failure = error

    def _loop(self, goes_on: Callable[[], object]) -> None:
        while (patience := self._settle(goes_on)) is not None:
            # No other thread is locked out while nothing happens; only this one touches the selector.
            for key, ready_for in self._selector.select(patience):
                ready: _Ready = key.data
                with self._lock:
                    ready(ready_for)

    def _settle(self, goes_on: Callable[[], object]) -> float | None:
        """Do what is due, watch and close what the inputs led to; return how long to wait, None for no longer."""
        with self._lock:
            due, now = self.panel.next_timeout(), time.monotonic()
            if due is not None and now >= due:
                self.act(lambda panel, now: panel.handle_timeout(now))
                due = self.panel.next_timeout()
            for peer, client in list(self._clients.items()):
                is_done = self.panel.state(peer) is ConnectionState.CLOSED
                if is_done and client.is_over(now):
                    self._watch(client.stream, 0)
                    client.stream.close()
                    del self._clients[peer]
                    self._lose(peer)
                else:
                    events = 0 if is_done else selectors.EVENT_READ
                    self._watch(
                        client.stream,
                        events | (selectors.EVENT_WRITE if client.behind else 0),
                        partial(self._serve_client, client),
                    )
                    due = min(client.until, inf if due is None else due)
            for peer, link in self._links.items():
                self._watch(link, selectors.EVENT_READ, partial(self._receive_on_link, peer, link))
            if not goes_on():
                return None
            return _LONGEST_WAIT if due is None else min(max(due - now, 0.0), _LONGEST_WAIT)

    def _watch(self, watched: socket.socket, events: int, ready: _Ready | None = None) -> None:
        key = self._selector.get_map().get(watched)
        if key is None and events:
            self._selector.register(watched, events, ready)
        elif key is not None and not events:
            self._selector.unregister(watched)
        elif key is not None and key.events != events:
            self._selector.modify(watched, events, ready)

    def _say_goodbye(self) -> None:
        with self._lock:
            self._is_serving = False
            for each in self._listening:
                self._watch(each, 0)
            self.act(lambda panel, now: panel.close(now))

    def _end(self) -> None:
        with self._lock, ExitStack() as closing:
            self._is_serving = False
            streams = [client.stream for client in self._clients.values()]
            for each in (*streams, *self._links.values(), *self._listening, self._waker, self._woken):
                closing.callback(each.close)
            closing.callback(self._selector.close)
            closing.callback(self._links.clear)
            closing.callback(self._clients.clear)
            # Nothing is left to be sent but after a failure.
            self.act(lambda panel, now: panel.close(now))
            for peer in list(self._clients):
                self._lose(peer)

    def _wake(self) -> None:
        if self._is_serving and threading.current_thread() is not self._thread:
            # One that is full wakes, too.
            with suppress(BlockingIOError):
                self._waker.send(b"\0")

    def _check_serving(self) -> None:
        if not self._is_serving:
            raise LocalProtocolError("this panel is not being served: enter its context first")

    # Sockets that are ready, one method for each kind.

    def _wake_up(self, _ready_for: int) -> None:
        with suppress(BlockingIOError):
            self._woken.recv(_MOST_AT_ONCE)

    def _accept(self, listener: socket.socket, _ready_for: int) -> None:
        try:
            stream, _ = listener.accept()
        except OSError:
            # The client was gone before it was accepted.
            return
        self._add_stream(stream)

    def _add_stream(self, stream: socket.socket) -> None:
        peer = StreamPeer(stream)
        self.act(lambda panel, now: panel.accept(peer, now))
        self._clients[peer] = PanelClient(peer, stream)

    def _serve_client(self, client: "PanelClient", ready_for: int) -> None:
        if ready_for & selectors.EVENT_WRITE:
            client.write()
        # The panel may be done with it since: to the panel this would be a datagram then.
        if not ready_for & selectors.EVENT_READ or self.panel.state(client.peer) is ConnectionState.CLOSED:
            return
        try:
            data = client.stream.recv(_MOST_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._receive(client.peer, data)
        else:
            self._lose(client.peer)

    def _receive_datagram(self, datagrams: socket.socket, _ready_for: int) -> None:
        try:
            data, peer = datagrams.recvfrom(_MOST_AT_ONCE)
        except OSError:
            # Some systems report here that nothing listens where an earlier datagram went.
            return
        self._receive(peer, data)

    def _receive_on_link(self, peer: Hashable, link: socket.socket, _ready_for: int) -> None:
        try:
            data = link.recv(_MOST_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            self._watch(link, 0)
            link.close()
            del self._links[peer]
            self._lose(peer)
            return
        self._receive(peer, data)

    def _receive(self, peer: Hashable, data: bytes) -> None:
        self.act(lambda panel, now: panel.receive_data(peer, data, now))

    def _lose(self, peer: Hashable) -> None:
        self.act(lambda panel, now: panel.receive_eof(peer, now))

    # Writing.

    def _distribute(self) -> None:
        """Give each client its packets, and close the streams of those that do not read them."""
        while pending := self.panel.data_to_send():
            for peer, packet in pending:
                self._send(peer, packet)
            for peer, client in list(self._clients.items()):
                if client.behind > _MOST_BEHIND:
                    client.forget()
                    self.panel.receive_eof(peer, time.monotonic())

    def _send(self, peer: Hashable, packet: bytes) -> None:
        client = self._clients.get(peer)
        if client is not None:
            client.put(packet)
            return
        for _ in range(2):
            # What an earlier datagram met may be reported here, too, instead of sending this one.
            with suppress(OSError):
                if peer in self._links:
                    self._links[peer].send(packet)
                elif isinstance(peer, tuple) and self._datagrams is not None:
                    self._datagrams.sendto(packet, peer)
                return

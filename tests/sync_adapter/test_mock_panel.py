"""The panel that a thread serves: over TCP, UDP and sockets of one's own, whatever its clients do."""

import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import closing, contextmanager
from typing import Literal, TypeAlias, TypeVar

import pytest

from omnilink_sansio import (
    ClientConnection,
    ClientEvent,
    ClientSettings,
    ConnectionState,
    ControllerEndReason,
    ControllerSessionEnded,
    ControllerSettings,
    EndReason,
    Framing,
    LocalProtocolError,
    Message,
    NotificationReceived,
    OmniConnectionError,
    PacketDropped,
    PeerEvent,
    RawRequest,
    ReplyReceived,
    Request,
    RequestFailed,
    RequestReceived,
    SessionEnded,
    SessionStarted,
    parse_message,
)
from omnilink_sansio.commands import Command, ControllerCommand, turn_unit_on
from omnilink_sansio.objects import ObjectType, RequestObjectStatus, UnitStatus
from omnilink_sansio.simulator import EmulatedPanel
from omnilink_sansio.simulator.timers import Timer
from omnilink_sansio.system import EnableNotifications, RequestSystemInformation
from omnilink_sync import MockPanel, ServedPanel, panel_clients
from omnilink_sync.mock_panel import _MOST_BEHIND

KEY = bytes(range(16, 32))

PATIENCE = 20.0
"""Seconds after which a test that hangs fails; nothing waits for them when all is well."""

SOON = 0.05
"""Seconds that a timer of the panel runs where a test waits for what it does, not for the time."""

IP_RECVERR = 11
"""Linux: have errors that datagrams met on their way told to the socket that sent them, connected or not."""

Kind: TypeAlias = Literal["tcp", "udp"]

_T = TypeVar("_T")

# No keepalive, and no repeats: what is sent is what the test sends.
_QUIET = ClientSettings(keepalive=0, request_timeout=1e6, request_repeat=1e6, handshake_repeat=1e6)

_REPEATING = ClientSettings(keepalive=0, request_repeat=0.1, handshake_repeat=0.1, max_repeats=100)
"""For where a datagram may get lost: as long as the test has patience."""

LONG_REQUEST = RawRequest(Message(200, bytes(40)))
"""A message of several blocks: the panel tells where it ends though the last one is damaged."""


@pytest.fixture(params=["tcp", "udp"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return "tcp" if request.param == "tcp" else "udp"


class Recorder:
    """What a panel saw, for several threads."""

    def __init__(self) -> None:
        self.events: list[PeerEvent[Hashable]] = []
        self._more = threading.Condition()

    def __call__(self, event: PeerEvent[Hashable]) -> None:
        with self._more:
            self.events.append(event)
            self._more.notify_all()

    @property
    def ends(self) -> list[ControllerEndReason]:
        return [event.reason for _, event in self.events if isinstance(event, ControllerSessionEnded)]

    def first_end(self) -> ControllerEndReason:
        with self._more:
            assert self._more.wait_for(lambda: self.ends, PATIENCE)
            return self.ends[0]


class Caller:
    """A client machine driven by hand over a blocking socket."""

    def __init__(self, connected: socket.socket, framing: Framing, settings: ClientSettings = _QUIET) -> None:
        connected.settimeout(PATIENCE)
        self._settings = settings
        self.socket = connected
        self._framing = framing
        self._renew()

    def _renew(self) -> None:
        self.events: list[ClientEvent] = []
        self.machine = ClientConnection(KEY, framing=self._framing, settings=self._settings)

    def connect(self) -> None:
        """Open a session, or another one where the last one was lost."""
        if self.machine.state is ConnectionState.CLOSED:
            self._renew()
        self.machine.connect(time.monotonic())
        self.serve_until(lambda: self.machine.state is ConnectionState.ONLINE)

    def write(self) -> None:
        while (event := self.machine.next_event()) is not None:
            self.events.append(event)
        for packet in self.machine.data_to_send():
            self.socket.sendall(packet)

    def serve_until(self, done: Callable[[], object]) -> None:
        self.write()
        while not done():
            due = self.machine.next_timeout()
            left = PATIENCE if due is None else min(max(due - time.monotonic(), 0.001), PATIENCE)
            self.socket.settimeout(left)
            try:
                data = self.socket.recv(65536)
            except TimeoutError:
                assert left < PATIENCE, "nothing came"
                self.machine.handle_timeout(time.monotonic())
            else:
                if data:
                    self.machine.receive_data(data, time.monotonic())
                else:
                    self.machine.receive_eof(time.monotonic())
            self.write()

    def ask(self, request: Request[_T]) -> _T:
        request_id = self.machine.send(request, time.monotonic())
        found: list[ReplyReceived | RequestFailed] = []

        def is_over() -> bool:
            found[:] = [
                event
                for event in self.events
                if isinstance(event, ReplyReceived | RequestFailed) and event.request_id == request_id
            ]
            return bool(found)

        self.serve_until(is_over)
        if isinstance(found[0], RequestFailed):
            raise found[0].error
        return request.accept(parse_message(found[0].message))

    def unit(self, index: int) -> UnitStatus:
        (record,) = self.ask(RequestObjectStatus(ObjectType.UNIT, index, index)).records
        assert isinstance(record, UnitStatus)
        return record

    def listen(self) -> None:
        self.ask(EnableNotifications(1))
        self.events.clear()

    def is_told(self) -> bool:
        return any(isinstance(event, NotificationReceived) for event in self.events)

    def end(self) -> SessionEnded:
        """Wait for the session to end."""
        self.serve_until(lambda: self.machine.state is ConnectionState.CLOSED)
        return next(event for event in self.events if isinstance(event, SessionEnded))


@contextmanager
def calling(served: ServedPanel, kind: Kind, settings: ClientSettings = _QUIET) -> Iterator[Caller]:
    """Connect a client to a panel, without a session yet."""
    with closing(socket.socket(type=socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)) as connected:
        connected.settimeout(PATIENCE)
        connected.connect((served.host, served.port))
        yield Caller(connected, Framing.STREAM if kind == "tcp" else Framing.DATAGRAM, settings)


@contextmanager
def online(served: ServedPanel, kind: Kind, settings: ClientSettings = _QUIET) -> Iterator[Caller]:
    with calling(served, kind, settings) as caller:
        caller.connect()
        yield caller


def own_link(served: ServedPanel) -> Caller:
    near, far = socket.socketpair(type=socket.SOCK_DGRAM)
    served.serve_datagram_link(far)
    return Caller(near, Framing.DATAGRAM)


def own_stream(served: ServedPanel) -> Caller:
    near, far = socket.socketpair()
    served.serve_stream(far)
    return Caller(near, Framing.STREAM)


def is_end(event: ClientEvent, request_id: int) -> bool:
    return isinstance(event, ReplyReceived | RequestFailed) and event.request_id == request_id


def change_unit(panel: EmulatedPanel[Hashable], now: float, state: int = 1) -> None:
    panel.house.units[1].state = state
    panel.push([(ObjectType.UNIT, 1)], now)


def panel_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "omnilink panel"]


# Sessions.


def test_a_client_asks_and_is_answered_and_leaves(kind: Kind) -> None:
    recorder = Recorder()
    with (
        MockPanel(controller_key=KEY, observe=recorder).serve(transport=kind) as served,
        online(served, kind) as caller,
    ):
        assert caller.ask(RequestSystemInformation()).phone == "5551234"
        caller.ask(turn_unit_on(1))
        assert caller.unit(1).state == 1
        caller.machine.close(time.monotonic())
        assert caller.end().error is None
        assert recorder.ends == [ControllerEndReason.CLIENT_TERMINATED]
        kinds = [type(event) for _, event in recorder.events]
        assert kinds == [SessionStarted, *[RequestReceived] * 3, ControllerSessionEnded]
        assert served.act(lambda panel, _: panel.session_count) == 0


def test_several_clients_share_a_house_and_are_told_what_the_others_do(kind: Kind) -> None:
    with (
        MockPanel(controller_key=KEY).serve(transport=kind) as served,
        online(served, kind) as one,
        online(served, kind) as two,
        online(served, kind) as three,
    ):
        two.listen()
        three.listen()
        one.ask(turn_unit_on(1))
        for caller in (two, three):
            caller.serve_until(caller.is_told)
            assert caller.unit(1).state == 1
        assert not one.is_told()
        assert served.act(lambda panel, _: panel.session_count) == 3


def test_a_client_on_a_socket_of_its_own() -> None:
    recorder = Recorder()
    with (
        MockPanel(controller_key=KEY, observe=recorder).serve() as served,
        closing(own_stream(served).socket) as near,
    ):
        caller = Caller(near, Framing.STREAM)
        caller.connect()
        assert caller.unit(1).state == 0
        near.close()
        assert recorder.first_end() is ControllerEndReason.LOST


def test_a_client_on_a_datagram_link_of_its_own() -> None:
    with MockPanel(controller_key=KEY).serve(transport="udp") as served:
        caller = own_link(served)
        with closing(caller.socket), online(served, "udp") as other:
            caller.connect()
            other.listen()
            caller.ask(turn_unit_on(1))
            other.serve_until(other.is_told)
            caller.machine.close(time.monotonic())
            caller.end()
            # The same link may be used again.
            caller.connect()
            assert caller.unit(1).state == 1


def test_a_panel_serves_what_its_transport_carries() -> None:
    near, far = socket.socketpair()
    with closing(near), closing(far):
        with (
            MockPanel(controller_key=KEY).serve(transport="udp") as served,
            pytest.raises(LocalProtocolError, match="datagrams never are"),
        ):
            served.serve_stream(far)
        with (
            MockPanel(controller_key=KEY).serve() as served,
            pytest.raises(LocalProtocolError, match="serve it over udp"),
        ):
            served.serve_datagram_link(far)
        with pytest.raises(LocalProtocolError, match="enter its context"):
            served.serve_stream(far)
    panel = MockPanel(controller_key=KEY)
    with pytest.raises(LocalProtocolError, match="'carrier pigeon'"):
        panel.serve(transport="carrier pigeon")  # type: ignore[arg-type]
    with pytest.raises(LocalProtocolError):
        MockPanel(controller_key=b"short")


def test_a_port_that_is_taken_is_told() -> None:
    before = panel_threads()
    with MockPanel(controller_key=KEY).serve() as served:
        other = MockPanel(controller_key=KEY).serve(port=served.port)
        with pytest.raises(OSError, match="in use"), other:
            pytest.fail("two panels listen in one place")
        with pytest.raises(LocalProtocolError, match="being served"), served:
            pytest.fail("it is served already")
    assert panel_threads() == before


# Time.


def test_a_client_that_says_nothing_is_let_go_in_time() -> None:
    settings = ControllerSettings(handshake_timeout=SOON)
    with MockPanel(controller_key=KEY, settings=settings).serve() as served, calling(served, "tcp") as caller:
        assert caller.socket.recv(1) == b""


def test_a_timer_that_another_thread_sets_is_kept(kind: Kind) -> None:
    with MockPanel(controller_key=KEY).serve(transport=kind) as served, online(served, kind) as caller:
        caller.listen()

        def turn_on_for_a_moment(panel: EmulatedPanel[Hashable], now: float) -> None:
            unit = panel.house.units[1]
            unit.state, unit.state_after = 1, 0
            panel.house.timers.start(Timer.UNIT, 1, now + SOON)

        served.act(turn_on_for_a_moment)
        caller.serve_until(caller.is_told)
        assert caller.unit(1).state == 0


# Acting on the panel.


def test_what_another_thread_does_to_the_panel_is_told_at_once(kind: Kind) -> None:
    with MockPanel(controller_key=KEY).serve(transport=kind) as served, online(served, kind) as caller:
        caller.listen()
        threads = [threading.Thread(target=served.act, args=(change_unit,)) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        caller.serve_until(lambda: sum(isinstance(e, NotificationReceived) for e in caller.events) == 10)
        assert served.act(lambda panel, _: panel.house.units[1].state) == 1

        def fail(panel: EmulatedPanel[Hashable], now: float) -> None:
            change_unit(panel, now, 0)
            raise LookupError("of the caller's own")

        caller.events.clear()
        with pytest.raises(LookupError):
            served.act(fail)
        caller.serve_until(caller.is_told)
        assert caller.unit(1).state == 0


def test_a_reboot_loses_all_sessions_and_keeps_the_house(kind: Kind) -> None:
    with MockPanel(controller_key=KEY).serve(transport=kind) as served, online(served, kind) as caller:
        caller.ask(turn_unit_on(1))
        served.reboot()
        assert served.act(lambda panel, _: panel.session_count) == 0
        if kind == "udp":
            # Nothing was sent: the client finds out when it asks.
            with pytest.raises(OmniConnectionError):
                caller.ask(RequestSystemInformation())
        else:
            assert caller.socket.recv(1) == b""
            caller.machine.receive_eof(time.monotonic())
        assert isinstance(caller.end().error, OmniConnectionError)
        with online(served, kind) as again:
            assert again.unit(1).state == 1
        if kind == "udp":
            caller.connect()
            assert caller.unit(1).state == 1


def test_a_reboot_in_the_middle_of_a_request_leaves_it_unanswered(kind: Kind) -> None:
    observed: list[PeerEvent[Hashable]] = []

    def observe(event: PeerEvent[Hashable]) -> None:
        observed.append(event)
        if isinstance(event.event, RequestReceived) and event.event.message.data[:1] == bytes((1,)):
            served.reboot()

    with (
        MockPanel(controller_key=KEY, observe=observe).serve(transport=kind) as served,
        online(served, kind) as caller,
    ):
        caller.machine.send(ControllerCommand(Command.UNIT_ON, 0, 1), time.monotonic())
        caller.write()
        if kind == "tcp":
            assert caller.socket.recv(1) == b""
        with online(served, kind) as again:
            assert again.unit(1).state == 1


def test_what_an_observer_does_cuts_nothing_off() -> None:
    def observe(event: PeerEvent[Hashable]) -> None:
        if isinstance(event.event, PacketDropped):
            served.act(change_unit)

    with (
        MockPanel(controller_key=KEY, observe=observe).serve() as served,
        online(served, "tcp") as caller,
    ):
        # Two packets in one piece, the first one damaged where the panel still finds the next.
        request_id = caller.machine.send(LONG_REQUEST, time.monotonic())
        (packet,) = caller.machine.data_to_send()
        caller.socket.sendall(packet[:-1] + bytes((packet[-1] ^ 0xFF,)) + packet)
        caller.serve_until(lambda: any(is_end(event, request_id) for event in caller.events))
        assert caller.unit(1).state == 1


# Leaving.


def test_leaving_ends_every_session_and_closes_every_socket(kind: Kind) -> None:
    before = panel_threads()
    recorder = Recorder()
    panel = MockPanel(controller_key=KEY, observe=recorder)
    served = panel.serve(transport=kind)
    with calling_later(kind) as (one, two), served:
        for connected in (one, two):
            connected.connect((served.host, served.port))
        callers = [Caller(each, Framing.STREAM if kind == "tcp" else Framing.DATAGRAM) for each in (one, two)]
        for caller in callers:
            caller.connect()
        served.__exit__(None, None, None)
        for caller in callers:
            assert caller.end().reason is EndReason.TERMINATED
        assert recorder.ends == [ControllerEndReason.TERMINATED] * 2
        assert served.panel.session_count == 0
        assert panel_threads() == before
        # It may be entered again, where it was.
        port = served.port
        served.__enter__()
        assert served.port == port
        with online(served, kind) as caller:
            assert caller.ask(RequestSystemInformation()).phone == "5551234"
    assert panel_threads() == before


def test_who_is_behind_hears_of_the_end_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel_clients, "GRACE", PATIENCE)
    served = MockPanel(controller_key=KEY).serve()
    served.__enter__()
    caller = own_stream(served)
    with closing(caller.socket):
        caller.connect()
        caller.listen()
        while not any(client.behind for client in served._clients.values()):
            served.act(change_unit)
        leaving = threading.Thread(target=served.__exit__, args=(None, None, None))
        leaving.start()
        assert caller.end().reason is EndReason.TERMINATED
        leaving.join(PATIENCE)
        assert not leaving.is_alive()


@contextmanager
def calling_later(kind: Kind) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Return two sockets that are not connected."""
    with (
        closing(socket.socket(type=socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)) as one,
        closing(socket.socket(type=socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)) as two,
    ):
        yield one, two


def test_leaving_closes_sockets_of_others_making_too() -> None:
    with MockPanel(controller_key=KEY).serve() as served:
        stream = own_stream(served)
    with closing(stream.socket):
        assert stream.socket.recv(1) == b""
    with MockPanel(controller_key=KEY).serve(transport="udp") as served:
        link = own_link(served)
        link.connect()
    with closing(link.socket):
        assert isinstance(link.end().error, OmniConnectionError)


def test_what_an_observer_raises_is_raised_where_the_context_is_left(kind: Kind) -> None:
    def observe(event: PeerEvent[Hashable]) -> None:
        if isinstance(event.event, RequestReceived):
            raise LookupError("of the observer's own")

    served = MockPanel(controller_key=KEY, observe=observe).serve(transport=kind)
    served.__enter__()
    with online(served, kind) as caller:
        caller.machine.send(RequestSystemInformation(), time.monotonic())
        caller.write()
        assert isinstance(caller.end().error, OmniConnectionError)
    with pytest.raises(LookupError, match="observer's own"):
        served.__exit__(None, None, None)


# Clients that misbehave.


def test_a_client_that_does_not_read_holds_nobody_up_and_is_let_go() -> None:
    recorder = Recorder()
    with MockPanel(controller_key=KEY, observe=recorder).serve() as served:
        slow = own_stream(served)
        with closing(slow.socket), online(served, "tcp") as other:
            slow.connect()
            slow.listen()

            def change_much(panel: EmulatedPanel[Hashable], now: float) -> None:
                for _ in range(100):
                    change_unit(panel, now)

            rounds = 0
            while not recorder.ends:
                served.act(change_much)
                assert other.unit(1).state == 1
                rounds += 1
                assert rounds < 10_000, "what nobody reads is kept without bound"
            assert rounds * 100 > _MOST_BEHIND, "it was let go too early"
            assert recorder.ends == [ControllerEndReason.LOST]
            assert other.ask(RequestSystemInformation()).phone == "5551234"
            while slow.socket.recv(1 << 20):
                pass


def test_a_client_that_vanishes_holds_nobody_up(kind: Kind) -> None:
    with MockPanel(controller_key=KEY).serve(transport=kind) as served, online(served, kind) as other:
        for _ in range(3):
            with online(served, kind) as gone:
                gone.listen()
                if kind == "tcp":
                    # Closed like this, a socket resets its connection.
                    gone.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            for _ in range(3):
                served.act(change_unit)
                assert other.unit(1).state == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells unconnected sockets on request")
def test_sending_to_who_listens_no_more_does_not_end_the_serving() -> None:
    with (
        MockPanel(controller_key=KEY).serve(transport="udp") as served,
        online(served, "udp", _REPEATING) as other,
    ):
        assert served._datagrams is not None
        served._datagrams.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
        with online(served, "udp") as gone:
            gone.listen()
        for _ in range(10):
            served.act(change_unit)
            assert other.unit(1).state == 1
        with online(served, "udp", _REPEATING) as again:
            assert again.unit(1).state == 1


def test_garbage_is_no_danger(kind: Kind) -> None:
    with MockPanel(controller_key=KEY).serve(transport=kind) as served, online(served, kind) as other:
        with calling(served, kind) as caller:
            caller.socket.sendall(b"\xff" * 1000)
            if kind == "udp":
                caller.socket.send(b"")
                caller.connect()
            else:
                assert caller.socket.recv(1) == b""
        assert other.unit(1).state == 0

"""A panel with a plan of faults and its clients, on streams and datagrams, in virtual time: no sockets."""

from typing import TypeVar

from omnilink_sansio import (
    ClientConnection,
    ClientEvent,
    ClientSettings,
    ConnectionState,
    ControllerSettings,
    Framing,
    NotificationReceived,
    OmniLinkError,
    Packet,
    PacketDropped,
    PacketType,
    PeerEvent,
    ReplyReceived,
    Request,
    RequestFailed,
    SessionEnded,
    parse_message,
)
from omnilink_sansio.events import Notification
from omnilink_sansio.simulator import EmulatedPanel, FaultPlan, House, demo_house
from omnilink_sansio.system import EnableNotifications
from tests.simulator.driver import KEY

_T = TypeVar("_T")

START = 1000.0

QUIET = ClientSettings(keepalive=0)
"""No keepalive: what is sent is what the test sends."""

ENDLESS = ControllerSettings(idle_timeout=0)


class FaultyWorld:
    """Clients named by a string, one panel with faults, and the time in ``seconds`` since its first input."""

    def __init__(
        self,
        plan: str | FaultPlan = "",
        *,
        seed: int = 0,
        gap: float = 0.0,
        framing: Framing | None = None,
        settings: ControllerSettings = ENDLESS,
        client_settings: ClientSettings = QUIET,
        house: House | None = None,
    ) -> None:
        self.now = START
        self.house = demo_house() if house is None else house
        self.observed: list[PeerEvent[str]] = []
        self.changes: list[Notification] = []
        self._client_settings = client_settings
        self._sessions = 0
        self.panel: EmulatedPanel[str] = EmulatedPanel(
            KEY,
            self.house,
            self._session_id,
            framing=framing,
            settings=settings,
            observe=self.observed.append,
            observe_changes=self.changes.append,
            faults=FaultPlan.parse(plan, seed) if isinstance(plan, str) else plan,
            notification_gap=gap,
        )
        # The clock of a plan begins with the first input.
        self.panel.handle_timeout(self.now)
        self.clients: dict[str, ClientConnection] = {}
        self.events: dict[str, list[ClientEvent]] = {}
        self.written: dict[str, list[tuple[float, bytes]]] = {}
        """What the panel wrote to each client, and after how many seconds."""
        self._hung_up: set[str] = set()
        self._steps_now = 0

    @property
    def seconds(self) -> float:
        """The time since the panel's first input."""
        return self.now - START

    def _session_id(self) -> bytes:
        self._sessions += 1
        return self._sessions.to_bytes(5, "big")

    def connect(self, peer: str = "one", framing: Framing = Framing.STREAM) -> ClientConnection:
        """Open a new client's session, without waiting for it; a name may return with a new client."""
        client = self.clients[peer] = ClientConnection(KEY, framing=framing, settings=self._client_settings)
        self.events[peer] = []
        self.written[peer] = []
        self._hung_up.discard(peer)
        if framing is Framing.STREAM:
            self.panel.accept(peer, self.now)
        client.connect(self.now)
        self.pump()
        return client

    def pump(self) -> None:
        """Carry what is written both ways until there is nothing more now."""
        moved = True
        while moved:
            moved = False
            for peer, client in self.clients.items():
                while (event := client.next_event()) is not None:
                    self.events[peer].append(event)
                for packet in client.data_to_send():
                    self.panel.receive_data(peer, packet, self.now)
                    moved = True
            for peer, data in self.panel.data_to_send():
                self.written[peer].append((self.seconds, data))
                self.clients[peer].receive_data(data, self.now)
                moved = True
            for peer, client in self.clients.items():
                moved = self._hang_up(peer, client) or moved

    def _hang_up(self, peer: str, client: ClientConnection) -> bool:
        over = ConnectionState.CLOSED in (client.state, self.panel.state(peer))
        if client.framing is Framing.DATAGRAM or not over or peer in self._hung_up:
            return False
        self._hung_up.add(peer)
        client.receive_eof(self.now)
        self.panel.receive_eof(peer, self.now)
        return True

    def next_moment(self) -> float | None:
        """Return when something is due at either end."""
        moments = [self.panel.next_timeout(), *(client.next_timeout() for client in self.clients.values())]
        return min((moment for moment in moments if moment is not None), default=None)

    def step(self, until: float) -> bool:
        """Go to the next moment when something is due, at most ``until``; return whether there was one."""
        moment = self.next_moment()
        if moment is None or moment > until:
            return False
        due = self.panel.next_timeout()
        assert due is None or due >= self.now, "something overdue at the panel was not reported"
        # A keepalive that waited for a reply is late when that comes spoilt: due at once, but not for ever.
        moment = max(moment, self.now)
        self._steps_now = self._steps_now + 1 if moment == self.now else 0
        assert self._steps_now < 20, "something that was done is still due"
        self.now = moment
        if due is not None and due <= moment:
            self.panel.handle_timeout(moment)
        for client in self.clients.values():
            due = client.next_timeout()
            if due is not None and due <= moment:
                client.handle_timeout(moment)
        self.pump()
        return True

    def go_to(self, seconds: float) -> None:
        """Let time go on to so many seconds after the panel's first input."""
        while self.step(START + seconds):
            pass
        self.now = START + seconds

    def ask(self, request: Request[_T], peer: str = "one") -> _T:
        """Send a request, wait, and return what it makes of the reply, or raise what it ended with."""
        request_id = self.clients[peer].send(request, self.now)
        self.pump()
        for _ in range(1000):
            for event in self.events[peer]:
                if isinstance(event, ReplyReceived) and event.request_id == request_id:
                    return request.accept(parse_message(event.message))
                if isinstance(event, RequestFailed) and event.request_id == request_id:
                    raise event.error
            assert self.step(START + 1e6), "the request hangs"
        raise AssertionError("the request hangs")

    def listen(self, peer: str = "one") -> None:
        """Enable notifications and forget what was written and told before."""
        self.ask(EnableNotifications(1), peer)
        self.written[peer].clear()
        self.events[peer].clear()

    def types(self, peer: str = "one") -> list[int]:
        """Return the types of the packets that were written, where each was written by itself."""
        return [Packet.decode(data).type for _, data in self.written[peer]]

    def times(self, peer: str = "one") -> list[float]:
        """Return when something was written."""
        return [round(seconds, 6) for seconds, _ in self.written[peer]]

    def messages(self, peer: str = "one") -> list[tuple[float, int]]:
        """Return when messages were written, and their sequence numbers."""
        packets = [(round(seconds, 6), Packet.decode(data)) for seconds, data in self.written[peer]]
        return [
            (seconds, packet.sequence)
            for seconds, packet in packets
            if packet.type == PacketType.OMNI_LINK_II_MESSAGE
        ]

    def dropped(self, peer: str = "one") -> list[PacketDropped]:
        """Return what the client did not act on."""
        return [event for event in self.events[peer] if isinstance(event, PacketDropped)]

    def notified(self, peer: str = "one") -> int:
        """Return how many notifications the client got."""
        return sum(isinstance(event, NotificationReceived) for event in self.events[peer])

    def error(self, peer: str = "one") -> OmniLinkError | None:
        """Return what ended a client's session."""
        (ended,) = [event for event in self.events[peer] if isinstance(event, SessionEnded)]
        return ended.error

    def is_online(self, peer: str = "one") -> bool:
        """Whether both ends hold the session open."""
        return self.clients[peer].state is self.panel.state(peer) is ConnectionState.ONLINE

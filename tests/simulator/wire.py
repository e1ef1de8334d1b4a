"""An emulated panel and plain clients joined in memory, bytes in and bytes out, in virtual time."""

from collections import deque
from collections.abc import Callable

from omnilink_sansio import ConnectionState, ControllerSettings, Framing
from omnilink_sansio.simulator import EmulatedPanel, House, parse_stimulus
from tests.simulator.driver import KEY, still_house
from tests.simulator.plain_client import Packet, PlainClient

ACK, NAK, END = b"\1", b"\2", b"\3"
"""Type and data of the replies without data: the length byte of each is 1."""


class Wire:
    """A panel and what its clients hear of it; every session's ID is given, the first is A1B2C3D401."""

    def __init__(
        self,
        house: House | None = None,
        *,
        framing: Framing = Framing.STREAM,
        settings: ControllerSettings | None = None,
        now: float = 1000.0,
    ) -> None:
        self.now = now
        self.house = still_house() if house is None else house
        self.framing = framing
        self.sessions = 0
        self.panel: EmulatedPanel[str] = EmulatedPanel(
            KEY,
            self.house,
            self._session_id,
            framing=framing,
            settings=settings or ControllerSettings(idle_timeout=0),
        )
        self.came: dict[str, deque[bytes]] = {}
        """What came to each client and was not read yet, each item one write of the panel."""

    def _session_id(self) -> bytes:
        self.sessions += 1
        return b"\xa1\xb2\xc3\xd4" + bytes((self.sessions,))

    def client(
        self,
        peer: str = "one",
        *,
        key: bytes = KEY,
        observe: Callable[[bool, Packet], None] = lambda _sent, _packet: None,
    ) -> PlainClient:
        """Return a new client that has said nothing yet."""
        self.came[peer] = deque()
        if self.framing is Framing.STREAM:
            self.panel.accept(peer, self.now)
        return PlainClient(key, _Carrier(self, peer), observe=observe)

    def online(self, peer: str = "one") -> PlainClient:
        """Return a new client with a session."""
        return self.client(peer).connect()

    def deliver(self) -> None:
        """Bring what the panel has to say to the clients."""
        for peer, packet in self.panel.data_to_send():
            self.came[peer].append(packet)

    def happens(self, text: str) -> None:
        """Have something happen in the house."""
        self.panel.happen(parse_stimulus(text), self.now)
        self.deliver()

    def advance(self, seconds: float, after_each: Callable[[], None] = lambda: None) -> None:
        """Let time go by; ``after_each`` is called when something was due and done."""
        end = self.now + seconds
        while (due := self.panel.next_timeout()) is not None and due <= end:
            self.now = due
            self.panel.handle_timeout(due)
            self.deliver()
            after_each()
        self.now = end

    def is_closed(self, peer: str = "one") -> bool:
        """Whether the panel has done with a client's connection."""
        return self.panel.state(peer) is ConnectionState.CLOSED


class _Carrier:
    def __init__(self, wire: Wire, peer: str) -> None:
        self._wire = wire
        self._peer = peer

    def send(self, data: bytes) -> None:
        self._wire.panel.receive_data(self._peer, data, self._wire.now)
        self._wire.deliver()

    def receive(self) -> bytes:
        came = self._wire.came[self._peer]
        return came.popleft() if came else b""

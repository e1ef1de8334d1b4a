"""An emulated panel and its clients joined in memory, in virtual time: no sockets, no waiting."""

from collections.abc import Sequence
from typing import TypeVar

from omnilink_sansio import (
    ClientConnection,
    ClientEvent,
    ClientSettings,
    ConnectionState,
    ControllerSettings,
    Message,
    MessageRecord,
    NotificationReceived,
    OmniLinkError,
    Packet,
    Payload,
    PeerEvent,
    RawRequest,
    ReplyReceived,
    Request,
    RequestFailed,
    SessionEnded,
    parse_message,
)
from omnilink_sansio.commands import Command, ControllerCommand
from omnilink_sansio.events import Notification, parse_notification
from omnilink_sansio.session.events import RequestId
from omnilink_sansio.simulator import EmulatedPanel, House, demo_house
from omnilink_sansio.system import EnableNotifications

_T = TypeVar("_T")

KEY = bytes(range(16))


def still_house() -> House:
    """Return the demo house with rooms that stay as warm as they are: what changes is what the test does."""
    house = demo_house()
    for thermostat in house.thermostats.values():
        thermostat.seconds_per_step = 0
    return house


class Driver:
    """Clients named by a string, one panel, and the time; ``connect`` opens a client's session.

    ``at_once`` is how many requests a client has in flight; `exchanges` costs much less with many.
    """

    def __init__(
        self,
        house: House | None = None,
        *,
        settings: ControllerSettings | None = None,
        now: float = 1000.0,
        at_once: int = 1,
    ) -> None:
        self.now = now
        # No keepalive: what is sent is what the test sends.
        self._client_settings = ClientSettings(keepalive=0, request_timeout=1e6, max_in_flight=at_once)
        self.house = still_house() if house is None else house
        self.observed: list[PeerEvent[str]] = []
        # A session is not to end because a test lets an hour go by.
        settings = settings or ControllerSettings(idle_timeout=0)
        self.panel: EmulatedPanel[str] = EmulatedPanel(
            KEY, self.house, self._session_id, settings=settings, observe=self.observed.append
        )
        self.clients: dict[str, ClientConnection] = {}
        self.events: dict[str, list[ClientEvent]] = {}
        self.packets: dict[str, list[Packet]] = {}
        """What the panel sent to each client."""
        self._sessions = 0

    def _session_id(self) -> bytes:
        self._sessions += 1
        return self._sessions.to_bytes(5, "big")

    def connect(self, peer: str = "one", key: bytes = KEY) -> ClientConnection:
        """Open a stream of a new client and let the two shake hands."""
        client = self.clients[peer] = ClientConnection(key, settings=self._client_settings)
        self.events[peer] = []
        self.packets[peer] = []
        self.panel.accept(peer, self.now)
        client.connect(self.now)
        self.pump()
        return client

    def pump(self) -> None:
        """Carry packets both ways until there are none."""
        moved = True
        while moved:
            moved = False
            for peer, client in self.clients.items():
                self._pull(peer)
                for packet in client.data_to_send():
                    self.panel.receive_data(peer, packet, self.now)
                    moved = True
            for peer, packet in self.panel.data_to_send():
                self.packets[peer].append(Packet.decode(packet))
                self.clients[peer].receive_data(packet, self.now)
                moved = True

    def _pull(self, peer: str) -> None:
        while (event := self.clients[peer].next_event()) is not None:
            self.events[peer].append(event)

    def send(self, request: Request[object], peer: str = "one") -> RequestId:
        """Send a request without waiting for anything."""
        return self.clients[peer].send(request, self.now)

    def ask(self, request: Request[_T], peer: str = "one") -> _T:
        """Send a request and return what it makes of the reply, or raise what it ended with."""
        return request.accept(parse_message(self._answer(request, peer)))

    def _answer(self, request: Request[object], peer: str) -> Message:
        """Send a request and return its reply's message, or raise what it ended with."""
        (reply,) = self._answers([request], peer)
        return reply

    def _answers(self, requests: Sequence[Request[object]], peer: str) -> list[Message]:
        """Send requests in one go and return their replies' messages, or raise what one of them ended with."""
        before = len(self.events[peer])
        request_ids = [self.send(request, peer) for request in requests]
        self.pump()
        replies: dict[RequestId, Message] = {}
        # Only what came since: a long run's events are not all looked through for each reply.
        for event in self.events[peer][before:]:
            if isinstance(event, ReplyReceived):
                replies[event.request_id] = event.message
            elif isinstance(event, RequestFailed) and event.request_id in request_ids:
                raise event.error
        for request, request_id in zip(requests, request_ids, strict=True):
            assert request_id in replies, f"{request.title} was not answered"
        return [replies[request_id] for request_id in request_ids]

    def exchange(self, message: Message | MessageRecord, peer: str = "one") -> Message:
        """Send any message and return the reply as it comes."""
        (reply,) = self.exchanges([message], peer)
        return reply

    def exchanges(self, messages: Sequence[Message | MessageRecord], peer: str = "one") -> list[Message]:
        """Send messages in one go and return the replies as they come."""
        sent = [item if isinstance(item, Message) else item.to_message() for item in messages]
        return self._answers([RawRequest(message) for message in sent], peer)

    def reply(self, message: Message | MessageRecord, peer: str = "one") -> Payload:
        """Send any message and return the typed reply."""
        return parse_message(self.exchange(message, peer))

    def replies(self, messages: Sequence[Message | MessageRecord], peer: str = "one") -> list[Payload]:
        """Send messages in one go and return the typed replies."""
        return [parse_message(reply) for reply in self.exchanges(messages, peer)]

    def command(self, command: Command, parameter1: int = 0, parameter2: int = 0, peer: str = "one") -> None:
        """Have a command carried out; raises `CommandFailedError` when the panel refuses."""
        self.ask(ControllerCommand(command, parameter1, parameter2), peer)

    def listen(self, peer: str = "one") -> None:
        """Enable notifications and forget what was pushed before."""
        self.ask(EnableNotifications(1), peer)
        self.pushed(peer)

    def pushed(self, peer: str = "one") -> list[Message]:
        """Return what was pushed since this was last asked."""
        found = [event.message for event in self.events[peer] if isinstance(event, NotificationReceived)]
        self.events[peer] = [
            event for event in self.events[peer] if not isinstance(event, NotificationReceived)
        ]
        return found

    def told(self, peer: str = "one") -> list[Notification]:
        """Return what was pushed since this was last asked, one by one."""
        return [item for message in self.pushed(peer) for item in parse_notification(message)]

    def forget(self) -> None:
        """Forget everything that came to the clients, and what the panel saw."""
        self.observed.clear()
        for peer in self.clients:
            self.events[peer].clear()
            self.packets[peer].clear()

    def advance(self, seconds: float) -> None:
        """Let time go by: every timer runs when it is due, not later."""
        end = self.now + seconds
        while (due := self.panel.next_timeout()) is not None and due <= end:
            assert due >= self.now, "a timer that is overdue was not reported"
            self.now = due
            self.panel.handle_timeout(due)
            self.pump()
            again = self.panel.next_timeout()
            assert again is None or again > due, "a timer that ran is still due"
        self.now = end

    def error(self, peer: str = "one") -> OmniLinkError | None:
        """Return what ended a client's session."""
        (ended,) = [event for event in self.events[peer] if isinstance(event, SessionEnded)]
        return ended.error

    def is_online(self, peer: str = "one") -> bool:
        """Whether both ends hold the session open."""
        return self.clients[peer].state is self.panel.state(peer) is ConnectionState.ONLINE

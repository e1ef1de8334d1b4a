"""Many clients and their panels in virtual time, without sockets: what a client weighs, and what it costs."""

import gc
import tracemalloc
from time import process_time
from typing import NamedTuple

from omnilink_sansio import ClientConnection, ControllerConnection, Message, RequestReceived
from omnilink_sansio.client.dispatcher import Dispatcher
from omnilink_sansio.messages.dialect import OMNI_LINK_2
from omnilink_sansio.objects import ObjectType, RequestObjectStatus
from omnilink_sansio.session.events import ClientEvent
from tests.benchmarks.machine import KEY, SESSION_ID, exchanges, online_client, replies

__all__ = ["MachineFigures", "machine_figures"]

_REQUEST = RequestObjectStatus(ObjectType.UNIT, 1, 2)
_REPLY = Message(0x23, bytes.fromhex("0200010100000002640000"))
_KEPT_ALIVE = Message(0x19, bytes(14))
"""System status: what a keepalive is answered with."""


class MachineFigures(NamedTuple):
    """What so many clients did and took."""

    replies: int
    """How many replies came, those to keepalives included."""
    bytes_each: float
    """What a client's machine and its dispatcher weigh while it is online and idle, by tracemalloc."""
    cpu_each: float
    """CPU seconds that a client and its panel take for one session: see `machine_figures`."""


class Pair:
    """A client and a panel of its own."""

    def __init__(self, panel: ControllerConnection) -> None:
        self.panel = panel
        self.replies = 0
        self.client = ClientConnection(KEY)
        self.dispatcher = Dispatcher(self.client, _ignore, dialect=OMNI_LINK_2)
        self.client.connect(0.0)
        self.carry(0.0)
        assert self.dispatcher.is_online

    def carry(self, now: float) -> None:
        """Carry packets to and fro until neither end has any more."""
        while packets := self.client.data_to_send():
            self.panel.receive_data(b"".join(packets), now)
            while (event := self.panel.next_event()) is not None:
                if isinstance(event, RequestReceived):
                    is_asked = event.message.type == _REQUEST.OPCODE
                    self.panel.reply(event, _REPLY if is_asked else _KEPT_ALIVE, now)
                    self.replies += 1
            self.client.receive_data(b"".join(self.panel.data_to_send()), now)
            self.dispatcher.dispatch()

    def ask(self, now: float) -> None:
        """Send a request, and have it answered."""
        reply = self.dispatcher.submit(_REQUEST, _nobody, now)
        self.carry(now)
        assert reply.is_settled

    def wait(self, until: float) -> None:
        """Let the client's timers run."""
        while (due := self.client.next_timeout()) is not None and due <= until:
            self.client.handle_timeout(due)
            self.dispatcher.dispatch()
            self.carry(due)
        assert self.dispatcher.is_online


def _ignore(event: ClientEvent) -> None:
    """Observe nothing."""


def _nobody() -> None:
    """Wake nobody."""


def _weight(count: int) -> float:
    """Return what a client weighs that is online, has had the reply to a request, and is idle."""
    (reply,) = replies(exchanges()[0], 1)
    gc.collect()
    tracemalloc.start(1)
    try:
        before, _ = tracemalloc.get_traced_memory()
        clients = []
        for _ in range(count):
            dispatcher = Dispatcher(online_client(), _ignore, dialect=OMNI_LINK_2)
            dispatcher.submit(_REQUEST, _nobody, 1.0)
            dispatcher.machine.data_to_send()
            dispatcher.machine.receive_data(reply, 1.0)
            dispatcher.dispatch()
            dispatcher.machine.data_to_send()
            clients.append(dispatcher)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return (after - before) / count


def machine_figures(count: int, seconds: float = 600.0) -> MachineFigures:
    """Open so many clients of as many panels, weigh them, then have each ask once and be idle for so long.

    All are open at once. Raises `AssertionError` when one loses its session, or a reply.
    """
    Pair(ControllerConnection(KEY, lambda: SESSION_ID)).ask(1.0)  # caches are nobody's
    panels = [ControllerConnection(KEY, lambda: SESSION_ID) for _ in range(count)]
    bytes_each = _weight(count)
    gc.collect()
    began = process_time()
    pairs = [Pair(panel) for panel in panels]
    for pair in pairs:
        pair.ask(1.0)
    for pair in pairs:
        pair.wait(seconds)
    return MachineFigures(sum(pair.replies for pair in pairs), bytes_each, (process_time() - began) / count)

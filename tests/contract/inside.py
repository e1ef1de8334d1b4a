"""A blocking client of a panel that is inside its transport, and threads beside it."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from omnilink_sansio import (
    ClientSettings,
    ConnectionState,
    ControllerEndReason,
    ControllerSessionEnded,
    PeerEvent,
    RequestReceived,
)
from omnilink_sansio.objects import ObjectType
from omnilink_sansio.simulator import EmulatedPanel, demo_house
from omnilink_sync import OmniClient
from tests.anyio_adapter.homes import KEY, PATIENCE
from tests.anyio_adapter.scripts import SESSION_ID

__all__ = ["PATIENT", "PanelInside", "connected", "in_another_thread", "stop_waiting"]

CLIENT = "client"

PATIENT = ClientSettings(request_timeout=1e6, handshake_timeout=1e6)


class PanelInside:
    """A transport with an emulated panel in it, which acts whenever something is sent: nothing runs beside it."""

    def __init__(self) -> None:
        self.seen: list[object] = []
        self.house = demo_house()
        self.panel = EmulatedPanel(KEY, self.house, lambda: SESSION_ID, observe=self._observe)
        self.panel.accept(CLIENT, time.monotonic())
        self.is_closed = False
        self.before_receive: Callable[[], None] = lambda: None
        self.before_send: Callable[[], None] = lambda: None
        self._changed = threading.Condition()
        self._incoming: deque[bytes] = deque()

    def _observe(self, event: PeerEvent[str]) -> None:
        self.seen.append(event[1])

    @property
    def ends(self) -> list[ControllerEndReason]:
        """How the sessions ended that have."""
        return [event.reason for event in self.seen if isinstance(event, ControllerSessionEnded)]

    @property
    def request_count(self) -> int:
        """How many requests came."""
        return sum(isinstance(event, RequestReceived) for event in self.seen)

    def act(self, do: Callable[[EmulatedPanel[str], float], None]) -> None:
        """Do something to the panel."""
        with self._changed:
            do(self.panel, time.monotonic())
            self._incoming.extend(packet for _, packet in self.panel.data_to_send())
            self._changed.notify_all()

    def switch(self, *indices: int) -> None:
        """Turn units on, one after the other, at the house."""
        for index in indices:
            self.house.units[index].state = 1
            self.act(lambda panel, now, index=index: panel.push([(ObjectType.UNIT, index)], now))  # type: ignore[misc]

    def send(self, data: bytes) -> None:
        self.before_send()
        self.act(lambda panel, now: panel.receive_data(CLIENT, data, now))

    def receive(self, timeout: float) -> bytes | None:
        self.before_receive()
        with self._changed:
            self._changed.wait_for(lambda: self._incoming or self._is_over, min(timeout, PATIENCE))
            if self._incoming:
                return self._incoming.popleft()
            if self._is_over:
                raise EOFError
            return None

    @property
    def _is_over(self) -> bool:
        return self.is_closed or self.panel.state(CLIENT) is ConnectionState.CLOSED

    def close(self) -> None:
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()


@contextmanager
def connected(settings: ClientSettings = PATIENT) -> Iterator[tuple[OmniClient, PanelInside]]:
    """Have a client of a panel of its own."""
    inside = PanelInside()
    with OmniClient.over(inside, controller_key=KEY, settings=settings) as client:
        yield client, inside


def in_another_thread(do: Callable[[], object]) -> BaseException | None:
    """Do it in a thread of its own, to the end; return what it raises."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            do()
        except BaseException as error:  # noqa: BLE001 - it is what is asked for
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    return raised[0] if raised else None


def stop_waiting(event: threading.Event) -> None:
    assert event.wait(PATIENCE)

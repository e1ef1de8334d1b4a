"""A blocking connection that nobody served for a while looks at what came and what fell due before it sends."""

from collections import deque
from types import SimpleNamespace

import pytest

from omnilink_sansio import (
    ControllerSettings,
    EndReason,
    OmniConnectionError,
    PacketType,
    PeerEvent,
    RequestReceived,
)
from omnilink_sansio.objects import UnitStatus
from omnilink_sansio.simulator import EmulatedPanel, demo_house
from omnilink_sansio.system import RequestSystemStatus
from omnilink_sync import OmniClient

KEY = bytes(range(16, 32))
PEER = "peer"


class Inline:
    """A transport with a panel at its end that acts when it is written to, on a clock that stands still."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.written: list[bytes] = []
        self.asked: list[int] = []
        self.is_dead = False
        self.panel: EmulatedPanel[str] = EmulatedPanel(
            KEY,
            demo_house(),
            lambda: bytes(5),
            settings=ControllerSettings(idle_timeout=0.0),
            observe=self._observe,
        )
        self.panel.accept(PEER, self.now)
        self._incoming: deque[bytes] = deque()

    def _observe(self, item: PeerEvent[str]) -> None:
        if isinstance(item.event, RequestReceived):
            self.asked.append(item.event.message.type)

    def flush(self) -> None:
        self._incoming.extend(packet for _, packet in self.panel.data_to_send())

    def send(self, data: bytes) -> None:
        self.written.append(data)
        if not self.is_dead:
            self.panel.receive_data(PEER, data, self.now)
            self.flush()

    def receive(self, timeout: float) -> bytes | None:
        if self._incoming:
            return self._incoming.popleft()
        self.now += timeout
        return None

    def close(self) -> None:
        self.is_dead = True


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch) -> Inline:
    transport = Inline()
    clock = SimpleNamespace(monotonic=lambda: transport.now)
    for module in ("connection", "served_machine", "event_stream"):
        monkeypatch.setattr(f"omnilink_sync.{module}.time", clock)
    return transport


def test_nothing_is_sent_into_a_session_that_has_ended(inline: Inline) -> None:
    with OmniClient.over(inline, controller_key=KEY) as client:
        inline.panel.close(inline.now)
        inline.flush()
        sent = len(inline.written)
        with pytest.raises(OmniConnectionError) as caught:
            client.turn_unit_on(1)
        assert caught.value.end is EndReason.TERMINATED
        assert len(inline.written) == sent


def test_a_session_left_alone_for_long_is_tried_before_a_command_is_sent(inline: Inline) -> None:
    with OmniClient.over(inline, controller_key=KEY) as client:
        inline.now += 61.0
        client.turn_unit_on(1)
        assert inline.asked[0] == RequestSystemStatus.OPCODE
        inline.now += 600.0
        inline.is_dead = True
        with pytest.raises(OmniConnectionError, match="not sent") as caught:
            client.turn_unit_on(1)
        assert caught.value.end is EndReason.SILENT
    # The keepalive, twice on a stream, and the goodbye: the command never left.
    assert [packet[2] for packet in inline.written[-3:]] == [
        PacketType.OMNI_LINK_II_MESSAGE,
        PacketType.OMNI_LINK_II_MESSAGE,
        PacketType.CLIENT_SESSION_TERMINATED,
    ]


def test_what_has_arrived_is_there_without_waiting(inline: Inline) -> None:
    with OmniClient.over(inline, controller_key=KEY) as client, client.events() as events:
        assert events.get(0) is None
        client.turn_unit_on(1)
        event = events.get(0)
        assert isinstance(event, UnitStatus)
        assert (event.index, event.is_on) == (1, True)
        assert events.get(0) is None


def test_iterating_for_some_seconds_takes_that_long(inline: Inline) -> None:
    with OmniClient.over(inline, controller_key=KEY) as client, client.events() as events:
        client.turn_unit_on(1)
        began = inline.now
        assert [type(event) for event in events.within(5.0)] == [UnitStatus]
        assert inline.now - began == pytest.approx(5.0)

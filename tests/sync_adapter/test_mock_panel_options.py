"""What a panel that a thread serves can be told: both transports at once, what happens, faults, gaps."""

import errno
import socket
import struct
import sys
import time
from collections.abc import Hashable
from typing import Any, Literal

import pytest

from omnilink_sansio import ControllerSettings, LocalProtocolError, OmniConnectionError, SessionRefusedError
from omnilink_sansio.events import Notification
from omnilink_sansio.objects import ObjectType, UnitStatus, ZoneStatus
from omnilink_sansio.simulator import EmulatedPanel, FaultPlan, OpenZone, ScriptLine, demo_house
from omnilink_sync import MockPanel, OmniClient, ServedPanel, SocketTransport

KEY = bytes(range(16, 32))

PATIENCE = 20.0
"""Seconds after which a test that hangs fails; nothing waits for them when all is well."""

PUSHES = 5
"""Fewer than a new connection sends before it waits for an acknowledgement."""

DATA_SEGMENTS_IN = 152
"""Where Linux's tcp_info counts the segments with data that came in."""


def client_of(served: ServedPanel, transport: Literal["tcp", "udp"] = "tcp") -> OmniClient:
    return OmniClient(served.host, served.port, controller_key=KEY, transport=transport, timeout=PATIENCE)


def push_often(panel: EmulatedPanel[Hashable], now: float) -> None:
    for count in range(PUSHES):
        panel.house.units[1].state = count % 2
        panel.push([(ObjectType.UNIT, 1)], now)


# Both transports.


def test_both_transports_share_a_port_a_house_and_the_limit_on_sessions() -> None:
    panel = MockPanel(controller_key=KEY, settings=ControllerSettings(max_sessions=2))
    with (
        panel.serve(transport="both") as served,
        client_of(served, "tcp") as stream,
        client_of(served, "udp") as datagrams,
    ):
        with stream.events() as events:
            datagrams.turn_unit_on(4)
            assert next(events) == UnitStatus(4, 1, 0)
        for transport in ("tcp", "udp"):
            with (
                pytest.raises(SessionRefusedError),
                client_of(served, "udp" if transport == "udp" else "tcp"),
            ):
                pytest.fail("a third session")
        assert served.act(lambda panel, _: panel.session_count) == 2
        served.reboot()
        assert served.act(lambda panel, _: panel.session_count) == 0


def test_leaving_tells_both() -> None:
    served = MockPanel(controller_key=KEY).serve(transport="both")
    served.__enter__()
    with (
        client_of(served, "tcp") as stream,
        client_of(served, "udp") as datagrams,
        stream.events() as of_stream,
        datagrams.events() as of_datagrams,
    ):
        served.__exit__(None, None, None)
        for events in (of_stream, of_datagrams):
            with pytest.raises(OmniConnectionError, match="terminated the session"):
                next(events)


def test_a_port_that_is_free_for_both_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    bind = socket.socket.bind

    class Taken(socket.socket):
        def bind(self, address: Any) -> None:
            if self.type == socket.SOCK_DGRAM:
                asked.append(address[1])
                if len(asked) < 3:
                    raise OSError(errno.EADDRINUSE, "taken")
            bind(self, address)

    monkeypatch.setattr(socket, "socket", Taken)
    with MockPanel(controller_key=KEY).serve(transport="both") as served:
        assert asked[-1] == served.port
    assert len(asked) == 3


def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_open() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        served = MockPanel(controller_key=KEY).serve(port=port, transport="both")
        with pytest.raises(OSError, match="in use"):
            served.__enter__()
        with socket.create_server(("127.0.0.1", port)):
            pass


# What happens.


def test_something_happens_in_words_or_as_a_value() -> None:
    told: list[Notification] = []
    panel = MockPanel(controller_key=KEY, observe_changes=told.append)
    with panel.serve() as served:
        served.happen("open zone 1")
        assert panel.house.zones[1].condition == 1
        # Nobody listens yet; the panel tells it all the same.
        assert next(change for change in told if isinstance(change, ZoneStatus)).index == 1
        with client_of(served) as client, client.events() as events:
            served.happen(OpenZone(2))
            assert [next(events)] == told[-1:]
        for mistake in ("open zone", "open zone 999", "sing"):
            with pytest.raises(LocalProtocolError):
                served.happen(mistake)


def test_the_script_begins_when_the_panel_is_served() -> None:
    house = demo_house()
    house.script.append(ScriptLine(0, OpenZone(1)))
    with MockPanel(controller_key=KEY, house=house).serve():
        assert house.zones[1].condition == 1


def test_what_is_raised_at_the_very_start_leaves_nothing_open() -> None:
    def object_to(_change: Notification) -> None:
        raise RuntimeError("enough")

    house = demo_house()
    house.script.append(ScriptLine(0, OpenZone(1)))
    served = MockPanel(controller_key=KEY, house=house, observe_changes=object_to).serve()
    with pytest.raises(RuntimeError, match="enough"), served:
        pytest.fail("it was entered")
    with socket.create_server(("127.0.0.1", served.port)):
        pass


def test_faults_come_true() -> None:
    panel = MockPanel(controller_key=KEY, faults=FaultPlan.parse("refuse"))
    with panel.serve() as served, pytest.raises(SessionRefusedError), client_of(served):
        pytest.fail("a session")


def test_a_notification_keeps_its_distance() -> None:
    gap = 0.2
    panel = MockPanel(controller_key=KEY, notification_gap=gap)
    with panel.serve() as served, client_of(served) as client, client.events() as events:
        asked = time.monotonic()
        client.turn_unit_on(4)
        assert next(events) == UnitStatus(4, 1, 0)
        assert time.monotonic() - asked >= gap


def test_replies_in_a_row_wait_for_no_gap() -> None:
    gap = 2.0
    panel = MockPanel(controller_key=KEY, notification_gap=gap)
    with panel.serve() as served, client_of(served) as client:
        asked = time.monotonic()
        for _ in range(20):
            client.get_system_status()
        assert time.monotonic() - asked < gap


# How it is written.


def test_each_packet_is_a_segment_of_its_own() -> None:
    with MockPanel(controller_key=KEY).serve() as served:
        connected = socket.create_connection((served.host, served.port))
        transport = SocketTransport(connected)
        with OmniClient.over(transport, controller_key=KEY) as client, client.events() as events:
            (theirs,) = (each.stream for each in served._clients.values())
            assert theirs.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            before = _segments(connected)
            served.act(push_often)
            for _ in range(PUSHES):
                next(events)
            assert sys.platform != "linux" or _segments(connected) - before >= PUSHES


def _segments(connected: socket.socket) -> int:
    if sys.platform != "linux":
        return 0
    information = connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, DATA_SEGMENTS_IN + 4)
    count: int = struct.unpack_from("=I", information, DATA_SEGMENTS_IN)[0]
    return count

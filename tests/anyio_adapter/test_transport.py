"""What travels over the transport, and how."""

import socket

import anyio
import pytest
from anyio.abc import SocketAttribute

import omnilink_anyio.transport
from omnilink_anyio import OmniClient, open_tcp
from omnilink_sansio import (
    ControllerEndReason,
    EndReason,
    Framing,
    LocalProtocolError,
    OmniConnectionError,
    Packet,
    PacketType,
)
from omnilink_sansio.objects import ObjectType, UnitStatus
from omnilink_sansio.simulator import EmulatedPanel, demo_house
from omnilink_sansio.system import EnableNotifications
from tests.anyio_adapter.homes import KEY, PATIENCE, Recorder, serve_home
from tests.anyio_adapter.scripts import SESSION_ID
from tests.anyio_adapter.streams import (
    DrippingStream,
    MemoryDatagrams,
    MemoryStream,
    datagram_pair,
    memory_pair,
    packet_types,
)

pytestmark = pytest.mark.anyio

MESSAGE = PacketType.OMNI_LINK_II_MESSAGE
WHOLE_SESSION = [
    PacketType.CLIENT_REQUEST_NEW_SESSION,
    PacketType.CLIENT_REQUEST_SECURE_CONNECTION,
    *[MESSAGE] * 4,
    PacketType.CLIENT_SESSION_TERMINATED,
]


async def a_whole_session(client: OmniClient) -> None:
    """Send four messages, and get an event."""
    async with client:
        await client.get_system_information()
        async with client.events() as events:
            await client.turn_unit_on(1)
            assert await anext(events) == UnitStatus(1, 1, 0)
        assert await client.get_object_status(ObjectType.UNIT, 1) == [UnitStatus(1, 1, 0)]


async def test_each_packet_is_one_write() -> None:
    async with serve_home() as home:
        stream = home.stream()
        assert isinstance(stream, MemoryStream)
        await a_whole_session(OmniClient.over(stream, controller_key=KEY))
        assert packet_types(stream.written) == WHOLE_SESSION
        # Headers of 4 bytes; messages in whole blocks after them.
        assert [len(packet) for packet in stream.written] == [4, 20, 20, 20, 20, 20, 4]


async def test_packets_that_wait_together_are_still_one_write_each() -> None:
    async with serve_home() as home:
        stream = home.stream()
        assert isinstance(stream, MemoryStream)
        async with OmniClient.over(stream, controller_key=KEY) as client:
            client.connection.submit(EnableNotifications(enabled=1))
            await client.get_system_status()
        assert packet_types(stream.written) == [
            *WHOLE_SESSION[:2], MESSAGE, MESSAGE, WHOLE_SESSION[-1]
        ]  # fmt: skip


async def test_one_byte_at_a_time_is_enough() -> None:
    async with serve_home() as home:
        await a_whole_session(OmniClient.over(DrippingStream(home.stream()), controller_key=KEY))
        assert home.recorder.ends == [ControllerEndReason.CLIENT_TERMINATED]


async def test_the_panel_is_content_with_one_byte_at_a_time_too() -> None:
    async with serve_home() as home, anyio.create_task_group() as tasks:
        near, far = memory_pair()
        tasks.start_soon(home.served.serve_stream, DrippingStream(far))
        await a_whole_session(OmniClient.over(near, controller_key=KEY))
        assert home.recorder.ends == [ControllerEndReason.CLIENT_TERMINATED]


async def test_tcp_sends_each_packet_without_delay() -> None:
    async with serve_home("tcp") as home:
        transport = await open_tcp(home.served.host, home.served.port)
        raw: socket.socket = transport.extra(SocketAttribute.raw_socket)
        assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        await transport.aclose()


async def test_a_transport_that_is_closed_already_is_a_loss() -> None:
    near, far = memory_pair()
    await near.aclose()
    await far.aclose()
    with pytest.raises(OmniConnectionError):
        await OmniClient.over(near, controller_key=KEY).connection.connect()


# Datagrams.


class DatagramPanel:
    """An emulated panel behind one end of a datagram link."""

    def __init__(self, link: MemoryDatagrams) -> None:
        self.recorder = Recorder()
        self._link = link
        self._panel: EmulatedPanel[object] = EmulatedPanel(
            KEY, demo_house(), lambda: SESSION_ID, framing=Framing.DATAGRAM, observe=self.recorder
        )

    async def serve(self) -> None:
        """Answer until the link is closed."""
        async for datagram in self._link:
            self._panel.receive_data("client", datagram, anyio.current_time())
            for _, packet in self._panel.data_to_send():
                await self._link.send(packet)


async def test_a_session_in_datagrams() -> None:
    near, far = datagram_pair()
    panel = DatagramPanel(far)
    with anyio.fail_after(PATIENCE):
        async with far, anyio.create_task_group() as tasks:
            tasks.start_soon(panel.serve)
            await a_whole_session(OmniClient.over(near, controller_key=KEY, framing="datagram"))
    assert packet_types(near.written) == WHOLE_SESSION
    assert panel.recorder.ends == [ControllerEndReason.CLIENT_TERMINATED]


async def test_the_argument_decides_on_the_framing_not_the_transports_type() -> None:
    """A stream that keeps packets apart may carry datagrams: then each item is one."""
    near, far = memory_pair()
    panel = DatagramPanel(MemoryDatagrams(far._incoming, far._outgoing))
    with anyio.fail_after(PATIENCE):
        async with far, anyio.create_task_group() as tasks:
            tasks.start_soon(panel.serve)
            client = OmniClient.over(near, controller_key=KEY, framing="datagram")
            assert client.connection._machine.framing is Framing.DATAGRAM
            await a_whole_session(client)


async def test_a_framing_that_does_not_exist_is_refused() -> None:
    near, far = memory_pair()
    async with near, far:
        with pytest.raises((LocalProtocolError, ValueError)):
            OmniClient.over(near, controller_key=KEY, framing="carrier pigeon")  # type: ignore[arg-type]


class GoneStream(MemoryStream):
    """The panel's end of a stream whose client is gone: it cannot be written to, though there is more to read."""

    def __init__(self, said: MemoryStream) -> None:
        super().__init__(said._incoming, said._outgoing)
        self._refused = anyio.Event()
        self._is_first = True

    async def receive(self, max_bytes: int = 65536) -> bytes:
        if not self._is_first:
            await self._refused.wait()
            # Whoever is told of the refusal has had the time to act on it.
            await anyio.wait_all_tasks_blocked()
        self._is_first = False
        return await super().receive(max_bytes)

    async def send(self, item: bytes) -> None:
        del item
        self._refused.set()
        raise anyio.BrokenResourceError


async def test_the_panel_hears_out_a_client_that_is_gone() -> None:
    async with serve_home() as home, anyio.create_task_group() as tasks:
        near, far = memory_pair()
        await near.send(Packet(1, PacketType.CLIENT_REQUEST_NEW_SESSION).encode())
        await near.send(Packet(2, PacketType.CLIENT_SESSION_TERMINATED).encode())
        await near.aclose()
        tasks.start_soon(home.served.serve_stream, GoneStream(far))
        assert await home.recorder.first_end() is ControllerEndReason.CLIENT_TERMINATED


@pytest.mark.parametrize(
    ("tried", "end"),
    [
        ([ConnectionRefusedError("no")], EndReason.PORT_CLOSED),
        ([TimeoutError("slow"), ConnectionRefusedError("no")], EndReason.PORT_CLOSED),
        ([OSError("no way"), OSError("no way either")], EndReason.UNREACHABLE),
    ],
)
async def test_of_several_addresses_the_one_that_refuses_tells_most(
    monkeypatch: pytest.MonkeyPatch, tried: list[OSError], end: EndReason
) -> None:
    left = iter(tried)

    async def find(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, 0, 0, "", ("127.0.0.1", 1))] * len(tried)

    async def connect(one: socket.socket, address: object) -> None:
        del address
        one.close()
        raise next(left)

    monkeypatch.setattr(anyio, "getaddrinfo", find)
    monkeypatch.setattr(omnilink_anyio.transport, "_connect", connect)
    with pytest.raises(OmniConnectionError) as caught:
        await open_tcp("panel.example", 4369)
    assert caught.value.end is end
    assert caught.value.__cause__ is (tried[-1] if end is EndReason.PORT_CLOSED else tried[0])
    assert "panel.example port 4369 (no" in str(caught.value)

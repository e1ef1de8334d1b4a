"""The plain client on real, blocking sockets: the panels of both adapters over TCP and UDP."""

import socket

import anyio.to_thread
import pytest

from omnilink_anyio import MockPanel as AsyncMockPanel
from omnilink_sync import MockPanel
from tests.simulator.plain_client import PlainClient
from tests.simulator.wire import ACK, END, NAK

KEY = bytes(range(16))
PATIENCE = 30.0

TRANSPORTS = pytest.mark.parametrize("transport", ["tcp", "udp"])


class _Socket:
    """A blocking socket; what it raises when nothing comes fails the test."""

    def __init__(self, host: str, port: int, transport: str) -> None:
        kind = socket.SOCK_STREAM if transport == "tcp" else socket.SOCK_DGRAM
        self._socket = socket.socket(socket.AF_INET, kind)
        self._socket.settimeout(PATIENCE)
        self._socket.connect((host, port))

    def send(self, data: bytes) -> None:
        self._socket.send(data)

    def receive(self) -> bytes:
        return self._socket.recv(4096)

    def close(self) -> None:
        self._socket.close()


def whole_session(host: str, port: int, transport: str) -> None:
    """Do what any client does from its first packet to its last."""
    carrier = _Socket(host, port, transport)
    # On a stream what is pushed may come together with the packet before it.
    client = PlainClient(KEY, carrier, one_packet_a_read=transport == "udp").connect()
    assert client.ask("16") == bytes.fromhex("17 10 04 00 02") + b"5551234" + bytes(18)
    assert client.ask("1E 01") == bytes.fromhex("1F 01 00B0")
    assert client.ask("22 01 0001 0003") == bytes.fromhex("23 01 0001 00 5A 0002 00 5A 0003 01 A8")
    assert len(client.ask("3A 01 0001 0032")) == 203
    index, names = 0, []
    while (reply := client.ask(b"\x20\1" + index.to_bytes(2, "big") + b"\1\1\0\0")) != END:
        index = int.from_bytes(reply[2:4], "big")
        names.append(reply[9:].rstrip(b"\0"))
    assert len(names) == 7
    assert names[0] == b"FRONT DOOR"
    assert client.ask("22 01 0003 0001") == NAK
    assert client.ask("15 01") == ACK
    assert client.ask("14 01 00 0001") == ACK
    assert client.hear() == bytes.fromhex("3B 02 05 0001 01 0000")
    assert client.end().type == 6
    if transport == "tcp":
        assert carrier.receive() == b"", "the panel closes the stream"
    carrier.close()


@TRANSPORTS
def test_a_session_with_the_panel_that_has_a_thread(transport: str) -> None:
    serving = MockPanel(controller_key=KEY).serve(transport="tcp" if transport == "tcp" else "udp")
    with serving as panel:
        whole_session(panel.host, panel.port, transport)


@pytest.mark.anyio
@TRANSPORTS
async def test_a_session_with_the_panel_on_an_event_loop(transport: str) -> None:
    serving = AsyncMockPanel(controller_key=KEY).serve(transport="tcp" if transport == "tcp" else "udp")
    with anyio.fail_after(2 * PATIENCE):
        async with serving as panel:
            await anyio.to_thread.run_sync(whole_session, panel.host, panel.port, transport)

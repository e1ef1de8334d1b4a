"""Over UDP only the controller is listened to: what others send to a client's port never arrives."""

import socket

import anyio
import pytest

import omnilink_sync
from omnilink_anyio import MockPanel, OmniClient
from omnilink_anyio.descriptors import ConnectedDatagrams
from omnilink_sansio import OmniConnectionError, Packet, PacketType

KEY = bytes(range(16, 32))
PATIENCE = 20.0
LIES = [
    Packet(0, PacketType.CONTROLLER_SESSION_TERMINATED).encode(),
    Packet(1, PacketType.CONTROLLER_CANNOT_START_NEW_SESSION).encode(),
    b"nonsense",
]


def lie_to(port: int) -> None:
    """Send what would end a session, from another port of the same host."""
    with socket.socket(type=socket.SOCK_DGRAM) as stranger:
        for lie in LIES:
            stranger.sendto(lie, ("127.0.0.1", port))


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_a_client_of_an_event_loop_does_not_hear_strangers() -> None:
    with anyio.fail_after(PATIENCE):
        async with (
            MockPanel(controller_key=KEY).serve(transport="udp") as served,
            OmniClient(served.host, served.port, controller_key=KEY, transport="udp") as client,
        ):
            transport = getattr(client.connection._carrier, "_own", None)
            assert isinstance(transport, ConnectedDatagrams)
            for _ in range(3):
                lie_to(transport._socket.getsockname()[1])
                assert (await client.get_system_information()).model_name == "Omni Pro II"


def test_a_blocking_client_does_not_hear_strangers() -> None:
    with (
        omnilink_sync.MockPanel(controller_key=KEY).serve(transport="udp") as served,
        omnilink_sync.OmniClient(served.host, served.port, controller_key=KEY, transport="udp") as client,
    ):
        transport = client.connection._transport
        assert isinstance(transport, omnilink_sync.SocketTransport)
        for _ in range(3):
            lie_to(transport._socket.getsockname()[1])
            assert client.get_system_information().model_name == "Omni Pro II"


def test_what_strangers_say_would_end_a_session_that_heard_it() -> None:
    with (
        omnilink_sync.MockPanel(controller_key=KEY).serve(transport="udp") as served,
        socket.socket(type=socket.SOCK_DGRAM) as heard_by_all,
    ):
        heard_by_all.bind(("127.0.0.1", 0))
        here = heard_by_all.getsockname()[1]

        class Gullible:
            """A transport that hears everybody, as an unconnected socket does."""

            def send(self, data: bytes) -> None:
                heard_by_all.sendto(data, (served.host, served.port))

            def receive(self, timeout: float) -> bytes | None:
                heard_by_all.settimeout(timeout or 0.001)
                try:
                    return heard_by_all.recv(65536)
                except TimeoutError:
                    return None

            def close(self) -> None:
                pass

        client = omnilink_sync.OmniClient.over(Gullible(), controller_key=KEY, framing="datagram")
        with client:
            client.get_system_information()
            lie_to(here)
            with pytest.raises(OmniConnectionError):
                client.get_system_information()

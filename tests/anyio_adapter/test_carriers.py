"""What carries packets over a descriptor of ours: at once, whole, in order, and never more than fits."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import anyio
import pytest

from omnilink_anyio.carriers import MOST_UNSENT, Carrier, Owner, carrier_of
from omnilink_anyio.descriptors import SocketStream
from omnilink_anyio.flag import Flag
from tests.anyio_adapter.homes import PATIENCE
from tests.anyio_adapter.streams import StuckStream, memory_pair

pytestmark = pytest.mark.anyio

PACKETS = [bytes([number]) * 1000 for number in range(200)]


class Recording:
    """What a carrier's owner was called with."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.losses = 0
        self.rings: list[float] = []
        self.rang = anyio.Event()
        self.over = Flag()

    def owner(self) -> Owner:
        """Return what the carrier calls."""
        return Owner(self.received.append, self.lose, self.ring, self.over)

    def lose(self) -> None:
        """Count a loss."""
        self.losses += 1

    def ring(self) -> None:
        """Note when the time has come."""
        self.rings.append(anyio.current_time())
        self.rang.set()


@contextmanager
def carried() -> Iterator[tuple[Carrier, Recording, socket.socket]]:
    """Have a carrier over a socket that takes little, what it calls, and the far end, which nobody reads."""
    near, far = socket.socketpair()
    near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    far.setblocking(False)
    seen = Recording()
    carrier = carrier_of(SocketStream(near), seen.owner())
    with far:
        yield carrier, seen, far
        carrier.stop()


async def read(far: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        await anyio.wait_readable(far)
        data += far.recv(65536)
    return data


async def test_what_the_system_does_not_take_at_once_follows_in_order() -> None:
    packets = PACKETS[: MOST_UNSENT // 1000]
    with anyio.fail_after(PATIENCE), carried() as (carrier, seen, far):
        for packet in packets:
            carrier.write([packet])
        assert await read(far, sum(map(len, packets))) == b"".join(packets)
        carrier.write([b"one more"])
        assert await read(far, 8) == b"one more"
        assert seen.losses == 0


async def test_who_reads_nothing_is_lost_when_more_waits_than_fits(caplog: pytest.LogCaptureFixture) -> None:
    with carried() as (carrier, seen, _):
        written = 0
        while not seen.losses:
            carrier.write([bytes(1000)])
            written += 1000
            assert written < 1_000_000
        assert seen.losses == 1
        assert written > MOST_UNSENT
        assert "reads nothing" in caplog.text


async def test_who_reads_nothing_is_lost_on_a_transport_of_ones_own_too() -> None:
    near, far = memory_pair()
    stuck = StuckStream(near)
    stuck.is_stuck = True
    seen = Recording()
    carrier = carrier_of(stuck, seen.owner())
    with anyio.fail_after(PATIENCE):
        for packet in PACKETS[: MOST_UNSENT // 1000]:
            carrier.write([packet])
        assert seen.losses == 0
        carrier.write([bytes(2000)])
        assert seen.losses == 1
        carrier.stop()
        await seen.over.wait()
        await far.aclose()


async def test_while_it_waits_for_room_it_reads() -> None:
    with anyio.fail_after(PATIENCE), carried() as (carrier, seen, far):
        carrier.write(PACKETS[:50])
        far.send(b"news")
        while not seen.received:
            await anyio.lowlevel.checkpoint()
        assert seen.received == [b"news"]
        assert await read(far, 50_000) == b"".join(PACKETS[:50])


async def test_the_end_of_a_stream_is_a_loss() -> None:
    with anyio.fail_after(PATIENCE), carried() as (_, seen, far):
        far.shutdown(socket.SHUT_WR)
        while not seen.losses:
            await anyio.lowlevel.checkpoint()


async def test_stopped_it_is_over_at_once_when_everything_is_written() -> None:
    with carried() as (carrier, seen, _):
        carrier.write([b"goodbye"])
        carrier.stop()
        assert seen.over.is_set
        carrier.write([b"nobody takes this"])
        carrier.stop()


async def test_stopped_it_writes_what_waits_first() -> None:
    with anyio.fail_after(PATIENCE), carried() as (carrier, seen, far):
        carrier.write(PACKETS[:50])
        carrier.stop()
        assert not seen.over.is_set
        assert await read(far, 50_000) == b"".join(PACKETS[:50])
        await seen.over.wait()
        assert seen.losses == 0


async def test_it_rings_by_the_earliest_time_that_it_was_given() -> None:
    with anyio.fail_after(PATIENCE), carried() as (carrier, seen, _):
        now = anyio.current_time()
        carrier.set_due(now + 1000.0)
        carrier.set_due(now + 0.01)
        carrier.set_due(now + 500.0)
        carrier.set_due(None)
        await seen.rang.wait()
        assert seen.rings[0] >= now + 0.01
        assert len(seen.rings) == 1

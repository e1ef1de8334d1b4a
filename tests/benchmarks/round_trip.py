"""A request's round trip over loopback TCP, against clients that know no protocol, on the same panel.

The panel runs in a process of its own, so that the CPU time is the client's alone. All clients send and receive
the same packets.
"""

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

import anyio
from anyio.abc import ByteStream

from omnilink_anyio import MockPanel, OmniClient
from omnilink_sansio import Message, Packet, PacketType, SessionCipher
from omnilink_sansio.system import RequestSystemFormats
from tests.benchmarks.machine import FIRST_SEQUENCE, KEY, SESSION_ID, SESSION_KEY

WARM_UP = 200


class Figures(NamedTuple):
    """What a round trip takes, in seconds."""

    median: float
    cpu: float


async def serve() -> None:
    """Serve a panel whose session ID is known, and print its port."""
    async with MockPanel(controller_key=KEY, session_ids=lambda: SESSION_ID).serve() as served:
        print(served.port, flush=True)  # noqa: T201 - the parent reads it
        await anyio.sleep_forever()


@contextmanager
def panel_process() -> Iterator[int]:
    """Run the panel in a process of its own; the value is its port."""
    command = [sys.executable, "-m", "tests.benchmarks.round_trip"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


async def measure(count: int, once: Callable[[], Awaitable[object]]) -> Figures:
    """Time so many round trips, after a warm-up."""
    for _ in range(WARM_UP):
        await once()
    times = []
    cpu = process_time()
    for _ in range(count):
        began = perf_counter()
        await once()
        times.append(perf_counter() - began)
    return Figures(median(times), (process_time() - cpu) / count)


async def client_figures(port: int, count: int) -> Figures:
    """Measure the client: typed request, typed reply."""
    request = RequestSystemFormats()
    async with OmniClient("127.0.0.1", port, controller_key=KEY) as client:
        return await measure(count, lambda: client.request(request))


async def open_session(port: int, count: int) -> tuple[ByteStream, Iterator[bytes]]:
    """Open a session by hand; return the stream and the ready-made requests."""
    cipher = SessionCipher(SESSION_KEY)
    stream = await anyio.connect_tcp("127.0.0.1", port)
    for packet in (Packet(1, 1), Packet(2, 3, cipher.encrypt(SESSION_ID, 2))):
        await stream.send(packet.encode())
        await stream.receive()
    message = RequestSystemFormats().to_message().encode()
    last = FIRST_SEQUENCE + WARM_UP + count
    packets = [
        Packet(number, PacketType.OMNI_LINK_II_MESSAGE, cipher.encrypt(message, number)).encode()
        for number in range(FIRST_SEQUENCE, last)
    ]
    return stream, iter(packets)


async def bare_figures(port: int, count: int) -> Figures:
    """Measure the same client without the protocol: a reading task that wakes the waiting caller."""
    stream, packets = await open_session(port, count)
    answered = anyio.Event()

    async def read() -> None:
        while True:
            await stream.receive()
            answered.set()

    async def once() -> None:
        nonlocal answered
        answered = anyio.Event()
        await stream.send(next(packets))
        await answered.wait()

    async with stream, anyio.create_task_group() as tasks:
        tasks.start_soon(read)
        figures = await measure(count, once)
        tasks.cancel_scope.cancel()
    return figures


async def echo_figures(port: int, count: int) -> Figures:
    """Measure a bare echo: send, receive."""
    stream, packets = await open_session(port, count)

    async def once() -> None:
        await stream.send(next(packets))
        await stream.receive()

    async with stream:
        return await measure(count, once)


def reply_message(port: int) -> Message:
    """Return what the panel answers to the ready-made request: proof that it is a real one."""

    async def ask() -> Message:
        stream, packets = await open_session(port, 1)
        async with stream:
            await stream.send(next(packets))
            packet = Packet.decode(await stream.receive())
        return Message.decode(SessionCipher(SESSION_KEY).decrypt(packet.data, packet.sequence))

    return anyio.run(ask)


if __name__ == "__main__":
    anyio.run(serve)

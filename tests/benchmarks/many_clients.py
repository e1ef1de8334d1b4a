"""Many clients in one process against as many panels: no reply is lost, what a client weighs, what it costs.

The panels run in a process of their own, so that CPU time and memory are the clients' alone. Compared are bare
clients, which send and receive the same packets over the same kinds of transports on the same event loop.
"""

import gc
import os
import subprocess
import sys
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from time import process_time
from typing import NamedTuple

import anyio

from omnilink_anyio import MockPanel, OmniClient, Transport, open_tcp, open_udp
from omnilink_sansio import Packet, PacketType, SessionCipher, TransportName
from omnilink_sansio.system import RequestSystemFormats, SystemFormats
from tests.benchmarks.machine import FIRST_SEQUENCE, KEY, SESSION_ID, SESSION_KEY

__all__ = ["ManyFigures", "many_figures", "panels_process"]

Door = tuple[TransportName, int]
"""A panel's transport and port."""


class ManyFigures(NamedTuple):
    """What so many clients did and took."""

    replies: int
    """How many replies came: as many as requests were sent, or there are no figures."""
    client_bytes: float
    """What one idle client weighs, by tracemalloc, which does not see what OpenSSL and the system hold."""
    bare_bytes: float
    """What a bare transport and a task that waits for it weigh."""
    client_cpu: float
    """CPU seconds a request."""
    bare_cpu: float
    """CPU seconds an echo of the same packets."""


async def serve(count: int) -> None:
    """Serve so many panels, half over TCP and half over UDP, and print their ports."""
    async with AsyncExitStack() as stack:
        for number in range(count):
            panel = MockPanel(controller_key=KEY, session_ids=lambda: SESSION_ID)
            served = await stack.enter_async_context(panel.serve(transport=_transport(number)))
            print(served.port, flush=True)  # noqa: T201 - the parent reads it
        await anyio.sleep_forever()


def _transport(number: int) -> TransportName:
    return "udp" if number % 2 else "tcp"


@contextmanager
def panels_process(count: int) -> Iterator[list[Door]]:
    """Run so many panels in a process of their own; the value is where they are."""
    command = [sys.executable, "-m", "tests.benchmarks.many_clients", str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        try:
            yield [(_transport(number), int(process.stdout.readline())) for number in range(count)]
        finally:
            process.kill()


async def many_figures(doors: Sequence[Door], count: int) -> ManyFigures:
    """Measure a client of each panel, and bare ones; each sends so many requests, one after another.

    Raises whatever a request ends with that is not answered, `AssertionError` when replies are missing.
    """
    # One of each first: modules, caches and the event loop's own tables are nobody's.
    for open_one in (_clients, _bare):
        async with open_one(doors[:2], 1) as calls:
            await _each(calls, 1)
    async with _clients(doors, count) as calls:
        client_cpu, replies = await _each(calls, count)
    async with _bare(doors, count) as calls:
        bare_cpu, echoes = await _each(calls, count)
    if not replies == echoes == len(doors) * count:
        raise AssertionError(f"{len(doors) * count} requests, {replies} replies, {echoes} echoes")
    client_bytes = await _weight(_clients, doors)
    bare_bytes = await _weight(_bare, doors)
    return ManyFigures(replies, client_bytes, bare_bytes, client_cpu, bare_cpu)


Calls = Sequence[Callable[[], Awaitable[bool]]]
"""For each client a call that makes one request and tells whether the reply to it came."""


async def _each(calls: Calls, count: int) -> tuple[float, int]:
    """Have all clients make so many requests at once; return the CPU seconds a request, and the replies."""
    replies = [0] * len(calls)

    async def ask(number: int) -> None:
        for _ in range(count):
            replies[number] += await calls[number]()

    began = process_time()
    async with anyio.create_task_group() as tasks:
        for number in range(len(calls)):
            tasks.start_soon(ask, number)
    return (process_time() - began) / (len(calls) * count), sum(replies)


_Opener = Callable[[Sequence[Door], int], AbstractAsyncContextManager[Calls]]


async def _weight(open_all: _Opener, doors: Sequence[Door]) -> float:
    """Return how many bytes each of these weighs while it does nothing, after one request."""
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        async with open_all(doors, 1) as calls:
            await _each(calls, 1)
            gc.collect()
            after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return (after - before) / len(doors)


@asynccontextmanager
async def _clients(doors: Sequence[Door], count: int) -> AsyncIterator[Calls]:
    """Open a client of each panel."""
    del count
    request = RequestSystemFormats()

    def call(client: OmniClient) -> Callable[[], Awaitable[bool]]:
        async def once() -> bool:
            return isinstance(await client.request(request), SystemFormats)

        return once

    async with AsyncExitStack() as stack:
        yield [
            call(
                await stack.enter_async_context(
                    OmniClient("127.0.0.1", port, controller_key=KEY, transport=transport, timeout=30.0)
                )
            )
            for transport, port in doors
        ]


class _Echo:
    """A transport, a session that was opened by hand, and one task that reads; it sends ready-made packets."""

    def __init__(self, transport: Transport, packets: Iterator[bytes]) -> None:
        self._transport = transport
        self._packets = packets
        self._answered = anyio.Event()

    async def read(self) -> None:
        while True:
            await self._transport.receive()
            self._answered.set()

    async def once(self) -> bool:
        self._answered = anyio.Event()
        await self._transport.send(next(self._packets))
        await self._answered.wait()
        return True


@asynccontextmanager
async def _bare(doors: Sequence[Door], count: int) -> AsyncIterator[Calls]:
    """Open a transport to each panel, with one task each that waits for what comes."""
    cipher = SessionCipher(SESSION_KEY)
    message = RequestSystemFormats().to_message().encode()
    ready_made = [
        Packet(number, PacketType.OMNI_LINK_II_MESSAGE, cipher.encrypt(message, number)).encode()
        for number in range(FIRST_SEQUENCE, FIRST_SEQUENCE + count)
    ]
    proof = Packet(2, PacketType.CLIENT_REQUEST_SECURE_CONNECTION, cipher.encrypt(SESSION_ID, 2)).encode()
    goodbye = Packet(FIRST_SEQUENCE + count, PacketType.CLIENT_SESSION_TERMINATED).encode()
    transports: list[Transport] = []
    async with anyio.create_task_group() as tasks:
        echoes = []
        for kind, port in doors:
            transport = await (open_udp if kind == "udp" else open_tcp)("127.0.0.1", port)
            transports.append(transport)
            for packet in (Packet(1, PacketType.CLIENT_REQUEST_NEW_SESSION).encode(), proof):
                await transport.send(packet)
                await transport.receive()
            echoes.append(_Echo(transport, iter(ready_made)))
            tasks.start_soon(echoes[-1].read)
        yield [echo.once for echo in echoes]
        tasks.cancel_scope.cancel()
    for transport in transports:
        await transport.send(goodbye)
        await transport.aclose()


if __name__ == "__main__":
    anyio.run(serve, int(sys.argv[1]))

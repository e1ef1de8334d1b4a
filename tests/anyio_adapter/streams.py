"""Transports in memory, and ones that watch or hinder what passes through them."""

import math
from collections.abc import Callable

import anyio
import anyio.lowlevel
from anyio.abc import ByteStream, UnreliableObjectStream
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from omnilink_sansio import PacketType

__all__ = [
    "DrippingStream",
    "MemoryDatagrams",
    "MemoryStream",
    "StuckStream",
    "datagram_pair",
    "memory_pair",
    "packet_types",
]


class MemoryStream(ByteStream):
    """One end of a byte stream in memory; ``written`` has what was sent, one item a write."""

    def __init__(
        self, incoming: MemoryObjectReceiveStream[bytes], outgoing: MemoryObjectSendStream[bytes]
    ) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self.written: list[bytes] = []
        self.closed = anyio.Event()

    async def receive(self, max_bytes: int = 65536) -> bytes:
        data = await self._incoming.receive()
        assert len(data) <= max_bytes
        return data

    async def send(self, item: bytes) -> None:
        await self._outgoing.send(item)
        self.written.append(item)

    async def send_eof(self) -> None:
        await self._outgoing.aclose()

    async def aclose(self) -> None:
        self.closed.set()
        self._incoming.close()
        self._outgoing.close()
        await anyio.lowlevel.checkpoint()


def memory_pair() -> tuple[MemoryStream, MemoryStream]:
    """Return the two ends of a byte stream."""
    to_near, from_far = anyio.create_memory_object_stream[bytes](math.inf)
    to_far, from_near = anyio.create_memory_object_stream[bytes](math.inf)
    return MemoryStream(from_far, to_far), MemoryStream(from_near, to_near)


class DrippingStream(ByteStream):
    """Passes one byte at a time, both ways, and lets others run after each: a write can be cut anywhere."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._received = b""

    async def receive(self, max_bytes: int = 65536) -> bytes:
        del max_bytes
        if not self._received:
            self._received = await self._stream.receive()
        byte, self._received = self._received[:1], self._received[1:]
        await anyio.lowlevel.cancel_shielded_checkpoint()
        return byte

    async def send(self, item: bytes) -> None:
        for position in range(len(item)):
            await anyio.lowlevel.checkpoint()
            await self._stream.send(item[position : position + 1])

    async def send_eof(self) -> None:
        await self._stream.send_eof()

    async def aclose(self) -> None:
        await self._stream.aclose()


class StuckStream(ByteStream):
    """Passes everything on until ``is_stuck`` is set: then no write ever returns."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self.is_stuck = False
        self.closed = False

    async def receive(self, max_bytes: int = 65536) -> bytes:
        return await self._stream.receive(max_bytes)

    async def send(self, item: bytes) -> None:
        if self.is_stuck:
            await anyio.sleep_forever()
        await self._stream.send(item)

    async def send_eof(self) -> None:
        await self._stream.send_eof()

    async def aclose(self) -> None:
        self.closed = True
        await self._stream.aclose()


class MemoryDatagrams(UnreliableObjectStream[bytes]):
    """One end of a datagram link in memory. ``loses`` says of each datagram sent whether it never arrives."""

    def __init__(
        self, incoming: MemoryObjectReceiveStream[bytes], outgoing: MemoryObjectSendStream[bytes]
    ) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self.written: list[bytes] = []
        self.loses: Callable[[bytes], bool] = lambda _: False

    async def receive(self) -> bytes:
        return await self._incoming.receive()

    async def send(self, item: bytes) -> None:
        self.written.append(item)
        if not self.loses(item):
            await self._outgoing.send(item)

    async def aclose(self) -> None:
        self._incoming.close()
        self._outgoing.close()
        await anyio.lowlevel.checkpoint()


def datagram_pair() -> tuple[MemoryDatagrams, MemoryDatagrams]:
    """Return the two ends of a datagram link."""
    to_near, from_far = anyio.create_memory_object_stream[bytes](math.inf)
    to_far, from_near = anyio.create_memory_object_stream[bytes](math.inf)
    return MemoryDatagrams(from_far, to_far), MemoryDatagrams(from_near, to_near)


def packet_types(written: list[bytes]) -> list[PacketType]:
    """Return what kinds of packets were written, each being one write."""
    return [PacketType(packet[2]) for packet in written]

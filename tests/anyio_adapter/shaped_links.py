"""Links that lose, repeat and reorder datagrams as a seed says, and ones that go silent: no clock, no waiting."""

import random
from collections.abc import Callable

from anyio.abc import ByteStream, UnreliableObjectStream

from tests.anyio_adapter.streams import datagram_pair, memory_pair

__all__ = ["Shape", "ShapedDatagrams", "ShapedStream", "shaped_pair", "shaped_streams"]


class Shape:
    """What becomes of the datagrams of one direction: each is lost, repeated or held back with a probability.

    One that is held back arrives after one to three later ones, which the sender's repeats bring about.
    """

    def __init__(
        self, seed: int, *, lost: float = 0.0, repeated: float = 0.0, held_back: float = 0.0
    ) -> None:
        self._source = random.Random(seed)
        self._lost = lost
        self._repeated = repeated
        self._held_back = held_back
        self._waiting: list[list[bytes]] = [[], [], []]
        self.is_silent = False
        self.lost = self.repeated = self.held_back = 0  # so many so far

    def heal(self) -> None:
        """Let everything pass from now on, and once."""
        self.is_silent = False
        self._lost = self._repeated = self._held_back = 0.0

    def __call__(self, packet: bytes) -> list[bytes]:
        """Return what arrives now that this packet is sent."""
        arriving: list[bytes] = []
        due = self._waiting.pop(0)
        self._waiting.append([])
        for _ in range(self._copies()):
            if self._happens(self._held_back):
                self.held_back += 1
                self._waiting[self._source.randrange(3)].append(packet)
            else:
                arriving.append(packet)
        return [] if self.is_silent else arriving + due

    def _copies(self) -> int:
        if self._happens(self._lost):
            self.lost += 1
            return 0
        if self._happens(self._repeated):
            self.repeated += 1
            return 2
        return 1

    def _happens(self, probability: float) -> bool:
        return self._source.random() < probability


class ShapedDatagrams(UnreliableObjectStream[bytes]):
    """One end of a datagram link: what it sends goes through ``shape``, which says what arrives, and when."""

    def __init__(self, link: UnreliableObjectStream[bytes], shape: Callable[[bytes], list[bytes]]) -> None:
        self._link = link
        self._shape = shape

    async def receive(self) -> bytes:
        return await self._link.receive()

    async def send(self, item: bytes) -> None:
        for packet in self._shape(item):
            await self._link.send(packet)

    async def aclose(self) -> None:
        await self._link.aclose()


def shaped_pair(
    to_far: Callable[[bytes], list[bytes]], to_near: Callable[[bytes], list[bytes]]
) -> tuple[ShapedDatagrams, ShapedDatagrams]:
    """Return the two ends of a datagram link, near and far, with what becomes of what is sent to each."""
    near, far = datagram_pair()
    return ShapedDatagrams(near, to_far), ShapedDatagrams(far, to_near)


class ShapedStream(ByteStream):
    """One end of a byte stream in memory: each write goes through ``shape``, which says what arrives."""

    def __init__(self, stream: ByteStream, shape: Callable[[bytes], list[bytes]]) -> None:
        self._stream = stream
        self._shape = shape

    async def receive(self, max_bytes: int = 65536) -> bytes:
        return await self._stream.receive(max_bytes)

    async def send(self, item: bytes) -> None:
        for packet in self._shape(item):
            await self._stream.send(packet)

    async def send_eof(self) -> None:
        await self._stream.send_eof()

    async def aclose(self) -> None:
        await self._stream.aclose()


def shaped_streams(
    to_far: Callable[[bytes], list[bytes]], to_near: Callable[[bytes], list[bytes]]
) -> tuple[ShapedStream, ShapedStream]:
    """Return the two ends of a byte stream, near and far, with what becomes of each write."""
    near, far = memory_pair()
    return ShapedStream(near, to_far), ShapedStream(far, to_near)

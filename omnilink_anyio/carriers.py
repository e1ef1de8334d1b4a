"""What carries the packets of one connection: a watched descriptor of ours, or a transport of the user's own.

Both take packets at once and keep what the peer does not take yet, call their owner between two packets, and are
stopped once. The owner's functions must not wait, nor raise.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import anyio

from omnilink_anyio.background import start_in_background
from omnilink_anyio.descriptors import Descriptor
from omnilink_anyio.flag import Flag
from omnilink_anyio.transport import GRACE, TRANSPORT_ERRORS, PacketWriter, Transport, close_transport
from omnilink_anyio.watch import Calls, Watch, new_watch

__all__ = ["Carrier", "Owner", "carrier_of"]

_log = logging.getLogger("omnilink.anyio")

MOST_UNSENT = 64 * 1024
"""Bytes of packets that are kept for a peer that does not read; then its session ends."""


class Owner(NamedTuple):
    """What a carrier calls."""

    receive: Callable[[bytes], None]
    """With a piece of the stream, or a datagram."""
    lose: Callable[[], None]
    """When nothing more will come, or can be sent."""
    ring: Callable[[], None]
    """When the time has come that `Carrier.set_due` was given."""
    over: Flag
    """Set when everything that will be written is, and the transport is closed."""


class Carrier(ABC):
    """Carries packets, from when it is made to the end that `stop` begins."""

    __slots__ = ("_over", "_owner")

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._over = owner.over

    def _lose_slow_peer(self) -> None:
        _log.warning("the peer reads nothing: more than %d bytes wait for it, the session ends", MOST_UNSENT)
        self._owner.lose()

    @abstractmethod
    def write(self, packets: list[bytes]) -> None:
        """Write packets, one write each, in order, never cut off in the middle."""

    @abstractmethod
    def set_due(self, due: float | None) -> None:
        """Call ``ring`` by then; a time that comes earlier anyway is left alone."""

    @abstractmethod
    def stop(self) -> None:
        """Read no more; close the transport once everything is written, and in `GRACE` seconds at the latest."""


def carrier_of(transport: Transport, owner: Owner) -> Carrier:
    """Return what carries packets over a transport."""
    if isinstance(transport, Descriptor):
        # On an event loop that cannot watch descriptors, as one of Windows', tasks can wait for them.
        with suppress(NotImplementedError):
            return _DescriptorCarrier(transport, owner)
    return _TransportCarrier(transport, owner)


class _DescriptorCarrier(Carrier):
    """Reads when the event loop says that there is something, writes at once."""

    __slots__ = ("_is_stopping", "_own", "_unsent", "_watch")

    def __init__(self, own: Descriptor, owner: Owner) -> None:
        super().__init__(owner)
        self._own = own
        self._unsent: list[bytes] = []
        self._is_stopping = False
        self._watch: Watch = new_watch(own.descriptor, Calls(self._read, self._write_unsent, self._ring))
        self._watch.start()

    def _read(self) -> None:
        try:
            data = self._own.read()
        except (OSError, EOFError):
            self._owner.lose()
        else:
            if data is not None:
                self._owner.receive(data)

    def write(self, packets: list[bytes]) -> None:
        if self._over.is_set:
            return
        if self._unsent:
            self._unsent += packets
        else:
            for number, packet in enumerate(packets):
                left = self._write_now(packet)
                if left:
                    self._unsent = [left, *packets[number + 1 :]]
                    break
        if not self._unsent:
            return
        if sum(map(len, self._unsent)) > MOST_UNSENT:
            self._unsent.clear()
            self._lose_slow_peer()
        else:
            self._watch.watch_room(wanted=True)

    def _write_now(self, packet: bytes) -> bytes:
        """Return what is left of a packet."""
        try:
            taken = self._own.write(packet)
        except OSError:
            self._owner.lose()
            return b""
        return packet[taken:]

    def _write_unsent(self) -> None:
        unsent, self._unsent = self._unsent, []
        self.write(unsent)
        if not self._unsent:
            self._watch.watch_room(wanted=False)
            if self._is_stopping:
                self._close()

    def _ring(self) -> None:
        if self._is_stopping:
            self._close()
        else:
            self._owner.ring()

    def set_due(self, due: float | None) -> None:
        self._watch.set_due(due)

    def stop(self) -> None:
        if self._is_stopping:
            return
        self._is_stopping = True
        if self._unsent:
            self._watch.set_due(anyio.current_time() + GRACE)
        else:
            self._close()

    def _close(self) -> None:
        if not self._over.is_set:
            self._watch.stop()
            self._own.close()
            self._over.set()


class _TransportCarrier(Carrier):
    """Reads and writes in a task each, as any transport of anyio's can be."""

    __slots__ = ("_reading", "_transport", "_watch", "_writer")

    def __init__(self, transport: Transport, owner: Owner) -> None:
        super().__init__(owner)
        self._transport = transport
        self._writer = PacketWriter(transport)
        self._reading = anyio.CancelScope()
        self._watch = new_watch(None, Calls(lambda: None, lambda: None, owner.ring))
        self._watch.start()
        start_in_background(self._read)
        start_in_background(self._write)

    def write(self, packets: list[bytes]) -> None:
        self._writer.put(packets)
        if self._writer.unsent > MOST_UNSENT:
            self._writer.forget()
            self._lose_slow_peer()

    def set_due(self, due: float | None) -> None:
        self._watch.set_due(due)

    def stop(self) -> None:
        self._watch.stop()
        self._writer.stop()

    async def _read(self) -> None:
        with self._reading:
            try:
                while not self._over.is_set:
                    self._owner.receive(await self._transport.receive())
            except TRANSPORT_ERRORS:
                self._owner.lose()
            except Exception:  # noqa: BLE001 - whatever a transport raises, the session ends as at any loss
                _log.exception("the transport failed to read: the session ends here")
                self._owner.lose()

    async def _write(self) -> None:
        try:
            await self._writer.run()
        except TRANSPORT_ERRORS:
            self._owner.lose()
        except Exception:  # noqa: BLE001 - whatever a transport raises, the session ends as at any loss
            _log.exception("the transport failed to write: the session ends here")
            self._owner.lose()
        finally:
            # Prompt, though the owner may not be looking: a panel has few connections to give.
            self._reading.cancel()
            self._watch.stop()
            with anyio.move_on_after(GRACE, shield=True):
                await close_transport(self._transport)
            self._over.set()

"""Serial ports as transports, by way of the package serialx."""

import os
import selectors
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.session.end_reasons import cannot_open_serial
from omnilink_sync.transport import GRACE, Transport

if TYPE_CHECKING:
    from serialx import BaseSerial

__all__ = ["open_serial"]

_IS_POSIX = os.name == "posix"
"""Whether an open port has a file descriptor, which can be waited for."""

_MOST_AT_ONCE = 4096

_POLL_INTERVAL = 0.005
"""Seconds between two looks at a port that cannot be waited for: five bytes at 9600 baud."""


def open_serial(path: str, baud_rate: int = 9600) -> Transport:
    """Open a serial port: 8 data bits, no parity, 1 stop bit, no flow control, locked against a second user.

    ``path`` is the system's name for it, like /dev/ttyUSB0; ``baud_rate`` is in bits per second, as at the other
    end. Bytes pass as they are: a port knows of no packets.

    Raises `OmniConnectionError` when it cannot be opened, and in omnilink_anyio always on Windows;
    `LocalProtocolError` for a baud rate below 1; `ImportError` when the extra ``serial`` is not installed.
    """
    if baud_rate < 1:
        raise LocalProtocolError(f"a baud rate is 1 or more, not {baud_rate}")
    port = _open(path, baud_rate)
    return _DescriptorPort(port) if _IS_POSIX else _PolledPort(port)


def _open(path: str, baud_rate: int) -> "BaseSerial":
    try:
        import serialx
    except ImportError as error:
        raise ImportError(
            "serial ports need the package serialx: pip install 'omnilink-sansio[serial]'"
        ) from error
    try:
        # Named as a device, so that no path is taken for an address of something else.
        port = serialx.serial_for_url(f"device://{path}", baudrate=baud_rate, exclusive=True)
        port.open()
    except (OSError, ValueError, serialx.SerialException) as error:
        raise cannot_open_serial(path, error) from error
    return port


class _DescriptorPort:
    """An open port with a descriptor: the system reports when there is something to read, or room to write."""

    def __init__(self, port: "BaseSerial") -> None:
        self._port = port
        self._descriptor = port.fileno()
        os.set_blocking(self._descriptor, False)

    def send(self, data: bytes) -> None:
        left, until = memoryview(data), time.monotonic() + GRACE
        while left:
            with suppress(BlockingIOError):
                left = left[os.write(self._descriptor, left) :]
                continue
            if not self._is_ready(selectors.EVENT_WRITE, until - time.monotonic()):
                raise TimeoutError(f"the serial port took nothing for {GRACE:g} s")

    def receive(self, timeout: float) -> bytes | None:
        if not self._is_ready(selectors.EVENT_READ, timeout):
            return None
        try:
            data = os.read(self._descriptor, _MOST_AT_ONCE)
        except BlockingIOError:
            return None
        if not data:
            raise EOFError("the serial port was hung up: is it still plugged in?")
        return data

    def close(self) -> None:
        self._port.close()

    def _is_ready(self, event: int, seconds: float) -> bool:
        # The default one, though it costs a little: not every system's poll() knows serial ports.
        with selectors.DefaultSelector() as selector:
            selector.register(self._descriptor, event)
            return bool(selector.select(max(seconds, 0.0)))


class _PolledPort:
    """An open port without a descriptor, as on Windows: looked at again and again.

    The library's own time-outs are one setting for both directions there; so one call is made at a time.
    """

    def __init__(self, port: "BaseSerial") -> None:
        self._port = port
        self._calling = threading.Lock()

    def send(self, data: bytes) -> None:
        with self._calling:
            self._port.write(data, timeout=GRACE)

    def receive(self, timeout: float) -> bytes | None:
        piece, until = bytearray(_MOST_AT_ONCE), time.monotonic() + timeout
        while True:
            with self._calling:
                size = self._port.readinto(piece, timeout=0)
            if size:
                return bytes(piece[:size])
            left = until - time.monotonic()
            if left <= 0:
                return None
            time.sleep(min(left, _POLL_INTERVAL))

    def close(self) -> None:
        self._port.close()

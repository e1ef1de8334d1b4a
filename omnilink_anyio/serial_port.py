"""Serial ports as byte streams, by way of the package serialx, on both event loops."""

import os
from typing import TYPE_CHECKING

import anyio.to_thread

from omnilink_anyio.descriptors import SerialStream
from omnilink_anyio.transport import Transport
from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.session.end_reasons import cannot_open_serial

if TYPE_CHECKING:
    from serialx import BaseSerial

__all__ = ["open_serial"]

_IS_POSIX = os.name == "posix"
"""Whether an open port has a file descriptor, which an event loop can wait for."""


async def open_serial(path: str, baud_rate: int = 9600) -> Transport:
    """Open a serial port: 8 data bits, no parity, 1 stop bit, no flow control, locked against a second user.

    ``path`` is the system's name for it, like /dev/ttyUSB0; ``baud_rate`` is in bits per second, as at the other
    end. Bytes pass as they are: a port knows of no packets.

    Raises `OmniConnectionError` when it cannot be opened, and in omnilink_anyio always on Windows;
    `LocalProtocolError` for a baud rate below 1; `ImportError` when the extra ``serial`` is not installed.
    """
    if baud_rate < 1:
        raise LocalProtocolError(f"a baud rate is 1 or more, not {baud_rate}")
    if not _IS_POSIX:
        raise cannot_open_serial(
            path,
            "this system's event loops cannot wait for serial ports: use omnilink_sync, or a serial-to-TCP bridge",
        )
    # How long opening takes is up to the driver: in a thread. Nothing else is.
    return SerialStream(await anyio.to_thread.run_sync(_open, path, baud_rate))


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

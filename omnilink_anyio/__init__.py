"""Omni-Link II on asyncio and trio: a client, its connection, one that stays connected, and an emulated panel.

::

    async with OmniClient("192.168.1.9", controller_key=key) as client:
        print(await client.list_zone_names())
        await client.turn_unit_on(1)
"""

try:
    import anyio as _anyio
except ImportError as error:  # pragma: no cover - shown by a test in a child interpreter
    raise ImportError(
        "omnilink_anyio needs the package anyio: pip install 'omnilink-sansio[anyio]'"
    ) from error

from omnilink_anyio.client import OmniClient
from omnilink_anyio.connection import OmniConnection
from omnilink_anyio.event_stream import EventStream
from omnilink_anyio.mock_panel import MockPanel, ServedPanel
from omnilink_anyio.probing import probe
from omnilink_anyio.reconnecting import ReconnectingClient
from omnilink_anyio.reply import Reply
from omnilink_anyio.serial_port import open_serial
from omnilink_anyio.transport import Transport, open_tcp, open_udp

del _anyio

__all__ = [
    "EventStream",
    "MockPanel",
    "OmniClient",
    "OmniConnection",
    "ReconnectingClient",
    "Reply",
    "ServedPanel",
    "Transport",
    "open_serial",
    "open_tcp",
    "open_udp",
    "probe",
]

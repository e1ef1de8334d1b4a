"""Omni-Link II on asyncio and trio: a client, its connection, and an emulated panel to try them on.

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

del _anyio

__all__ = ["EventStream", "MockPanel", "OmniClient", "OmniConnection", "ServedPanel"]

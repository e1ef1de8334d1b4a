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

from typing import TYPE_CHECKING

from omnilink_sansio.first_use import names_of_parts as _names_of_parts

if TYPE_CHECKING:
    from omnilink_anyio.client import *
    from omnilink_anyio.connection import *
    from omnilink_anyio.event_stream import *
    from omnilink_anyio.mock_panel import *
    from omnilink_anyio.probing import *
    from omnilink_anyio.reconnecting import *
    from omnilink_anyio.reply import *
    from omnilink_anyio.serial_port import *
    from omnilink_anyio.transport import *

del _anyio

_PARTS = {
    "omnilink_anyio.transport": "*",
    "omnilink_anyio.reply": "*",
    "omnilink_anyio.event_stream": "*",
    "omnilink_anyio.connection": "*",
    "omnilink_anyio.client": "*",
    "omnilink_anyio.serial_port": "*",
    "omnilink_anyio.reconnecting": "*",
    "omnilink_anyio.probing": "*",
    "omnilink_anyio.mock_panel": "*",
}
"""Whose names are this package's: from the ground up, since each loads those below it anyway."""

if not TYPE_CHECKING:
    __getattr__, __dir__ = _names_of_parts(__name__, _PARTS)

"""Omni-Link II in blocking code: a client, its connection, one that stays connected, and an emulated panel.

::

    with OmniClient("192.168.1.9", controller_key=key) as client:
        print(client.list_zone_names())
        client.turn_unit_on(1)
"""

from typing import TYPE_CHECKING

from omnilink_sansio.first_use import names_of_parts as _names_of_parts

if TYPE_CHECKING:
    from omnilink_sync.client import *
    from omnilink_sync.connection import *
    from omnilink_sync.event_stream import *
    from omnilink_sync.mock_panel import *
    from omnilink_sync.probing import *
    from omnilink_sync.reconnecting import *
    from omnilink_sync.reply import *
    from omnilink_sync.serial_port import *
    from omnilink_sync.transport import *

_PARTS = {
    "omnilink_sync.transport": "*",
    "omnilink_sync.reply": "*",
    "omnilink_sync.event_stream": "*",
    "omnilink_sync.connection": "*",
    "omnilink_sync.client": "*",
    "omnilink_sync.serial_port": "*",
    "omnilink_sync.reconnecting": "*",
    "omnilink_sync.probing": "*",
    "omnilink_sync.mock_panel": "*",
}
"""Whose names are this package's: from the ground up, since each loads those below it anyway."""

if not TYPE_CHECKING:
    __getattr__, __dir__ = _names_of_parts(__name__, _PARTS)

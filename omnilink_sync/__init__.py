"""Omni-Link II in blocking code: a client, its connection, one that stays connected, and an emulated panel.

::

    with OmniClient("192.168.1.9", controller_key=key) as client:
        print(client.list_zone_names())
        client.turn_unit_on(1)
"""

from omnilink_sync.client import OmniClient
from omnilink_sync.connection import OmniConnection
from omnilink_sync.event_stream import EventStream
from omnilink_sync.mock_panel import MockPanel, ServedPanel
from omnilink_sync.probing import probe
from omnilink_sync.reconnecting import ReconnectingClient
from omnilink_sync.reply import Reply
from omnilink_sync.serial_port import open_serial
from omnilink_sync.transport import SocketTransport, Transport, open_tcp, open_udp

__all__ = [
    "EventStream",
    "MockPanel",
    "OmniClient",
    "OmniConnection",
    "ReconnectingClient",
    "Reply",
    "ServedPanel",
    "SocketTransport",
    "Transport",
    "open_serial",
    "open_tcp",
    "open_udp",
    "probe",
]

"""Sessions: the two machines, the server of many, their settings, and what they report."""

from typing import TYPE_CHECKING

from omnilink_sansio.first_use import names_of_parts as _names_of_parts

if TYPE_CHECKING:
    from omnilink_sansio.session.client import ClientConnection as ClientConnection
    from omnilink_sansio.session.connection import Connection as Connection
    from omnilink_sansio.session.connection_type import ConnectionType as ConnectionType
    from omnilink_sansio.session.connection_type import TransportName as TransportName
    from omnilink_sansio.session.controller import ControllerConnection as ControllerConnection
    from omnilink_sansio.session.end_reasons import ControllerEndReason as ControllerEndReason
    from omnilink_sansio.session.events import ClientEvent as ClientEvent
    from omnilink_sansio.session.events import ControllerEvent as ControllerEvent
    from omnilink_sansio.session.events import ControllerSessionEnded as ControllerSessionEnded
    from omnilink_sansio.session.events import LateReply as LateReply
    from omnilink_sansio.session.events import LeaseEnded as LeaseEnded
    from omnilink_sansio.session.events import LeaseGranted as LeaseGranted
    from omnilink_sansio.session.events import NotificationReceived as NotificationReceived
    from omnilink_sansio.session.events import PacketDropped as PacketDropped
    from omnilink_sansio.session.events import ReplyDropped as ReplyDropped
    from omnilink_sansio.session.events import ReplyReceived as ReplyReceived
    from omnilink_sansio.session.events import RequestCancelled as RequestCancelled
    from omnilink_sansio.session.events import RequestFailed as RequestFailed
    from omnilink_sansio.session.events import RequestReceived as RequestReceived
    from omnilink_sansio.session.events import SessionEnded as SessionEnded
    from omnilink_sansio.session.events import SessionStarted as SessionStarted
    from omnilink_sansio.session.history import CarryNumbers as CarryNumbers
    from omnilink_sansio.session.history import SessionHistory as SessionHistory
    from omnilink_sansio.session.server import ControllerServer as ControllerServer
    from omnilink_sansio.session.server import PeerEvent as PeerEvent
    from omnilink_sansio.session.settings import DEFAULT_PORT as DEFAULT_PORT
    from omnilink_sansio.session.settings import ClientSettings as ClientSettings
    from omnilink_sansio.session.settings import ControllerSettings as ControllerSettings
    from omnilink_sansio.session.states import ConnectionState as ConnectionState

_PARTS = {
    "omnilink_sansio.session.client": "ClientConnection",
    "omnilink_sansio.session.connection": "Connection",
    "omnilink_sansio.session.connection_type": "ConnectionType TransportName",
    "omnilink_sansio.session.controller": "ControllerConnection",
    "omnilink_sansio.session.end_reasons": "ControllerEndReason",
    "omnilink_sansio.session.events": (
        "ClientEvent ControllerEvent ControllerSessionEnded LateReply LeaseEnded LeaseGranted "
        "NotificationReceived PacketDropped ReplyDropped ReplyReceived RequestCancelled RequestFailed "
        "RequestReceived SessionEnded SessionStarted"
    ),
    "omnilink_sansio.session.history": "CarryNumbers SessionHistory",
    "omnilink_sansio.session.server": "ControllerServer PeerEvent",
    "omnilink_sansio.session.settings": "DEFAULT_PORT ClientSettings ControllerSettings",
    "omnilink_sansio.session.states": "ConnectionState",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = _names_of_parts(__name__, _PARTS)

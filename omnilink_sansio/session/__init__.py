"""Sessions: the two machines, their tables, and what they report."""

from omnilink_sansio.session.client import ClientConnection
from omnilink_sansio.session.client_states import CLIENT_TABLE, ClientAction, ClientInput
from omnilink_sansio.session.connection import Connection
from omnilink_sansio.session.controller import ControllerConnection
from omnilink_sansio.session.controller_states import CONTROLLER_TABLE, ControllerAction, ControllerInput
from omnilink_sansio.session.ends import CLIENT_ENDS, ControllerEnd, cannot_open
from omnilink_sansio.session.events import (
    ClientEvent,
    ControllerEvent,
    ControllerSessionEnded,
    LateReply,
    NotificationReceived,
    PacketDropped,
    ReplyDropped,
    ReplyReceived,
    RequestCancelled,
    RequestFailed,
    RequestId,
    RequestReceived,
    SessionEnded,
    SessionStarted,
)
from omnilink_sansio.session.server import ControllerServer, PeerEvent
from omnilink_sansio.session.states import ConnectionState, Transition, TransitionTable

__all__ = [
    "CLIENT_ENDS",
    "CLIENT_TABLE",
    "CONTROLLER_TABLE",
    "ClientAction",
    "ClientConnection",
    "ClientEvent",
    "ClientInput",
    "Connection",
    "ConnectionState",
    "ControllerAction",
    "ControllerConnection",
    "ControllerEnd",
    "ControllerEvent",
    "ControllerInput",
    "ControllerServer",
    "ControllerSessionEnded",
    "LateReply",
    "NotificationReceived",
    "PacketDropped",
    "PeerEvent",
    "ReplyDropped",
    "ReplyReceived",
    "RequestCancelled",
    "RequestFailed",
    "RequestId",
    "RequestReceived",
    "SessionEnded",
    "SessionStarted",
    "Transition",
    "TransitionTable",
    "cannot_open",
]

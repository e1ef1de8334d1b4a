"""Sessions: the two machines, their tables, and what they report."""

from omnilink_sansio.session.client import ClientConnection
from omnilink_sansio.session.client_states import CLIENT_TABLE, ClientAction, ClientInput
from omnilink_sansio.session.connection import Connection
from omnilink_sansio.session.controller import ControllerConnection
from omnilink_sansio.session.controller_states import CONTROLLER_TABLE, ControllerAction, ControllerInput
from omnilink_sansio.session.dispatcher import Dispatcher, PendingReply
from omnilink_sansio.session.ends import CLIENT_ENDS, ControllerEnd, cannot_open, cannot_open_serial
from omnilink_sansio.session.event_queue import EVENT_QUEUE_LIMIT, ConnectionLost, EventQueue, EventsLost
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
from omnilink_sansio.session.listeners import (
    Listener,
    Listeners,
    QueuedListener,
    Relay,
    Subscriber,
    plain_function,
)
from omnilink_sansio.session.server import ControllerServer, PeerEvent
from omnilink_sansio.session.states import ConnectionState, Transition, TransitionTable

__all__ = [
    "CLIENT_ENDS",
    "CLIENT_TABLE",
    "CONTROLLER_TABLE",
    "EVENT_QUEUE_LIMIT",
    "ClientAction",
    "ClientConnection",
    "ClientEvent",
    "ClientInput",
    "Connection",
    "ConnectionLost",
    "ConnectionState",
    "ControllerAction",
    "ControllerConnection",
    "ControllerEnd",
    "ControllerEvent",
    "ControllerInput",
    "ControllerServer",
    "ControllerSessionEnded",
    "Dispatcher",
    "EventQueue",
    "EventsLost",
    "LateReply",
    "Listener",
    "Listeners",
    "NotificationReceived",
    "PacketDropped",
    "PeerEvent",
    "PendingReply",
    "QueuedListener",
    "Relay",
    "ReplyDropped",
    "ReplyReceived",
    "RequestCancelled",
    "RequestFailed",
    "RequestId",
    "RequestReceived",
    "SessionEnded",
    "SessionStarted",
    "Subscriber",
    "Transition",
    "TransitionTable",
    "cannot_open",
    "cannot_open_serial",
    "plain_function",
]

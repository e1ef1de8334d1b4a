"""The transition tables of both ends' connections: what their links report, and what their owners do."""

from collections.abc import Mapping
from enum import Enum, IntEnum, unique
from typing import TypeAlias

from omnilink_sansio.errors import EndReason
from omnilink_sansio.session.end_reasons import ControllerEndReason
from omnilink_sansio.session.states import ConnectionState, Transition, TransitionTable
from omnilink_sansio.wire.framing import Framing

__all__ = [
    "CLIENT_STATES",
    "CLIENT_TABLE",
    "CONTROLLER_STATES",
    "CONTROLLER_TABLE",
    "ClientAction",
    "ClientInput",
    "ControllerAction",
    "ControllerInput",
]


@unique
class ClientInput(IntEnum):
    """What can happen to a client."""

    CONNECT = 1
    """The owner connects."""
    CLOSE = 2
    """The owner closes."""
    CONTROLLER_SILENT = 3
    """The keepalive was not answered."""
    OPENED = 4
    """The link's session is open."""
    ARRIVED = 5
    """A message came in."""
    DAMAGED = 6
    """A message came in that cannot be read."""
    DROPPED = 7
    """Something came in that the link did not act on."""
    ENDED = 8
    """The link is over."""


@unique
class ClientAction(Enum):
    """What a client does in a transition."""

    OPEN_LINK = "open the link"
    GO_ONLINE = "report the session"
    RECEIVE = "match the reply, or report the notification"
    FAIL_REQUEST = "report the drop, fail the request"
    REPORT = "report the drop"
    CLOSE_LINK = "fail all requests, close the link"
    ABANDON_LINK = "abandon the link"
    END = "fail all requests, report the end"


@unique
class ControllerInput(IntEnum):
    """What can happen to a controller's end of a connection."""

    TERMINATE = 1
    """The owner ends the session."""
    CLOSE = 2
    """The owner ends the connection."""
    OPENED = 3
    """The link's session is open."""
    ARRIVED = 4
    """A message came in."""
    DROPPED = 5
    """Something came in that the link did not act on, or cannot be read."""
    SESSION_OVER = 6
    """A session ended, or the offer of one; the link waits for another."""
    LINK_OVER = 7
    """The link is over, and its session with it."""


@unique
class ControllerAction(Enum):
    """What a controller does in a transition."""

    GO_ONLINE = "report the session"
    RECEIVE = "report the request"
    REPORT = "report the drop"
    TERMINATE_SESSION = "terminate the link's session"
    CLOSE_LINK = "close the link"
    END = "forget what is not answered, report the end"


_S = ConnectionState
_C = ClientInput
_P = ControllerInput
_ClientRow: TypeAlias = Transition[ConnectionState, ClientAction, EndReason]
_ControllerRow: TypeAlias = Transition[ConnectionState, ControllerAction, ControllerEndReason]


def _client(
    next_state: ConnectionState, state: ConnectionState, action: ClientAction, *inputs: ClientInput
) -> Mapping[tuple[ConnectionState, ClientInput], _ClientRow]:
    return {(state, item): Transition(next_state, action) for item in inputs}


CLIENT_TABLE: TransitionTable[ConnectionState, ClientInput, ClientAction, EndReason] = TransitionTable(
    ConnectionState,
    {
        **_client(_S.OPENING, _S.IDLE, ClientAction.OPEN_LINK, _C.CONNECT),
        **_client(_S.CLOSING, _S.IDLE, ClientAction.CLOSE_LINK, _C.CLOSE),
        **_client(_S.IDLE, _S.IDLE, ClientAction.REPORT, _C.DROPPED),
        **_client(_S.CLOSED, _S.IDLE, ClientAction.END, _C.ENDED),
        **_client(_S.CLOSING, _S.OPENING, ClientAction.CLOSE_LINK, _C.CLOSE),
        **_client(_S.ONLINE, _S.OPENING, ClientAction.GO_ONLINE, _C.OPENED),
        **_client(_S.OPENING, _S.OPENING, ClientAction.REPORT, _C.DROPPED),
        **_client(_S.CLOSED, _S.OPENING, ClientAction.END, _C.ENDED),
        **_client(_S.CLOSING, _S.ONLINE, ClientAction.CLOSE_LINK, _C.CLOSE),
        **_client(_S.CLOSING, _S.ONLINE, ClientAction.ABANDON_LINK, _C.CONTROLLER_SILENT),
        **_client(_S.ONLINE, _S.ONLINE, ClientAction.RECEIVE, _C.ARRIVED),
        **_client(_S.ONLINE, _S.ONLINE, ClientAction.FAIL_REQUEST, _C.DAMAGED),
        **_client(_S.ONLINE, _S.ONLINE, ClientAction.REPORT, _C.DROPPED),
        **_client(_S.CLOSED, _S.ONLINE, ClientAction.END, _C.ENDED),
        # What was on its way still arrives.
        **_client(_S.CLOSING, _S.CLOSING, ClientAction.RECEIVE, _C.ARRIVED),
        **_client(_S.CLOSING, _S.CLOSING, ClientAction.FAIL_REQUEST, _C.DAMAGED),
        **_client(_S.CLOSING, _S.CLOSING, ClientAction.REPORT, _C.DROPPED),
        **_client(_S.CLOSED, _S.CLOSING, ClientAction.END, _C.ENDED),
    },
)
"""Everything that a client's connection does, by state and input, on any link."""

CLIENT_STATES = CLIENT_TABLE.next_states(Framing.STREAM)
"""Where each input leads: the same on streams and datagrams, which are the link's business."""


def _controller(
    next_state: ConnectionState, state: ConnectionState, action: ControllerAction, *inputs: ControllerInput
) -> Mapping[tuple[ConnectionState, ControllerInput], _ControllerRow]:
    return {(state, item): Transition(next_state, action) for item in inputs}


CONTROLLER_TABLE: TransitionTable[ConnectionState, ControllerInput, ControllerAction, ControllerEndReason] = (
    TransitionTable(
        ConnectionState,
        {
            **_controller(_S.IDLE, _S.IDLE, ControllerAction.TERMINATE_SESSION, _P.TERMINATE),
            **_controller(_S.IDLE, _S.IDLE, ControllerAction.CLOSE_LINK, _P.CLOSE),
            **_controller(_S.ONLINE, _S.IDLE, ControllerAction.GO_ONLINE, _P.OPENED),
            **_controller(_S.IDLE, _S.IDLE, ControllerAction.REPORT, _P.DROPPED),
            **_controller(_S.IDLE, _S.IDLE, ControllerAction.END, _P.SESSION_OVER),
            **_controller(_S.CLOSED, _S.IDLE, ControllerAction.END, _P.LINK_OVER),
            **_controller(_S.ONLINE, _S.ONLINE, ControllerAction.TERMINATE_SESSION, _P.TERMINATE),
            **_controller(_S.ONLINE, _S.ONLINE, ControllerAction.CLOSE_LINK, _P.CLOSE),
            **_controller(_S.ONLINE, _S.ONLINE, ControllerAction.RECEIVE, _P.ARRIVED),
            **_controller(_S.ONLINE, _S.ONLINE, ControllerAction.REPORT, _P.DROPPED),
            **_controller(_S.IDLE, _S.ONLINE, ControllerAction.END, _P.SESSION_OVER),
            **_controller(_S.CLOSED, _S.ONLINE, ControllerAction.END, _P.LINK_OVER),
        },
    )
)
"""Everything that a controller's connection does, by state and input, on any link."""

CONTROLLER_STATES = CONTROLLER_TABLE.next_states(Framing.STREAM)
"""Where each input leads: the same on streams and datagrams, which are the link's business."""

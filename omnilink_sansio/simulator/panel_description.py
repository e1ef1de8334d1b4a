"""What an emulated panel is made of, before it is served."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.notifications import Notification
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.session.connection_type import TransportName
from omnilink_sansio.session.server import PeerEvent
from omnilink_sansio.session.settings import ControllerSettings
from omnilink_sansio.simulator.demo import demo_house
from omnilink_sansio.simulator.faults.fault_plan import FaultPlan
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.panel import EmulatedPanel
from omnilink_sansio.wire.framing import Framing
from omnilink_sansio.wire.message import Message

__all__ = ["PanelDescription", "PanelTransport"]

PanelTransport: TypeAlias = TransportName | Literal["both"]
"""What a panel is served over; "both" is TCP and UDP at once."""

_FRAMINGS: Mapping[str, Framing | None] = MappingProxyType(
    {"tcp": Framing.STREAM, "udp": Framing.DATAGRAM, "both": None}
)


class PanelDescription(ABC):
    """An emulated panel to serve; an adapter decides how, and where chance comes from.

    ``house`` is what it controls, the demo house when not given; ``observe`` is called with every event of
    every client before the panel acts on it, ``observe_replies`` with the client, its request and the reply (None:
    it gets none), ``observe_changes`` with every notification, in order, whether or not a client enabled them;
    none may wait. ``session_ids`` gives 5 bytes for each session, random ones when not given. ``faults`` is what
    goes wrong, nothing when not given; ``notification_gap`` the seconds at least between a notification and
    what a client gets before and after it, for clients that take what arrives together for one packet. Raises
    `LocalProtocolError` for a key that has not 16 bytes.
    """

    def __init__(
        self,
        *,
        controller_key: bytes,
        house: House | None = None,
        settings: ControllerSettings | None = None,
        observe: Callable[[PeerEvent[Hashable]], None] | None = None,
        observe_replies: Callable[[Hashable, Message, Message | None], None] | None = None,
        observe_changes: Callable[[Notification], None] | None = None,
        session_ids: Callable[[], bytes] | None = None,
        faults: FaultPlan | None = None,
        notification_gap: float = 0.0,
    ) -> None:
        self.house = demo_house() if house is None else house
        self._controller_key = ControllerKey(controller_key)
        self._settings = settings
        self._observe = observe
        self._observe_replies = observe_replies
        self._observe_changes = observe_changes
        self._session_ids = session_ids or self.random_session_id
        self._faults = faults
        self._notification_gap = notification_gap

    @staticmethod
    @abstractmethod
    def random_session_id() -> bytes:
        """Return 5 bytes that cannot be guessed."""

    def new_panel(self, transport: PanelTransport) -> EmulatedPanel[Hashable]:
        """Return a panel without sessions for this house.

        Raises `LocalProtocolError` for another transport, and for a house with a number, name or value that no
        message can carry.
        """
        try:
            framing = _FRAMINGS[transport]
        except KeyError:
            raise LocalProtocolError(
                f"the panel is served over {', '.join(_FRAMINGS)}, not over {transport!r}"
            ) from None
        return EmulatedPanel(
            self._controller_key,
            self.house,
            self._session_ids,
            framing=framing,
            settings=self._settings,
            observe=self._observe,
            observe_replies=self._observe_replies,
            observe_changes=self._observe_changes,
            faults=self._faults,
            notification_gap=self._notification_gap,
        )

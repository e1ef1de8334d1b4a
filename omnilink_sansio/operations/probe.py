"""What is wrong with the way to a controller, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, unique
from types import MappingProxyType

from omnilink_sansio.enums import ClientEnd, ConnectionType
from omnilink_sansio.errors import OmniConnectionError, OmniLinkError
from omnilink_sansio.messages.system import SystemInformation

__all__ = ["ProbeOutcome", "ProbeResult", "diagnose"]


@unique
class ProbeOutcome(Enum):
    """What a probe found."""

    FINE = "fine"
    NO_ROUTE = "no route"
    PORT_CLOSED = "port closed"
    NO_ANSWER = "no answer"
    """Over UDP nobody need be there; with a session, the controller stopped answering in it."""
    NOT_A_PANEL = "not an Omni panel"
    BUSY = "busy"
    WRONG_KEY = "wrong key"


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What a probe found, in one word and in a sentence."""

    outcome: ProbeOutcome
    detail: str
    information: SystemInformation | None = None
    """Model and firmware, when a key was given and fits."""

    @property
    def is_fine(self) -> bool:
        """Whether a controller answers there, as far as could be tried."""
        return self.outcome is ProbeOutcome.FINE


_OUTCOMES: Mapping[ClientEnd | None, ProbeOutcome] = MappingProxyType(
    {
        ClientEnd.OFFERED: ProbeOutcome.FINE,
        ClientEnd.UNREACHABLE: ProbeOutcome.NO_ROUTE,
        ClientEnd.PORT_CLOSED: ProbeOutcome.PORT_CLOSED,
        ClientEnd.REFUSED: ProbeOutcome.BUSY,
        ClientEnd.HANDSHAKE_TERMINATED: ProbeOutcome.BUSY,
        ClientEnd.WRONG_KEY: ProbeOutcome.WRONG_KEY,
        ClientEnd.SESSION_ID: ProbeOutcome.WRONG_KEY,
        ClientEnd.VERSION: ProbeOutcome.NOT_A_PANEL,
        ClientEnd.HANDSHAKE_LOST: ProbeOutcome.NOT_A_PANEL,
        ClientEnd.HANDSHAKE_FAULT: ProbeOutcome.NOT_A_PANEL,
        ClientEnd.HANDSHAKE_TIMEOUT: ProbeOutcome.NOT_A_PANEL,
    }
)
"""What the ends of attempts mean; any other end came after a session was open."""

_ON_DATAGRAMS: Mapping[ClientEnd | None, ProbeOutcome] = MappingProxyType(
    {
        ClientEnd.HANDSHAKE_TIMEOUT: ProbeOutcome.NO_ANSWER,
        # The host says that nobody listens.
        ClientEnd.HANDSHAKE_LOST: ProbeOutcome.PORT_CLOSED,
    }
)
"""What differs where nothing is connected beforehand."""

_SUSPECTS: Mapping[ProbeOutcome, str] = MappingProxyType(
    {
        ProbeOutcome.FINE: "a controller answers here; whether a controller key fits is not tried without one",
        ProbeOutcome.NO_ANSWER: (
            "check the address and that the controller's network access is enabled; its old 10 Mb network port "
            "loses packets behind some gigabit switches: try another one between them"
        ),
    }
)
"""What to say beside the error, or in its place."""


def diagnose(error: OmniLinkError, transport: str = ConnectionType.TCP) -> ProbeResult:
    """Return what a probe over this kind of transport found that ended with an error.

    One that had no key ends with an error in the best case too: that a session was offered.
    """
    end = error.end if isinstance(error, OmniConnectionError) else None
    outcome = _OUTCOMES.get(end, ProbeOutcome.NO_ANSWER)
    if transport == ConnectionType.UDP:
        outcome = _ON_DATAGRAMS.get(end, outcome)
    suspects = _SUSPECTS.get(outcome)
    if outcome is ProbeOutcome.FINE and suspects is not None:
        return ProbeResult(outcome, suspects)
    return ProbeResult(outcome, f"{error}; {suspects}" if suspects else str(error))

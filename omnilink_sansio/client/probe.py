"""What is wrong with the way to a controller, in plain words."""

from collections.abc import Mapping
from enum import Enum, unique
from types import MappingProxyType

from omnilink_sansio.errors import EndReason, OmniConnectionError, OmniLinkError, RequestTimeoutError
from omnilink_sansio.frozen import frozen
from omnilink_sansio.messages.system import RequestSystemInformation, SystemInformation
from omnilink_sansio.operations.operation import Operation, ask
from omnilink_sansio.session.connection_type import ConnectionType

__all__ = ["ProbeOutcome", "ProbeResult", "diagnose", "identify"]


@unique
class ProbeOutcome(Enum):
    """What a probe found."""

    FINE = "fine"
    NO_ROUTE = "no route"
    PORT_CLOSED = "port closed"
    NO_ANSWER = "no answer"
    """Over UDP there may be no host at all; with a session, no readable answer came in it."""
    NOT_A_PANEL = "not an Omni panel"
    BUSY = "busy"
    WRONG_KEY = "wrong key"


@frozen
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


_OUTCOMES: Mapping[EndReason | None, ProbeOutcome] = MappingProxyType(
    {
        EndReason.OFFERED: ProbeOutcome.FINE,
        EndReason.UNREACHABLE: ProbeOutcome.NO_ROUTE,
        EndReason.PORT_CLOSED: ProbeOutcome.PORT_CLOSED,
        EndReason.REFUSED: ProbeOutcome.BUSY,
        EndReason.HANDSHAKE_TERMINATED: ProbeOutcome.BUSY,
        EndReason.WRONG_KEY: ProbeOutcome.WRONG_KEY,
        EndReason.SESSION_ID: ProbeOutcome.WRONG_KEY,
        EndReason.VERSION: ProbeOutcome.NOT_A_PANEL,
        EndReason.HANDSHAKE_LOST: ProbeOutcome.NOT_A_PANEL,
        EndReason.HANDSHAKE_FAULT: ProbeOutcome.NOT_A_PANEL,
        EndReason.HANDSHAKE_TIMEOUT: ProbeOutcome.NOT_A_PANEL,
        # The panel did answer: its error names the key and the panel's state as suspects.
        EndReason.KEY_UNANSWERED: ProbeOutcome.NO_ANSWER,
    }
)
"""What the ends of attempts mean; any other end came after a session was open."""

_OFFERED = "a controller answers here; without a key it was not tried whether one fits"
_SILENCES = frozenset({EndReason.HANDSHAKE_TIMEOUT, EndReason.SILENT})
_SUSPECTS = (
    "check that the controller's network access is enabled; the 10 Mb network ports of old controllers lose "
    "packets behind some gigabit switches: put another one between them"
)


def identify() -> Operation[ProbeResult]:
    """Ask in a session what the controller is: what a probe finds that nothing is wrong with."""
    information = yield from ask(RequestSystemInformation())
    found = f"{information.model_name}, firmware {information.firmware_version}"
    return ProbeResult(ProbeOutcome.FINE, found, information)


def diagnose(error: OmniLinkError, transport: str = ConnectionType.TCP) -> ProbeResult:
    """Return what a probe over this kind of transport found that ended with an error.

    One that had no key ends with an error in the best case too: that a session was offered.
    """
    end = error.end if isinstance(error, OmniConnectionError) else None
    outcome = _OUTCOMES.get(end, ProbeOutcome.NO_ANSWER)
    if outcome is ProbeOutcome.FINE:
        return ProbeResult(outcome, _OFFERED)
    if end is EndReason.HANDSHAKE_TIMEOUT and transport == ConnectionType.UDP:
        # Nothing is connected beforehand: there may be no host.
        outcome = ProbeOutcome.NO_ANSWER
    is_silent = end in _SILENCES or isinstance(error, RequestTimeoutError)
    return ProbeResult(outcome, f"{error}; {_SUSPECTS}" if is_silent else str(error))

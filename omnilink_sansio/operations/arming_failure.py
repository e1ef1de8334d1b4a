"""Why an area was not armed: what fits what the controller reports afterwards, its refusal giving no reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from omnilink_sansio.errors import (
    ArmingCause,
    ArmingFailedError,
    CommandFailedError,
    LocalProtocolError,
    RemoteProtocolError,
    RequestTimeoutError,
)
from omnilink_sansio.messages.models import ControllerFamily
from omnilink_sansio.messages.objects.area import AreaProperties, AreaStatus, SecurityMode
from omnilink_sansio.messages.objects.code import SpecialCode
from omnilink_sansio.messages.objects.object_type import HIGHEST_OBJECT, ObjectType
from omnilink_sansio.messages.objects.zone import ZoneProperties
from omnilink_sansio.messages.system import RequestObjectTypeCapacities, RequestSystemInformation
from omnilink_sansio.messages.zone_ready import RequestZoneReadyStatus
from omnilink_sansio.operations.operation import Operation, ask
from omnilink_sansio.operations.properties import get_object_properties

__all__ = ["ArmingFacts", "read_arming_facts"]

_MOST_NAMED = 20
"""Zones looked up, one message each, before the caller learns that the area is not armed."""


@dataclass(slots=True)
class ArmingFacts:
    """What a controller reports of an area that it did not arm. What it does not report is None, and may be so."""

    area: int
    mode: SecurityMode
    number: int | None = field(repr=False)
    """The code number that the caller gave; None for digits, which the controller took as valid. Never shown: it
    may be digits, given by mistake."""
    properties: AreaProperties | None = None
    area_exists: bool | None = None
    codes: int | None = None
    """How many codes the controller has room for."""
    family: ControllerFamily | None = None
    zones: dict[int, str] = field(default_factory=dict)
    """The area's zones that are not ready."""
    has_all_zones: bool = False

    @property
    def is_arming(self) -> bool:
        """Whether the area was to be armed, not disarmed."""
        return self.mode != SecurityMode.OFF

    @property
    def status(self) -> AreaStatus | None:
        """The area's state if it is in the mode after all, else None."""
        seen = self.properties
        if seen is None or seen.security_mode != self.mode:
            return None
        return AreaStatus(seen.index, seen.mode, seen.alarms, seen.entry_timer, seen.exit_timer)

    def error(self, what: str) -> ArmingFailedError:
        """Return the error that names every cause that fits; ``what`` is what the controller did."""
        causes = {cause: text for cause, fits in _CAUSES.items() if (text := fits(self))}
        is_so = "is" if self.status else "is not"
        why = f"what fits is: {'; '.join(causes.values())}" if causes else "nothing that can be read does"
        return ArmingFailedError(
            f"area {self.area} {is_so} in mode {self.mode.name}: {what}; it gives no reason; {why}",
            self.zones,
            tuple(causes),
        )


def read_arming_facts(area: int, mode: SecurityMode, number: int | None) -> Operation[ArmingFacts]:
    """Read what may keep a controller from arming an area in a mode, or disarming it, with a code number.

    A part that it does not report is left out: what matters is that the area is not armed. After a time-out
    nothing more is asked.
    """
    facts = ArmingFacts(area, mode, number)
    for read in (_read_area, _read_codes, _read_family, _read_zones):
        try:
            yield from read(facts)
        except (LocalProtocolError, RequestTimeoutError):
            # A controller that does not answer, or no room in the queue: the refusal is reported as it is.
            break
        except (CommandFailedError, RemoteProtocolError):
            continue
    return facts


def _read_area(facts: ArmingFacts) -> Operation[None]:
    properties = yield from get_object_properties(ObjectType.AREA, facts.area)
    facts.area_exists = properties is not None
    facts.properties = properties if isinstance(properties, AreaProperties) else None


def _read_codes(facts: ArmingFacts) -> Operation[None]:
    # The capacity, not the code itself: a request for it would show its number.
    if facts.number is not None and facts.number not in set(SpecialCode):
        facts.codes = (yield from ask(RequestObjectTypeCapacities(ObjectType.CODE))).capacity


def _read_family(facts: ArmingFacts) -> Operation[None]:
    if not facts.is_arming:
        facts.family = (yield from ask(RequestSystemInformation())).family


def _read_zones(facts: ArmingFacts) -> Operation[None]:
    if not facts.is_arming:
        return
    ready = yield from ask(RequestZoneReadyStatus())
    numbers = [zone for zone in ready.zones_not_ready if zone <= HIGHEST_OBJECT]
    for number in numbers[:_MOST_NAMED]:
        properties = yield from get_object_properties(ObjectType.ZONE, number)
        if isinstance(properties, ZoneProperties) and properties.area == facts.area:
            facts.zones[number] = properties.name
    facts.has_all_zones = len(numbers) <= _MOST_NAMED


# The causes: each gives its text where it fits, and nothing where it is known not to.


def _no_such_area(facts: ArmingFacts) -> str:
    return "there is no such area" if facts.area_exists is False else ""


def _area_not_in_use(facts: ArmingFacts) -> str:
    if facts.area_exists is None:
        return "the area may not be in use"
    return "the area is not in use" if facts.properties and not facts.properties.is_enabled else ""


def _already_in_mode(facts: ArmingFacts) -> str:
    return "it was in that mode already" if facts.status else ""


def _no_such_mode(facts: ArmingFacts) -> str:
    return "a Lumina has no such mode" if facts.family is ControllerFamily.LUMINA else ""


def _no_such_code(facts: ArmingFacts) -> str:
    if facts.number is None or facts.codes is None or 1 <= facts.number <= facts.codes:
        return ""
    return f"there is no code of that number: here codes are 1 to {facts.codes}"


def _code_not_accepted(facts: ArmingFacts) -> str:
    if facts.number is None or _no_such_code(facts):
        return ""
    return "the code of that number may not exist, or may not do this in this area at this time"


def _zones_not_ready(facts: ArmingFacts) -> str:
    if not facts.is_arming:
        return ""
    named = ", ".join(f"{number} {name}".rstrip() for number, name in facts.zones.items())
    if facts.has_all_zones:
        return f"not ready: {named}" if named else ""
    return f"not ready: {named}, and others may not be" if named else "zones may not be ready"


def _exit_delay(facts: ArmingFacts) -> str:
    seen = facts.properties
    return "an exit delay runs" if facts.is_arming and seen and seen.is_arming else ""


def _entry_delay(facts: ArmingFacts) -> str:
    seen = facts.properties
    return "an entry delay runs" if facts.is_arming and seen and seen.entry_timer else ""


def _alarm(facts: ArmingFacts) -> str:
    seen = facts.properties
    return "an alarm is on" if facts.is_arming and seen and seen.alarms else ""


def _restore_needed(facts: ArmingFacts) -> str:
    return "the installer may have to restore the system first" if facts.is_arming else ""


_CAUSES: Mapping[ArmingCause, Callable[[ArmingFacts], str]] = MappingProxyType(
    {
        ArmingCause.NO_SUCH_AREA: _no_such_area,
        ArmingCause.AREA_NOT_IN_USE: _area_not_in_use,
        ArmingCause.ALREADY_IN_MODE: _already_in_mode,
        ArmingCause.NO_SUCH_MODE: _no_such_mode,
        ArmingCause.ZONES_NOT_READY: _zones_not_ready,
        ArmingCause.NO_SUCH_CODE: _no_such_code,
        ArmingCause.CODE_NOT_ACCEPTED: _code_not_accepted,
        ArmingCause.EXIT_DELAY: _exit_delay,
        ArmingCause.ENTRY_DELAY: _entry_delay,
        ArmingCause.ALARM: _alarm,
        ArmingCause.RESTORE_NEEDED: _restore_needed,
    }
)

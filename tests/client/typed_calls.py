"""What type checkers make of the calls: awaited on one client, blocking on another, the same otherwise.

Nothing here is run; the type checkers, which `.ci/run` runs on all files, fail when a type is another.
"""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, assert_type

from omnilink_anyio import OmniClient
from omnilink_sansio import Request, UserCode
from omnilink_sansio.client import BlockingClient
from omnilink_sansio.commands import SecurityCodeValidation
from omnilink_sansio.event_log import EventLogData
from omnilink_sansio.objects import (
    AreaStatus,
    AudioSourceStatus,
    FanMode,
    HvacMode,
    NameFilter,
    ObjectType,
    RelativeDirection,
    SecurityMode,
    ThermostatStatus,
    UnitProperties,
    ZoneProperties,
    ZoneReadyStatus,
    ZoneStatus,
)
from omnilink_sansio.operations import Inventory, LoggedEvent, Operation
from omnilink_sansio.programs import ProgramData
from omnilink_sansio.system import ObjectTypeCapacities, SystemInformation, SystemStatus

_P = ParamSpec("_P")
_T = TypeVar("_T")

__all__ = ["Blocking"]


def _blocking(make: Callable[_P, Request[_T] | Operation[_T]]) -> Callable[..., _T]:
    def method(_: "Blocking", *args: _P.args, **kwargs: _P.kwargs) -> _T:
        del args, kwargs
        raise NotImplementedError(make)

    return method


class Blocking(BlockingClient, method=_blocking):
    """A client that blocks, as an adapter over blocking sockets makes one."""


async def awaited(client: OmniClient) -> None:
    """Every call is awaited."""
    # Requests.
    assert_type(await client.get_system_information(), SystemInformation)
    assert_type(await client.get_system_status(), SystemStatus)
    assert_type(await client.get_object_type_capacities(ObjectType.ZONE), ObjectTypeCapacities)
    assert_type(await client.get_zone_ready_status(), ZoneReadyStatus)
    assert_type(await client.validate_code(1, "0042"), SecurityCodeValidation)
    assert_type(await client.read_event_record(0, RelativeDirection.NEXT), EventLogData | None)
    assert_type(await client.read_program(1), ProgramData | None)
    assert_type(await client.set_time(datetime(2026, 11, 21, 8, 0)), None)  # noqa: DTZ001
    # Commands.
    assert_type(await client.turn_unit_on(1), None)
    assert_type(await client.set_unit_level(1, 50), None)
    assert_type(await client.set_unit_level(index=1, percent=50), None)
    assert_type(await client.bypass_zone(1, code=2), None)
    assert_type(await client.set_thermostat_system_mode(1, HvacMode.HEAT), None)
    assert_type(await client.set_thermostat_fan_mode(1, FanMode.AUTO), None)
    assert_type(await client.show_message(1, beep=False), None)
    assert_type(await client.execute_command(1, parameter2=3), None)
    # Operations.
    assert_type(await client.get_object_properties(ObjectType.ZONE, 1), ZoneProperties | None)
    assert_type(await client.list_objects(ObjectType.UNIT, NameFilter.NAMED), list[UnitProperties])
    assert_type(await client.list_zone_names(), dict[int, str])
    assert_type(await client.get_object_status(ObjectType.ZONE, 1, 50), list[ZoneStatus])
    assert_type(await client.get_extended_status(ObjectType.ZONE, 1), list[ZoneStatus])
    assert_type(await client.get_inventory(area_filter=1), Inventory)
    assert_type(await client.get_event_log(limit=10), list[LoggedEvent])
    assert_type(await client.get_audio_metadata(1), tuple[AudioSourceStatus, ...])
    assert_type(await client.arm(1, SecurityMode.AWAY, "0042"), None)
    assert_type(await client.disarm(1, UserCode("0042")), None)
    assert_type(await client.arm_and_confirm(1, SecurityMode.AWAY, 1, seconds=2.0), AreaStatus)
    assert_type(await client.set_thermostat_heat_setpoint_celsius_and_confirm(1, 20.5), ThermostatStatus)
    assert_type(await client.read_names(ObjectType.ZONE), dict[int, str])
    assert_type(await client.read_voice_names(ObjectType.ZONE), dict[int, tuple[int, ...]])
    assert_type(await client.read_programs(), dict[int, bytes])
    # What the call is before it is awaited; pyright is more exact, and says CoroutineType.
    assert_type(client.get_system_status, Callable[[], Coroutine[Any, Any, SystemStatus]])  # pyright: ignore[reportAssertTypeFailure]


def blocking(client: Blocking) -> None:
    """Every call returns when it is done."""
    # Requests.
    assert_type(client.get_system_information(), SystemInformation)
    assert_type(client.get_object_type_capacities(ObjectType.ZONE), ObjectTypeCapacities)
    assert_type(client.validate_code(1, "0042"), SecurityCodeValidation)
    assert_type(client.read_event_record(0, RelativeDirection.NEXT), EventLogData | None)
    # Commands.
    assert_type(client.set_unit_level(index=1, percent=50), None)
    assert_type(client.show_message(1, beep=False), None)
    # Operations.
    assert_type(client.get_object_properties(ObjectType.ZONE, 1), ZoneProperties | None)
    assert_type(client.list_zone_names(), dict[int, str])
    assert_type(client.get_extended_status(ObjectType.ZONE, 1), list[ZoneStatus])
    assert_type(client.get_inventory(area_filter=1), Inventory)
    assert_type(client.arm_and_confirm(1, SecurityMode.AWAY, 1, seconds=2.0), AreaStatus)
    assert_type(client.set_thermostat_heat_setpoint_celsius_and_confirm(1, 20.5), ThermostatStatus)
    assert_type(client.read_programs(), dict[int, bytes])


async def mistakes(client: OmniClient, other: Blocking) -> None:
    """What type checkers have to refuse: each ignored error has to be there."""
    await client.set_unit_level(1)  # type: ignore[call-arg]
    await client.set_unit_level("1", 50)  # type: ignore[arg-type]
    await client.set_unit_level(1, percentage=50)  # type: ignore[call-arg]
    await client.arm(1, SecurityMode.AWAY, b"0042")  # type: ignore[arg-type]
    await client.arm(1, 3, 1)  # type: ignore[arg-type]
    await client.there_is_no_such_call()  # type: ignore[attr-defined]
    await other.get_system_status()  # type: ignore[misc]
    other.set_unit_level(1)  # type: ignore[call-arg]

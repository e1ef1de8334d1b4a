"""A user's `Protocol` that lists some calls takes every client that has them, and no other.

Type checkers judge this file; an ignored error has to be there. The tests run it.
"""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from omnilink_anyio import OmniClient, ReconnectingClient
from omnilink_sansio import UserCode
from omnilink_sansio.client import AwaitedClient, BlockingClient
from omnilink_sansio.objects import (
    AreaStatus,
    ObjectProperties,
    ObjectStatusRecord,
    ObjectType,
    SecurityMode,
    UnitStatus,
    ZoneProperties,
)
from omnilink_sansio.system import SystemInformation
from omnilink_sync import OmniClient as BlockingOmniClient
from omnilink_sync import ReconnectingClient as BlockingReconnectingClient


@runtime_checkable
class AwaitedHouse(Protocol):
    """What a program wants of a house, awaited: a request, commands, operations, and calls with overloads."""

    async def get_system_information(self) -> SystemInformation: ...
    async def turn_unit_on(self, index: int) -> None: ...
    async def set_unit_level(self, index: int, percent: int) -> None: ...
    async def set_time(self, when: datetime, daylight_saving: bool | None = None) -> None: ...
    async def list_zone_names(self) -> dict[int, str]: ...
    async def arm_and_confirm(self, area: int, mode: SecurityMode, code: str | UserCode) -> AreaStatus: ...
    async def get_object_status(
        self, object_type: Literal[ObjectType.UNIT], start: int, end: int | None = None
    ) -> list[UnitStatus]: ...
    async def get_object_properties(
        self, object_type: Literal[ObjectType.ZONE], index: int
    ) -> ZoneProperties | None: ...


@runtime_checkable
class BlockingHouse(Protocol):
    """The same, blocking."""

    def get_system_information(self) -> SystemInformation: ...
    def turn_unit_on(self, index: int) -> None: ...
    def set_unit_level(self, index: int, percent: int) -> None: ...
    def set_time(self, when: datetime, daylight_saving: bool | None = None) -> None: ...
    def list_zone_names(self) -> dict[int, str]: ...
    def arm_and_confirm(self, area: int, mode: SecurityMode, code: str | UserCode) -> AreaStatus: ...
    def get_object_status(
        self, object_type: Literal[ObjectType.UNIT], start: int, end: int | None = None
    ) -> list[UnitStatus]: ...
    def get_object_properties(
        self, object_type: Literal[ObjectType.ZONE], index: int
    ) -> ZoneProperties | None: ...


@runtime_checkable
class AwaitedReader(Protocol):
    """Who reads objects of any kind, awaited."""

    async def get_object_status(
        self, object_type: int, start: int, end: int | None = None
    ) -> list[ObjectStatusRecord]: ...
    async def list_objects(self, object_type: int) -> list[ObjectProperties]: ...


@runtime_checkable
class BlockingReader(Protocol):
    """Who reads objects of any kind, blocking."""

    def get_object_status(
        self, object_type: int, start: int, end: int | None = None
    ) -> list[ObjectStatusRecord]: ...
    def list_objects(self, object_type: int) -> list[ObjectProperties]: ...


class OtherArgument(Protocol):
    """What no client has: a call that takes what it does not take."""

    async def turn_unit_on(self, index: str) -> None: ...


class OtherResult(Protocol):
    """What no client has: a call that returns what it does not return."""

    async def get_object_status(
        self, object_type: Literal[ObjectType.UNIT], start: int, end: int | None = None
    ) -> list[AreaStatus]: ...


def awaited_houses(client: OmniClient, staying: ReconnectingClient) -> list[AwaitedHouse]:
    """Both clients of an adapter fit, and so does what they have in common."""
    either: AwaitedClient = client
    return [client, staying, either]


def awaited_readers(client: OmniClient, staying: ReconnectingClient) -> list[AwaitedReader]:
    """Calls with overloads fit in their general form as well."""
    return [client, staying]


def blocking_houses(client: BlockingOmniClient, staying: BlockingReconnectingClient) -> list[BlockingHouse]:
    """The other adapter's clients fit likewise."""
    either: BlockingClient = client
    return [client, staying, either]


def blocking_readers(client: BlockingOmniClient, staying: BlockingReconnectingClient) -> list[BlockingReader]:
    """Calls with overloads fit in their general form as well."""
    return [client, staying]


def mistakes(client: OmniClient, blocking: BlockingOmniClient) -> None:
    """Who waits otherwise, takes or returns another thing, does not fit."""
    awaited_house: AwaitedHouse = blocking  # type: ignore[assignment]
    blocking_house: BlockingHouse = client  # type: ignore[assignment]
    other_argument: OtherArgument = client  # type: ignore[assignment]
    other_result: OtherResult = client  # type: ignore[assignment]
    del awaited_house, blocking_house, other_argument, other_result

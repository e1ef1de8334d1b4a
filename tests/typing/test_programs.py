"""The programs for type checkers run, and what they are given has at run time the types that they promise."""

from collections.abc import Awaitable, Callable
from types import GenericAlias, ModuleType, UnionType
from typing import get_args, get_origin

import anyio
import pytest

import omnilink_anyio
import omnilink_sync
from omnilink_sansio.objects import (
    OBJECT_TYPE_TO_PROPERTIES,
    OBJECT_TYPE_TO_STATUS,
    ObjectProperties,
    ObjectStatusRecord,
    ObjectType,
)
from omnilink_sansio.operations import Inventory
from tests.typing import awaited_kinds, blocking_kinds, performed_kinds, protocols

KEY = bytes(range(16))

STATUSES: list[object] = [GenericAlias(list, kind) for kind in OBJECT_TYPE_TO_STATUS.values()]
PROPERTIES: list[object] = [kind | None for kind in OBJECT_TYPE_TO_PROPERTIES.values()]
LISTS: list[object] = [GenericAlias(list, kind) for kind in OBJECT_TYPE_TO_PROPERTIES.values()]
BY_NUMBER: list[object] = [GenericAlias(dict, (int, kind)) for kind in OBJECT_TYPE_TO_PROPERTIES.values()]
"""What the table of objects makes of the calls' results."""

ANY_KIND: list[object] = [
    list[ObjectStatusRecord],
    list[ObjectStatusRecord],
    ObjectProperties | None,
    list[ObjectProperties],
]

MAY_HAVE_NO_NAMES = ("AuxSensorProperties",)
"""Of which the demo house has none with a name."""


def has_type(value: object, expected: object) -> bool:
    """Return whether a value, and all that it holds, is of a type."""
    origin, arguments = get_origin(expected), get_args(expected)
    if origin is UnionType:
        return any(has_type(value, member) for member in arguments)
    if origin is list:
        return isinstance(value, list) and all(has_type(item, arguments[0]) for item in value)
    if origin is dict:
        return isinstance(value, dict) and all(
            has_type(part, kind) for item in value.items() for part, kind in zip(item, arguments, strict=True)
        )
    assert isinstance(expected, type)
    return isinstance(value, expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([1, "2"], list[int]),
        ({1: "2"}, dict[int, int]),
        ({"1": 2}, dict[int, int]),
        (1, list[int]),
        (1, str | None),
    ],
)
def test_another_type_would_be_found(value: object, expected: object) -> None:
    assert not has_type(value, expected)


class Promises:
    """What a program promises, in order, each held to what it is given."""

    def __init__(self, program: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        self.types: list[object] = []
        monkeypatch.setattr(program, "assert_type", self.take)

    def take(self, value: object, expected: object) -> object:
        assert has_type(value, expected), f"{value!r} is no {expected}"
        assert value or any(kind in str(expected) for kind in MAY_HAVE_NO_NAMES), f"nothing for {expected}"
        self.types.append(expected)
        return value


def in_pairs(*lists: list[object]) -> list[object]:
    """Return what calls of two kinds promise, object by object."""
    return [promised for both in zip(*lists, strict=True) for promised in both]


EVERY_KIND = [*in_pairs(STATUSES, STATUSES), *in_pairs(PROPERTIES, LISTS)]


def awaiting(program: Callable[[omnilink_anyio.OmniClient], Awaitable[None]]) -> None:
    async def main() -> None:
        async with (
            omnilink_anyio.MockPanel(controller_key=KEY).serve() as panel,
            omnilink_anyio.OmniClient(panel.host, panel.port, controller_key=KEY) as client,
        ):
            await program(client)

    anyio.run(main)


def test_awaited_calls_return_what_the_table_of_objects_says(monkeypatch: pytest.MonkeyPatch) -> None:
    promises = Promises(awaited_kinds, monkeypatch)
    awaiting(awaited_kinds.every_kind)
    assert promises.types == EVERY_KIND


@pytest.mark.parametrize("program", [awaited_kinds, performed_kinds])
def test_of_a_kind_not_known_before_there_are_records(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    promises = Promises(program, monkeypatch)
    awaiting(lambda client: program.any_kind(client, ObjectType.UNIT))
    assert promises.types == ANY_KIND


def test_an_inventory_gives_what_the_table_of_objects_says(monkeypatch: pytest.MonkeyPatch) -> None:
    promises = Promises(awaited_kinds, monkeypatch)
    awaiting(awaited_kinds.inventory)
    assert promises.types == [Inventory, *in_pairs(BY_NUMBER, BY_NUMBER)]


def test_performed_operations_return_what_the_table_of_objects_says(monkeypatch: pytest.MonkeyPatch) -> None:
    promises = Promises(performed_kinds, monkeypatch)
    awaiting(performed_kinds.every_kind)
    assert promises.types == EVERY_KIND


def test_blocking_calls_return_what_the_table_of_objects_says(monkeypatch: pytest.MonkeyPatch) -> None:
    promises = Promises(blocking_kinds, monkeypatch)
    with (
        omnilink_sync.MockPanel(controller_key=KEY).serve() as panel,
        omnilink_sync.OmniClient(panel.host, panel.port, controller_key=KEY) as client,
    ):
        blocking_kinds.every_kind(client)
        assert promises.types == EVERY_KIND
        promises.types.clear()
        blocking_kinds.any_kind(client, ObjectType.UNIT)
        assert promises.types == ANY_KIND


def test_clients_have_what_a_protocol_lists() -> None:
    awaited = (
        omnilink_anyio.OmniClient("panel", controller_key=KEY),
        omnilink_anyio.ReconnectingClient("panel", controller_key=KEY),
    )
    blocking = (
        omnilink_sync.OmniClient("panel", controller_key=KEY),
        omnilink_sync.ReconnectingClient("panel", controller_key=KEY),
    )
    assert all(isinstance(house, protocols.AwaitedHouse) for house in protocols.awaited_houses(*awaited))
    assert all(isinstance(reader, protocols.AwaitedReader) for reader in protocols.awaited_readers(*awaited))
    assert all(isinstance(house, protocols.BlockingHouse) for house in protocols.blocking_houses(*blocking))
    assert all(
        isinstance(reader, protocols.BlockingReader) for reader in protocols.blocking_readers(*blocking)
    )

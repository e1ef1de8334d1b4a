"""What is known of an object by its kind is what the table of objects says, and is shown to type checkers."""

import inspect
from collections.abc import Callable, Mapping
from types import GenericAlias
from typing import Literal, NamedTuple, get_args, get_origin, get_overloads, get_type_hints

import pytest

from omnilink_sansio.client import ClientCall, ClientCalls
from omnilink_sansio.objects import (
    OBJECT_TYPE_TO_PROPERTIES,
    OBJECT_TYPE_TO_STATUS,
    ObjectProperties,
    ObjectStatusRecord,
    ObjectType,
)
from omnilink_sansio.operations import (
    Inventory,
    get_extended_status,
    get_object_properties,
    get_object_status,
    list_objects,
)


def one(form: type) -> object:
    return form | None


def many(form: type) -> object:
    return GenericAlias(list, form)


def by_number(form: type) -> object:
    return GenericAlias(dict, (int, form))


class Typed(NamedTuple):
    """An operation whose result depends on the kind of object."""

    operation: Callable[..., object]
    table: Mapping[int, type]
    general: type
    result: Callable[[type], object]

    def promises(self) -> list[tuple[object, object]]:
        """Return which kind has which result, that of any kind last."""
        by_kind = [(Literal[ObjectType(kind)], self.result(form)) for kind, form in self.table.items()]
        return [*by_kind, (int, self.result(self.general))]


OPERATIONS = pytest.mark.parametrize(
    "typed",
    [
        Typed(get_object_status, OBJECT_TYPE_TO_STATUS, ObjectStatusRecord, many),
        Typed(get_extended_status, OBJECT_TYPE_TO_STATUS, ObjectStatusRecord, many),
        Typed(get_object_properties, OBJECT_TYPE_TO_PROPERTIES, ObjectProperties, one),
        Typed(list_objects, OBJECT_TYPE_TO_PROPERTIES, ObjectProperties, many),
    ],
    ids=lambda typed: typed.operation.__name__,
)


@OPERATIONS
def test_operations_have_an_overload_for_each_kind_of_the_table(typed: Typed) -> None:
    hints = [get_type_hints(form) for form in get_overloads(typed.operation)]
    assert [(hint["object_type"], get_args(hint["return"])[-1]) for hint in hints] == typed.promises()


@OPERATIONS
def test_overloads_take_what_the_operation_takes(typed: Typed) -> None:
    _, *parameters = inspect.signature(typed.operation).parameters.values()
    for form in get_overloads(typed.operation):
        assert list(inspect.signature(form).parameters.values())[1:] == parameters


@OPERATIONS
def test_calls_have_the_overloads_of_their_operation(typed: Typed) -> None:
    calls = [call for call in vars(ClientCalls).values() if isinstance(call, ClientCall)]
    (call,) = (call for call in calls if call.make is typed.operation)
    assert [
        (signature.parameters["object_type"].annotation, signature.return_annotation)
        for signature in call.signatures()
    ] == typed.promises()


def test_an_inventory_has_an_overload_for_each_kind_of_the_table() -> None:
    typed = Typed(Inventory.of, OBJECT_TYPE_TO_PROPERTIES, ObjectProperties, by_number)
    hints = [get_type_hints(form) for form in get_overloads(typed.operation)]
    by_record = hints.pop(-2)
    assert [(hint["kind"], hint["return"]) for hint in hints] == typed.promises()
    assert (get_origin(by_record["kind"]), get_origin(by_record["return"])) == (type, dict)

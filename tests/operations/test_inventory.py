"""The inventory: everything that the controller has, or an error, never a part."""

import json
from pathlib import Path

import pytest

from omnilink_sansio import (
    CommandFailedError,
    Fault,
    Message,
    OmniConnectionError,
    OmniLinkError,
    RemoteProtocolError,
    Request,
    RequestTimeoutError,
)
from omnilink_sansio.objects import (
    NameFilter,
    ObjectType,
    RequestObjectProperties,
    ThermostatProperties,
    ZoneProperties,
)
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.operations import Inventory, Step, get_inventory
from omnilink_sansio.simulator import House, demo_house
from omnilink_sansio.system import (
    EndOfData,
    Nak,
    ObjectTypeCapacities,
    RequestObjectTypeCapacities,
    RequestSystemFormats,
    RequestSystemInformation,
    SystemFormats,
    SystemInformation,
)
from tests.operations.scripted import (
    Answer,
    closes_at_each_step,
    errors_at_each_step,
    run,
    run_on_house,
)
from tests.rows import each_row
from tests.simulator.driver import Driver

TABLE = json.loads((Path(__file__).parents[1] / "tables" / "object_types.json").read_text(encoding="utf-8"))
WITH_CAPACITY = [row["value"] for row in TABLE if row["capacity_request"]]
WITH_PROPERTIES = [row["value"] for row in TABLE if row["properties"]]
FILTERS = {row["value"]: row["filters"] for row in TABLE}

INFORMATION = SystemInformation(16, 4, 0, 1, b"5551234" + bytes(18))
FORMATS = SystemFormats(1, 2, 1)


def properties(kind: int, index: int) -> Message:
    """Properties of a kind, with bytes enough for every layout."""
    return Message(
        OmniLink2MessageType.OBJECT_PROPERTIES, bytes((kind, *index.to_bytes(2, "big"))) + bytes(40)
    )


class Scripted:
    """A panel with two objects of each kind, whose answers can be replaced one by one."""

    def __init__(
        self,
        capacities: dict[int, Answer] | None = None,
        objects: dict[tuple[int, int], Answer] | None = None,
    ) -> None:
        self._capacities = capacities or {}
        self._objects = objects or {}
        """What to answer when the next object after a number is asked for."""

    def __call__(self, request: Request[object]) -> Answer:
        match request:
            case RequestSystemInformation():
                return INFORMATION.to_message()
            case RequestSystemFormats():
                return FORMATS.to_message()
            case RequestObjectTypeCapacities(object_type=kind):
                return self._capacities.get(kind, ObjectTypeCapacities(kind, 2).to_message())
            case RequestObjectProperties(object_type=kind, index=index, direction=1):
                usual = properties(kind, index + 1) if index < 2 else EndOfData().to_message()
                return self._objects.get((kind, index), usual)
            case _:
                raise AssertionError(request)


def numbers(inventory: Inventory) -> dict[int, list[int]]:
    return {int(kind): list(objects) for kind, objects in inventory.objects.items()}


WHOLE = {kind: [1, 2] for kind in WITH_PROPERTIES}


def test_an_inventory_has_everything_that_can_be_asked() -> None:
    asked: list[Request[object]] = []
    inventory = run(get_inventory(), Scripted(), asked)
    assert (inventory.information, inventory.formats) == (INFORMATION, FORMATS)
    assert dict(inventory.capacities) == dict.fromkeys(WITH_CAPACITY, 2)
    assert numbers(inventory) == WHOLE
    for kind, objects in inventory.objects.items():
        assert all(kind == item.OBJECT_TYPE for item in objects.values())
        assert all(item.index == number for number, item in objects.items())
    # Capacities before objects; three questions a kind: two objects and the end.
    types = [type(request) for request in asked]
    assert types == [
        RequestSystemInformation,
        RequestSystemFormats,
        *[RequestObjectTypeCapacities] * len(WITH_CAPACITY),
        *[RequestObjectProperties] * 3 * len(WITH_PROPERTIES),
    ]


def test_the_objects_of_a_kind_come_with_their_type() -> None:
    inventory = run(get_inventory(), Scripted())
    zones = inventory.of(ZoneProperties)
    assert [(index, type(item), item.index) for index, item in zones.items()] == [
        (1, ZoneProperties, 1),
        (2, ZoneProperties, 2),
    ]
    nak = Nak().to_message()
    refused = Scripted(capacities={ObjectType.ZONE: nak}, objects={(ObjectType.ZONE, 0): nak})
    assert run(get_inventory(), refused).of(ZoneProperties) == {}


def test_filters_reach_the_kinds_that_have_them() -> None:
    asked: list[Request[object]] = []
    run(get_inventory(NameFilter.NAMED, 0b10, 254), Scripted(), asked)
    walks = {
        request.object_type: request for request in asked if isinstance(request, RequestObjectProperties)
    }
    assert list(walks) == WITH_PROPERTIES
    for kind, request in walks.items():
        assert request.name_filter == 1
        assert request.area_filter == (0b10 if "AREA" in FILTERS[kind] else 0)
        assert request.room_filter == (254 if "ROOM" in FILTERS[kind] else 0)


def test_without_filters_none_is_sent() -> None:
    asked: list[Request[object]] = []
    run(get_inventory(), Scripted(), asked)
    walks = [request.encode() for request in asked if isinstance(request, RequestObjectProperties)]
    assert {walk[4:] for walk in walks} == {bytes(3)}


@each_row("kind", WITH_CAPACITY)
@each_row("answer", [Nak().to_message(), CommandFailedError("no")], ids=["nak", "error"])
def test_a_capacity_that_is_refused_is_left_out_and_the_objects_are_not(kind: int, answer: Answer) -> None:
    # Real panels refuse to tell how many auxiliary sensors there can be.
    inventory = run(get_inventory(), Scripted(capacities={kind: answer}))
    assert kind not in inventory.capacities
    assert len(inventory.capacities) == len(WITH_CAPACITY) - 1
    assert numbers(inventory) == WHOLE


def test_a_kind_without_room_for_objects_is_not_walked() -> None:
    asked: list[Request[object]] = []
    none = ObjectTypeCapacities(ObjectType.THERMOSTAT, 0).to_message()
    inventory = run(get_inventory(), Scripted(capacities={ObjectType.THERMOSTAT: none}), asked)
    assert inventory.capacities[ObjectType.THERMOSTAT] == 0
    assert numbers(inventory) == {kind: both for kind, both in WHOLE.items() if kind != ObjectType.THERMOSTAT}
    assert inventory.of(ThermostatProperties) == {}
    walked = {request.object_type for request in asked if isinstance(request, RequestObjectProperties)}
    assert walked == set(WITH_PROPERTIES) - {ObjectType.THERMOSTAT}


@each_row("kind", WITH_PROPERTIES)
def test_a_kind_of_which_nothing_is_told_is_left_out(kind: int) -> None:
    nak = Nak().to_message()
    inventory = run(get_inventory(), Scripted(capacities={kind: nak}, objects={(kind, 0): nak}))
    assert kind not in inventory.objects
    assert len(inventory.objects) == len(WITH_PROPERTIES) - 1


@each_row("kind", WITH_PROPERTIES)
def test_a_kind_of_which_there_is_room_is_never_left_out(kind: int) -> None:
    with pytest.raises(CommandFailedError, match=f"{ObjectType(kind).name} after 0"):
        run(get_inventory(), Scripted(objects={(kind, 0): Nak().to_message()}))


@each_row("kind", WITH_PROPERTIES)
@each_row("after", [1, 2])
def test_a_refusal_in_the_middle_of_a_kind_fails_the_whole(kind: int, after: int) -> None:
    with pytest.raises(RemoteProtocolError, match=f"what follows {after}, answered with a refusal"):
        run(get_inventory(), Scripted(objects={(kind, after): Nak().to_message()}))


@pytest.mark.parametrize(
    "wrong",
    [
        properties(ObjectType.UNIT, 1),
        properties(ObjectType.ZONE, 0),
        properties(ObjectType.ZONE, 512),
        Message(OmniLink2MessageType.OBJECT_PROPERTIES, b"\x01\0\1"),
    ],
    ids=["another kind", "no number", "too far", "short"],
)
def test_objects_that_make_no_sense_fail_the_whole(wrong: Message) -> None:
    with pytest.raises(RemoteProtocolError):
        run(get_inventory(), Scripted(objects={(ObjectType.ZONE, 0): wrong}))


def test_the_capacity_of_another_kind_is_refused() -> None:
    wrong = ObjectTypeCapacities(ObjectType.UNIT, 9).to_message()
    with pytest.raises(RemoteProtocolError, match="asked for ZONE, answered with UNIT") as caught:
        run(get_inventory(), Scripted(capacities={ObjectType.ZONE: wrong}))
    assert caught.value.fault is Fault.UNEXPECTED_REPLY


@pytest.mark.parametrize(
    "error", [RequestTimeoutError("a request", 5.0, 1), OmniConnectionError("lost")], ids=["time-out", "loss"]
)
def test_an_error_at_any_step_fails_the_whole(error: OmniLinkError) -> None:
    outcomes = errors_at_each_step(get_inventory, Scripted(), error)
    assert len(outcomes) == 2 + len(WITH_CAPACITY) + 3 * len(WITH_PROPERTIES)
    assert all(outcome is error for outcome in outcomes)


def test_a_refusal_at_any_step_but_of_a_capacity_is_an_error() -> None:
    outcomes = errors_at_each_step(get_inventory, Scripted(), CommandFailedError("no"))
    capacities = slice(2, 2 + len(WITH_CAPACITY))
    objects = slice(2 + len(WITH_CAPACITY), None)
    assert [type(outcome) for outcome in outcomes[:2]] == [CommandFailedError] * 2
    assert [type(outcome) for outcome in outcomes[capacities]] == [Inventory] * len(WITH_CAPACITY)
    # The capacity of each was told, so there is something that was refused.
    assert [type(outcome) for outcome in outcomes[objects]] == [
        CommandFailedError,
        RemoteProtocolError,
        RemoteProtocolError,
    ] * len(WITH_PROPERTIES)


def test_taking_an_inventory_can_be_given_up_at_each_step() -> None:
    def panel(request: Request[object]) -> Message:
        answer = Scripted()(request)
        assert isinstance(answer, Message)
        return answer

    assert closes_at_each_step(get_inventory, panel) == 2 + len(WITH_CAPACITY) + 3 * len(WITH_PROPERTIES)


# On an emulated panel.


def test_the_inventory_of_the_demo_house_has_every_number_up_to_the_capacities() -> None:
    driver = Driver(demo_house())
    driver.connect()
    inventory = run_on_house(get_inventory(), driver)
    assert inventory.information.model_name == "Omni Pro II"
    assert inventory.information.phone == "5551234"
    # 20P00 §NAME DATA: what an Omni Pro II has.
    assert inventory.capacities[ObjectType.ZONE] == 176
    assert inventory.capacities[ObjectType.UNIT] == 511
    for kind in WITH_PROPERTIES:
        last = inventory.capacities[ObjectType(kind)]
        assert list(inventory.objects[ObjectType(kind)]) == list(range(1, last + 1))
    assert inventory.objects[ObjectType.UNIT][393].name == "HOLIDAY"
    assert inventory.objects[ObjectType.UNIT][511].name == ""


def test_the_named_objects_of_the_demo_house_come_in_fewer_messages() -> None:
    driver = Driver(demo_house())
    driver.connect()
    asked: list[Step] = []
    inventory = run_on_house(get_inventory(NameFilter.NAMED), driver, asked)
    found = {kind: [item.name for item in objects.values()] for kind, objects in inventory.objects.items()}
    assert found[ObjectType.AREA] == ["HOUSE", "GARAGE"]
    assert found[ObjectType.BUTTON] == ["GOOD NIGHT", "LIGHTS ON"]
    assert found[ObjectType.ACCESS_CONTROL_READER] == ["GARDEN GATE"]
    named = sum(len(names) for names in found.values())
    # One message an object, one for the end of each of the twelve kinds, fourteen capacities and two more.
    assert len(asked) == named + 12 + 14 + 2


def test_an_old_panel_has_no_objects_of_the_kinds_that_came_later() -> None:
    # User settings, readers and their locks came with firmware 3.0.
    driver = Driver(House(firmware=(2, 16, 2)))
    driver.connect()
    inventory = run_on_house(get_inventory(NameFilter.NAMED), driver)
    later = {ObjectType.USER_SETTING, ObjectType.ACCESS_CONTROL_READER}
    assert set(inventory.objects) == set(WITH_PROPERTIES) - later
    assert not later & set(inventory.capacities)


@pytest.mark.parametrize(("firmware", "asks"), [((2, 16), False), ((2, 255), False), ((3, 0), True)])
def test_kinds_that_came_with_firmware_3_are_not_asked_for_before_it(
    firmware: tuple[int, int], asks: bool
) -> None:
    asked: list[Request[object]] = []
    usual = Scripted()

    def panel(request: Request[object]) -> Answer:
        if isinstance(request, RequestSystemInformation):
            return SystemInformation(16, *firmware, 0, bytes(25)).to_message()
        return usual(request)

    run(get_inventory(), panel, asked)
    kinds = {
        request.object_type
        for request in asked
        if isinstance(request, RequestObjectProperties | RequestObjectTypeCapacities)
    }
    assert kinds == {kind for kind in WITH_CAPACITY if asks or kind < ObjectType.USER_SETTING}

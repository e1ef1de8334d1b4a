"""Properties of one object and of all objects of a kind: the right ones, or an error."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import (
    CommandFailedError,
    Fault,
    LocalProtocolError,
    Message,
    OmniConnectionError,
    OmniLinkError,
    RemoteProtocolError,
    Request,
    RequestTimeoutError,
)
from omnilink_sansio.objects import (
    NameFilter,
    ObjectProperties,
    ObjectType,
    RelativeDirection,
    RequestObjectProperties,
    UnitProperties,
    ZoneProperties,
    encode_name,
)
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.operations import Operation, get_object_properties, list_names, list_objects
from omnilink_sansio.operations import properties as properties_module
from omnilink_sansio.simulator import demo_house
from omnilink_sansio.system import Ack, EndOfData, Nak
from tests.operations.scripted import (
    Panel,
    closes_at_each_step,
    errors_at_each_step,
    follow,
    run,
    run_on_house,
)
from tests.rows import each_row
from tests.simulator.driver import Driver

LAST = 511

TABLE = json.loads((Path(__file__).parents[1] / "tables" / "object_types.json").read_text(encoding="utf-8"))
WITH_PROPERTIES = [row["value"] for row in TABLE if row["properties"]]
WITHOUT_PROPERTIES = [row["value"] for row in TABLE if not row["properties"]] + [0, 16, 99, -1]
FILTERS = {row["value"]: row["filters"] for row in TABLE}


def zone(index: int, name: str = "") -> ZoneProperties:
    return ZoneProperties(index, 0, 0, 1, 1, 0, encode_name(name, 16))


def answer(properties: ObjectProperties) -> Message:
    return Message(OmniLink2MessageType.OBJECT_PROPERTIES, properties.encode())


def panel_with(zones: dict[int, str]) -> Panel:
    """A panel that answers as the description says."""

    def panel(request: Request[object]) -> Message:
        assert isinstance(request, RequestObjectProperties)
        assert request.object_type == ObjectType.ZONE
        if request.direction == RelativeDirection.THIS:
            here = [request.index] if request.index in zones else []
        else:
            assert request.direction == RelativeDirection.NEXT
            here = [
                index
                for index, name in sorted(zones.items())
                if index > request.index and (name or request.name_filter != NameFilter.NAMED)
            ]
        return answer(zone(here[0], zones[here[0]])) if here else EndOfData().to_message()

    return panel


HOUSES = st.dictionaries(st.integers(1, LAST), st.sampled_from(["", "HALL", "DOOR"]), max_size=30)


@given(zones=HOUSES)
def test_a_walk_finds_each_object_once_in_order(zones: dict[int, str]) -> None:
    asked: list[Request[object]] = []
    found = run(list_objects(ObjectType.ZONE), panel_with(zones), asked)
    assert [(item.index, item.name) for item in found] == sorted(zones.items())
    # One request an object and one for the end, unless the last number there can be was seen.
    assert len(asked) == len(zones) + (LAST not in zones)
    assert {type(request) for request in asked} <= {RequestObjectProperties}


@given(zones=HOUSES)
def test_names_are_those_of_named_objects(zones: dict[int, str]) -> None:
    names = run(list_names(ObjectType.ZONE), panel_with(zones))
    assert names == {index: name for index, name in zones.items() if name}


def test_an_object_that_a_panel_names_against_the_filter_has_no_name() -> None:
    replies = iter([answer(zone(1)), answer(zone(2, "HALL")), EndOfData().to_message()])
    assert run(list_names(ObjectType.ZONE), lambda _: next(replies)) == {2: "HALL"}


def test_a_walk_asks_for_what_follows_the_last_answer_with_its_filters() -> None:
    asked: list[Request[object]] = []
    walk = list_objects(ObjectType.ZONE, NameFilter.NAMED, 0b10)
    run(walk, panel_with({4: "HALL", 9: "DOOR"}), asked)
    assert asked == [
        RequestObjectProperties(ObjectType.ZONE, index, RelativeDirection.NEXT, NameFilter.NAMED, 0b10)
        for index in (0, 4, 9)
    ]


def test_without_filters_none_is_sent() -> None:
    # 20P00 and the field: no name filter 0, no area filter 0, no room filter 0.
    asked: list[Request[object]] = []
    run(list_objects(ObjectType.UNIT), lambda _: EndOfData().to_message(), asked)
    assert [request.encode() for request in asked] == [bytes.fromhex("02 0000 01 00 00 00")]


@each_row("kind", WITH_PROPERTIES)
def test_filters_are_sent_only_for_kinds_that_have_them(kind: int) -> None:
    asked: list[Request[object]] = []
    walk = list_objects(kind, NameFilter.UNNAMED, 0b1000_0001, 254)
    run(walk, lambda _: EndOfData().to_message(), asked)
    (request,) = asked
    # Type, index (2), direction 1 = next, name filter 2 = only unnamed, areas with bit 0 = area 1, room.
    assert request.encode() == bytes(
        (kind, 0, 0, 1, 2, 0x81 if "AREA" in FILTERS[kind] else 0, 254 if "ROOM" in FILTERS[kind] else 0)
    )


@pytest.mark.parametrize(
    ("area_filter", "numbers"), [(0, {1, 2, 3, 4, 5, 6, 7}), (0b01, {1, 2, 3, 4, 5, 7}), (0b10, {6})]
)
def test_bit_0_of_the_filter_is_area_1_on_an_emulated_panel_too(area_filter: int, numbers: set[int]) -> None:
    driver = Driver()
    driver.connect()
    found = run_on_house(list_objects(ObjectType.ZONE, NameFilter.NAMED, area_filter), driver)
    assert {item.index for item in found} == numbers


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        ({"name_filter": 3}, "0 ANY, 1 NAMED, 2 UNNAMED"),
        ({"area_filter": 256}, "area filter is 8 bits"),
        ({"area_filter": -1}, "area filter is 8 bits"),
        ({"room_filter": -1}, "room filter is 0, 1 to 31, 254 or 255"),
        ({"room_filter": 32}, "room filter is 0, 1 to 31, 254 or 255"),
        ({"room_filter": 253}, "room filter is 0, 1 to 31, 254 or 255"),
    ],
)
def test_filters_that_mean_nothing_are_the_callers_mistake(filters: dict[str, int], text: str) -> None:
    asked: list[Request[object]] = []
    walk: Operation[list[ObjectProperties]] = list_objects(ObjectType.UNIT, **filters)  # type: ignore[call-overload]
    with pytest.raises(LocalProtocolError, match=text):
        run(walk, panel_with({}), asked)
    assert asked == []


def test_the_biggest_house_is_walked_whole() -> None:
    zones = {index: f"ZONE {index}" for index in range(1, LAST + 1)}
    asked: list[Request[object]] = []
    assert len(run(list_objects(ObjectType.ZONE), panel_with(zones), asked)) == LAST
    assert len(asked) == LAST


@given(jump=st.sampled_from([0, -1, -2, 1000, 0xFFFF]), good=st.integers(1, 20))
def test_a_panel_that_leads_nowhere_is_left_with_an_error(jump: int, good: int) -> None:
    # The same number again, going backwards, or beyond the last number that can be asked for.
    asked: list[Request[object]] = []

    def panel(request: Request[object]) -> Message:
        assert isinstance(request, RequestObjectProperties)
        following = request.index + 1 if len(asked) <= good else request.index + jump
        return answer(zone(min(max(following, 0), 0xFFFF)))

    with pytest.raises(RemoteProtocolError, match=f"what follows {good}, answered with ") as caught:
        run(list_objects(ObjectType.ZONE), panel, asked)
    assert caught.value.fault is Fault.UNEXPECTED_REPLY
    assert len(asked) == good + 1


@given(steps=st.data())
def test_a_walk_through_objects_ends_at_the_last_number_there_can_be(steps: st.DataObject) -> None:
    asked: list[Request[object]] = []

    def panel(request: Request[object]) -> Message:
        assert isinstance(request, RequestObjectProperties)
        step = steps.draw(st.integers(1, 200))
        return answer(zone(request.index + step))

    try:
        found = run(list_objects(ObjectType.ZONE), panel, asked)
    except RemoteProtocolError:
        found = []
    else:
        assert found[-1].index == LAST
    assert len(asked) <= LAST
    assert len(found) <= LAST


OTHER_KINDS = each_row(
    "wrong",
    [
        answer(UnitProperties(2, 0, 0, 4, encode_name("HALL", 13))),
        Message(OmniLink2MessageType.OBJECT_PROPERTIES, b"\x0c" + bytes(23)),
        Message(OmniLink2MessageType.OBJECT_PROPERTIES, b"\x63\0\2"),
        Message(OmniLink2MessageType.OBJECT_PROPERTIES),
    ],
)


@OTHER_KINDS
def test_objects_of_another_kind_are_refused(wrong: Message) -> None:
    with pytest.raises(RemoteProtocolError, match="another kind") as caught:
        run(list_objects(ObjectType.ZONE), lambda _: wrong)
    assert caught.value.fault is Fault.UNEXPECTED_REPLY
    with pytest.raises(RemoteProtocolError, match="asked for object 2 of type 1, answered with") as caught:
        run(get_object_properties(ObjectType.ZONE, 2), lambda _: wrong)
    assert caught.value.fault is Fault.UNEXPECTED_REPLY


def test_a_refusal_from_the_start_is_the_controllers_no() -> None:
    with pytest.raises(CommandFailedError):
        run(list_names(ObjectType.ZONE), lambda _: Nak().to_message())


@pytest.mark.parametrize(
    "wrong",
    [
        Nak().to_message(),
        Ack().to_message(),
        Message(OmniLink2MessageType.OBJECT_PROPERTIES, b"\x01\0\x03"),
        answer(zone(2, "DOOR")),
    ],
)
def test_a_part_is_never_passed_off_as_the_whole(wrong: Message) -> None:
    replies = iter([answer(zone(1, "HALL")), answer(zone(2, "DOOR")), wrong])
    with pytest.raises(RemoteProtocolError):
        run(list_names(ObjectType.ZONE), lambda _: next(replies))


@pytest.mark.parametrize(
    "error", [RequestTimeoutError("RequestObjectProperties", 5.0, 1), OmniConnectionError("lost")]
)
@pytest.mark.parametrize("operation", [list_objects, list_names])
def test_an_error_at_any_step_comes_out(
    operation: Callable[[int], Operation[object]], error: OmniLinkError
) -> None:
    outcomes = errors_at_each_step(lambda: operation(ObjectType.ZONE), panel_with({1: "A", 4: "B"}), error)
    assert outcomes == [error] * 3


def test_a_walk_can_be_closed_at_each_step() -> None:
    zones = {1: "A", 2: "", 4: "B"}
    assert closes_at_each_step(lambda: list_objects(ObjectType.ZONE), panel_with(zones)) == 4
    assert closes_at_each_step(lambda: list_names(ObjectType.ZONE), panel_with(zones)) == 3


# One object.


def test_one_object_is_asked_for_by_its_number() -> None:
    asked: list[Request[object]] = []
    panel = panel_with({7: "HALL"})
    assert run(get_object_properties(ObjectType.ZONE, 7), panel, asked) == zone(7, "HALL")
    assert run(get_object_properties(ObjectType.ZONE, 8), panel, asked) is None
    assert asked == [RequestObjectProperties(ObjectType.ZONE, 7), RequestObjectProperties(ObjectType.ZONE, 8)]


def test_one_object_is_asked_for_without_filters() -> None:
    # Type, index (2), direction 0 = this object, and three filters that are none.
    asked: list[Request[object]] = []
    run(get_object_properties(ObjectType.UNIT, 511), lambda _: EndOfData().to_message(), asked)
    assert [request.encode() for request in asked] == [bytes.fromhex("02 01ff 00 00 00 00")]


@pytest.mark.parametrize("number", [0, -1, 512])
def test_numbers_that_no_object_has_are_the_callers_mistake(number: int) -> None:
    with pytest.raises(LocalProtocolError, match="1 to 511"):
        follow(get_object_properties(ObjectType.UNIT, number), [])


@pytest.mark.parametrize("number", [0, 6, 8, 0xFFFF])
def test_another_object_than_the_one_asked_for_is_refused(number: int) -> None:
    with pytest.raises(RemoteProtocolError, match="asked for object 7 of type 1, answered with") as caught:
        run(get_object_properties(ObjectType.ZONE, 7), lambda _: answer(zone(number)))
    assert caught.value.fault is Fault.UNEXPECTED_REPLY


@pytest.mark.parametrize(
    ("reply", "error"), [(Nak(), CommandFailedError), (Ack(), RemoteProtocolError)], ids=["nak", "ack"]
)
def test_one_objects_refusal_comes_out(reply: Nak | Ack, error: type[OmniLinkError]) -> None:
    with pytest.raises(error):
        follow(
            get_object_properties(ObjectType.ZONE, 7), [(RequestObjectProperties(ObjectType.ZONE, 7), reply)]
        )


@each_row("object_type", WITHOUT_PROPERTIES)
@each_row("operation", [list_objects, list_names, lambda object_type: get_object_properties(object_type, 1)])
def test_kinds_without_properties_are_the_callers_mistake(
    object_type: int, operation: Callable[[int], Operation[object]]
) -> None:
    # Nothing is asked, and the text says what could be.
    with pytest.raises(LocalProtocolError, match=f"{object_type!r} has no properties.*ZONE, UNIT, BUTTON"):
        follow(operation(object_type), [])


def test_each_kind_with_properties_is_read_from_an_emulated_panel() -> None:
    driver = Driver()
    driver.connect()
    for kind in WITH_PROPERTIES:
        found = run_on_house(get_object_properties(kind, 1), driver)
        assert found is not None
        assert (found.OBJECT_TYPE, found.index) == (kind, 1)


# The names of each kind.


NAMES = {
    "list_zone_names": (1, "FRONT DOOR"),
    "list_unit_names": (2, "PORCH"),
    "list_button_names": (3, "GOOD NIGHT"),
    "list_code_names": (4, "OWNER"),
    "list_area_names": (5, "HOUSE"),
    "list_thermostat_names": (6, "DOWNSTAIRS"),
    "list_message_names": (7, "CALL HOME"),
    "list_auxiliary_sensor_names": (8, "CELLAR"),
    "list_audio_source_names": (9, "RADIO"),
    "list_audio_zone_names": (10, "LIVING ROOM"),
    "list_user_setting_names": (13, "WAKE UP"),
    "list_access_control_reader_names": (14, "GARDEN GATE"),
}
"""Each call, the type that it asks for, and the first name in the demo house."""


def test_each_kind_with_properties_has_a_call_for_its_names() -> None:
    assert [kind for kind, _ in NAMES.values()] == WITH_PROPERTIES


@each_row("call", NAMES)
def test_the_names_of_a_kind_are_those_of_its_named_objects(call: str) -> None:
    kind, first = NAMES[call]
    operation: Callable[[], Operation[dict[int, str]]] = getattr(properties_module, call)
    asked: list[Request[object]] = []
    assert run(operation(), lambda _: EndOfData().to_message(), asked) == {}
    # Named objects only, whatever the area and the room.
    assert [request.encode() for request in asked] == [bytes((kind, 0, 0, 1, 1, 0, 0))]
    driver = Driver(demo_house())
    driver.connect()
    names = run_on_house(operation(), driver)
    assert next(iter(names.values())) == first
    assert all(names.values())

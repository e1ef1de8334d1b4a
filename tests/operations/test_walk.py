"""Walking through properties: the whole, or an error, whatever the panel answers."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio.enums import Fault
from omnilink_sansio.errors import (
    CommandFailedError,
    LocalProtocolError,
    OmniConnectionError,
    OmniLinkError,
    RemoteProtocolError,
    RequestTimeoutError,
)
from omnilink_sansio.messages import (
    Ack,
    EndOfData,
    Nak,
    NameFilter,
    ObjectProperties,
    ObjectType,
    OmniLink2MessageType,
    RelativeDirection,
    Request,
    RequestObjectProperties,
    RequestSystemFormats,
    SystemFormats,
    UnitProperties,
    ZoneProperties,
    encode_name,
)
from omnilink_sansio.operations import ask, object_names, object_properties, walk_properties
from omnilink_sansio.wire import Message
from tests.operations.scripted import Panel, run

LAST = 511


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
    found = run(walk_properties(ObjectType.ZONE), panel_with(zones), asked)
    assert [(item.index, item.name) for item in found] == sorted(zones.items())
    # One request an object and one for the end, unless the last number there can be was seen.
    assert len(asked) == len(zones) + (LAST not in zones)
    assert {type(request) for request in asked} <= {RequestObjectProperties}


@given(zones=HOUSES)
def test_names_are_those_of_named_objects(zones: dict[int, str]) -> None:
    names = run(object_names(ObjectType.ZONE), panel_with(zones))
    assert names == {index: name for index, name in zones.items() if name}


def test_an_object_that_a_panel_names_against_the_filter_has_no_name() -> None:
    replies = iter([answer(zone(1)), answer(zone(2, "HALL")), EndOfData().to_message()])
    assert run(object_names(ObjectType.ZONE), lambda _: next(replies)) == {2: "HALL"}


def test_a_walk_asks_for_what_follows_the_last_answer_with_its_filters() -> None:
    asked: list[Request[object]] = []
    walk = walk_properties(ObjectType.ZONE, NameFilter.NAMED, 0b10)
    run(walk, panel_with({4: "HALL", 9: "DOOR"}), asked)
    assert asked == [
        RequestObjectProperties(ObjectType.ZONE, index, RelativeDirection.NEXT, NameFilter.NAMED, 0b10)
        for index in (0, 4, 9)
    ]


def test_the_biggest_house_is_walked_whole() -> None:
    zones = {index: f"ZONE {index}" for index in range(1, LAST + 1)}
    asked: list[Request[object]] = []
    assert len(run(walk_properties(ObjectType.ZONE), panel_with(zones), asked)) == LAST
    assert len(asked) == LAST


@given(
    jump=st.sampled_from([0, -1, -2, 1000, 0xFFFF]),
    good=st.integers(1, 20),
)
def test_a_panel_that_leads_nowhere_is_left_with_an_error(jump: int, good: int) -> None:
    # The same number again, going backwards, or beyond the last number that can be asked for.
    asked: list[Request[object]] = []

    def panel(request: Request[object]) -> Message:
        assert isinstance(request, RequestObjectProperties)
        following = request.index + 1 if len(asked) <= good else request.index + jump
        return answer(zone(min(max(following, 0), 0xFFFF)))

    with pytest.raises(RemoteProtocolError, match="what follows object") as caught:
        run(walk_properties(ObjectType.ZONE), panel, asked)
    assert caught.value.fault is Fault.UNEXPECTED_REPLY
    assert len(asked) == good + 1


@given(first=st.integers(0, 0xFFFF))
def test_a_panel_that_answers_the_same_for_ever_is_left_with_an_error(first: int) -> None:
    asked: list[Request[object]] = []
    with pytest.raises(RemoteProtocolError):
        run(walk_properties(ObjectType.ZONE), lambda _: answer(zone(first)), asked)
    assert len(asked) <= 2


@given(steps=st.data())
def test_a_walk_is_bounded_whatever_comes(steps: st.DataObject) -> None:
    asked: list[Request[object]] = []

    def panel(request: Request[object]) -> Message:
        assert isinstance(request, RequestObjectProperties)
        step = steps.draw(st.integers(1, 200))
        return answer(zone(request.index + step))

    try:
        found = run(walk_properties(ObjectType.ZONE), panel, asked)
    except RemoteProtocolError:
        found = []
    else:
        assert found[-1].index == LAST
    assert len(asked) <= LAST
    assert len(found) <= LAST


@pytest.mark.parametrize(
    "wrong",
    [
        answer(UnitProperties(2, 0, 0, 4, encode_name("HALL", 13))),
        Message(OmniLink2MessageType.OBJECT_PROPERTIES, b"\x08" + bytes(23)),
        Message(OmniLink2MessageType.OBJECT_PROPERTIES),
    ],
)
def test_objects_of_another_kind_are_refused(wrong: Message) -> None:
    for operation in (walk_properties(ObjectType.ZONE), object_properties(ObjectType.ZONE, 2)):
        with pytest.raises(RemoteProtocolError, match="type 1 were asked for") as caught:
            run(operation, lambda _: wrong)
        assert caught.value.fault is Fault.UNEXPECTED_REPLY


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (Nak().to_message(), CommandFailedError),
        (Ack().to_message(), RemoteProtocolError),
        (Message(OmniLink2MessageType.OBJECT_PROPERTIES, b"\x01\0\x03"), RemoteProtocolError),
    ],
)
def test_a_part_is_never_passed_off_as_the_whole(wrong: Message, error: type[OmniLinkError]) -> None:
    replies = iter([answer(zone(1, "HALL")), answer(zone(2, "DOOR")), wrong])
    with pytest.raises(error):
        run(object_names(ObjectType.ZONE), lambda _: next(replies))


@pytest.mark.parametrize("already", [0, 1, 5])
@pytest.mark.parametrize(
    "error", [RequestTimeoutError("RequestObjectProperties", 5.0, 1), OmniConnectionError("lost")]
)
def test_errors_thrown_in_come_out_again(error: OmniLinkError, already: int) -> None:
    walk = walk_properties(ObjectType.ZONE)
    next(walk)
    for index in range(1, already + 1):
        walk.send(answer(zone(index)))
    with pytest.raises(type(error)) as caught:
        walk.throw(error)
    assert caught.value is error
    with pytest.raises(StopIteration):
        next(walk)


def test_a_walk_can_be_closed_at_any_step() -> None:
    for already in range(4):
        walk = walk_properties(ObjectType.ZONE)
        next(walk)
        for index in range(1, already + 1):
            walk.send(answer(zone(index)))
        walk.close()
        with pytest.raises(StopIteration):
            next(walk)


# One object.


def test_one_object_is_asked_for_by_its_number() -> None:
    asked: list[Request[object]] = []
    panel = panel_with({7: "HALL"})
    assert run(object_properties(ObjectType.ZONE, 7), panel, asked) == zone(7, "HALL")
    assert run(object_properties(ObjectType.ZONE, 8), panel, asked) is None
    assert asked == [RequestObjectProperties(ObjectType.ZONE, 7), RequestObjectProperties(ObjectType.ZONE, 8)]


def test_another_object_than_the_one_asked_for_is_refused() -> None:
    with pytest.raises(RemoteProtocolError, match="asked for object 7, answered with object 8") as caught:
        run(object_properties(ObjectType.ZONE, 7), lambda _: answer(zone(8)))
    assert caught.value.fault is Fault.UNEXPECTED_REPLY


@pytest.mark.parametrize("object_type", [0, ObjectType.CODE, ObjectType.MESSAGE, ObjectType.CONSOLE, 15, 99])
@pytest.mark.parametrize(
    "operation", [walk_properties, object_names, lambda object_type: object_properties(object_type, 1)]
)
def test_kinds_without_properties_here_are_the_callers_mistake(
    object_type: int, operation: Callable[[int], "object"]
) -> None:
    # Nothing is asked: the panel would answer, and the answer could not be read.
    generator = operation(object_type)
    with pytest.raises(LocalProtocolError, match=f"{int(object_type)} has no properties here.*ZONE, UNIT"):
        next(generator)  # type: ignore[call-overload]


def test_ask_returns_what_the_request_makes_of_the_reply() -> None:
    formats = SystemFormats(1, 2, 1)
    assert run(ask(RequestSystemFormats()), lambda _: formats.to_message()) == formats

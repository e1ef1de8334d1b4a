"""The calls of clients: one list, and on every client made from it the same methods."""

import inspect
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, get_type_hints
from unittest.mock import create_autospec

import pytest

from omnilink_anyio import OmniClient
from omnilink_sansio import LocalProtocolError, NotSupportedByProtocolError, Request, UserCode
from omnilink_sansio.client import AwaitedClient, BlockingClient, ClientCall, ClientCalls
from omnilink_sansio.commands import ControllerCommand
from omnilink_sansio.event_log import EventLogData, ReadEventRecord
from omnilink_sansio.objects import SecurityMode
from omnilink_sansio.operations import Inventory, Operation, Step
from omnilink_sansio.simulator import demo_house
from omnilink_sansio.system import RequestSystemInformation, SystemInformation, SystemStatus
from tests.client import typed_calls
from tests.operations.scripted import run_on_house
from tests.rows import each_row
from tests.simulator.driver import Driver

_P = ParamSpec("_P")
_T = TypeVar("_T")

CALLS = {name: call for name, call in vars(ClientCalls).items() if isinstance(call, ClientCall)}

EMPTY = inspect.Parameter.empty

NAMES_THAT_STAY: dict[str, dict[str, object]] = {
    "get_system_information": {},
    "get_system_status": {},
    "get_object_properties": {"object_type": EMPTY, "index": EMPTY},
    "list_zone_names": {},
    "list_unit_names": {},
    "list_area_names": {},
    "get_object_status": {"object_type": EMPTY, "start": EMPTY, "end": None},
    "get_extended_status": {"object_type": EMPTY, "start": EMPTY, "end": None},
    "execute_command": {"command": EMPTY, "parameter1": 0, "parameter2": 0},
    "execute_security_command": {"area": EMPTY, "mode": EMPTY, "code": EMPTY},
    "acknowledge_alerts": {"area": 0},
    "turn_unit_on": {"index": EMPTY},
    "turn_unit_off": {"index": EMPTY},
    "set_unit_level": {"index": EMPTY, "percent": EMPTY},
    "bypass_zone": {"index": EMPTY, "code": 0},
    "restore_zone": {"index": EMPTY, "code": 0},
    "set_thermostat_system_mode": {"index": EMPTY},
    "set_thermostat_fan_mode": {"index": EMPTY},
    "set_thermostat_hold_mode": {"index": EMPTY},
    "set_thermostat_heat_setpoint_raw": {"index": EMPTY},
    "set_thermostat_cool_setpoint_raw": {"index": EMPTY},
    "execute_button": {"index": EMPTY},
    "execute_program": {"index": EMPTY},
    "show_message": {"index": EMPTY, "beep": True},
    "clear_message": {"index": EMPTY},
}
"""DESIGN.md "Names that stay": the calls, and their first parameters with their defaults."""


def _blocking(make: Callable[_P, Request[_T] | Operation[_T]]) -> Callable[..., _T]:
    def method(self: "Blocking", /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        made = make(*args, **kwargs)
        if isinstance(made, Request):
            self.asked.append(made)
            return self.driver.ask(made)
        return run_on_house(made, self.driver, self.asked)

    return method


class Blocking(BlockingClient, method=_blocking):
    """A client that blocks, in memory, in virtual time."""

    def __init__(self) -> None:
        self.driver = Driver(demo_house())
        self.driver.connect()
        self.asked: list[Step] = []


class Elsewhere(BlockingClient, method=typed_calls._blocking):
    """A client whose methods are made by a function of another module."""


CLIENTS = each_row("client", [OmniClient, Blocking, typed_calls.Blocking, Elsewhere])


def methods(client: type) -> dict[str, Any]:
    return {name: getattr(client, name) for name in CALLS}


def shape(method: Callable[..., object]) -> list[tuple[str, object, object, object]]:
    """Everything that callers see of a method's parameters."""
    parameters = inspect.signature(method).parameters.values()
    return [(item.name, item.kind, item.default, item.annotation) for item in parameters]


# The list.


@each_row("name", NAMES_THAT_STAY)
def test_names_that_stay_are_there_with_their_parameters(name: str) -> None:
    parameters = inspect.signature(getattr(OmniClient, name)).parameters
    first = {key: parameters[key].default for key in list(parameters)[1 : len(NAMES_THAT_STAY[name]) + 1]}
    assert first == NAMES_THAT_STAY[name]
    # What more there is, users who move over need not give, except for a thermostat's mode or set point.
    more = list(parameters.values())[len(first) + 1 :]
    if name.startswith("set_thermostat"):
        assert more.pop(0).default is EMPTY
    assert all(item.default is not EMPTY for item in more)


@pytest.mark.parametrize("name", ["events", "subscribe", "perform", "request"])
def test_names_that_are_no_calls_are_the_clients_own(name: str) -> None:
    assert name not in CALLS
    assert callable(getattr(OmniClient, name))


def test_every_public_name_of_the_list_is_a_call() -> None:
    assert [name for name in vars(ClientCalls) if not name.startswith("_")] == list(CALLS)
    assert len(CALLS) > 100


@each_row("name", CALLS)
def test_each_call_says_what_it_does(name: str) -> None:
    text = inspect.getdoc(CALLS[name])
    assert text
    first = text.splitlines()[0]
    # A dataclass without a docstring has its signature there.
    assert first[0].isupper()
    assert "(self" not in first
    assert not first.startswith(f"{getattr(CALLS[name].make, '__name__', '?')}(")
    assert len(text) > 15


@each_row("name", CALLS)
def test_each_calls_parameters_and_result_have_types(name: str) -> None:
    signature = inspect.signature(getattr(OmniClient, name))
    assert signature.return_annotation is not inspect.Signature.empty
    assert not isinstance(signature.return_annotation, str | TypeVar)
    for parameter in list(signature.parameters.values())[1:]:
        assert parameter.annotation is not EMPTY
        assert not isinstance(parameter.annotation, str)
        assert parameter.kind is not inspect.Parameter.VAR_POSITIONAL


@each_row(
    ("name", "result"),
    [
        ("get_system_information", SystemInformation),
        ("get_system_status", SystemStatus),
        ("read_event_record", EventLogData | None),
        ("list_zone_names", dict[int, str]),
        ("read_voice_names", dict[int, tuple[int, ...]]),
        ("get_inventory", Inventory),
        ("turn_unit_on", None),
        ("execute_command", None),
        ("arm", None),
    ],
)
def test_the_result_of_a_call_is_that_of_its_request_or_operation(name: str, result: object) -> None:
    assert inspect.signature(getattr(OmniClient, name)).return_annotation == result


# The methods.


@CLIENTS
def test_each_call_is_an_ordinary_method_of_a_client(client: type) -> None:
    for name, method in methods(client).items():
        assert inspect.isfunction(method)
        assert method.__name__ == name
        assert method.__qualname__ == f"{client.__qualname__}.{name}"
        assert method.__module__ == client.__module__
        assert method.__doc__ == CALLS[name].__doc__
        signature = inspect.signature(method)
        # Both ways of asking for the types tell the same.
        hints = get_type_hints(method)
        assert hints.pop("return") == (signature.return_annotation or type(None))
        assert hints == {key: given.annotation for key, given in list(signature.parameters.items())[1:]}
        assert name in vars(client)


def test_calls_are_coroutines_or_not_as_the_adapter_made_them() -> None:
    assert all(inspect.iscoroutinefunction(method) for method in methods(OmniClient).values())
    assert not any(inspect.iscoroutinefunction(method) for method in methods(Blocking).values())


@each_row("name", CALLS)
def test_both_kinds_of_client_have_equal_calls(name: str) -> None:
    awaited, blocking = getattr(OmniClient, name), getattr(Blocking, name)
    assert shape(awaited) == shape(blocking)
    assert inspect.signature(awaited).return_annotation == inspect.signature(blocking).return_annotation
    assert inspect.getdoc(awaited) == inspect.getdoc(blocking)


def test_the_list_itself_keeps_its_calls() -> None:
    # Making a client from it changes nothing: the next adapter finds the same.
    assert all(isinstance(getattr(ClientCalls, name), ClientCall) for name in CALLS)


# Calling them.


def test_a_call_sends_its_request_and_returns_the_content() -> None:
    client = Blocking()
    assert client.get_system_information().model_name == "Omni Pro II"
    assert client.asked == [RequestSystemInformation()]


def test_arguments_may_be_given_by_position_and_by_name() -> None:
    client = Blocking()
    client.set_unit_level(1, 50)
    client.set_unit_level(index=1, percent=50)
    client.set_unit_level(1, percent=50)
    # Command 9, the level, the unit (20P00 §CONTROLLER COMMAND).
    assert client.asked == [ControllerCommand(9, 50, 1)] * 3
    client.asked.clear()
    client.execute_command(1, parameter2=3)
    assert client.asked == [ControllerCommand(1, 0, 3)]
    client.asked.clear()
    client.read_event_record()
    assert client.asked == [ReadEventRecord(0, -1)]


def test_calls_of_many_messages_run_to_their_end() -> None:
    client = Blocking()
    assert client.list_area_names() == {1: "HOUSE", 2: "GARAGE"}
    assert client.arm_and_confirm(2, mode=SecurityMode.AWAY, code=UserCode("1234")).is_arming
    client.set_time(datetime(2027, 2, 28, 12, 30), daylight_saving=False)  # noqa: DTZ001 - a controller's clock knows no zone
    assert client.get_system_status().clock == datetime(2027, 2, 28, 12, 30)  # noqa: DTZ001


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.set_unit_level(1),
        lambda client: client.list_zone_names(1),
        lambda client: client.set_unit_level(1, level=3),
        lambda client: client.get_system_status(1),
    ],
)
def test_arguments_that_a_call_does_not_have_are_a_type_error(call: Callable[[Blocking], object]) -> None:
    client = Blocking()
    with pytest.raises(TypeError):
        call(client)
    assert client.asked == []


def test_mistakes_are_raised_before_anything_is_sent() -> None:
    client = Blocking()
    with pytest.raises(LocalProtocolError):
        client.set_unit_level(1, 101)
    with pytest.raises(LocalProtocolError):
        client.turn_unit_on(512)
    with pytest.raises(NotSupportedByProtocolError):
        client.execute_program(1)
    assert client.asked == []


# Clients of one's own.


class OneOfThem(Blocking):
    """A subclass with a call of its own."""

    def get_system_information(self) -> SystemInformation:
        return SystemInformation(16, 1, 2, 3, bytes(25))


def test_a_subclass_may_override_a_call() -> None:
    client = OneOfThem()
    assert client.get_system_information().firmware_version == "1.2c"
    assert client.asked == []
    # The others are there as before.
    assert client.list_area_names() == {1: "HOUSE", 2: "GARAGE"}
    assert OneOfThem.list_area_names is Blocking.list_area_names


class WithItsOwn(BlockingClient, method=_blocking):
    """A client that has a call of its own in its body."""

    def get_system_information(self) -> str:  # type: ignore[override]
        return "its own"


def test_a_client_may_have_a_call_of_its_own() -> None:
    assert WithItsOwn().get_system_information() == "its own"
    assert inspect.isfunction(WithItsOwn.get_system_status)


class More:
    """One call more, and another in the place of one."""

    ask_who_it_is = ClientCall(RequestSystemInformation)
    get_system_status = ClientCall(RequestSystemInformation)


def test_the_list_may_be_made_longer() -> None:
    def awaited(make: Callable[..., Any]) -> Callable[..., Coroutine[Any, Any, Any]]:
        async def method(self: object) -> object:
            del self
            return make()

        return method

    class Client(More, AwaitedClient, method=awaited):  # type: ignore[misc]  # another result in the place of one
        pass

    assert inspect.signature(Client.ask_who_it_is).return_annotation is SystemInformation
    # The later of two calls of one name counts.
    assert inspect.signature(Client.get_system_status).return_annotation is SystemInformation
    assert inspect.iscoroutinefunction(Client.turn_unit_on)


@pytest.mark.anyio
async def test_a_stand_in_for_a_client_has_calls_that_can_be_awaited() -> None:
    client = create_autospec(OmniClient, instance=True)
    client.list_zone_names.return_value = {1: "HALL"}
    assert await client.list_zone_names() == {1: "HALL"}
    await client.set_unit_level(1, percent=50)
    client.set_unit_level.assert_awaited_once_with(1, percent=50)
    # It takes the arguments of the real one and no others.
    with pytest.raises(TypeError):
        await client.set_unit_level(1)
    assert all(inspect.iscoroutinefunction(getattr(client, name)) for name in CALLS)

"""What each call of a command takes and refuses: numbers and enumerations (20P00 §CONTROLLER COMMAND)."""

import inspect
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any, NamedTuple, TypeAlias, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import LocalProtocolError, Message, NotSupportedByProtocolError, commands, objects
from omnilink_sansio.commands import COMMANDS, Command, ControllerCommand, FromUserSetting
from tests.rows import each_row

Call: TypeAlias = Callable[..., ControllerCommand]

COMMANDS_FOLDER = "omnilink_sansio.messages.commands."
NO_CALLS = {"checked_command", "command_effect", "execute_program"}
CALLS: Mapping[str, Call] = {
    name: call
    for name, call in vars(commands).items()
    if inspect.isfunction(call) and call.__module__.startswith(COMMANDS_FOLDER) and name not in NO_CALLS
}
HINTS: Mapping[tuple[str, str], object] = {
    (name, parameter): hint
    for name, call in CALLS.items()
    for parameter, hint in get_type_hints(call).items()
    if parameter != "return"
}


class Bound(NamedTuple):
    """A number of a call: its range, where it is sent, and what an error says of it."""

    call: Call
    parameter: str
    low: int
    high: int
    sent: Callable[[ControllerCommand], int]
    named: str
    others: dict[str, Any]


def p1(sent: ControllerCommand) -> int:
    return sent.parameter1


def p2(sent: ControllerCommand) -> int:
    return sent.parameter2


def low9(sent: ControllerCommand) -> int:
    return sent.parameter2 % 512


def high7(sent: ControllerCommand) -> int:
    return sent.parameter2 // 512


def signed(sent: ControllerCommand) -> int:
    return sent.parameter1 if sent.parameter1 < 128 else sent.parameter1 - 256


def times(sent: ControllerCommand) -> int:
    # 2 to 6 on the wire are 1 to 5 times.
    return sent.parameter1 - 1


def steps_down(sent: ControllerCommand) -> int:
    return sent.command - 16


def steps_up(sent: ControllerCommand) -> int:
    return sent.command - 32


def _unit(call: Call, sent: Callable[[ControllerCommand], int] = p2, **others: object) -> Bound:
    return Bound(call, "index", 1, 511, sent, "unit", others)


def _thermostat(call: Call, named: str = "thermostat", **others: object) -> Bound:
    return Bound(call, "index", 0, 511, p2, named, others)


def _p2(call: Call, parameter: str, low: int, high: int, named: str, **others: object) -> Bound:
    return Bound(call, parameter, low, high, p2, named, others)


def _p1(call: Call, parameter: str, low: int, high: int, named: str, **others: object) -> Bound:
    return Bound(call, parameter, low, high, p1, named, others)


_SENSOR = "thermostat or sensor"
BOUNDS = [
    _unit(commands.turn_unit_on),
    _unit(commands.turn_unit_off),
    _unit(commands.set_unit_level, percent=50),
    _unit(commands.set_unit_level, low9, percent=50, duration=10),
    Bound(commands.set_unit_level, "percent", 0, 100, p1, "level", {"index": 1}),
    Bound(commands.set_unit_level, "percent", 0, 100, high7, "level", {"index": 511, "duration": 10}),
    _unit(commands.ramp_unit, low9, percent=50, duration=10),
    Bound(commands.ramp_unit, "percent", 0, 100, high7, "level", {"index": 511, "duration": 10}),
    _unit(commands.set_unit_scene, scene=1),
    _unit(commands.dim_unit),
    Bound(commands.dim_unit, "steps", 1, 9, steps_down, "dim", {"index": 1}),
    _unit(commands.brighten_unit),
    Bound(commands.brighten_unit, "steps", 1, 9, steps_up, "brighten", {"index": 1}),
    _unit(commands.increment_counter),
    _unit(commands.decrement_counter),
    _unit(commands.set_counter, value=1),
    _p1(commands.set_counter, "value", 0, 255, "count", index=1),
    _unit(commands.request_upb_status),
    _unit(commands.blink_upb_unit, low9, rate=3),
    _unit(commands.stop_upb_blink),
    _unit(commands.set_upb_led, led=1, on=True),
    _p1(commands.set_upb_led, "led", 1, 8, "LED", index=1, on=False),
    _p2(commands.turn_all_units_on, "area", 0, 8, "area"),
    _p2(commands.turn_all_units_off, "area", 0, 8, "area"),
    _p2(commands.bypass_zone, "index", 1, 511, "zone"),
    _p1(commands.bypass_zone, "code", 0, 255, "code number", index=1),
    _p2(commands.restore_zone, "index", 1, 511, "zone"),
    _p1(commands.restore_zone, "code", 0, 255, "code number", index=1),
    _p2(commands.restore_all_zones, "area", 0, 8, "area"),
    _p1(commands.restore_all_zones, "code", 0, 255, "code number"),
    _p2(commands.set_security_mode, "area", 0, 8, "area", mode=3, code=1),
    _p1(commands.set_security_mode, "code", 0, 255, "code number", area=1, mode=3),
    _p1(commands.set_lumina_mode, "code", 0, 255, "code number", mode=3),
    _p2(commands.execute_button, "index", 1, 511, "button"),
    _p1(commands.set_user_setting, "index", 1, 255, "user setting", value=0),
    _p2(commands.set_user_setting, "value", 0, 65535, "value", index=1),
    _p2(commands.turn_upb_link_on, "link", 1, 255, "UPB link"),
    _p2(commands.turn_upb_link_off, "link", 1, 255, "UPB link"),
    _p2(commands.store_upb_link, "link", 1, 255, "UPB link"),
    _p2(commands.stop_upb_link_fade, "link", 1, 255, "UPB link"),
    _p2(commands.turn_scene_on, "scene", 1, 65535, "scene"),
    _p2(commands.turn_scene_off, "scene", 1, 65535, "scene"),
    _p2(commands.store_scene, "scene", 1, 65535, "scene"),
    _p2(commands.turn_centralite_scene_on, "scene", 1, 65535, "scene"),
    _p2(commands.turn_centralite_scene_off, "scene", 1, 65535, "scene"),
    _p2(commands.turn_radiora_phantom_button_on, "button", 1, 65535, "phantom button"),
    _p2(commands.turn_radiora_phantom_button_off, "button", 1, 65535, "phantom button"),
    _p2(commands.turn_energy_saver_on, "index", 1, 511, "energy saver"),
    _p2(commands.turn_energy_saver_off, "index", 1, 511, "energy saver"),
    _thermostat(commands.set_thermostat_heat_setpoint_raw, _SENSOR, raw=100),
    _p1(commands.set_thermostat_heat_setpoint_raw, "raw", 0, 180, "set point", index=1),
    _thermostat(commands.set_thermostat_heat_setpoint_celsius, _SENSOR, celsius=20),
    _thermostat(commands.set_thermostat_heat_setpoint_fahrenheit, _SENSOR, fahrenheit=70),
    _thermostat(commands.set_thermostat_cool_setpoint_raw, _SENSOR, raw=100),
    _p1(commands.set_thermostat_cool_setpoint_raw, "raw", 0, 180, "set point", index=1),
    _thermostat(commands.set_thermostat_cool_setpoint_celsius, _SENSOR, celsius=20),
    _thermostat(commands.set_thermostat_cool_setpoint_fahrenheit, _SENSOR, fahrenheit=70),
    _thermostat(commands.adjust_thermostat_heat_setpoint, steps=1),
    Bound(commands.adjust_thermostat_heat_setpoint, "steps", -50, 50, signed, "steps", {"index": 1}),
    _thermostat(commands.adjust_thermostat_cool_setpoint, steps=1),
    Bound(commands.adjust_thermostat_cool_setpoint, "steps", -50, 50, signed, "steps", {"index": 1}),
    _thermostat(commands.set_thermostat_humidify_setpoint, percent=50),
    _thermostat(commands.set_thermostat_dehumidify_setpoint, percent=None),
    _thermostat(commands.set_thermostat_system_mode, mode=4),
    _thermostat(commands.set_thermostat_fan_mode, mode=2),
    _thermostat(commands.set_thermostat_hold_mode, mode=1),
    _p2(commands.show_message, "index", 1, 511, "message"),
    _p2(commands.show_message, "index", 1, 511, "message", beep=False),
    _p2(commands.clear_message, "index", 1, 511, "message"),
    _p1(commands.clear_all_messages, "area", 0, 8, "area"),
    _p2(commands.log_message, "index", 1, 511, "message"),
    _p2(commands.say_message, "index", 1, 511, "message"),
    _p2(commands.phone_and_say_message, "index", 1, 511, "message", phone_number=1),
    _p1(commands.phone_and_say_message, "phone_number", 1, 255, "phone number", index=1),
    _p2(commands.send_message, "index", 1, 511, "message", serial_port=1),
    _p1(commands.send_message, "serial_port", 1, 255, "serial port", index=1),
    _p2(commands.email_message, "index", 1, 511, "message"),
    _p2(commands.set_console_beeper, "index", 0, 16, "console", enabled=True),
    _p2(commands.beep_console, "index", 0, 16, "console"),
    Bound(commands.beep_console, "times", 1, 5, times, "beep", {"index": 1}),
    _p2(commands.start_console_beep, "index", 0, 16, "console"),
    _p2(commands.stop_console_beep, "index", 0, 16, "console"),
    _p1(commands.show_camera, "camera", 1, 6, "camera", touchscreen=1),
    _p2(commands.show_camera, "touchscreen", 1, 65535, "touchscreen", camera=1),
    _p2(commands.lock_door, "reader", 0, 511, "access control reader"),
    _p2(commands.unlock_door, "reader", 0, 511, "access control reader"),
    _p2(commands.turn_audio_zone_on, "zone", 0, 511, "audio zone"),
    _p2(commands.turn_audio_zone_off, "zone", 0, 511, "audio zone"),
    _p2(commands.mute_audio_zone, "zone", 0, 511, "audio zone"),
    _p2(commands.unmute_audio_zone, "zone", 0, 511, "audio zone"),
    _p2(commands.set_audio_volume, "zone", 1, 511, "audio zone", percent=50),
    _p1(commands.set_audio_volume, "percent", 0, 100, "level", zone=1),
    _p2(commands.select_audio_source, "zone", 1, 511, "audio zone", source=1),
    _p1(commands.select_audio_source, "source", 1, 255, "audio source", zone=1),
    _p2(commands.press_audio_key, "zone", 1, 511, "audio zone", key=commands.RussoundKey.PLAY),
]
EVERY_BOUND = each_row(
    "bound",
    BOUNDS,
    ids=[f"{bound.call.__name__}-{bound.parameter}-{bound.sent.__name__}" for bound in BOUNDS],
)
MAY_BE_DIGITS = {"area", "code number"}
"""What somebody may give a code's digits for by mistake: no error repeats it."""


def test_every_number_of_every_call_has_a_range() -> None:
    plain = {key for key, hint in HINTS.items() if hint is int}
    assert {(bound.call.__name__, bound.parameter) for bound in BOUNDS} >= plain


@EVERY_BOUND
def test_everything_within_the_range_is_sent_as_it_is(bound: Bound) -> None:
    every = range(bound.low, bound.high + 1)
    for value in every if len(every) <= 600 else (bound.low, bound.low + 1, 256, 512, bound.high):
        made = bound.call(**bound.others, **{bound.parameter: value})
        assert bound.sent(made) == value
        row = COMMANDS[Command(made.command)]
        assert row.accepts(made.parameter1, made.parameter2)


@EVERY_BOUND
@each_row("beyond", [1, 2, 200, 65536, 10**30])
def test_what_is_out_of_range_is_refused_saying_what_is_allowed(bound: Bound, beyond: int) -> None:
    for value in (bound.low - beyond, bound.high + beyond):
        with pytest.raises(LocalProtocolError) as caught:
            bound.call(**bound.others, **{bound.parameter: value})
        text = str(caught.value)
        assert bound.named in text
        assert f"{bound.low} to {bound.high}" in text
        assert text.count(str(value)) == (0 if bound.named in MAY_BE_DIGITS else 1)


@each_row(
    "bound",
    # Each number of steps is a command of its own: there is none to name.
    [bound for bound in BOUNDS if bound.sent not in (steps_down, steps_up)],
    ids=lambda bound: f"{bound.call.__name__}-{bound.parameter}-{bound.sent.__name__}",
)
def test_the_command_is_named_in_what_is_refused(bound: Bound) -> None:
    command = Command(bound.call(**bound.others, **{bound.parameter: bound.high}).command)
    with pytest.raises(LocalProtocolError, match=f"^{command.name}: "):
        bound.call(**bound.others, **{bound.parameter: bound.high + 1})


@EVERY_BOUND
@each_row("wrong", [1.0, 1.5, None, "1", [1], 1j])
def test_what_is_no_whole_number_is_refused(bound: Bound, wrong: object) -> None:
    with pytest.raises(LocalProtocolError, match=bound.named):
        bound.call(**bound.others, **{bound.parameter: wrong})


# Enumerations.

OF_ENUMERATIONS = [
    (CALLS[name], parameter, hint)
    for (name, parameter), hint in HINTS.items()
    if isinstance(hint, type) and issubclass(hint, IntEnum)
]
CHOICES: Mapping[tuple[str, str], type[IntEnum]] = {
    ("set_unit_scene", "scene"): objects.UnitScene,
    ("blink_upb_unit", "rate"): commands.BlinkRate,
    ("set_energy_cost", "cost"): commands.EnergyCost,
    ("set_thermostat_system_mode", "mode"): objects.HvacMode,
    ("set_thermostat_fan_mode", "mode"): objects.FanMode,
    ("set_thermostat_hold_mode", "mode"): objects.HoldMode,
    ("set_security_mode", "mode"): objects.SecurityMode,
    ("set_lumina_mode", "mode"): objects.LuminaMode,
}
EVERY_CHOICE = each_row(
    ("name", "parameter"), CHOICES, ids=[f"{name}-{parameter}" for name, parameter in CHOICES]
)
OTHERS: Mapping[str, Any] = {"index": 1, "area": 1, "code": 1, "zone": 1}


def _chosen(name: str, parameter: str, value: object) -> ControllerCommand:
    call = CALLS[name]
    others = {other: OTHERS[other] for other in inspect.signature(call).parameters if other in OTHERS}
    return call(**others, **{parameter: value})


def test_every_choice_of_every_call_is_an_enumeration() -> None:
    assert {(call.__name__, parameter): kind for call, parameter, kind in OF_ENUMERATIONS} == CHOICES


@EVERY_CHOICE
def test_numbers_that_no_member_has_are_refused_naming_all_members(name: str, parameter: str) -> None:
    kind = CHOICES[name, parameter]
    known = {member.value for member in kind}
    for value in {*range(-2, 300)} - known:
        with pytest.raises(LocalProtocolError, match=kind.__name__) as caught:
            _chosen(name, parameter, value)
        for member in kind:
            assert f"{member.value} {member.name}" in str(caught.value)


@EVERY_CHOICE
def test_members_of_another_enumeration_are_refused(name: str, parameter: str) -> None:
    kinds: set[type[IntEnum]] = {*CHOICES.values(), commands.RussoundKey, Command}
    for other in kinds - {CHOICES[name, parameter]}:
        for member in other:
            with pytest.raises(LocalProtocolError):
                _chosen(name, parameter, member)


@pytest.mark.parametrize("name", ["set_unit_scene", "set_energy_cost", "set_thermostat_system_mode"])
def test_choices_are_sent_by_their_number(name: str) -> None:
    (parameter,) = [parameter for call, parameter in CHOICES if call == name]
    for member in CHOICES[name, parameter]:
        assert _chosen(name, parameter, member).parameter1 == member.value
        assert _chosen(name, parameter, member.value).parameter1 == member.value


@pytest.mark.parametrize("wrong", [6, -1, None, 1.0, Command.UNIT_OFF, objects.HvacMode.HEAT])
def test_a_key_is_one_of_an_audio_systems(wrong: Any) -> None:
    # A bare number says nothing: 6 is PLAY on one system and a source on another.
    with pytest.raises(LocalProtocolError, match=r"^AUDIO_KEY: .*AUDIO_KEYS"):
        commands.press_audio_key(1, wrong)


def test_hold_is_255_and_vacation_hold_has_no_command() -> None:
    assert commands.set_thermostat_hold_mode(1, objects.HoldMode.OFF).parameter1 == 0
    assert commands.set_thermostat_hold_mode(1, objects.HoldMode.HOLD).parameter1 == 255
    with pytest.raises(LocalProtocolError, match=r"^SET_HOLD_MODE: .*vacation hold"):
        commands.set_thermostat_hold_mode(1, objects.HoldMode.VACATION_HOLD)


def test_a_beep_without_led_is_no_way_to_show_a_message() -> None:
    with pytest.raises(LocalProtocolError, match=r"^SHOW_MESSAGE: .*LED"):
        commands.show_message(1, beep=True, led=False)


def test_clearing_message_0_would_clear_all_and_is_a_call_of_its_own() -> None:
    with pytest.raises(LocalProtocolError, match="clear_all_messages"):
        commands.clear_message(0)


@given(index=st.integers())
def test_programs_cannot_be_executed_and_nothing_is_sent_for_it(index: int) -> None:
    with pytest.raises(NotSupportedByProtocolError, match="execute_button") as caught:
        commands.execute_program(index)
    assert "104" in str(caught.value)
    assert "user setting" in str(caught.value)


# Anything at all.

NUMBERS = st.integers(-300, 600) | st.integers() | st.sampled_from([3600, 5940, 64800, 65535, 65536])
SETTINGS = st.builds(FromUserSetting, NUMBERS)
MEMBERS = st.sampled_from(
    [member for kind in CHOICES.values() for member in kind] + list(commands.RussoundKey)
)
ANYTHING = NUMBERS | SETTINGS | MEMBERS | st.none() | st.booleans()


HINTS_OF = {
    name: {parameter: hint for (call, parameter), hint in HINTS.items() if call == name} for name in CALLS
}
_MOST_PARAMETERS = max(len(hints) for hints in HINTS_OF.values())


def _one_for_each_parameter(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(*[values] * _MOST_PARAMETERS)


# Every call is given the same, by the kinds of its parameters: drawing anew for each takes longer than all else.
@given(
    numbers=_one_for_each_parameter(NUMBERS),
    floats=_one_for_each_parameter(st.floats() | NUMBERS),
    anything=_one_for_each_parameter(ANYTHING),
)
def test_whatever_is_given_becomes_a_command_that_its_row_accepts_or_is_refused(
    numbers: tuple[Any, ...], floats: tuple[Any, ...], anything: tuple[Any, ...]
) -> None:
    for name, hints in HINTS_OF.items():
        arguments = {
            parameter: (floats if hint is float else numbers if hint is int else anything)[place]
            for place, (parameter, hint) in enumerate(hints.items())
        }
        try:
            made = CALLS[name](**arguments)
        except LocalProtocolError:
            continue
        row = COMMANDS[Command(made.command)]
        assert row.accepts(made.parameter1, made.parameter2), name
        assert ControllerCommand.parse(made.encode()) == made, name
        assert Message.decode(made.to_message().encode()) == made.to_message(), name


@given(
    command=st.sampled_from(Command),
    parameter1=ANYTHING,
    parameter2=NUMBERS | MEMBERS | SETTINGS,
    high=NUMBERS | SETTINGS,
)
def test_a_checked_command_is_accepted_by_its_row_or_refused_by_name(
    command: Command, parameter1: Any, parameter2: Any, high: Any
) -> None:
    made: ControllerCommand | None = None
    refusal = f"{command.name}: "
    try:
        made = commands.checked_command(command, parameter1, parameter2, high=high)
    except LocalProtocolError as error:
        refusal = str(error)
    assert refusal.startswith(f"{command.name}: ")
    if made is not None:
        assert made.command == command
        assert COMMANDS[command].accepts(made.parameter1, made.parameter2)
        assert len(made.encode()) == 4

"""Set points that are seen through: what a thermostat shows afterwards decides, and hold is named when on."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from omnilink_sansio.errors import (
    CommandFailedError,
    Fault,
    LocalProtocolError,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    RemoteProtocolError,
    RequestTimeoutError,
    SetpointFailedError,
)
from omnilink_sansio.messages.acknowledgements import Ack, EndOfData, Nak
from omnilink_sansio.messages.commands.controller_command import ControllerCommand
from omnilink_sansio.messages.commands.parameters import FromUserSetting
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.thermostat import HoldMode, ThermostatStatus
from omnilink_sansio.messages.objects.user_setting import UserSettingKind, UserSettingStatus
from omnilink_sansio.messages.request import Request
from omnilink_sansio.messages.status import (
    ExtendedObjectStatus,
    ObjectStatus,
    RequestExtendedObjectStatus,
    RequestObjectStatus,
)
from omnilink_sansio.messages.system import RequestSystemInformation
from omnilink_sansio.operations import set_points
from omnilink_sansio.operations.operation import Operation, Pause, Step
from omnilink_sansio.simulator import demo_house
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects.user_setting import UserSetting
from omnilink_sansio.simulator.quirks import Quirk
from tests.operations.scripted import Answer, ScriptLine, closes_at_each_step, follow, run, run_on_house
from tests.simulator.driver import Driver

EXTENDED = RequestExtendedObjectStatus(ObjectType.THERMOSTAT, 1, 1)
PLAIN = RequestObjectStatus(ObjectType.THERMOSTAT, 1, 1)
COMMAND = ControllerCommand(66, 121, 1)
"""Heat set point of thermostat 1: 20.5 °C."""


def status(
    heat: int = 118, cool: int = 130, *, hold: int = 0, status: int = 0, dry: int = 90, wet: int = 120
) -> ExtendedObjectStatus:
    found = ThermostatStatus(1, status, 123, heat, cool, 3, 0, hold, 90, dry, wet, 94, 0)
    return ExtendedObjectStatus(ObjectType.THERMOSTAT, 14, (found,))


def plain(heat: int = 118, *, hold: int = 0) -> ObjectStatus:
    return ObjectStatus(ObjectType.THERMOSTAT, (ThermostatStatus(1, 0, 123, heat, 130, 3, 0, hold),))


def heat(seconds: float = 5.0) -> Operation[ThermostatStatus]:
    return set_points.set_thermostat_heat_setpoint_celsius_and_confirm(1, 20.5, seconds)


CALLS: list[tuple[Callable[..., Operation[ThermostatStatus]], Any, int, int, str]] = [
    (set_points.set_thermostat_heat_setpoint_raw_and_confirm, 121, 66, 121, "heat_setpoint"),
    (set_points.set_thermostat_heat_setpoint_celsius_and_confirm, 20.5, 66, 121, "heat_setpoint"),
    (set_points.set_thermostat_heat_setpoint_fahrenheit_and_confirm, 70, 66, 122, "heat_setpoint"),
    (set_points.set_thermostat_cool_setpoint_raw_and_confirm, 131, 67, 131, "cool_setpoint"),
    (set_points.set_thermostat_cool_setpoint_celsius_and_confirm, 25.5, 67, 131, "cool_setpoint"),
    (set_points.set_thermostat_cool_setpoint_fahrenheit_and_confirm, 79, 67, 132, "cool_setpoint"),
    (set_points.set_thermostat_humidify_setpoint_and_confirm, 40, 73, 89, "humidify_setpoint"),
    (set_points.set_thermostat_dehumidify_setpoint_and_confirm, 60, 74, 111, "dehumidify_setpoint"),
]
"""What each call is given, the command and the raw value that it sends, and the field that shows it."""

ADJUSTMENTS: list[tuple[Callable[..., Operation[ThermostatStatus]], int, str]] = [
    (set_points.adjust_thermostat_heat_setpoint_and_confirm, 71, "heat_setpoint"),
    (set_points.adjust_thermostat_cool_setpoint_and_confirm, 72, "cool_setpoint"),
]

EVERY_CALL = pytest.mark.parametrize(("call", "value", "command", "raw", "field"), CALLS)


def test_all_calls_are_here() -> None:
    calls = [*(line[0] for line in CALLS), *(line[0] for line in ADJUSTMENTS)]
    assert {call.__name__ for call in calls} == set(set_points.__all__)


def showing(field: str, raw: int, **more: int) -> ExtendedObjectStatus:
    names = {
        "heat_setpoint": "heat",
        "cool_setpoint": "cool",
        "humidify_setpoint": "dry",
        "dehumidify_setpoint": "wet",
    }
    return status(**{names[field]: raw}, **more)


@EVERY_CALL
def test_a_set_point_is_confirmed_once_the_status_shows_it(
    call: Callable[..., Operation[ThermostatStatus]], value: Any, command: int, raw: int, field: str
) -> None:
    sent = ControllerCommand(command, raw, 1)
    shown = showing(field, raw)
    found: object = follow(call(1, value), [(sent, Ack()), (EXTENDED, shown)])
    assert found == shown.records[0]
    found = follow(
        call(1, value), [(sent, Ack()), (EXTENDED, status()), (Pause(0.5), None), (EXTENDED, shown)]
    )
    assert found == shown.records[0]


@EVERY_CALL
def test_hold_is_named_when_the_set_point_is_ignored(
    call: Callable[..., Operation[ThermostatStatus]], value: Any, command: int, raw: int, field: str
) -> None:
    sent = ControllerCommand(command, raw, 1)
    for hold, named in [
        (1, "ignored: hold is on;"),
        (255, "ignored: hold is on;"),
        (2, "hold is on (vacation);"),
    ]:
        with pytest.raises(SetpointFailedError, match="thermostat 1: ") as caught:
            follow(call(1, value, 0), [(sent, Ack()), (EXTENDED, showing(field, 110, hold=hold))])
        assert named in str(caught.value)
        assert "ignored: hold is on" in str(caught.value)
        assert (caught.value.is_held, caught.value.seen, caught.value.failure_code) == (True, 110, None)
    # With hold on a thermostat may take it all the same.
    shown = showing(field, raw, hold=1)
    found: object = follow(call(1, value, 0), [(sent, Ack()), (EXTENDED, shown)])
    assert found == shown.records[0]


@EVERY_CALL
def test_what_else_was_seen_is_said_when_hold_is_off(
    call: Callable[..., Operation[ThermostatStatus]], value: Any, command: int, raw: int, field: str
) -> None:
    with pytest.raises(SetpointFailedError) as caught:
        follow(
            call(1, value, 0), [(ControllerCommand(command, raw, 1), Ack()), (EXTENDED, showing(field, 110))]
        )
    assert "hold" not in str(caught.value)
    # Raw 110 by hand: 110 / 2 - 40 = 15 °C, 0.9 * 110 - 40 = 59 %.
    assert str(caught.value).endswith("it shows 59 %" if "humidify" in field else "it shows 15 °C")
    assert (caught.value.is_held, caught.value.seen) == (False, 110)


@pytest.mark.parametrize(
    ("call", "value", "seen", "text"),
    [
        (
            set_points.set_thermostat_heat_setpoint_raw_and_confirm,
            121,
            status(),
            "is not 20.5 °C: the controller ack",
        ),
        (set_points.set_thermostat_heat_setpoint_raw_and_confirm, 121, status(0), "it shows nothing"),
        (set_points.set_thermostat_heat_setpoint_raw_and_confirm, 0, status(), "is not nothing"),
        (
            set_points.set_thermostat_humidify_setpoint_and_confirm,
            None,
            status(),
            "humidify set point is not nothing",
        ),
        (set_points.set_thermostat_humidify_setpoint_and_confirm, 40, status(), "is not 40 %"),
        (
            set_points.set_thermostat_heat_setpoint_raw_and_confirm,
            121,
            status(status=1),
            "cannot reach the thermostat",
        ),
        (
            set_points.set_thermostat_heat_setpoint_raw_and_confirm,
            130,
            status(),
            "cool set point, 25 °C, is not above it",
        ),
        (
            set_points.set_thermostat_cool_setpoint_raw_and_confirm,
            118,
            status(),
            "heat set point, 19 °C, is not below it",
        ),
        (
            set_points.set_thermostat_heat_setpoint_raw_and_confirm,
            121,
            status(hold=1),
            "hold is on; the controller ack",
        ),
    ],
)
def test_the_words_for_what_was_seen(
    call: Callable[..., Operation[ThermostatStatus]], value: Any, seen: ExtendedObjectStatus, text: str
) -> None:
    def answers() -> Iterator[Answer]:
        yield Ack().to_message()
        yield seen.to_message()

    script = answers()
    operation = call(1, value, 0)
    with pytest.raises(SetpointFailedError) as caught:
        run(operation, lambda _: next(script))
    assert text in str(caught.value)


def test_only_what_fits_is_said() -> None:
    for seen in (status(118, 122), status(118, 0)):
        with pytest.raises(SetpointFailedError) as caught:
            follow(heat(0), [(COMMAND, Ack()), (EXTENDED, seen)])
        assert str(caught.value) == (
            "thermostat 1: the heat set point is not 20.5 °C: the controller acknowledged, but after 0 s it still "
            "was not; it shows 19 °C"
        )


@pytest.mark.parametrize(("seconds", "looks"), [(0.0, 1), (0.5, 2), (0.7, 3), (5.0, 11)])
def test_it_is_given_up_when_the_time_is_over(seconds: float, looks: int) -> None:
    script: list[ScriptLine] = [(COMMAND, Ack()), (EXTENDED, status())]
    script += [(Pause(0.5), None), (EXTENDED, status())] * (looks - 1)
    with pytest.raises(SetpointFailedError, match=f"after {seconds:g} s it still was not"):
        follow(heat(seconds), script)


# Firmware without extended status.


def test_older_firmware_is_asked_for_the_plain_status_from_then_on() -> None:
    found: object = follow(
        heat(),
        [
            (COMMAND, Ack()),
            (EXTENDED, Nak()),
            (PLAIN, plain()),
            (Pause(0.5), None),
            (PLAIN, plain()),
            (Pause(0.5), None),
            (PLAIN, plain(121)),
        ],
    )
    assert found == plain(121).records[0]
    with pytest.raises(SetpointFailedError, match="ignored: hold is on"):
        follow(heat(0), [(COMMAND, Ack()), (EXTENDED, Nak()), (PLAIN, plain(hold=1))])


def test_older_firmware_does_not_report_a_humidity_set_point() -> None:
    with pytest.raises(SetpointFailedError, match="its firmware does not report it") as caught:
        follow(
            set_points.set_thermostat_humidify_setpoint_and_confirm(1, 40, 0),
            [(ControllerCommand(73, 89, 1), Ack()), (EXTENDED, Nak()), (PLAIN, plain())],
        )
    assert (caught.value.is_held, caught.value.seen) == (False, None)


# Refusals, and commands without an answer.


def test_a_refusal_says_what_was_seen_too() -> None:
    refused: ScriptLine = (COMMAND, Nak())
    with pytest.raises(
        SetpointFailedError, match="hold is on; the controller refused; it shows 19 °C"
    ) as caught:
        follow(heat(), [refused, (EXTENDED, status(hold=1))])
    assert "ignored" not in str(caught.value)
    assert type(caught.value.__cause__) is CommandFailedError
    # A controller that reports nothing does not hide the refusal.
    for answer in (RequestTimeoutError("status", 5.0, 1), RemoteProtocolError(Fault.BAD_PAYLOAD, "nonsense")):
        script = [refused, (EXTENDED, answer)]
        if isinstance(answer, RequestTimeoutError):
            script.append((RequestSystemInformation(), Nak()))
        with pytest.raises(SetpointFailedError, match=r"is not 20.5 °C: the controller refused$") as caught:
            follow(heat(), script)
        assert (caught.value.is_held, caught.value.seen) == (None, None)


@pytest.mark.parametrize(
    "cause", [OutcomeCause.TIMEOUT, OutcomeCause.DAMAGED_REPLY, OutcomeCause.WRONG_REPLY]
)
def test_a_command_without_an_answer_is_confirmed_by_the_status_and_never_sent_twice(
    cause: OutcomeCause,
) -> None:
    error = OutcomeUnknownError("Command SET_HEAT_SETPOINT", cause)
    found: object = follow(heat(), [(COMMAND, error), (EXTENDED, status(121))])
    assert found == status(121).records[0]
    with pytest.raises(OutcomeUnknownError) as caught:
        follow(heat(0), [(COMMAND, error), (EXTENDED, status(hold=1))])
    assert caught.value is error


@pytest.mark.parametrize(
    "error",
    [OutcomeUnknownError("Command", OutcomeCause.LOSS), OmniConnectionError("lost")],
    ids=["loss", "none"],
)
def test_a_connection_that_is_lost_ends_it_at_once(error: OmniLinkError) -> None:
    scripts: list[list[ScriptLine]] = [
        [(COMMAND, error)],
        [(COMMAND, Ack()), (EXTENDED, OmniConnectionError("lost"))],
    ]
    for script in scripts:
        with pytest.raises((OutcomeUnknownError, OmniConnectionError)):
            follow(heat(), script)


def test_a_status_that_cannot_be_read_is_no_confirmation() -> None:
    nobody = ExtendedObjectStatus(ObjectType.THERMOSTAT, 14)
    for answer in (EndOfData(), nobody):
        with pytest.raises(
            SetpointFailedError, match=r"acknowledged, but its status could not be read$"
        ) as caught:
            follow(heat(0), [(COMMAND, Ack()), (EXTENDED, answer)])
        assert (caught.value.is_held, caught.value.seen) == (None, None)
        assert isinstance(caught.value.__cause__, RemoteProtocolError)
    # Once the command is acknowledged, no full queue may look as if it had not been sent.
    with pytest.raises(SetpointFailedError, match=r"acknowledged, but its status could not be read$"):
        follow(heat(0), [(COMMAND, Ack()), (EXTENDED, LocalProtocolError("64 requests are waiting already"))])
    # One look that shows nothing is not the last.
    found: object = follow(
        heat(), [(COMMAND, Ack()), (EXTENDED, nobody), (Pause(0.5), None), (EXTENDED, status(121))]
    )
    assert found == status(121).records[0]


# What is out of range.


@pytest.mark.parametrize("seconds", [-1.0, float("inf"), float("nan")])
def test_a_time_that_is_none_is_refused_before_anything_is_sent(seconds: float) -> None:
    with pytest.raises(LocalProtocolError, match="seconds"):
        follow(heat(seconds), [])


@pytest.mark.parametrize(("call", "value"), [(call, value) for call, value, *_ in CALLS])
def test_one_thermostat_is_seen_through_at_a_time(
    call: Callable[..., Operation[ThermostatStatus]], value: Any
) -> None:
    with pytest.raises(LocalProtocolError, match="one thermostat"):
        follow(call(0, value), [])
    with pytest.raises(LocalProtocolError, match="0 to 511"):
        follow(call(512, value), [])


@pytest.mark.parametrize(
    "operation",
    [
        lambda: set_points.set_thermostat_heat_setpoint_raw_and_confirm(1, 181),
        lambda: set_points.set_thermostat_cool_setpoint_celsius_and_confirm(1, 50.5),
        lambda: set_points.set_thermostat_cool_setpoint_fahrenheit_and_confirm(1, 123),
        lambda: set_points.set_thermostat_humidify_setpoint_and_confirm(1, 101),
        lambda: set_points.adjust_thermostat_heat_setpoint_and_confirm(1, 51),
    ],
)
def test_set_points_out_of_range_are_refused_before_anything_is_sent(
    operation: Callable[[], Operation[ThermostatStatus]],
) -> None:
    with pytest.raises(LocalProtocolError):
        follow(operation(), [])


# Adjusting, and values of user settings.


@pytest.mark.parametrize(("call", "command", "field"), ADJUSTMENTS)
def test_an_adjustment_goes_from_what_is_shown_before(
    call: Callable[..., Operation[ThermostatStatus]], command: int, field: str
) -> None:
    before, after = showing(field, 118), showing(field, 115)
    sent = ControllerCommand(command, 256 - 3, 1)
    found: object = follow(call(1, -3), [(EXTENDED, before), (sent, Ack()), (EXTENDED, after)])
    assert found == after.records[0]
    held = showing(field, 118, hold=1)
    with pytest.raises(SetpointFailedError, match=r"is not 17.5 °C: ignored: hold is on"):
        follow(call(1, -3, 0), [(EXTENDED, held), (sent, Ack()), (EXTENDED, held)])
    for shown, steps in ((178, 3), (2, -3)):
        with pytest.raises(LocalProtocolError, match="0 to 180"):
            follow(call(1, steps), [(EXTENDED, showing(field, shown))])


def test_a_thermostat_that_there_is_not_is_not_adjusted() -> None:
    with pytest.raises(CommandFailedError):
        follow(
            set_points.adjust_thermostat_heat_setpoint_and_confirm(1, 1), [(EXTENDED, Nak()), (PLAIN, Nak())]
        )


def test_the_value_of_a_user_setting_is_read_first() -> None:
    asked = RequestObjectStatus(ObjectType.USER_SETTING, 2, 2)
    sent = ControllerCommand(66, 202, 1)
    value = ObjectStatus(ObjectType.USER_SETTING, (UserSettingStatus(2, UserSettingKind.TEMPERATURE, 121),))
    call = set_points.set_thermostat_heat_setpoint_raw_and_confirm
    found: object = follow(
        call(1, FromUserSetting(2)), [(asked, value), (sent, Ack()), (EXTENDED, status(121))]
    )
    assert found == status(121).records[0]
    with pytest.raises(SetpointFailedError, match=r"is not 20.5 °C: ignored: hold is on"):
        follow(call(1, FromUserSetting(2), 0), [(asked, value), (sent, Ack()), (EXTENDED, status(hold=1))])
    with pytest.raises(CommandFailedError):
        follow(call(1, FromUserSetting(2)), [(asked, Nak())])


def test_it_can_be_given_up_at_each_step() -> None:
    def panel(request: Request[object]) -> Answer:
        return (Ack() if isinstance(request, ControllerCommand) else status(121)).to_message()

    assert closes_at_each_step(heat, panel) == 2


# On an emulated panel.


def held_house() -> House:
    """Its thermostats ignore set points while hold is on, as real ones do."""
    house = demo_house()
    house.quirks = frozenset({Quirk.HOLD_IGNORES_SETPOINTS})
    house.thermostats[1].hold = 255
    house.user_settings[3] = UserSetting("NIGHT", UserSettingKind.TEMPERATURE, 116)
    return house


HEAT_AND_COOL = [
    *((call, value, field) for call, value, _, _, field in CALLS if "humidify" not in field),
    *((call, 3, field) for call, _, field in ADJUSTMENTS),
    (set_points.set_thermostat_heat_setpoint_raw_and_confirm, FromUserSetting(3), "heat_setpoint"),
]


@pytest.mark.parametrize(("call", "value", "field"), HEAT_AND_COOL)
def test_an_emulated_thermostat_ignores_a_set_point_while_hold_is_on(
    call: Callable[..., Operation[ThermostatStatus]], value: Any, field: str
) -> None:
    house = held_house()
    before = getattr(house.thermostats[1], field)
    driver = Driver(house)
    driver.connect()
    asked: list[Step] = []
    with pytest.raises(SetpointFailedError, match="ignored: hold is on") as caught:
        run_on_house(call(1, value), driver, asked)
    assert (caught.value.is_held, caught.value.seen) == (True, before)
    assert getattr(house.thermostats[1], field) == before
    assert sum(isinstance(step, ControllerCommand) for step in asked) == 1
    assert sum(step.seconds for step in asked if isinstance(step, Pause)) == 5.0
    # Without hold the same call is confirmed.
    house.thermostats[1].hold = HoldMode.OFF
    shown: ThermostatStatus = run_on_house(call(1, value), driver)
    assert getattr(shown, field) == getattr(house.thermostats[1], field) != before


def test_an_emulated_panel_of_older_firmware_confirms_too() -> None:
    house = held_house()
    house.firmware = (2, 16, 0)
    driver = Driver(house)
    driver.connect()
    with pytest.raises(SetpointFailedError, match="ignored: hold is on"):
        run_on_house(heat(), driver)
    house.thermostats[1].hold = 0
    shown: ThermostatStatus = run_on_house(heat(), driver)
    assert (shown.heat_setpoint, shown.humidity) == (121, None)

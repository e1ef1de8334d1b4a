"""Buttons that do something, and houses in which things happen by themselves."""

from collections.abc import Callable

import pytest

from omnilink_sansio import LocalProtocolError, UserCode
from omnilink_sansio.commands import Command
from omnilink_sansio.objects import SecurityMode, ZoneType
from omnilink_sansio.simulator import (
    STIMULI,
    Area,
    ArmAtKeypad,
    AudioSource,
    AuxiliarySensor,
    BeginTrouble,
    Button,
    ChangeZone,
    ClearMessage,
    CloseZone,
    Code,
    ConsoleMessage,
    EmulatedPanel,
    EndTrouble,
    HearFromThermostat,
    House,
    LoseThermostat,
    OpenZone,
    PlayTitle,
    PresentCard,
    PressButton,
    RaiseAlarm,
    Reader,
    ReceiveEvent,
    ResetAlarms,
    RunCommand,
    ScriptLine,
    SetRoomTemperature,
    SetSensorHumidity,
    SetSensorTemperature,
    SetUnitLevel,
    ShowMessage,
    Stimulus,
    Thermostat,
    TurnUnitOff,
    TurnUnitOn,
    Unit,
    Zone,
    parse_stimulus,
)
from tests.rows import each_row
from tests.simulator.driver import KEY
from tests.simulator.scenario import Scenario

# One line for every happening, and what is pushed when it happens in the house below.
LINES: list[tuple[type[Stimulus], str, list[str]]] = [
    (OpenZone, "open zone 1", ["zone 1: not-ready"]),
    (CloseZone, "close zone 2", ["zone 2: secure"]),
    (ChangeZone, "zone 1 tamper", ["zone 1: tamper"]),
    (RaiseAlarm, "alarm gas 1", ["area 1: off, alarm gas"]),
    (ResetAlarms, "reset alarms 2", ["area 2: off"]),
    (ArmAtKeypad, "keypad 1 night 1234", ["area 1: night, arming, exit 60"]),
    (PressButton, "press button 1", ["UserMacroButton(button=1)"]),
    (TurnUnitOn, "unit 1 on", ["unit 1: on"]),
    (TurnUnitOff, "unit 2 off", ["unit 2: off"]),
    (SetUnitLevel, "unit 1 level 70", ["unit 1: 70 %"]),
    (
        SetRoomTemperature,
        "thermostat 1 temperature 21.5",
        ["thermostat 1: 21.5 °C, off, heat 20, cool 25"],
    ),
    (LoseThermostat, "thermostat 1 lost", ["thermostat 1: lost, off, heat 20, cool 25"]),
    (HearFromThermostat, "thermostat 1 found", ["thermostat 1: 20 °C, off, heat 20, cool 25"]),
    (SetSensorTemperature, "sensor 1 temperature -40", ["sensor 1: 0, 0 to 0"]),
    (SetSensorHumidity, "sensor 1 humidity 0", ["sensor 1: 44, 0 to 0"]),
    (BeginTrouble, "begin trouble ac-power", ["AcPowerOff()"]),
    (EndTrouble, "end trouble battery-low", []),
    (PresentCard, "card 1 reader 1", ["reader 1: granted to 1", "door 1: unlocked, for 5 s"]),
    (ShowMessage, "show message 1", ["message 1: displayed-not-acknowledged"]),
    (ClearMessage, "clear message 1", []),
    (PlayTitle, "source 1 plays A Song", []),
    (ReceiveEvent, "event 0x0301", ["PhoneLineRing()"]),
    (RunCommand, "command unit-level 25 1", ["unit 1: 25 %"]),
]


def house() -> House:
    return House(
        areas={1: Area("HOUSE"), 2: Area("GARAGE", alarms=2)},
        zones={1: Zone("DOOR"), 2: Zone("WINDOW", ZoneType.AUXILIARY)},
        units={1: Unit("PORCH"), 2: Unit("HALL", state=1)},
        thermostats={1: Thermostat("ROOM", temperature=120)},
        buttons={1: Button("A"), 2: Button("B"), 3: Button("C")},
        codes={1: Code("OWNER", UserCode("1234"))},
        messages={1: ConsoleMessage("HELLO")},
        sensors={1: AuxiliarySensor("CELLAR", current=100)},
        audio_sources={1: AudioSource("RADIO")},
        readers={1: Reader("GATE")},
    )


def test_every_happening_has_a_line_above() -> None:
    assert [kind for kind, _, _ in LINES] == list(STIMULI)


@each_row(("kind", "text", "seen"), LINES)
def test_each_happening_happens_from_a_button_and_a_script_too(
    kind: type[Stimulus], text: str, seen: list[str]
) -> None:
    happening = parse_stimulus(text)
    assert type(happening) is kind
    by_hand, by_button, by_script = house(), house(), house()
    by_button.buttons[2].actions = [happening]
    by_script.script = [ScriptLine(10, happening)]
    begin: list[tuple[House, Callable[[Scenario], None], list[str]]] = [
        (by_hand, lambda script: script.happens(text), []),
        (by_button, lambda script: script.happens("press button 2"), ["UserMacroButton(button=2)"]),
        (by_script, lambda script: script.sees(), []),
    ]
    for described, starts, first in begin:
        script = Scenario(described)
        if kind is CloseZone:
            script.happens("open zone 2")
        if kind is HearFromThermostat:
            script.happens("thermostat 1 lost")
        script.pushed()
        starts(script)
        script.waits(10)
        told = script.pushed()
        # Delays and doors go on by themselves.
        assert told[: len(first) + len(seen)] == first + seen


def test_what_a_button_does_comes_a_moment_after_it() -> None:
    described = house()
    described.buttons[1].actions = [TurnUnitOn(1), ShowMessage(1), TurnUnitOff(2)]
    script = Scenario(described)
    script.commands(Command.EXECUTE_BUTTON, 0, 1)
    script.sees("UserMacroButton(button=1)")
    script.waits(1)
    script.sees("unit 1: on", "message 1: displayed-not-acknowledged", "unit 2: off")
    script.is_refused(Command.EXECUTE_BUTTON, 0, 129)


def test_a_button_that_presses_others_and_itself_goes_on_without_blocking_anything() -> None:
    described = house()
    described.buttons[1].actions = [PressButton(2)]
    described.buttons[2].actions = [PressButton(1)]
    script = Scenario(described)
    script.happens("press button 1")
    script.waits(1)
    told = script.pushed()
    assert told[:3] == [f"UserMacroButton(button={number})" for number in (1, 2, 1)]
    assert 3 < len(told) < 100
    script.commands(Command.UNIT_ON, 0, 1)
    assert "unit 1: on" in script.pushed()


def test_a_button_may_set_what_energy_costs_there_and_back() -> None:
    described = house()
    described.buttons[1].actions = [RunCommand(Command.SET_ENERGY_COST, cost, 0) for cost in (0, 2, 0)]
    script = Scenario(described)
    script.happens("press button 1")
    script.waits(1)
    script.sees("UserMacroButton(button=1)", "EnergyCostLow()", "EnergyCostHigh()", "EnergyCostLow()")


def test_a_button_arms_the_house_and_turns_all_lights_off() -> None:
    described = house()
    described.buttons[3].actions = [
        RunCommand(Command.SECURITY_NIGHT, 255, 0),
        RunCommand(Command.ALL_OFF, 0, 0),
    ]
    script = Scenario(described)
    script.happens("press button 3")
    script.waits(0.5)
    assert script.messages() == [
        ["UserMacroButton(button=3)"],
        ["area 1: night, arming, exit 60", "area 2: night, arming, exit 60, alarm fire"],
        ["unit 1: off", "unit 2: off"],
        ["AllOnOff(on=False, area=0)"],
    ]
    script.logged("all areas armed for the night by a program")


def test_a_script_goes_on_by_the_panel_s_clock_from_its_start() -> None:
    described = house()
    described.script = [
        ScriptLine(20, OpenZone(1)),
        ScriptLine(5, TurnUnitOn(1)),
        ScriptLine(20, CloseZone(1)),
        ScriptLine(7200, TurnUnitOff(1)),
    ]
    script = Scenario(described)
    script.waits(4.9)
    script.sees()
    script.waits(0.2)
    script.sees("unit 1: on")
    # At the same moment only what came of it is seen: the zone is closed again.
    script.waits(14.9)
    assert set(script.pushed()) <= {"zone 1: not-ready", "zone 1: secure"}
    script.shows("zone 1: secure")
    script.waits(7180)
    script.sees("unit 1: off")
    assert script.driver.panel.next_timeout() is None


def test_a_script_is_no_later_when_the_panel_is_asked_late() -> None:
    described = house()
    described.script = [ScriptLine(10, RunCommand(Command.UNIT_ON, 30, 1)), ScriptLine(20, OpenZone(1))]
    script = Scenario(described)
    script.driver.now += 25
    script.driver.panel.handle_timeout(script.driver.now)
    script.driver.pump()
    # The unit went on 15 seconds ago.
    script.sees("unit 1: on, for 15 s", "zone 1: not-ready")


def test_a_burglar_comes_by_script() -> None:
    described = house()
    described.script = [
        ScriptLine(1, ArmAtKeypad(1, SecurityMode.AWAY, UserCode("1234"))),
        ScriptLine(100, OpenZone(1)),
    ]
    script = Scenario(described)
    script.waits(99)
    script.shows("area 1: away")
    script.forgets()
    script.waits(1)
    script.sees("zone 1: not-ready, tripped, armed", "area 1: away, alarm burglary")


@each_row(
    "text",
    [
        "open zone 177",
        "unit 512 on",
        "alarm fire 9",
        "press button 129",
        "card 1 reader 17",
        "show message 0",
        "thermostat 65 lost",
        "source 9 plays X",
        "sensor 0 temperature 20",
    ],
)
def test_what_is_not_in_the_house_cannot_happen(text: str) -> None:
    script = Scenario(house())
    with pytest.raises(LocalProtocolError, match="there is no"):
        script.happens(text)
    script.sees()
    for where in ("button", "script"):
        described = house()
        if where == "button":
            described.buttons[1].actions = [parse_stimulus(text)]
        else:
            described.script = [ScriptLine(1, parse_stimulus(text))]
        with pytest.raises(LocalProtocolError, match="there is no"):
            EmulatedPanel[str](KEY, described, lambda: bytes(5))


@pytest.mark.parametrize("text", ["card 256 reader 1", "card -1 reader 1", "unit 1 level 101", "event 65536"])
def test_values_that_no_message_can_carry_cannot_happen(text: str) -> None:
    with pytest.raises(LocalProtocolError):
        parse_stimulus(text)


def test_a_command_that_a_panel_would_refuse_does_nothing() -> None:
    script = Scenario(house())
    for command in (
        "command unit-on 0 600",
        "command toggle 0 1",
        "command unit-on 300 1",
        "command unit-on -1 1",
    ):
        with pytest.raises(LocalProtocolError, match="this house refuses that"):
            script.happens(command)
    script.sees()

"""Alarms: which zone raises which in which mode, how long the siren sounds, what latches, what resets."""

import pytest

from omnilink_sansio import CommandFailedError, LocalProtocolError
from omnilink_sansio.commands import ActivateKeypadEmergency, Command, KeypadEmergency
from omnilink_sansio.objects import AlarmType, RequestZoneReadyStatus, SecurityMode, ZoneOption, ZoneType
from omnilink_sansio.simulator import Area, House, Zone
from omnilink_sansio.simulator.zone_alarms import ZONE_ALARMS
from omnilink_sansio.system import AreaAlarms, RequestSystemStatus
from tests.rows import each_row
from tests.simulator.scenario import LISTENER, Scenario

OFF, DAY, NIGHT, AWAY = SecurityMode.OFF, SecurityMode.DAY, SecurityMode.NIGHT, SecurityMode.AWAY
VACATION, INSTANT, DELAYED = SecurityMode.VACATION, SecurityMode.DAY_INSTANT, SecurityMode.NIGHT_DELAYED

ALWAYS = {OFF, DAY, NIGHT, AWAY, VACATION, INSTANT, DELAYED}
ARMED = ALWAYS - {OFF}
AT_NIGHT = {NIGHT, DELAYED, AWAY, VACATION}
GONE = {AWAY, VACATION}
NEVER: set[SecurityMode] = set()

# What the owner's manuals say of each type of zone: which alarm it raises, and when.
ALARMS: dict[ZoneType, tuple[str, set[SecurityMode]]] = {
    ZoneType.ENTRY_EXIT: ("burglary", ARMED),
    ZoneType.PERIMETER: ("burglary", ARMED),
    ZoneType.NIGHT_INTERIOR: ("burglary", AT_NIGHT),
    ZoneType.AWAY_INTERIOR: ("burglary", GONE),
    ZoneType.DOUBLE_ENTRY_DELAY: ("burglary", ARMED),
    ZoneType.QUADRUPLE_ENTRY_DELAY: ("burglary", ARMED),
    ZoneType.LATCHING_PERIMETER: ("burglary", ARMED),
    ZoneType.LATCHING_NIGHT_INTERIOR: ("burglary", AT_NIGHT),
    ZoneType.LATCHING_AWAY_INTERIOR: ("burglary", GONE),
    ZoneType.PANIC: ("burglary", ALWAYS),
    ZoneType.POLICE_EMERGENCY: ("burglary", ALWAYS),
    ZoneType.DURESS: ("duress", ALWAYS),
    ZoneType.TAMPER: ("burglary", ALWAYS),
    ZoneType.LATCHING_TAMPER: ("burglary", ALWAYS),
    ZoneType.FIRE: ("fire", ALWAYS),
    ZoneType.FIRE_EMERGENCY: ("fire", ALWAYS),
    ZoneType.GAS_ALARM: ("gas", ALWAYS),
    ZoneType.AUXILIARY_EMERGENCY: ("auxiliary", ALWAYS),
    ZoneType.TROUBLE: ("", NEVER),
    ZoneType.FREEZE: ("freeze", ALWAYS),
    ZoneType.WATER: ("water", ALWAYS),
    ZoneType.FIRE_TAMPER: ("fire", ALWAYS),
    ZoneType.AUXILIARY: ("", NEVER),
    ZoneType.SHUNT_LOCK: ("", NEVER),
    ZoneType.EXIT_TERMINATOR: ("", NEVER),
    ZoneType.PROGRAMMABLE_ENERGY_SAVER_MODULE: ("", NEVER),
    ZoneType.OUTDOOR_TEMPERATURE: ("", NEVER),
    ZoneType.TEMPERATURE: ("", NEVER),
    ZoneType.TEMPERATURE_ALARM: ("temperature", ALWAYS),
    ZoneType.HUMIDITY: ("", NEVER),
    ZoneType.EXTENDED_RANGE_OUTDOOR_TEMPERATURE: ("", NEVER),
    ZoneType.EXTENDED_RANGE_TEMPERATURE: ("", NEVER),
    ZoneType.EXTENDED_RANGE_TEMPERATURE_ALARM: ("temperature", ALWAYS),
}

LATCHING = [
    ZoneType.LATCHING_PERIMETER,
    ZoneType.LATCHING_NIGHT_INTERIOR,
    ZoneType.LATCHING_AWAY_INTERIOR,
    ZoneType.LATCHING_TAMPER,
]
SIREN = 300
NO_OPTION = ZoneOption(0)


def named(mode: SecurityMode) -> str:
    return mode.name.lower().replace("_", "-")


def house(kind: ZoneType, options: ZoneOption = NO_OPTION) -> House:
    return House(
        areas={1: Area("HOUSE", exit_delay=0, entry_delay=0), 2: Area("GARAGE", exit_delay=0)},
        zones={1: Zone("ONE", kind, options=options), 2: Zone("TWO", area=2)},
    )


def in_mode(mode: SecurityMode, kind: ZoneType, options: ZoneOption = NO_OPTION) -> Scenario:
    script = Scenario(house(kind, options))
    script.commands(Command(Command.SECURITY_OFF + mode), 0, 1)
    script.forgets()
    return script


def test_every_type_of_zone_but_the_keyswitch_is_in_the_table_above() -> None:
    assert set(ALARMS) == set(ZoneType) - {ZoneType.KEYSWITCH_INPUT}
    assert set(ZONE_ALARMS) == {kind for kind, (_, modes) in ALARMS.items() if modes}


@each_row("mode", SecurityMode)
@each_row("kind", ALARMS)
def test_each_type_of_zone_raises_its_alarm_in_its_modes(kind: ZoneType, mode: SecurityMode) -> None:
    alarm, modes = ALARMS[kind]
    script = in_mode(mode, kind)
    script.happens("open zone 1")
    armed = ", armed" if mode in modes and mode else ""
    if mode not in modes:
        script.sees("zone 1: not-ready")
        script.logged()
        return
    script.sees(f"zone 1: not-ready, tripped{armed}", f"area 1: {named(mode)}, alarm {alarm}")
    script.logged("zone 1 tripped", f"{alarm} alarm in area 1")
    told = script.driver.ask(RequestSystemStatus(), LISTENER)
    assert told.alarms == (AreaAlarms(1, 1 << AlarmType[alarm.upper()] - 1),)


@each_row("kind", [kind for kind, (_, modes) in ALARMS.items() if modes])
def test_a_bypassed_zone_raises_nothing(kind: ZoneType) -> None:
    script = in_mode(SecurityMode.VACATION, kind)
    script.commands(Command.BYPASS_ZONE, 0, 1)
    script.forgets()
    script.happens("open zone 1")
    script.sees("zone 1: not-ready, bypassed")
    script.logged()


@pytest.mark.parametrize("kind", LATCHING)
def test_a_latching_zone_stays_not_ready_until_its_alarm_is_reset(kind: ZoneType) -> None:
    script = in_mode(AWAY, kind)

    def not_ready() -> tuple[int, ...]:
        return script.driver.ask(RequestZoneReadyStatus(), LISTENER).zones_not_ready

    script.happens("open zone 1", "close zone 1")
    script.sees(
        "zone 1: not-ready, tripped, armed",
        "area 1: away, alarm burglary",
        "zone 1: not-ready, tripped, armed",
    )
    assert not_ready() == (1,)
    script.commands(Command.SECURITY_OFF, 0, 1)
    script.shows("zone 1: secure, reset")
    assert not_ready() == ()


def test_other_zones_are_ready_as_soon_as_they_are_closed() -> None:
    script = in_mode(AWAY, ZoneType.PERIMETER)
    script.happens("open zone 1", "close zone 1")
    script.shows("zone 1: secure, tripped, armed")


def test_disarming_resets_the_alarm_and_arming_forgets_it() -> None:
    script = in_mode(AWAY, ZoneType.PERIMETER)
    script.happens("open zone 1", "close zone 1")
    script.forgets()
    script.commands(Command.SECURITY_OFF, 0, 1)
    script.sees_at_once("area 1: off", "zone 1: secure, reset")
    script.logged("area 1 disarmed by code 0", "burglary alarm in area 1 reset")
    script.commands(Command.SECURITY_AWAY, 0, 1)
    script.sees_at_once("area 1: away", "zone 1: secure, armed")


def test_arming_in_another_mode_resets_no_alarm() -> None:
    script = in_mode(AWAY, ZoneType.PERIMETER)
    script.happens("open zone 1", "close zone 1")
    script.forgets()
    script.commands(Command.SECURITY_NIGHT, 0, 1)
    script.sees("area 1: night, alarm burglary")
    script.logged("area 1 armed for the night by code 0")


def test_while_the_siren_sounds_a_zone_has_said_what_it_has_to_say() -> None:
    script = in_mode(AWAY, ZoneType.PERIMETER)
    script.happens("open zone 1")
    script.waits(SIREN - 1)
    script.forgets()
    script.happens("close zone 1", "open zone 1")
    script.sees("zone 1: secure, tripped, armed", "zone 1: not-ready, tripped, armed")
    script.logged()
    # The siren falls silent: nothing tells, and the alarm stays.
    script.waits(1)
    script.sees()
    script.shows("area 1: away, alarm burglary")
    script.happens("close zone 1", "open zone 1")
    script.logged("zone 1 tripped")


def test_another_zone_lets_the_siren_sound_on() -> None:
    described = house(ZoneType.PERIMETER)
    described.zones[3] = Zone("THREE")
    script = Scenario(described)
    script.commands(Command.SECURITY_AWAY, 0, 1)
    script.happens("open zone 1")
    script.waits(SIREN - 1)
    script.happens("open zone 3")
    script.forgets()
    # The siren's time began anew.
    script.waits(SIREN - 1)
    script.happens("close zone 1", "open zone 1")
    script.logged()
    script.waits(1)
    script.happens("close zone 1", "open zone 1")
    script.logged("zone 1 tripped")


def test_the_siren_s_time_is_the_house_s_own() -> None:
    described = house(ZoneType.PERIMETER)
    described.siren_time = 20
    script = Scenario(described)
    script.commands(Command.SECURITY_AWAY, 0, 1)
    script.happens("open zone 1", "close zone 1")
    script.waits(19.9)
    script.forgets()
    script.happens("open zone 1", "close zone 1")
    script.logged()
    script.waits(0.1)
    script.happens("open zone 1")
    script.logged("zone 1 tripped")


def test_a_zone_that_raises_three_alarms_is_shut_down_until_its_area_is_disarmed() -> None:
    script = in_mode(AWAY, ZoneType.PERIMETER, ZoneOption.SWINGER_SHUTDOWN)
    for _ in range(2):
        script.happens("open zone 1", "close zone 1")
        script.waits(SIREN)
    script.logged("zone 1 tripped", "burglary alarm in area 1", "zone 1 tripped")
    script.pushed()
    script.happens("open zone 1")
    script.sees(
        "zone 1: not-ready, tripped, bypassed by the system",
        "area 1: away, alarm burglary",
    )
    script.logged("zone 1 tripped", "zone 1 shut down")
    script.waits(SIREN)
    script.happens("close zone 1", "open zone 1")
    script.logged()
    script.commands(Command.SECURITY_OFF, 0, 1)
    script.shows("zone 1: not-ready, reset")
    script.commands(Command.SECURITY_AWAY, 0, 1)
    script.commands(Command.SECURITY_OFF, 0, 1)
    script.happens("close zone 1")
    script.commands(Command.SECURITY_AWAY, 0, 1)
    script.forgets()
    script.happens("open zone 1")
    script.sees("zone 1: not-ready, tripped, armed", "area 1: away, alarm burglary")


def test_without_that_option_a_zone_is_never_shut_down() -> None:
    script = in_mode(AWAY, ZoneType.PERIMETER)
    for _ in range(5):
        script.happens("open zone 1", "close zone 1")
        script.waits(SIREN)
    script.logged("zone 1 tripped", "burglary alarm in area 1", *["zone 1 tripped"] * 4)


def test_areas_have_alarms_of_their_own() -> None:
    script = in_mode(AWAY, ZoneType.FIRE)
    script.commands(Command.SECURITY_AWAY, 0, 2)
    script.forgets()
    script.happens("open zone 2", "open zone 1")
    script.shows("area 1: away, alarm fire", "area 2: away, alarm burglary")
    told = script.driver.ask(RequestSystemStatus(), LISTENER)
    assert told.alarms == (AreaAlarms(1, 0x02), AreaAlarms(2, 0x01))
    script.commands(Command.SECURITY_OFF, 0, 1)
    script.shows("area 1: off", "area 2: away, alarm burglary")


@each_row("alarm", AlarmType)
def test_alarms_of_each_kind_can_happen_and_be_reset(alarm: AlarmType) -> None:
    script = Scenario(house(ZoneType.PERIMETER))
    word = alarm.name.lower()
    script.happens(f"alarm {word} 1")
    script.sees(f"area 1: off, alarm {word}")
    script.happens(f"alarm {word} 1")
    script.logged(f"{word} alarm in area 1")
    script.happens("reset alarms 1")
    assert script.pushed()[-1] == "area 1: off"
    script.logged(f"{word} alarm in area 1 reset")
    script.happens("reset alarms 1")
    script.sees()
    script.logged()


def test_the_alarms_of_all_areas_are_reset_at_once() -> None:
    script = Scenario(house(ZoneType.PERIMETER))
    script.happens("alarm fire 1", "alarm gas 2")
    script.forgets()
    script.happens("reset alarms 0")
    assert script.messages() == [["area 1: off", "area 2: off"]]
    script.logged("fire alarm in area 1 reset", "gas alarm in area 2 reset")


@pytest.mark.parametrize(
    ("keys", "alarm"),
    [
        (KeypadEmergency.BURGLARY, "burglary"),
        (KeypadEmergency.FIRE, "fire"),
        (KeypadEmergency.AUXILIARY, "auxiliary"),
    ],
)
def test_the_emergency_keys_raise_a_real_alarm(keys: KeypadEmergency, alarm: str) -> None:
    script = Scenario(house(ZoneType.PERIMETER))
    script.driver.ask(ActivateKeypadEmergency(2, keys), LISTENER)
    script.sees(f"area 2: off, alarm {alarm}")
    script.logged(f"{alarm} alarm in area 2")
    with pytest.raises(CommandFailedError):
        script.driver.ask(ActivateKeypadEmergency(3, keys), LISTENER)
    script.sees()


def test_an_alarm_in_an_area_that_is_not_set_up_is_none() -> None:
    script = Scenario(House(areas={1: Area("HOUSE")}, zones={1: Zone("SMOKE", ZoneType.FIRE, area=5)}))
    script.happens("open zone 1")
    with pytest.raises(LocalProtocolError, match="this house refuses that"):
        script.happens("alarm fire 5")
    script.sees("zone 1: not-ready")
    script.logged()


def test_a_call_for_help_in_silence_has_no_siren() -> None:
    script = in_mode(OFF, ZoneType.DURESS)
    script.happens("open zone 1", "close zone 1", "open zone 1")
    script.logged("zone 1 tripped", "duress alarm in area 1", "zone 1 tripped")

"""Each model as a client meets it: how much of everything it has, what its units are, what it knows."""

import pytest

from omnilink_sansio import CommandFailedError, LocalProtocolError, UserCode
from omnilink_sansio.commands import (
    ActivateKeypadEmergency,
    Command,
    ExecuteSecurityCommand,
    SecurityCommandResponse,
)
from omnilink_sansio.objects import (
    AlarmType,
    ObjectType,
    RequestExtendedObjectStatus,
    RequestObjectProperties,
    RequestObjectStatus,
    RequestZoneReadyStatus,
    SecurityMode,
    UnitProperties,
    UnitType,
    ZoneType,
)
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.simulator import MODELS, Area, Code, House, Unit, Zone, demo_house
from omnilink_sansio.system import (
    ControllerModel,
    Nak,
    ObjectTypeCapacities,
    RequestObjectTypeCapacities,
    RequestSystemInformation,
)
from tests.rows import each_row
from tests.simulator.scenario import LISTENER, Scenario, counting_down

M = ControllerModel
COUNTED = (
    ObjectType.ZONE,
    ObjectType.UNIT,
    ObjectType.BUTTON,
    ObjectType.CODE,
    ObjectType.AREA,
    ObjectType.THERMOSTAT,
    ObjectType.MESSAGE,
    ObjectType.USER_SETTING,
    ObjectType.ACCESS_CONTROL_READER,
)

# The vendor's numbers (20P00 §NAME DATA, 10P17 §NAME DATA), in the order above.
#           zone unit button code area therm. message setting reader
PRINTED: dict[ControllerModel, tuple[int, ...]] = {
    M.OMNI: (32, 64, 32, 16, 2, 4, 0),
    M.OMNI_PRO: (96, 255, 64, 99, 8, 64, 128),
    M.OMNI_LT: (25, 36, 16, 8, 1, 2, 16),
    M.OMNI_II: (48, 128, 64, 16, 2, 4, 64),
    M.OMNI_PRO_II: (176, 511, 128, 99, 8, 64, 128, 25, 16),
    M.OMNI_IIE: (48, 128, 64, 16, 2, 4, 64, 10, 4),
    M.LUMINA: (48, 128, 64, 16, 1, 4, 64, 10, 4),
    M.LUMINA_PRO: (176, 511, 128, 99, 1, 64, 128, 25, 16),
}
FLAGS = {
    M.OMNI_LT: (29, 36),
    M.OMNI_LTE: (29, 36),
    M.OMNI_LTE_EU: (29, 36),
    M.OMNI_II: (73, 128),
    M.OMNI_IIE: (73, 128),
    M.OMNI_IIE_EU: (73, 128),
    M.LUMINA: (73, 128),
    M.LUMINA_PRO: (393, 511),
    M.OMNI_PRO_II: (393, 511),
    M.OMNI_PRO_II_EU: (393, 511),
}
OLD = (M.OMNI, M.OMNI_PRO, M.OMNI_LT, M.OMNI_II)
LUMINAS = (M.LUMINA, M.LUMINA_PRO)


def script_on(model: ControllerModel) -> Scenario:
    return Scenario(House(model, areas={1: Area("HOUSE")}))


def capacity(script: Scenario, kind: ObjectType) -> int:
    reply = script.driver.reply(RequestObjectTypeCapacities(kind), LISTENER)
    return reply.capacity if isinstance(reply, ObjectTypeCapacities) else 0


def test_all_models_are_there() -> None:
    assert set(MODELS) == set(ControllerModel)


@each_row("model", PRINTED)
def test_a_model_has_as_much_of_everything_as_the_vendor_prints(model: ControllerModel) -> None:
    script = script_on(model)
    told = tuple(capacity(script, kind) for kind in COUNTED)
    # The firmware of the older ones knows neither user settings nor readers.
    assert told == PRINTED[model] + (0,) * (len(COUNTED) - len(PRINTED[model]))


@each_row("model", MODELS)
def test_a_model_tells_who_it_is(model: ControllerModel) -> None:
    told = script_on(model).driver.ask(RequestSystemInformation(), LISTENER)
    assert told.model == model
    assert (told.major >= 3) is (model not in OLD)


@each_row("model", MODELS)
def test_every_number_up_to_the_capacity_has_status_and_none_beyond(model: ControllerModel) -> None:
    script = script_on(model)
    for kind in (ObjectType.ZONE, ObjectType.UNIT, ObjectType.AREA, ObjectType.THERMOSTAT):
        most = capacity(script, kind)
        reply = script.driver.ask(RequestObjectStatus(kind, most, most), LISTENER)
        assert [record.index for record in reply.records] == [most]
        for first, last in ((most + 1, most + 1), (most, most + 1)):
            assert isinstance(script.driver.reply(RequestObjectStatus(kind, first, last), LISTENER), Nak)


@each_row("model", MODELS)
def test_which_units_are_flags(model: ControllerModel) -> None:
    script = script_on(model)
    first, last = FLAGS.get(model, (0, -1))
    most = capacity(script, ObjectType.UNIT)
    for index in {1, first - 1, first, last, last + 1, most} & set(range(1, most + 1)):
        told = script.driver.reply(RequestObjectProperties(ObjectType.UNIT, index, 0), LISTENER)
        assert isinstance(told, UnitProperties)
        assert (told.kind is UnitType.FLAG) is (first <= index <= last)


@each_row("model", MODELS)
def test_extended_status_exists_from_firmware_3_on_and_is_what_is_pushed(model: ControllerModel) -> None:
    script = script_on(model)
    reply = script.driver.exchange(RequestExtendedObjectStatus(ObjectType.UNIT, 1, 1), LISTENER)
    script.commands(Command.UNIT_ON, 0, 1)
    (pushed,) = script.driver.pushed(LISTENER)
    if model in OLD:
        assert reply.type == OmniLink2MessageType.NEGATIVE_ACKNOWLEDGE
        assert pushed.type == OmniLink2MessageType.OBJECT_STATUS
    else:
        assert reply.type == pushed.type == OmniLink2MessageType.EXTENDED_OBJECT_STATUS


@each_row("model", [model for model in MODELS if model not in LUMINAS])
def test_every_omni_arms_and_raises_alarms(model: ControllerModel) -> None:
    script = Scenario(House(model, areas={1: Area("HOUSE", exit_delay=5)}, zones={1: Zone("DOOR")}))
    script.commands(Command.SECURITY_AWAY, 0, 1)
    script.waits(5)
    script.sees(*counting_down("area 1: away, arming, exit {}", 5), "area 1: away")
    script.happens("open zone 1")
    script.sees("zone 1: not-ready, tripped, armed", "area 1: away, alarm burglary")


@each_row("model", MODELS)
def test_the_demo_house_can_be_one_of_any_model(model: ControllerModel) -> None:
    script = Scenario(demo_house(model))
    assert script.driver.ask(RequestSystemInformation(), LISTENER).model == model
    script.waits(3600)


def test_a_house_may_have_less_of_something_than_its_model() -> None:
    script = Scenario(House(areas={1: Area("HOUSE")}, capacities={ObjectType.ZONE: 16}))
    assert capacity(script, ObjectType.ZONE) == 16
    assert len(script.driver.ask(RequestZoneReadyStatus(), LISTENER).raw_zones) == 2
    script.is_refused(Command.BYPASS_ZONE, 0, 17)


# A Lumina has modes in place of an alarm system.


def lumina() -> House:
    return House(
        M.LUMINA,
        areas={1: Area("HOUSE", exit_delay=10)},
        zones={1: Zone("DOOR", ZoneType.ENTRY_EXIT), 2: Zone("WINDOW"), 3: Zone("SMOKE", ZoneType.FIRE)},
        units={1: Unit("PORCH")},
        codes={1: Code("OWNER", UserCode("1234"))},
    )


@pytest.mark.parametrize(
    ("command", "mode"),
    [
        (Command.SECURITY_DAY, "home"),
        (Command.SECURITY_NIGHT, "sleep"),
        (Command.SECURITY_AWAY, "away"),
        (Command.SECURITY_VACATION, "vacation"),
        (Command.SECURITY_DAY_INSTANT, "party"),
        (Command.SECURITY_NIGHT_DELAYED, "special"),
    ],
)
def test_a_lumina_has_modes_that_are_set_with_a_delay(command: Command, mode: str) -> None:
    script = Scenario(lumina())
    script.shows("area 1: home")
    script.commands(command, 1, 1)
    script.waits(10)
    script.sees(*counting_down(f"area 1: {mode}, arming, exit {{}}", 10), f"area 1: {mode}")
    script.logged(f"mode {mode} set by code 1")


def test_a_lumina_cannot_be_disarmed() -> None:
    script = Scenario(lumina())
    script.is_refused(Command.SECURITY_OFF, 1, 1)
    reply = script.driver.reply(ExecuteSecurityCommand(1, SecurityMode.OFF, UserCode("1234")), LISTENER)
    assert getattr(reply, "response", None) == SecurityCommandResponse.INVALID_SECURITY_MODE
    script.happens("keypad 1 off 1234")
    script.sees()
    script.shows("area 1: home")


def test_on_a_lumina_no_zone_is_a_burglary_nor_bypassed_by_the_system() -> None:
    script = Scenario(lumina())
    script.happens("open zone 2")
    script.commands(Command.SECURITY_AWAY, 1, 1)
    script.waits(10)
    script.forgets()
    script.happens("open zone 1", "close zone 2", "open zone 2", "open zone 3")
    script.sees("zone 1: not-ready", "zone 2: secure", "zone 2: not-ready", "zone 3: not-ready")
    script.waits(3600)
    script.sees()
    script.logged()


@each_row("alarm", AlarmType)
def test_a_lumina_has_alarms_of_three_kinds(alarm: AlarmType) -> None:
    word = alarm.name.lower()
    script = Scenario(lumina())
    if alarm not in (AlarmType.FREEZE, AlarmType.WATER, AlarmType.TEMPERATURE):
        with pytest.raises(LocalProtocolError, match="this house refuses that"):
            script.happens(f"alarm {word} 1")
        script.sees()
        script.logged()
        return
    script.happens(f"alarm {word} 1")
    script.sees(f"area 1: home, alarm {word}")
    script.logged(f"{word} alarm in area 1")
    # Setting a mode is what resets them there.
    script.commands(Command.SECURITY_NIGHT, 1, 1)
    script.sees("area 1: sleep, arming, exit 10")
    script.logged("mode sleep set by code 1", f"{word} alarm in area 1 reset")


@pytest.mark.parametrize(
    ("kind", "alarm"),
    [
        (ZoneType.FREEZE, "freeze"),
        (ZoneType.WATER, "water"),
        (ZoneType.TEMPERATURE_ALARM, "temperature"),
        (ZoneType.PANIC, ""),
        (ZoneType.GAS_ALARM, ""),
    ],
)
def test_zones_of_a_lumina_raise_the_same_three(kind: ZoneType, alarm: str) -> None:
    script = Scenario(House(M.LUMINA_PRO, areas={1: Area("HOUSE")}, zones={1: Zone("ONE", kind)}))
    script.happens("open zone 1")
    if alarm:
        script.sees("zone 1: not-ready, tripped", f"area 1: home, alarm {alarm}")
    else:
        script.sees("zone 1: not-ready")


@pytest.mark.parametrize("emergency", [1, 2, 3])
def test_a_lumina_has_no_emergency_keys(emergency: int) -> None:
    script = Scenario(lumina())
    with pytest.raises(CommandFailedError):
        script.driver.ask(ActivateKeypadEmergency(1, emergency), LISTENER)
    script.sees()
    script.logged()

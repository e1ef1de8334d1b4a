"""Every call of the client once, against the demo house: what comes back, or the refusal that is right.

And what goes out for it: each name leads to its own message.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple

import pytest

from omnilink_anyio import OmniClient
from omnilink_sansio import (
    CommandFailedError,
    LocalProtocolError,
    NotSupportedByProtocolError,
    RequestReceived,
)
from omnilink_sansio.client import ClientCall, ClientCalls
from omnilink_sansio.commands import (
    BlinkRate,
    Command,
    ConnectedSecuritySystemStatus,
    EnergyCost,
    FromUserSetting,
    KeypadEmergency,
    RussoundKey,
    SecurityCodeValidation,
)
from omnilink_sansio.objects import (
    AreaStatus,
    AudioSourceStatus,
    FanMode,
    HoldMode,
    HvacMode,
    LuminaMode,
    NameFilter,
    ObjectType,
    SecurityMode,
    ThermostatStatus,
    UnitProperties,
    UnitScene,
    UnitStatus,
    ZoneReadyStatus,
)
from omnilink_sansio.operations import Inventory
from omnilink_sansio.simulator import demo_house
from omnilink_sansio.system import (
    SystemFeatures,
    SystemFormats,
    SystemInformation,
    SystemStatus,
    SystemTroubles,
)
from tests.anyio_adapter.homes import Home, Link, serve_home
from tests.anyio_adapter.sent import SENT

pytestmark = pytest.mark.anyio

HOUSE = demo_house()
ZONES = {index: zone.name for index, zone in HOUSE.zones.items()}
UNITS = {index: unit.name for index, unit in HOUSE.units.items()}
PROGRAM = bytes(range(1, 15))


class Case(NamedTuple):
    """A call's arguments, and what must be true of its result."""

    arguments: tuple[object, ...]
    check: Callable[[object], object]


def nothing(result: object) -> bool:
    return result is None


def done(*arguments: object) -> Case:
    """A command that the house carries out."""
    return Case(arguments, nothing)


def gives(expected: object, *arguments: object) -> Case:
    return Case(arguments, lambda result: result == expected)


def makes(kind: type, *arguments: object) -> Case:
    return Case(arguments, lambda result: isinstance(result, kind))


def an_area_that_is_arming(result: object) -> bool:
    return isinstance(result, AreaStatus) and result.is_arming and result.exit_timer == 30


def shows(name: str, raw: int, *arguments: object) -> Case:
    """A set point of the first thermostat that is seen through."""
    return Case(
        arguments, lambda result: isinstance(result, ThermostatStatus) and getattr(result, name) == raw
    )


CASES = {
    "get_system_information": makes(SystemInformation),
    "get_system_status": makes(SystemStatus),
    "get_system_troubles": gives(SystemTroubles(b"")),
    "get_system_features": gives(SystemFeatures(b"")),
    "get_system_formats": gives(SystemFormats(1, 1, 1)),
    "get_object_type_capacities": Case(
        (ObjectType.UNIT,), lambda reply: getattr(reply, "capacity", None) == 511
    ),
    "set_time": done(datetime(2026, 7, 4, 12, 30), True),  # noqa: DTZ001 - a panel's clock knows no zone
    "get_inventory": makes(Inventory, NameFilter.NAMED),
    "get_object_properties": makes(UnitProperties, ObjectType.UNIT, 2),
    "list_objects": Case(
        (ObjectType.ZONE, 1), lambda found: isinstance(found, list) and len(found) == len(ZONES)
    ),
    "list_names": gives(ZONES, ObjectType.ZONE),
    "list_zone_names": gives(ZONES),
    "list_unit_names": gives(UNITS),
    "list_button_names": gives({1: "GOOD NIGHT", 2: "LIGHTS ON"}),
    "list_code_names": gives({1: "OWNER", 2: "CLEANER"}),
    "list_area_names": gives({1: "HOUSE", 2: "GARAGE"}),
    "list_thermostat_names": gives({1: "DOWNSTAIRS", 2: "UPSTAIRS"}),
    "list_message_names": gives({1: "CALL HOME", 2: "WASHING IS DONE"}),
    "list_auxiliary_sensor_names": gives({170: "CELLAR", 171: "BATHROOM"}),
    "list_audio_source_names": gives({1: "RADIO", 2: "PLAYER"}),
    "list_audio_zone_names": gives({1: "LIVING ROOM", 2: "BEDROOM"}),
    "list_user_setting_names": gives({1: "WAKE UP", 2: "PORCH LEVEL"}),
    "list_access_control_reader_names": gives({1: "GARDEN GATE"}),
    "get_object_status": gives([UnitStatus(2, 160, 0)], ObjectType.UNIT, 2),
    "get_extended_status": gives([UnitStatus(2, 160, 0)], ObjectType.UNIT, 2),
    # The kitchen window is open: zone 3, the third bit from the left.
    "get_zone_ready_status": gives(ZoneReadyStatus(b"\x20" + bytes(21))),
    "get_audio_metadata": gives((AudioSourceStatus(1, 0, 1, 0, b"98.5 FM\0"),), 1),
    "get_event_log": gives([]),
    "read_event_record": gives(None),
    "arm": done(2, SecurityMode.AWAY, "1234"),
    "disarm": done(2, "1234"),
    "arm_and_confirm": Case((2, SecurityMode.AWAY, 1), an_area_that_is_arming),
    "set_security_mode": done(2, SecurityMode.DAY, 1),
    "set_lumina_mode": done(LuminaMode.AWAY, 1),
    "execute_security_command": done(1, SecurityMode.OFF, "0042"),
    "validate_code": gives(SecurityCodeValidation(2, 3), 1, "0042"),
    "bypass_zone": done(3, 1),
    "restore_zone": done(3, 1),
    "restore_all_zones": done(),
    "activate_keypad_emergency": done(1, KeypadEmergency.FIRE),
    "acknowledge_alerts": done(),
    "turn_unit_on": done(1, 60),
    "turn_unit_off": done(1),
    "set_unit_level": done(1, FromUserSetting(2)),
    "ramp_unit": done(1, 50, 10),
    "dim_unit": done(1, 3),
    "brighten_unit": done(1),
    "set_unit_scene": done(1, UnitScene.B),
    "turn_all_units_on": done(1),
    "turn_all_units_off": done(),
    "increment_counter": done(393),
    "decrement_counter": done(393),
    "set_counter": done(393, 7),
    "blink_upb_unit": done(1, BlinkRate.ONE_SECOND),
    "stop_upb_blink": done(1),
    "set_upb_led": done(1, 8, True),
    "request_upb_status": done(1),
    "turn_upb_link_on": done(1),
    "turn_upb_link_off": done(1),
    "store_upb_link": done(1),
    "turn_scene_on": done(1),
    "turn_scene_off": done(1),
    "store_scene": done(1),
    "turn_centralite_scene_on": done(1),
    "turn_centralite_scene_off": done(1),
    "turn_radiora_phantom_button_on": done(1),
    "turn_radiora_phantom_button_off": done(1),
    "set_thermostat_heat_setpoint_raw": done(1, 120),
    "set_thermostat_heat_setpoint_celsius": done(1, 20.5),
    "set_thermostat_heat_setpoint_fahrenheit": done(1, 70),
    "set_thermostat_cool_setpoint_raw": done(1, 130),
    "set_thermostat_cool_setpoint_celsius": done(1, 25),
    "set_thermostat_cool_setpoint_fahrenheit": done(1, 77),
    "adjust_thermostat_heat_setpoint": done(1, -2),
    "adjust_thermostat_cool_setpoint": done(1, 2),
    "set_thermostat_humidify_setpoint": done(1, 40),
    "set_thermostat_dehumidify_setpoint": done(1, None),
    "set_thermostat_heat_setpoint_raw_and_confirm": shows("heat_setpoint", 120, 1, 120),
    "set_thermostat_heat_setpoint_celsius_and_confirm": shows("heat_setpoint", 121, 1, 20.5),
    "set_thermostat_heat_setpoint_fahrenheit_and_confirm": shows("heat_setpoint", 122, 1, 70),
    "set_thermostat_cool_setpoint_raw_and_confirm": shows("cool_setpoint", 131, 1, 131),
    "set_thermostat_cool_setpoint_celsius_and_confirm": shows("cool_setpoint", 130, 1, 25),
    "set_thermostat_cool_setpoint_fahrenheit_and_confirm": shows("cool_setpoint", 130, 1, 77),
    "adjust_thermostat_heat_setpoint_and_confirm": shows("heat_setpoint", 118, 1, -2),
    "adjust_thermostat_cool_setpoint_and_confirm": shows("cool_setpoint", 132, 1, 2),
    "set_thermostat_humidify_setpoint_and_confirm": shows("humidify_setpoint", 89, 1, 40),
    "set_thermostat_dehumidify_setpoint_and_confirm": shows("dehumidify_setpoint", 0, 1, None),
    "set_thermostat_system_mode": done(1, HvacMode.HEAT),
    "set_thermostat_fan_mode": done(1, FanMode.ON),
    "set_thermostat_hold_mode": done(1, HoldMode.HOLD),
    "set_energy_cost": done(EnergyCost.HIGH),
    "turn_energy_saver_on": done(1),
    "turn_energy_saver_off": done(1),
    "show_message": done(1),
    "clear_message": done(2),
    "clear_all_messages": done(),
    "log_message": done(1),
    "say_message": done(1),
    "phone_and_say_message": done(1, 1),
    "send_message": done(1, 1),
    "set_console_beeper": done(1, False),
    "beep_console": done(1, 2),
    "start_console_beep": done(1),
    "stop_console_beep": done(1),
    "show_camera": done(1, 1),
    "turn_audio_zone_on": done(2),
    "turn_audio_zone_off": done(1),
    "mute_audio_zone": done(1),
    "unmute_audio_zone": done(1),
    "set_audio_volume": done(1, 40),
    "select_audio_source": done(1, 2),
    "press_audio_key": done(1, RussoundKey.PLAY),
    "lock_door": done(1),
    "unlock_door": done(1, 5),
    "execute_button": done(1),
    "set_user_setting": done(2, 60),
    "execute_command": done(Command.UNIT_ON, 0, 1),
    "read_names": gives({1: "OWNER", 2: "CLEANER"}, ObjectType.CODE),
    "write_name": done(ObjectType.UNIT, 1, "STEPS"),
    "clear_names": done(),
    "read_voice_names": gives({}, ObjectType.ZONE),
    "write_voice_name": done(ObjectType.ZONE, 1, (1, 2)),
    "clear_voice_names": done(),
    "read_programs": gives({}),
    "read_program": gives(None, 1),
    "write_program": done(1, PROGRAM),
    "clear_programs": done(),
}
"""What the demo house does."""

REFUSED = {
    # There is no other security system behind it.
    "get_connected_security_status": (),
    "execute_connected_security_command": (1, 1, "001234"),
    # Not printed by the vendor, and not known to the emulated panel.
    "stop_upb_link_fade": (1,),
    "email_message": (1,),
}
"""What the demo house refuses."""

IMPOSSIBLE = {"execute_program": (1,)}
"""What no controller can be asked."""


async def call(client: OmniClient, name: str, arguments: tuple[object, ...]) -> object:
    method: Callable[..., Awaitable[object]] = getattr(client, name)
    try:
        return await method(*arguments)
    except Exception as error:
        error.add_note(f"called: {name}")
        raise


def assert_sent(home: Home, name: str) -> None:
    wire, more, _ = SENT[name].partition("...")
    expected = [bytes.fromhex(message) for message in wire.split(",")]
    sent = [bytes([message.type]) + message.data for message in home.recorder.requests]
    assert (sent[: len(expected)] if more else sent) == expected, name


def test_every_call_has_a_case() -> None:
    calls = {name for name, value in vars(ClientCalls).items() if isinstance(value, ClientCall)}
    assert calls == CASES.keys() | REFUSED.keys() | IMPOSSIBLE.keys()
    assert SENT.keys() == CASES.keys() | REFUSED.keys()
    assert not SENT.keys() & IMPOSSIBLE.keys()


async def test_a_call_gives_what_it_promises_and_sends_its_own_messages() -> None:
    for name, case in CASES.items():
        async with serve_home() as home, home.client() as client:
            result = await call(client, name, case.arguments)
            assert case.check(result), f"{name}: {result}"
            assert client.is_connected, name
        assert_sent(home, name)


@pytest.mark.parametrize("name", REFUSED)
async def test_a_refusal_is_told_and_the_session_goes_on(name: str) -> None:
    async with serve_home() as home, home.client() as client:
        with pytest.raises(CommandFailedError):
            await call(client, name, REFUSED[name])
        assert_sent(home, name)
        assert await client.list_zone_names() == ZONES


async def test_what_no_controller_can_be_asked_is_not_sent() -> None:
    async with serve_home() as home, home.client() as client:
        with pytest.raises(NotSupportedByProtocolError, match="execute_button"):
            await client.execute_program(1)
        with pytest.raises(LocalProtocolError, match="unit is 1 to 511, not 512"):
            await client.turn_unit_on(512)
        assert home.recorder.requests == []


async def test_the_connected_system_of_a_house_that_has_one() -> None:
    house = demo_house()
    house.partitions = [(1, 2)]
    async with serve_home(house=house) as home, home.client() as client:
        status = await client.get_connected_security_status()
        assert isinstance(status, ConnectedSecuritySystemStatus)
        assert [(item.mode, item.status) for item in status.partitions[:2]] == [(1, 2), (0, 0)]
        await client.execute_connected_security_command(3, 1, "001234")


async def test_a_day_in_the_house(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client:
        inventory = await client.get_inventory(name_filter=NameFilter.NAMED)
        assert {kind: len(found) for kind, found in inventory.objects.items()} == {
            ObjectType.ZONE: 7,
            ObjectType.UNIT: 6,
            ObjectType.BUTTON: 2,
            ObjectType.CODE: 2,
            ObjectType.AREA: 2,
            ObjectType.THERMOSTAT: 2,
            ObjectType.MESSAGE: 2,
            ObjectType.AUXILIARY_SENSOR: 2,
            ObjectType.AUDIO_SOURCE: 2,
            ObjectType.AUDIO_ZONE: 2,
            ObjectType.USER_SETTING: 2,
            ObjectType.ACCESS_CONTROL_READER: 1,
        }
        assert inventory.of(UnitProperties)[2].level == 60
        await client.arm_and_confirm(2, SecurityMode.AWAY, "1234")
        await client.disarm(2, "1234")
        log = await client.get_event_log()
        assert [event.sentence() for event in log] == [
            "area 2 disarmed by code 1",
            "area 2 armed away by code 1",
        ]
        assert all(event.when is not None and event.when.year == 2026 for event in log)


async def test_a_wrong_code_is_checked_and_no_command_follows(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client:
        with pytest.raises(CommandFailedError) as caught:
            await client.arm(1, SecurityMode.AWAY, "9999")
        assert "9999" not in str(caught.value)
        # The question for the code, and nothing after it.
        assert [message.type for message in home.recorder.requests] == [0x26]
        assert "9999" not in repr(
            [event for _, event in home.recorder.events if isinstance(event, RequestReceived)]
        )

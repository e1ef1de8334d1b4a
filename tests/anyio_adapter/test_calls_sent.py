"""What every call of the client puts on the wire, by hand from 20P00: each name leads to its own message."""

from contextlib import nullcontext

import pytest

from omnilink_sansio import CommandFailedError
from tests.anyio_adapter.homes import serve_home
from tests.anyio_adapter.test_calls import CASES, IMPOSSIBLE, REFUSED, call

pytestmark = pytest.mark.anyio

# Type and data of each message; an ellipsis stands for more of the same, which the controller's answers decide.
SENT = {
    "get_system_information": "16",
    "get_system_status": "18",
    "get_system_troubles": "1a",
    "get_system_features": "1c",
    "get_system_formats": "28",
    "get_object_type_capacities": "1e 02",
    # 4 July 2026 is a Saturday, day 6 (Monday = 1).
    "set_time": "13 1a0704 06 0c1e 01",
    "get_inventory": "16 ...",
    "get_object_properties": "20 02 0002 00 000000",
    "list_objects": "20 01 0000 01 010000 ...",
    "list_names": "20 01 0000 01 010000 ...",
    "list_zone_names": "20 01 0000 01 010000 ...",
    "list_unit_names": "20 02 0000 01 010000 ...",
    "list_button_names": "20 03 0000 01 010000 ...",
    "list_code_names": "20 04 0000 01 010000 ...",
    "list_area_names": "20 05 0000 01 010000 ...",
    "list_thermostat_names": "20 06 0000 01 010000 ...",
    "list_message_names": "20 07 0000 01 010000 ...",
    "list_auxiliary_sensor_names": "20 08 0000 01 010000 ...",
    "list_audio_source_names": "20 09 0000 01 010000 ...",
    "list_audio_zone_names": "20 0a 0000 01 010000 ...",
    "list_user_setting_names": "20 0d 0000 01 010000 ...",
    "list_access_control_reader_names": "20 0e 0000 01 010000 ...",
    "get_object_status": "22 02 0002 0002",
    "get_extended_status": "3a 02 0002 0002",
    "get_zone_ready_status": "38",
    "get_connected_security_status": "2d",
    "get_audio_metadata": "30 0001 00 ...",
    "get_event_log": "18 ...",
    "read_event_record": "24 0000 ff",
    # The code's digits are checked, then the command names the code's number.
    "arm": "26 02 01020304, 14 33 01 0002",
    "disarm": "26 02 01020304, 14 30 01 0002",
    "arm_and_confirm": "14 33 01 0002, 22 05 0002 0002",
    "set_security_mode": "14 31 01 0002",
    "set_lumina_mode": "14 33 01 0001",
    "execute_security_command": "4a 01 00 00000402",
    "validate_code": "26 01 00000402",
    "bypass_zone": "14 04 01 0003",
    "restore_zone": "14 05 01 0003",
    "restore_all_zones": "14 06 00 0000",
    "activate_keypad_emergency": "2c 01 02",
    "acknowledge_alerts": "3c 00",
    "execute_connected_security_command": "2f 01 01 000001020304",
    "turn_unit_on": "14 01 3c 0001",
    "turn_unit_off": "14 00 00 0001",
    # User setting 2 is written 100 + 2.
    "set_unit_level": "14 09 66 0001",
    # 50 << 9 | 1 = 0x6401.
    "ramp_unit": "14 0d 0a 6401",
    "dim_unit": "14 13 00 0001",
    "brighten_unit": "14 21 00 0001",
    "set_unit_scene": "14 0e 03 0001",
    "turn_all_units_on": "14 03 00 0001",
    "turn_all_units_off": "14 02 00 0000",
    "increment_counter": "14 0b 00 0189",
    "decrement_counter": "14 0a 00 0189",
    "set_counter": "14 0c 07 0189",
    # Once a second is rate 2: 2 << 9 | 1 = 0x0401.
    "blink_upb_unit": "14 1a 00 0401",
    "stop_upb_blink": "14 1b 00 0001",
    "set_upb_led": "14 2d 08 0001",
    "request_upb_status": "14 0f 00 0001",
    "turn_upb_link_on": "14 1d 00 0001",
    "turn_upb_link_off": "14 1c 00 0001",
    "store_upb_link": "14 1e 00 0001",
    "stop_upb_link_fade": "14 1f 00 0001",
    "turn_scene_on": "14 3d 00 0001",
    "turn_scene_off": "14 3c 00 0001",
    "store_scene": "14 3e 00 0001",
    "turn_centralite_scene_on": "14 2b 00 0001",
    "turn_centralite_scene_off": "14 2a 00 0001",
    "turn_radiora_phantom_button_on": "14 2f 00 0001",
    "turn_radiora_phantom_button_off": "14 2e 00 0001",
    "set_thermostat_heat_setpoint_raw": "14 42 78 0001",
    # (20.5 + 40) * 2 = 121.
    "set_thermostat_heat_setpoint_celsius": "14 42 79 0001",
    # Raw 122 is 69.8, shown as 70.
    "set_thermostat_heat_setpoint_fahrenheit": "14 42 7a 0001",
    "set_thermostat_cool_setpoint_raw": "14 43 82 0001",
    "set_thermostat_cool_setpoint_celsius": "14 43 82 0001",
    "set_thermostat_cool_setpoint_fahrenheit": "14 43 82 0001",
    "adjust_thermostat_heat_setpoint": "14 47 fe 0001",
    "adjust_thermostat_cool_setpoint": "14 48 02 0001",
    # Percentages are written as degrees Fahrenheit: raw 89 is 40.1.
    "set_thermostat_humidify_setpoint": "14 49 59 0001",
    "set_thermostat_dehumidify_setpoint": "14 4a 00 0001",
    "set_thermostat_system_mode": "14 44 01 0001",
    "set_thermostat_fan_mode": "14 45 01 0001",
    "set_thermostat_hold_mode": "14 46 ff 0001",
    "set_energy_cost": "14 08 02 0000",
    "turn_energy_saver_on": "14 41 00 0001",
    "turn_energy_saver_off": "14 40 00 0001",
    "show_message": "14 50 00 0001",
    "clear_message": "14 52 00 0002",
    "clear_all_messages": "14 52 00 0000",
    "log_message": "14 51 00 0001",
    "say_message": "14 53 00 0001",
    "phone_and_say_message": "14 54 01 0001",
    "send_message": "14 55 01 0001",
    "email_message": "14 57 00 0001",
    "set_console_beeper": "14 66 00 0001",
    "beep_console": "14 67 03 0001",
    "start_console_beep": "14 67 01 0001",
    "stop_console_beep": "14 67 00 0001",
    "show_camera": "14 64 01 0001",
    "turn_audio_zone_on": "14 70 01 0002",
    "turn_audio_zone_off": "14 70 00 0001",
    "mute_audio_zone": "14 70 03 0001",
    "unmute_audio_zone": "14 70 02 0001",
    "set_audio_volume": "14 71 28 0001",
    "select_audio_source": "14 72 02 0001",
    "press_audio_key": "14 73 06 0001",
    "lock_door": "14 69 00 0001",
    "unlock_door": "14 6a 05 0001",
    "execute_button": "14 07 00 0001",
    "set_user_setting": "14 68 02 003c",
    "execute_command": "14 01 00 0001",
    "read_names": "0d 04 0000 01 ...",
    # "STEPS" in a field of 12 characters and a zero.
    "write_name": "0c 02 0001 53544550530000000000000000",
    "clear_names": "0b",
    "read_voice_names": "11 01 0000 01 ...",
    "write_voice_name": "10 01 0001 0001000200000000000000000000",
    "clear_voice_names": "0f",
    "read_programs": "09 0000 01 ...",
    "read_program": "09 0001 00",
    "write_program": "08 0001 0102030405060708090a0b0c0d0e",
    "clear_programs": "07",
}

ARGUMENTS = {name: case.arguments for name, case in CASES.items()} | REFUSED


def test_every_call_that_is_sent_has_a_line() -> None:
    assert SENT.keys() == ARGUMENTS.keys()
    assert not SENT.keys() & IMPOSSIBLE.keys()


@pytest.mark.parametrize("name", SENT)
async def test_a_call_sends_its_own_messages(name: str) -> None:
    wire, more, _ = SENT[name].partition("...")
    expected = [bytes.fromhex(message) for message in wire.split(",")]
    async with serve_home() as home, home.client() as client:
        with pytest.raises(CommandFailedError) if name in REFUSED else nullcontext():
            await call(client, name, ARGUMENTS[name])
        sent = [bytes([message.type]) + message.data for message in home.recorder.requests]
        assert (sent[: len(expected)] if more else sent) == expected

"""One golden line a command: what each call puts on the wire, written by hand from 20P00 §CONTROLLER COMMAND."""

import inspect
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from omnilink_sansio import commands, objects
from omnilink_sansio.commands import COMMANDS, Command, ControllerCommand, FromUserSetting
from omnilink_sansio.opcodes import OmniLink2MessageType
from tests.rows import each_row


class Line(NamedTuple):
    """A call and the four bytes that it sends: command, first parameter, second parameter."""

    command: Command
    call: partial[ControllerCommand]
    sent: str


def line(command: Command, sent: str, call: Callable[..., ControllerCommand], *arguments: object) -> Line:
    return Line(command, partial(call, *arguments), sent)


C = Command
LINES = [
    line(C.UNIT_OFF, "00 00 0001", commands.turn_unit_off, 1),
    line(C.UNIT_OFF, "00 63 01ff", commands.turn_unit_off, 511, 99),
    line(C.UNIT_ON, "01 00 0001", commands.turn_unit_on, 1),
    # 300 s are said as 5 minutes, 64800 s as 18 hours.
    line(C.UNIT_ON, "01 69 012c", commands.turn_unit_on, 300, 300),
    line(C.UNIT_ON, "01 da 0001", commands.turn_unit_on, 1, 64800),
    line(C.UNIT_ON, "01 db 0001", commands.turn_unit_on, 1, FromUserSetting(1)),
    line(C.UNIT_ON, "01 ff 0001", commands.turn_unit_on, 1, FromUserSetting(37)),
    line(C.ALL_OFF, "02 00 0000", commands.turn_all_units_off),
    line(C.ALL_ON, "03 00 0008", commands.turn_all_units_on, 8),
    line(C.BYPASS_ZONE, "04 05 0010", commands.bypass_zone, 16, 5),
    line(C.RESTORE_ZONE, "05 00 0010", commands.restore_zone, 16),
    line(C.RESTORE_ALL_ZONES, "06 07 0002", commands.restore_all_zones, 2, 7),
    line(C.EXECUTE_BUTTON, "07 00 0003", commands.execute_button, 3),
    line(C.SET_ENERGY_COST, "08 03 0000", commands.set_energy_cost, commands.EnergyCost.CRITICAL),
    line(C.UNIT_LEVEL, "09 32 0002", commands.set_unit_level, 2, 50),
    line(C.UNIT_LEVEL, "09 66 0002", commands.set_unit_level, 2, FromUserSetting(2)),
    line(C.DECREMENT_COUNTER, "0a 00 0189", commands.decrement_counter, 393),
    line(C.INCREMENT_COUNTER, "0b 00 0189", commands.increment_counter, 393),
    line(C.SET_COUNTER, "0c ff 0189", commands.set_counter, 393, 255),
    # 75 << 9 | 300 = 0x972c.
    line(C.UNIT_RAMP, "0d 0a 972c", commands.ramp_unit, 300, 75, 10),
    line(C.UNIT_SCENE, "0e 0d 0004", commands.set_unit_scene, 4, objects.UnitScene.L),
    line(C.REQUEST_UPB_STATUS, "0f 00 0004", commands.request_upb_status, 4),
    *(line(Command(16 + n), f"{16 + n:02x} 00 0001", commands.dim_unit, 1, n) for n in range(1, 10)),
    line(C.DIM_1, "11 3c 0001", commands.dim_unit, 1, 1, 60),
    # 2 << 9 | 5 = 0x0405.
    line(C.UPB_BLINK, "1a 02 0405", commands.blink_upb_unit, 5, commands.BlinkRate.ONE_SECOND, 2),
    line(C.UPB_BLINK_STOP, "1b 00 0005", commands.stop_upb_blink, 5),
    line(C.UPB_LINK_OFF, "1c 00 00ff", commands.turn_upb_link_off, 255),
    line(C.UPB_LINK_ON, "1d 00 0001", commands.turn_upb_link_on, 1),
    line(C.UPB_LINK_SET, "1e 00 0001", commands.store_upb_link, 1),
    line(C.UPB_LINK_FADE_STOP, "1f 00 0001", commands.stop_upb_link_fade, 1),
    *(line(Command(32 + n), f"{32 + n:02x} 00 0001", commands.brighten_unit, 1, n) for n in range(1, 10)),
    line(C.CENTRALITE_SCENE_OFF, "2a 00 0009", commands.turn_centralite_scene_off, 9),
    line(C.CENTRALITE_SCENE_ON, "2b 00 0009", commands.turn_centralite_scene_on, 9),
    line(C.UPB_LED_OFF, "2c 08 0006", commands.set_upb_led, 6, 8, False),
    line(C.UPB_LED_ON, "2d 01 0006", commands.set_upb_led, 6, 1, True),
    line(C.RADIORA_PHANTOM_BUTTON_OFF, "2e 00 0002", commands.turn_radiora_phantom_button_off, 2),
    line(C.RADIORA_PHANTOM_BUTTON_ON, "2f 00 0002", commands.turn_radiora_phantom_button_on, 2),
    *(
        line(Command(48 + mode), f"{48 + mode:02x} 05 0001", commands.set_security_mode, 1, mode, 5)
        for mode in objects.SecurityMode
    ),
    *(
        line(Command(48 + mode), f"{48 + mode:02x} 00 0001", commands.set_lumina_mode, mode)
        for mode in objects.LuminaMode
    ),
    line(C.SCENE_OFF, "3c 00 0007", commands.turn_scene_off, 7),
    line(C.SCENE_ON, "3d 00 0007", commands.turn_scene_on, 7),
    line(C.SCENE_SET, "3e 00 0007", commands.store_scene, 7),
    line(C.ENERGY_SAVER_OFF, "40 00 0001", commands.turn_energy_saver_off, 1),
    line(C.ENERGY_SAVER_ON, "41 c7 0001", commands.turn_energy_saver_on, 1, 99 * 60),
    line(C.SET_HEAT_SETPOINT, "42 7c 0001", commands.set_thermostat_heat_setpoint_raw, 1, 124),
    # 22 degrees Celsius are 124; 70 Fahrenheit display for 122 (69.8); user setting 1 is 201.
    line(C.SET_HEAT_SETPOINT, "42 7c 0001", commands.set_thermostat_heat_setpoint_celsius, 1, 22),
    line(C.SET_HEAT_SETPOINT, "42 7a 0001", commands.set_thermostat_heat_setpoint_fahrenheit, 1, 70),
    line(C.SET_HEAT_SETPOINT, "42 c9 0000", commands.set_thermostat_heat_setpoint_raw, 0, FromUserSetting(1)),
    line(C.SET_COOL_SETPOINT, "43 b4 0001", commands.set_thermostat_cool_setpoint_raw, 1, 180),
    line(C.SET_COOL_SETPOINT, "43 b4 0001", commands.set_thermostat_cool_setpoint_celsius, 1, 50),
    line(C.SET_COOL_SETPOINT, "43 b4 0001", commands.set_thermostat_cool_setpoint_fahrenheit, 1, 122),
    line(
        C.SET_SYSTEM_MODE,
        "44 04 0001",
        commands.set_thermostat_system_mode,
        1,
        objects.HvacMode.EMERGENCY_HEAT,
    ),
    line(C.SET_FAN_MODE, "45 02 0000", commands.set_thermostat_fan_mode, 0, objects.FanMode.CYCLE),
    line(C.SET_HOLD_MODE, "46 00 0001", commands.set_thermostat_hold_mode, 1, objects.HoldMode.OFF),
    line(C.SET_HOLD_MODE, "46 ff 0001", commands.set_thermostat_hold_mode, 1, objects.HoldMode.HOLD),
    line(C.ADJUST_HEAT_SETPOINT, "47 fe 0001", commands.adjust_thermostat_heat_setpoint, 1, -2),
    line(C.ADJUST_COOL_SETPOINT, "48 32 0001", commands.adjust_thermostat_cool_setpoint, 1, 50),
    line(C.SET_HUMIDIFY_SETPOINT, "49 2c 0001", commands.set_thermostat_humidify_setpoint, 1, 0),
    line(C.SET_HUMIDIFY_SETPOINT, "49 00 0001", commands.set_thermostat_humidify_setpoint, 1, None),
    line(C.SET_DEHUMIDIFY_SETPOINT, "4a 9c 0001", commands.set_thermostat_dehumidify_setpoint, 1, 100),
    line(C.SHOW_MESSAGE, "50 00 0001", commands.show_message, 1),
    line(C.LOG_MESSAGE, "51 00 0001", commands.log_message, 1),
    line(C.CLEAR_MESSAGE, "52 00 0001", commands.clear_message, 1),
    line(C.CLEAR_MESSAGE, "52 02 0000", commands.clear_all_messages, 2),
    line(C.SAY_MESSAGE, "53 00 0001", commands.say_message, 1),
    line(C.PHONE_AND_SAY_MESSAGE, "54 03 0001", commands.phone_and_say_message, 1, 3),
    line(C.SEND_MESSAGE, "55 02 0001", commands.send_message, 1, 2),
    line(C.SHOW_MESSAGE_QUIETLY, "56 01 0001", commands.show_message, 1, False),
    line(C.SHOW_MESSAGE_QUIETLY, "56 02 0001", commands.show_message, 1, False, False),
    line(C.EMAIL_MESSAGE, "57 00 0001", commands.email_message, 1),
    line(C.SHOW_CAMERA, "64 06 0002", commands.show_camera, 6, 2),
    # 60 << 9 | 2 = 0x7802.
    line(C.UNIT_LEVEL_TIMED, "65 02 7802", commands.set_unit_level, 2, 60, 2),
    line(C.CONSOLE_BEEPER, "66 01 0010", commands.set_console_beeper, 16, True),
    line(C.CONSOLE_BEEP, "67 06 0000", commands.beep_console, 0, 5),
    line(C.CONSOLE_BEEP, "67 01 0001", commands.start_console_beep, 1),
    line(C.CONSOLE_BEEP, "67 00 0001", commands.stop_console_beep, 1),
    line(C.SET_USER_SETTING, "68 05 071e", commands.set_user_setting, 5, 0x071E),
    line(C.LOCK_DOOR, "69 00 0000", commands.lock_door, 0),
    line(C.UNLOCK_DOOR, "6a 0a 0003", commands.unlock_door, 3, 10),
    line(C.AUDIO_ZONE, "70 00 0001", commands.turn_audio_zone_off, 1),
    line(C.AUDIO_ZONE, "70 01 0001", commands.turn_audio_zone_on, 1),
    line(C.AUDIO_ZONE, "70 02 0001", commands.unmute_audio_zone, 1),
    line(C.AUDIO_ZONE, "70 03 0000", commands.mute_audio_zone, 0),
    line(C.AUDIO_VOLUME, "71 64 0001", commands.set_audio_volume, 1, 100),
    line(C.AUDIO_SOURCE, "72 08 0001", commands.select_audio_source, 1, 8),
    line(C.AUDIO_KEY, "73 06 0001", commands.press_audio_key, 1, commands.RussoundKey.PLAY),
]

UNDERSTOOD_THOUGH_NOT_PRINTED = {Command.UPB_LINK_FADE_STOP, Command.EMAIL_MESSAGE}


@each_row("golden", LINES, ids=[f"{entry.command.name}-{entry.sent}" for entry in LINES])
def test_each_call_sends_its_command(golden: Line) -> None:
    made = golden.call()
    assert made.kind is golden.command
    message = made.to_message()
    assert message.type == OmniLink2MessageType.CONTROLLER_COMMAND
    assert message.data == bytes.fromhex(golden.sent)
    row = COMMANDS[golden.command]
    assert row.accepts(made.parameter1, made.parameter2)
    assert made.effect is row.effect


def test_every_command_that_is_understood_has_a_line() -> None:
    printed = {command for command in Command if COMMANDS[command].printed}
    assert {entry.command for entry in LINES} == printed | UNDERSTOOD_THOUGH_NOT_PRINTED


def _sends_a_command(call: object) -> bool:
    return inspect.isfunction(call) and call.__module__.startswith("omnilink_sansio.messages.commands.")


def test_every_call_has_a_line() -> None:
    calls = {name for name, call in vars(commands).items() if _sends_a_command(call)}
    # These send what they are told to, tell of a command, and refuse.
    without = {"checked_command", "command_effect", "execute_program"}
    assert {inspect.unwrap(entry.call.func).__name__ for entry in LINES} == calls - without

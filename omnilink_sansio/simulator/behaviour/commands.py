"""What the emulated panel does on a command (20P00 §CONTROLLER COMMAND).

A command whose parameters are out of range, or that names an object that this panel does not have, is refused. One
that nothing here can show the effect of, such as a spoken message, is accepted.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from omnilink_sansio.messages.commands.command import Command
from omnilink_sansio.messages.commands.command_table import COMMANDS
from omnilink_sansio.messages.commands.controller_command import ControllerCommand
from omnilink_sansio.messages.commands.parameters import (
    COUNT,
    DURATION,
    HUMIDITY_SETPOINT,
    LEVEL,
    RAMP_TIME,
    SETPOINT,
    UNIT_AND_BLINK_RATE,
    UNIT_AND_LEVEL,
    Parameter,
)
from omnilink_sansio.messages.durations import duration_seconds
from omnilink_sansio.messages.event_log import EventLogType
from omnilink_sansio.messages.events import EnergyCostCritical, EnergyCostHigh, EnergyCostLow, EnergyCostMid
from omnilink_sansio.messages.objects.area import SecurityMode
from omnilink_sansio.messages.objects.message import MessageState
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.thermostat import FanMode, HvacMode
from omnilink_sansio.simulator.behaviour.arming import areas_in_use, arm
from omnilink_sansio.simulator.behaviour.audio import change_zones, press_key
from omnilink_sansio.simulator.behaviour.buttons import press_button
from omnilink_sansio.simulator.behaviour.climate import compare, control
from omnilink_sansio.simulator.behaviour.codes import may_arm
from omnilink_sansio.simulator.behaviour.console_messages import clear_all_messages, set_message
from omnilink_sansio.simulator.behaviour.doors import set_lock
from omnilink_sansio.simulator.behaviour.units import (
    begin_ramp,
    count,
    lasting_state,
    set_level,
    set_preset,
    set_state,
    switch_all,
    use_preset,
)
from omnilink_sansio.simulator.behaviour.zones import bypass_zone, restore_all_zones, restore_zone
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects.access_control import Reader
from omnilink_sansio.simulator.house_objects.audio import AudioZone
from omnilink_sansio.simulator.house_objects.house_object import HouseObject
from omnilink_sansio.simulator.house_objects.thermostat import Thermostat
from omnilink_sansio.simulator.house_objects.user_setting import UserSetting
from omnilink_sansio.simulator.quirks import Quirk

__all__ = ["carry_out", "carry_out_for_client"]

_Handler: TypeAlias = Callable[[House, ControllerCommand], bool]
_O = TypeVar("_O", bound=HouseObject)

_HIGHEST_SETPOINT = 180
_MUTE_OFF = 2


def carry_out(house: House, command: ControllerCommand) -> bool:
    """Carry out a command and note what changed; False when it is refused."""
    kind = command.kind
    if not isinstance(kind, Command):
        return False
    info = COMMANDS[kind]
    handler = _HANDLERS.get(kind)
    if not info.printed or not info.accepts(command.parameter1, command.parameter2):
        return False
    setting = info.parameter1.user_setting(command.parameter1)
    if setting is not None and house.find(ObjectType.USER_SETTING, setting) is None:
        return False
    return True if handler is None else handler(house, command)


def carry_out_for_client(house: House, command: ControllerCommand) -> bool:
    """Carry out a client's command, which needs a code of the house to arm or disarm; False when it is refused."""
    if command.kind in _ARMING:
        areas = areas_in_use(house, command.parameter2)
        if not may_arm(house, command.parameter1, _mode(command), areas):
            return False
    return carry_out(house, command)


_ARMING = frozenset(Command(Command.SECURITY_OFF + mode) for mode in SecurityMode)


def _mode(command: ControllerCommand) -> SecurityMode:
    return SecurityMode(command.command - Command.SECURITY_OFF)


def _chosen(
    house: House, kind: type[_O], object_type: ObjectType, objects: Mapping[int, _O], index: int
) -> dict[int, _O]:
    """Return the object of a number, or with 0 all that are in use; none when there is no such object."""
    if index == 0:
        return dict(objects) if house.knows(object_type) else {}
    found = house.use(object_type, index)
    return {index: found} if isinstance(found, kind) else {}


def _value(house: House, raw: int, parameter: Parameter) -> int:
    """Return the first parameter's byte, or that of the user setting that it names."""
    number = parameter.user_setting(raw)
    if number is None:
        return raw
    setting = house.user_settings.get(number)
    return 0 if setting is None else setting.value & 0xFF


def _seconds(house: House, command: ControllerCommand, parameter: Parameter = DURATION) -> int:
    return duration_seconds(_value(house, command.parameter1, parameter)) or 0


# Units.


def _switch_unit(house: House, command: ControllerCommand) -> bool:
    on = int(command.command == Command.UNIT_ON)
    return set_state(house, command.parameter2, on, _seconds(house, command), 1 - on)


def _set_level(house: House, command: ControllerCommand) -> bool:
    return set_level(house, command.parameter2, min(_value(house, command.parameter1, LEVEL), 100))


def _set_level_for_a_time(house: House, command: ControllerCommand) -> bool:
    index, level = UNIT_AND_LEVEL.decode(command.parameter2)
    return set_level(house, index, level, _seconds(house, command))


def _ramp(house: House, command: ControllerCommand) -> bool:
    index, level = UNIT_AND_LEVEL.decode(command.parameter2)
    return begin_ramp(house, index, level, _seconds(house, command, RAMP_TIME))


def _step_unit(house: House, command: ControllerCommand) -> bool:
    # The state byte is the command's own number: 17 to 25 dimmed, 33 to 41 brightened.
    before = lasting_state(house, command.parameter2)
    return set_state(house, command.parameter2, command.command, _seconds(house, command), before)


def _set_state(house: House, command: ControllerCommand) -> bool:
    return set_state(house, command.parameter2, command.parameter1)


def _count(house: House, command: ControllerCommand) -> bool:
    return count(house, command.parameter2, 1 if command.command == Command.INCREMENT_COUNTER else -1)


def _know_blinking_unit(house: House, command: ControllerCommand) -> bool:
    index, _ = UNIT_AND_BLINK_RATE.decode(command.parameter2)
    return house.find(ObjectType.UNIT, index) is not None


def _know_unit(house: House, command: ControllerCommand) -> bool:
    return house.find(ObjectType.UNIT, command.parameter2) is not None


def _switch_all(house: House, command: ControllerCommand) -> bool:
    return switch_all(house, command.parameter2, command.command == Command.ALL_ON)


def _presets(presets: str, action: Callable[[House, dict[int, int]], None]) -> _Handler:
    """Return a handler for a UPB link or a scene; one that is not described has no units."""

    def handle(house: House, command: ControllerCommand) -> bool:
        kept: dict[int, dict[int, int]] = getattr(house, presets)
        action(house, kept.get(command.parameter2, {}))
        return True

    return handle


def _on(house: House, preset: dict[int, int]) -> None:
    use_preset(house, preset, True)


def _off(house: House, preset: dict[int, int]) -> None:
    use_preset(house, preset, False)


# Security.


def _bypass(house: House, command: ControllerCommand) -> bool:
    return bypass_zone(house, command.parameter2, command.parameter1)


def _restore(house: House, command: ControllerCommand) -> bool:
    return restore_zone(house, command.parameter2, command.parameter1)


def _restore_all(house: House, command: ControllerCommand) -> bool:
    return restore_all_zones(house, command.parameter2, command.parameter1)


def _arm(house: House, command: ControllerCommand) -> bool:
    return not arm(house, command.parameter2, _mode(command), command.parameter1)


# Climate.


def _thermostats(change: Callable[[Thermostat, int], None], parameter: Parameter = COUNT) -> _Handler:
    """Return a handler that changes a thermostat, or with number 0 all that are described."""

    def handle(house: House, command: ControllerCommand) -> bool:
        chosen = _chosen_thermostats(house, command)
        for index, thermostat in chosen.items():
            change(thermostat, _value(house, command.parameter1, parameter))
            control(house, index)
            house.note((ObjectType.THERMOSTAT, index))
        return bool(chosen)

    return handle


def _set_system_mode(thermostat: Thermostat, value: int) -> None:
    thermostat.system_mode = HvacMode(value)


def _set_fan_mode(thermostat: Thermostat, value: int) -> None:
    thermostat.fan_mode = FanMode(value)


def _set_hold(thermostat: Thermostat, value: int) -> None:
    thermostat.hold = value


def _set_humidify_setpoint(thermostat: Thermostat, value: int) -> None:
    thermostat.humidify_setpoint = value


def _set_dehumidify_setpoint(thermostat: Thermostat, value: int) -> None:
    thermostat.dehumidify_setpoint = value


def _adjust(attribute: str) -> _Handler:
    """Return a handler that raises or lowers a set point by a signed number of steps."""

    def handle(house: House, command: ControllerCommand) -> bool:
        chosen = _chosen_thermostats(house, command)
        steps = (command.parameter1 + 128) % 256 - 128
        for index, thermostat in chosen.items():
            raised = getattr(thermostat, attribute) + steps
            _set_setpoint(house, index, attribute, min(max(raised, 0), _HIGHEST_SETPOINT))
        return bool(chosen)

    return handle


def _setpoint(thermostat_attribute: str, sensor_attribute: str) -> _Handler:
    """Return a handler that sets the set point of a thermostat, or else of the sensor of that number."""

    def handle(house: House, command: ControllerCommand) -> bool:
        value = _value(house, command.parameter1, SETPOINT)
        if command.parameter2 in house.thermostats or command.parameter2 not in house.sensors:
            chosen = _chosen_thermostats(house, command)
            for index in chosen:
                _set_setpoint(house, index, thermostat_attribute, value)
            return bool(chosen)
        setattr(house.sensors[command.parameter2], sensor_attribute, value)
        compare(house, command.parameter2)
        house.note((ObjectType.AUXILIARY_SENSOR, command.parameter2))
        return True

    return handle


def _set_setpoint(house: House, index: int, attribute: str, value: int) -> None:
    thermostat = house.thermostats[index]
    if thermostat.hold and house.has(Quirk.HOLD_IGNORES_SETPOINTS):
        return
    setattr(thermostat, attribute, value)
    control(house, index)
    house.note((ObjectType.THERMOSTAT, index))


def _chosen_thermostats(house: House, command: ControllerCommand) -> dict[int, Thermostat]:
    return _chosen(house, Thermostat, ObjectType.THERMOSTAT, house.thermostats, command.parameter2)


# Everything else.


def _know_console(house: House, command: ControllerCommand) -> bool:
    return command.parameter2 <= house.capacity(ObjectType.CONSOLE)


def _press_button(house: House, command: ControllerCommand) -> bool:
    return press_button(house, command.parameter2)


def _set_energy_cost(house: House, command: ControllerCommand) -> bool:
    house.energy_cost = command.parameter1
    house.note(_ENERGY_COSTS[command.parameter1]())
    return True


_ENERGY_COSTS = (EnergyCostLow, EnergyCostMid, EnergyCostHigh, EnergyCostCritical)


def _show_message(house: House, command: ControllerCommand) -> bool:
    return set_message(house, command.parameter2, MessageState.DISPLAYED_NOT_ACKNOWLEDGED)


def _clear_message(house: House, command: ControllerCommand) -> bool:
    if command.parameter2:
        return set_message(house, command.parameter2, MessageState.OFF)
    clear_all_messages(house, command.parameter1)
    return True


def _log_message(house: House, command: ControllerCommand) -> bool:
    if house.find(ObjectType.MESSAGE, command.parameter2) is None:
        return False
    house.write_log(EventLogType.MESSAGE_LOGGED, 0, command.parameter2)
    return True


def _know_message(house: House, command: ControllerCommand) -> bool:
    return house.find(ObjectType.MESSAGE, command.parameter2) is not None


def _set_user_setting(house: House, command: ControllerCommand) -> bool:
    setting = house.use(ObjectType.USER_SETTING, command.parameter1)
    if not isinstance(setting, UserSetting):
        return False
    setting.value = command.parameter2
    return True


def _lock(house: House, command: ControllerCommand) -> bool:
    kind = ObjectType.ACCESS_CONTROL_READER
    chosen = _chosen(house, Reader, kind, house.readers, command.parameter2)
    unlock = command.command == Command.UNLOCK_DOOR
    seconds = _seconds(house, command) if unlock else 0
    for index in chosen:
        set_lock(house, index, unlock, seconds)
    return bool(chosen)


def _chosen_zones(house: House, command: ControllerCommand) -> dict[int, AudioZone]:
    return _chosen(house, AudioZone, ObjectType.AUDIO_ZONE, house.audio_zones, command.parameter2)


def _switch_audio(house: House, command: ControllerCommand) -> bool:
    chosen, on = _chosen_zones(house, command), bool(command.parameter1 % _MUTE_OFF)

    def change(zone: AudioZone) -> None:
        if command.parameter1 >= _MUTE_OFF:
            zone.mute = on
        else:
            zone.power = on

    change_zones(house, chosen, change)
    return bool(chosen)


def _set_volume(house: House, command: ControllerCommand) -> bool:
    def change(zone: AudioZone) -> None:
        zone.volume = command.parameter1

    chosen = _chosen_zones(house, command)
    change_zones(house, chosen, change)
    return bool(chosen)


def _select_source(house: House, command: ControllerCommand) -> bool:
    def change(zone: AudioZone) -> None:
        zone.source = command.parameter1

    if house.find(ObjectType.AUDIO_SOURCE, command.parameter1) is None:
        return False
    chosen = _chosen_zones(house, command)
    change_zones(house, chosen, change)
    return bool(chosen)


def _press_key(house: House, command: ControllerCommand) -> bool:
    return press_key(house, command.parameter2, command.parameter1)


def _for(commands: Iterable[int], handler: _Handler) -> dict[Command, _Handler]:
    return {Command(number): handler for number in commands}


_HANDLERS: Mapping[Command, _Handler] = MappingProxyType(
    {
        Command.UNIT_OFF: _switch_unit,
        Command.UNIT_ON: _switch_unit,
        Command.ALL_OFF: _switch_all,
        Command.ALL_ON: _switch_all,
        Command.BYPASS_ZONE: _bypass,
        Command.RESTORE_ZONE: _restore,
        Command.RESTORE_ALL_ZONES: _restore_all,
        Command.EXECUTE_BUTTON: _press_button,
        Command.SET_ENERGY_COST: _set_energy_cost,
        Command.UNIT_LEVEL: _set_level,
        Command.DECREMENT_COUNTER: _count,
        Command.INCREMENT_COUNTER: _count,
        Command.SET_COUNTER: _set_state,
        Command.UNIT_RAMP: _ramp,
        Command.UNIT_SCENE: _set_state,
        Command.REQUEST_UPB_STATUS: _know_unit,
        **_for(range(Command.DIM_1, Command.DIM_9 + 1), _step_unit),
        Command.UPB_BLINK: _know_blinking_unit,
        Command.UPB_BLINK_STOP: _know_unit,
        Command.UPB_LINK_OFF: _presets("upb_links", _off),
        Command.UPB_LINK_ON: _presets("upb_links", _on),
        Command.UPB_LINK_SET: _presets("upb_links", set_preset),
        Command.SCENE_OFF: _presets("scenes", _off),
        Command.SCENE_ON: _presets("scenes", _on),
        Command.SCENE_SET: _presets("scenes", set_preset),
        **_for(range(Command.BRIGHTEN_1, Command.BRIGHTEN_9 + 1), _step_unit),
        Command.UPB_LED_OFF: _know_unit,
        Command.UPB_LED_ON: _know_unit,
        **_for(_ARMING, _arm),
        Command.SET_HEAT_SETPOINT: _setpoint("heat_setpoint", "low_setpoint"),
        Command.SET_COOL_SETPOINT: _setpoint("cool_setpoint", "high_setpoint"),
        Command.SET_SYSTEM_MODE: _thermostats(_set_system_mode),
        Command.SET_FAN_MODE: _thermostats(_set_fan_mode),
        Command.SET_HOLD_MODE: _thermostats(_set_hold),
        Command.ADJUST_HEAT_SETPOINT: _adjust("heat_setpoint"),
        Command.ADJUST_COOL_SETPOINT: _adjust("cool_setpoint"),
        Command.SET_HUMIDIFY_SETPOINT: _thermostats(_set_humidify_setpoint, HUMIDITY_SETPOINT),
        Command.SET_DEHUMIDIFY_SETPOINT: _thermostats(_set_dehumidify_setpoint, HUMIDITY_SETPOINT),
        Command.SHOW_MESSAGE: _show_message,
        Command.LOG_MESSAGE: _log_message,
        Command.CLEAR_MESSAGE: _clear_message,
        Command.SAY_MESSAGE: _know_message,
        Command.PHONE_AND_SAY_MESSAGE: _know_message,
        Command.SEND_MESSAGE: _know_message,
        Command.SHOW_MESSAGE_QUIETLY: _show_message,
        Command.UNIT_LEVEL_TIMED: _set_level_for_a_time,
        Command.CONSOLE_BEEPER: _know_console,
        Command.CONSOLE_BEEP: _know_console,
        Command.SET_USER_SETTING: _set_user_setting,
        Command.LOCK_DOOR: _lock,
        Command.UNLOCK_DOOR: _lock,
        Command.AUDIO_ZONE: _switch_audio,
        Command.AUDIO_VOLUME: _set_volume,
        Command.AUDIO_SOURCE: _select_source,
        Command.AUDIO_KEY: _press_key,
    }
)
"""The commands that change something here, or name an object that has to exist."""

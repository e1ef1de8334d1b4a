"""What the emulated panel does on a command (20P00 §CONTROLLER COMMAND).

A command whose parameters are out of range, or that names an object that this panel does not have, is refused. One
that nothing here can show the effect of, such as a spoken message, is accepted.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from omnilink_sansio.messages.commands import COMMANDS, Command, ControllerCommand
from omnilink_sansio.messages.commands.parameters import (
    COUNT,
    DURATION,
    HUMIDITY_SETPOINT,
    LEVEL,
    SETPOINT,
    UNIT_AND_BLINK_RATE,
    UNIT_AND_LEVEL,
    Parameter,
)
from omnilink_sansio.messages.durations import duration_seconds
from omnilink_sansio.messages.event_log import EventLogType
from omnilink_sansio.messages.events import (
    EnergyCostCritical,
    EnergyCostHigh,
    EnergyCostLow,
    EnergyCostMid,
    UserMacroButton,
)
from omnilink_sansio.messages.objects import MessageState, ObjectType, SecurityMode, UnitType
from omnilink_sansio.messages.objects.unit import LEVEL_OFFSET
from omnilink_sansio.simulator.alarm_system import arm
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects import (
    AudioZone,
    ConsoleMessage,
    HouseObject,
    Reader,
    Thermostat,
    Unit,
    UserSetting,
    Zone,
)

__all__ = ["carry_out"]

_Handler: TypeAlias = Callable[[House, ControllerCommand], bool]
_O = TypeVar("_O", bound=HouseObject)

_HIGHEST_SETPOINT = 180
_NO_LIGHTS = (UnitType.FLAG, UnitType.OUTPUT)
_HIGHEST_COUNT = 255
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


def _chosen(
    house: House, kind: type[_O], object_type: ObjectType, objects: Mapping[int, _O], index: int
) -> dict[int, _O]:
    """Return the object of a number, or with 0 all that are in use; none when there is no such object."""
    if index == 0:
        return dict(objects) if house.knows(object_type) else {}
    found = house.use(object_type, index)
    return {index: found} if isinstance(found, kind) else {}


def _unit(house: House, index: int) -> Unit | None:
    found = house.use(ObjectType.UNIT, index)
    return found if isinstance(found, Unit) else None


def _set_unit(house: House, index: int, state: int, seconds: int = 0, state_after: int = 0) -> bool:
    unit = _unit(house, index)
    if unit is None:
        return False
    unit.state, unit.state_after = state, state_after
    unit.until = house.now + seconds if seconds else None
    house.note((ObjectType.UNIT, index))
    return True


def _switch_unit(house: House, command: ControllerCommand) -> bool:
    on = int(command.command == Command.UNIT_ON)
    return _set_unit(house, command.parameter2, on, _seconds(house, command), 1 - on)


def _value(house: House, raw: int, parameter: Parameter) -> int:
    """Return the first parameter's byte, or that of the user setting that it names."""
    number = parameter.user_setting(raw)
    if number is None:
        return raw
    setting = house.user_settings.get(number)
    return 0 if setting is None else setting.value & 0xFF


def _seconds(house: House, command: ControllerCommand) -> int:
    return duration_seconds(_value(house, command.parameter1, DURATION)) or 0


def _set_level(house: House, command: ControllerCommand) -> bool:
    return _set_unit(
        house, command.parameter2, LEVEL_OFFSET + min(_value(house, command.parameter1, LEVEL), 100)
    )


def _set_packed_level(house: House, command: ControllerCommand) -> bool:
    index, level = UNIT_AND_LEVEL.decode(command.parameter2)
    timed = command.command == Command.UNIT_LEVEL_TIMED
    unit = _unit(house, index)
    before = 0 if unit is None else unit.lasting_state
    seconds = _seconds(house, command) if timed else 0
    return _set_unit(house, index, LEVEL_OFFSET + level, seconds, before)


def _step_unit(house: House, command: ControllerCommand) -> bool:
    # The state byte is the command's own number: 17 to 25 dimmed, 33 to 41 brightened.
    unit = _unit(house, command.parameter2)
    before = 0 if unit is None else unit.lasting_state
    return _set_unit(house, command.parameter2, command.command, _seconds(house, command), before)


def _set_state(house: House, command: ControllerCommand) -> bool:
    return _set_unit(house, command.parameter2, command.parameter1)


def _count(house: House, command: ControllerCommand) -> bool:
    unit = _unit(house, command.parameter2)
    if unit is None:
        return False
    step = 1 if command.command == Command.INCREMENT_COUNTER else -1
    return _set_unit(house, command.parameter2, min(max(unit.state + step, 0), _HIGHEST_COUNT))


def _know_blinking_unit(house: House, command: ControllerCommand) -> bool:
    index, _ = UNIT_AND_BLINK_RATE.decode(command.parameter2)
    return house.find(ObjectType.UNIT, index) is not None


def _know_console(house: House, command: ControllerCommand) -> bool:
    return command.parameter2 <= house.capacities.get(ObjectType.CONSOLE, 0)


def _know_unit(house: House, command: ControllerCommand) -> bool:
    return house.find(ObjectType.UNIT, command.parameter2) is not None


def _switch_all(house: House, command: ControllerCommand) -> bool:
    if command.parameter2 > house.capacities.get(ObjectType.AREA, 0):
        return False
    for index, unit in house.units.items():
        # Flags and outputs are no lights.
        if unit.name and unit.unit_type not in _NO_LIGHTS and _in_area(unit, command.parameter2):
            _set_unit(house, index, int(command.command == Command.ALL_ON))
    return True


def _in_area(item: HouseObject, area: int) -> bool:
    return area == 0 or bool(item.areas() >> area - 1 & 1)


def _bypass(house: House, command: ControllerCommand) -> bool:
    zone = house.use(ObjectType.ZONE, command.parameter2)
    if not isinstance(zone, Zone):
        return False
    zone.bypassed = command.command == Command.BYPASS_ZONE
    event = EventLogType.ZONE_BYPASSED if zone.bypassed else EventLogType.ZONE_RESTORED
    house.write_log(event, command.parameter1, command.parameter2)
    house.note((ObjectType.ZONE, command.parameter2))
    return True


def _restore_all(house: House, command: ControllerCommand) -> bool:
    if command.parameter2 > house.capacities.get(ObjectType.AREA, 0):
        return False
    for index, zone in house.zones.items():
        if zone.bypassed and _in_area(zone, command.parameter2):
            zone.bypassed = False
            house.note((ObjectType.ZONE, index))
    house.write_log(EventLogType.ALL_ZONES_RESTORED, command.parameter1, command.parameter2)
    return True


def _arm(house: House, command: ControllerCommand) -> bool:
    mode = SecurityMode(command.command - Command.SECURITY_OFF)
    return not arm(house, command.parameter2, mode, command.parameter1)


def _press_button(house: House, command: ControllerCommand) -> bool:
    if house.find(ObjectType.BUTTON, command.parameter2) is None:
        return False
    house.note(UserMacroButton(command.parameter2))
    return True


def _set_energy_cost(house: House, command: ControllerCommand) -> bool:
    house.note(_ENERGY_COSTS[command.parameter1]())
    return True


_ENERGY_COSTS = (EnergyCostLow, EnergyCostMid, EnergyCostHigh, EnergyCostCritical)


def _thermostats(attribute: str, parameter: Parameter = COUNT) -> _Handler:
    """Return a handler that sets one attribute of a thermostat, or of all with number 0."""

    def handle(house: House, command: ControllerCommand) -> bool:
        chosen = _chosen_thermostats(house, command)
        for index, thermostat in chosen.items():
            setattr(thermostat, attribute, _value(house, command.parameter1, parameter))
            house.note((ObjectType.THERMOSTAT, index))
        return bool(chosen)

    return handle


def _adjust(attribute: str) -> _Handler:
    """Return a handler that raises or lowers a set point by a signed number of steps."""

    def handle(house: House, command: ControllerCommand) -> bool:
        chosen = _chosen_thermostats(house, command)
        steps = (command.parameter1 + 128) % 256 - 128
        for index, thermostat in chosen.items():
            raised = getattr(thermostat, attribute) + steps
            setattr(thermostat, attribute, min(max(raised, 0), _HIGHEST_SETPOINT))
            house.note((ObjectType.THERMOSTAT, index))
        return bool(chosen)

    return handle


def _setpoint(thermostat_attribute: str, sensor_attribute: str) -> _Handler:
    """Return a handler that sets the set point of a thermostat, or else of the sensor of that number."""
    of_thermostats = _thermostats(thermostat_attribute, SETPOINT)

    def handle(house: House, command: ControllerCommand) -> bool:
        if command.parameter2 in house.thermostats or command.parameter2 not in house.sensors:
            return of_thermostats(house, command)
        sensor = house.sensors[command.parameter2]
        setattr(sensor, sensor_attribute, _value(house, command.parameter1, SETPOINT))
        house.note((ObjectType.AUXILIARY_SENSOR, command.parameter2))
        return True

    return handle


def _chosen_thermostats(house: House, command: ControllerCommand) -> dict[int, Thermostat]:
    return _chosen(house, Thermostat, ObjectType.THERMOSTAT, house.thermostats, command.parameter2)


def _show_message(house: House, command: ControllerCommand) -> bool:
    return _set_messages(house, command, MessageState.DISPLAYED_NOT_ACKNOWLEDGED)


def _clear_message(house: House, command: ControllerCommand) -> bool:
    return _set_messages(house, command, MessageState.OFF)


def _set_messages(house: House, command: ControllerCommand, state: MessageState) -> bool:
    chosen = _chosen(house, ConsoleMessage, ObjectType.MESSAGE, house.messages, command.parameter2)
    area = 0 if command.parameter2 else command.parameter1
    for index, message in chosen.items():
        if message.state is not state and _in_area(message, area):
            message.state = state
            house.note((ObjectType.MESSAGE, index))
    return bool(chosen) or command.parameter2 == 0


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
    for index, reader in chosen.items():
        reader.unlocked = unlock
        reader.until = house.now + seconds if seconds else None
        house.note((ObjectType.ACCESS_CONTROL_READER_LOCK, index))
    return bool(chosen)


def _switch_audio(house: House, command: ControllerCommand) -> bool:
    attribute = "mute" if command.parameter1 >= _MUTE_OFF else "power"
    return _set_audio(house, command, attribute, command.parameter1 % _MUTE_OFF)


def _set_volume(house: House, command: ControllerCommand) -> bool:
    return _set_audio(house, command, "volume", command.parameter1)


def _select_source(house: House, command: ControllerCommand) -> bool:
    if house.find(ObjectType.AUDIO_SOURCE, command.parameter1) is None:
        return False
    return _set_audio(house, command, "source", command.parameter1)


def _set_audio(house: House, command: ControllerCommand, attribute: str, value: int) -> bool:
    kind = ObjectType.AUDIO_ZONE
    chosen = _chosen(house, AudioZone, kind, house.audio_zones, command.parameter2)
    for index, zone in chosen.items():
        setattr(zone, attribute, value)
        house.note((kind, index))
    return bool(chosen)


def _know_audio_zone(house: House, command: ControllerCommand) -> bool:
    return house.find(ObjectType.AUDIO_ZONE, command.parameter2) is not None


def _for(commands: Iterable[int], handler: _Handler) -> dict[Command, _Handler]:
    return {Command(number): handler for number in commands}


_HANDLERS: Mapping[Command, _Handler] = MappingProxyType(
    {
        Command.UNIT_OFF: _switch_unit,
        Command.UNIT_ON: _switch_unit,
        Command.ALL_OFF: _switch_all,
        Command.ALL_ON: _switch_all,
        Command.BYPASS_ZONE: _bypass,
        Command.RESTORE_ZONE: _bypass,
        Command.RESTORE_ALL_ZONES: _restore_all,
        Command.EXECUTE_BUTTON: _press_button,
        Command.SET_ENERGY_COST: _set_energy_cost,
        Command.UNIT_LEVEL: _set_level,
        Command.DECREMENT_COUNTER: _count,
        Command.INCREMENT_COUNTER: _count,
        Command.SET_COUNTER: _set_state,
        Command.UNIT_RAMP: _set_packed_level,
        Command.UNIT_SCENE: _set_state,
        Command.REQUEST_UPB_STATUS: _know_unit,
        **_for(range(Command.DIM_1, Command.DIM_9 + 1), _step_unit),
        Command.UPB_BLINK: _know_blinking_unit,
        Command.UPB_BLINK_STOP: _know_unit,
        **_for(range(Command.BRIGHTEN_1, Command.BRIGHTEN_9 + 1), _step_unit),
        Command.UPB_LED_OFF: _know_unit,
        Command.UPB_LED_ON: _know_unit,
        **_for((Command.SECURITY_OFF + mode for mode in SecurityMode), _arm),
        Command.SET_HEAT_SETPOINT: _setpoint("heat_setpoint", "low_setpoint"),
        Command.SET_COOL_SETPOINT: _setpoint("cool_setpoint", "high_setpoint"),
        Command.SET_SYSTEM_MODE: _thermostats("system_mode"),
        Command.SET_FAN_MODE: _thermostats("fan_mode"),
        Command.SET_HOLD_MODE: _thermostats("hold"),
        Command.ADJUST_HEAT_SETPOINT: _adjust("heat_setpoint"),
        Command.ADJUST_COOL_SETPOINT: _adjust("cool_setpoint"),
        Command.SET_HUMIDIFY_SETPOINT: _thermostats("humidify_setpoint", HUMIDITY_SETPOINT),
        Command.SET_DEHUMIDIFY_SETPOINT: _thermostats("dehumidify_setpoint", HUMIDITY_SETPOINT),
        Command.SHOW_MESSAGE: _show_message,
        Command.LOG_MESSAGE: _log_message,
        Command.CLEAR_MESSAGE: _clear_message,
        Command.SAY_MESSAGE: _know_message,
        Command.PHONE_AND_SAY_MESSAGE: _know_message,
        Command.SEND_MESSAGE: _know_message,
        Command.SHOW_MESSAGE_QUIETLY: _show_message,
        Command.UNIT_LEVEL_TIMED: _set_packed_level,
        Command.CONSOLE_BEEPER: _know_console,
        Command.CONSOLE_BEEP: _know_console,
        Command.SET_USER_SETTING: _set_user_setting,
        Command.LOCK_DOOR: _lock,
        Command.UNLOCK_DOOR: _lock,
        Command.AUDIO_ZONE: _switch_audio,
        Command.AUDIO_VOLUME: _set_volume,
        Command.AUDIO_SOURCE: _select_source,
        Command.AUDIO_KEY: _know_audio_zone,
    }
)
"""The commands that change something here, or name an object that has to exist."""

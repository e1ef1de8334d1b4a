"""What the happenings do to a house."""

from functools import singledispatch

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.commands.controller_command import ControllerCommand
from omnilink_sansio.messages.event_registry import parse_event_word
from omnilink_sansio.messages.objects.message import MessageState
from omnilink_sansio.messages.objects.zone import ZoneCondition
from omnilink_sansio.messages.temperature import celsius_to_omni_temp, humidity_to_omni_temp
from omnilink_sansio.simulator import happenings as h
from omnilink_sansio.simulator.behaviour.alarms import raise_alarm, reset_alarms
from omnilink_sansio.simulator.behaviour.arming import arm
from omnilink_sansio.simulator.behaviour.audio import play_title
from omnilink_sansio.simulator.behaviour.buttons import press_button
from omnilink_sansio.simulator.behaviour.climate import change_sensor, change_temperature, lose_thermostat
from omnilink_sansio.simulator.behaviour.codes import whose_code
from omnilink_sansio.simulator.behaviour.commands import carry_out
from omnilink_sansio.simulator.behaviour.console_messages import set_message
from omnilink_sansio.simulator.behaviour.doors import present_card
from omnilink_sansio.simulator.behaviour.troubles import begin_trouble, end_trouble
from omnilink_sansio.simulator.behaviour.units import set_level, set_state
from omnilink_sansio.simulator.behaviour.zones import change_zone
from omnilink_sansio.simulator.house import House

__all__ = ["happens", "make_happen"]


def make_happen(house: House, happening: h.Happening) -> None:
    """Let something happen in a house now. Raises `LocalProtocolError` for what is not in it, or is refused."""
    house.check_happening(happening)
    if not happens(house, happening):
        raise LocalProtocolError(
            f'"{happening.FORM}": this house refuses that: it has no such object, or its model or state forbids it'
        )


def happens(house: House, happening: h.Happening) -> bool:
    """Let something happen in a house now, as its script or a button wants it; False when the house refuses it."""
    return _happen(happening, house)


@singledispatch
def _happen(happening: h.Happening, house: House) -> bool:
    del house
    raise LocalProtocolError(f"nothing is known of {type(happening).__name__}")


@_happen.register
def _(happening: h.OpenZone, house: House) -> bool:
    return change_zone(house, happening.zone, ZoneCondition.NOT_READY)


@_happen.register
def _(happening: h.CloseZone, house: House) -> bool:
    return change_zone(house, happening.zone, ZoneCondition.SECURE)


@_happen.register
def _(happening: h.ChangeZone, house: House) -> bool:
    return change_zone(house, happening.zone, happening.condition)


@_happen.register
def _(happening: h.RaiseAlarm, house: House) -> bool:
    return raise_alarm(house, happening.area, happening.alarm)


@_happen.register
def _(happening: h.ResetAlarms, house: House) -> bool:
    for index in house.areas:
        if happening.area in (0, index):
            reset_alarms(house, index)
    return True


@_happen.register
def _(happening: h.ArmAtKeypad, house: House) -> bool:
    number, _authority = whose_code(house, happening.area, happening.code)
    if number:
        arm(house, happening.area, happening.mode, number)
    return True


@_happen.register
def _(happening: h.PressButton, house: House) -> bool:
    return press_button(house, happening.button)


@_happen.register
def _(happening: h.TurnUnitOn, house: House) -> bool:
    return set_state(house, happening.unit, 1)


@_happen.register
def _(happening: h.TurnUnitOff, house: House) -> bool:
    return set_state(house, happening.unit, 0)


@_happen.register
def _(happening: h.SetUnitLevel, house: House) -> bool:
    return set_level(house, happening.unit, happening.percent)


@_happen.register
def _(happening: h.SetRoomTemperature, house: House) -> bool:
    return change_temperature(house, happening.thermostat, celsius_to_omni_temp(happening.celsius))


@_happen.register
def _(happening: h.LoseThermostat, house: House) -> bool:
    return lose_thermostat(house, happening.thermostat, True)


@_happen.register
def _(happening: h.HearFromThermostat, house: House) -> bool:
    return lose_thermostat(house, happening.thermostat, False)


@_happen.register
def _(happening: h.SetSensorTemperature, house: House) -> bool:
    return change_sensor(house, happening.sensor, celsius_to_omni_temp(happening.celsius))


@_happen.register
def _(happening: h.SetSensorHumidity, house: House) -> bool:
    return change_sensor(house, happening.sensor, humidity_to_omni_temp(happening.percent))


@_happen.register
def _(happening: h.BeginTrouble, house: House) -> bool:
    begin_trouble(house, happening.trouble)
    return True


@_happen.register
def _(happening: h.EndTrouble, house: House) -> bool:
    end_trouble(house, happening.trouble)
    return True


@_happen.register
def _(happening: h.PresentCard, house: House) -> bool:
    return present_card(house, happening.user, happening.reader)


@_happen.register
def _(happening: h.ShowMessage, house: House) -> bool:
    return set_message(house, happening.message, MessageState.DISPLAYED_NOT_ACKNOWLEDGED)


@_happen.register
def _(happening: h.ClearMessage, house: House) -> bool:
    return set_message(house, happening.message, MessageState.OFF)


@_happen.register
def _(happening: h.PlayTitle, house: House) -> bool:
    return play_title(house, happening.source, happening.text)


@_happen.register
def _(happening: h.ReceiveEvent, house: House) -> bool:
    house.note(parse_event_word(happening.word, house.model.family))
    return True


@_happen.register
def _(happening: h.RunCommand, house: House) -> bool:
    return carry_out(house, ControllerCommand(happening.command, happening.parameter1, happening.parameter2))

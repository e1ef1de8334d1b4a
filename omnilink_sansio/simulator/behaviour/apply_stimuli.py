"""What each stimulus does to a house."""

from functools import singledispatch

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.commands.controller_command import ControllerCommand
from omnilink_sansio.messages.event_registry import parse_event_word
from omnilink_sansio.messages.objects.message import MessageState
from omnilink_sansio.messages.objects.zone import ZoneCondition
from omnilink_sansio.messages.temperature import celsius_to_omni_temp, humidity_to_omni_temp
from omnilink_sansio.simulator import stimuli as h
from omnilink_sansio.simulator.behaviour.alarms import raise_alarm, reset_alarms
from omnilink_sansio.simulator.behaviour.arming import arm
from omnilink_sansio.simulator.behaviour.audio import play_title
from omnilink_sansio.simulator.behaviour.buttons import press_button
from omnilink_sansio.simulator.behaviour.climate import change_sensor, change_temperature, lose_thermostat
from omnilink_sansio.simulator.behaviour.codes import identify_code
from omnilink_sansio.simulator.behaviour.commands import carry_out
from omnilink_sansio.simulator.behaviour.console_messages import set_message
from omnilink_sansio.simulator.behaviour.doors import present_card
from omnilink_sansio.simulator.behaviour.troubles import begin_trouble, end_trouble
from omnilink_sansio.simulator.behaviour.units import set_level, set_state
from omnilink_sansio.simulator.behaviour.zones import change_zone
from omnilink_sansio.simulator.house import House

__all__ = ["apply", "try_apply"]


def apply(house: House, stimulus: h.Stimulus) -> None:
    """Let something happen in a house now. Raises `LocalProtocolError` for what is not in it, or is refused."""
    house.check_stimulus(stimulus)
    if not try_apply(house, stimulus):
        raise LocalProtocolError(
            f'"{stimulus.FORM}": this house refuses that: it has no such object, or its model or state forbids it'
        )


def try_apply(house: House, stimulus: h.Stimulus) -> bool:
    """Let something happen in a house now, as its script or a button wants it; False when the house refuses it."""
    return _apply(stimulus, house)


@singledispatch
def _apply(stimulus: h.Stimulus, house: House) -> bool:
    del house
    raise LocalProtocolError(f"nothing is known of {type(stimulus).__name__}")


@_apply.register
def _(stimulus: h.OpenZone, house: House) -> bool:
    return change_zone(house, stimulus.zone, ZoneCondition.NOT_READY)


@_apply.register
def _(stimulus: h.CloseZone, house: House) -> bool:
    return change_zone(house, stimulus.zone, ZoneCondition.SECURE)


@_apply.register
def _(stimulus: h.ChangeZone, house: House) -> bool:
    return change_zone(house, stimulus.zone, stimulus.condition)


@_apply.register
def _(stimulus: h.RaiseAlarm, house: House) -> bool:
    return raise_alarm(house, stimulus.area, stimulus.alarm)


@_apply.register
def _(stimulus: h.ResetAlarms, house: House) -> bool:
    for index in house.areas:
        if stimulus.area in (0, index):
            reset_alarms(house, index)
    return True


@_apply.register
def _(stimulus: h.ArmAtKeypad, house: House) -> bool:
    number, _authority = identify_code(house, stimulus.area, stimulus.code)
    if number:
        arm(house, stimulus.area, stimulus.mode, number)
    return True


@_apply.register
def _(stimulus: h.PressButton, house: House) -> bool:
    return press_button(house, stimulus.button)


@_apply.register
def _(stimulus: h.TurnUnitOn, house: House) -> bool:
    return set_state(house, stimulus.unit, 1)


@_apply.register
def _(stimulus: h.TurnUnitOff, house: House) -> bool:
    return set_state(house, stimulus.unit, 0)


@_apply.register
def _(stimulus: h.SetUnitLevel, house: House) -> bool:
    return set_level(house, stimulus.unit, stimulus.percent)


@_apply.register
def _(stimulus: h.SetRoomTemperature, house: House) -> bool:
    return change_temperature(house, stimulus.thermostat, celsius_to_omni_temp(stimulus.celsius))


@_apply.register
def _(stimulus: h.LoseThermostat, house: House) -> bool:
    return lose_thermostat(house, stimulus.thermostat, True)


@_apply.register
def _(stimulus: h.HearFromThermostat, house: House) -> bool:
    return lose_thermostat(house, stimulus.thermostat, False)


@_apply.register
def _(stimulus: h.SetSensorTemperature, house: House) -> bool:
    return change_sensor(house, stimulus.sensor, celsius_to_omni_temp(stimulus.celsius))


@_apply.register
def _(stimulus: h.SetSensorHumidity, house: House) -> bool:
    return change_sensor(house, stimulus.sensor, humidity_to_omni_temp(stimulus.percent))


@_apply.register
def _(stimulus: h.BeginTrouble, house: House) -> bool:
    begin_trouble(house, stimulus.trouble)
    return True


@_apply.register
def _(stimulus: h.EndTrouble, house: House) -> bool:
    end_trouble(house, stimulus.trouble)
    return True


@_apply.register
def _(stimulus: h.PresentCard, house: House) -> bool:
    return present_card(house, stimulus.user, stimulus.reader)


@_apply.register
def _(stimulus: h.ShowMessage, house: House) -> bool:
    return set_message(house, stimulus.message, MessageState.DISPLAYED_NOT_ACKNOWLEDGED)


@_apply.register
def _(stimulus: h.ClearMessage, house: House) -> bool:
    return set_message(house, stimulus.message, MessageState.OFF)


@_apply.register
def _(stimulus: h.PlayTitle, house: House) -> bool:
    return play_title(house, stimulus.source, stimulus.text)


@_apply.register
def _(stimulus: h.ReceiveEvent, house: House) -> bool:
    house.note(parse_event_word(stimulus.word, house.model.family))
    return True


@_apply.register
def _(stimulus: h.RunCommand, house: House) -> bool:
    return carry_out(house, ControllerCommand(stimulus.command, stimulus.parameter1, stimulus.parameter2))

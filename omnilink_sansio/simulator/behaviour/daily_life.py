"""What the happenings do to a house."""

from functools import singledispatch

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.commands import ControllerCommand
from omnilink_sansio.messages.events import parse_event_word
from omnilink_sansio.messages.objects import MessageState, ZoneCondition
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

__all__ = ["make_happen"]


def make_happen(house: House, happening: h.Happening) -> None:
    """Let something happen in a house now. Raises `LocalProtocolError` for what is not in it."""
    house.check_happening(happening)
    _happen(happening, house)


@singledispatch
def _happen(happening: h.Happening, house: House) -> None:
    del house
    raise LocalProtocolError(f"nothing is known of {type(happening).__name__}")


@_happen.register
def _(happening: h.OpenZone, house: House) -> None:
    change_zone(house, happening.zone, ZoneCondition.NOT_READY)


@_happen.register
def _(happening: h.CloseZone, house: House) -> None:
    change_zone(house, happening.zone, ZoneCondition.SECURE)


@_happen.register
def _(happening: h.ChangeZone, house: House) -> None:
    change_zone(house, happening.zone, happening.condition)


@_happen.register
def _(happening: h.RaiseAlarm, house: House) -> None:
    raise_alarm(house, happening.area, happening.alarm)


@_happen.register
def _(happening: h.ResetAlarms, house: House) -> None:
    for index in house.areas:
        if happening.area in (0, index):
            reset_alarms(house, index)


@_happen.register
def _(happening: h.ArmAtKeypad, house: House) -> None:
    number, _authority = whose_code(house, happening.area, happening.code)
    if number:
        arm(house, happening.area, happening.mode, number)


@_happen.register
def _(happening: h.PressButton, house: House) -> None:
    press_button(house, happening.button)


@_happen.register
def _(happening: h.TurnUnitOn, house: House) -> None:
    set_state(house, happening.unit, 1)


@_happen.register
def _(happening: h.TurnUnitOff, house: House) -> None:
    set_state(house, happening.unit, 0)


@_happen.register
def _(happening: h.SetUnitLevel, house: House) -> None:
    set_level(house, happening.unit, happening.percent)


@_happen.register
def _(happening: h.SetRoomTemperature, house: House) -> None:
    change_temperature(house, happening.thermostat, celsius_to_omni_temp(happening.celsius))


@_happen.register
def _(happening: h.LoseThermostat, house: House) -> None:
    lose_thermostat(house, happening.thermostat, True)


@_happen.register
def _(happening: h.HearFromThermostat, house: House) -> None:
    lose_thermostat(house, happening.thermostat, False)


@_happen.register
def _(happening: h.SetSensorTemperature, house: House) -> None:
    change_sensor(house, happening.sensor, celsius_to_omni_temp(happening.celsius))


@_happen.register
def _(happening: h.SetSensorHumidity, house: House) -> None:
    change_sensor(house, happening.sensor, humidity_to_omni_temp(happening.percent))


@_happen.register
def _(happening: h.BeginTrouble, house: House) -> None:
    begin_trouble(house, happening.trouble)


@_happen.register
def _(happening: h.EndTrouble, house: House) -> None:
    end_trouble(house, happening.trouble)


@_happen.register
def _(happening: h.PresentCard, house: House) -> None:
    present_card(house, happening.user, happening.reader)


@_happen.register
def _(happening: h.ShowMessage, house: House) -> None:
    set_message(house, happening.message, MessageState.DISPLAYED_NOT_ACKNOWLEDGED)


@_happen.register
def _(happening: h.ClearMessage, house: House) -> None:
    set_message(house, happening.message, MessageState.OFF)


@_happen.register
def _(happening: h.PlayTitle, house: House) -> None:
    play_title(house, happening.source, happening.text)


@_happen.register
def _(happening: h.ReceiveEvent, house: House) -> None:
    house.note(parse_event_word(happening.word, house.model.family))


@_happen.register
def _(happening: h.RunCommand, house: House) -> None:
    carry_out(house, ControllerCommand(happening.command, happening.parameter1, happening.parameter2))

"""An emulated panel for people without one: a house, its behaviour on the time passed in, its sessions."""

from omnilink_sansio.simulator.demo import demo_house
from omnilink_sansio.simulator.faults.fault_plan import FAULT_FORMS, FaultKind, FaultPlan, PlannedFault
from omnilink_sansio.simulator.house import House, ScriptLine, StatusChange
from omnilink_sansio.simulator.house_objects.access_control import Reader
from omnilink_sansio.simulator.house_objects.area import Area
from omnilink_sansio.simulator.house_objects.audio import AudioSource, AudioZone
from omnilink_sansio.simulator.house_objects.auxiliary_sensor import AuxiliarySensor
from omnilink_sansio.simulator.house_objects.button import Button
from omnilink_sansio.simulator.house_objects.code import Code
from omnilink_sansio.simulator.house_objects.console_message import ConsoleMessage
from omnilink_sansio.simulator.house_objects.enclosure import Enclosure
from omnilink_sansio.simulator.house_objects.house_object import HouseObject
from omnilink_sansio.simulator.house_objects.thermostat import Thermostat
from omnilink_sansio.simulator.house_objects.unit import Ramp, Unit
from omnilink_sansio.simulator.house_objects.user_setting import UserSetting
from omnilink_sansio.simulator.house_objects.zone import Zone
from omnilink_sansio.simulator.models import MODELS, PanelModel
from omnilink_sansio.simulator.panel import EmulatedPanel
from omnilink_sansio.simulator.panel_description import PanelDescription, PanelTransport
from omnilink_sansio.simulator.quirks import Quirk
from omnilink_sansio.simulator.stimuli import (
    STIMULI,
    STIMULUS_FORMS,
    ArmAtKeypad,
    BeginTrouble,
    ChangeZone,
    ClearMessage,
    CloseZone,
    EndTrouble,
    HearFromThermostat,
    LoseThermostat,
    OpenZone,
    PlayTitle,
    PresentCard,
    PressButton,
    RaiseAlarm,
    ReceiveEvent,
    ResetAlarms,
    RunCommand,
    SetRoomTemperature,
    SetSensorHumidity,
    SetSensorTemperature,
    SetUnitLevel,
    ShowMessage,
    Stimulus,
    TurnUnitOff,
    TurnUnitOn,
    parse_stimulus,
)

__all__ = [
    "FAULT_FORMS",
    "MODELS",
    "STIMULI",
    "STIMULUS_FORMS",
    "Area",
    "ArmAtKeypad",
    "AudioSource",
    "AudioZone",
    "AuxiliarySensor",
    "BeginTrouble",
    "Button",
    "ChangeZone",
    "ClearMessage",
    "CloseZone",
    "Code",
    "ConsoleMessage",
    "EmulatedPanel",
    "Enclosure",
    "EndTrouble",
    "FaultKind",
    "FaultPlan",
    "HearFromThermostat",
    "House",
    "HouseObject",
    "LoseThermostat",
    "OpenZone",
    "PanelDescription",
    "PanelModel",
    "PanelTransport",
    "PlannedFault",
    "PlayTitle",
    "PresentCard",
    "PressButton",
    "Quirk",
    "RaiseAlarm",
    "Ramp",
    "Reader",
    "ReceiveEvent",
    "ResetAlarms",
    "RunCommand",
    "ScriptLine",
    "SetRoomTemperature",
    "SetSensorHumidity",
    "SetSensorTemperature",
    "SetUnitLevel",
    "ShowMessage",
    "StatusChange",
    "Stimulus",
    "Thermostat",
    "TurnUnitOff",
    "TurnUnitOn",
    "Unit",
    "UserSetting",
    "Zone",
    "demo_house",
    "parse_stimulus",
]

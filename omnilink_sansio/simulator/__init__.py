"""An emulated panel for people without one: a house, its behaviour on the time passed in, its sessions."""

from omnilink_sansio.simulator.demo import demo_house
from omnilink_sansio.simulator.faults.fault_plan import FAULT_FORMS, FaultKind, FaultPlan, PlannedFault
from omnilink_sansio.simulator.happenings import (
    HAPPENING_FORMS,
    HAPPENINGS,
    ArmAtKeypad,
    BeginTrouble,
    ChangeZone,
    ClearMessage,
    CloseZone,
    EndTrouble,
    Happening,
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
    TurnUnitOff,
    TurnUnitOn,
    parse_happening,
)
from omnilink_sansio.simulator.house import Change, House, ScriptLine
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

__all__ = [
    "FAULT_FORMS",
    "HAPPENINGS",
    "HAPPENING_FORMS",
    "MODELS",
    "Area",
    "ArmAtKeypad",
    "AudioSource",
    "AudioZone",
    "AuxiliarySensor",
    "BeginTrouble",
    "Button",
    "Change",
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
    "Happening",
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
    "Thermostat",
    "TurnUnitOff",
    "TurnUnitOn",
    "Unit",
    "UserSetting",
    "Zone",
    "demo_house",
    "parse_happening",
]

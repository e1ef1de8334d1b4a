"""An emulated panel for people without one: a house, its behaviour on the time passed in, its sessions."""

from omnilink_sansio.simulator.demo import demo_house
from omnilink_sansio.simulator.house import Change, House
from omnilink_sansio.simulator.house_objects import (
    Area,
    AudioSource,
    AudioZone,
    AuxiliarySensor,
    Button,
    Code,
    ConsoleMessage,
    Enclosure,
    HouseObject,
    Reader,
    Thermostat,
    Unit,
    UserSetting,
    Zone,
)
from omnilink_sansio.simulator.panel import EmulatedPanel

__all__ = [
    "Area",
    "AudioSource",
    "AudioZone",
    "AuxiliarySensor",
    "Button",
    "Change",
    "Code",
    "ConsoleMessage",
    "EmulatedPanel",
    "Enclosure",
    "House",
    "HouseObject",
    "Reader",
    "Thermostat",
    "Unit",
    "UserSetting",
    "Zone",
    "demo_house",
]

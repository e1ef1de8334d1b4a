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
    Enclosure,
    HouseObject,
    Message,
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
    "EmulatedPanel",
    "Enclosure",
    "House",
    "HouseObject",
    "Message",
    "Reader",
    "Thermostat",
    "Unit",
    "UserSetting",
    "Zone",
    "demo_house",
]

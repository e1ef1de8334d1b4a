"""The objects of a house behind an emulated panel: each kind with its state, and its records as of now.

Describe them as literals; `demo_house` is an example. What changes them, and when, is beside this package.
"""

from omnilink_sansio.simulator.house_objects.access_control import Reader
from omnilink_sansio.simulator.house_objects.area import Area
from omnilink_sansio.simulator.house_objects.audio import AudioSource, AudioZone
from omnilink_sansio.simulator.house_objects.auxiliary_sensor import AuxiliarySensor
from omnilink_sansio.simulator.house_objects.button import Button
from omnilink_sansio.simulator.house_objects.code import Code
from omnilink_sansio.simulator.house_objects.console_message import ConsoleMessage
from omnilink_sansio.simulator.house_objects.enclosure import Enclosure
from omnilink_sansio.simulator.house_objects.house_object import HouseObject, Surroundings, name_field
from omnilink_sansio.simulator.house_objects.thermostat import Thermostat
from omnilink_sansio.simulator.house_objects.unit import Ramp, Unit
from omnilink_sansio.simulator.house_objects.user_setting import UserSetting
from omnilink_sansio.simulator.house_objects.zone import Zone

__all__ = [
    "Area",
    "AudioSource",
    "AudioZone",
    "AuxiliarySensor",
    "Button",
    "Code",
    "ConsoleMessage",
    "Enclosure",
    "HouseObject",
    "Ramp",
    "Reader",
    "Surroundings",
    "Thermostat",
    "Unit",
    "UserSetting",
    "Zone",
    "name_field",
]

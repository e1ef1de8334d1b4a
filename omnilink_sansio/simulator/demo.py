"""The house that the demonstration shows."""

from datetime import time
from typing import TypeVar

from omnilink_sansio.messages.models import ControllerModel
from omnilink_sansio.messages.objects.message import MessageState
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.thermostat import HvacMode, ThermostatKind
from omnilink_sansio.messages.objects.user_setting import UserSettingKind, encode_user_setting
from omnilink_sansio.messages.objects.zone import ZoneCondition, ZoneType
from omnilink_sansio.messages.security import CodeAuthority
from omnilink_sansio.messages.temperature import celsius_to_omni_temp, humidity_to_omni_temp
from omnilink_sansio.secrets import UserCode
from omnilink_sansio.simulator.house import House
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
from omnilink_sansio.simulator.house_objects.unit import Unit
from omnilink_sansio.simulator.house_objects.user_setting import UserSetting
from omnilink_sansio.simulator.house_objects.zone import Zone
from omnilink_sansio.simulator.models import MODELS

__all__ = ["demo_house"]

_O = TypeVar("_O", bound=HouseObject)

_SENSORS_LEFT = 5
"""Numbers behind the last sensor."""


def demo_house(model: ControllerModel = ControllerModel.OMNI_PRO_II) -> House:
    """Return a new small house with a little of everything, as far as the model has room for it."""
    facts = MODELS[model]
    last_sensor = facts.capacities[ObjectType.AUXILIARY_SENSOR] - _SENSORS_LEFT
    house = House(
        model=model,
        phone="5551234",
        zones={
            1: Zone("FRONT DOOR", ZoneType.ENTRY_EXIT),
            2: Zone("BACK DOOR", ZoneType.ENTRY_EXIT),
            3: Zone("KITCHEN WINDOW", ZoneType.PERIMETER, condition=ZoneCondition.NOT_READY, loop=0xA8),
            4: Zone("HALL MOTION", ZoneType.AWAY_INTERIOR),
            5: Zone("SMOKE UPSTAIRS", ZoneType.FIRE),
            6: Zone("GARAGE DOOR", ZoneType.PERIMETER, area=2),
            7: Zone("CELLAR WATER", ZoneType.WATER),
        },
        units={
            1: Unit("PORCH"),
            2: Unit("HALL", state=160),
            3: Unit("KITCHEN", state=1),
            4: Unit("BEDROOM"),
            **{first: Unit("SPRINKLER") for first in facts.outputs[:1]},
            **{first: Unit("HOLIDAY") for first in facts.flags[:1]},
        },
        areas={1: Area("HOUSE"), 2: Area("GARAGE", exit_delay=30)},
        thermostats={
            1: Thermostat(
                "DOWNSTAIRS",
                ThermostatKind.AUTO_HEAT_COOL,
                temperature=celsius_to_omni_temp(21.5),
                system_mode=HvacMode.AUTO,
                humidity=90,
                outdoor_temperature=celsius_to_omni_temp(7),
            ),
            2: Thermostat(
                "UPSTAIRS",
                ThermostatKind.HEAT_ONLY,
                temperature=celsius_to_omni_temp(19),
                heat_setpoint=celsius_to_omni_temp(20.5),
                system_mode=HvacMode.HEAT,
                humidity=95,
                outdoor_temperature=celsius_to_omni_temp(7),
                action=1,
            ),
        },
        buttons={1: Button("GOOD NIGHT"), 2: Button("LIGHTS ON")},
        codes={
            1: Code("OWNER", UserCode("1234"), CodeAuthority.MASTER),
            2: Code("CLEANER", UserCode("0042"), CodeAuthority.USER, area_bits=0b01),
        },
        messages={
            1: ConsoleMessage("CALL HOME"),
            2: ConsoleMessage("WASHING IS DONE", MessageState.DISPLAYED),
        },
        sensors={
            last_sensor - 1: AuxiliarySensor("CELLAR", ZoneType.TEMPERATURE, celsius_to_omni_temp(12)),
            last_sensor: AuxiliarySensor("BATHROOM", ZoneType.HUMIDITY, humidity_to_omni_temp(55)),
        },
        audio_sources={1: AudioSource("RADIO", [(0, "98.5 FM")]), 2: AudioSource("PLAYER")},
        audio_zones={1: AudioZone("LIVING ROOM", power=True), 2: AudioZone("BEDROOM")},
        enclosures={1: Enclosure()},
        user_settings={
            1: UserSetting(
                "WAKE UP", UserSettingKind.TIME, encode_user_setting(UserSettingKind.TIME, time(6, 45))
            ),
            2: UserSetting("PORCH LEVEL", UserSettingKind.LEVEL, 40),
        },
        readers={1: Reader("GARDEN GATE", last_user=1)},
    )
    _keep(house.areas, house.capacity(ObjectType.AREA))
    _keep(house.messages, house.capacity(ObjectType.MESSAGE))
    _keep(house.enclosures, house.capacity(ObjectType.EXPANSION_ENCLOSURE))
    _keep(house.user_settings, house.capacity(ObjectType.USER_SETTING))
    _keep(house.readers, house.capacity(ObjectType.ACCESS_CONTROL_READER))
    for zone in house.zones.values():
        zone.area = min(zone.area, max(house.areas))
    return house


def _keep(objects: dict[int, _O], highest: int) -> None:
    for index in [index for index in objects if index > highest]:
        del objects[index]

"""The house that the demonstration shows."""

from datetime import time

from omnilink_sansio.messages.objects import (
    HvacMode,
    MessageState,
    ThermostatKind,
    UserSettingKind,
    ZoneCondition,
    ZoneType,
    encode_user_setting,
)
from omnilink_sansio.messages.security import CodeAuthority
from omnilink_sansio.messages.temperature import celsius_to_omni_temp, humidity_to_omni_temp
from omnilink_sansio.secrets import UserCode
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_objects import (
    Area,
    AudioSource,
    AudioZone,
    AuxiliarySensor,
    Button,
    Code,
    ConsoleMessage,
    Enclosure,
    Reader,
    Thermostat,
    Unit,
    UserSetting,
    Zone,
)

__all__ = ["demo_house"]


def demo_house() -> House:
    """Return a new small house: zones, units, areas, thermostats and buttons on an Omni Pro II."""
    return House(
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
            257: Unit("SPRINKLER"),
            393: Unit("HOLIDAY"),
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
            170: AuxiliarySensor("CELLAR", ZoneType.TEMPERATURE, celsius_to_omni_temp(12)),
            171: AuxiliarySensor("BATHROOM", ZoneType.HUMIDITY, humidity_to_omni_temp(55)),
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

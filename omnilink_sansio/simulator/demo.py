"""The house that the demonstration shows."""

from omnilink_sansio.messages.objects import ThermostatKind, UnitType, ZoneCondition, ZoneType
from omnilink_sansio.messages.temperature import celsius_to_omni_temp
from omnilink_sansio.simulator.house import Area, Button, House, Thermostat, Unit, Zone

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
            1: Unit("PORCH", UnitType.UPB),
            2: Unit("HALL", UnitType.UPB, state=160),
            3: Unit("KITCHEN", UnitType.UPB, state=1),
            4: Unit("BEDROOM", UnitType.UPB),
            257: Unit("SPRINKLER", UnitType.OUTPUT),
            393: Unit("HOLIDAY", UnitType.FLAG),
        },
        areas={1: Area("HOUSE"), 2: Area("GARAGE", exit_delay=30)},
        thermostats={
            1: Thermostat(
                "DOWNSTAIRS",
                ThermostatKind.AUTO_HEAT_COOL,
                temperature=celsius_to_omni_temp(21.5),
                system_mode=3,
                humidity=90,
                outdoor_temperature=celsius_to_omni_temp(7),
            ),
            2: Thermostat(
                "UPSTAIRS",
                ThermostatKind.HEAT_ONLY,
                temperature=celsius_to_omni_temp(19),
                heat_setpoint=celsius_to_omni_temp(20.5),
                system_mode=1,
                humidity=95,
                outdoor_temperature=celsius_to_omni_temp(7),
                action=1,
            ),
        },
        buttons={1: Button("GOOD NIGHT"), 2: Button("LIGHTS ON")},
    )

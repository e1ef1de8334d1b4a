"""An emulated panel for people without one: a house, its behaviour on the time passed in, its sessions."""

from omnilink_sansio.simulator.demo import demo_house
from omnilink_sansio.simulator.house import Area, Button, House, HouseObject, Thermostat, Unit, Zone
from omnilink_sansio.simulator.panel import EmulatedPanel

__all__ = [
    "Area",
    "Button",
    "EmulatedPanel",
    "House",
    "HouseObject",
    "Thermostat",
    "Unit",
    "Zone",
    "demo_house",
]

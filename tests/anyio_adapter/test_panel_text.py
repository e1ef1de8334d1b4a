"""How the command describes what a panel reports."""

from omnilink_anyio.cli.panel_text import object_rows
from omnilink_sansio.objects import ThermostatStatus
from omnilink_sansio.simulator import demo_house


def thermostat(heat: int, cool: int) -> str:
    house = demo_house()
    house.thermostats[1].heat_setpoint, house.thermostats[1].cool_setpoint = heat, cool
    return next(state for index, _, state in object_rows(house, ThermostatStatus, bool) if index == 1)


def test_a_set_point_that_is_none_is_not_shown_as_a_temperature() -> None:
    assert thermostat(120, 130).endswith("heat to 20.0 °C, cool to 25.0 °C")
    assert thermostat(0, 130).endswith("no heat set point, cool to 25.0 °C")
    assert thermostat(120, 0).endswith("heat to 20.0 °C, no cool set point")

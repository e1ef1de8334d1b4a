"""The demonstration: an emulated panel and a client of it, over real TCP in one process."""

import os

import anyio
from rich.console import Console

from omnilink_anyio.cli.output import print_table, words
from omnilink_anyio.client import OmniClient
from omnilink_anyio.mock_panel import MockPanel
from omnilink_sansio.messages.objects.area import AreaProperties
from omnilink_sansio.messages.objects.object_record import ObjectProperties
from omnilink_sansio.messages.objects.object_type import ObjectType
from omnilink_sansio.messages.objects.thermostat import ThermostatProperties
from omnilink_sansio.messages.objects.unit import UnitProperties, UnitStatus
from omnilink_sansio.messages.objects.zone import ZoneProperties
from omnilink_sansio.messages.properties import NameFilter
from omnilink_sansio.operations.properties import list_objects
from omnilink_sansio.secrets import ControllerKey

__all__ = ["run_demo"]

_PATIENCE = 10.0
_PORCH = 1


async def run_demo(console: Console) -> None:
    """Serve the demo house on a free loopback port, read it, switch a unit on and show what comes back."""
    key = ControllerKey(os.urandom(ControllerKey.SIZE))
    async with MockPanel(controller_key=key).serve() as served:
        console.print(f"Emulated panel listening on {served.host} port {served.port}.")
        async with OmniClient(served.host, served.port, controller_key=key) as client:
            await _show_system(console, client)
            for show in (_show_zones, _show_units, _show_areas, _show_thermostats):
                await show(console, client)
            await _switch_unit_on(console, client)


async def _show_system(console: Console, client: OmniClient) -> None:
    information = await client.get_system_information()
    status = await client.get_system_status()
    console.print("Connected over an encrypted session.")
    console.print(
        f"{information.model_name}, firmware {information.firmware_version}; its clock shows "
        f"{words(status.weekday).title()} 20{status.year:02}-{status.month:02}-{status.day:02} "
        f"{status.hour:02}:{status.minute:02}."
    )


async def _named(client: OmniClient, object_type: ObjectType) -> list[ObjectProperties]:
    return await client.perform(list_objects(object_type, NameFilter.NAMED))


async def _show_zones(console: Console, client: OmniClient) -> None:
    zones = [zone for zone in await _named(client, ObjectType.ZONE) if isinstance(zone, ZoneProperties)]
    rows = [
        (zone.index, zone.name, words(zone.kind), zone.area, words(zone.condition), words(zone.arming))
        for zone in zones
    ]
    print_table(console, "Zones", ("No.", "Name", "Type", "Area", "Condition", "Arming"), rows)


async def _show_units(console: Console, client: OmniClient) -> None:
    units = [unit for unit in await _named(client, ObjectType.UNIT) if isinstance(unit, UnitProperties)]
    rows = [(unit.index, unit.name, words(unit.kind), _unit_state(unit)) for unit in units]
    print_table(console, "Units", ("No.", "Name", "Type", "State"), rows)


def _unit_state(unit: UnitProperties | UnitStatus) -> str:
    if unit.level in (None, 0, 100):
        return "on" if unit.is_on else "off"
    return f"{unit.level} %"


async def _show_areas(console: Console, client: OmniClient) -> None:
    areas = [area for area in await _named(client, ObjectType.AREA) if isinstance(area, AreaProperties)]
    rows = [
        (area.index, area.name, words(area.security_mode), f"{area.exit_delay} s", f"{area.entry_delay} s")
        for area in areas
    ]
    print_table(console, "Areas", ("No.", "Name", "Mode", "Exit delay", "Entry delay"), rows)


async def _show_thermostats(console: Console, client: OmniClient) -> None:
    found = await _named(client, ObjectType.THERMOSTAT)
    rows = [
        (item.index, item.name, words(item.hvac_mode), _degrees(item), f"{item.humidity_percent} %")
        for item in found
        if isinstance(item, ThermostatProperties)
    ]
    print_table(console, "Thermostats", ("No.", "Name", "Mode", "Temperature", "Humidity"), rows)


def _degrees(thermostat: ThermostatProperties) -> str:
    celsius = thermostat.temperature_celsius
    return "unknown" if celsius is None else f"{celsius:.1f} °C"


async def _switch_unit_on(console: Console, client: OmniClient) -> None:
    async with client.events() as events:
        console.print(f"\nTurning unit {_PORCH} on.")
        await client.turn_unit_on(_PORCH)
        with anyio.fail_after(_PATIENCE):
            async for event in events:
                if isinstance(event, UnitStatus) and event.index == _PORCH:
                    console.print(f"The panel reported: unit {event.index} is {_unit_state(event)}.")
                    return

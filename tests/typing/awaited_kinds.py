"""The calls of an awaited client, and its inventory, for every kind of object.

Type checkers hold each line to its type; the tests run it, and hold what it returns to the same type.
"""

from typing import assert_type

from omnilink_anyio import OmniClient
from omnilink_sansio.objects import (
    AccessControlLockStatus,
    AccessControlReaderProperties,
    AccessControlReaderStatus,
    AreaProperties,
    AreaStatus,
    AudioSourceProperties,
    AudioZoneProperties,
    AudioZoneStatus,
    AuxSensorProperties,
    AuxSensorStatus,
    ButtonProperties,
    CodeProperties,
    ExpansionEnclosureStatus,
    MessageProperties,
    MessageStatus,
    NameFilter,
    ObjectProperties,
    ObjectStatusRecord,
    ObjectType,
    ThermostatProperties,
    ThermostatStatus,
    UnitProperties,
    UnitStatus,
    UserSettingProperties,
    UserSettingStatus,
    ZoneProperties,
    ZoneStatus,
)
from omnilink_sansio.operations import Inventory


async def every_kind(client: OmniClient) -> None:
    """A member of `ObjectType` decides which records there are."""
    assert_type(await client.get_object_status(ObjectType.ZONE, 1), list[ZoneStatus])
    assert_type(await client.get_extended_status(ObjectType.ZONE, 1), list[ZoneStatus])
    assert_type(await client.get_object_status(ObjectType.UNIT, 1), list[UnitStatus])
    assert_type(await client.get_extended_status(ObjectType.UNIT, 1), list[UnitStatus])
    assert_type(await client.get_object_status(ObjectType.AREA, 1), list[AreaStatus])
    assert_type(await client.get_extended_status(ObjectType.AREA, 1), list[AreaStatus])
    assert_type(await client.get_object_status(ObjectType.THERMOSTAT, 1), list[ThermostatStatus])
    assert_type(await client.get_extended_status(ObjectType.THERMOSTAT, 1), list[ThermostatStatus])
    assert_type(await client.get_object_status(ObjectType.MESSAGE, 1), list[MessageStatus])
    assert_type(await client.get_extended_status(ObjectType.MESSAGE, 1), list[MessageStatus])
    assert_type(await client.get_object_status(ObjectType.AUXILIARY_SENSOR, 1), list[AuxSensorStatus])
    assert_type(await client.get_extended_status(ObjectType.AUXILIARY_SENSOR, 1), list[AuxSensorStatus])
    assert_type(await client.get_object_status(ObjectType.AUDIO_ZONE, 1), list[AudioZoneStatus])
    assert_type(await client.get_extended_status(ObjectType.AUDIO_ZONE, 1), list[AudioZoneStatus])
    assert_type(
        await client.get_object_status(ObjectType.EXPANSION_ENCLOSURE, 1), list[ExpansionEnclosureStatus]
    )
    assert_type(
        await client.get_extended_status(ObjectType.EXPANSION_ENCLOSURE, 1), list[ExpansionEnclosureStatus]
    )
    assert_type(await client.get_object_status(ObjectType.USER_SETTING, 1), list[UserSettingStatus])
    assert_type(await client.get_extended_status(ObjectType.USER_SETTING, 1), list[UserSettingStatus])
    assert_type(
        await client.get_object_status(ObjectType.ACCESS_CONTROL_READER, 1), list[AccessControlReaderStatus]
    )
    assert_type(
        await client.get_extended_status(ObjectType.ACCESS_CONTROL_READER, 1), list[AccessControlReaderStatus]
    )
    assert_type(
        await client.get_object_status(ObjectType.ACCESS_CONTROL_READER_LOCK, 1),
        list[AccessControlLockStatus],
    )
    assert_type(
        await client.get_extended_status(ObjectType.ACCESS_CONTROL_READER_LOCK, 1),
        list[AccessControlLockStatus],
    )
    assert_type(await client.get_object_properties(ObjectType.ZONE, 1), ZoneProperties | None)
    assert_type(await client.list_objects(ObjectType.ZONE, NameFilter.NAMED), list[ZoneProperties])
    assert_type(await client.get_object_properties(ObjectType.UNIT, 1), UnitProperties | None)
    assert_type(await client.list_objects(ObjectType.UNIT, NameFilter.NAMED), list[UnitProperties])
    assert_type(await client.get_object_properties(ObjectType.BUTTON, 1), ButtonProperties | None)
    assert_type(await client.list_objects(ObjectType.BUTTON, NameFilter.NAMED), list[ButtonProperties])
    assert_type(await client.get_object_properties(ObjectType.CODE, 1), CodeProperties | None)
    assert_type(await client.list_objects(ObjectType.CODE, NameFilter.NAMED), list[CodeProperties])
    assert_type(await client.get_object_properties(ObjectType.AREA, 1), AreaProperties | None)
    assert_type(await client.list_objects(ObjectType.AREA, NameFilter.NAMED), list[AreaProperties])
    assert_type(await client.get_object_properties(ObjectType.THERMOSTAT, 1), ThermostatProperties | None)
    assert_type(
        await client.list_objects(ObjectType.THERMOSTAT, NameFilter.NAMED), list[ThermostatProperties]
    )
    assert_type(await client.get_object_properties(ObjectType.MESSAGE, 1), MessageProperties | None)
    assert_type(await client.list_objects(ObjectType.MESSAGE, NameFilter.NAMED), list[MessageProperties])
    assert_type(
        await client.get_object_properties(ObjectType.AUXILIARY_SENSOR, 1), AuxSensorProperties | None
    )
    assert_type(
        await client.list_objects(ObjectType.AUXILIARY_SENSOR, NameFilter.NAMED), list[AuxSensorProperties]
    )
    assert_type(await client.get_object_properties(ObjectType.AUDIO_SOURCE, 1), AudioSourceProperties | None)
    assert_type(
        await client.list_objects(ObjectType.AUDIO_SOURCE, NameFilter.NAMED), list[AudioSourceProperties]
    )
    assert_type(await client.get_object_properties(ObjectType.AUDIO_ZONE, 1), AudioZoneProperties | None)
    assert_type(await client.list_objects(ObjectType.AUDIO_ZONE, NameFilter.NAMED), list[AudioZoneProperties])
    assert_type(await client.get_object_properties(ObjectType.USER_SETTING, 1), UserSettingProperties | None)
    assert_type(
        await client.list_objects(ObjectType.USER_SETTING, NameFilter.NAMED), list[UserSettingProperties]
    )
    assert_type(
        await client.get_object_properties(ObjectType.ACCESS_CONTROL_READER, 1),
        AccessControlReaderProperties | None,
    )
    assert_type(
        await client.list_objects(ObjectType.ACCESS_CONTROL_READER, NameFilter.NAMED),
        list[AccessControlReaderProperties],
    )


async def any_kind(client: OmniClient, kind: ObjectType) -> None:
    """A kind that is not known before says only that there are records."""
    assert_type(await client.get_object_status(kind, 1), list[ObjectStatusRecord])
    assert_type(await client.get_extended_status(kind, 1), list[ObjectStatusRecord])
    assert_type(await client.get_object_properties(kind, 1), ObjectProperties | None)
    assert_type(await client.list_objects(kind, NameFilter.NAMED), list[ObjectProperties])


async def inventory(client: OmniClient) -> None:
    """An inventory gives objects by their kind, and by the record of their properties."""
    inventory = await client.get_inventory(NameFilter.NAMED)
    assert_type(inventory, Inventory)
    assert_type(inventory.of(ObjectType.ZONE), dict[int, ZoneProperties])
    assert_type(inventory.of(ZoneProperties), dict[int, ZoneProperties])
    assert_type(inventory.of(ObjectType.UNIT), dict[int, UnitProperties])
    assert_type(inventory.of(UnitProperties), dict[int, UnitProperties])
    assert_type(inventory.of(ObjectType.BUTTON), dict[int, ButtonProperties])
    assert_type(inventory.of(ButtonProperties), dict[int, ButtonProperties])
    assert_type(inventory.of(ObjectType.CODE), dict[int, CodeProperties])
    assert_type(inventory.of(CodeProperties), dict[int, CodeProperties])
    assert_type(inventory.of(ObjectType.AREA), dict[int, AreaProperties])
    assert_type(inventory.of(AreaProperties), dict[int, AreaProperties])
    assert_type(inventory.of(ObjectType.THERMOSTAT), dict[int, ThermostatProperties])
    assert_type(inventory.of(ThermostatProperties), dict[int, ThermostatProperties])
    assert_type(inventory.of(ObjectType.MESSAGE), dict[int, MessageProperties])
    assert_type(inventory.of(MessageProperties), dict[int, MessageProperties])
    assert_type(inventory.of(ObjectType.AUXILIARY_SENSOR), dict[int, AuxSensorProperties])
    assert_type(inventory.of(AuxSensorProperties), dict[int, AuxSensorProperties])
    assert_type(inventory.of(ObjectType.AUDIO_SOURCE), dict[int, AudioSourceProperties])
    assert_type(inventory.of(AudioSourceProperties), dict[int, AudioSourceProperties])
    assert_type(inventory.of(ObjectType.AUDIO_ZONE), dict[int, AudioZoneProperties])
    assert_type(inventory.of(AudioZoneProperties), dict[int, AudioZoneProperties])
    assert_type(inventory.of(ObjectType.USER_SETTING), dict[int, UserSettingProperties])
    assert_type(inventory.of(UserSettingProperties), dict[int, UserSettingProperties])
    assert_type(inventory.of(ObjectType.ACCESS_CONTROL_READER), dict[int, AccessControlReaderProperties])
    assert_type(inventory.of(AccessControlReaderProperties), dict[int, AccessControlReaderProperties])


async def any_inventory(inventory: Inventory, kind: ObjectType) -> None:
    """A kind that is not known before says only that there are properties."""
    assert_type(inventory.of(kind), dict[int, ObjectProperties])

"""A panel whose records end within their last text, through the clients of both adapters."""

import pytest

from omnilink_sansio import ClientSettings, Message, RemoteProtocolError, Tolerance
from omnilink_sansio.objects import ObjectType, ZoneProperties, encode_name
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.system import SystemInformation
from tests.contract.doors import Door, Panel

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("carrier", ["memory"], indirect=True)]

INFORMATION = SystemInformation(16, 2, 16, 2, b"5551234".ljust(25, b"\0")).encode()[:-1]
ZONE = ZoneProperties(3, 1, 0, 1, 1, 0, encode_name("KITCHEN WINDOW", 16)).encode()[:-1]


async def answer(panel: Panel) -> None:
    """Answer two requests with records that are a byte short."""
    await panel.online()
    await panel.reply(await panel.request(), Message(OmniLink2MessageType.SYSTEM_INFORMATION, INFORMATION))
    await panel.reply(await panel.request(), Message(OmniLink2MessageType.OBJECT_PROPERTIES, ZONE))


async def test_it_is_usable_with_the_tolerance(door: Door) -> None:
    settings = ClientSettings(tolerances=frozenset({Tolerance.SHORT_RECORDS}))
    async with door.play(answer) as stage, stage.client(settings=settings) as client:
        information = await client.get_system_information()
        assert (information.model_name, information.phone) == ("Omni Pro II", "5551234")
        zone = await client.get_object_properties(ObjectType.ZONE, 3)
        assert zone is not None
        assert (zone.name, zone.encode()) == ("KITCHEN WINDOW", ZONE)


async def test_it_is_refused_without(door: Door) -> None:
    async with door.play(answer) as stage, stage.client() as client:
        with pytest.raises(RemoteProtocolError, match="28 bytes, at least 29"):
            await client.get_system_information()
        with pytest.raises(RemoteProtocolError, match="23 bytes, at least 24"):
            await client.get_object_properties(ObjectType.ZONE, 3)

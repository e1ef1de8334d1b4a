"""Operations that pause: on trio's virtual clock, over streams in memory, to the second."""

import pytest
import trio

from omnilink_sansio import ArmingFailedError, Message
from omnilink_sansio.objects import SecurityMode
from omnilink_sansio.simulator import demo_house
from omnilink_sansio.system import Ack, Nak
from tests.anyio_adapter.homes import serve_home
from tests.anyio_adapter.scripts import ScriptedPanel, play
from tests.anyio_adapter.test_timers_trio import LONG, run_in_virtual_time

pytestmark = pytest.mark.trio(run=run_in_virtual_time)

COMMAND, STATUS, CAPACITIES, PROPERTIES, ZONES_READY = 0x14, 0x22, 0x1E, 0x20, 0x38
DISARMED = Message(0x23, bytes.fromhex("05 0001 00 00 00 00"))


async def test_pauses_take_their_time_and_no_more() -> None:
    asked: list[int] = []
    # The command once, the status at the beginning and after each half second, then why not.
    expected = [COMMAND, *[STATUS] * 7, PROPERTIES, CAPACITIES, ZONES_READY]

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        refused = Nak().to_message()
        answers = {
            COMMAND: Ack().to_message(),
            STATUS: DISARMED,
            PROPERTIES: refused,
            CAPACITIES: refused,
            ZONES_READY: Message(0x39),
        }
        for _ in expected:
            request = await panel.request()
            asked.append(request.message.type)
            await panel.reply(request, answers[request.message.type])

    async with play(script, patience=LONG) as stage, stage.client() as client:
        before = trio.current_time()
        with pytest.raises(ArmingFailedError, match="after 3 s"):
            await client.arm_and_confirm(1, SecurityMode.AWAY, 1, seconds=3.0)
        assert trio.current_time() - before == pytest.approx(3.0)
        assert client.is_connected
    assert asked == expected


async def test_a_pause_can_be_cancelled_and_the_session_goes_on() -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.acknowledge()
        await panel.reply(await panel.request(), DISARMED)
        await panel.acknowledge()

    async with play(script, patience=LONG) as stage, stage.client() as client:
        with trio.move_on_after(0.25) as scope:
            await client.arm_and_confirm(1, SecurityMode.AWAY, 1)
        assert scope.cancelled_caught
        await client.turn_unit_on(1)


async def test_a_house_that_is_not_ready_says_which_zones_are_open() -> None:
    house = demo_house()
    house.areas[1].requires_ready = True
    async with serve_home(house=house, patience=LONG) as home, home.client() as client:
        with pytest.raises(ArmingFailedError, match="3 KITCHEN WINDOW") as caught:
            await client.arm_and_confirm(1, SecurityMode.AWAY, "1234")
        assert caught.value.zones_not_ready == {3: "KITCHEN WINDOW"}

"""Every method of the client, against the demo house."""

from collections.abc import Callable

import anyio
import pytest

import omnilink_sync
from omnilink_anyio import EventStream, OmniClient
from omnilink_sansio import (
    ClientSettings,
    CommandFailedError,
    ConnectionType,
    LocalProtocolError,
    Message,
    OmniConnectionError,
    RawRequest,
)
from omnilink_sansio.client import EVENT_QUEUE_LIMIT, EventsLost
from omnilink_sansio.commands import Command
from omnilink_sansio.events import Notification, UserMacroButton
from omnilink_sansio.objects import (
    AreaProperties,
    AreaStatus,
    ButtonProperties,
    HvacMode,
    ObjectStatus,
    ObjectType,
    SecurityMode,
    ThermostatProperties,
    ThermostatStatus,
    UnitProperties,
    UnitStatus,
    Weekday,
    ZoneArming,
    ZoneCondition,
    ZoneProperties,
    ZoneStatus,
    fahrenheit_to_omni_temp,
)
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.operations import list_names
from omnilink_sansio.simulator import House, Unit, Zone, demo_house
from omnilink_sansio.system import EnableNotifications, RequestSystemFormats, SystemFormats
from tests.anyio_adapter.homes import Link, serve_home
from tests.anyio_adapter.scripts import ScriptedPanel, play

pytestmark = pytest.mark.anyio

PORCH = 1
HALL = 2
KITCHEN_WINDOW = 3


def enablings(messages: list[Message]) -> list[bytes]:
    return [item.data for item in messages if item.type == OmniLink2MessageType.ENABLE_NOTIFICATIONS]


async def next_event(stream: EventStream[Notification]) -> Notification | EventsLost:
    return await anext(stream)


async def test_the_system_tells_of_itself(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client:
        information = await client.get_system_information()
        assert (information.model_name, information.firmware_version) == ("Omni Pro II", "4.0b")
        assert information.phone == "5551234"
        status = await client.get_system_status()
        assert (status.year, status.month, status.day) == (26, 11, 21)
        assert status.weekday is Weekday.SATURDAY
        assert status.battery == 0xD5
        assert status.alarms == ()


async def test_properties_of_each_kind(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client:
        zone = await client.get_object_properties(ObjectType.ZONE, KITCHEN_WINDOW)
        assert isinstance(zone, ZoneProperties)
        assert (zone.name, zone.condition, zone.loop) == ("KITCHEN WINDOW", ZoneCondition.NOT_READY, 0xA8)
        unit = await client.get_object_properties(ObjectType.UNIT, HALL)
        assert isinstance(unit, UnitProperties)
        assert (unit.name, unit.level) == ("HALL", 60)
        area = await client.get_object_properties(ObjectType.AREA, 2)
        assert isinstance(area, AreaProperties)
        assert (area.name, area.exit_delay, area.entry_delay) == ("GARAGE", 30, 30)
        thermostat = await client.get_object_properties(ObjectType.THERMOSTAT, 1)
        assert isinstance(thermostat, ThermostatProperties)
        assert (thermostat.name, thermostat.temperature_celsius) == ("DOWNSTAIRS", 21.5)
        assert thermostat.hvac_mode is HvacMode.AUTO
        button = await client.get_object_properties(ObjectType.BUTTON, 2)
        assert isinstance(button, ButtonProperties)
        assert button.name == demo_house().buttons[2].name


async def test_an_object_that_does_not_exist_is_none() -> None:
    async with serve_home() as home, home.client() as client:
        assert await client.get_object_properties(ObjectType.ZONE, 177) is None


async def test_names(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client:
        house = demo_house()
        assert await client.list_zone_names() == {index: item.name for index, item in house.zones.items()}
        assert await client.list_unit_names() == {index: item.name for index, item in house.units.items()}
        assert await client.list_area_names() == {index: item.name for index, item in house.areas.items()}
        buttons = {index: item.name for index, item in house.buttons.items()}
        assert await client.perform(list_names(ObjectType.BUTTON)) == buttons


async def test_status_of_one_object_and_of_a_range(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client:
        assert await client.get_object_status(ObjectType.UNIT, HALL) == [UnitStatus(HALL, 160, 0)]
        zones = await client.get_object_status(ObjectType.ZONE, 2, 4)
        assert zones == [ZoneStatus(2, 0, 0x5A), ZoneStatus(3, 1, 0xA8), ZoneStatus(4, 0, 0x5A)]
        areas = await client.get_object_status(ObjectType.AREA, 1, 8)
        assert [area.index for area in areas] == list(range(1, 9))
        (thermostat,) = await client.get_object_status(ObjectType.THERMOSTAT, 1)
        assert isinstance(thermostat, ThermostatStatus)
        assert (thermostat.temperature_celsius, thermostat.humidity) == (21.5, None)


async def test_extended_status_tells_more(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client:
        (thermostat,) = await client.get_extended_status(ObjectType.THERMOSTAT, 1)
        assert isinstance(thermostat, ThermostatStatus)
        assert thermostat.humidity == 90
        units = await client.get_extended_status(ObjectType.UNIT, 1, 2)
        assert [unit.index for unit in units] == [1, 2]


async def test_long_ranges_are_asked_for_in_pieces() -> None:
    async with serve_home() as home, home.client() as client:
        zones = await client.get_extended_status(ObjectType.ZONE, 1, 176)
        assert [zone.index for zone in zones] == list(range(1, 177))
        asked = [
            (item.data[1:3], item.data[3:5])
            for item in home.recorder.requests
            if item.type == OmniLink2MessageType.REQUEST_EXTENDED_OBJECT_STATUS
        ]
        ranges = [(int.from_bytes(first), int.from_bytes(last)) for first, last in asked]
        assert ranges == [(1, 50), (51, 100), (101, 150), (151, 176)]


async def test_units_are_switched(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client:
        await client.turn_unit_on(PORCH)
        assert home.house.units[PORCH].state == 1
        await client.turn_unit_off(PORCH)
        assert home.house.units[PORCH].state == 0
        await client.set_unit_level(PORCH, 35)
        assert home.house.units[PORCH].state == 135


async def test_any_command_is_carried_out(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client:
        await client.execute_command(Command.BYPASS_ZONE, 0, 5)
        assert home.house.zones[5].bypassed
        await client.execute_command(Command.SET_HEAT_SETPOINT, fahrenheit_to_omni_temp(68), 1)
        assert home.house.thermostats[1].heat_setpoint == fahrenheit_to_omni_temp(68)
        await client.execute_command(Command.SECURITY_DAY, 1, 1)
        assert home.house.areas[1].mode is SecurityMode.DAY


async def test_a_refused_command_says_so() -> None:
    async with serve_home() as home, home.client() as client:
        with pytest.raises(CommandFailedError, match=r"SET_HEAT_SETPOINT.*refused"):
            await client.execute_command(Command.SET_HEAT_SETPOINT, 250, 1)
        await client.turn_unit_on(PORCH)


@pytest.mark.parametrize(("index", "percent"), [(0, 50), (512, 50), (1, 101), (1, -1)])
async def test_what_cannot_be_asked_is_refused_before_it_is_sent(index: int, percent: int) -> None:
    async with serve_home() as home, home.client() as client:
        with pytest.raises(LocalProtocolError):
            await client.set_unit_level(index, percent)
        with pytest.raises(LocalProtocolError):
            await client.get_object_properties(ObjectType.CONSOLE, 1)
        with pytest.raises(LocalProtocolError):
            await client.get_object_status(ObjectType.BUTTON, 1)
        assert home.recorder.requests == []
        await client.get_system_status()


async def test_any_request_and_any_message_can_be_sent() -> None:
    async with serve_home() as home, home.client() as client:
        assert await client.request(RequestSystemFormats()) == SystemFormats(1, 1, 1)
        message = Message(OmniLink2MessageType.REQUEST_SYSTEM_FORMATS)
        reply = await client.request(RawRequest(message))
        assert isinstance(reply, SystemFormats)
        assert (reply.OPCODE, reply.encode()) == (OmniLink2MessageType.SYSTEM_FORMATS, b"\1\1\1")


async def test_the_connection_is_there_for_low_level_use() -> None:
    async with serve_home() as home:
        client = home.client()
        assert not client.is_connected
        async with client:
            assert client.is_connected
            assert client.connection.is_connected
            assert await client.connection.request(RequestSystemFormats()) == SystemFormats(1, 1, 1)
        assert not client.is_connected


async def test_ten_callers_at_once_get_each_their_own(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client:
        found: dict[int, str] = {}

        async def ask(index: int) -> None:
            properties = await client.get_object_properties(ObjectType.UNIT, index)
            assert isinstance(properties, UnitProperties)
            found[index] = properties.name

        numbers = range(101, 111)
        home.house.units |= {index: Unit(f"LAMP {index}") for index in numbers}
        async with anyio.create_task_group() as tasks:
            for index in numbers:
                tasks.start_soon(ask, index)
        assert found == {index: f"LAMP {index}" for index in numbers}


async def test_one_request_is_in_flight_at_a_time() -> None:
    in_flight: list[int] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        for _ in range(3):
            request = await panel.request()
            await anyio.wait_all_tasks_blocked()
            in_flight.append(len(panel._requests) + 1)
            await panel.reply(request, SystemFormats(1, 1, 1).to_message())

    async with play(script) as stage, stage.client() as client, anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(client.request, RequestSystemFormats())
    assert in_flight == [1, 1, 1]


async def test_a_full_queue_is_the_callers_mistake_and_changes_nothing() -> None:
    go_on = anyio.Event()

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await go_on.wait()
        for _ in range(3):
            await panel.acknowledge()

    settings = ClientSettings(max_queued=2)
    async with (
        play(script) as stage,
        stage.client(settings=settings) as client,
        anyio.create_task_group() as tasks,
    ):
        for index in (1, 2, 3):
            tasks.start_soon(client.turn_unit_on, index)
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(LocalProtocolError, match="2 requests are waiting already"):
            await client.turn_unit_on(4)
        go_on.set()


# Events.


async def test_each_kind_of_change_is_an_event_of_its_type(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client, client.events() as events:
        await client.set_unit_level(HALL, 25)
        assert await next_event(events) == UnitStatus(HALL, 125, 0)
        await client.execute_command(Command.BYPASS_ZONE, 0, 2)
        zone = await next_event(events)
        assert isinstance(zone, ZoneStatus)
        assert (zone.index, zone.arming) == (2, ZoneArming.BYPASSED_BY_USER)
        await client.execute_command(Command.SECURITY_NIGHT, 1, 2)
        area = await next_event(events)
        assert isinstance(area, AreaStatus)
        assert (area.index, area.security_mode, area.is_arming) == (2, SecurityMode.NIGHT, True)
        await client.execute_command(Command.SET_COOL_SETPOINT, fahrenheit_to_omni_temp(77), 2)
        thermostat = await next_event(events)
        assert isinstance(thermostat, ThermostatStatus)
        assert (thermostat.index, thermostat.cool_setpoint) == (2, fahrenheit_to_omni_temp(77))
        assert thermostat.humidity == 95
        await client.execute_command(Command.EXECUTE_BUTTON, 0, 2)
        assert await next_event(events) == UserMacroButton(2)


async def test_another_clients_change_is_an_event(link: Link) -> None:
    async with (
        serve_home(link) as home,
        home.client() as watcher,
        home.client() as actor,
        watcher.events() as events,
    ):
        await actor.turn_unit_on(PORCH)
        assert await next_event(events) == UnitStatus(PORCH, 1, 0)


async def test_a_client_that_did_not_ask_is_told_nothing(link: Link) -> None:
    async with serve_home(link) as home, home.client() as asking, asking.events() as events:
        async with home.client() as quiet:
            unsolicited = quiet.connection.unsolicited()
            await quiet.turn_unit_on(PORCH)
            assert await next_event(events) == UnitStatus(PORCH, 1, 0)
            # The reply comes after whatever was pushed before it.
            await quiet.get_system_status()
        assert [message async for message in unsolicited] == []


@pytest.mark.parametrize(
    ("firmware", "opcode"),
    [
        ((2, 12, 0), OmniLink2MessageType.OBJECT_STATUS),
        ((3, 0, 0), OmniLink2MessageType.EXTENDED_OBJECT_STATUS),
    ],
)
async def test_old_panels_push_plain_status(
    firmware: tuple[int, int, int], opcode: OmniLink2MessageType
) -> None:
    house = House(firmware=firmware, units={1: Unit("PORCH")}, zones={1: Zone("DOOR")})
    async with serve_home(house=house) as home, home.client() as client:
        raw = client.connection.unsolicited()
        async with client.events() as events:
            await client.turn_unit_on(1)
            assert await next_event(events) == UnitStatus(1, 1, 0)
        message = await anext(raw)
        assert isinstance(message, Message)
        assert message.type == opcode


async def test_two_streams_see_the_same_and_notifications_are_enabled_once() -> None:
    async with serve_home() as home, home.client() as client:
        async with client.events() as first, client.events() as second:
            await client.turn_unit_on(PORCH)
            assert await next_event(first) == UnitStatus(PORCH, 1, 0)
            assert await next_event(second) == UnitStatus(PORCH, 1, 0)
        async with client.events() as third:
            await client.turn_unit_off(PORCH)
            assert await next_event(third) == UnitStatus(PORCH, 0, 0)
        assert enablings(home.recorder.requests) == [b"\1"]


async def test_a_new_session_enables_notifications_anew() -> None:
    async with serve_home() as home:
        for _ in range(2):
            async with home.client() as client, client.events():
                pass
        assert enablings(home.recorder.requests) == [b"\1", b"\1"]


async def test_events_are_collected_from_the_call_on() -> None:
    async with serve_home() as home, home.client() as client:
        events = client.events()
        await client.turn_unit_on(PORCH)
        await client.turn_unit_off(PORCH)
        assert await next_event(events) == UnitStatus(PORCH, 1, 0)
        assert await next_event(events) == UnitStatus(PORCH, 0, 0)
        events.close()


async def test_what_comes_before_the_acknowledgement_is_kept() -> None:
    status = ObjectStatus(ObjectType.UNIT, (UnitStatus(7, 1, 0),)).to_message()

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.notify(status)
        await panel.identify()
        request = await panel.request()
        assert request.message == EnableNotifications(enabled=1).to_message()
        await panel.notify(status)
        await panel.reply(request, Message(OmniLink2MessageType.ACKNOWLEDGE))

    async with play(script) as stage, stage.client() as client, client.events() as events:
        assert await next_event(events) == UnitStatus(7, 1, 0)
    assert stage.panel.saw_eof.is_set()


async def test_a_panel_that_refuses_notifications_is_told_of_at_the_first_step() -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.identify()
        await panel.reply(await panel.request(), Message(OmniLink2MessageType.NEGATIVE_ACKNOWLEDGE))

    async with play(script) as stage, stage.client() as client:
        with pytest.raises(CommandFailedError):
            await next_event(client.events())


async def test_a_closed_stream_ends_after_what_it_has() -> None:
    async with serve_home() as home, home.client() as client:
        events = client.events()
        await client.turn_unit_on(PORCH)
        # Its reply follows the push.
        await client.get_system_status()
        events.close()
        await client.turn_unit_off(PORCH)
        await client.get_system_status()
        assert [event async for event in events] == [UnitStatus(PORCH, 1, 0)]


async def test_iteration_that_waits_stops_when_the_client_closes(link: Link) -> None:
    async with serve_home(link) as home:
        seen: list[Notification | EventsLost] = []
        stopped = anyio.Event()

        async def watch(stream: EventStream[Notification]) -> None:
            seen.extend([event async for event in stream])
            stopped.set()

        async with anyio.create_task_group() as tasks:
            async with home.client() as client:
                events = client.events()
                await client.turn_unit_on(PORCH)
                tasks.start_soon(watch, events)
                await anyio.wait_all_tasks_blocked()
            await stopped.wait()
        assert seen == [UnitStatus(PORCH, 1, 0)]


async def test_tasks_that_share_a_stream_all_end() -> None:
    async with serve_home() as home:
        seen: list[Notification | EventsLost] = []

        async def watch(stream: EventStream[Notification]) -> None:
            seen.extend([event async for event in stream])

        async with anyio.create_task_group() as tasks, home.client() as client:
            events = client.events()
            for _ in range(3):
                tasks.start_soon(watch, events)
            await anyio.wait_all_tasks_blocked()
            await client.turn_unit_on(PORCH)
            await client.turn_unit_off(PORCH)
        assert sorted(item.state for item in seen if isinstance(item, UnitStatus)) == [0, 1]


async def test_a_slow_consumer_is_told_what_it_lost_and_stalls_nobody() -> None:
    pushed = EVENT_QUEUE_LIMIT + 10

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.enable_notifications()
        for number in range(pushed):
            await panel.notify(ObjectStatus(ObjectType.UNIT, (UnitStatus(number, 1, 0),)).to_message())
        await panel.acknowledge()

    async with play(script) as stage, stage.client() as client:
        async with client.events() as slow:
            await client.turn_unit_on(PORCH)
            assert await next_event(slow) == EventsLost(10)
            kept = [await next_event(slow) for _ in range(EVENT_QUEUE_LIMIT)]
        assert kept == [UnitStatus(number, 1, 0) for number in range(10, pushed)]


async def test_events_need_a_session() -> None:
    client = OmniClient("127.0.0.1", controller_key=bytes(16))
    with pytest.raises(OmniConnectionError, match="connect first"):
        client.events()


async def test_a_full_queue_leaves_no_stream_behind() -> None:
    go_on = anyio.Event()

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await go_on.wait()
        for _ in range(2):
            await panel.acknowledge()
        await panel.enable_notifications()

    settings = ClientSettings(max_queued=1)
    async with play(script) as stage, stage.client(settings=settings) as client:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.turn_unit_on, 1)
            tasks.start_soon(client.turn_unit_on, 2)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(LocalProtocolError):
                client.events()
            assert client.connection._dispatcher.notifications._listeners == ()
            go_on.set()
        async with client.events():
            pass


async def test_a_client_has_a_short_text_form_without_its_key() -> None:
    client = OmniClient("127.0.0.1", controller_key=bytes(range(16)))
    assert repr(client) == "<OmniClient on <OmniConnection idle>>"


@pytest.mark.parametrize("size", [0, 15, 17, 32])
async def test_a_key_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(LocalProtocolError, match="16 bytes"):
        OmniClient("127.0.0.1", controller_key=bytes(size))


async def test_a_transport_that_is_not_offered_is_refused() -> None:
    with pytest.raises(LocalProtocolError, match=r"over\(\)"):
        OmniClient("127.0.0.1", controller_key=bytes(16), transport="token ring")  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [OmniClient, omnilink_sync.OmniClient], ids=["anyio", "sync"])
async def test_connection_types_that_no_adapter_opens_are_refused(
    make: Callable[..., object],
) -> None:
    opened = {ConnectionType.TCP, ConnectionType.UDP}
    for kind in ConnectionType:
        if kind in opened:
            make("127.0.0.1", controller_key=bytes(16), transport=kind)
        else:
            with pytest.raises(
                LocalProtocolError, match=rf"tcp and udp are opened here, not .*{kind}.*over\(\)"
            ):
                make("127.0.0.1", controller_key=bytes(16), transport=kind)
    assert len(ConnectionType) == 5

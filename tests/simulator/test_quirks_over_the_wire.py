"""The oddities of real panels, each as a client meets it, and the panel as the vendor prints it without."""

from collections.abc import Callable

import pytest

from omnilink_sansio import (
    ClientConnection,
    ClientSettings,
    ConnectionState,
    NotificationReceived,
    PacketDropped,
    ReplyReceived,
    Tolerance,
)
from omnilink_sansio.commands import Command
from omnilink_sansio.events import EnergyCostMid, PhoneLineRing
from omnilink_sansio.objects import (
    ExtendedObjectStatus,
    NameData,
    NameType,
    ObjectStatus,
    ObjectType,
    ReadName,
    RequestExtendedObjectStatus,
    RequestObjectProperties,
    RequestObjectStatus,
    UnitStatus,
    ZoneProperties,
)
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.simulator import Area, Enclosure, House, Quirk, ReceiveEvent, Unit, Zone
from omnilink_sansio.system import Nak, ObjectTypeCapacities, RequestObjectTypeCapacities, RequestSystemStatus
from tests.simulator.driver import KEY, Driver
from tests.simulator.scenario import DEAF, LISTENER, Scenario, counting_down

ONE = "one"


def house(*quirks: Quirk, firmware: tuple[int, int, int] = (4, 0, 2)) -> House:
    return House(
        firmware=firmware,
        quirks=frozenset(quirks),
        areas={1: Area("HOUSE", exit_delay=3), 2: Area("GARAGE")},
        zones={1: Zone("FRONT DOOR"), 2: Zone("GARAGE DOOR", area=2)},
        units={1: Unit("PORCH")},
        enclosures={1: Enclosure()},
    )


def script_with(*quirks: Quirk, firmware: tuple[int, int, int] = (4, 0, 2)) -> Scenario:
    return Scenario(house(*quirks, firmware=firmware))


def is_silent(script: Scenario, request: RequestObjectStatus | RequestExtendedObjectStatus) -> bool:
    """Whether a request gets no answer; the panel goes on answering others, here of another client."""
    request_id = script.driver.send(request, LISTENER)
    script.driver.pump()
    answered = any(
        isinstance(event, ReplyReceived) and event.request_id == request_id
        for event in script.driver.events[LISTENER]
    )
    script.driver.ask(RequestSystemStatus(), DEAF)
    return not answered


@pytest.mark.parametrize("request_of", [RequestObjectStatus, RequestExtendedObjectStatus])
def test_silence_on_long_status(
    request_of: Callable[[int, int, int], RequestObjectStatus | RequestExtendedObjectStatus],
) -> None:
    request = request_of(ObjectType.ZONE, 1, 60)
    assert is_silent(script_with(Quirk.SILENT_LONG_STATUS), request)
    assert not is_silent(script_with(Quirk.SILENT_LONG_STATUS), request_of(ObjectType.ZONE, 1, 50))
    assert not is_silent(script_with(), request)


def test_silence_on_enclosures() -> None:
    request = RequestExtendedObjectStatus(ObjectType.EXPANSION_ENCLOSURE, 1, 1)
    assert is_silent(script_with(Quirk.SILENT_ENCLOSURES), request)
    assert not is_silent(script_with(), request)
    # Beyond the capacity it is refused, as ever.
    beyond = RequestExtendedObjectStatus(ObjectType.EXPANSION_ENCLOSURE, 99, 99)
    reply = script_with(Quirk.SILENT_ENCLOSURES).driver.reply(beyond, LISTENER)
    assert isinstance(reply, Nak)


@pytest.mark.parametrize(
    ("firmware", "quirks", "pushed"),
    [
        ((4, 0, 2), (), OmniLink2MessageType.EXTENDED_OBJECT_STATUS),
        ((2, 16, 2), (), OmniLink2MessageType.OBJECT_STATUS),
        ((4, 0, 2), (Quirk.PUSHES_STATUS,), OmniLink2MessageType.OBJECT_STATUS),
        ((2, 16, 2), (Quirk.PUSHES_EXTENDED_STATUS,), OmniLink2MessageType.EXTENDED_OBJECT_STATUS),
    ],
)
def test_what_is_pushed(
    firmware: tuple[int, int, int], quirks: tuple[Quirk, ...], pushed: OmniLink2MessageType
) -> None:
    script = script_with(*quirks, firmware=firmware)
    for command, parameter2 in ((Command.UNIT_ON, 1), (Command.BYPASS_ZONE, 1), (Command.SECURITY_AWAY, 1)):
        script.commands(command, 0, parameter2)
        (message,) = script.driver.pushed(LISTENER)
        assert message.type == pushed


def test_no_bit_for_the_exit_delay() -> None:
    script = script_with(Quirk.NO_EXIT_DELAY_BIT)
    script.commands(Command.SECURITY_AWAY, 0, 1)
    script.waits(3)
    script.sees(*counting_down("area 1: away, exit {}", 3), "area 1: away")


@pytest.mark.parametrize(
    ("quirks", "areas", "found"),
    [
        ((), 0b01, 1),
        ((), 0b10, 2),
        ((Quirk.AREA_FILTER_FROM_BIT_7,), 0x80, 1),
        ((Quirk.AREA_FILTER_FROM_BIT_7,), 0x40, 2),
    ],
)
def test_the_order_of_areas_in_the_filter(quirks: tuple[Quirk, ...], areas: int, found: int) -> None:
    script = script_with(*quirks)
    request = RequestObjectProperties(ObjectType.ZONE, 0, 1, 1, areas, 0)
    told = script.driver.reply(request, LISTENER)
    assert isinstance(told, ZoneProperties)
    assert told.index == found


def unit_records(script: Scenario, first: int, last: int) -> ExtendedObjectStatus:
    reply = script.driver.reply(RequestExtendedObjectStatus(ObjectType.UNIT, first, last), LISTENER)
    assert isinstance(reply, ExtendedObjectStatus)
    return reply


def test_long_unit_records() -> None:
    script = script_with(Quirk.LONG_UNIT_RECORDS)
    reply = unit_records(script, 1, 3)
    assert reply.record_length == 7
    assert reply.records == tuple(UnitStatus(number, 0, 0, tail=b"\0\0") for number in (1, 2, 3))
    # Also pushed; the plain form stays as it is.
    script.commands(Command.UNIT_ON, 30, 1)
    (message,) = script.driver.pushed(LISTENER)
    assert message.data == bytes.fromhex("02 07 0001 01 001E 0000")
    plain = script.driver.reply(RequestObjectStatus(ObjectType.UNIT, 1, 1), LISTENER)
    assert plain == ObjectStatus(ObjectType.UNIT, (UnitStatus(1, 1, 30),))
    assert unit_records(script_with(), 1, 3).record_length == 5


def test_no_capacity_of_sensors() -> None:
    request = RequestObjectTypeCapacities(ObjectType.AUXILIARY_SENSOR)
    assert isinstance(script_with(Quirk.NO_SENSOR_CAPACITY).driver.reply(request, LISTENER), Nak)
    assert isinstance(script_with().driver.reply(request, LISTENER), ObjectTypeCapacities)


def test_junk_after_names() -> None:
    for quirks, field in (
        ((Quirk.JUNK_AFTER_NAMES,), b"FRONT DOOR\0" + b"\xff" * 5),
        ((), b"FRONT DOOR".ljust(16, b"\0")),
    ):
        told = script_with(*quirks).driver.reply(RequestObjectProperties(ObjectType.ZONE, 1, 0), LISTENER)
        assert isinstance(told, ZoneProperties)
        assert told.raw_name == field
        assert told.name == "FRONT DOOR"
        name = script_with(*quirks).driver.reply(ReadName(NameType.ZONE, 0), LISTENER)
        assert isinstance(name, NameData)
        assert name.raw_name == field


# What is wrong in the packets themselves only a tolerant client understands.


def tolerant(*quirks: Quirk, tolerances: frozenset[Tolerance]) -> Driver:
    driver = Driver(house(*quirks))
    settings = ClientSettings(keepalive=0, request_timeout=1e6, tolerances=tolerances)
    driver.clients[ONE] = ClientConnection(KEY, settings=settings)
    driver.events[ONE], driver.packets[ONE] = [], []
    driver.panel.accept(ONE, driver.now)
    driver.clients[ONE].connect(driver.now)
    driver.pump()
    driver.listen(ONE)
    return driver


def test_swapped_crcs_of_status_and_none_of_events() -> None:
    both = frozenset({Tolerance.SWAPPED_CRC, Tolerance.ZERO_CRC})
    driver = tolerant(Quirk.SWAPPED_CRC, tolerances=both)
    driver.command(Command.UNIT_ON, 0, 1)
    driver.command(Command.SET_ENERGY_COST, 1, 0)
    assert [str(told).split("(")[0] for told in driver.told()] == ["UnitStatus", "EnergyCostMid"]
    reply = driver.ask(RequestExtendedObjectStatus(ObjectType.UNIT, 1, 1))
    assert reply.records == (UnitStatus(1, 1, 0),)


@pytest.mark.parametrize(
    ("tolerance", "understood"),
    [(Tolerance.SWAPPED_CRC, "UnitStatus"), (Tolerance.ZERO_CRC, "EnergyCostMid")],
)
def test_each_of_the_two_needs_its_own_tolerance(tolerance: Tolerance, understood: str) -> None:
    driver = tolerant(Quirk.SWAPPED_CRC, tolerances=frozenset({tolerance}))
    driver.command(Command.UNIT_ON, 0, 1)
    driver.command(Command.SET_ENERGY_COST, 1, 0)
    assert [str(told).split("(")[0] for told in driver.told()] == [understood]


def test_events_as_raw_words() -> None:
    driver = tolerant(Quirk.RAW_PHONE_EVENTS, tolerances=frozenset({Tolerance.RAW_WORDS}))
    driver.command(Command.SET_ENERGY_COST, 1, 0)
    assert driver.told() == [EnergyCostMid()]
    driver.panel.happen(ReceiveEvent(PhoneLineRing().word), driver.now)
    driver.pump()
    assert driver.told() == []
    dropped = [event for event in driver.events[ONE] if isinstance(event, PacketDropped)]
    assert len(dropped) == 1
    # The session goes on.
    driver.command(Command.UNIT_ON, 0, 1)
    assert driver.told() == [UnitStatus(1, 1, 0)]
    assert driver.is_online()


def test_events_as_raw_words_end_the_session_of_a_client_that_is_not_tolerant() -> None:
    driver = tolerant(Quirk.RAW_PHONE_EVENTS, tolerances=frozenset())
    driver.panel.happen(ReceiveEvent(PhoneLineRing().word), driver.now)
    driver.pump()
    assert not [event for event in driver.events[ONE] if isinstance(event, NotificationReceived)]
    assert driver.clients[ONE].state is not ConnectionState.ONLINE


def test_every_quirk_has_a_test_here_or_where_its_object_is() -> None:
    here = {
        Quirk.SILENT_LONG_STATUS,
        Quirk.SILENT_ENCLOSURES,
        Quirk.PUSHES_STATUS,
        Quirk.PUSHES_EXTENDED_STATUS,
        Quirk.NO_EXIT_DELAY_BIT,
        Quirk.AREA_FILTER_FROM_BIT_7,
        Quirk.LONG_UNIT_RECORDS,
        Quirk.NO_SENSOR_CAPACITY,
        Quirk.JUNK_AFTER_NAMES,
        Quirk.SWAPPED_CRC,
        Quirk.RAW_PHONE_EVENTS,
    }
    # A thermostat's hold is in test_climate_over_time.py.
    assert set(Quirk) == here | {Quirk.HOLD_IGNORES_SETPOINTS}

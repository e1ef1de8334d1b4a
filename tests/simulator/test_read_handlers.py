"""What the emulated panel answers to requests that change nothing, in every corner."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import CommandFailedError, Message
from omnilink_sansio.commands import ControllerCommand
from omnilink_sansio.objects import (
    AreaProperties,
    ButtonProperties,
    ExtendedObjectStatus,
    NameFilter,
    ObjectProperties,
    ObjectStatus,
    ObjectType,
    RelativeDirection,
    RequestExtendedObjectStatus,
    RequestObjectProperties,
    RequestObjectStatus,
    SecurityMode,
    ThermostatKind,
    ThermostatProperties,
    ThermostatStatus,
    UnitProperties,
    UnitStatus,
    UnitType,
    Weekday,
    ZoneArming,
    ZoneCondition,
    ZoneProperties,
    ZoneStatus,
    ZoneType,
)
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.simulator import Area, Button, House, Thermostat, Unit, Zone, demo_house
from omnilink_sansio.system import (
    Ack,
    AreaAlarms,
    ControllerModel,
    DateFormat,
    EnableNotifications,
    EndOfData,
    Nak,
    ObjectTypeCapacities,
    RequestObjectTypeCapacities,
    RequestSystemFormats,
    RequestSystemInformation,
    RequestSystemStatus,
    SystemFormats,
    TemperatureFormat,
    TimeFormat,
)
from tests.rows import each_row
from tests.simulator.driver import Driver

_T = OmniLink2MessageType
NEXT, PREVIOUS, THIS = RelativeDirection.NEXT, RelativeDirection.PREVIOUS, RelativeDirection.THIS

WITH_PROPERTIES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14]
WITHOUT_PROPERTIES = [0, 11, 12, 15, 16, 255]


def online(house: House | None = None) -> Driver:
    driver = Driver(house)
    driver.connect()
    return driver


def walk(
    driver: Driver,
    kind: int,
    direction: RelativeDirection = NEXT,
    start: int = 0,
    name: int = 0,
    area: int = 0,
    room: int = 0,
) -> list[ObjectProperties]:
    found: list[ObjectProperties] = []
    index = start
    while True:
        properties = driver.ask(RequestObjectProperties(kind, index, direction, name, area, room))
        if properties is None:
            return found
        assert isinstance(properties, ObjectProperties)
        found.append(properties)
        index = properties.index


def numbers(found: list[ObjectProperties]) -> list[int]:
    return [item.index for item in found]


# The controller itself.


def test_system_information_has_29_bytes() -> None:
    driver = online()
    assert len(driver.exchange(RequestSystemInformation()).data) == 29
    information = driver.ask(RequestSystemInformation())
    assert information.controller_model is ControllerModel.OMNI_PRO_II
    assert (information.firmware_version, information.phone) == ("4.0b", "5551234")


def test_system_information_of_another_house() -> None:
    information = online(House(model=ControllerModel.OMNI_IIE, firmware=(2, 16, -1), phone="")).ask(
        RequestSystemInformation()
    )
    assert (information.model_name, information.firmware_version) == ("Omni IIe", "2.16X1")
    assert information.phone == ""


def test_system_status_is_the_time_that_went_by_since_the_start() -> None:
    driver = online(House(clock=datetime(2026, 11, 21, 23, 59, 50)))  # noqa: DTZ001 - as the panel's clock
    status = driver.ask(RequestSystemStatus())
    assert (status.year, status.month, status.day) == (26, 11, 21)
    assert (status.hour, status.minute, status.second) == (23, 59, 50)
    assert status.weekday is Weekday.SATURDAY
    driver.advance(10)
    status = driver.ask(RequestSystemStatus())
    assert (status.day, status.hour, status.minute, status.second) == (22, 0, 0, 0)
    assert status.weekday is Weekday.SUNDAY
    assert status.time_valid == 1
    assert (status.sunrise_hour, status.sunrise_minute) == (6, 41)
    assert (status.sunset_hour, status.sunset_minute) == (17, 8)
    assert status.battery == 0xD5


def test_only_areas_in_alarm_are_in_the_system_status() -> None:
    house = House(areas={1: Area("A"), 3: Area("C", alarms=0x84), 2: Area("B", alarms=2)})
    driver = online(house)
    assert driver.ask(RequestSystemStatus()).alarms == (AreaAlarms(2, 2), AreaAlarms(3, 0x84))
    assert len(driver.exchange(RequestSystemStatus()).data) == 18
    assert len(online().exchange(RequestSystemStatus()).data) == 14


def test_formats() -> None:
    house = House(
        temperature_format=TemperatureFormat.CELSIUS,
        time_format=TimeFormat.HOURS_24,
        date_format=DateFormat.MONTH_DAY,
    )
    assert online(house).ask(RequestSystemFormats()) == SystemFormats(2, 2, 1)


CAPACITIES = {1: 176, 2: 511, 3: 128, 4: 99, 5: 8, 6: 64, 7: 128, 12: 16, 13: 25, 14: 16}
"""What an Omni Pro II has (20P00 §NAME DATA; consoles: from the field)."""


@each_row("kind", range(18))
def test_capacities(kind: int) -> None:
    driver = online()
    if kind in (0, 15, 16, 17):
        # 20P00 has no capacity of reader locks: they are parts of readers.
        assert driver.reply(RequestObjectTypeCapacities(kind)) == Nak()
    else:
        told = driver.ask(RequestObjectTypeCapacities(kind))
        assert told == ObjectTypeCapacities(kind, CAPACITIES.get(kind, told.capacity))
        assert told.capacity > 0


# Properties.


def test_properties_of_one_object_of_each_kind() -> None:
    driver = online()
    zone = driver.ask(RequestObjectProperties(ObjectType.ZONE, 3))
    assert isinstance(zone, ZoneProperties)
    assert (zone.index, zone.name, zone.kind) == (3, "KITCHEN WINDOW", ZoneType.PERIMETER)
    assert (zone.condition, zone.loop, zone.area) == (ZoneCondition.NOT_READY, 0xA8, 1)
    unit = driver.ask(RequestObjectProperties(ObjectType.UNIT, 2))
    assert isinstance(unit, UnitProperties)
    assert (unit.index, unit.name, unit.kind, unit.level, unit.areas) == (2, "HALL", UnitType.UPB, 60, 255)
    area = driver.ask(RequestObjectProperties(ObjectType.AREA, 2))
    assert isinstance(area, AreaProperties)
    assert (area.index, area.name, area.exit_delay, area.entry_delay) == (2, "GARAGE", 30, 30)
    assert area.is_enabled
    thermostat = driver.ask(RequestObjectProperties(ObjectType.THERMOSTAT, 1))
    assert isinstance(thermostat, ThermostatProperties)
    assert (thermostat.name, thermostat.kind) == ("DOWNSTAIRS", ThermostatKind.AUTO_HEAT_COOL)
    assert (thermostat.temperature_celsius, thermostat.humidity) == (21.5, 90)
    button = driver.ask(RequestObjectProperties(ObjectType.BUTTON, 1))
    assert isinstance(button, ButtonProperties)
    assert (button.index, button.name) == (1, "GOOD NIGHT")


@pytest.mark.parametrize(
    ("kind", "firmware_2", "firmware_4"), [(1, 24, 24), (2, 20, 21), (3, 16, 16), (5, 23, 23), (6, 24, 29)]
)
def test_lengths_of_properties(kind: int, firmware_2: int, firmware_4: int) -> None:
    for firmware, length in [((2, 16, 0), firmware_2), ((4, 0, 2), firmware_4)]:
        house = demo_house()
        house.firmware = firmware
        reply = online(house).exchange(RequestObjectProperties(kind, 1))
        assert (reply.type, len(reply.data)) == (_T.OBJECT_PROPERTIES, length)


@each_row("kind", WITH_PROPERTIES)
def test_every_number_up_to_the_capacity_exists_and_no_other(kind: int) -> None:
    driver = online(House())
    capacity = driver.ask(RequestObjectTypeCapacities(kind)).capacity
    for index in (1, capacity):
        properties = driver.ask(RequestObjectProperties(kind, index))
        assert isinstance(properties, ObjectProperties)
        assert (properties.index, properties.name) == (index, "")
    for index in (0, capacity + 1, 0xFFFF):
        assert driver.reply(RequestObjectProperties(kind, index)) == EndOfData()


@each_row("kind", WITH_PROPERTIES)
def test_a_walk_leads_through_all_numbers_both_ways(kind: int) -> None:
    driver = online()
    capacity = driver.ask(RequestObjectTypeCapacities(kind)).capacity
    assert numbers(walk(driver, kind)) == list(range(1, capacity + 1))
    assert numbers(walk(driver, kind, PREVIOUS, 0xFFFF)) == list(range(capacity, 0, -1))


def test_next_and_previous_stop_at_what_passes_the_name_filter() -> None:
    driver = online()
    assert numbers(walk(driver, ObjectType.UNIT, name=NameFilter.NAMED)) == [1, 2, 3, 4, 257, 393]
    backwards = walk(driver, ObjectType.UNIT, PREVIOUS, 393, name=NameFilter.NAMED)
    assert numbers(backwards) == [257, 4, 3, 2, 1]
    unnamed = walk(driver, ObjectType.AREA, name=NameFilter.UNNAMED)
    assert numbers(unnamed) == [3, 4, 5, 6, 7, 8]
    assert {item.name for item in unnamed} == {""}


def test_next_stops_at_what_passes_the_area_filter_bit_0_is_area_1() -> None:
    house = House(
        zones={1: Zone("A"), 2: Zone("B", area=2), 3: Zone("C", area=3), 4: Zone("D", area=8)},
        units={1: Unit("A", area_bits=1), 2: Unit("B", area_bits=2), 3: Unit("C")},
        thermostats={1: Thermostat("A", area_bits=1), 2: Thermostat("B", area_bits=6)},
        buttons={1: Button("A", area_bits=1), 2: Button("B", area_bits=4)},
        areas={1: Area("A"), 2: Area("B")},
    )
    driver = online(house)
    named = NameFilter.NAMED
    assert numbers(walk(driver, ObjectType.ZONE, name=named, area=0b1)) == [1]
    assert numbers(walk(driver, ObjectType.ZONE, name=named, area=0b110)) == [2, 3]
    assert numbers(walk(driver, ObjectType.ZONE, name=named, area=0x80)) == [4]
    assert numbers(walk(driver, ObjectType.ZONE, name=named, area=0xFF)) == [1, 2, 3, 4]
    assert numbers(walk(driver, ObjectType.UNIT, name=named, area=0b10)) == [2, 3]
    assert numbers(walk(driver, ObjectType.THERMOSTAT, name=named, area=0b100)) == [2]
    assert numbers(walk(driver, ObjectType.BUTTON, name=named, area=0b100)) == [2]
    # Areas have no area filter (20P00 §OBJECT PROPERTIES).
    assert numbers(walk(driver, ObjectType.AREA, name=named, area=0b1)) == [1, 2]


def test_filters_do_not_hide_an_object_that_is_asked_for_itself() -> None:
    driver = online()
    for name, area in [(NameFilter.UNNAMED, 0), (0, 0x80)]:
        properties = driver.ask(RequestObjectProperties(ObjectType.ZONE, 1, THIS, name, area))
        assert isinstance(properties, ZoneProperties)
        assert properties.name == "FRONT DOOR"


def test_rooms_and_independent_loads_are_told_apart() -> None:
    house = House(
        units={
            1: Unit("ROOM", UnitType.HLC_ROOM),
            2: Unit("LOAD", UnitType.HLC_LOAD),
            9: Unit("LAMP", UnitType.UPB),
        }
    )
    driver = online(house)
    assert numbers(walk(driver, ObjectType.UNIT, name=NameFilter.NAMED)) == [1, 2, 9]
    assert numbers(walk(driver, ObjectType.UNIT, name=NameFilter.NAMED, room=254)) == [1]
    assert numbers(walk(driver, ObjectType.UNIT, name=NameFilter.NAMED, room=255)) == [9]


@pytest.mark.parametrize("kind", WITHOUT_PROPERTIES)
def test_kinds_without_properties_are_refused(kind: int) -> None:
    assert online().reply(RequestObjectProperties(kind, 1)) == Nak()


@pytest.mark.parametrize("direction", [-128, -2, 2, 127])
def test_other_directions_are_refused(direction: int) -> None:
    assert online().reply(RequestObjectProperties(ObjectType.ZONE, 1, direction)) == Nak()


@given(
    kind=st.sampled_from(WITH_PROPERTIES),
    index=st.integers(0, 0xFFFF),
    direction=st.sampled_from([NEXT, PREVIOUS]),
    name=st.integers(0, 2),
    area=st.integers(0, 255),
)
def test_next_and_previous_find_something_or_end_and_never_refuse(
    kind: int, index: int, direction: RelativeDirection, name: int, area: int
) -> None:
    reply = online().reply(RequestObjectProperties(kind, index, direction, name, area))
    if reply != EndOfData():
        assert isinstance(reply, ObjectProperties)
        assert reply.index > index if direction is NEXT else reply.index < index


# Status.


@pytest.mark.parametrize(("kind", "plain", "extended"), [(1, 4, 4), (2, 5, 5), (5, 6, 6), (6, 9, 14)])
def test_sizes_of_records(kind: int, plain: int, extended: int) -> None:
    driver = online()
    reply = driver.exchange(RequestObjectStatus(kind, 1, 3))
    assert (reply.type, reply.data[0], len(reply.data)) == (_T.OBJECT_STATUS, kind, 1 + 3 * plain)
    reply = driver.exchange(RequestExtendedObjectStatus(kind, 1, 3))
    assert (reply.type, reply.data[:2]) == (_T.EXTENDED_OBJECT_STATUS, bytes((kind, extended)))
    assert len(reply.data) == 2 + 3 * extended


def test_status_tells_the_state_of_the_house() -> None:
    driver = online()
    zones = driver.ask(RequestObjectStatus(ObjectType.ZONE, 2, 4)).records
    assert [item.index for item in zones] == [2, 3, 4]
    assert zones[1] == ZoneStatus(3, 1, 0xA8)
    units = driver.ask(RequestExtendedObjectStatus(ObjectType.UNIT, 1, 4)).records
    assert units == tuple(UnitStatus(index, state, 0) for index, state in [(1, 0), (2, 160), (3, 1), (4, 0)])
    (plain,) = driver.ask(RequestObjectStatus(ObjectType.THERMOSTAT, 2, 2)).records
    (extended,) = driver.ask(RequestExtendedObjectStatus(ObjectType.THERMOSTAT, 2, 2)).records
    assert isinstance(plain, ThermostatStatus)
    assert isinstance(extended, ThermostatStatus)
    assert plain.humidity is None
    assert (extended.humidity, extended.action) == (95, 1)
    assert plain.temperature_celsius == extended.temperature_celsius == 19


def test_zones_of_an_armed_area_are_armed_but_for_bypassed_ones() -> None:
    house = House(
        zones={1: Zone("A"), 2: Zone("B", bypassed=True), 3: Zone("C", area=2)},
        areas={1: Area("HOUSE", mode=SecurityMode.AWAY), 2: Area("GARAGE")},
    )
    records = online(house).ask(RequestObjectStatus(ObjectType.ZONE, 1, 3)).records
    assert [item.arming for item in records if isinstance(item, ZoneStatus)] == [
        ZoneArming.ARMED,
        ZoneArming.BYPASSED_BY_USER,
        ZoneArming.DISARMED,
    ]


@given(kind=st.sampled_from([1, 2, 5, 6, 7, 8, 10, 11, 13, 14, 15]), data=st.data())
def test_every_number_of_a_range_has_a_record(kind: int, data: st.DataObject) -> None:
    driver = online()
    capacity = driver.house.capacity(kind)
    first = data.draw(st.integers(1, capacity))
    last = data.draw(st.integers(first, min(capacity, first + 12)))
    for request in (RequestObjectStatus(kind, first, last), RequestExtendedObjectStatus(kind, first, last)):
        reply = driver.reply(request)
        assert isinstance(reply, ObjectStatus | ExtendedObjectStatus)
        assert [item.index for item in reply.records] == list(range(first, last + 1))


@each_row("extended", [False, True])
@each_row(
    ("kind", "first", "last"),
    [
        (ObjectType.ZONE, 2, 1),
        (ObjectType.ZONE, 0, 1),
        (ObjectType.ZONE, 0, 0),
        (ObjectType.ZONE, 176, 177),
        (ObjectType.ZONE, 177, 177),
        (ObjectType.AREA, 1, 9),
        (ObjectType.ZONE, 1, 0xFFFF),
        (ObjectType.BUTTON, 1, 1),
        (ObjectType.CODE, 1, 1),
        (ObjectType.AUDIO_SOURCE, 1, 1),
        (ObjectType.CONSOLE, 1, 1),
        (0, 1, 1),
        (16, 1, 1),
    ],
)
def test_ranges_that_are_none_are_refused(kind: int, first: int, last: int, extended: bool) -> None:
    form = RequestExtendedObjectStatus if extended else RequestObjectStatus
    assert online().reply(form(kind, first, last)) == Nak()


@pytest.mark.parametrize(
    ("kind", "plain", "extended"), [(1, 63, 63), (2, 50, 50), (6, 28, 18), (8, 42, 42), (7, 84, 84)]
)
def test_ranges_that_do_not_fit_into_one_message_are_refused(kind: int, plain: int, extended: int) -> None:
    driver = online()
    longest = driver.ask(RequestObjectStatus(kind, 1, plain))
    assert len(longest.records) == plain
    assert driver.reply(RequestObjectStatus(kind, 1, plain + 1)) == Nak()
    assert len(driver.ask(RequestExtendedObjectStatus(kind, 1, extended)).records) == extended
    assert driver.reply(RequestExtendedObjectStatus(kind, 1, extended + 1)) == Nak()


@pytest.mark.parametrize(("firmware", "known"), [((2, 16, 1), False), ((2, 99, 0), False), ((3, 0, 0), True)])
def test_extended_status_exists_from_firmware_3(firmware: tuple[int, int, int], known: bool) -> None:
    house = demo_house()
    house.firmware = firmware
    driver = online(house)
    reply = driver.reply(RequestExtendedObjectStatus(ObjectType.ZONE, 1, 1))
    assert isinstance(reply, ExtendedObjectStatus if known else Nak)
    assert isinstance(driver.reply(RequestObjectStatus(ObjectType.ZONE, 1, 1)), ObjectStatus)


# What it does not know.

LENGTHS = {
    _T.CLEAR_NAMES: {0},
    _T.READ_NAME: {4},
    _T.CLEAR_VOICE_NAMES: {0},
    _T.WRITE_VOICE_NAME: {17},
    _T.READ_VOICE_NAME: {4},
    # SetTime is the one whose longer form is taken: a later one may end in more.
    _T.SET_TIME: set(range(7, 255)),
    _T.CONTROLLER_COMMAND: {4},
    _T.ENABLE_NOTIFICATIONS: {1},
    _T.REQUEST_SYSTEM_INFORMATION: {0},
    _T.REQUEST_SYSTEM_STATUS: {0},
    _T.REQUEST_SYSTEM_TROUBLES: {0},
    _T.REQUEST_SYSTEM_FEATURES: {0},
    _T.REQUEST_OBJECT_TYPE_CAPACITIES: {1},
    _T.REQUEST_OBJECT_PROPERTIES: {7},
    _T.REQUEST_OBJECT_STATUS: {5},
    _T.READ_EVENT_RECORD: {3},
    _T.REQUEST_SECURITY_CODE_VALIDATION: {5},
    _T.REQUEST_SYSTEM_FORMATS: {0},
    _T.ACTIVATE_KEYPAD_EMERGENCY: {2},
    _T.REQUEST_CONNECTED_SECURITY_SYSTEM_STATUS: {0},
    _T.CONNECTED_SECURITY_SYSTEM_COMMAND: {8},
    _T.REQUEST_AUDIO_SOURCE_STATUS: {3},
    _T.REQUEST_ZONE_READY_STATUS: {0},
    _T.REQUEST_EXTENDED_OBJECT_STATUS: {5},
    _T.ACKNOWLEDGE_ALERTS: {1},
    _T.CLEAR_PROGRAMS: {0},
    _T.DOWNLOAD_PROGRAM: {16},
    _T.UPLOAD_PROGRAM: {3},
    _T.EXECUTE_SECURITY_COMMAND: {6},
}
"""The lengths of DATA that a request can have (omni-link-2.md, sections 6 and 21)."""

WITH_A_NAME = {_T.WRITE_NAME}
"""Their length depends on the kind of name."""


def test_messages_that_are_no_requests_or_are_not_published_are_refused_without_data() -> None:
    driver = online()
    unknown = set(range(256)) - {int(kind) for kind in LENGTHS.keys() | WITH_A_NAME}
    assert len(unknown) == 256 - 30
    for number in unknown:
        for data in (b"", bytes(9), bytes((1,)), bytes((1, 0, 1))):
            assert driver.exchange(Message(number, data)) == Message(_T.NEGATIVE_ACKNOWLEDGE)


@each_row("kind", sorted(LENGTHS))
def test_malformed_requests_are_refused(kind: OmniLink2MessageType) -> None:
    driver = online()
    wrong = [length for length in (*range(21), 100, 254) if length not in LENGTHS[kind]]
    for length in wrong:
        assert driver.exchange(Message(kind, bytes(length))) == Message(_T.NEGATIVE_ACKNOWLEDGE), length
    assert driver.is_online()


@given(number=st.integers(0, 255), data=st.binary(max_size=254))
def test_every_message_has_exactly_one_reply_and_the_session_goes_on(number: int, data: bytes) -> None:
    driver = online()
    driver.packets["one"].clear()
    reply = driver.exchange(Message(number, data))
    assert reply.type != 0
    answered = [packet for packet in driver.packets["one"] if packet.sequence]
    assert len(answered) == 1
    assert driver.is_online()


def test_a_refused_request_raises_at_the_client() -> None:
    with pytest.raises(CommandFailedError, match="RequestObjectStatus"):
        online().ask(RequestObjectStatus(ObjectType.ZONE, 0, 0))


@pytest.mark.parametrize("enabled", [2, 255])
def test_notifications_are_on_or_off_and_nothing_else(enabled: int) -> None:
    driver = online()
    assert driver.reply(EnableNotifications(enabled)) == Nak()
    assert driver.reply(EnableNotifications(0)) == Ack()
    assert driver.reply(ControllerCommand(200)) == Nak()

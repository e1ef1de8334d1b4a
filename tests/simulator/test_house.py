"""A house as it is given: what no message can carry is refused before the panel is used, never in a session."""

from collections import deque
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import LocalProtocolError, Message, UserCode
from omnilink_sansio.event_log import EventLogData
from omnilink_sansio.objects import NameType, ObjectType
from omnilink_sansio.simulator import (
    Area,
    AudioSource,
    AudioZone,
    AuxiliarySensor,
    Button,
    Code,
    ConsoleMessage,
    Enclosure,
    House,
    OpenZone,
    PressButton,
    Quirk,
    Reader,
    ScriptLine,
    Thermostat,
    Unit,
    UserSetting,
    Zone,
    demo_house,
)
from omnilink_sansio.simulator.behaviour.passing_time import pass_time
from omnilink_sansio.system import SystemFeature, SystemTrouble
from tests.rows import each_row
from tests.simulator.driver import Driver

LONG, SHORT = "SIXTEEN CHARS ON", "THIRTEEN CHAR"


def _event(number: int = 1, parameter1: int = 0, parameter2: int = 0) -> EventLogData:
    return EventLogData(number, 1, 11, 21, 8, 0, 48, parameter1, parameter2)


@each_row(
    ("house", "text"),
    [
        # Names longer than their field, with a zero, or beyond 8 bits.
        (House(zones={1: Zone(LONG)}), LONG),
        (House(units={1: Unit(SHORT)}), SHORT),
        (House(buttons={1: Button(SHORT)}), SHORT),
        (House(codes={1: Code(SHORT)}), SHORT),
        (House(areas={1: Area(SHORT)}), SHORT),
        (House(thermostats={1: Thermostat(SHORT)}), SHORT),
        (House(messages={1: ConsoleMessage(LONG)}), LONG),
        (House(sensors={1: AuxiliarySensor(LONG)}), LONG),
        (House(audio_sources={1: AudioSource(SHORT)}), SHORT),
        (House(audio_zones={1: AudioZone(SHORT)}), SHORT),
        (House(user_settings={1: UserSetting(LONG)}), LONG),
        (House(readers={1: Reader(LONG)}), LONG),
        (House(buttons={1: Button("A\0B")}), "none of them zero"),
        (House(areas={1: Area("€")}), "8 bits"),
        (House(phone="5" * 25), "24 characters"),
        # Numbers that there are not.
        (House(zones={0: Zone("A")}), "no ZONE 0"),
        (House(zones={177: Zone("A")}), "no ZONE 177"),
        (House(units={512: Unit("A")}), "no UNIT 512"),
        (House(codes={100: Code("A")}), "no CODE 100"),
        (House(areas={9: Area("A")}), "no AREA 9"),
        (House(user_settings={26: UserSetting("A")}), "no USER_SETTING 26"),
        (House(readers={17: Reader("A")}), "no ACCESS_CONTROL_READER 17"),
        (House(capacities={ObjectType.UNIT: 0}, units={1: Unit("A")}), "no UNIT 1"),
        # Values that do not fit into their bytes.
        (House(zones={1: Zone("A", loop=256)}), "ZoneProperties.loop"),
        (House(areas={1: Area("A", exit_delay=256)}), "AreaProperties.exit_delay"),
        (House(areas={1: Area("A", entry_delay=-1)}), "AreaProperties.entry_delay"),
        (House(areas={1: Area("A", alarms=256)}), "AreaProperties.alarms"),
        (House(units={1: Unit("A", state=256)}), "UnitProperties.state"),
        (House(thermostats={1: Thermostat("A", action=-1)}), "ThermostatProperties.action"),
        (House(firmware=(2, 0, 0), thermostats={1: Thermostat("A", humidity=256)}), "humidity"),
        (House(sensors={1: AuxiliarySensor("A", current=256)}), "AuxSensorProperties.current"),
        (House(audio_zones={1: AudioZone("A", volume=-1)}), "AudioZoneProperties.volume"),
        (House(enclosures={1: Enclosure(battery=256)}), "ExpansionEnclosureStatus.battery"),
        (House(user_settings={1: UserSetting("A", value=0x10000)}), "UserSettingProperties.value"),
        (House(readers={1: Reader("A", last_user=256)}), "AccessControlReaderProperties.last_user"),
        (House(battery=300), "SystemStatus.battery"),
        (House(energy_cost=4), "energy cost"),
        (House(firmware=(4, 0, 128)), "SystemInformation.revision"),
        (House(thermostats={1: Thermostat("A", seconds_per_step=0.5)}), "at least 1 second"),
    ],
)
def test_a_house_with_a_name_number_or_value_that_no_message_can_carry_is_refused(
    house: House, text: str
) -> None:
    with pytest.raises(LocalProtocolError, match=text.replace(".", r"\.")):
        Driver(house)


@each_row(
    "house",
    [
        # 20P00 knows areas 1 to 8.
        House(zones={1: Zone("A", area=0)}),
        House(zones={1: Zone("A", area=9)}),
        House(units={1: Unit("A", area_bits=256)}),
        House(units={1: Unit("A", state_after=256)}),
        House(messages={1: ConsoleMessage("A", area_bits=-1)}),
        House(capacities={ObjectType.ZONE: 0x10000}),
        House(troubles=[SystemTrouble.FREEZE] * 255),
        House(features=[SystemFeature.RUSSOUND] * 255),
        House(partitions=[(256, 0)]),
        House(partitions=[(0, -1)]),
        House(partitions=[(0, 0)] * 9),
        House(audio_sources={1: AudioSource("A", [(0, "€")])}),
        House(audio_sources={1: AudioSource("A", [(0, "A\0B")])}),
        House(audio_sources={1: AudioSource("A", [(256, "A")])}),
        House(audio_sources={1: AudioSource("A", [(0, "A")], sequence=256)}),
        # Positions go from 1 to 6; the longest text is what is left of 254 bytes of data.
        House(audio_sources={1: AudioSource("A", [(1, "A")] * 7)}),
        House(audio_sources={1: AudioSource("A", [(0, "A" * 249)])}),
        House(programs={1: bytes(13)}),
        House(programs={0: b"A" * 14}),
        House(programs={1501: b"A" * 14}),
        House(script=[ScriptLine(1.0, OpenZone(177))]),
        House(script=[ScriptLine(-1.0, OpenZone(1))]),
        House(clock=datetime(1999, 12, 31)),  # noqa: DTZ001
        House(clock=datetime(9999, 12, 31)),  # noqa: DTZ001
        House(capacities={ObjectType.AREA: 9}),
        House(quirks=frozenset({Quirk.PUSHES_STATUS, Quirk.PUSHES_EXTENDED_STATUS})),
        House(siren_time=-1),
        House(scenes={1: {512: 1}}),
        House(upb_links={1: {1: 256}}),
        House(buttons={1: Button("A", actions=[PressButton(129)])}),
        House(voice_names={(NameType.ZONE, 1): (0x10000,)}),
        House(voice_names={(NameType.ZONE, 1): (1,) * 7}),
        House(voice_names={(NameType.ZONE, 1): (1, 0, 2)}),
        House(voice_names={(NameType.ZONE, 177): (1,)}),
        House(log=deque([_event(number=0x10000)])),
        House(log=deque([_event(parameter1=256)])),
        House(log=deque([_event(parameter2=0x10000)])),
    ],
)
def test_a_house_that_could_not_answer_some_request_is_refused(house: House) -> None:
    with pytest.raises(LocalProtocolError):
        Driver(house)


def test_what_just_fits_is_taken() -> None:
    fullest = House(
        phone="5" * 24,
        troubles=[SystemTrouble.FREEZE] * 254,
        features=[SystemFeature.RUSSOUND] * 254,
        partitions=[(255, 255)] * 8,
        zones={176: Zone("FIFTEEN CHARS O", area=8, loop=255)},
        units={511: Unit("TWELVE CHARS", state=255, area_bits=255)},
        areas={8: Area("TWELVE CHARS", exit_delay=255, entry_delay=255, alarms=255)},
        audio_sources={8: AudioSource("TWELVE CHARS", [(255, "A" * 248)] * 6, 255)},
        user_settings={25: UserSetting("FIFTEEN CHARS O", value=0xFFFF)},
        readers={16: Reader("FIFTEEN CHARS O", last_user=255)},
        programs={1500: b"\xff" * 14},
        voice_names={(NameType.ACCESS_CONTROL_READER, 16): (0xFFFF,) * 6},
        log=deque([_event(0xFFFF, 255, 0xFFFF)]),
    )
    Driver(fullest).house.check()


def test_the_demo_house_and_an_empty_one_are_taken() -> None:
    for house in (demo_house(), House()):
        house.check()
        Driver(house)


def test_a_refusal_shows_no_code() -> None:
    house = House(codes={1: Code(SHORT, UserCode("8675"))})
    with pytest.raises(LocalProtocolError) as refused:
        Driver(house)
    assert "8675" not in str(refused.value)
    assert "8675" not in repr(house)
    assert repr(bytes((8, 6, 7, 5)))[2:-1] not in repr(house)


def test_the_clock_of_a_house_that_never_ran_is_the_one_given() -> None:
    when = datetime(2026, 2, 28, 23, 59, 59)  # noqa: DTZ001 - a panel's clock knows no zone
    house = House(clock=when)
    assert house.shown_time() == when
    pass_time(house, 5000.0)
    assert house.shown_time() == when
    pass_time(house, 5001.0)
    assert house.shown_time() == datetime(2026, 3, 1)  # noqa: DTZ001
    # Time never goes back.
    pass_time(house, 4000.0)
    assert house.shown_time() == datetime(2026, 3, 1)  # noqa: DTZ001


def _looks() -> list[Message]:
    """Every request that only reads, at numbers that are described and at others."""
    requests = [Message(opcode) for opcode in (0x16, 0x18, 0x1A, 0x1C, 0x28, 0x2D, 0x38)]
    for kind in range(17):
        requests.append(Message(0x1E, bytes((kind,))))
        for number in (1, 2, 5, 8):
            where = bytes((0, number))
            requests += [Message(0x22, bytes((kind,)) + where + where)]
            requests += [Message(0x3A, bytes((kind,)) + where + where)]
            requests += [Message(opcode, bytes((kind,)) + where + b"\1") for opcode in (0x0D, 0x11)]
            requests += [Message(0x20, bytes((kind, 0, number, way, 0, 0, 0))) for way in (0, 1, 255)]
    for number in range(9):
        requests += [Message(0x24, bytes((0, number, way))) for way in (0, 1, 255)]
        requests += [Message(0x30, bytes((0, number, place))) for place in (0, 1, 2)]
        requests += [Message(0x26, bytes((number, 1, 2, 3, 4)))]
        requests += [Message(0x09, bytes((0, number, way))) for way in (0, 1)]
    return requests


def test_looking_at_a_house_leaves_no_trace() -> None:
    driver = Driver()
    driver.connect()
    driver.listen()
    before = repr(driver.house)
    for request in _looks():
        driver.exchange(request)
    assert repr(driver.house) == before
    assert driver.pushed() == []


# The requests that change something, with the lengths of their data (omni-link-2.md, sections 13 to 15 and 21).
_CHANGING = [
    (0x07, 0),
    (0x08, 16),
    (0x0B, 0),
    (0x0C, 16),
    (0x0C, 19),
    (0x0F, 0),
    (0x10, 17),
    (0x13, 7),
    (0x14, 4),
]
_CHANGING += [(0x15, 1), (0x2C, 2), (0x2F, 8), (0x3C, 1), (0x4A, 6)]


@st.composite
def _changes(draw: st.DrawFn) -> Message:
    opcode, length = draw(st.sampled_from(_CHANGING))
    # Small numbers often, since they are those of objects, areas, modes and digits.
    octets = st.integers(0, 9) | st.integers(0, 255)
    return Message(opcode, bytes(draw(st.lists(octets, min_size=length, max_size=length))))


@given(requests=st.lists(_changes(), max_size=20), seconds=st.integers(0, 70_000))
def test_whatever_is_changed_can_still_be_told(requests: list[Message], seconds: int) -> None:
    driver = Driver()
    driver.connect()
    driver.listen()
    for request in requests:
        assert driver.exchange(request).type in (0x01, 0x02, 0x4B)
    driver.advance(seconds)
    assert driver.is_online()
    # A panel can be started with the house as it is now, and answers everything.
    again = Driver(driver.house, now=driver.now)
    again.connect()
    for look in ("16", "18", "1A", "1C", "28", "38"):
        assert again.exchange(Message(int(look, 16))).type == int(look, 16) + 1

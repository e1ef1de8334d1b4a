"""Codes, arming, alarms and alerts of the emulated panel, and the connected security system."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import CommandFailedError, Message, RequestReceived, UserCode, parse_message
from omnilink_sansio.commands import (
    AcknowledgeAlerts,
    ActivateKeypadEmergency,
    CodeAuthority,
    Command,
    ConnectedSecuritySystemCommand,
    ControllerCommand,
    ExecuteSecurityCommand,
    ExecuteSecurityCommandResponse,
    RequestConnectedSecuritySystemStatus,
    RequestSecurityCodeValidation,
    SecurityCodeValidation,
    SecurityCommandResponse,
)
from omnilink_sansio.objects import (
    AreaStatus,
    MessageState,
    MessageStatus,
    ObjectType,
    RequestExtendedObjectStatus,
    RequestObjectProperties,
    RequestZoneReadyStatus,
    SecurityMode,
    SpecialCode,
    ZoneCondition,
    ZoneType,
)
from omnilink_sansio.simulator import Area, Code, ConsoleMessage, House, Zone, demo_house
from omnilink_sansio.system import Ack, AreaAlarms, Nak, RequestSystemStatus
from tests.rows import each_row
from tests.simulator.driver import Driver

OWNER, CLEANER = UserCode("1234"), UserCode("0042")


def online(house: House | None = None) -> Driver:
    driver = Driver(house)
    driver.connect()
    return driver


def area(driver: Driver, index: int) -> AreaStatus:
    (record,) = driver.ask(RequestExtendedObjectStatus(ObjectType.AREA, index, index)).records
    assert isinstance(record, AreaStatus)
    return record


# Codes.


@each_row(
    ("chosen", "code", "number", "authority"),
    [
        (1, "1234", 1, CodeAuthority.MASTER),
        (2, "1234", 1, CodeAuthority.MASTER),
        (1, "0042", 2, CodeAuthority.USER),
        # The cleaner's code is valid in area 1 only.
        (2, "0042", 0, CodeAuthority.INVALID),
        (8, "0042", 0, CodeAuthority.INVALID),
        (1, "4321", 0, CodeAuthority.INVALID),
        (1, "0000", 0, CodeAuthority.INVALID),
        # A leading zero is a digit.
        (1, "4200", 0, CodeAuthority.INVALID),
        (0, "1234", 0, CodeAuthority.INVALID),
        (9, "1234", 0, CodeAuthority.INVALID),
        (255, "1234", 0, CodeAuthority.INVALID),
    ],
)
def test_a_code_is_valid_in_its_areas(chosen: int, code: str, number: int, authority: int) -> None:
    driver = online()
    told = driver.ask(RequestSecurityCodeValidation(chosen, UserCode(code)))
    assert told == SecurityCodeValidation(number, authority)
    assert told.is_valid == (number > 0)


def test_a_code_is_asked_for_and_told_byte_for_byte() -> None:
    house = House(codes={99: Code("A", UserCode("0907"), CodeAuthority.MANAGER)})
    reply = online(house).exchange(Message(0x26, bytes((1, 0, 9, 0, 7))))
    assert reply == Message(0x27, bytes((99, 2)))


def test_digits_that_are_none_are_refused() -> None:
    driver = online()
    for digits in (b"1234", bytes((1, 2, 3, 10)), bytes((255,)) * 4):
        assert driver.exchange(Message(0x26, b"\1" + digits)) == Message(0x02)
        assert driver.exchange(Message(0x4A, b"\1\3" + digits)) == Message(0x02)


def test_a_code_that_is_not_set_is_nobodys() -> None:
    driver = online(House(codes={1: Code("A"), 2: Code("B", OWNER)}))
    assert driver.ask(RequestSecurityCodeValidation(1, OWNER)).code_number == 2
    assert driver.ask(RequestSecurityCodeValidation(1, UserCode("0000"))).code_number == 0


@given(digits=st.text("0123456789", min_size=4, max_size=4), chosen=st.integers(0, 255))
def test_only_the_codes_of_the_house_are_valid(digits: str, chosen: int) -> None:
    told = online().ask(RequestSecurityCodeValidation(chosen, UserCode(digits)))
    valid = {("1234", index): 1 for index in range(1, 9)} | {("0042", 1): 2}
    assert told.code_number == valid.get((digits, chosen), 0)


def test_no_code_is_ever_in_the_text_of_an_observed_event() -> None:
    house = demo_house()
    house.codes[3] = Code("GUEST", UserCode("8675"))
    driver = online(house)
    driver.ask(RequestSecurityCodeValidation(1, UserCode("8675")))
    driver.ask(ExecuteSecurityCommand(1, SecurityMode.AWAY, UserCode("8675")))
    driver.reply(ConnectedSecuritySystemCommand(1, 1, UserCode("867586")))
    requests = [event for _, event in driver.observed if isinstance(event, RequestReceived)]
    assert len(requests) == 3
    texts = [
        repr(driver.observed),
        str(driver.observed),
        repr(driver.house),
        *(f"{event.message}" for event in requests),
        *(f"{parse_message(event.message)!r}" for event in requests),
    ]
    for text in texts:
        for shown in ("8675", "08060705", "\\x08\\x06\\x07\\x05", "8, 6, 7, 5", "8 6 7 5", "08 06 07 05"):
            assert shown not in text


# Arming in one step.


@each_row("mode", SecurityMode)
def test_one_step_arms_in_every_mode(mode: SecurityMode) -> None:
    driver = online()
    driver.ask(ExecuteSecurityCommand(2, mode, OWNER))
    assert area(driver, 2).security_mode is mode
    assert area(driver, 1) == AreaStatus(1, 0, 0, 0, 0)


@each_row(
    ("chosen", "mode", "code", "response"),
    [
        (1, 3, "1234", SecurityCommandResponse.SUCCESS),
        (1, 0, "0042", SecurityCommandResponse.SUCCESS),
        (1, 3, "9999", SecurityCommandResponse.INVALID_CODE),
        (2, 3, "0042", SecurityCommandResponse.INVALID_CODE),
        (1, 7, "1234", SecurityCommandResponse.INVALID_SECURITY_MODE),
        (1, 255, "1234", SecurityCommandResponse.INVALID_SECURITY_MODE),
        (0, 3, "1234", SecurityCommandResponse.INVALID_AREA),
        (9, 3, "1234", SecurityCommandResponse.INVALID_AREA),
        # Area 3 exists, but nobody set it up.
        (3, 3, "1234", SecurityCommandResponse.INVALID_AREA),
        (2, 1, "1234", SecurityCommandResponse.ZONES_NOT_READY),
        # Disarming never depends on zones.
        (2, 0, "1234", SecurityCommandResponse.SUCCESS),
    ],
)
def test_one_step_tells_what_came_of_it(
    chosen: int, mode: int, code: str, response: SecurityCommandResponse
) -> None:
    house = demo_house()
    house.areas[2].requires_ready = True
    house.zones[6].condition = ZoneCondition.NOT_READY
    driver = online(house)
    driver.listen()
    request = ExecuteSecurityCommand(chosen, mode, UserCode(code))
    assert driver.reply(request) == ExecuteSecurityCommandResponse(response)
    if response is SecurityCommandResponse.SUCCESS:
        driver.ask(request)
        assert [type(told) for told in driver.told()] == [AreaStatus, AreaStatus]
    else:
        assert driver.told() == []
        with pytest.raises(CommandFailedError) as failed:
            driver.ask(request)
        assert failed.value.failure_code == response
        assert [area(driver, index).mode for index in range(1, 9)] == [0] * 8


# Arming by code number.


@each_row("command", range(48, 55))
def test_an_unknown_code_number_is_refused_where_there_are_codes(command: int) -> None:
    driver = online()
    for code in (0, 3, 50, 99, 100, 250):
        assert driver.reply(ControllerCommand(command, code, 1)) == Nak()
    # From 251 on nobody's: duress where there is no duress code, keyswitch, PC access, programs.
    for code in (251, 252, 254, 255):
        assert driver.reply(ControllerCommand(command, code, 1)) == Nak()
    # The cleaner is code 2.
    for code in (1, 2):
        assert driver.reply(ControllerCommand(command, code, 1)) == Ack()
        assert area(driver, 1).security_mode == command - 48


def test_a_house_without_codes_asks_for_none() -> None:
    driver = online(House(areas={1: Area("HOUSE")}))
    driver.command(Command.SECURITY_AWAY, 0, 1)
    assert area(driver, 1).security_mode is SecurityMode.AWAY


def test_looking_at_codes_makes_none_valid() -> None:
    for house, code, reply in [(demo_house(), 50, Nak()), (House(areas={1: Area("HOUSE")}), 0, Ack())]:
        driver = online(house)
        for index in (1, 50, 99):
            driver.ask(RequestObjectProperties(ObjectType.CODE, index))
        assert driver.reply(ControllerCommand(Command.SECURITY_AWAY, code, 1)) == reply


def test_zones_that_are_not_ready_keep_an_area_that_asks_for_it_from_being_armed() -> None:
    house = demo_house()
    house.areas[1].requires_ready = True
    driver = online(house)
    # Zone 3, the kitchen window of area 1, is not ready.
    for chosen in (1, 0):
        for command in range(49, 55):
            assert driver.reply(ControllerCommand(command, 1, chosen)) == Nak()
    assert area(driver, 2).mode == 0, "all or none"
    driver.command(Command.SECURITY_AWAY, 1, 2)
    driver.command(Command.SECURITY_OFF, 1, 0)
    # Bypassed, it does not count.
    driver.command(Command.BYPASS_ZONE, 1, 3)
    driver.command(Command.SECURITY_AWAY, 1, 0)
    assert area(driver, 1).security_mode is area(driver, 2).security_mode is SecurityMode.AWAY


def test_an_area_that_does_not_ask_for_ready_zones_is_armed_with_them_open() -> None:
    driver = online()
    driver.command(Command.SECURITY_AWAY, 1, 1)
    assert area(driver, 1).security_mode is SecurityMode.AWAY


# Which zones are not ready.


def test_the_zones_of_the_demo_house_are_22_bytes() -> None:
    # Zone 3 is bit 5 of the first byte: bit 7 is the lowest zone.
    assert online().exchange(RequestZoneReadyStatus()) == Message(0x39, b"\x20" + bytes(21))


@pytest.mark.parametrize(("zone", "place", "byte"), [(1, 0, 0x80), (8, 0, 1), (9, 1, 0x80), (176, 21, 1)])
def test_the_bit_of_a_zone(zone: int, place: int, byte: int) -> None:
    house = House(zones={zone: Zone("A", condition=ZoneCondition.NOT_READY)})
    bits = bytearray(22)
    bits[place] = byte
    driver = online(house)
    assert driver.exchange(RequestZoneReadyStatus()).data == bytes(bits)
    assert driver.ask(RequestZoneReadyStatus()).zones_not_ready == (zone,)


@each_row("kind", ZoneType)
def test_auxiliary_and_temperature_zones_are_never_not_ready(kind: ZoneType) -> None:
    house = House(zones={5: Zone("A", kind, condition=ZoneCondition.NOT_READY)})
    never = kind in range(64, 68) or kind in range(80, 88)
    assert online(house).ask(RequestZoneReadyStatus()).zones_not_ready == (() if never else (5,))
    house.areas[1] = Area("HOUSE", requires_ready=True)
    reply = online(house).reply(ControllerCommand(Command.SECURITY_DAY, 0, 1))
    assert reply == (Ack() if never else Nak())


def test_a_smaller_panel_tells_of_its_zones_only() -> None:
    house = House(capacities={ObjectType.ZONE: 12}, zones={12: Zone("A", condition=ZoneCondition.TROUBLE)})
    assert online(house).exchange(RequestZoneReadyStatus()).data == bytes((0, 0x10))


# Emergencies.


@pytest.mark.parametrize(("emergency", "bits"), [(1, 0b0001), (2, 0b0010), (3, 0b1000)])
def test_an_emergency_raises_its_alarm(emergency: int, bits: int) -> None:
    driver = online()
    driver.listen()
    driver.ask(ActivateKeypadEmergency(2, emergency))
    assert area(driver, 2) == AreaStatus(2, 0, bits, 0, 0)
    assert area(driver, 1).alarms == 0
    assert driver.ask(RequestSystemStatus()).alarms == (AreaAlarms(2, bits),)
    assert driver.told() == [AreaStatus(2, 0, bits, 0, 0)]


def test_several_alarms_are_all_told_until_the_area_is_disarmed() -> None:
    driver = online()
    for emergency in (1, 2, 3):
        driver.ask(ActivateKeypadEmergency(1, emergency))
    driver.ask(ActivateKeypadEmergency(2, 2))
    assert driver.ask(RequestSystemStatus()).alarms == (AreaAlarms(1, 0b1011), AreaAlarms(2, 0b0010))
    driver.command(Command.SECURITY_OFF, 1, 1)
    assert area(driver, 1).alarms == 0
    assert driver.ask(RequestSystemStatus()).alarms == (AreaAlarms(2, 0b0010),)


def test_emergencies_that_there_are_not_and_areas_that_are_not_set_up_are_refused() -> None:
    driver = online()
    for chosen, emergency in [(1, 0), (1, 4), (1, 255), (0, 1), (3, 1), (8, 2), (9, 1), (255, 3)]:
        assert driver.reply(ActivateKeypadEmergency(chosen, emergency)) == Nak()
    assert driver.ask(RequestSystemStatus()).alarms == ()


# Alerts.


def _alerts() -> House:
    waiting = MessageState.DISPLAYED_NOT_ACKNOWLEDGED
    return House(
        messages={
            1: ConsoleMessage("A", waiting, area_bits=0b01),
            2: ConsoleMessage("B", waiting, area_bits=0b10),
            3: ConsoleMessage("C", MessageState.DISPLAYED),
            4: ConsoleMessage("D"),
            5: ConsoleMessage("E", waiting),
        }
    )


@pytest.mark.parametrize(("chosen", "seen"), [(0, {1, 2, 5}), (1, {1, 5}), (2, {2, 5}), (8, {5})])
def test_acknowledged_messages_stay_displayed(chosen: int, seen: set[int]) -> None:
    driver = online(_alerts())
    driver.listen()
    driver.ask(AcknowledgeAlerts(chosen))
    expected = {1: 2, 2: 2, 3: 1, 4: 0, 5: 2} | dict.fromkeys(seen, 1)
    records = driver.ask(RequestExtendedObjectStatus(ObjectType.MESSAGE, 1, 5)).records
    assert records == tuple(MessageStatus(index, state) for index, state in expected.items())
    assert driver.told() == [MessageStatus(index, 1) for index in sorted(seen)]
    # Again there is nothing to acknowledge and nothing to tell.
    driver.ask(AcknowledgeAlerts(chosen))
    assert driver.told() == []


@pytest.mark.parametrize("chosen", [9, 255])
def test_alerts_of_areas_that_there_are_not_are_refused(chosen: int) -> None:
    assert online().reply(AcknowledgeAlerts(chosen)) == Nak()


@pytest.mark.parametrize(("firmware", "reply"), [((2, 99, 2), Nak()), ((3, 0, 0), Ack())])
def test_alerts_are_acknowledged_from_firmware_3_on(firmware: tuple[int, int, int], reply: Ack | Nak) -> None:
    house = _alerts()
    house.firmware = firmware
    assert online(house).reply(AcknowledgeAlerts(0)) == reply
    assert (house.messages[1].state is MessageState.DISPLAYED) == (reply == Ack())


# The connected security system.


def test_a_house_without_a_connected_system_refuses() -> None:
    driver = online()
    assert driver.reply(RequestConnectedSecuritySystemStatus()) == Nak()
    for partition in (0, 1, 8, 9):
        assert driver.reply(ConnectedSecuritySystemCommand(0, partition, UserCode("123456"))) == Nak()


def test_a_connected_system_tells_of_eight_partitions() -> None:
    # 20P00 §CONNECTED SECURITY SYSTEM STATUS: 16 bytes, mode and status of each.
    driver = online(House(partitions=[(1, 2), (255, 0)]))
    reply = driver.exchange(RequestConnectedSecuritySystemStatus())
    assert reply == Message(0x2E, bytes((1, 2, 255, 0)) + bytes(12))


def test_commands_for_its_partitions_are_taken_and_for_others_refused() -> None:
    driver = online(House(partitions=[(1, 2)] * 8))
    for partition in range(10):
        reply = driver.reply(ConnectedSecuritySystemCommand(3, partition, UserCode("123456")))
        assert reply == (Ack() if 1 <= partition <= 8 else Nak())
    assert driver.exchange(Message(0x2F, bytes((3, 1, 1, 2, 3, 4, 5, 10)))) == Message(0x02)
    assert driver.exchange(Message(0x2F, bytes((3, 1, 1, 2, 3, 4)))) == Message(0x02)


def test_quick_arming_never_disarms() -> None:
    driver = online()
    driver.command(Command.SECURITY_DAY, SpecialCode.QUICK_ARM, 1)
    with pytest.raises(CommandFailedError):
        driver.command(Command.SECURITY_OFF, SpecialCode.QUICK_ARM, 1)
    driver.command(Command.SECURITY_OFF, 1, 1)

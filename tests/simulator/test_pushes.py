"""What the emulated panel sends unasked, to whom, and when."""

import pytest

from omnilink_sansio import LocalProtocolError, Message, NotificationReceived, ReplyReceived, SessionStarted
from omnilink_sansio.commands import ActivateKeypadEmergency, Command, ControllerCommand
from omnilink_sansio.events import AllOnOff, UserMacroButton
from omnilink_sansio.objects import (
    AreaStatus,
    ObjectType,
    SecurityMode,
    ThermostatStatus,
    UnitStatus,
    ZoneCondition,
    ZoneStatus,
)
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.simulator import House, OpenZone, StatusChange, Thermostat, Unit, demo_house
from omnilink_sansio.system import Ack, EnableNotifications, Nak
from tests.simulator.driver import Driver

_T = OmniLink2MessageType


def listening(house: House | None = None) -> Driver:
    driver = Driver(house)
    driver.connect()
    driver.listen()
    return driver


def old_house() -> House:
    house = demo_house()
    house.firmware = (2, 16, 1)
    return house


def test_firmware_3_and_later_pushes_extended_status() -> None:
    for firmware in [(3, 0, 0), (4, 0, 2)]:
        house = demo_house()
        house.firmware = firmware
        driver = listening(house)
        driver.command(Command.UNIT_ON, 0, 1)
        assert driver.pushed() == [Message(_T.EXTENDED_OBJECT_STATUS, bytes.fromhex("02 05 0001 01 0000"))]


def test_earlier_firmware_pushes_status() -> None:
    driver = listening(old_house())
    driver.command(Command.UNIT_ON, 0, 1)
    assert driver.pushed() == [Message(_T.OBJECT_STATUS, bytes.fromhex("02 0001 01 0000"))]
    driver.command(Command.SET_FAN_MODE, 1, 1)
    (message,) = driver.pushed()
    # The short record of thermostats.
    assert (message.type, len(message.data)) == (_T.OBJECT_STATUS, 1 + 9)


def test_each_kind_of_object_pushes_its_record() -> None:
    driver = listening()
    driver.command(Command.BYPASS_ZONE, 1, 3)
    assert driver.told() == [ZoneStatus(3, ZoneCondition.NOT_READY | 0x20, 0xA8)]
    driver.command(Command.UNIT_LEVEL, 50, 2)
    assert driver.told() == [UnitStatus(2, 150, 0)]
    driver.command(Command.SECURITY_AWAY, 1, 2)
    assert driver.told() == [AreaStatus(2, SecurityMode.AWAY | 8, 0, 0, 30)]
    driver.command(Command.SET_SYSTEM_MODE, 2, 1)
    (told,) = driver.told()
    assert isinstance(told, ThermostatStatus)
    assert (told.index, told.system_mode, told.humidity) == (1, 2, 90)


def test_a_button_is_told_as_an_event_word() -> None:
    for house in (demo_house(), old_house()):
        driver = listening(house)
        driver.command(Command.EXECUTE_BUTTON, 0, 2)
        assert driver.pushed() == [Message(_T.OTHER_EVENT_NOTIFICATIONS, b"\0\2")]
        driver.command(Command.EXECUTE_BUTTON, 0, 2)
        assert driver.told() == [UserMacroButton(2)]


def test_the_push_comes_after_the_reply_and_with_sequence_0() -> None:
    driver = listening()
    driver.events["one"].clear()
    driver.packets["one"].clear()
    driver.command(Command.UNIT_ON, 0, 1)
    assert [type(event) for event in driver.events["one"]] == [ReplyReceived, NotificationReceived]
    answered, pushed = driver.packets["one"]
    assert answered.sequence > 0
    assert pushed.sequence == 0


def test_pushes_between_many_requests_keep_their_order() -> None:
    driver = listening()
    ids = [driver.send(ControllerCommand(Command.UNIT_LEVEL, level, 1)) for level in range(20)]
    driver.events["one"].clear()
    driver.pump()
    kinds = [type(event) for event in driver.events["one"]]
    assert kinds == [ReplyReceived, NotificationReceived] * 20
    replies = [event.request_id for event in driver.events["one"] if isinstance(event, ReplyReceived)]
    assert replies == ids
    assert driver.told() == [UnitStatus(1, 100 + level, 0) for level in range(20)]


def test_several_changes_of_one_kind_go_into_one_message() -> None:
    driver = listening()
    driver.command(Command.ALL_ON)
    units, event = driver.pushed()
    assert (units.type, event.type) == (_T.EXTENDED_OBJECT_STATUS, _T.OTHER_EVENT_NOTIFICATIONS)
    driver.command(Command.ALL_OFF)
    assert driver.told() == [*(UnitStatus(index, 0, 0) for index in (1, 2, 3, 4)), AllOnOff(False, 0)]


@pytest.mark.parametrize("firmware", [(2, 16, 1), (4, 0, 2)])
def test_many_changes_are_told_in_messages_that_fit(firmware: tuple[int, int, int]) -> None:
    house = House(
        firmware=firmware,
        units={index: Unit(f"UNIT {index}") for index in range(1, 101)},
        thermostats={index: Thermostat(f"T {index}") for index in range(1, 41)},
    )
    driver = listening(house)
    driver.command(Command.ALL_ON)
    messages = driver.pushed()
    assert all(1 + len(message.data) <= 203 for message in messages)
    driver.command(Command.ALL_ON)
    assert driver.told() == [*(UnitStatus(index, 1, 0) for index in range(1, 101)), AllOnOff(True, 0)]
    driver.command(Command.SET_FAN_MODE, 1, 0)
    messages = driver.pushed()
    assert all(1 + len(message.data) <= 203 for message in messages)
    driver.command(Command.SET_FAN_MODE, 1, 0)
    told = driver.told()
    assert all(isinstance(item, ThermostatStatus) for item in told)
    assert len(told) == 40


def test_many_events_are_told_in_messages_that_fit() -> None:
    driver = listening()
    events = [UserMacroButton(index) for index in range(1, 256)]
    driver.panel.push(events, driver.now)
    driver.pump()
    messages = driver.pushed()
    assert all(1 + len(message.data) <= 203 for message in messages)
    assert b"".join(message.data for message in messages) == b"".join(
        index.to_bytes(2, "big") for index in range(1, 256)
    )


# What is never pushed as status (20P00 §NOTIFICATION MESSAGES).


def test_kinds_that_are_not_notified_are_never_pushed() -> None:
    driver = listening()
    silent = (
        ObjectType.BUTTON,
        ObjectType.CODE,
        ObjectType.AUDIO_SOURCE,
        ObjectType.EXPANSION_ENCLOSURE,
        ObjectType.CONSOLE,
        ObjectType.USER_SETTING,
    )
    driver.panel.push([(kind, 1) for kind in silent], driver.now)
    driver.pump()
    assert driver.pushed() == []


@pytest.mark.parametrize("firmware", [(2, 16, 1), (4, 0, 2)])
def test_kinds_that_are_notified_are_pushed_in_the_form_of_the_firmware(
    firmware: tuple[int, int, int],
) -> None:
    house = demo_house()
    house.firmware = firmware
    driver = listening(house)
    sizes = {1: 4, 2: 5, 5: 6, 6: 9, 7: 3, 8: 6, 10: 6}
    if firmware >= (3, 0, 0):
        # Readers and their locks came with firmware 3.0.
        sizes |= {6: 14, 14: 4, 15: 5}
    for kind, size in sizes.items():
        driver.panel.push([(ObjectType(kind), 1)], driver.now)
        driver.pump()
        (message,) = driver.pushed()
        if firmware >= (3, 0, 0):
            assert (message.type, message.data[:4]) == (0x3B, bytes((kind, size, 0, 1)))
            assert len(message.data) == 2 + size
        else:
            assert (message.type, message.data[:3]) == (0x23, bytes((kind, 0, 1)))
            assert len(message.data) == 1 + size


def test_arming_pushes_the_area_and_none_of_its_zones() -> None:
    # Zones that an area arms change their status byte, but real panels do not push them.
    driver = listening()
    driver.command(Command.SECURITY_AWAY, 1, 1)
    assert driver.told() == [AreaStatus(1, 3 | 8, 0, 0, 60)]
    # While the delay runs the area is told every second.
    driver.advance(59.9)
    assert driver.told() == [AreaStatus(1, 3 | 8, 0, 0, left) for left in range(59, 0, -1)]
    driver.advance(0.1)
    # The kitchen window is open: it alone is told, since it is taken out.
    assert driver.told() == [AreaStatus(1, 3, 0, 0, 0), ZoneStatus(3, 1 | 3 << 4, 0xA8)]
    driver.advance(1000)
    assert driver.told() == []


def test_the_end_of_a_timed_state_is_pushed_on_time() -> None:
    driver = listening()
    driver.command(Command.UNIT_ON, 30, 1)
    assert driver.told() == [UnitStatus(1, 1, 30)]
    driver.advance(29.999)
    assert driver.told() == []
    driver.advance(0.001)
    assert driver.told() == [UnitStatus(1, 0, 0)]


def test_a_timer_that_ran_out_unseen_is_pushed_before_what_came_then() -> None:
    # Nobody called handle_timeout: the next input finds what is due.
    driver = listening()
    driver.command(Command.UNIT_ON, 30, 1)
    driver.pushed()
    driver.now += 60
    driver.command(Command.UNIT_LEVEL, 50, 2)
    assert driver.told() == [UnitStatus(1, 0, 0), UnitStatus(2, 150, 0)]


def test_changes_made_to_the_house_itself_are_pushed_when_told() -> None:
    driver = listening()
    driver.house.zones[1].condition = ZoneCondition.NOT_READY
    driver.panel.push({(ObjectType.ZONE, 1)}, driver.now)
    driver.pump()
    assert driver.told() == [ZoneStatus(1, 1, 0x5A)]


def test_telling_of_a_change_does_not_lose_the_end_of_a_timer() -> None:
    driver = listening()
    driver.command(Command.UNIT_ON, 30, 1)
    driver.pushed()
    driver.now += 30
    driver.house.units[2].state = 0
    driver.panel.push({(ObjectType.UNIT, 2)}, driver.now)
    driver.pump()
    assert driver.told() == [UnitStatus(2, 0, 0), UnitStatus(1, 0, 0)]


def test_several_kinds_of_changes_are_told_each_in_its_message() -> None:
    driver = listening()
    zone, unit = ObjectType.ZONE, ObjectType.UNIT
    changes: list[StatusChange] = [UserMacroButton(1), (unit, 1), (zone, 2), (zone, 1), (unit, 1)]
    driver.panel.push(changes, driver.now)
    driver.pump()
    # In the order of what happened, each once.
    assert driver.told() == [
        UserMacroButton(1),
        UnitStatus(1, 0, 0),
        ZoneStatus(2, 0, 0x5A),
        ZoneStatus(1, 0, 0x5A),
    ]


# To whom.


def test_nothing_is_pushed_to_a_client_that_did_not_ask_for_it() -> None:
    driver = Driver()
    driver.connect()
    for command, parameter1 in [
        (Command.UNIT_ON, 0),
        (Command.EXECUTE_BUTTON, 0),
        (Command.SECURITY_DAY, 1),
        (Command.SET_FAN_MODE, 1),
        (Command.SHOW_MESSAGE, 0),
        (Command.UNLOCK_DOOR, 5),
        (Command.AUDIO_ZONE, 3),
    ]:
        driver.command(command, parameter1, 1)
    driver.command(Command.SET_ENERGY_COST, 3)
    driver.ask(ActivateKeypadEmergency(1, 1))
    driver.advance(100)
    assert driver.pushed() == []
    assert all(packet.sequence for packet in driver.packets["one"])


def test_a_refused_command_pushes_nothing() -> None:
    driver = listening()
    assert driver.reply(ControllerCommand(Command.UNIT_ON, 0, 512)) == Nak()
    assert driver.pushed() == []


def test_nothing_is_pushed_after_notifications_were_turned_off() -> None:
    driver = listening()
    driver.command(Command.UNIT_ON, 0, 1)
    assert len(driver.pushed()) == 1
    driver.ask(EnableNotifications(0))
    driver.command(Command.UNIT_OFF, 0, 1)
    assert driver.pushed() == []
    assert driver.reply(EnableNotifications(0)) == Ack()
    driver.ask(EnableNotifications(1))
    driver.ask(EnableNotifications(1))
    driver.command(Command.UNIT_ON, 0, 1)
    assert len(driver.pushed()) == 1


def test_every_client_that_asked_is_told_whoever_made_the_change() -> None:
    driver = Driver()
    for peer in ("one", "two", "three"):
        driver.connect(peer)
    driver.listen("one")
    driver.listen("three")
    driver.command(Command.UNIT_ON, 0, 1, peer="two")
    assert driver.told("one") == driver.told("three") == [UnitStatus(1, 1, 0)]
    assert driver.pushed("two") == []
    driver.command(Command.UNIT_OFF, 0, 1, peer="three")
    assert driver.told("one") == driver.told("three") == [UnitStatus(1, 0, 0)]
    assert driver.pushed("two") == []


def test_a_new_session_has_to_ask_anew() -> None:
    driver = listening()
    driver.clients["one"].close(driver.now)
    driver.pump()
    driver.connect("one")
    driver.command(Command.UNIT_ON, 0, 1)
    assert driver.pushed() == []
    driver.listen()
    driver.command(Command.UNIT_OFF, 0, 1)
    assert driver.told() == [UnitStatus(1, 0, 0)]


def test_a_session_that_was_cut_off_is_told_nothing_more_and_its_successor_has_to_ask() -> None:
    driver = listening()
    driver.panel.receive_eof("one", driver.now)
    driver.panel.data_to_send()
    driver.connect("one")
    assert SessionStarted() in driver.events["one"]
    driver.command(Command.UNIT_ON, 0, 1)
    assert driver.pushed() == []


def test_changes_while_nobody_is_there_are_not_kept() -> None:
    driver = listening()
    driver.clients["one"].close(driver.now)
    driver.pump()
    driver.panel.push({(ObjectType.UNIT, 1)}, driver.now)
    assert driver.panel.data_to_send() == []
    driver.connect("two")
    driver.listen("two")
    assert driver.pushed("two") == []


def test_what_time_brought_is_pushed_although_a_happening_is_refused() -> None:
    driver = listening()
    driver.command(Command.UNIT_ON, 5, 1)
    driver.told()
    driver.now += 5
    with pytest.raises(LocalProtocolError, match="there is no zone 999"):
        driver.panel.happen(OpenZone(999), driver.now)
    driver.pump()
    assert driver.told() == [UnitStatus(1, 0, 0)]

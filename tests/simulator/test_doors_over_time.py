"""Doors: locks that lock themselves again, cards that are granted and denied."""

from omnilink_sansio import UserCode
from omnilink_sansio.commands import Command
from omnilink_sansio.objects import ObjectType, RequestObjectProperties
from omnilink_sansio.simulator import Area, Code, House, Reader
from tests.simulator.scenario import LISTENER, Scenario


def house() -> House:
    return House(
        areas={1: Area("HOUSE")},
        readers={1: Reader("GATE"), 2: Reader("CELLAR", unlock_time=20)},
        codes={1: Code("OWNER", UserCode("1234")), 2: Code("GONE", UserCode("5555"), enabled=False)},
    )


def test_a_door_is_unlocked_until_it_is_locked() -> None:
    script = Scenario(house())
    script.commands(Command.UNLOCK_DOOR, 0, 1)
    script.sees("door 1: unlocked")
    script.waits(86400)
    script.sees()
    script.commands(Command.LOCK_DOOR, 0, 1)
    script.sees("door 1: locked")


def test_a_door_that_is_unlocked_for_a_time_locks_itself() -> None:
    script = Scenario(house())
    script.commands(Command.UNLOCK_DOOR, 30, 1)
    script.sees("door 1: unlocked, for 30 s")
    script.waits(29.5)
    script.sees()
    script.shows("door 1: unlocked, for 1 s")
    told = script.driver.reply(RequestObjectProperties(ObjectType.ACCESS_CONTROL_READER, 1, 0), LISTENER)
    assert getattr(told, "seconds_left", None) == 1
    script.waits(0.5)
    script.sees("door 1: locked")


def test_what_comes_next_ends_the_time() -> None:
    script = Scenario(house())
    script.commands(Command.UNLOCK_DOOR, 30, 1)
    script.waits(20)
    script.commands(Command.UNLOCK_DOOR, 102, 1)
    script.waits(60)
    script.shows("door 1: unlocked, for 60 s")
    script.commands(Command.LOCK_DOOR, 0, 1)
    script.forgets()
    script.waits(3600)
    script.sees()
    script.commands(Command.UNLOCK_DOOR, 30, 1)
    script.commands(Command.UNLOCK_DOOR, 0, 1)
    script.waits(3600)
    script.shows("door 1: unlocked")


def test_all_doors_are_unlocked_and_locked_in_one_message() -> None:
    script = Scenario(house())
    script.commands(Command.UNLOCK_DOOR, 10, 0)
    script.waits(10)
    script.commands(Command.LOCK_DOOR, 0, 0)
    assert script.messages() == [
        ["door 1: unlocked, for 10 s", "door 2: unlocked, for 10 s"],
        ["door 1: locked", "door 2: locked"],
        ["door 1: locked", "door 2: locked"],
    ]
    script.is_refused(Command.LOCK_DOOR, 0, 17)


def test_a_card_that_is_granted_unlocks_the_door_for_a_while() -> None:
    script = Scenario(house())
    script.happens("card 1 reader 2")
    assert script.messages() == [["reader 2: granted to 1"], ["door 2: unlocked, for 20 s"]]
    script.logged("access granted to user 1 at reader 2")
    script.shows("reader 2: granted to 1")
    script.waits(20)
    script.sees("door 2: locked")
    # What was decided last stays to be seen.
    script.shows("reader 2: granted to 1")


def test_a_card_that_is_denied_unlocks_nothing() -> None:
    script = Scenario(house())
    script.happens("card 2 reader 1", "card 77 reader 1")
    script.sees("reader 1: denied to 2", "reader 1: denied to 77")
    script.shows("door 1: locked", "reader 1: denied to 77")
    script.logged("access denied to user 2 at reader 1", "access denied to user 77 at reader 1")


def test_a_card_that_is_denied_leaves_an_open_door_as_it_is() -> None:
    script = Scenario(house())
    script.happens("card 1 reader 1")
    script.waits(3)
    script.happens("card 77 reader 1")
    script.shows("door 1: unlocked, for 2 s")
    script.happens("card 1 reader 1")
    script.shows("door 1: unlocked, for 5 s")


def test_a_card_does_not_lock_a_door_that_is_open_for_longer() -> None:
    script = Scenario(house())
    script.commands(Command.UNLOCK_DOOR, 0, 1)
    script.happens("card 1 reader 1")
    script.waits(3600)
    script.shows("door 1: unlocked")
    script.commands(Command.UNLOCK_DOOR, 60, 1)
    script.happens("card 1 reader 1")
    script.waits(30)
    script.shows("door 1: unlocked, for 30 s")

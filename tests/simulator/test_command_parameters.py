"""Which parameters of each command the emulated panel takes, and which it refuses.

The tables are those of 20P00 §CONTROLLER COMMAND (omni-link-2.md, section 14), for the demo house on an
Omni Pro II.
"""

from omnilink_sansio.commands import Command, ControllerCommand
from omnilink_sansio.system import Ack, Nak
from tests.rows import each_row
from tests.simulator.driver import Driver


def online() -> Driver:
    driver = Driver(at_once=300)
    driver.connect()
    return driver


def span(*parts: tuple[int, int]) -> set[int]:
    return {number for first, last in parts for number in range(first, last + 1)}


# The panel has 25 user settings, of the 37 that a duration can name.
SECONDS_UP = [(101, 199), (201, 218), (219, 243)]
TIME = span((0, 99), *SECONDS_UP)
TIME_FROM_2 = span((2, 99), *SECONDS_UP)
ANY = span((0, 255))
SETPOINT = span((0, 180), (201, 225))
HUMIDITY = span((0, 0), (44, 156), (201, 225))
STEPS = span((0, 50), (206, 255))
LEVEL_2 = 50 << 9 | 2

# Of each command whose first parameter is used: what that may be, and a second parameter to go with it.
FIRST: dict[int, tuple[set[int], int]] = {
    0: (TIME, 1),
    1: (TIME, 1),
    **dict.fromkeys((4, 5), (ANY, 1)),
    6: (ANY, 0),
    8: (span((0, 3)), 0),
    9: (span((0, 125)), 1),
    12: (ANY, 393),
    13: (span((2, 99), (101, 199), (201, 210), (219, 243)), LEVEL_2),
    14: (span((0, 13)), 1),
    **dict.fromkeys(range(17, 26), (TIME, 1)),
    26: (TIME_FROM_2 | {0}, 3 << 9 | 1),
    **dict.fromkeys(range(33, 42), (TIME, 1)),
    44: (span((1, 8)), 1),
    45: (span((1, 8)), 1),
    # The codes of the house; quick arming, which is nobody's, does not disarm.
    48: (span((1, 2)), 1),
    **dict.fromkeys(range(49, 55), (span((1, 2), (253, 253)), 1)),
    64: (TIME, 1),
    65: (TIME, 1),
    66: (SETPOINT, 1),
    67: (SETPOINT, 1),
    68: (span((0, 4)), 1),
    69: (span((0, 2)), 1),
    # 1 and 2 are not printed, but sent by other clients.
    70: (span((0, 2), (255, 255)), 1),
    71: (STEPS, 1),
    72: (STEPS, 1),
    73: (HUMIDITY, 1),
    74: (HUMIDITY, 1),
    82: (span((0, 8)), 0),
    86: (span((1, 2)), 1),
    100: (span((1, 6)), 1),
    101: (TIME_FROM_2, LEVEL_2),
    102: (span((0, 1)), 1),
    103: (span((0, 6)), 1),
    104: (span((1, 25)), 7),
    106: (TIME, 1),
    112: (span((0, 3)), 1),
    113: (span((0, 100)), 1),
    114: (span((1, 8)), 1),
    115: (span((1, 46)), 1),
}


@each_row("command", FIRST)
def test_the_first_parameter_is_taken_or_refused_as_the_table_says(command: int) -> None:
    allowed, parameter2 = FIRST[command]
    driver = online()
    replies = driver.replies(
        [ControllerCommand(command, parameter1, parameter2) for parameter1 in range(256)]
    )
    for parameter1, reply in enumerate(replies):
        assert reply == (Ack() if parameter1 in allowed else Nak()), parameter1


# Of each command that names something that the panel has: a first parameter, and what the second may be.
UNITS = span((1, 511))
LEVELS = {level << 9 | unit for level in range(101) for unit in (1, 2, 511)}
SECOND: dict[int, tuple[int, set[int]]] = {
    **dict.fromkeys((0, 1, 9, 10, 11, 12, 14, 15, *range(17, 26), 27, *range(33, 42)), (0, UNITS)),
    **dict.fromkeys((44, 45), (1, UNITS)),
    **dict.fromkeys((2, 3, 6), (0, span((0, 8)))),
    4: (1, span((1, 176))),
    5: (1, span((1, 176))),
    7: (0, span((1, 128))),
    13: (5, LEVELS),
    101: (5, LEVELS),
    26: (5, {rate << 9 | unit for rate in range(4) for unit in (1, 2, 511)}),
    28: (0, span((1, 255))),
    29: (0, span((1, 255))),
    30: (0, span((1, 255))),
    # Areas 1 and 2 are set up.
    **dict.fromkeys(range(48, 55), (1, span((0, 2)))),
    **dict.fromkeys((68, 69, 70, 71, 72, 73, 74), (0, span((0, 64)))),
    **dict.fromkeys((66, 67), (0, span((0, 64), (170, 171)))),
    **dict.fromkeys((80, 81, 83), (0, span((1, 128)))),
    82: (0, span((0, 128))),
    **dict.fromkeys((84, 85, 86), (1, span((1, 128)))),
    102: (1, span((0, 16))),
    103: (2, span((0, 16))),
    104: (1, span((0, 0xFFFF))),
    105: (0, span((0, 16))),
    106: (5, span((0, 16))),
    112: (1, span((0, 8))),
    113: (30, span((1, 8))),
    114: (2, span((1, 8))),
    115: (1, span((1, 8))),
}
_EDGES = {
    0,
    1,
    2,
    3,
    8,
    9,
    16,
    17,
    25,
    26,
    64,
    65,
    128,
    129,
    169,
    170,
    171,
    176,
    177,
    255,
    256,
    511,
    512,
    0xFFFF,
}
_PACKED = {level << 9 | unit for level in (0, 1, 3, 4, 50, 100, 101, 127) for unit in (0, 1, 2, 511)}


@each_row("command", SECOND)
def test_the_second_parameter_is_taken_or_refused_as_the_table_says(command: int) -> None:
    parameter1, allowed = SECOND[command]
    driver = online()
    places = _PACKED if command in (13, 26, 101) else _EDGES
    # A sensor's number beyond those of thermostats may be one that nobody described.
    unclear = set(range(65, 177)) - allowed if command in (66, 67) else set()
    tried = sorted(places - unclear)
    replies = driver.replies([ControllerCommand(command, parameter1, parameter2) for parameter2 in tried])
    for parameter2, reply in zip(tried, replies, strict=True):
        assert reply == (Ack() if parameter2 in allowed else Nak()), parameter2
    driver.house.check()


OTHERS = [42, 43, 46, 47, 60, 61, 62]


@each_row("command", OTHERS)
def test_scenes_and_phantom_buttons_change_nothing_that_can_be_seen(command: int) -> None:
    driver = online()
    driver.listen()
    assert driver.reply(ControllerCommand(command, 0, 1)) == Ack()
    assert driver.reply(ControllerCommand(command, 0, 0)) == Nak()
    assert driver.pushed() == []


def test_the_tables_of_this_module_and_the_enum_name_the_same_commands() -> None:
    not_printed = {31, 55, 57, 58, 59, 87, 96, 97, 98, 99, 107, 108, 109, 110}
    tabled = {*FIRST, *SECOND, *OTHERS}
    assert tabled | not_printed == set(Command)
    assert not tabled & not_printed


@each_row("command", [31, 55, 57, 58, 59, 87, 96, 97, 98, 99, 107, 108, 109, 110])
def test_commands_known_from_the_field_only_are_refused(command: int) -> None:
    driver = online()
    driver.listen()
    for parameter1, parameter2 in [(0, 0), (0, 1), (1, 1)]:
        assert driver.reply(ControllerCommand(command, parameter1, parameter2)) == Nak()
    assert driver.pushed() == []

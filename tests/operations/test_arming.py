"""Arming and disarming: the code is checked first, nothing is sent twice, what failed is told in plain words."""

from collections.abc import Callable
from typing import Any

import pytest

from omnilink_sansio import (
    ArmingFailedError,
    CommandFailedError,
    Fault,
    LocalProtocolError,
    Message,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    RemoteProtocolError,
    Request,
    RequestTimeoutError,
    UserCode,
    parse_message,
)
from omnilink_sansio.commands import (
    Command,
    ControllerCommand,
    RequestSecurityCodeValidation,
    SecurityCodeValidation,
    SecurityCommandResponse,
)
from omnilink_sansio.objects import (
    AreaStatus,
    ObjectProperties,
    ObjectStatus,
    ObjectType,
    RequestObjectProperties,
    RequestObjectStatus,
    RequestZoneReadyStatus,
    SecurityMode,
    ZoneProperties,
    ZoneReadyStatus,
    encode_name,
)
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.operations import (
    Operation,
    Pause,
    Step,
    arm,
    arm_and_confirm,
    disarm,
)
from omnilink_sansio.simulator import demo_house
from omnilink_sansio.system import (
    Ack,
    EndOfData,
    Nak,
    RequestObjectTypeCapacities,
    RequestSystemInformation,
)
from tests.operations.scripted import (
    Answer,
    ScriptLine,
    closes_at_each_step,
    follow,
    run,
    run_on_house,
)
from tests.rows import each_row
from tests.simulator.driver import Driver

AWAY = SecurityMode.AWAY

CHECK = RequestSecurityCodeValidation(1, UserCode("0042"))
STATUS = RequestObjectStatus(ObjectType.AREA, 1, 1)


def command(number: int, code: int, area: int = 1) -> ControllerCommand:
    """Security commands: 48 and the mode; the code number, then the area (20P00 §CONTROLLER COMMAND)."""
    return ControllerCommand(number, code, area)


def area(mode: int, exit_timer: int = 0, index: int = 1) -> ObjectStatus:
    return ObjectStatus(ObjectType.AREA, (AreaStatus(index, mode, 0, 0, exit_timer),))


def zone(index: int, name: str, in_area: int = 1) -> Message:
    properties: ObjectProperties = ZoneProperties(index, 1, 0, 1, in_area, 0, encode_name(name, 16))
    return Message(OmniLink2MessageType.OBJECT_PROPERTIES, properties.encode())


def unanswered(cause: OutcomeCause = OutcomeCause.TIMEOUT) -> OutcomeUnknownError:
    return OutcomeUnknownError("Command SECURITY_AWAY", cause)


def about(index: int) -> RequestObjectProperties:
    return RequestObjectProperties(ObjectType.ZONE, index)


AREA = RequestObjectProperties(ObjectType.AREA, 1)
CODES = RequestObjectTypeCapacities(ObjectType.CODE)
INFORMATION = RequestSystemInformation()
NOTHING_ELSE: list[ScriptLine] = [(AREA, Nak()), (CODES, Nak())]
"""What is asked about a refusal, besides the zones, of a controller that reports nothing."""


# Arming.


@each_row(
    ("mode", "number"),
    [
        (SecurityMode.OFF, 48),
        (SecurityMode.DAY, 49),
        (SecurityMode.NIGHT, 50),
        (SecurityMode.AWAY, 51),
        (SecurityMode.VACATION, 52),
        (SecurityMode.DAY_INSTANT, 53),
        (SecurityMode.NIGHT_DELAYED, 54),
    ],
)
@each_row("in_area", [1, 8])
def test_a_code_number_is_sent_as_it_is(mode: SecurityMode, number: int, in_area: int) -> None:
    follow(arm(in_area, mode, 7), [(command(number, 7, in_area), Ack())])


def test_all_areas_can_be_armed_by_number() -> None:
    follow(arm(0, AWAY, 1), [(command(51, 1, 0), Ack())])


@pytest.mark.parametrize("code", ["0042", UserCode("0042")], ids=["text", "code"])
def test_digits_are_checked_and_the_command_names_their_number(code: str | UserCode) -> None:
    follow(arm(1, AWAY, code), [(CHECK, SecurityCodeValidation(5, 3)), (command(51, 5), Ack())])


def test_a_leading_zero_is_a_digit_on_the_wire() -> None:
    asked: list[Request[object]] = []
    replies = iter([SecurityCodeValidation(5, 3).to_message(), Ack().to_message()])
    run(arm(2, AWAY, "0042"), lambda _: next(replies), asked)
    # The area and a byte a digit; the command, the code number, the area in two bytes.
    assert [request.encode() for request in asked] == [b"\2\0\0\4\2", b"\x33\5\0\2"]


def test_the_duress_code_is_passed_on() -> None:
    follow(disarm(1, "0042"), [(CHECK, SecurityCodeValidation(251, 3)), (command(48, 251), Ack())])


@pytest.mark.parametrize(
    "operation",
    [lambda: arm(1, AWAY, "0042"), lambda: disarm(1, "0042"), lambda: arm_and_confirm(1, AWAY, "0042")],
    ids=["arm", "disarm", "arm_and_confirm"],
)
def test_a_wrong_code_never_leads_to_a_command(operation: Callable[[], Operation[object]]) -> None:
    with pytest.raises(CommandFailedError, match="code is not valid in area 1") as caught:
        follow(operation(), [(CHECK, SecurityCodeValidation(0, 0))])
    assert caught.value.failure_code == SecurityCommandResponse.INVALID_CODE
    assert "0042" not in str(caught.value)
    assert "42" not in repr(caught.value)


@each_row(
    "operation",
    [lambda: arm(1, AWAY, "0042"), lambda: disarm(1, "0042"), lambda: arm_and_confirm(1, AWAY, "0042")],
    ids=["arm", "disarm", "arm_and_confirm"],
)
@each_row(
    ("answer", "error"),
    [
        (Nak().to_message(), CommandFailedError),
        (EndOfData().to_message(), RemoteProtocolError),
        (unanswered(), OutcomeUnknownError),
        (OmniConnectionError("lost"), OmniConnectionError),
    ],
    ids=["nak", "foreign", "time-out", "loss"],
)
def test_a_code_that_could_not_be_checked_never_leads_to_a_command(
    operation: Callable[[], Operation[object]], answer: Answer, error: type[OmniLinkError]
) -> None:
    with pytest.raises(error):
        follow(operation(), [(CHECK, answer)])


def test_disarming_by_number_takes_one_command() -> None:
    follow(disarm(3, 12), [(command(48, 12, 3), Ack())])


def test_a_refused_command_is_told() -> None:
    with pytest.raises(CommandFailedError):
        follow(arm(1, AWAY, 1), [(command(51, 1), Nak())])


def test_the_outcome_of_arming_is_left_unknown_and_it_is_not_sent_again() -> None:
    error = unanswered()
    with pytest.raises(OutcomeUnknownError) as caught:
        follow(arm(1, AWAY, 1), [(command(51, 1), error)])
    assert caught.value is error


BAD_ARGUMENTS: list[tuple[Any, Any, Any]] = [
    (9, AWAY, 1),
    (-1, AWAY, 1),
    (9, AWAY, "1234"),
    (0, AWAY, "1234"),
    (1, 7, 1),
    (1, -1, 1),
    (1, 7, "1234"),
    (1, AWAY, 256),
    (1, AWAY, -1),
    (1, AWAY, "12a4"),
    (1, AWAY, "123"),
    (1, AWAY, "12345"),
    (1, AWAY, "123456"),
    (1, AWAY, "\u0661\u0662\u0663\u0664"),
    (1, AWAY, ""),
]


@each_row(("in_area", "mode", "code"), BAD_ARGUMENTS)
@each_row("operation", [arm, arm_and_confirm])
def test_bad_arguments_are_the_callers_mistake_before_anything_is_sent(
    operation: Callable[[Any, Any, Any], Operation[object]], in_area: object, mode: object, code: object
) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        follow(operation(in_area, mode, code), [])
    if isinstance(code, str) and code:
        assert code not in str(caught.value)


def test_arming_is_confirmed_for_one_area_only() -> None:
    with pytest.raises(LocalProtocolError, match="1 to 8"):
        follow(arm_and_confirm(0, AWAY, 1), [])


# Arming and seeing it through.


@pytest.mark.parametrize(
    ("status", "is_arming", "is_armed", "left"),
    [
        (area(3), False, True, 0),
        # The exit delay by mode bit 3, by the timer as real panels tell it, and by both.
        (area(3 | 8), True, False, 0),
        (area(3, 60), True, False, 60),
        (area(3 | 8, 60), True, False, 60),
    ],
    ids=["armed", "by bit", "by timer", "by both"],
)
def test_the_status_that_confirms_tells_of_the_exit_delay(
    status: ObjectStatus, is_arming: bool, is_armed: bool, left: int
) -> None:
    found = follow(arm_and_confirm(1, AWAY, 1), [(command(51, 1), Ack()), (STATUS, status)])
    assert (found.security_mode, found.is_arming, found.is_armed) == (AWAY, is_arming, is_armed)
    assert found.exit_timer == left


def test_digits_are_checked_before_arming_and_confirming() -> None:
    found = follow(
        arm_and_confirm(1, AWAY, "0042"),
        [(CHECK, SecurityCodeValidation(2, 3)), (command(51, 2), Ack()), (STATUS, area(3))],
    )
    assert found.index == 1


def test_disarming_is_confirmed_too() -> None:
    found = follow(arm_and_confirm(1, SecurityMode.OFF, 1), [(command(48, 1), Ack()), (STATUS, area(0))])
    assert found.security_mode is SecurityMode.OFF
    assert not found.is_armed


def test_the_status_is_asked_for_again_until_it_shows_the_mode() -> None:
    found = follow(
        arm_and_confirm(1, AWAY, 1),
        [
            (command(51, 1), Ack()),
            (STATUS, area(0)),
            (Pause(0.5), None),
            (STATUS, area(1)),
            (Pause(0.5), None),
            (STATUS, area(3, 30)),
        ],
    )
    assert found.is_arming


@pytest.mark.parametrize(
    ("seconds", "looks"), [(0.0, 1), (0.5, 2), (1.0, 3), (0.7, 3), (5.0, 11)], ids="{}".format
)
def test_it_is_given_up_when_the_time_is_over(seconds: float, looks: int) -> None:
    waits: list[float] = []
    asked: list[Request[object]] = []

    def panel(request: Request[object]) -> Message:
        if isinstance(request, RequestObjectStatus):
            return area(0).to_message()
        return (
            ZoneReadyStatus(bytes(22)) if isinstance(request, RequestZoneReadyStatus) else Ack()
        ).to_message()

    with pytest.raises(ArmingFailedError, match="area 1 is not in mode AWAY: ") as caught:
        run(arm_and_confirm(1, AWAY, 1, seconds), panel, asked, waits, most=50)
    assert asked.count(STATUS) == looks
    assert seconds <= sum(waits) < seconds + 0.5
    # Sent once, and the reason was asked for.
    assert asked.count(command(51, 1)) == 1
    assert asked[-1] == RequestZoneReadyStatus()
    assert caught.value.failure_code is None
    assert caught.value.zones_not_ready == {}


@pytest.mark.parametrize(
    "beginning",
    [
        [(command(51, 1), Nak())],
        [(command(51, 1), CommandFailedError("no"))],
        [(command(51, 1), Ack()), (STATUS, area(0))],
    ],
    ids=["nak", "refused", "no arming"],
)
def test_what_is_not_ready_is_named(beginning: list[ScriptLine]) -> None:
    # Bit 7 of the first byte is zone 1: zones 3, 9 and 16 are not ready; 9 is another area's.
    with pytest.raises(ArmingFailedError) as caught:
        follow(
            arm_and_confirm(1, AWAY, 1, seconds=0),
            [
                *beginning,
                *NOTHING_ELSE,
                (RequestZoneReadyStatus(), ZoneReadyStatus(b"\x20\x81")),
                (about(3), zone(3, "KITCHEN WINDOW")),
                (about(9), zone(9, "GARAGE DOOR", in_area=2)),
                (about(16), zone(16, "")),
            ],
        )
    error = caught.value
    assert dict(error.zones_not_ready) == {3: "KITCHEN WINDOW", 16: ""}
    # The controller gave no code: it is worked out from what it tells of its zones.
    assert error.failure_code is None
    assert "not ready: 3 KITCHEN WINDOW, 16" in str(error)
    assert "GARAGE" not in str(error)


def test_zones_are_no_reason_against_disarming() -> None:
    with pytest.raises(ArmingFailedError, match="OFF: the controller refused; it gives no reason") as caught:
        follow(
            arm_and_confirm(1, SecurityMode.OFF, 1),
            [(command(48, 1), Nak()), *NOTHING_ELSE, (INFORMATION, Nak())],
        )
    assert caught.value.zones_not_ready == {}
    assert isinstance(caught.value.__cause__, CommandFailedError)


@pytest.mark.parametrize(
    "answer",
    [
        Nak().to_message(),
        RequestTimeoutError("RequestZoneReadyStatus", 5.0, 1),
        EndOfData().to_message(),
        RemoteProtocolError(Fault.BAD_PAYLOAD, "nonsense"),
    ],
    ids=["nak", "time-out", "foreign", "malformed"],
)
def test_a_controller_that_does_not_tell_why_hides_nothing(answer: Answer) -> None:
    with pytest.raises(ArmingFailedError) as caught:
        follow(
            arm_and_confirm(1, AWAY, 1),
            [(command(51, 1), Nak()), *NOTHING_ELSE, (RequestZoneReadyStatus(), answer)],
        )
    assert caught.value.failure_code is None
    with pytest.raises(ArmingFailedError) as caught:
        follow(
            arm_and_confirm(1, AWAY, 1),
            [
                (command(51, 1), Nak()),
                *NOTHING_ELSE,
                (RequestZoneReadyStatus(), ZoneReadyStatus(b"\x30")),
                (about(3), zone(3, "WINDOW")),
                (about(4), answer),
            ],
        )
    # As far as it is known.
    assert dict(caught.value.zones_not_ready)[3] == "WINDOW"


def test_a_zone_that_there_is_not_is_no_reason() -> None:
    with pytest.raises(ArmingFailedError) as caught:
        follow(
            arm_and_confirm(1, AWAY, 1),
            [
                (command(51, 1), Nak()),
                *NOTHING_ELSE,
                (RequestZoneReadyStatus(), ZoneReadyStatus(b"\x80")),
                (about(1), EndOfData()),
            ],
        )
    assert caught.value.zones_not_ready == {}


# A command without an answer.


@pytest.mark.parametrize("cause", [OutcomeCause.TIMEOUT, OutcomeCause.DAMAGED_REPLY])
def test_a_command_without_an_answer_is_confirmed_by_the_status_and_never_sent_twice(
    cause: OutcomeCause,
) -> None:
    found = follow(
        arm_and_confirm(1, AWAY, 1),
        [(command(51, 1), unanswered(cause)), (STATUS, area(0)), (Pause(0.5), None), (STATUS, area(3, 60))],
    )
    assert found.is_arming


def test_a_command_without_an_answer_that_was_not_carried_out_stays_unknown() -> None:
    # It may still be on its way: the controller refused nothing.
    error = unanswered()
    with pytest.raises(OutcomeUnknownError) as caught:
        follow(
            arm_and_confirm(1, AWAY, 1, seconds=0.5),
            [(command(51, 1), error), (STATUS, area(0)), (Pause(0.5), None), (STATUS, area(0))],
        )
    assert caught.value is error


UNSEEN = each_row(
    "answer",
    [
        RequestTimeoutError("RequestObjectStatus", 0.5, 1),
        Nak().to_message(),
        RemoteProtocolError(Fault.BAD_CRC, "damaged"),
        area(3, index=2),
        ObjectStatus(ObjectType.AREA),
        ObjectStatus(ObjectType.UNIT),
    ],
    ids=["time-out", "nak", "damaged", "another area", "none", "another kind"],
)


def waits(answer: Answer) -> list[ScriptLine]:
    """What is done about a look that shows nothing, in the time of one pause."""
    took_its_time = isinstance(answer, RequestTimeoutError)
    return [(STATUS, answer)] if took_its_time else [(STATUS, answer), (Pause(0.5), None), (STATUS, answer)]


@UNSEEN
def test_a_command_without_an_answer_stays_unknown_when_the_status_shows_nothing(answer: Answer) -> None:
    error = unanswered()
    with pytest.raises(OutcomeUnknownError) as caught:
        follow(arm_and_confirm(1, AWAY, 1, seconds=0.5), [(command(51, 1), error), *waits(answer)])
    assert caught.value is error
    assert caught.value.__cause__ is not None


@UNSEEN
def test_an_acknowledged_command_whose_status_shows_nothing_is_not_confirmed(answer: Answer) -> None:
    ready: ScriptLine = (RequestZoneReadyStatus(), ZoneReadyStatus(b"\0"))
    with pytest.raises(ArmingFailedError, match="acknowledged, but its status could not be read") as caught:
        follow(
            arm_and_confirm(1, AWAY, 1, seconds=0.5),
            [(command(51, 1), Ack()), *waits(answer), *NOTHING_ELSE, ready],
        )
    assert caught.value.__cause__ is not None


@UNSEEN
def test_one_look_that_shows_nothing_is_not_the_last(answer: Answer) -> None:
    found = follow(
        arm_and_confirm(1, AWAY, 1),
        [(command(51, 1), Ack()), (STATUS, answer), (Pause(0.5), None), (STATUS, area(3))],
    )
    assert found.is_armed


def test_a_foreign_reply_to_the_command_is_confirmed_by_the_status_too() -> None:
    found = follow(arm_and_confirm(1, AWAY, 1), [(command(51, 1), EndOfData()), (STATUS, area(3))])
    assert found.is_armed
    with pytest.raises(RemoteProtocolError):
        follow(arm_and_confirm(1, AWAY, 1, seconds=0.0), [(command(51, 1), EndOfData()), (STATUS, area(0))])


@pytest.mark.parametrize("seconds", [-1.0, float("inf"), float("nan")])
def test_a_time_that_is_none_is_refused_before_anything_is_sent(seconds: float) -> None:
    with pytest.raises(LocalProtocolError, match="seconds"):
        follow(arm_and_confirm(1, AWAY, 1, seconds=seconds), [])


@pytest.mark.parametrize(
    "error",
    [
        unanswered(OutcomeCause.LOSS),
        unanswered(OutcomeCause.CLOSE),
        OmniConnectionError("lost"),
    ],
    ids=["loss", "close", "connection"],
)
def test_other_losses_of_the_command_come_out_at_once(error: OmniLinkError) -> None:
    with pytest.raises(type(error)) as caught:
        follow(arm_and_confirm(1, AWAY, 1), [(command(51, 1), error)])
    assert caught.value is error


def test_a_connection_that_is_lost_ends_it_at_once() -> None:
    error = OmniConnectionError("lost")
    with pytest.raises(OmniConnectionError) as caught:
        follow(arm_and_confirm(1, AWAY, 1), [(command(51, 1), Ack()), (STATUS, error)])
    assert caught.value is error
    unknown = unanswered()
    with pytest.raises(OutcomeUnknownError) as lost:
        follow(arm_and_confirm(1, AWAY, 1), [(command(51, 1), unknown), (STATUS, error)])
    assert lost.value is unknown


def test_arming_can_be_given_up_at_each_step() -> None:
    def panel(request: Request[object]) -> Message:
        if isinstance(request, RequestObjectStatus):
            return area(0).to_message()
        if isinstance(request, RequestSecurityCodeValidation):
            return SecurityCodeValidation(2, 3).to_message()
        return Ack().to_message()

    assert closes_at_each_step(lambda: arm(1, AWAY, "0042"), panel) == 2
    # The code, the command, two looks and a wait between them.
    closing = arm_and_confirm(1, AWAY, "0042")
    step = next(closing)
    for _ in range(4):
        step = closing.send(parse_message(panel(step)) if isinstance(step, Request) else None)
    assert step == STATUS
    closing.close()
    assert next(closing, None) is None


# On an emulated panel.


def commands_of(asked: list[Step]) -> list[ControllerCommand]:
    return [step for step in asked if isinstance(step, ControllerCommand)]


def test_an_emulated_house_is_armed_by_digits_and_tells_its_exit_delay() -> None:
    driver = Driver(demo_house())
    driver.connect()
    asked: list[Step] = []
    status = run_on_house(arm_and_confirm(1, AWAY, "0042"), driver, asked)
    assert (status.security_mode, status.is_arming, status.exit_timer) == (AWAY, True, 60)
    assert commands_of(asked) == [ControllerCommand(Command.SECURITY_AWAY, 2, 1)]
    driver.advance(60)
    assert driver.house.armed_mode(1) is not SecurityMode.OFF
    run_on_house(disarm(1, "1234"), driver)
    assert driver.house.areas[1].mode is SecurityMode.OFF


def test_an_emulated_house_does_not_take_a_code_in_an_area_that_it_is_not_for() -> None:
    # The cleaner's code is for area 1 only.
    driver = Driver(demo_house())
    driver.connect()
    asked: list[Step] = []
    with pytest.raises(CommandFailedError, match="not valid in area 2") as caught:
        run_on_house(arm(2, AWAY, "0042"), driver, asked)
    assert caught.value.failure_code == SecurityCommandResponse.INVALID_CODE
    assert commands_of(asked) == []
    assert driver.house.areas[2].mode is SecurityMode.OFF


def test_an_emulated_house_that_is_not_ready_says_which_zone() -> None:
    house = demo_house()
    house.areas[1].requires_ready = True
    driver = Driver(house)
    driver.connect()
    with pytest.raises(ArmingFailedError, match="not ready: 3 KITCHEN WINDOW") as caught:
        run_on_house(arm_and_confirm(1, AWAY, "1234"), driver)
    assert dict(caught.value.zones_not_ready) == {3: "KITCHEN WINDOW"}
    # The other area's zones are ready.
    assert run_on_house(arm_and_confirm(2, AWAY, "1234"), driver).exit_timer == 30

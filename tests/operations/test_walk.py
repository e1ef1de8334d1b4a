"""Walking: the whole, or an error, whatever the panel answers; and it always ends."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import (
    CommandFailedError,
    Fault,
    LocalProtocolError,
    Message,
    OmniConnectionError,
    OmniLinkError,
    RemoteProtocolError,
    Request,
    RequestTimeoutError,
)
from omnilink_sansio.event_log import EventLogData
from omnilink_sansio.messages.request import mismatched_reply
from omnilink_sansio.operations import Operation, Pause, ask, pause, walk
from omnilink_sansio.programs import ProgramData, UploadProgram
from omnilink_sansio.system import Ack, EndOfData, Nak, RequestSystemFormats, SystemFormats
from tests.operations.scripted import Panel, closes_at_each_step, errors_at_each_step, follow, run
from tests.rows import each_row

BODY = bytes(range(14))


def program(slot: int) -> Message:
    return ProgramData(slot, BODY).to_message()


def slots(highest: int = 0xFFFF) -> Operation[list[ProgramData]]:
    """A walk, through what has numbers and nothing else of interest."""
    return walk(lambda slot: UploadProgram(slot, 1), lambda found: found.slot, highest)


def panel_with(numbers: Sequence[int]) -> Panel:
    """A panel that answers as the description says."""

    def panel(request: Request[object]) -> Message:
        assert isinstance(request, UploadProgram)
        following = [number for number in sorted(numbers) if number > request.slot]
        return program(following[0]) if following else EndOfData().to_message()

    return panel


@given(numbers=st.sets(st.integers(1, 40)), highest=st.integers(1, 40))
def test_a_walk_finds_each_thing_once_in_order(numbers: set[int], highest: int) -> None:
    numbers = {number for number in numbers if number <= highest}
    asked: list[Request[object]] = []
    found = run(slots(highest), panel_with(sorted(numbers)), asked)
    assert [item.slot for item in found] == sorted(numbers)
    # One request a thing and one for the end, unless the last number there can be was seen.
    assert len(asked) == len(numbers) + (highest not in numbers)


def test_a_walk_asks_for_what_follows_the_last_answer() -> None:
    found = follow(
        slots(),
        [
            (UploadProgram(0, 1), program(7)),
            (UploadProgram(7, 1), program(9)),
            (UploadProgram(9, 1), program(0xFFFE)),
            (UploadProgram(0xFFFE, 1), EndOfData()),
        ],
    )
    assert [item.slot for item in found] == [7, 9, 0xFFFE]
    assert follow(slots(), [(UploadProgram(0, 1), EndOfData())]) == []


def test_nothing_is_asked_for_beyond_the_highest_number() -> None:
    assert len(follow(slots(9), [(UploadProgram(0, 1), program(9))])) == 1
    # Numbers that have two bytes end at 65535, unless the caller says otherwise.
    unlimited = walk(lambda slot: UploadProgram(slot, 1), lambda found: found.slot)
    assert len(follow(unlimited, [(UploadProgram(0, 1), program(0xFFFF))])) == 1


@pytest.mark.parametrize(
    "wrong", [0, 3, 4, 5, 10, 0xFFFF], ids=["zero", "earlier", "back", "again", "beyond", "far"]
)
def test_answers_that_do_not_lead_on_are_refused(wrong: int) -> None:
    with pytest.raises(
        RemoteProtocolError, match=f"asked for what follows 5, answered with {wrong}"
    ) as caught:
        follow(
            slots(9),
            [
                (UploadProgram(0, 1), program(4)),
                (UploadProgram(4, 1), program(5)),
                (UploadProgram(5, 1), program(wrong)),
            ],
        )
    assert caught.value.fault is Fault.UNEXPECTED_REPLY


def test_a_first_answer_without_a_number_is_refused() -> None:
    with pytest.raises(RemoteProtocolError, match="asked for what follows 0, answered with 0"):
        follow(slots(), [(UploadProgram(0, 1), program(0))])


@given(answers=st.data(), highest=st.integers(1, 30))
def test_a_panel_that_answers_any_numbers_is_done_with_in_bounds(
    answers: st.DataObject, highest: int
) -> None:
    asked: list[Request[object]] = []
    told: list[int] = []

    def panel(_: Request[object]) -> Message:
        number = answers.draw(st.one_of(st.none(), st.integers(0, highest + 2), st.integers(0, 0xFFFF)))
        if number is None:
            return EndOfData().to_message()
        told.append(number)
        return program(number)

    try:
        found = run(slots(highest), panel, asked)
    except RemoteProtocolError:
        assert told != sorted(set(told)) or not 1 <= told[-1] <= highest
    else:
        assert [item.slot for item in found] == told == sorted(set(told))
        assert all(1 <= number <= highest for number in told)
    assert len(asked) <= highest


@given(steps=st.data())
def test_a_panel_that_never_ends_its_list_is_left_at_the_highest_number(steps: st.DataObject) -> None:
    def panel(request: Request[object]) -> Message:
        assert isinstance(request, UploadProgram)
        return program(steps.draw(st.integers(request.slot + 1, min(request.slot + 9, 40))))

    assert run(slots(40), panel, most=40)[-1].slot == 40


def test_things_of_another_kind_are_refused() -> None:
    stranger: Operation[list[ProgramData]] = walk(lambda slot: UploadProgram(slot, 1), lambda _: None)
    with pytest.raises(RemoteProtocolError, match="another kind") as caught:
        follow(stranger, [(UploadProgram(0, 1), program(1))])
    assert caught.value.fault is Fault.UNEXPECTED_REPLY


def test_a_refusal_at_the_first_step_is_the_controllers_no() -> None:
    with pytest.raises(CommandFailedError):
        follow(slots(), [(UploadProgram(0, 1), Nak())])


@pytest.mark.parametrize("already", [1, 2, 5])
def test_a_later_refusal_breaks_the_protocol(already: int) -> None:
    lines = [(UploadProgram(slot, 1), program(slot + 1)) for slot in range(already)]
    with pytest.raises(RemoteProtocolError, match=f"follows {already}, answered with a refusal") as caught:
        follow(slots(), [*lines, (UploadProgram(already, 1), Nak().to_message())])
    assert isinstance(caught.value.__cause__, CommandFailedError)


@each_row("already", [0, 1, 5])
@each_row(
    "wrong",
    [
        Ack().to_message(),
        EventLogData(1, 1, 1, 1, 0, 0, 137, 0, 0).to_message(),
        ProgramData(6, BODY).to_message(),
    ],
)
def test_malformed_and_foreign_replies_are_errors_at_every_step(wrong: Message, already: int) -> None:
    if wrong.type == ProgramData.OPCODE:
        wrong = Message(wrong.type, wrong.data[:-1])
    lines = [(UploadProgram(slot, 1), program(slot + 1)) for slot in range(already)]
    with pytest.raises(RemoteProtocolError):
        follow(slots(), [*lines, (UploadProgram(already, 1), wrong)])


@pytest.mark.parametrize(
    "error",
    [
        RequestTimeoutError("UploadProgram", 5.0, 1),
        OmniConnectionError("lost"),
        RemoteProtocolError(Fault.BAD_PAYLOAD, "nonsense"),
    ],
)
def test_an_error_at_any_step_comes_out_and_no_part_of_the_list(error: OmniLinkError) -> None:
    # Four requests for three programs: each of them may fail.
    outcomes = errors_at_each_step(slots, panel_with([2, 5, 6]), error)
    assert len(outcomes) == 4
    assert all(outcome is error for outcome in outcomes)


def test_a_refusal_thrown_in_is_treated_like_one_that_was_read() -> None:
    outcomes = errors_at_each_step(slots, panel_with([2, 5]), CommandFailedError("no"))
    assert [type(outcome) for outcome in outcomes] == [
        CommandFailedError,
        RemoteProtocolError,
        RemoteProtocolError,
    ]


def test_a_walk_can_be_closed_at_each_step() -> None:
    assert closes_at_each_step(slots, panel_with([1, 2, 3])) == 4


# The words that operations are made of.


def test_ask_returns_what_the_request_makes_of_the_reply() -> None:
    formats = SystemFormats(1, 2, 1)
    assert follow(ask(RequestSystemFormats()), [(RequestSystemFormats(), formats)]) == formats


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Nak().to_message(), CommandFailedError),
        (Ack().to_message(), RemoteProtocolError),
        (Message(SystemFormats.OPCODE, b"\1\2"), RemoteProtocolError),
    ],
)
def test_ask_raises_what_the_request_makes_of_a_wrong_reply(
    reply: Message, error: type[OmniLinkError]
) -> None:
    with pytest.raises(error):
        follow(ask(RequestSystemFormats()), [(RequestSystemFormats(), reply)])


def test_a_request_that_cannot_be_encoded_fails_where_it_is_asked() -> None:
    with pytest.raises(LocalProtocolError, match="slot"):
        follow(ask(UploadProgram(0x10000)), [])


def test_a_pause_is_a_step_without_a_reply() -> None:
    def lingering() -> Operation[int]:
        formats = yield from ask(RequestSystemFormats())
        yield from pause(2.5)
        return formats.time

    assert follow(lingering(), [(RequestSystemFormats(), SystemFormats(1, 2, 1)), (Pause(2.5), None)]) == 2
    waits: list[float] = []
    assert run(lingering(), lambda _: SystemFormats(1, 2, 1).to_message(), pauses=waits) == 2
    assert waits == [2.5]
    assert closes_at_each_step(lingering, lambda _: SystemFormats(1, 2, 1).to_message()) == 2


def test_nonsense_names_the_request_and_shows_both_sides() -> None:
    error = mismatched_reply(UploadProgram(3, 1), "what follows 3", "2")
    assert error.fault is Fault.UNEXPECTED_REPLY
    assert str(error) == "UploadProgram: asked for what follows 3, answered with 2; nothing of it was used"

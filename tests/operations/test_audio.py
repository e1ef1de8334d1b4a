"""What an audio source plays: fields that belong together, or an error."""

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
from omnilink_sansio.objects import AudioSourceStatus, RequestAudioSourceStatus
from omnilink_sansio.operations import get_audio_metadata
from omnilink_sansio.simulator import AudioSource, House
from omnilink_sansio.system import EndOfData, Nak
from tests.operations.scripted import (
    closes_at_each_step,
    errors_at_each_step,
    follow,
    run,
    run_on_house,
)
from tests.simulator.driver import Driver


def field(position: int, sequence: int = 7, source: int = 2) -> AudioSourceStatus:
    return AudioSourceStatus(source, sequence, position, 1, b"SONG\0")


def ask(position: int) -> RequestAudioSourceStatus:
    return RequestAudioSourceStatus(2, position)


def panel(request: Request[object]) -> Message:
    """A source with two fields."""
    assert isinstance(request, RequestAudioSourceStatus)
    return field(max(request.position, 1)).to_message() if request.position <= 2 else EndOfData().to_message()


def test_fields_are_asked_for_from_position_0_on_and_then_from_the_next() -> None:
    fields = follow(
        get_audio_metadata(2),
        [(ask(0), field(1)), (ask(2), field(2)), (ask(3), field(6)), (ask(7), EndOfData())],
    )
    assert fields == (field(1), field(2), field(6))
    assert [item.text for item in fields] == ["SONG"] * 3


def test_a_source_that_plays_nothing_has_no_fields() -> None:
    assert follow(get_audio_metadata(2), [(ask(0), EndOfData())]) == ()


@pytest.mark.parametrize("changed", [8, 6, 0, 255])
def test_a_changed_sequence_number_starts_all_over_again(changed: int) -> None:
    fields = follow(
        get_audio_metadata(2),
        [
            (ask(0), field(1)),
            (ask(2), field(2, changed)),
            (ask(0), field(1, changed)),
            (ask(2), field(2, changed)),
            (ask(3), EndOfData()),
        ],
    )
    assert fields == (field(1, changed), field(2, changed))


def test_after_a_change_there_may_be_nothing_left() -> None:
    fields = follow(get_audio_metadata(2), [(ask(0), field(1)), (ask(2), field(2, 8)), (ask(0), EndOfData())])
    assert fields == ()


def test_data_that_never_stands_still_is_left_with_an_error() -> None:
    asked: list[Request[object]] = []

    def restless(request: Request[object]) -> Message:
        assert isinstance(request, RequestAudioSourceStatus)
        return field(max(request.position, 1), sequence=len(asked)).to_message()

    with pytest.raises(RemoteProtocolError, match="changed on the way") as caught:
        run(get_audio_metadata(2), restless, asked, most=100)
    assert caught.value.fault is Fault.UNEXPECTED_REPLY


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (field(2, source=3), "asked for source 2, answered with source 3"),
        (field(1), "answered with position 1"),
        (field(0), "answered with position 0"),
        (field(1), "asked for a field from position 2 on"),
    ],
)
def test_fields_that_were_not_asked_for_are_refused(wrong: AudioSourceStatus, text: str) -> None:
    with pytest.raises(RemoteProtocolError, match=text) as caught:
        follow(get_audio_metadata(2), [(ask(0), field(1)), (ask(2), wrong)])
    assert caught.value.fault is Fault.UNEXPECTED_REPLY


def test_a_position_that_nothing_can_follow_is_refused() -> None:
    # The next one to ask for would be 256.
    wrong = AudioSourceStatus(2, 7, 255, 1, b"SONG\0")
    with pytest.raises(RemoteProtocolError, match="answered with position 255"):
        follow(get_audio_metadata(2), [(ask(0), wrong)])


@given(answers=st.data())
def test_whatever_comes_it_ends_with_fields_that_belong_together(answers: st.DataObject) -> None:
    def nonsense(_: Request[object]) -> Message:
        if answers.draw(st.integers(0, 9)) == 0:
            return EndOfData().to_message()
        # A long list is made likely: mostly one sequence number, small positions.
        sequence = answers.draw(st.sampled_from([1, 1, 1, 2]))
        return AudioSourceStatus(
            2, sequence, answers.draw(st.integers(0, 12) | st.integers(0, 255)), 0, b"\0"
        ).to_message()

    try:
        fields = run(get_audio_metadata(2), nonsense, most=5 * 256)
    except RemoteProtocolError:
        return
    positions = [item.position for item in fields]
    assert positions == sorted(set(positions))
    assert len({item.sequence for item in fields}) <= 1


def test_a_controller_that_counts_on_for_ever_is_left_in_bounds() -> None:
    asked: list[Request[object]] = []

    def endless(request: Request[object]) -> Message:
        assert isinstance(request, RequestAudioSourceStatus)
        return AudioSourceStatus(2, 7, request.position, 1, b"\0").to_message()

    with pytest.raises(RemoteProtocolError, match="255"):
        run(get_audio_metadata(2), endless, asked, most=300)
    assert len(asked) <= 256


def test_a_refusal_is_told() -> None:
    with pytest.raises(CommandFailedError):
        follow(get_audio_metadata(2), [(ask(0), Nak())])


@pytest.mark.parametrize("source", [-1, 0x10000])
def test_sources_that_fit_no_message_are_the_callers_mistake(source: int) -> None:
    with pytest.raises(LocalProtocolError, match="source"):
        follow(get_audio_metadata(source), [])


@pytest.mark.parametrize(
    "error", [RequestTimeoutError("RequestAudioSourceStatus", 5.0, 1), OmniConnectionError("lost")]
)
def test_an_error_at_any_step_comes_out_and_no_part_of_the_fields(error: OmniLinkError) -> None:
    assert errors_at_each_step(lambda: get_audio_metadata(2), panel, error) == [error] * 3


def test_asking_can_be_given_up_at_each_step() -> None:
    assert closes_at_each_step(lambda: get_audio_metadata(2), panel) == 3


def test_what_an_emulated_source_plays_comes_in_order() -> None:
    source = AudioSource("PLAYER", [(1, "ARTIST"), (2, "ALBUM"), (3, "SONG")])
    driver = Driver(House(audio_sources={1: source}))
    driver.connect()
    fields = run_on_house(get_audio_metadata(1), driver)
    assert [(item.position, item.field_id, item.text) for item in fields] == [
        (1, 1, "ARTIST"),
        (2, 2, "ALBUM"),
        (3, 3, "SONG"),
    ]
    assert run_on_house(get_audio_metadata(2), driver) == ()
    with pytest.raises(CommandFailedError):
        run_on_house(get_audio_metadata(9), driver)

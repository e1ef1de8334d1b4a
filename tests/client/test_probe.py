"""What a probe calls what it met: every end has a word of its own, and says what to do."""

import pytest

from omnilink_sansio import (
    CommandFailedError,
    EndReason,
    Fault,
    OmniConnectionError,
    OmniLinkError,
    RemoteProtocolError,
    RequestTimeoutError,
)
from omnilink_sansio.client import ProbeOutcome, ProbeResult, diagnose, identify
from omnilink_sansio.session.end_reasons import END_REASONS
from omnilink_sansio.system import RequestSystemInformation, SystemInformation
from tests.operations.scripted import follow
from tests.rows import each_row

GIGABIT = "gigabit"

OUTCOMES = {
    EndReason.OFFERED: ProbeOutcome.FINE,
    EndReason.UNREACHABLE: ProbeOutcome.NO_ROUTE,
    EndReason.PORT_CLOSED: ProbeOutcome.PORT_CLOSED,
    EndReason.CLOSED: ProbeOutcome.NO_ANSWER,
    EndReason.TERMINATED: ProbeOutcome.NO_ANSWER,
    EndReason.LOST: ProbeOutcome.NO_ANSWER,
    EndReason.SILENT: ProbeOutcome.NO_ANSWER,
    EndReason.FAULT: ProbeOutcome.NO_ANSWER,
    EndReason.REFUSED: ProbeOutcome.BUSY,
    EndReason.WRONG_KEY: ProbeOutcome.WRONG_KEY,
    EndReason.VERSION: ProbeOutcome.NOT_A_PANEL,
    EndReason.SESSION_ID: ProbeOutcome.WRONG_KEY,
    EndReason.HANDSHAKE_TERMINATED: ProbeOutcome.BUSY,
    EndReason.HANDSHAKE_LOST: ProbeOutcome.NOT_A_PANEL,
    EndReason.HANDSHAKE_TIMEOUT: ProbeOutcome.NOT_A_PANEL,
    EndReason.KEY_UNANSWERED: ProbeOutcome.NO_ANSWER,
    EndReason.HANDSHAKE_FAULT: ProbeOutcome.NOT_A_PANEL,
}


def an_error(end: EndReason) -> OmniConnectionError:
    facts = END_REASONS.get(end)
    kind = OmniConnectionError if facts is None or facts.error is None else facts.error
    return kind(end.value if facts is None else facts.text, end)


def test_every_end_has_an_outcome() -> None:
    assert set(OUTCOMES) == set(EndReason)
    assert set(OUTCOMES.values()) == set(ProbeOutcome)


@each_row("end", EndReason)
def test_an_end_is_called_by_its_name(end: EndReason) -> None:
    result = diagnose(an_error(end))
    assert result.outcome is OUTCOMES[end]
    assert result.is_fine is (end is EndReason.OFFERED)
    assert result.information is None
    if end is not EndReason.OFFERED:
        # What happened and what to do, as the error says it.
        assert result.detail.startswith(str(an_error(end)))


@each_row("end", EndReason)
def test_only_silence_brings_up_the_network(end: EndReason) -> None:
    is_silence = end in (EndReason.HANDSHAKE_TIMEOUT, EndReason.SILENT)
    assert (GIGABIT in diagnose(an_error(end)).detail) is is_silence


@each_row("end", EndReason)
def test_over_udp_only_silence_means_something_else(end: EndReason) -> None:
    over_udp = diagnose(an_error(end), "udp")
    if end is EndReason.HANDSHAKE_TIMEOUT:
        assert over_udp.outcome is ProbeOutcome.NO_ANSWER
        assert GIGABIT in over_udp.detail
    else:
        assert over_udp == diagnose(an_error(end))


def test_an_offer_without_an_answer_to_the_key_suspects_the_key_and_the_panel() -> None:
    detail = diagnose(an_error(EndReason.KEY_UNANSWERED)).detail
    assert "check the controller key" in detail
    assert "the controller may also be busy or restarting" in detail


def test_an_offer_is_fine_and_says_what_was_not_tried() -> None:
    assert "without a key it was not tried" in diagnose(an_error(EndReason.OFFERED)).detail


@pytest.mark.parametrize(
    ("error", "is_silence"),
    [
        (RequestTimeoutError("RequestSystemInformation", 5.0, 1), True),
        (CommandFailedError("the controller refused"), False),
        (RemoteProtocolError(Fault.BAD_PAYLOAD, "too short"), False),
        (OmniConnectionError("no end is named"), False),
    ],
)
def test_what_goes_wrong_in_a_session_is_no_answer(error: OmniLinkError, is_silence: bool) -> None:
    result = diagnose(error)
    assert result.outcome is ProbeOutcome.NO_ANSWER
    assert result.detail.startswith(str(error))
    assert (GIGABIT in result.detail) is is_silence


def test_a_session_is_asked_once_for_model_and_firmware() -> None:
    information = SystemInformation(16, 4, 0, 2, b"5551234".ljust(25, b"\0"))
    found = follow(identify(), [(RequestSystemInformation(), information)])
    assert found == ProbeResult(ProbeOutcome.FINE, "Omni Pro II, firmware 4.0b", information)
    assert found.is_fine


def test_a_model_that_nobody_knows_is_named_by_its_number() -> None:
    found = follow(
        identify(), [(RequestSystemInformation(), SystemInformation(250, 1, 2, 0, b"".ljust(25, b"\0")))]
    )
    assert "250" in found.detail
    assert found.is_fine

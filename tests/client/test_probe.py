"""What a probe calls what it met: every end has a word of its own, and says what to do."""

import pytest

from omnilink_sansio import (
    CLIENT_ENDS,
    ClientEnd,
    CommandFailedError,
    Fault,
    OmniConnectionError,
    OmniLinkError,
    RemoteProtocolError,
    RequestSystemInformation,
    RequestTimeoutError,
    SystemInformation,
)
from omnilink_sansio.client import ProbeOutcome, ProbeResult, diagnose, identify
from tests.operations.scripted import follow

GIGABIT = "gigabit"

OUTCOMES = {
    ClientEnd.OFFERED: ProbeOutcome.FINE,
    ClientEnd.UNREACHABLE: ProbeOutcome.NO_ROUTE,
    ClientEnd.PORT_CLOSED: ProbeOutcome.PORT_CLOSED,
    ClientEnd.CLOSED: ProbeOutcome.NO_ANSWER,
    ClientEnd.TERMINATED: ProbeOutcome.NO_ANSWER,
    ClientEnd.LOST: ProbeOutcome.NO_ANSWER,
    ClientEnd.SILENT: ProbeOutcome.NO_ANSWER,
    ClientEnd.FAULT: ProbeOutcome.NO_ANSWER,
    ClientEnd.REFUSED: ProbeOutcome.BUSY,
    ClientEnd.WRONG_KEY: ProbeOutcome.WRONG_KEY,
    ClientEnd.VERSION: ProbeOutcome.NOT_A_PANEL,
    ClientEnd.SESSION_ID: ProbeOutcome.WRONG_KEY,
    ClientEnd.HANDSHAKE_TERMINATED: ProbeOutcome.BUSY,
    ClientEnd.HANDSHAKE_LOST: ProbeOutcome.NOT_A_PANEL,
    ClientEnd.HANDSHAKE_TIMEOUT: ProbeOutcome.NOT_A_PANEL,
    ClientEnd.HANDSHAKE_FAULT: ProbeOutcome.NOT_A_PANEL,
}


def an_error(end: ClientEnd) -> OmniConnectionError:
    facts = CLIENT_ENDS.get(end)
    kind = OmniConnectionError if facts is None or facts.error is None else facts.error
    return kind(end.value if facts is None else facts.text, end)


def test_every_end_has_an_outcome() -> None:
    assert set(OUTCOMES) == set(ClientEnd)
    assert set(OUTCOMES.values()) == set(ProbeOutcome)


@pytest.mark.parametrize("end", ClientEnd)
def test_an_end_is_called_by_its_name(end: ClientEnd) -> None:
    result = diagnose(an_error(end))
    assert result.outcome is OUTCOMES[end]
    assert result.is_fine is (end is ClientEnd.OFFERED)
    assert result.information is None
    if end is not ClientEnd.OFFERED:
        # What happened and what to do, as the error says it.
        assert result.detail.startswith(str(an_error(end)))


@pytest.mark.parametrize("end", ClientEnd)
def test_only_silence_brings_up_the_network(end: ClientEnd) -> None:
    is_silence = end in (ClientEnd.HANDSHAKE_TIMEOUT, ClientEnd.SILENT)
    assert (GIGABIT in diagnose(an_error(end)).detail) is is_silence


@pytest.mark.parametrize("end", ClientEnd)
def test_over_udp_only_silence_means_something_else(end: ClientEnd) -> None:
    over_udp = diagnose(an_error(end), "udp")
    if end is ClientEnd.HANDSHAKE_TIMEOUT:
        assert over_udp.outcome is ProbeOutcome.NO_ANSWER
        assert GIGABIT in over_udp.detail
    else:
        assert over_udp == diagnose(an_error(end))


def test_an_offer_is_fine_and_says_what_was_not_tried() -> None:
    assert "without a key it was not tried" in diagnose(an_error(ClientEnd.OFFERED)).detail


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

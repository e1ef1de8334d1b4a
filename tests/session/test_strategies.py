"""What the package offers to other people's tests: strategies that are what they say, a link that is fair."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from omnilink_sansio import Message, MessageRecord, Packet, ProtocolVersion, RawRequest, derive_session_key
from omnilink_sansio.commands import (
    ConnectedSecuritySystemCommand,
    ExecuteSecurityCommand,
    RequestSecurityCodeValidation,
)
from omnilink_sansio.messages.record import Record
from omnilink_sansio.testing.strategies import (
    controller_keys,
    cuttings,
    messages,
    packets,
    payloads,
    sequences,
    session_ids,
)
from omnilink_sansio.testing.virtual_link import random_cuts, unreliable
from omnilink_sansio.wire.message import LONGEST_DATA, START_CHARACTERS
from omnilink_sansio.wire.packet import LONGEST_PACKET


def kinds(kind: type[Record] = Record) -> Iterator[type[Record]]:
    for subclass in kind.__subclasses__():
        if subclass.__module__.startswith("omnilink_sansio."):
            yield subclass
            yield from kinds(subclass)


def describes_a_payload(kind: type[Record]) -> bool:
    # Making a class slotted makes it anew: what is left of the first one is not what its module has.
    if getattr(sys.modules[kind.__module__], kind.__name__, None) is not kind:
        return False
    return hasattr(kind, "_layout") or (issubclass(kind, MessageRecord) and "parse" in vars(kind))


KINDS = sorted(
    {kind for kind in kinds() if describes_a_payload(kind) and kind is not RawRequest},
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_payloads_are_well_formed_and_come_back(kind: type[Record]) -> None:
    # Given here and not drawn from within, which would take half as long again. A third of the examples each:
    # there are a hundred kinds.
    @settings(max_examples=max(1, settings().max_examples // 3))
    @given(payloads(kind))
    def each_comes_back(payload: bytes) -> None:
        assert len(payload) <= LONGEST_DATA
        assert kind.parse(payload).encode() == payload

    each_comes_back()


# Where the digits of a user code are in a payload (20P00 §REQUEST SECURITY CODE VALIDATION, §CONNECTED SECURITY
# SYSTEM COMMAND; the third is not in 20P00).
WITH_CODES: dict[type[Record], slice] = {
    RequestSecurityCodeValidation: slice(1, 5),
    ConnectedSecuritySystemCommand: slice(2, 8),
    ExecuteSecurityCommand: slice(2, 6),
}
EVERY_CODE = pytest.mark.parametrize(
    ("kind", "code"), WITH_CODES.items(), ids=[kind.__name__ for kind in WITH_CODES]
)


@EVERY_CODE
def test_payloads_with_user_codes_have_a_digit_in_each_byte(kind: type[Record], code: slice) -> None:
    @given(payloads(kind))
    def each_has(payload: bytes) -> None:
        assert len(payload) == code.stop
        assert all(digit <= 9 for digit in payload[code])

    each_has()


@EVERY_CODE
@pytest.mark.parametrize("digit", [0, 9])
@pytest.mark.parametrize("place", [0, -1])
def test_payloads_reach_every_digit_and_every_other_byte(
    kind: type[Record], code: slice, digit: int, place: int
) -> None:
    # That there is one is enough: no need to look for the simplest.
    many = settings(max_examples=5000, database=None, phases=[Phase.generate])
    assert find(payloads(kind), lambda payload: payload[code][place] == digit, settings=many)
    assert find(payloads(kind), lambda payload: payload[0] > 9, settings=many)


def test_what_describes_no_payload_is_refused() -> None:
    with pytest.raises(ValueError, match="MessageRecord describes no payload"):
        payloads(MessageRecord)


@pytest.mark.parametrize("protocol", ProtocolVersion)
def test_messages_come_back(protocol: ProtocolVersion) -> None:
    @given(messages(protocol))
    def each_comes_back(message: Message) -> None:
        assert Message.decode(message.encode()) == message
        assert START_CHARACTERS[message.start].protocol is protocol

    each_comes_back()


@given(packets())
def test_packets_are_legal(packet: Packet) -> None:
    encoded = packet.encode()
    assert len(encoded) <= LONGEST_PACKET
    assert Packet.decode(encoded) == packet


@given(controller_keys(), session_ids(), sequences(unsolicited=False))
def test_keys_and_session_ids_make_session_keys(key: bytes, session_id: bytes, sequence: int) -> None:
    assert len(derive_session_key(key, session_id)) == 16
    assert 1 <= sequence <= 65535


@given(st.data(), st.binary(max_size=60))
def test_cuttings_lose_nothing(data: st.DataObject, whole: bytes) -> None:
    pieces = data.draw(cuttings(whole))
    assert b"".join(pieces) == whole
    assert all(pieces)


def test_the_same_seed_makes_the_same_link() -> None:
    fates = [[fate(b"") for _ in range(200)] for fate in (unreliable(5), unreliable(5), unreliable(6))]
    assert fates[0] == fates[1] != fates[2]
    assert {len(copies) for copies in fates[0]} == {0, 1, 2}
    cuts = [list(cut(bytes(500))) for cut in (random_cuts(5), random_cuts(5), random_cuts(6))]
    assert cuts[0] == cuts[1] != cuts[2]
    assert b"".join(cuts[0]) == bytes(500)


def test_without_hypothesis_the_import_says_what_to_install_and_the_link_works() -> None:
    program = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from omnilink_sansio.testing import VirtualLink\n"
        "import omnilink_sansio.testing.strategies\n"
    )
    # The program is ours and holds nothing from outside.
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "pip install 'omnilink-sansio[testing]'" in run.stderr.splitlines()[-1]

"""Message types of both protocols against the protocol's tables."""

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple, TypeVar

from omnilink_sansio import Effect, Opcode
from omnilink_sansio.opcodes import OPCODES_V1, OPCODES_V2, OmniLink2MessageType, OmniLinkMessageType
from omnilink_sansio.wire.packet import Direction
from tests.rows import each_row
from tests.vectors import OPCODE_ROWS_V1, OPCODE_ROWS_V2, OpcodeRow, short_source

_T = TypeVar("_T", bound=IntEnum)


def _by_number(opcodes: Mapping[_T, Opcode]) -> dict[int, Opcode]:
    return {int(kind): opcode for kind, opcode in opcodes.items()}


class Table(NamedTuple):
    """One protocol's message types as built, and as the protocol's table has them."""

    types: type[IntEnum]
    opcodes: Mapping[int, Opcode]
    rows: list[OpcodeRow]


TABLES = [
    Table(OmniLinkMessageType, _by_number(OPCODES_V1), OPCODE_ROWS_V1),
    Table(OmniLink2MessageType, _by_number(OPCODES_V2), OPCODE_ROWS_V2),
]
VERSIONS = each_row("table", TABLES, ids=["v1", "v2"])

_DIRECTIONS = {
    "client->controller": Direction.TO_CONTROLLER,
    "controller->client": Direction.TO_CLIENT,
    "both": Direction.BOTH,
}
# What the tables say in words instead of a message type, and so cannot be compared.
_IN_WORDS = {
    "next upload record",
    "resend of the last upload record",
    "ACKNOWLEDGE (sent by the client)",
}
_EVERY_TYPE = [(table, kind) for table in TABLES for kind in table.types]
EVERY_TYPE = each_row(
    ("table", "kind"), _EVERY_TYPE, ids=[f"{type(kind).__name__}.{kind.name}" for _, kind in _EVERY_TYPE]
)


@VERSIONS
def test_message_types_are_those_of_the_protocol_table(table: Table) -> None:
    assert {kind.name: kind.value for kind in table.types} == {
        row["name"]: row["value"] for row in table.rows
    }
    assert len({row["value"] for row in table.rows}) == len(table.rows)


@VERSIONS
def test_each_message_type_has_exactly_one_row(table: Table) -> None:
    assert list(table.opcodes) == list(table.types)


@VERSIONS
def test_rows_say_what_the_protocol_table_says(table: Table) -> None:
    for row in table.rows:
        opcode = table.opcodes[table.types(row["value"])]
        assert opcode.direction is _DIRECTIONS[row["direction"]], row["name"]
        assert opcode.source == short_source(row["source"]), row["name"]
        firmware = opcode.min_firmware and ".".join(map(str, opcode.min_firmware))
        assert firmware == row.get("min_firmware"), row["name"]
        assert opcode.unsolicited == bool(row.get("unsolicited")), row["name"]


@VERSIONS
def test_printed_replies_are_expected(table: Table) -> None:
    compared = 0
    for row in table.rows:
        expected = {reply.name for reply in table.opcodes[table.types(row["value"])].replies}
        for printed in row["reply"]:
            if printed in _IN_WORDS:
                continue
            name = printed.partition(" ")[0]
            assert name in table.types.__members__, printed
            # Any request may be answered so (§ACKNOWLEDGEMENT MESSAGES); rows need not say it.
            if name != "NEGATIVE_ACKNOWLEDGE":
                assert name in expected, row["name"]
                compared += 1
    assert compared > 20


@EVERY_TYPE
def test_each_request_has_an_effect_and_a_reply(table: Table, kind: IntEnum) -> None:
    opcode = table.opcodes[kind]
    if opcode.direction is Direction.TO_CLIENT:
        assert opcode.effect is None
        assert opcode.replies == ()
    else:
        assert opcode.effect is not None
        assert opcode.replies


@EVERY_TYPE
def test_replies_are_message_types_of_the_same_protocol_that_controllers_send(
    table: Table, kind: IntEnum
) -> None:
    replies = table.opcodes[kind].replies
    assert len(set(replies)) == len(replies)
    for reply in replies:
        assert type(reply) is table.types
        assert table.opcodes[reply].direction is not Direction.TO_CONTROLLER


@EVERY_TYPE
def test_requests_that_only_ask_are_reads_unless_asking_uses_something_up(
    table: Table, kind: IntEnum
) -> None:
    # A code that is tried counts towards a lock-out; the list of v1 events is emptied by who reads it.
    momentary = {"REQUEST_SECURITY_CODE_VALIDATION", "REQUEST_SYSTEM_EVENTS"}
    if kind.name.startswith(("REQUEST_", "READ_", "UPLOAD_")):
        effect = Effect.MOMENTARY if kind.name in momentary else Effect.READ
        assert table.opcodes[kind].effect is effect


@EVERY_TYPE
def test_requests_that_carry_code_digits_are_momentary(table: Table, kind: IntEnum) -> None:
    if kind.name in {"LOGIN", "REQUEST_SECURITY_CODE_VALIDATION", "EXECUTE_SECURITY_COMMAND"}:
        assert table.opcodes[kind].effect is Effect.MOMENTARY


@each_row(
    ("kind", "effect"),
    [
        (OmniLink2MessageType.SET_TIME, Effect.SET),
        (OmniLink2MessageType.ENABLE_NOTIFICATIONS, Effect.SET),
        (OmniLink2MessageType.WRITE_NAME, Effect.SET),
        (OmniLink2MessageType.ACKNOWLEDGE_ALERTS, Effect.SET),
        (OmniLink2MessageType.CONTROLLER_COMMAND, Effect.MOMENTARY),
        (OmniLink2MessageType.ACTIVATE_KEYPAD_EMERGENCY, Effect.MOMENTARY),
        (OmniLink2MessageType.CONTROLLER_RESTART, Effect.MOMENTARY),
        (OmniLink2MessageType.READ_EVENT_RECORD, Effect.READ),
    ],
)
def test_effect_of_v2_requests(kind: OmniLink2MessageType, effect: Effect) -> None:
    assert OPCODES_V2[kind].effect is effect


def test_acknowledge_in_a_v1_upload_asks_for_the_next_record_and_is_momentary() -> None:
    opcode = OPCODES_V1[OmniLinkMessageType.ACKNOWLEDGE]
    assert opcode.effect is Effect.MOMENTARY
    assert {OmniLinkMessageType.NAME_DATA, OmniLinkMessageType.EVENT_LOG_DATA} <= set(opcode.replies)


def test_v2_pushes_status_extended_status_and_other_events() -> None:
    assert {kind.value for kind, opcode in OPCODES_V2.items() if opcode.unsolicited} == {35, 59, 55}


def test_v1_pushes_nothing() -> None:
    assert not any(opcode.unsolicited for opcode in OPCODES_V1.values())


def test_extended_status_and_alerts_need_firmware_3() -> None:
    assert {kind.value for kind, opcode in OPCODES_V2.items() if opcode.min_firmware == (3, 0)} == {
        58,
        59,
        60,
    }

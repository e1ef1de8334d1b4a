"""The golden bytes in ``tests/vectors`` and the protocol's tables in ``tests/tables``, with their types."""

import json
from pathlib import Path
from typing import Literal, NotRequired, TypedDict

_HERE = Path(__file__).parent


class PacketVector(TypedDict):
    """One packet, with the keys of its session; ``plaintext_hex`` is its data without padding."""

    controller_key: str
    session_id: str
    session_key: str
    seq: int
    packet_type: int
    encrypted: bool
    plaintext_hex: str
    packet_hex: str


class EventWordVector(TypedDict):
    """One event word and what the vendor's description of Omni-Link II says of it, or None."""

    word: int
    vendor_document: dict[str, str | int | bool] | None
    message_hex: str


class TemperatureVector(TypedDict):
    """One raw temperature in all its forms."""

    raw: int
    celsius: float
    fahrenheit_exact: float
    fahrenheit_display: float


class SpecCrcVector(TypedDict):
    """One message that a vendor's description prints with its CRC."""

    name: str
    hex: str
    protocol: str
    crc_printed: str


class MessageVector(TypedDict):
    """One message of Omni-Link II."""

    name: str
    direction: str
    hex_plain_message: str
    opcode: int
    payload_hex: str
    decoded: dict[str, object]


class SessionFrame(TypedDict):
    """One packet of a recorded session."""

    dir: Literal["client>panel", "panel>client"]
    seq: int
    type: int
    plaintext_hex: str
    packet_hex: str


class SessionVector(TypedDict):
    """A whole session between an independent client and a controller."""

    client: str
    controller_key: str
    session_id: str
    session_key: str
    frames: list[SessionFrame]


class DerivedEncryptedPacket(TypedDict):
    """One encrypted packet with every step of its making."""

    name: str
    sequence: int
    packet_type: int
    plaintext: str
    padded_and_whitened: str
    session_key: str
    packet: str


class DerivedMessage(TypedDict):
    """One message made from the description."""

    name: str
    protocol: str
    hex: str


class DerivedEventWord(TypedDict):
    """One event word with its family and its fields as they stand in the word."""

    word: str
    family: str
    fields: dict[str, int]


class DerivedHumidity(TypedDict):
    """One raw temperature with the humidity that it stands for, where it can."""

    raw: int
    humidity_percent: int | None


class OpcodeRow(TypedDict):
    """One message type of the protocol's tables."""

    value: int
    name: str
    direction: str
    reply: list[str]
    source: str
    unsolicited: NotRequired[bool | str]
    min_firmware: NotRequired[str]


class CommandRow(TypedDict):
    """One command of the protocol's tables."""

    value: int
    name: str
    p1: str | None
    p2: str | None
    protocols: list[str]
    source: str


class EventWordRow(TypedDict):
    """One pattern of event words; ``fields`` are [lowest bit, mask after shifting]."""

    family: str
    mask: str
    match: str
    fields: dict[str, tuple[int, int]]
    protocol: str
    source: str
    controllers: NotRequired[str]


class PacketTypeRow(TypedDict):
    """One packet type of the protocol's tables."""

    value: int
    name: str
    direction: str | None
    data_bytes: int | str | None


def _text(folder: str, name: str) -> str:
    return (_HERE / folder / f"{name}.json").read_text(encoding="utf-8")


def _derived(kind: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(_text("vectors", "derived"))
    return [row for row in rows if row["kind"] == kind]


PACKETS: list[PacketVector] = json.loads(_text("vectors", "packets"))
EVENT_WORDS: list[EventWordVector] = json.loads(_text("vectors", "event_words"))
TEMPERATURES: list[TemperatureVector] = json.loads(_text("vectors", "temperatures"))
SPEC_CRC: list[SpecCrcVector] = json.loads(_text("vectors", "spec_crc"))
MESSAGES_V2: list[MessageVector] = json.loads(_text("vectors", "messages_v2"))
SESSIONS: list[SessionVector] = json.loads(_text("vectors", "sessions"))

# A trip through text gives rows of one kind their own type.
DERIVED_ENCRYPTED_PACKETS: list[DerivedEncryptedPacket] = json.loads(json.dumps(_derived("encrypted_packet")))
DERIVED_MESSAGES: list[DerivedMessage] = json.loads(json.dumps(_derived("message")))
DERIVED_EVENT_WORDS: list[DerivedEventWord] = json.loads(json.dumps(_derived("event_word")))
DERIVED_HUMIDITY: list[DerivedHumidity] = json.loads(json.dumps(_derived("temperature")))

OPCODE_ROWS_V1: list[OpcodeRow] = json.loads(_text("tables", "opcodes_v1"))
OPCODE_ROWS_V2: list[OpcodeRow] = json.loads(_text("tables", "opcodes_v2"))
COMMAND_ROWS: list[CommandRow] = json.loads(_text("tables", "commands"))
EVENT_WORD_ROWS: list[EventWordRow] = json.loads(_text("tables", "event_words"))
PACKET_TYPE_ROWS: list[PacketTypeRow] = json.loads(_text("tables", "packet_types"))


def short_source(source: str) -> str:
    """Return where something is described in the short form that the library uses."""
    for long, short in (("HAI ", ""), (" Rev 3.0", ""), (" Rev 2.12", ""), ("seen in: ", "seen in ")):
        source = source.replace(long, short)
    return source

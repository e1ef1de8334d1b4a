"""Write the protocol's reference pages from the library's own tables: ``python docs/protocol_tables.py``."""

import re
import struct
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from enum import IntEnum
from pathlib import Path
from typing import get_type_hints

from public_names import homes
from source_texts import calls_by_command, docstring, field_texts, source, views

from omnilink_sansio import EVENT_REGISTRY, Opcode, ProtocolVersion
from omnilink_sansio.commands import AUDIO_KEYS, COMMANDS
from omnilink_sansio.event_log import EVENT_LOG
from omnilink_sansio.events import SystemEvent
from omnilink_sansio.first_use import found
from omnilink_sansio.messages.events import Bits, Pattern
from omnilink_sansio.messages.parsers import PARSERS_V2
from omnilink_sansio.messages.record import Field, Record
from omnilink_sansio.objects import (
    OBJECT_TYPE_TO_PROPERTIES,
    OBJECT_TYPE_TO_STATUS,
    OBJECT_TYPES,
    ObjectForms,
    ObjectType,
)
from omnilink_sansio.opcodes import OPCODES_V1, OPCODES_V2, OmniLink2MessageType
from omnilink_sansio.system import ControllerFamily
from omnilink_sansio.wire.packet import Direction

FOLDER = Path(__file__).with_name("reference")

_HEAD = "Written by `docs/protocol_tables.py` from the tables of the library; a test keeps this page in step."
_WORD_BITS = 16
_LAST_WORD = (1 << _WORD_BITS) - 1

_DIRECTIONS = {
    Direction.TO_CONTROLLER: "client → controller",
    Direction.TO_CLIENT: "controller → client",
    Direction.BOTH: "both",
}
_VERSIONS = {ProtocolVersion.V1: "v1", ProtocolVersion.V2: "v2"}
_COMMAND_SOURCES = {
    ProtocolVersion.V2: "20P00 §CONTROLLER COMMAND",
    ProtocolVersion.V1: "10P17 §COMMAND MESSAGE",
}


def pages() -> dict[str, str]:
    """Return every page by its file name."""
    return {
        "opcodes.md": _page("Message types", _opcodes()),
        "objects.md": _page("Objects", _objects()),
        "commands.md": _page("Commands", _commands()),
        "events.md": _page("Events and the event log", _events()),
    }


def _page(title: str, lines: Iterable[str]) -> str:
    return "\n".join([f"# {title}", "", _HEAD, "", *lines]).rstrip("\n") + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table of Markdown, and an empty line."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for row in rows:
        assert len(row) == len(heads), row
        cells = [" ".join(cell.split()).replace("|", "\\|") for cell in row]
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, ""]


def _api(name: str) -> str:
    """Return a reference to a public name, which the reference of the API explains."""
    return f"{{py:obj}}`~{homes()[name.partition('.')[0]]}.{name}`"


def markdown(text: str) -> str:
    """Return a docstring's text as these pages write it: literals in one backtick, names as references."""
    text = re.sub(r"``([^`]+)``", "\0\\1\0", text)
    text = re.sub(r"`([^`\0]+)`", lambda found: _reference(found[1]), text)
    return text.replace("\0", "`")


def _reference(name: str) -> str:
    return _api(name) if name.partition(".")[0] in homes() else f"`{name}`"


def _version(firmware: tuple[int, int] | None) -> str:
    return "" if firmware is None else "{}.{}".format(*firmware)


def _yes(condition: bool) -> str:
    return "yes" if condition else ""


def _prose(text: str) -> list[str]:
    """Return a paragraph; a name in backticks becomes a reference."""
    return [*textwrap.wrap(markdown(" ".join(text.split())), 115), ""]


# Message types.

_OPCODE_TEXT = _prose("""
    *Effect* is what a second copy of a request would do: read changes nothing, set makes it so again,
    momentary acts again. Only reads and sets are repeated, as the same bytes, and only on datagram links.
    Any request may also be answered by NEGATIVE_ACKNOWLEDGE. A source that begins with *not in* is known
    from the field only.
""")


def _opcodes() -> list[str]:
    return [
        *_OPCODE_TEXT,
        "## Omni-Link II (v2)",
        "",
        "CONTROLLER_COMMAND shows its worst case: each [command](commands.md) has an effect of its own.",
        "",
        *table(
            (*_OPCODE_HEADS, "since firmware", "sent unasked", "class", "source"),
            (
                (
                    *_opcode_cells(kind, row),
                    _version(row.min_firmware),
                    _yes(row.unsolicited),
                    _class_of(kind),
                    row.source,
                )
                for kind, row in sorted(OPCODES_V2.items())
            ),
        ),
        "## Omni-Link (v1)",
        "",
        "Not the numbers of v2. Messages of v1 have no classes yet: they are read and sent as they are.",
        "",
        *table(
            (*_OPCODE_HEADS, "source"),
            ((*_opcode_cells(kind, row), row.source) for kind, row in sorted(OPCODES_V1.items())),
        ),
    ]


_OPCODE_HEADS = ("number", "name", "direction", "effect", "replies")


def _opcode_cells(kind: IntEnum, row: Opcode) -> tuple[str, ...]:
    return (
        f"0x{kind:02X} ({kind})",
        kind.name,
        _DIRECTIONS[row.direction],
        "" if row.effect is None else row.effect.value,
        ", ".join(reply.name for reply in row.replies),
    )


def _class_of(kind: OmniLink2MessageType) -> str:
    parser = PARSERS_V2.get(kind)
    if parser is None:
        return ""
    if kind == OmniLink2MessageType.OBJECT_PROPERTIES:
        return f"{_api('parse_properties')} ([by kind](objects.md))"
    owner: type[Record] = found(parser).__self__  # type: ignore[attr-defined]
    return _api(owner.__name__)


# Objects.

_OBJECT_TEXT = _prose("""
    What the protocol offers for each kind of object. Sizes are those of one record of a status message, in
    bytes, as the vendor prints them; a panel may send longer ones in extended status, and their end is
    kept. *Filters* are what a walk through the properties can be limited by, *notified* kinds are pushed
    when their status changes. Source: 20P00 §REQUEST OBJECT TYPE CAPACITIES, §REQUEST OBJECT PROPERTIES,
    §OBJECT PROPERTIES, §OBJECT STATUS, §EXTENDED OBJECT STATUS.
""")
_LAYOUT_TEXT = _prose("""
    In the layouts below offset 0 of properties is the byte after the message type, which is the object
    type; offset 0 of a status record is its own first byte. Two-byte numbers have their high byte first.
    Optional fields are all there or all absent.
""")
_SHARED = {
    "index": "The object's number, from 1.",
    "raw_name": "The name as received, ended by a zero.",
    "tail": "What follows, kept as it is.",
}
"""Fields that mean the same in all records."""


def _objects() -> list[str]:
    lines = [
        *_OBJECT_TEXT,
        *table(
            (
                "number",
                "kind",
                "properties",
                "status",
                "extended status",
                "filters",
                "notified",
                "capacity told",
                "since firmware",
            ),
            (_object_row(ObjectType(kind), OBJECT_TYPES[kind]) for kind in sorted(OBJECT_TYPES)),
        ),
        *_LAYOUT_TEXT,
    ]
    for kind in sorted(OBJECT_TYPES):
        properties, status = OBJECT_TYPE_TO_PROPERTIES.get(kind), OBJECT_TYPE_TO_STATUS.get(kind)
        lines += [f"## {_words(ObjectType(kind).name)}", ""]
        if properties is None and status is None:
            lines += ["Neither properties nor status: controllers tell how many they support.", ""]
        for record in (properties, status):
            if record is not None:
                lines += _layout(record)
    return lines


def _words(name: str) -> str:
    return name.capitalize().replace("_", " ")


def _object_row(kind: ObjectType, forms: ObjectForms) -> tuple[str, ...]:
    properties, status = OBJECT_TYPE_TO_PROPERTIES.get(kind), OBJECT_TYPE_TO_STATUS.get(kind)
    filters = ["name"] * forms.properties + ["area"] * forms.area_filter + ["room"] * forms.room_filter
    return (
        str(int(kind)),
        kind.name,
        "" if properties is None else _api(properties.__name__),
        ""
        if forms.status_record is None or status is None
        else f"{_api(status.__name__)} ({forms.status_record})",
        "" if forms.extended_record is None else str(forms.extended_record),
        ", ".join(filters),
        _yes(forms.notified),
        _yes(forms.capacity),
        _version(forms.min_firmware),
    )


def _layout(kind: type[Record]) -> list[str]:
    texts, readers = field_texts(kind), views(kind)
    hints = get_type_hints(kind, include_extras=True)
    rows: list[tuple[str, ...]] = []
    if kind.PREFIX:
        rows.append(("0", str(len(kind.PREFIX)), "", f"object type, {kind.PREFIX[0]}"))
    offset = len(kind.PREFIX)
    for entry in fields(kind):  # type: ignore[arg-type]
        codec = hints[entry.name].__metadata__[0]
        text = [markdown(said)] if (said := texts.get(entry.name) or _SHARED.get(entry.name)) else []
        if entry.name in readers:
            text.append("Read as " + ", ".join(f"`{view}`" for view in readers[entry.name]) + ".")
        if isinstance(codec, Field):
            size = struct.calcsize(codec.format)
            note = ["Optional."] if codec.optional else []
            rows.append((str(offset), str(size), f"`{entry.name}`", " ".join([*note, *text])))
            offset += size
        else:
            rows.append((str(offset), "any", f"`{entry.name}`", " ".join(text)))
    section = source(kind)
    return [
        f"### {kind.__name__}",
        "",
        f"{_api(kind.__name__)}: {markdown(docstring(kind))}",
        "",
        *([] if section in " ".join(docstring(kind).split()) else [f"Source: {section}.", ""]),
        *table(("offset", "size", "field", "meaning"), rows),
    ]


# Commands.

_COMMAND_TEXT = _prose("""
    Every command is carried by a CONTROLLER_COMMAND message (20P00 §CONTROLLER COMMAND; v1: 10P17 §COMMAND
    MESSAGE) with two parameters, of one byte and of two. *Calls* are those of `ClientCalls` that send it;
    `execute_command` sends any. What is not *printed* by the vendor is known from the field only and
    unproven, and has no call. Where a user setting may stand in for a value, callers give a
    `FromUserSetting`.
""")


def _commands() -> list[str]:
    calls = calls_by_command()
    return [
        *_COMMAND_TEXT,
        *table(
            (
                "number",
                "name",
                "what it does",
                "parameter 1",
                "parameter 2",
                "effect",
                "calls",
                "printed",
                "source",
            ),
            (
                (
                    str(int(command)),
                    command.name,
                    info.description,
                    _parameter(str(info.parameter1)),
                    _parameter(str(info.parameter2)),
                    info.effect.value,
                    ", ".join(_api(name) for name in calls.get(command, ())),
                    _yes(info.printed),
                    "; ".join(text for version, text in _COMMAND_SOURCES.items() if version in info.protocols)
                    if info.printed
                    else "not in 20P00",
                )
                for command, info in sorted(COMMANDS.items())
            ),
        ),
        *_audio_keys(),
    ]


def _parameter(text: str) -> str:
    return "" if text.startswith("an unused parameter") else text


def _audio_keys() -> list[str]:
    highest = max(max(keys) for keys in AUDIO_KEYS.values())
    return [
        "## Audio keys",
        "",
        f"What {_api('press_audio_key')} takes, by audio system (20P00 §CONTROLLER COMMAND, audio keys).",
        "",
        *table(
            ("number", *(system.value for system in AUDIO_KEYS)),
            (
                (
                    str(number),
                    *(keys(number).name if number in set(keys) else "" for keys in AUDIO_KEYS.values()),
                )
                for number in range(1, highest + 1)
            ),
        ),
    ]


# Events.

_EVENT_TEXT = _prose("""
    An event is a word of 16 bits, pushed in OTHER_EVENT_NOTIFICATIONS (v2) or read with
    REQUEST_SYSTEM_EVENTS (v1). In a pattern x is any bit; a class takes the words of all its patterns. No
    two classes share a word of one family of controllers; `UnknownEvent` takes what is left. Controllers of
    v2 report alarms, zones, units and arming as [object status](objects.md) instead.
""")
_LOG_TEXT = _prose("""
    What controllers keep of what happened, read with `get_event_log` or `ReadEventRecord` (20P00 §READ
    EVENT RECORD, §EVENT LOG DATA). The *sentence* of an `EventLogData` has what the parameters name where
    it stands in italics here; codes are named by their number, never by their digits.
""")


def _events() -> list[str]:
    return [
        *_EVENT_TEXT,
        "## Families of events",
        "",
        *table(
            ("class", "patterns", "meaning", "protocols", "controllers", "source"),
            (
                (
                    _api(kind.__name__),
                    ", ".join(f"`{_binary(pattern)}`" for pattern in kind.patterns),
                    markdown(docstring(kind)),
                    ", ".join(text for version, text in _VERSIONS.items() if version in kind.protocols),
                    ", ".join(family.value for family in ControllerFamily if family in kind.families),
                    kind.source,
                )
                for kind in EVENT_REGISTRY
            ),
        ),
        "## Fields",
        "",
        "Values stand for the field's bits, counting up from the lowest.",
        "",
        *table(
            ("class", "field", "bits", "values"),
            (
                (_api(kind.__name__), f"`{name}`", _places(bits), _values(kind, bits))
                for kind in EVENT_REGISTRY
                for name, bits in kind.layout.items()
            ),
        ),
        "## The event log",
        "",
        *_LOG_TEXT,
        *table(
            ("number", "name", "parameter 1", "parameter 2", "sentence of an Omni", "sentence of a Lumina"),
            (
                (
                    str(int(kind)),
                    kind.name,
                    _named(info.parameter1),
                    _named(info.parameter2),
                    _sentence(info.omni, info.parameter1, info.parameter2),
                    "not logged"
                    if info.lumina is None
                    else _sentence(info.lumina, info.parameter1, info.parameter2),
                )
                for kind, info in sorted(EVENT_LOG.items())
            ),
        ),
    ]


def _binary(pattern: Pattern) -> str:
    mask, match = pattern
    bits = "".join(str(match >> bit & 1) if mask >> bit & 1 else "x" for bit in reversed(range(_WORD_BITS)))
    return " ".join(textwrap.wrap(bits, 4))


def _places(bits: Bits) -> str:
    highest = bits.mask.bit_length() - 1
    return str(bits.low) if highest == bits.low else f"{bits.low} to {highest}"


def _values(kind: type[SystemEvent], bits: Bits) -> str:
    """Return the values that the field has in words of the event."""
    possible = [
        value
        for number, value in enumerate(bits.values)
        if any((number << bits.low ^ match) & mask & bits.mask == 0 for mask, match in kind.patterns)
    ]
    if all(type(value) is int for value in possible):
        return f"{possible[0]} to {possible[-1]}"
    return ", ".join(value.name if isinstance(value, IntEnum) else str(value) for value in possible)


def _named(reads: Callable[[int], str] | None) -> str:
    return "" if reads is None else reads.__name__.strip("_").removesuffix("_title")


def _sentence(
    form: str, parameter1: Callable[[int], str] | None, parameter2: Callable[[int], str] | None
) -> str:
    return form.format(f"*{_named(parameter1)}*", f"*{_named(parameter2)}*")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file_name, text_of_page in pages().items():
        (FOLDER / file_name).write_text(text_of_page, encoding="utf-8")

"""Write the emulated panel's page of the reference from its own tables: ``python docs/panel_tables.py``."""

from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from protocol_tables import markdown, table
from source_texts import docstring, member_texts

from omnilink_sansio.objects import ObjectType, SecurityMode, ZoneType
from omnilink_sansio.simulator import FAULT_FORMS, MODELS, STIMULI, FaultKind, Quirk
from omnilink_sansio.simulator.zone_alarms import ZONE_ALARMS, ZoneAlarm

FOLDER = Path(__file__).with_name("reference")

_HEAD = "Written by `docs/panel_tables.py` from the tables of the library; a test keeps this page in step."
_WITHOUT_CAPACITY = (ObjectType.ACCESS_CONTROL_READER_LOCK,)


def pages() -> dict[str, str]:
    """Return the page by its file name."""
    return {"emulated-panel.md": "\n".join(_lines()).rstrip("\n") + "\n"}


def _lines() -> Iterator[str]:
    yield from ("# The emulated panel", "", _HEAD, "")
    yield from ("## Models", "", *_models())
    yield from ("## Oddities of real panels", "", *_members(Quirk))
    yield from ("## Zones and their alarms", "", *_zones())
    yield from ("## What can happen", "", *_stimuli())
    yield from (
        "## Faults",
        "",
        *_members(FaultKind),
        "As they are written:",
        "",
        "```text",
        *FAULT_FORMS,
        "```",
    )


def _words(member: Enum) -> str:
    return member.name.lower().replace("_", " ")


def _models() -> list[str]:
    kinds = [kind for kind in ObjectType if kind not in _WITHOUT_CAPACITY]
    rows = [[_words(kind), *(str(facts.capacities[kind]) for facts in MODELS.values())] for kind in kinds]
    rows += [
        ["units that are outputs", *(_span(facts.outputs) for facts in MODELS.values())],
        ["units that are flags", *(_span(facts.flags) for facts in MODELS.values())],
        ["events in the log", *(str(facts.event_log) for facts in MODELS.values())],
    ]
    return table(["", *(model.title for model in MODELS)], rows)


def _span(numbers: range) -> str:
    return f"{numbers[0]}-{numbers[-1]}" if numbers else "none"


def _members(kind: type[Enum]) -> list[str]:
    texts = member_texts(kind)
    return table(["name", "what"], [[f"`{member.value}`", markdown(texts[member.name])] for member in kind])


def _zones() -> list[str]:
    rows = [
        [_words(kind), _words(row.alarm), _modes(row), _remarks(row)] for kind, row in ZONE_ALARMS.items()
    ]
    rows += [[_words(kind), "none", "", ""] for kind in ZoneType if kind not in ZONE_ALARMS]
    return table(["type", "alarm", "when its area is", "besides"], rows)


def _modes(row: ZoneAlarm) -> str:
    if row.is_24_hour:
        return "armed or off"
    armed = set(SecurityMode) - {SecurityMode.OFF}
    return "armed" if row.modes == armed else ", ".join(_words(mode) for mode in sorted(row.modes))


def _remarks(row: ZoneAlarm) -> str:
    remarks = []
    if row.entry_delays:
        remarks.append("after the entry delay" + (f" x {row.entry_delays}" if row.entry_delays > 1 else ""))
    if row.waits_for_entry:
        remarks.append("not while an entry delay runs")
    if row.latches:
        remarks.append("stays not ready until the alarm is reset")
    return ", ".join(remarks)


def _stimuli() -> list[str]:
    return table(["line", "what"], [[f"`{kind.FORM}`", markdown(docstring(kind))] for kind in STIMULI])


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")

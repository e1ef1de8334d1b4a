"""What counts as a change of an object's state, field by field, for every kind of object."""

from dataclasses import fields

from omnilink_sansio.objects import OBJECT_TYPES, ObjectStatusRecord, ObjectType
from tests.rows import each_row

KINDS = sorted(
    {kind for kind in ObjectStatusRecord.__subclasses__() if hasattr(kind, "OBJECT_TYPE")},
    key=lambda kind: kind.__name__,
)


def a_record(kind: type[ObjectStatusRecord], value: int = 1) -> ObjectStatusRecord:
    """Return a record with every field told."""
    values = {
        entry.name: bytes((value,))
        if entry.type in ("Tail", "bytes") or "bytes" in str(entry.type)
        else value
        for entry in fields(kind)  # type: ignore[arg-type]
    }
    return kind(**values)


def with_field(record: ObjectStatusRecord, name: str, value: object) -> ObjectStatusRecord:
    """Return a record with one field changed."""
    values = {entry.name: getattr(record, entry.name) for entry in fields(record)}  # type: ignore[arg-type]
    return type(record)(**{**values, name: value})


OPTIONAL = [
    (kind, entry.name)
    for kind in KINDS
    for entry in fields(kind)  # type: ignore[arg-type]
    if entry.default in (None, b"")
]
"""What a shorter record does not tell."""

CASES = [
    (kind, entry.name)
    for kind in KINDS
    for entry in fields(kind)  # type: ignore[arg-type]
]


def test_every_kind_whose_changes_are_told_is_here() -> None:
    assert {kind.OBJECT_TYPE for kind in KINDS} >= {
        kind for kind in ObjectType if OBJECT_TYPES[kind].notified
    }


@each_row("kind", KINDS)
def test_a_state_is_the_same_as_itself_and_as_its_copy(kind: type[ObjectStatusRecord]) -> None:
    record = a_record(kind)
    assert record.same_state(record)
    assert record.same_state(a_record(kind))


@each_row(("kind", "name"), CASES)
def test_each_field_counts_but_for_readings_and_how_long_timers_run(
    kind: type[ObjectStatusRecord], name: str
) -> None:
    record = a_record(kind, 1)
    changed = with_field(record, name, getattr(a_record(kind, 2), name))
    counts_not = name in kind.READINGS | kind.TIMERS
    assert record.same_state(changed) is counts_not
    assert changed.same_state(record) is counts_not


@each_row(("kind", "name"), [case for case in CASES if case[1] in case[0].TIMERS])
def test_of_a_timer_it_counts_whether_it_runs(kind: type[ObjectStatusRecord], name: str) -> None:
    record = a_record(kind)
    stopped = with_field(record, name, 0)
    assert not record.same_state(stopped)
    assert not stopped.same_state(record)


@each_row(("kind", "name"), OPTIONAL)
def test_what_a_shorter_record_does_not_tell_is_no_change(kind: type[ObjectStatusRecord], name: str) -> None:
    record = a_record(kind)
    (default,) = [entry.default for entry in fields(kind) if entry.name == name]  # type: ignore[arg-type]
    shorter = with_field(record, name, default)
    assert shorter.same_state(record)
    assert record.same_state(shorter)


def test_records_of_different_kinds_are_never_the_same() -> None:
    for one in KINDS:
        for other in KINDS:
            assert a_record(one).same_state(a_record(other)) is (one is other)

"""Plans of faults: their text, what they refuse, and that a seed makes a run."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import LocalProtocolError
from omnilink_sansio.simulator import FAULT_FORMS, FaultKind, FaultPlan, PlannedFault
from omnilink_sansio.simulator.faults.fault_plan import FaultSchedule
from omnilink_sansio.wire.packet import Direction
from tests.rows import each_row

BOTH_WAYS = (FaultKind.DROP, FaultKind.DELAY, FaultKind.DUPLICATE, FaultKind.REORDER, FaultKind.CORRUPT)
TAKES_BY = (FaultKind.DELAY, FaultKind.REORDER, FaultKind.SPLIT, FaultKind.JOIN)

_SECONDS = st.floats(0, 1e9)
_POSITIVE = st.floats(0, 1e9, exclude_min=True)
_PERCENT = st.floats(0, 100, exclude_min=True)


@st.composite
def faults(draw: st.DrawFn) -> PlannedFault:
    kind = draw(st.sampled_from(FaultKind))
    ways = [Direction.TO_CLIENT, Direction.TO_CONTROLLER] if kind in BOTH_WAYS else [Direction.TO_CLIENT]
    direction = draw(st.sampled_from(ways))
    by = draw(st.none() | _POSITIVE) if kind in TAKES_BY else None
    if kind is FaultKind.SILENT:
        percent, at = draw(st.one_of(st.tuples(_PERCENT, st.none()), st.tuples(st.none(), _SECONDS)))
        return PlannedFault(kind, percent, at, draw(_POSITIVE))
    at = draw(st.none() | _SECONDS)
    lasting = None if at is None else draw(st.none() | _POSITIVE)
    return PlannedFault(kind, draw(st.none() | _PERCENT), at, lasting, by, direction)


plans = st.builds(FaultPlan, st.lists(faults(), max_size=8).map(tuple), st.integers())


@given(plans)
def test_the_text_of_a_plan_is_read_as_the_same_plan(plan: FaultPlan) -> None:
    assert FaultPlan.parse(str(plan), plan.seed) == plan


def test_a_plan_reads_as_people_write_it() -> None:
    text = (
        "drop 5%; delay 10% by 0.5; silent at 30 for 10;reboot at 60 ; wrong-crc at 12; no-repeats; "
        "Duplicate 100% AT 3 for 4 to panel; corrupt to client"
    )
    assert FaultPlan.parse(text, 7) == FaultPlan(
        (
            PlannedFault(FaultKind.DROP, percent=5),
            PlannedFault(FaultKind.DELAY, percent=10, by=0.5),
            PlannedFault(FaultKind.SILENT, at=30, lasting=10),
            PlannedFault(FaultKind.REBOOT, at=60),
            PlannedFault(FaultKind.WRONG_CRC, at=12),
            PlannedFault(FaultKind.NO_REPEATS),
            PlannedFault(
                FaultKind.DUPLICATE, percent=100, at=3, lasting=4, direction=Direction.TO_CONTROLLER
            ),
            PlannedFault(FaultKind.CORRUPT),
        ),
        7,
    )


def test_the_order_of_the_options_does_not_matter() -> None:
    one = FaultPlan.parse("delay 10% at 3 for 4 by 2 to panel")
    assert FaultPlan.parse("delay to panel by 2 for 4 at 3 10%") == one
    assert str(one) == "delay 10% at 3 for 4 by 2 to panel"


@pytest.mark.parametrize("text", ["", " ", ";", " ; ;"])
def test_nothing_is_an_empty_plan(text: str) -> None:
    assert FaultPlan.parse(text) == FaultPlan()


@each_row(
    ("text", "said"),
    [
        ("drip 5%", "there is no fault 'drip'"),
        ("drop 5% today", "'today' has no meaning here"),
        ("drop five%", "'five' cannot be read after 'five%'"),
        ("drop at noon", "'noon' cannot be read after 'at'"),
        ("drop at", "nothing follows 'at'"),
        ("drop at 3 at 4", "'at' says again"),
        ("drop 3% 4%", "'4%' says again"),
        ("drop to house", "'house' cannot be read after 'to'"),
    ],
)
def test_what_cannot_be_read_is_said_with_all_the_forms(text: str, said: str) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        FaultPlan.parse(f"reboot at 3; {text}; drop 4%")
    assert f"in the fault {text!r}: " in str(caught.value)
    assert said in str(caught.value)
    assert all(form in str(caught.value) for form in FAULT_FORMS)


@each_row(
    ("text", "said"),
    [
        ("drop 0%", "P% is above 0 and up to 100"),
        ("drop 100.5%", "P% is above 0"),
        ("drop nan%", "P% is above 0"),
        ("drop at -1", "at takes 0 seconds or more"),
        ("drop at inf", "at takes 0 seconds or more"),
        ("drop at 3 for 0", "for takes seconds above 0"),
        ("drop at 3 by 1", "it takes no by"),
        ("delay by 0", "by takes seconds above 0"),
        ("drop for 3", "for needs at"),
        ("silent at 3", "it takes either P% or at, and for"),
        ("silent 3%", "it takes either P% or at, and for"),
        ("silent for 3", "it takes either P% or at, and for"),
        ("silent 3% at 3 for 3", "it takes either P% or at, and for"),
        ("split to panel", "it happens to what goes to a client"),
        ("reboot at 3 to panel", "it happens to what goes to a client"),
    ],
)
def test_what_a_fault_does_not_take_is_said_with_its_form(text: str, said: str) -> None:
    kind = text.split()[0]
    (form,) = [form for form in FAULT_FORMS if form.startswith(f"{kind} ")]
    with pytest.raises(LocalProtocolError) as caught:
        FaultPlan.parse(text)
    assert f"in the fault {text!r}: {kind}: {said}" in str(caught.value)
    assert form in str(caught.value)


def test_every_kind_has_one_form_that_says_what_it_takes() -> None:
    assert sorted(form.split()[0] for form in FAULT_FORMS) == sorted(FaultKind)
    assert {form.split()[0] for form in FAULT_FORMS if "by D" in form} == set(TAKES_BY)
    assert {form.split()[0] for form in FAULT_FORMS if "to panel" in form} == set(BOTH_WAYS)
    assert all(len(form) <= 110 and "\n" not in form for form in FAULT_FORMS)


def test_a_fault_of_one_direction_cannot_be_planned_for_both() -> None:
    with pytest.raises(LocalProtocolError, match="happens to what goes"):
        PlannedFault(FaultKind.DROP, direction=Direction.BOTH)


# When they strike.


def _struck(schedule: FaultSchedule, kind: FaultKind, moments: list[float]) -> list[float]:
    return [now for now in moments if schedule.strike(kind, now) is not None]


def _begun(text: str, seed: int = 0) -> FaultSchedule:
    schedule = FaultSchedule(FaultPlan.parse(text, seed))
    schedule.begin(100)
    schedule.begin(105)
    return schedule


@each_row(
    ("text", "struck"),
    [
        ("drop", [100, 103, 104, 107, 108]),
        ("drop 100%", [100, 103, 104, 107, 108]),
        ("drop at 3", [103]),
        ("drop at 3.5", [104]),
        ("drop at 0", [100]),
        ("drop at 3; drop at 3", [103, 104]),
        ("drop at 3; drop at 7", [103, 107]),
        ("drop at 3; drop at 4 for 4", [103, 104, 107]),
        ("drop at 3 for 5", [103, 104, 107]),
        ("drop 100% at 3 for 5", [103, 104, 107]),
        ("drop 100% at 4", [104, 107, 108]),
        ("drop at 50", []),
        ("delay", []),
        ("drop to panel", []),
    ],
)
def test_times_count_from_the_first_input(text: str, struck: list[float]) -> None:
    assert _struck(_begun(text), FaultKind.DROP, [100, 103, 104, 107, 108]) == struck


def test_chances_are_about_what_was_asked_for() -> None:
    moments = [float(moment) for moment in range(100, 2100)]
    assert 150 < len(_struck(_begun("drop 10%"), FaultKind.DROP, moments)) < 250
    assert len(_struck(_begun("drop 0.1%"), FaultKind.DROP, moments)) < 20
    assert len(_struck(_begun("drop 10%; drop 10%"), FaultKind.DROP, moments)) > 300


def test_a_seed_makes_the_draws_and_another_fault_does_not_shift_them() -> None:
    moments = [float(moment) for moment in range(100, 300)]
    draws = _struck(_begun("drop 10%", 3), FaultKind.DROP, moments)
    assert draws == _struck(_begun("drop 10%", 3), FaultKind.DROP, moments)
    assert draws == _struck(
        _begun("delay 50%; reboot at 3; drop 10%; drop to panel", 3), FaultKind.DROP, moments
    )
    assert draws != _struck(_begun("drop 10%", 4), FaultKind.DROP, moments)
    other = _begun("delay 10%", 3)
    assert draws != _struck(other, FaultKind.DELAY, moments)


def test_what_happens_by_itself_is_due_in_the_order_of_time() -> None:
    acts = "reboot at 9; terminate at 3; terminate at 20"
    schedule = FaultSchedule(FaultPlan.parse(f"{acts}; reboot 5%; terminate at 4 for 5; drop at 1"))
    assert schedule.next_act() is None
    schedule.begin(100)
    assert schedule.next_act() == 103
    assert schedule.take_act(102.9) is None
    assert schedule.take_act(115) is FaultKind.TERMINATE
    assert schedule.take_act(115) is FaultKind.REBOOT
    assert schedule.take_act(115) is None
    assert schedule.next_act() == 120
    assert schedule.take_act(120) is FaultKind.TERMINATE
    assert schedule.next_act() is None


@given(plans, st.lists(st.floats(0, 1e9), max_size=20))
def test_no_moment_is_missed_by_a_rounding(plan: FaultPlan, moments: list[float]) -> None:
    schedule = FaultSchedule(plan)
    schedule.begin(1e6 / 3)
    acts = sum(fault.acts for fault in plan.faults)
    for _ in range(acts):
        due = schedule.next_act()
        assert due is not None
        assert schedule.take_act(math.nextafter(due, -math.inf)) is None
        assert schedule.take_act(due) is not None
    assert schedule.next_act() is None
    assert all(schedule.take_act(moment) is None for moment in moments)

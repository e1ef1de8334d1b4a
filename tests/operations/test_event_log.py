"""The event log: read back from its newest event, whatever the controller answers, with the years worked out."""

from datetime import datetime, timedelta
from itertools import pairwise

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
from omnilink_sansio.event_log import EventLogData, EventLogType, ReadEventRecord
from omnilink_sansio.operations import LoggedEvent, get_event_log, with_years
from omnilink_sansio.simulator import House
from omnilink_sansio.system import EndOfData, Nak, RequestSystemStatus, SystemStatus
from tests.operations.scripted import (
    Panel,
    ScriptLine,
    closes_at_each_step,
    errors_at_each_step,
    follow,
    run,
    run_on_house,
)
from tests.rows import each_row
from tests.simulator.driver import Driver

NOW = datetime(2026, 11, 21, 8, 0)  # noqa: DTZ001 - a controller's clock knows no zone


def at(text: str) -> datetime:
    """A date and time without a zone, as a controller has them."""
    return datetime.fromisoformat(text)


def status(clock: datetime | None = NOW) -> SystemStatus:
    if clock is None:
        return SystemStatus(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    return SystemStatus(
        1,
        clock.year - 2000,
        clock.month,
        clock.day,
        clock.isoweekday(),
        clock.hour,
        clock.minute,
        clock.second,
        0,
        6,
        41,
        17,
        8,
        200,
    )


def event(number: int, day: str = "11-20 12:00", valid: int = 1) -> EventLogData:
    """An event of the log; its day is that of a year that the log does not tell."""
    month, rest = day.split("-")
    date, clock = rest.split(" ")
    hour, minute = clock.split(":")
    return EventLogData(
        number, valid, int(month), int(date), int(hour), int(minute), EventLogType.SYSTEM_RESET, 0, 0
    )


def panel_with(numbers: list[int]) -> Panel:
    """A panel whose log has events of these numbers, newest first."""

    def panel(request: Request[object]) -> Message:
        if isinstance(request, RequestSystemStatus):
            return status().to_message()
        assert isinstance(request, ReadEventRecord)
        assert request.direction == -1
        place = 0 if request.number == 0 else numbers.index(request.number) + 1
        found = event(numbers[place]) if place < len(numbers) else EndOfData()
        return found.to_message()

    return panel


def numbers_of(events: list[LoggedEvent]) -> list[int]:
    return [item.record.number for item in events]


# The walk back.


def test_the_log_is_read_back_from_the_newest_event() -> None:
    events = follow(
        get_event_log(),
        [
            (RequestSystemStatus(), status()),
            (ReadEventRecord(0, -1), event(12)),
            (ReadEventRecord(12, -1), event(11)),
            (ReadEventRecord(11, -1), EndOfData()),
        ],
    )
    assert [item.record for item in events] == [event(12), event(11)]


def test_an_empty_log_is_no_error() -> None:
    log = follow(get_event_log(), [(RequestSystemStatus(), status()), (ReadEventRecord(0, -1), EndOfData())])
    assert log == []


def test_the_numbers_go_over_from_1_to_65535_on_the_way_back() -> None:
    numbers = [3, 2, 1, 65535, 65534]
    assert numbers_of(run(get_event_log(), panel_with(numbers))) == numbers


@given(newest=st.integers(1, 65535), count=st.integers(1, 60))
def test_a_log_is_read_whole_wherever_its_numbers_stand(newest: int, count: int) -> None:
    numbers = [(newest - 1 - back) % 65535 + 1 for back in range(count)]
    asked: list[Request[object]] = []
    assert numbers_of(run(get_event_log(), panel_with(numbers), asked)) == numbers
    # The clock, the events, and the end.
    assert len(asked) == count + 2


def test_numbers_may_be_left_out() -> None:
    assert numbers_of(run(get_event_log(), panel_with([900, 7, 65000]))) == [900, 7, 65000]


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_a_limit_reads_the_newest_events_and_asks_for_no_more(limit: int) -> None:
    asked: list[Request[object]] = []
    events = run(get_event_log(limit), panel_with([9, 8, 7]), asked)
    assert numbers_of(events) == [9, 8, 7][:limit]
    assert len(asked) == 1 + min(limit, 4)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_of_no_events_is_the_callers_mistake(limit: int) -> None:
    with pytest.raises(LocalProtocolError, match="1 or more"):
        follow(get_event_log(limit), [])


def test_a_logged_event_reads_as_its_record_does() -> None:
    logged = LoggedEvent(event(1), None)
    assert logged.sentence() == "system reset"


@each_row(
    "numbers",
    [
        [0],
        [5, 5],
        [5, 6, 5],
        [5, 4, 0],
        [5, 4, 5],
        [5, 4, 4],
        [2, 1, 65535, 2],
        [2, 1, 65535, 3, 2],
    ],
    ids=str,
)
def test_numbers_that_do_not_lead_back_are_refused(numbers: list[int]) -> None:
    script: list[ScriptLine] = [(RequestSystemStatus(), status())]
    before = 0
    for number in numbers:
        script.append((ReadEventRecord(before, -1), event(number)))
        before = number
    with pytest.raises(RemoteProtocolError, match=f"answered with event {numbers[-1]};") as caught:
        follow(get_event_log(), script)
    assert caught.value.fault is Fault.UNEXPECTED_REPLY


@pytest.mark.parametrize("turns", [(65535, 0), (1, 65535), (7, 6), (40000, 20000, 60000)])
def test_a_log_that_goes_in_circles_is_left_with_an_error(turns: tuple[int, ...]) -> None:
    asked: list[Request[object]] = []

    def panel(request: Request[object]) -> Message:
        if isinstance(request, RequestSystemStatus):
            return status().to_message()
        return event(turns[(len(asked) - 2) % len(turns)]).to_message()

    with pytest.raises(RemoteProtocolError):
        run(get_event_log(), panel, asked, most=10)


@given(numbers=st.lists(st.integers(0, 65535) | st.sampled_from([0, 1, 2, 65534, 65535]), max_size=30))
def test_whatever_numbers_come_no_event_is_told_twice(numbers: list[int]) -> None:
    answers = iter(numbers)

    def panel(request: Request[object]) -> Message:
        if isinstance(request, RequestSystemStatus):
            return status().to_message()
        number = next(answers, None)
        return EndOfData().to_message() if number is None else event(number).to_message()

    try:
        told = numbers_of(run(get_event_log(), panel))
    except RemoteProtocolError:
        pass
    else:
        assert told == numbers
        assert len(set(told)) == len(told)
        assert 0 not in told
        # Between the newest and the next newer number the way back passes the end of the numbers once at most.
        rising = [here for before, here in pairwise(told) if here > before]
        assert len(rising) <= 1


def test_a_refusal_anywhere_is_told() -> None:
    with pytest.raises(CommandFailedError):
        follow(get_event_log(), [(RequestSystemStatus(), status()), (ReadEventRecord(0, -1), Nak())])


@pytest.mark.parametrize(
    "error", [RequestTimeoutError("ReadEventRecord", 5.0, 1), OmniConnectionError("lost")]
)
def test_an_error_at_any_step_comes_out_and_no_part_of_the_log(error: OmniLinkError) -> None:
    outcomes = errors_at_each_step(get_event_log, panel_with([2, 1]), error)
    assert outcomes == [error] * 4


def test_reading_the_log_can_be_given_up_at_each_step() -> None:
    assert closes_at_each_step(get_event_log, panel_with([2, 1])) == 4


def test_the_log_of_an_emulated_panel_comes_back_newest_first() -> None:
    house = House(clock=at("2026-01-01T00:10"))
    driver = Driver(house)
    driver.connect()
    # The clock shows 00:10; what was written before midnight was last year's.
    house.log.extend([event(65535, "12-31 23:50"), event(1, "01-01 00:05")])
    assert run_on_house(get_event_log(), driver) == [
        LoggedEvent(event(1, "01-01 00:05"), at("2026-01-01T00:05")),
        LoggedEvent(event(65535, "12-31 23:50"), at("2025-12-31T23:50")),
    ]


# The years.


def years(clock: datetime | None, *days: str) -> list[datetime | None]:
    """The times of events, newest first; a day with a question mark has no valid time."""
    records = [
        event(len(days) - place, day.strip("?"), valid=0 if day.startswith("?") else 1)
        for place, day in enumerate(days)
    ]
    events = with_years(records, clock)
    assert [item.record for item in events] == records
    return [item.when for item in events]


@each_row(
    ("clock", "days", "times"),
    [
        # One year.
        ("2026-11-21T08:00", ["11-21 07:59", "03-01 00:00"], ["2026-11-21T07:59", "2026-03-01T00:00"]),
        # In the minute of the clock.
        ("2026-11-21T08:00:59", ["11-21 08:00"], ["2026-11-21T08:00"]),
        # Over New Year's Eve.
        ("2026-01-02T08:00", ["01-01 00:00", "12-31 23:59"], ["2026-01-01T00:00", "2025-12-31T23:59"]),
        # Later in the year than it is now: last year's.
        ("2026-03-01T08:00", ["11-21 08:00"], ["2025-11-21T08:00"]),
        # Several years: each step backwards in the calendar that would be forwards is a year.
        (
            "2026-06-01T00:00",
            ["05-01 00:00", "07-01 00:00", "02-01 00:00", "08-01 00:00", "09-01 00:00"],
            [
                "2026-05-01T00:00",
                "2025-07-01T00:00",
                "2025-02-01T00:00",
                "2024-08-01T00:00",
                "2023-09-01T00:00",
            ],
        ),
        # 29 February is the latest one that there was.
        ("2026-11-21T08:00", ["02-29 12:00"], ["2024-02-29T12:00"]),
        ("2024-02-29T12:01", ["02-29 12:00"], ["2024-02-29T12:00"]),
        ("2028-02-28T12:00", ["01-05 00:00", "02-29 12:00"], ["2028-01-05T00:00", "2024-02-29T12:00"]),
        (
            "2026-03-05T00:00",
            ["03-01 00:00", "02-29 12:00", "02-28 12:00"],
            ["2026-03-01T00:00", "2024-02-29T12:00", "2024-02-28T12:00"],
        ),
        # The clock was set back by an hour: what happened in the hour before does not cost a year.
        (
            "2026-10-25T02:10",
            ["10-25 02:05", "10-25 02:50", "10-25 01:55"],
            ["2026-10-25T02:05", "2026-10-25T02:50", "2026-10-25T01:55"],
        ),
        ("2026-10-25T02:10", ["10-25 02:50"], ["2026-10-25T02:50"]),
        # Up to an hour, and no more.
        ("2026-10-25T02:10", ["10-25 03:10"], ["2026-10-25T03:10"]),
        ("2026-10-25T02:10", ["10-25 03:11"], ["2025-10-25T03:11"]),
        # The hour is for one step each: it does not add up on the way back.
        (
            "2026-10-25T02:10",
            ["10-25 03:00", "10-25 03:10", "10-25 03:20"],
            ["2026-10-25T03:00", "2026-10-25T03:10", "2025-10-25T03:20"],
        ),
        # Over New Year too: at 00:30 the clock was set back to 23:30.
        (
            "2025-12-31T23:40",
            ["12-31 23:35", "01-01 00:25", "12-31 22:00"],
            ["2025-12-31T23:35", "2026-01-01T00:25", "2025-12-31T22:00"],
        ),
    ],
)
def test_each_event_is_the_latest_that_its_day_allows(clock: str, days: list[str], times: list[str]) -> None:
    assert years(at(clock), *days) == [at(time) for time in times]


def test_events_without_a_valid_time_have_none_and_do_not_disturb_the_others() -> None:
    assert years(NOW, "11-20 12:00", "?12-24 00:00", "?00-00 00:00", "11-19 12:00") == [
        at("2026-11-20T12:00"),
        None,
        None,
        at("2026-11-19T12:00"),
    ]


@pytest.mark.parametrize(
    "day", ["02-30 00:00", "00-10 00:00", "13-01 00:00", "04-31 00:00", "01-01 24:00", "01-01 00:60"]
)
def test_days_and_times_that_are_none_have_no_date(day: str) -> None:
    assert years(NOW, "11-20 12:00", day, "11-19 12:00") == [
        at("2026-11-20T12:00"),
        None,
        at("2026-11-19T12:00"),
    ]


def test_without_a_clock_there_are_no_times() -> None:
    assert years(None, "11-20 12:00", "01-01 00:00") == [None, None]


@pytest.mark.parametrize(
    "clock",
    [status(None), SystemStatus(1, 26, 2, 30, 1, 8, 0, 0, 0, 6, 41, 17, 8, 200)],
    ids=["never set", "none"],
)
def test_a_controller_that_does_not_know_the_time_still_has_a_log(clock: SystemStatus) -> None:
    events = follow(
        get_event_log(),
        [
            (RequestSystemStatus(), clock),
            (ReadEventRecord(0, -1), event(3)),
            (ReadEventRecord(3, -1), EndOfData()),
        ],
    )
    assert events == [LoggedEvent(event(3), None)]


def test_no_events_have_no_times() -> None:
    assert with_years([], NOW) == []


MOMENTS = st.datetimes(at("2001-01-01T00:00"), at("2099-12-31T23:59"))
GAPS = st.lists(st.integers(0, 360 * 24 * 60), max_size=25)


@given(clock=MOMENTS, minutes=GAPS)
def test_years_are_found_again_when_no_gap_is_nearly_a_year(clock: datetime, minutes: list[int]) -> None:
    # 29 February excepted, gaps of up to 360 days tell the year. Whatever the years, the days are true.
    moments = []
    when = clock.replace(second=0, microsecond=0)
    for gap in minutes:
        when -= timedelta(minutes=gap)
        if when.year < 2000:
            break
        moments.append(when)
    records = [
        EventLogData(place + 1, 1, when.month, when.day, when.hour, when.minute, 137, 0, 0)
        for place, when in enumerate(moments)
    ]
    assert [item.when for item in with_years(records, clock)] == moments


@given(clock=st.none() | MOMENTS, fields=st.lists(st.tuples(*[st.integers(0, 255)] * 5), max_size=20))
def test_any_bytes_of_time_are_worked_out_without_an_error(
    clock: datetime | None, fields: list[tuple[int, int, int, int, int]]
) -> None:
    records = [EventLogData(place + 1, *time, 137, 0, 0) for place, time in enumerate(fields)]
    events = with_years(records, clock)
    assert [item.record for item in events] == records
    limit = clock
    for item in events:
        if item.when is not None:
            assert limit is not None
            assert item.when <= limit + timedelta(days=1)
            assert (item.when.month, item.when.day) == (item.record.month, item.record.day)
            assert item.record.time_valid
            limit = item.when

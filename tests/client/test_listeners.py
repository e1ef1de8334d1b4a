"""Those who hear what comes: in which order they are told, how it ends, and what one that fails does."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import EndReason, LocalProtocolError, OmniConnectionError
from omnilink_sansio.client import (
    EVENT_QUEUE_LIMIT,
    CallbackListener,
    ConnectionLost,
    EventsLost,
    Listeners,
    QueuedListener,
    Subscriber,
    plain_function,
)

LOST = OmniConnectionError("lost", EndReason.LOST)


class Reports:
    """Stands for a log."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, text: str, *arguments: object) -> None:
        self.texts.append(text % arguments)


def twice(item: int) -> tuple[int, int]:
    return item, item


def refused(item: int) -> tuple[int]:
    raise ValueError(item)


def silent() -> None:
    """Wake nobody."""


def recorder(name: str, into: list[tuple[str, object]]) -> CallbackListener[int]:
    return CallbackListener(lambda item: into.append((name, item)), lambda error: into.append((name, error)))


def test_everyone_is_told_in_the_order_in_which_they_came_and_then_of_the_end() -> None:
    told: list[tuple[str, object]] = []
    listeners: Listeners[int] = Listeners()
    for name in "abc":
        listeners.add(recorder(name, told))
    listeners.put(1)
    listeners.end(LOST)
    assert told == [(name, what) for what in (1, LOST) for name in "abc"]
    # They are forgotten.
    listeners.put(2)
    listeners.end(None)
    assert len(told) == 6


@pytest.mark.parametrize("error", [None, LOST])
def test_who_comes_after_the_end_is_told_of_it_at_once(error: OmniConnectionError | None) -> None:
    told: list[tuple[str, object]] = []
    listeners: Listeners[int] = Listeners()
    listeners.end(error)
    leave = listeners.add(recorder("late", told))
    assert told == [("late", error)]
    listeners.put(1)
    leave()
    assert len(told) == 1


def test_leaving_may_be_done_twice_and_removes_only_oneself() -> None:
    told: list[tuple[str, object]] = []
    listeners: Listeners[int] = Listeners()
    leave = listeners.add(recorder("gone", told))
    listeners.add(recorder("stays", told))
    leave()
    leave()
    listeners.put(1)
    listeners.end(None)
    leave()
    assert told == [("stays", 1), ("stays", None)]


def test_one_who_comes_while_something_is_told_hears_the_next() -> None:
    told: list[tuple[str, object]] = []
    listeners: Listeners[int] = Listeners()

    def bring(item: int) -> None:
        if item == 1:
            listeners.add(recorder("new", told))

    listeners.add(CallbackListener(bring, lambda _: None))
    listeners.put(1)
    listeners.put(2)
    assert told == [("new", 2)]


def test_one_who_comes_while_the_end_is_told_is_told_too() -> None:
    told: list[tuple[str, object]] = []
    listeners: Listeners[int] = Listeners()

    def one_comes(_lost: object) -> None:
        listeners.add(recorder("new", told))

    listeners.add(CallbackListener(lambda _: None, one_comes))
    listeners.end(LOST)
    assert told == [("new", LOST)]


def test_one_who_leaves_while_something_is_told_keeps_nobody_from_hearing_it() -> None:
    told: list[tuple[str, object]] = []
    listeners: Listeners[int] = Listeners()
    leaves: list[Callable[[], None]] = []
    leaves.append(listeners.add(CallbackListener(lambda _: leaves[0](), lambda _: None)))
    listeners.add(recorder("next", told))
    listeners.put(1)
    listeners.put(2)
    assert told == [("next", 1), ("next", 2)]


# Queues.


def test_a_queue_keeps_what_is_told_until_it_is_fetched_and_wakes_for_each() -> None:
    woken: list[int] = []
    queue: QueuedListener[int, int] = QueuedListener(twice, lambda: woken.append(1), Reports())
    assert queue.get() is None
    queue.put(1)
    queue.put(2)
    assert len(woken) == 2
    assert [queue.get() for _ in range(5)] == [1, 1, 2, 2, None]


def test_what_is_kept_comes_before_the_error_of_the_end_which_comes_to_everyone_who_asks() -> None:
    queue: QueuedListener[int, int] = QueuedListener(twice, silent, Reports())
    queue.put(1)
    queue.end(LOST)
    assert queue.has_ended
    assert [queue.get(), queue.get()] == [1, 1]
    raised = []
    for _ in range(2):
        with pytest.raises(OmniConnectionError) as caught:
            queue.get()
        raised.append(caught.value)
    # A copy each: tracebacks do not pile up on one error that several threads raise.
    assert raised[0] is not raised[1]
    assert {error.end for error in raised} == {EndReason.LOST}
    assert all(error.__cause__ is LOST for error in raised)


def test_an_end_that_was_asked_for_is_no_error() -> None:
    queue: QueuedListener[int, int] = QueuedListener(twice, silent, Reports())
    queue.put(1)
    queue.end(None)
    assert [queue.get() for _ in range(3)] == [1, 1, None]


def test_the_first_end_counts() -> None:
    closed: QueuedListener[int, int] = QueuedListener(twice, silent, Reports())
    closed.end(None)
    closed.end(LOST)
    assert closed.get() is None
    lost: QueuedListener[int, int] = QueuedListener(twice, silent, Reports())
    lost.end(LOST)
    lost.end(None)
    with pytest.raises(OmniConnectionError):
        lost.get()


def test_an_end_wakes_who_waits() -> None:
    woken: list[int] = []
    queue: QueuedListener[int, int] = QueuedListener(twice, lambda: woken.append(1), Reports())
    queue.end(LOST)
    assert woken == [1]


def test_what_cannot_be_read_is_reported_and_the_next_is_kept() -> None:
    reports = Reports()
    queue: QueuedListener[int, int] = QueuedListener(
        lambda item: refused(item) if item == 1 else (item,), silent, reports
    )
    queue.put(1)
    queue.put(2)
    assert [queue.get(), queue.get()] == [2, None]
    assert reports.texts == ["what an iterator is for failed to read 1"]


@given(st.integers(0, 3 * EVENT_QUEUE_LIMIT))
def test_the_newest_are_kept_and_the_number_of_the_others_told(count: int) -> None:
    queue: QueuedListener[int, int] = QueuedListener(lambda item: (item,), silent, Reports())
    for item in range(1, count + 1):
        queue.put(item)
    got: list[object] = []
    while (event := queue.get()) is not None:
        got.append(event)
    lost = max(count - EVENT_QUEUE_LIMIT, 0)
    first: list[object] = [EventsLost(lost)] if lost else []
    assert got == [*first, *range(lost + 1, count + 1)]


# Callbacks.


def test_a_callback_gets_each_thing_in_order_and_the_end_last() -> None:
    told: list[object] = []
    subscriber: Subscriber[int, int] = Subscriber(told.append, twice, Reports())
    subscriber.put(1)
    subscriber.end(LOST)
    subscriber.put(2)
    subscriber.end(None)
    assert told == [1, 1, ConnectionLost(LOST)]


def test_a_callback_that_raises_is_reported_and_called_again() -> None:
    reports = Reports()
    told: list[object] = []

    def fail(event: object) -> None:
        told.append(event)
        raise ValueError(event)

    subscriber: Subscriber[int, int] = Subscriber(fail, twice, reports)
    subscriber.put(1)
    subscriber.end(None)
    assert told == [1, 1, ConnectionLost(None)]
    assert reports.texts == [
        *["a subscriber failed on int"] * 2,
        "a subscriber failed on ConnectionLost",
    ]


def test_what_a_callback_cannot_be_told_is_reported() -> None:
    reports = Reports()
    told: list[object] = []
    subscriber: Subscriber[int, int] = Subscriber(told.append, refused, reports)
    subscriber.put(7)
    assert told == []
    assert reports.texts == ["a subscriber failed to read 7"]


def test_a_callback_that_is_closed_hears_no_more_not_even_the_rest_of_what_is_being_told() -> None:
    told: list[object] = []

    def close(event: object) -> None:
        told.append(event)
        subscriber.close()

    subscriber: Subscriber[int, int] = Subscriber(close, twice, Reports())
    subscriber.put(1)
    subscriber.put(2)
    subscriber.end(LOST)
    assert told == [1]


def test_only_what_is_called_can_be_a_callback_that_is_never_awaited() -> None:
    async def awaited(event: object) -> None:
        del event

    class Awaited:
        async def __call__(self, event: object) -> None:
            del event

    for wrong in (awaited, Awaited(), partial(awaited)):
        with pytest.raises(LocalProtocolError, match="plain function"):
            plain_function(wrong)  # type: ignore[arg-type]
    assert plain_function(print) is print

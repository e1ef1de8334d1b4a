"""The queue before one consumer of notifications: bounded, newest kept, losses told."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio.client import EVENT_QUEUE_LIMIT, EventQueue, EventsLost


def taken(queue: EventQueue[int]) -> list[int | EventsLost]:
    """Take everything that is there."""
    items: list[int | EventsLost] = []
    while (item := queue.get()) is not None:
        items.append(item)
    return items


def filled(limit: int, count: int) -> EventQueue[int]:
    queue: EventQueue[int] = EventQueue(limit)
    for number in range(count):
        queue.put(number)
    return queue


def test_an_empty_queue_gives_none() -> None:
    queue: EventQueue[int] = EventQueue(3)
    assert queue.get() is None
    assert queue.get() is None


def test_events_come_in_order() -> None:
    assert taken(filled(3, 3)) == [0, 1, 2]


def test_at_the_limit_nothing_is_lost_and_one_more_loses_the_oldest() -> None:
    assert taken(filled(3, 3)) == [0, 1, 2]
    assert taken(filled(3, 4)) == [EventsLost(1), 1, 2, 3]


def test_the_loss_is_told_before_what_was_kept() -> None:
    assert taken(filled(2, 7)) == [EventsLost(5), 5, 6]


def test_a_loss_is_told_once() -> None:
    queue = filled(2, 3)
    assert taken(queue) == [EventsLost(1), 1, 2]
    queue.put(9)
    assert taken(queue) == [9]


def test_a_loss_while_the_consumer_reads_is_told_where_it_happened() -> None:
    queue = filled(2, 2)
    assert queue.get() == 0
    queue.put(2)
    queue.put(3)
    assert taken(queue) == [EventsLost(1), 2, 3]


def test_the_limit_is_1024_unless_told_otherwise() -> None:
    assert EVENT_QUEUE_LIMIT == 1024
    queue: EventQueue[int] = EventQueue()
    for number in range(1024):
        queue.put(number)
    assert taken(queue) == list(range(1024))
    for number in range(1025):
        queue.put(number)
    assert taken(queue)[:2] == [EventsLost(1), 1]


def test_events_that_are_false_are_events() -> None:
    queue: EventQueue[int] = EventQueue(2)
    queue.put(0)
    assert queue.get() == 0
    assert queue.get() is None


@pytest.mark.parametrize("limit", [1, 2, 5])
@given(steps=st.lists(st.booleans(), max_size=60))
def test_every_event_is_given_or_counted_and_no_more_than_the_limit_is_kept(
    limit: int, steps: list[bool]
) -> None:
    queue: EventQueue[int] = EventQueue(limit)
    model: deque[int] = deque(maxlen=limit)
    lost = put = 0
    for putting in steps:
        if putting:
            lost += len(model) == limit
            model.append(put)
            queue.put(put)
            put += 1
        elif lost:
            assert queue.get() == EventsLost(lost)
            lost = 0
        else:
            assert queue.get() == (model.popleft() if model else None)
    expected: list[int | EventsLost] = [EventsLost(lost)] if lost else []
    assert taken(queue) == [*expected, *model]

"""What only a blocking client has: a thread of its own, one that calls callbacks, events with a time-out."""

import re
import threading
from math import inf

import pytest

from omnilink_sansio import CommandFailedError, ControllerEndReason, LocalProtocolError, OmniConnectionError
from omnilink_sansio.client import EVENT_QUEUE_LIMIT, ConnectionLost, EventsLost
from omnilink_sansio.events import Notification
from omnilink_sansio.objects import ObjectType, UnitStatus
from omnilink_sansio.system import RequestSystemInformation
from omnilink_sync import EventStream, OmniClient
from tests.anyio_adapter.homes import KEY, PATIENCE
from tests.contract.inside import PanelInside, connected, in_another_thread, stop_waiting

pytestmark = pytest.mark.usefixtures("patience")

BELONGS = r"belongs to the thread that connected it: .*read_in_background\(\)"
MUST_NOT_WAIT = "a callback that is called while others wait must not wait itself"


# Whose thread it is.


def test_a_connection_belongs_to_the_thread_that_connected_it() -> None:
    with connected() as (client, inside):
        events = client.events()
        for use in (
            client.get_system_status,
            client.list_zone_names,
            client.events,
            client.connection.unsolicited,
            lambda: client.subscribe(lambda _: None),
            lambda: client.connection.submit(RequestSystemInformation()),
            lambda: next(events),
            client.connection.read_in_background,
            client.connection.close,
        ):
            count = inside.request_count
            error = in_another_thread(use)
            assert isinstance(error, LocalProtocolError), use
            assert re.search(BELONGS, str(error))
            assert inside.request_count == count
        # Nothing has happened by that.
        assert client.is_connected
        client.turn_unit_on(1)
        assert next(events) == UnitStatus(1, 1, 0)
    assert inside.ends == [ControllerEndReason.CLIENT_TERMINATED]


def test_read_in_background_lets_every_thread_use_it() -> None:
    with connected() as (client, inside):
        client.connection.read_in_background()
        client.connection.read_in_background()
        assert in_another_thread(lambda: client.turn_unit_on(1)) is None
        client.turn_unit_on(4)
        assert (inside.house.units[1].state, inside.house.units[4].state) == (1, 1)
        assert in_another_thread(client.connection.close) is None
        assert not client.is_connected
    assert inside.ends == [ControllerEndReason.CLIENT_TERMINATED]
    assert inside.is_closed


def test_many_threads_at_a_time_each_get_their_own_reply() -> None:
    with connected() as (client, inside):
        client.connection.read_in_background()
        errors: list[BaseException | None] = []

        def work(number: int) -> None:
            for index in (1, 2, 3, 4):
                (status,) = client.get_object_status(ObjectType.UNIT, index)
                assert status.index == index
                with pytest.raises(CommandFailedError):
                    client.execute_command(250, number)

        threads = [
            threading.Thread(
                target=lambda number=number: errors.append(in_another_thread(lambda: work(number))),
                daemon=True,
            )
            for number in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        assert errors == [None] * 8
        assert inside.request_count == 8 * 4 * 2


def test_reading_in_the_background_needs_a_session() -> None:
    client = OmniClient.over(PanelInside(), controller_key=KEY)
    with pytest.raises(OmniConnectionError, match="connect first"):
        client.connection.read_in_background()


def test_no_thread_is_left_behind() -> None:
    before = set(threading.enumerate())
    with connected() as (client, inside):
        client.connection.read_in_background()
        client.subscribe(lambda _: None)
        assert len(set(threading.enumerate()) - before) == 2
        inside.switch(1)
    assert set(threading.enumerate()) <= before


# Callbacks.


def test_a_callback_that_waits_is_refused_while_its_caller_waits() -> None:
    refused: list[LocalProtocolError] = []

    with connected() as (client, inside):
        other = client.connection.unsolicited()

        def callback(event: Notification | EventsLost | ConnectionLost) -> None:
            if isinstance(event, ConnectionLost):
                return
            reply = client.connection.submit(RequestSystemInformation())
            for wait in (
                client.get_system_status,
                reply.content,
                lambda: next(other),
                lambda: client.subscribe(lambda _: None),
                client.connection.close,
                client.connection.read_in_background,
            ):
                with pytest.raises(LocalProtocolError, match=MUST_NOT_WAIT) as caught:
                    wait()
                refused.append(caught.value)

        client.subscribe(callback)
        # What the controller is, and that it is to tell of what happens.
        assert inside.request_count == 2
        client.turn_unit_on(1)
        client.turn_unit_on(2)
        assert len(refused) == 6
        # What it submitted was sent; what it would have waited for was not.
        assert inside.request_count == 2 + 2 + 1


def test_in_the_background_a_callback_may_call() -> None:
    called = threading.Event()
    read: list[object] = []
    errors: list[BaseException] = []

    with connected() as (client, inside):
        client.connection.read_in_background()

        def callback(event: Notification | EventsLost | ConnectionLost) -> None:
            # The unit that it switches itself is an event too.
            if isinstance(event, ConnectionLost) or called.is_set():
                return
            try:
                read.extend(client.get_object_status(ObjectType.UNIT, 4))
                client.turn_unit_on(4)
            except BaseException as error:  # noqa: BLE001 - to be seen in the test
                errors.append(error)
            finally:
                called.set()

        client.subscribe(callback)
        inside.switch(1)
        stop_waiting(called)
        assert errors == []
        assert read == [UnitStatus(4, 0, 0)]
        assert inside.house.units[4].state == 1


def test_a_slow_callback_in_the_background_is_told_what_it_missed() -> None:
    told: list[Notification | EventsLost | ConnectionLost] = []
    first, go_on, last = threading.Event(), threading.Event(), threading.Event()

    def callback(event: Notification | EventsLost | ConnectionLost) -> None:
        told.append(event)
        if len(told) == 1:
            first.set()
            stop_waiting(go_on)
        elif len(told) == 1 + 1 + EVENT_QUEUE_LIMIT:
            last.set()

    with connected() as (client, inside):
        client.connection.read_in_background()
        client.subscribe(callback)
        inside.switch(1)
        stop_waiting(first)
        inside.switch(*([2] * EVENT_QUEUE_LIMIT), 3, 4, 1)
        # Replies come all the same; this one comes after all of those.
        client.get_system_status()
        go_on.set()
        stop_waiting(last)
    assert told[:2] == [UnitStatus(1, 1, 0), EventsLost(3)]
    assert told[2:-1] == [UnitStatus(2, 1, 0)] * (EVENT_QUEUE_LIMIT - 3) + [
        UnitStatus(index, 1, 0) for index in (3, 4, 1)
    ]
    assert told[-1] == ConnectionLost(None)


def test_a_slow_iterator_is_told_what_it_missed() -> None:
    with connected() as (client, inside), client.events() as events:
        inside.switch(*([2] * (EVENT_QUEUE_LIMIT + 3)))
        client.get_system_status()
        assert next(events) == EventsLost(3)
        assert next(events) == UnitStatus(2, 1, 0)


# Events with a time-out.


def test_getting_an_event_takes_no_longer_than_it_may() -> None:
    with connected() as (client, inside), client.events() as events:
        assert events.get(0) is None
        assert events.get(0.001) is None
        inside.switch(1, 2)
        assert events.get(0) == UnitStatus(1, 1, 0)
        assert events.get(inf) == UnitStatus(2, 1, 0)
        assert events.get(0) is None


def test_events_within_some_time() -> None:
    with connected() as (client, inside), client.events() as events:
        inside.switch(1, 2, 3)
        assert list(events.within(0.2)) == [UnitStatus(index, 1, 0) for index in (1, 2, 3)]
        assert list(events.within(0)) == []
        inside.act(lambda panel, now: panel.close(now))
        with pytest.raises(OmniConnectionError):
            list(events.within(PATIENCE))


def test_an_iterator_that_is_closed_by_another_thread_stops_who_waits() -> None:
    with connected() as (client, inside):
        client.connection.read_in_background()
        waits = threading.Event()
        raised: list[BaseException | None] = []
        events = client.events()

        def watch(stream: EventStream[Notification]) -> None:
            assert next(stream) == UnitStatus(1, 1, 0)
            waits.set()
            assert list(stream) == []

        thread = threading.Thread(
            target=lambda: raised.append(in_another_thread(lambda: watch(events))), daemon=True
        )
        thread.start()
        # Answered after what enables notifications, so that the panel reports the change.
        client.get_system_information()
        inside.switch(1)
        stop_waiting(waits)
        events.close()
        thread.join(PATIENCE)
        assert raised == [None]

"""What an exception that comes from anywhere, as of Ctrl-C, leaves of a blocking client."""

import pytest

from omnilink_sansio import (
    ClientSettings,
    ControllerEndReason,
    EndReason,
    OmniConnectionError,
    RequestTimeoutError,
)
from omnilink_sansio.objects import ObjectType, UnitStatus
from omnilink_sync import OmniClient
from tests.anyio_adapter.homes import KEY
from tests.contract.inside import PATIENT, PanelInside, connected

pytestmark = pytest.mark.usefixtures("patience")


class Once:
    """Raises an error when it is called, the first time."""

    def __init__(self, error: BaseException) -> None:
        self._error: BaseException | None = error

    def __call__(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error


INTERRUPTIONS = pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])


@INTERRUPTIONS
def test_a_call_that_is_interrupted_while_it_waits_leaves_the_session_usable(
    kind: type[BaseException],
) -> None:
    with connected() as (client, inside):

        def sent() -> None:
            inside.before_send = lambda: None
            inside.before_receive = Once(kind())

        inside.before_send = sent
        with pytest.raises(kind):
            client.turn_unit_on(1)
        assert client.is_connected
        # Sent it is; the reply that is still to come is nobody else's.
        (status,) = client.get_object_status(ObjectType.UNIT, 1)
        assert status == UnitStatus(1, 1, 0)
        client.turn_unit_off(1)
    assert inside.ends == [ControllerEndReason.CLIENT_TERMINATED]


@INTERRUPTIONS
def test_a_call_that_is_interrupted_before_it_is_sent_is_not_sent(kind: type[BaseException]) -> None:
    with connected() as (client, inside):
        inside.before_receive = Once(kind())
        with pytest.raises(kind):
            client.turn_unit_on(1)
        assert inside.request_count == 0
        client.turn_unit_on(2)
        assert inside.house.units[1].state == 0


@INTERRUPTIONS
def test_an_iterator_that_is_interrupted_loses_nothing(kind: type[BaseException]) -> None:
    with connected() as (client, inside), client.events() as events:
        inside.switch(1)
        inside.before_receive = Once(kind())
        with pytest.raises(kind):
            next(events)
        assert next(events) == UnitStatus(1, 1, 0)
        client.turn_unit_on(2)


@INTERRUPTIONS
def test_a_write_that_is_interrupted_ends_the_session(kind: type[BaseException]) -> None:
    """Half a packet may be out: nothing can follow it, not even a goodbye."""
    with connected() as (client, inside):
        raw = client.connection.unsolicited()
        inside.before_send = Once(kind())
        with pytest.raises(kind):
            client.turn_unit_on(1)
        assert not client.is_connected
        for use in (client.get_system_status, lambda: next(raw), client.events):
            with pytest.raises(OmniConnectionError) as caught:
                use()
            assert caught.value.end is EndReason.LOST
        count = len(inside.seen)
    assert len(inside.seen) == count
    assert inside.is_closed


@INTERRUPTIONS
def test_a_handshake_that_is_interrupted_is_ended_in_order(kind: type[BaseException]) -> None:
    inside = PanelInside()
    inside.before_receive = Once(kind())
    client = OmniClient.over(inside, controller_key=KEY, settings=PATIENT)
    with pytest.raises(kind):
        client.connection.connect()
    assert inside.is_closed
    assert not client.is_connected
    assert inside.ends == [ControllerEndReason.CLIENT_TERMINATED]


def test_a_wait_in_the_background_that_is_interrupted_leaves_the_session_usable() -> None:
    """There the reader reads; what interrupts a caller is a signal, here played by what it waits with."""
    with connected() as (client, inside):
        client.connection.read_in_background()
        changed = client.connection._changed
        wait, interrupt = changed.wait, Once(KeyboardInterrupt())

        def interrupted(timeout: float | None = None) -> bool:
            interrupt()
            return wait(timeout)

        changed.wait = interrupted  # type: ignore[method-assign]
        with pytest.raises(KeyboardInterrupt):
            client.connection.serve_until(lambda: False)
        del changed.wait
        client.turn_unit_on(1)
        assert inside.house.units[1].state == 1


def test_a_call_that_times_out_leaves_the_session_usable() -> None:
    with connected(ClientSettings(request_timeout=0.1)) as (client, inside):
        kept: list[bytes] = []
        original = inside.receive

        def lose_one(timeout: float) -> bytes | None:
            data = original(timeout)
            if data is not None and not kept:
                kept.append(data)
                return None
            return data

        inside.receive = lose_one  # type: ignore[method-assign]
        with pytest.raises(RequestTimeoutError):
            client.get_system_status()
        client.turn_unit_on(1)
        assert client.is_connected

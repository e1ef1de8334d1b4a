"""Operations that nobody else's requests come in between, through every door."""

from collections.abc import Awaitable, Callable

import anyio
import pytest

from omnilink_anyio import OmniClient
from omnilink_sansio import (
    CommandFailedError,
    LeaseEndedError,
    LocalProtocolError,
    OmniConnectionError,
    RemoteProtocolError,
)
from omnilink_sansio.commands import ControllerCommand
from omnilink_sansio.operations import Lease, Operation, Release, ask, leased, pause
from omnilink_sansio.system import (
    Ack,
    Nak,
    RequestSystemFormats,
    RequestSystemStatus,
    RequestSystemTroubles,
    SystemFormats,
    SystemTroubles,
)
from tests.contract.doors import SEVERAL_AT_A_TIME, STREAMS, Door, Panel

pytestmark = pytest.mark.anyio

FORMATS, TROUBLES = RequestSystemFormats(), RequestSystemTroubles()
ANSWER, TROUBLE = SystemFormats(1, 2, 1), SystemTroubles(b"")
FIRST, SECOND = FORMATS.to_message(), TROUBLES.to_message()


class GivenUpError(BaseException):
    """What nobody catches, such as an interruption."""


class Lessee:
    """An operation of two requests, and what became of each of its beginnings."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def operation(self) -> Operation[str]:
        """Return it, not leased."""
        self.seen.append("begins")
        try:
            yield from ask(FORMATS)
            yield from pause(0.0)
            yield from ask(TROUBLES)
        except LeaseEndedError:
            self.seen.append("ended")
            raise
        finally:
            self.seen.append("over")
        return "done"


async def called(do: Callable[[], Awaitable[object]], results: list[object]) -> None:
    results.append(await do())


@SEVERAL_AT_A_TIME
async def test_nothing_of_anybody_else_comes_in_between(door: Door) -> None:
    came = anyio.Event()
    all_wait = anyio.Event()
    lessee = Lessee()
    results: list[object] = []

    async def script(panel: Panel) -> None:
        await panel.online()
        first = await panel.request()
        assert first.message == FIRST
        came.set()
        await all_wait.wait()
        await panel.reply(first, ANSWER.to_message())
        second = await panel.request()
        assert second.message == SECOND
        await panel.reply(second, TROUBLE.to_message())
        for _ in range(2):
            assert (await panel.acknowledge()).message.type == ControllerCommand.OPCODE

    async with (
        door.play(script) as stage,
        stage.client() as client,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(called, lambda: client.perform(leased(lessee.operation)), results)
        await came.wait()
        replies = [client.connection.submit(ControllerCommand(1, 0, unit)) for unit in (1, 2)]
        assert not any(reply.is_settled for reply in replies)
        all_wait.set()
        for reply in replies:
            await reply.content()
    assert results == ["done"]
    assert lessee.seen == ["begins", "over"]


@SEVERAL_AT_A_TIME
async def test_a_security_command_of_another_caller_ends_it_and_it_begins_anew(door: Door) -> None:
    came, sent = anyio.Event(), anyio.Event()
    lessee = Lessee()
    results: list[object] = []

    async def script(panel: Panel) -> None:
        await panel.online()
        first = await panel.request()
        assert first.message == FIRST
        came.set()
        await sent.wait()
        await panel.reply(first, ANSWER.to_message())
        assert (await panel.acknowledge()).message.type == ControllerCommand.OPCODE
        for expected, answer in ((FIRST, ANSWER), (SECOND, TROUBLE)):
            request = await panel.request()
            assert request.message == expected
            await panel.reply(request, answer.to_message())

    async with (
        door.play(script) as stage,
        stage.client() as client,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(called, lambda: client.perform(leased(lessee.operation)), results)
        await came.wait()
        disarming = client.connection.submit(ControllerCommand(48, 1, 1))
        sent.set()
        await disarming.content()
    assert results == ["done"]
    assert lessee.seen == ["begins", "ended", "over", "begins", "over"]


def fail_on_a_refusal() -> Operation[None]:
    yield Lease()
    yield from ask(ControllerCommand(1, 0, 1))


def fail_on_a_broken_rule() -> Operation[None]:
    yield Lease()
    reply = yield FORMATS
    assert reply is not None
    RequestSystemStatus().accept(reply)


def fail_by_itself() -> Operation[None]:
    yield Lease()
    yield from ask(FORMATS)
    raise ZeroDivisionError


def be_given_up() -> Operation[None]:
    yield Lease()
    raise GivenUpError


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (fail_on_a_refusal, CommandFailedError),
        (lambda: leased(lambda: ask(ControllerCommand(1, 0, 1))), CommandFailedError),
        (fail_on_a_broken_rule, RemoteProtocolError),
        (fail_by_itself, ZeroDivisionError),
        (be_given_up, GivenUpError),
    ],
)
async def test_an_operation_that_fails_gives_its_lease_back(
    door: Door, make: Callable[[], Operation[None]], error: type[BaseException]
) -> None:
    async def script(panel: Panel) -> None:
        await panel.online()
        if error is not GivenUpError:
            request = await panel.request()
            refuses = error is CommandFailedError
            await panel.reply(request, (Nak() if refuses else ANSWER).to_message())
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client() as client:
        with pytest.raises(error):
            await client.perform(make())
        # It would wait for ever behind a lease.
        await client.turn_unit_on(1)


async def test_what_a_lease_is_kept_for_may_end_before_the_operation_does(door: Door) -> None:
    def operation() -> Operation[bool]:
        yield Lease()
        yield from ask(FORMATS)
        yield Release()
        # Nobody else is kept waiting, nor does anything here belong to the lease any more.
        yield from ask(TROUBLES)
        yield Release()
        return True

    async def script(panel: Panel) -> None:
        await panel.online()
        for expected, answer in ((FIRST, ANSWER), (SECOND, TROUBLE)):
            request = await panel.request()
            assert request.message == expected
            await panel.reply(request, answer.to_message())
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client() as client:
        assert await client.perform(operation())
        await client.turn_unit_on(1)


@STREAMS
async def test_a_loss_ends_a_lease_and_is_told(door: Door) -> None:
    lessee = Lessee()

    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.request()
        await panel.hang_up()

    async with door.play(script) as stage, stage.client() as client:
        with pytest.raises(OmniConnectionError):
            await client.perform(leased(lessee.operation))
        with pytest.raises(OmniConnectionError):
            await client.connection.lease()
    assert lessee.seen == ["begins", "over"]


async def test_a_lease_by_hand(door: Door) -> None:
    async def lend(client: OmniClient) -> None:
        lease = await client.connection.lease()
        waiting = client.connection.submit(ControllerCommand(1, 0, 1))
        assert await client.connection.exchange(FORMATS, lease=lease) == ANSWER
        assert not waiting.is_settled
        client.connection.release(lease)
        client.connection.release(lease)
        await waiting.content()
        with pytest.raises(LeaseEndedError):
            await client.connection.exchange(FORMATS, lease=lease)

    async def script(panel: Panel) -> None:
        await panel.online()
        request = await panel.request()
        assert request.message == FIRST
        await panel.reply(request, ANSWER.to_message())
        assert (await panel.acknowledge()).message == ControllerCommand(1, 0, 1).to_message()
        await panel.reply(await panel.request(), Ack().to_message())

    async with door.play(script) as stage, stage.client() as client:
        await lend(client)
        await client.turn_unit_on(2)


async def test_an_operation_does_not_wait_for_its_own_lease(door: Door) -> None:
    def nested() -> Operation[object]:
        return (yield from leased(lambda: ask(FORMATS)))

    async def script(panel: Panel) -> None:
        await panel.online()
        await panel.acknowledge_all()

    async with door.play(script) as stage, stage.client() as client:
        with pytest.raises(LocalProtocolError, match="one lease at a time"):
            await client.perform(leased(nested))
        await client.turn_unit_on(1)

"""How the client sees an operation through: step by step, to its end, whatever happens on the way."""

import inspect
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import anyio
import pytest

from omnilink_anyio import OmniClient
from omnilink_sansio import (
    ClientSettings,
    CommandFailedError,
    LocalProtocolError,
    Message,
    OmniConnectionError,
    OutcomeUnknownError,
    RemoteProtocolError,
)
from omnilink_sansio.commands import SecurityCommandResponse
from omnilink_sansio.objects import ObjectType, SecurityMode
from omnilink_sansio.operations import Operation, ask, leased, pause
from omnilink_sansio.system import Ack, Nak, RequestSystemFormats, SystemFormats
from tests.anyio_adapter.homes import Link, serve_home
from tests.anyio_adapter.scripts import Script, ScriptedPanel, play
from tests.anyio_adapter.suspensions import cancel_everywhere, cancelled_at

pytestmark = pytest.mark.anyio

FORMATS = SystemFormats(1, 1, 1)
NAK = Nak().to_message()


class Watched:
    """An operation of three steps, and what became of it."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.seen: list[object] = []
        self.operation = self._steps()

    def _steps(self) -> Operation[str]:
        try:
            self.seen.append((yield from ask(RequestSystemFormats())))
            yield from pause(self.seconds)
            self.seen.append("paused")
            self.seen.append((yield from ask(RequestSystemFormats())))
        finally:
            self.seen.append("closed")
        return "result"

    @property
    def is_closed(self) -> bool:
        return inspect.getgeneratorstate(self.operation) == inspect.GEN_CLOSED


async def works(client: OmniClient) -> None:
    assert await client.get_system_formats() == FORMATS


# The way there.


async def test_an_operation_is_sent_the_replies_and_its_result_is_returned(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client:
        watched = Watched()
        assert await client.perform(watched.operation) == "result"
        assert watched.seen == [FORMATS, "paused", FORMATS, "closed"]


async def test_an_operation_that_asks_nothing_sends_nothing() -> None:
    def nothing() -> Operation[int]:
        yield from ()
        return 7

    async with serve_home() as home, home.client() as client:
        assert await client.perform(nothing()) == 7
        assert home.recorder.requests == []


async def test_operations_at_the_same_time_get_each_their_own_replies(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client, anyio.create_task_group() as tasks:
        found: dict[ObjectType, dict[int, str]] = {}

        async def find(kind: ObjectType) -> None:
            found[kind] = await client.list_names(kind)

        house = home.house
        expected = {
            ObjectType.ZONE: {index: item.name for index, item in house.zones.items()},
            ObjectType.UNIT: {index: item.name for index, item in house.units.items()},
            ObjectType.AREA: {1: "HOUSE", 2: "GARAGE"},
            ObjectType.CODE: {1: "OWNER", 2: "CLEANER"},
            ObjectType.BUTTON: {1: "GOOD NIGHT", 2: "LIGHTS ON"},
        }
        async with anyio.create_task_group() as finders:
            for kind in expected:
                finders.start_soon(find, kind)
        assert found == expected
        tasks.cancel_scope.cancel()


async def test_while_one_operation_pauses_the_session_is_there_for_others() -> None:
    async with serve_home() as home, home.client() as client, anyio.create_task_group() as tasks:
        watched = Watched(seconds=1e6)
        tasks.start_soon(client.perform, watched.operation)
        await anyio.wait_all_tasks_blocked()
        assert watched.seen == [FORMATS]
        await works(client)
        assert await client.list_area_names() == {1: "HOUSE", 2: "GARAGE"}
        tasks.cancel_scope.cancel()
    assert watched.seen == [FORMATS, "closed"]


# Cancellation.


async def test_an_operation_cancelled_anywhere_is_closed_and_the_session_goes_on(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client:

        async def attempt(step: int) -> anyio.CancelScope:
            # It is held here, so that not the garbage collector is what closes it.
            watched = Watched()

            async def work() -> None:
                await client.perform(watched.operation)

            scope = await cancelled_at(step, work())
            assert watched.is_closed
            assert watched.seen == [*[FORMATS, "paused", FORMATS][: len(watched.seen) - 1], "closed"]
            await works(client)
            return scope

        # Two requests and the pause between them.
        await cancel_everywhere(attempt, at_least=3)
        assert home.recorder.ends == []


@pytest.mark.parametrize(
    ("call", "at_least"),
    [
        (lambda client: client.arm(2, SecurityMode.AWAY, "1234"), 2),
        (lambda client: client.arm_and_confirm(2, SecurityMode.AWAY, "1234"), 3),
        (lambda client: client.get_audio_metadata(1), 2),
        (lambda client: client.read_names(ObjectType.CODE), 3),
        (lambda client: client.get_event_log(), 2),
        (lambda client: client.read_programs(), 1),
    ],
)
async def test_calls_of_many_messages_cancelled_anywhere_leave_a_working_session(
    call: Callable[[OmniClient], Awaitable[object]], at_least: int
) -> None:
    async with serve_home() as home, home.client() as client:

        async def attempt(step: int) -> anyio.CancelScope:
            async def work() -> None:
                await call(client)

            scope = await cancelled_at(step, work())
            # The log would grow, and the steps with it.
            home.house.log.clear()
            await works(client)
            return scope

        await cancel_everywhere(attempt, at_least=at_least)
        assert home.recorder.ends == []


# Failures.


async def test_an_operations_own_exception_is_raised_as_it_is(link: Link) -> None:
    mine = ValueError("mine")

    def failing() -> Operation[None]:
        yield from ask(RequestSystemFormats())
        raise mine

    async with serve_home(link) as home, home.client() as client:
        with pytest.raises(ValueError, match="mine") as caught:
            await client.perform(failing())
        assert caught.value is mine
        await works(client)


async def test_a_refusal_reaches_the_operation_which_may_go_on() -> None:
    def stubborn() -> Operation[SystemFormats]:
        try:
            return (yield from ask(RequestSystemFormats()))
        except CommandFailedError:
            return (yield from ask(RequestSystemFormats()))

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.reply(await panel.request(), NAK)
        await panel.reply(await panel.request(), FORMATS.to_message())

    async with play(script) as stage, stage.client() as client:
        assert await client.perform(stubborn()) == FORMATS


async def test_a_loss_is_thrown_into_the_operation_at_the_step_that_it_hits() -> None:
    seen: list[str] = []

    def careful() -> Operation[str]:
        yield from ask(RequestSystemFormats())
        try:
            yield from ask(RequestSystemFormats())
        except OmniConnectionError as error:
            seen.append(type(error).__name__)
        return "knows"

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.reply(await panel.request(), FORMATS.to_message())
        await panel.request()
        await panel.hang_up()

    async with play(script) as stage, stage.client() as client:
        assert await client.perform(careful()) == "knows"
    assert seen == ["OmniConnectionError"]


async def test_a_full_queue_is_thrown_into_the_operation_and_the_session_goes_on() -> None:
    go_on = anyio.Event()

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await go_on.wait()
        for _ in range(2):
            await panel.acknowledge()
        await panel.reply(await panel.request(), FORMATS.to_message())

    async with play(script) as stage, stage.client(settings=ClientSettings(max_queued=1)) as client:
        async with anyio.create_task_group() as tasks:
            for index in (1, 2):
                tasks.start_soon(client.turn_unit_on, index)
            await anyio.wait_all_tasks_blocked()
            watched = Watched()
            with pytest.raises(LocalProtocolError, match="waiting already"):
                await client.perform(watched.operation)
            assert watched.seen == ["closed"]
            go_on.set()
        await works(client)


class Failure(NamedTuple):
    """What a panel does to a call, and the very type of what is raised."""

    call: Callable[[OmniClient], Awaitable[object]]
    script: Script
    raised: type[Exception]


def answering(*messages: Message) -> Script:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        for message in messages:
            await panel.reply(await panel.request(), message)

    return script


def silent_after(*messages: Message, end: Callable[[ScriptedPanel], Awaitable[None]]) -> Script:
    async def script(panel: ScriptedPanel) -> None:
        await answering(*messages)(panel)
        await panel.request()
        await end(panel)

    return script


def zone_names(client: OmniClient) -> Awaitable[object]:
    return client.list_zone_names()


def arming(client: OmniClient) -> Awaitable[object]:
    return client.arm(1, SecurityMode.AWAY, "1234")


# Zone 1 of area 1, ready, of type 0, without options, named A (20P00 §OBJECT PROPERTIES).
ZONE = Message(0x21, bytes.fromhex("01 0001 00 7f 00 01 00 41") + bytes(15))
# Code number 1 of a master; no code (20P00 §VALIDATE SECURITY CODE MESSAGES).
VALID, INVALID = Message(0x27, b"\1\1"), Message(0x27, b"\0\0")

FAILURES = {
    "refused at once": Failure(zone_names, answering(NAK), CommandFailedError),
    "refused on the way": Failure(zone_names, answering(ZONE, NAK), RemoteProtocolError),
    "answered in circles": Failure(zone_names, answering(ZONE, ZONE), RemoteProtocolError),
    "answered by a message of another kind": Failure(
        zone_names, answering(FORMATS.to_message()), RemoteProtocolError
    ),
    "answered by too short a message": Failure(
        zone_names, answering(ZONE, Message(0x21, b"\1\0")), RemoteProtocolError
    ),
    "hung up": Failure(zone_names, silent_after(ZONE, end=ScriptedPanel.hang_up), OmniConnectionError),
    "terminated": Failure(zone_names, silent_after(ZONE, end=ScriptedPanel.terminate), OmniConnectionError),
    # A code that is asked about may count towards a lock-out: that question is no mere reading.
    "hung up before the command": Failure(
        arming, silent_after(end=ScriptedPanel.hang_up), OutcomeUnknownError
    ),
    "hung up after the command": Failure(
        arming, silent_after(VALID, end=ScriptedPanel.hang_up), OutcomeUnknownError
    ),
    "terminated after the command": Failure(
        arming, silent_after(VALID, end=ScriptedPanel.terminate), OutcomeUnknownError
    ),
    "the code is none": Failure(arming, answering(INVALID), CommandFailedError),
    "the command is refused": Failure(arming, answering(VALID, NAK), CommandFailedError),
}


ENDS_OF_SESSIONS = (OmniConnectionError, OutcomeUnknownError)


@pytest.mark.parametrize("how", FAILURES)
async def test_errors_are_of_their_type_and_bare_inside_and_outside_the_client(how: str) -> None:
    failure = FAILURES[how]
    async with play(failure.script) as stage:
        inside: list[BaseException] = []
        connected: list[bool] = []

        async def use() -> None:
            async with stage.client() as client:
                try:
                    await failure.call(client)
                except BaseException as error:
                    inside.append(error)
                    connected.append(client.is_connected)
                    raise

        with pytest.raises(failure.raised) as outside:
            await use()
    assert inside == [outside.value]
    assert connected == [failure.raised not in ENDS_OF_SESSIONS]
    assert type(outside.value) is failure.raised
    error: BaseException | None = outside.value
    while error is not None:
        assert not isinstance(error, BaseExceptionGroup)
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    "how", [how for how, failure in FAILURES.items() if failure.raised not in ENDS_OF_SESSIONS]
)
async def test_a_call_that_failed_leaves_a_working_session(how: str) -> None:
    failure = FAILURES[how]

    async def script(panel: ScriptedPanel) -> None:
        await failure.script(panel)
        await panel.reply(await panel.request(), FORMATS.to_message())

    async with play(script) as stage, stage.client() as client:
        with pytest.raises(failure.raised):
            await failure.call(client)
        await works(client)


@pytest.mark.parametrize(
    ("response", "known"),
    [
        (code, code in {item.value for item in SecurityCommandResponse})
        for code in (1, 2, 3, 4, 5, 6, 255, 99)
    ],
)
async def test_a_security_commands_response_code_is_in_its_error(response: int, known: bool) -> None:
    async with (
        play(answering(Message(0x4B, bytes([response])), Ack().to_message())) as stage,
        stage.client() as client,
    ):
        with pytest.raises(CommandFailedError) as caught:
            await client.execute_security_command(1, SecurityMode.AWAY, "1234")
        assert caught.value.failure_code == response
        assert isinstance(caught.value.failure_code, SecurityCommandResponse) is known
        await client.turn_unit_on(1)


@pytest.mark.parametrize(
    ("call", "allowed"),
    [
        (lambda client: client.arm(9, SecurityMode.AWAY, 1), "area is 0 to 8"),
        (lambda client: client.arm_and_confirm(0, SecurityMode.AWAY, 1), "area is named here, 1 to 8"),
        (lambda client: client.disarm(1, "12345"), "4 or 6|4 digits"),
        (lambda client: client.validate_code(1, "123456"), "4 digits"),
        (lambda client: client.execute_connected_security_command(1, 1, "1234"), "6 digits"),
        (lambda client: client.get_event_log(0), "1 or more"),
        (lambda client: client.get_object_status(ObjectType.ZONE, 3, 2), "1 or more"),
        (lambda client: client.get_extended_status(ObjectType.BUTTON, 1), "those that have"),
        (lambda client: client.list_names(ObjectType.CONSOLE), "those that have: ZONE"),
        (lambda client: client.read_names(ObjectType.AUDIO_ZONE), "of ZONE, .*not of AUDIO_ZONE"),
        (lambda client: client.write_program(0, bytes(14)), "1 to 65535, not 0"),
        (lambda client: client.set_audio_volume(1, 101), "0 to 100"),
    ],
)
async def test_operations_and_requests_that_make_no_sense_are_refused_before_anything_is_sent(
    call: Callable[[OmniClient], Awaitable[object]], allowed: str
) -> None:
    async with serve_home() as home, home.client() as client:
        with pytest.raises(LocalProtocolError, match=allowed):
            await call(client)
        assert home.recorder.requests == []
        await works(client)


# Leases.


async def test_a_leased_operation_cancelled_anywhere_gives_its_lease_back(link: Link) -> None:
    async with serve_home(link) as home, home.client() as client:

        async def attempt(step: int) -> anyio.CancelScope:
            watched = Watched()

            async def work() -> None:
                await client.perform(leased(lambda: watched.operation))

            scope = await cancelled_at(step, work())
            # It would wait for ever behind a lease.
            await works(client)
            return scope

        # Two requests and the pause between them.
        await cancel_everywhere(attempt, at_least=3)
        assert home.recorder.ends == []


async def test_one_that_waits_for_its_lease_can_be_cancelled() -> None:
    came, go_on = anyio.Event(), anyio.Event()
    watched = Watched()

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        request = await panel.request()
        came.set()
        await go_on.wait()
        await panel.reply(request, FORMATS.to_message())
        for _ in range(2):
            await panel.reply(await panel.request(), FORMATS.to_message())

    async with play(script) as stage, stage.client() as client, anyio.create_task_group() as tasks:
        tasks.start_soon(works, client)
        await came.wait()
        async with anyio.create_task_group() as given_up:
            # One waits for what is under way, the other for both.
            given_up.start_soon(client.perform, leased(lambda: watched.operation))
            given_up.start_soon(client.connection.lease)
            await anyio.wait_all_tasks_blocked()
            tasks.start_soon(works, client)
            await anyio.wait_all_tasks_blocked()
            given_up.cancel_scope.cancel()
        assert watched.seen == []
        go_on.set()
        await works(client)

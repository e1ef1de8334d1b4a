"""A user's code is in no log record and in no error, whatever is done with it and whatever goes wrong."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

import anyio
import pytest

from omnilink_anyio import OmniClient
from omnilink_sansio import (
    CommandFailedError,
    LocalProtocolError,
    Message,
    OmniLinkError,
    OutcomeUnknownError,
    UserCode,
)
from omnilink_sansio.client import ConnectionLost, EventsLost
from omnilink_sansio.events import Notification
from omnilink_sansio.objects import SecurityMode
from omnilink_sansio.simulator import Code, House, demo_house
from tests.anyio_adapter.homes import serve_home
from tests.anyio_adapter.scripts import Script, ScriptedPanel, play

pytestmark = pytest.mark.anyio

RIGHT, WRONG, LONG = "7391", "8264", "958173"

Call: TypeAlias = Callable[[OmniClient], Coroutine[Any, Any, object]]


def spellings(digits: str) -> list[str]:
    """Return the ways in which digits get into texts."""
    numbers = bytes(map(int, digits))
    forms = [numbers, digits.encode()]
    return [
        digits,
        " ".join(digits),
        ", ".join(digits),
        *(repr(form)[2:-1] for form in forms),
        *(form.hex() for form in forms),
        *(form.hex(" ") for form in forms),
        *(str(list(form))[1:-1] for form in forms),
    ]


SPELLINGS = [spelling for digits in (RIGHT, WRONG, LONG) for spelling in spellings(digits)]


def assert_no_code_in(texts: list[str]) -> None:
    assert texts
    for text in texts:
        # An object's address may hold any digits: a text that shows one would fail now and then, for nothing.
        assert " at 0x" not in text
        assert not [spelling for spelling in SPELLINGS if spelling in text]


def texts_of(error: BaseException | None) -> list[str]:
    texts: list[str] = []
    while error is not None:
        texts += [str(error), repr(error), repr(vars(error))]
        error = error.__cause__ or error.__context__
    return texts


def texts_of_records(records: list[logging.LogRecord]) -> list[str]:
    # Without times and the like, in which any digits may turn up.
    formatter = logging.Formatter("%(levelname)s %(message)s")
    return [text for record in records for text in (formatter.format(record), repr(record.args))]


def house_with_the_code() -> House:
    house = demo_house()
    house.codes = {1: Code("OWNER", UserCode(RIGHT))}
    house.partitions = [(1, 2)]
    return house


CALLS: dict[str, Call] = {
    "arm": lambda client: client.arm(2, SecurityMode.AWAY, RIGHT),
    "arm with a code": lambda client: client.arm(2, SecurityMode.AWAY, UserCode(RIGHT)),
    "arm with a wrong code": lambda client: client.arm(2, SecurityMode.AWAY, WRONG),
    "disarm": lambda client: client.disarm(2, RIGHT),
    "arm and confirm": lambda client: client.arm_and_confirm(2, SecurityMode.NIGHT, RIGHT),
    "arm and confirm with a wrong code": lambda client: client.arm_and_confirm(2, SecurityMode.AWAY, WRONG),
    "validate": lambda client: client.validate_code(1, RIGHT),
    "validate a wrong code": lambda client: client.validate_code(1, WRONG),
    "execute": lambda client: client.execute_security_command(2, SecurityMode.OFF, RIGHT),
    "execute with a wrong code": lambda client: client.execute_security_command(2, SecurityMode.OFF, WRONG),
    "execute in the connected system": lambda client: client.execute_connected_security_command(1, 1, LONG),
    "arm with too many digits": lambda client: client.arm(2, SecurityMode.AWAY, LONG),
    "arm with a letter": lambda client: client.arm(2, SecurityMode.AWAY, f"{RIGHT}x"),
    "arm with digits and a blank": lambda client: client.arm(2, SecurityMode.AWAY, f"{RIGHT} "),
    "execute with too few digits": lambda client: client.execute_connected_security_command(1, 1, WRONG),
    "arm no area": lambda client: client.arm(9, SecurityMode.AWAY, RIGHT),
    "validate in no area": lambda client: client.validate_code(9, RIGHT),
    # A code that was meant as digits, but is a number: out of the range of code numbers.
    "bypass with digits": lambda client: client.bypass_zone(1, int(RIGHT)),
    "restore with digits": lambda client: client.restore_zone(1, int(RIGHT)),
    "arm with a number": lambda client: client.arm(2, SecurityMode.AWAY, int(RIGHT)),
    "set the mode with digits": lambda client: client.set_security_mode(2, SecurityMode.AWAY, int(RIGHT)),
}

REFUSED_BY_THE_HOUSE = {
    "arm with a wrong code",
    "arm and confirm with a wrong code",
    "execute with a wrong code",
}
MISTAKES = {
    "arm with too many digits",
    "arm with a letter",
    "arm with digits and a blank",
    "execute with too few digits",
    "arm no area",
    "validate in no area",
    "bypass with digits",
    "restore with digits",
    "arm with a number",
    "set the mode with digits",
}


@pytest.mark.parametrize("name", CALLS)
async def test_no_code_in_what_a_call_logs_and_raises(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    texts: list[str] = []
    errors: list[OmniLinkError] = []

    def failing(event: Notification | EventsLost | ConnectionLost) -> None:
        texts.append(repr(event))
        raise RuntimeError(f"failed on {event!r}")

    async with serve_home(house=house_with_the_code()) as home, home.client() as client:
        await client.subscribe(failing)
        try:
            await CALLS[name](client)
        except OmniLinkError as error:
            errors.append(error)
        await client.get_system_formats()
        texts += [repr(client), repr(client.connection), *(repr(event) for _, event in home.recorder.events)]
    expected = (
        [CommandFailedError] if name in REFUSED_BY_THE_HOUSE else [LocalProtocolError] * (name in MISTAKES)
    )
    assert [type(error) for error in errors] == expected
    texts += [text for error in errors for text in texts_of(error)]
    # The session's start at least.
    assert "session started" in caplog.text
    assert_no_code_in(texts + texts_of_records(caplog.records))


async def hang_up(panel: ScriptedPanel) -> None:
    await panel.online()
    await panel.request()
    await panel.hang_up()


async def answer_nonsense(panel: ScriptedPanel) -> None:
    await panel.online()
    await panel.reply(await panel.request(), Message(0xEE))


@pytest.mark.parametrize(
    ("call", "script", "raised"),
    [
        # A code that is asked about may count towards a lock-out.
        ("validate", hang_up, OutcomeUnknownError),
        ("arm", hang_up, OutcomeUnknownError),
        ("execute", hang_up, OutcomeUnknownError),
        ("execute in the connected system", hang_up, OutcomeUnknownError),
        ("validate", answer_nonsense, OutcomeUnknownError),
        ("arm", answer_nonsense, OutcomeUnknownError),
        ("execute", answer_nonsense, OutcomeUnknownError),
    ],
)
async def test_no_code_in_what_goes_wrong(
    call: str, script: Script, raised: type[OmniLinkError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with play(script) as stage, stage.client() as client:
        with pytest.raises(raised) as caught:
            await CALLS[call](client)
    assert "session started" in caplog.text
    texts = [*texts_of(caught.value), repr(stage.panel.events)]
    assert_no_code_in(texts + texts_of_records(caplog.records))


@pytest.mark.parametrize("call", ["validate", "arm", "execute", "execute in the connected system"])
async def test_no_code_in_what_a_late_reply_logs(call: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    came, gave_up = anyio.Event(), anyio.Event()

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        request = await panel.request()
        came.set()
        await gave_up.wait()
        # A panel that sends back what it was sent, twice: no reply at first, then a late one.
        for _ in range(2):
            await panel.say_message(request.message, request.tag)
        await panel.acknowledge()

    async with play(script) as stage, stage.client() as client:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(CALLS[call], client)
            await came.wait()
            tasks.cancel_scope.cancel()
        gave_up.set()
        await client.turn_unit_on(1)
    assert "LateReply" in caplog.text
    assert_no_code_in(texts_of_records(caplog.records))


async def test_no_code_in_a_notification_that_is_not_understood(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[Notification | EventsLost | ConnectionLost] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.enable_notifications()
        request = await panel.request()
        # The client's own message, sent back unasked.
        await panel.notify(request.message)
        await panel.reply(request, Message(0x4B, b"\0"))

    def failing(event: Notification | EventsLost | ConnectionLost) -> None:
        told.append(event)
        raise RuntimeError(f"failed on {event!r}")

    async with play(script) as stage, stage.client() as client:
        await client.subscribe(failing)
        await client.execute_security_command(1, SecurityMode.OFF, RIGHT)
        assert len(told) == 1
    assert "failed on" in caplog.text
    assert_no_code_in([*map(repr, told), *texts_of_records(caplog.records)])

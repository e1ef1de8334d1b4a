"""What is logged and printed: nothing by default, and never a key."""

import logging
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from omnilink_sansio import (
    InvalidEncryptionKeyError,
    OmniConnectionError,
    Packet,
    PacketType,
    derive_session_key,
)
from tests.anyio_adapter.homes import KEY, serve_home
from tests.anyio_adapter.scripts import OMNI, SESSION_ID, ScriptedPanel, play

ROOT = Path(__file__).parents[2]


def spellings(secret: bytes) -> list[str]:
    """Return the ways in which bytes get into texts."""
    return [
        secret.hex(),
        secret.hex(" "),
        repr(secret)[2:-1],
        repr(bytearray(secret))[12:-2],
        str(list(secret))[1:-1],
        str(int.from_bytes(secret)),
    ]


SECRETS = [
    spelling
    for secret in (KEY, SESSION_ID, bytes(derive_session_key(KEY, SESSION_ID)))
    for spelling in spellings(secret)
]


def texts_of(error: BaseException | None) -> list[str]:
    texts: list[str] = []
    while error is not None:
        texts += [str(error), repr(error), repr(vars(error))]
        error = error.__cause__ or error.__context__
    return texts


def assert_no_secret_in(texts: list[str]) -> None:
    for text in texts:
        assert not [spelling for spelling in SECRETS if spelling in text]


@pytest.mark.anyio
async def test_no_key_in_any_record_text_form_or_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    gave_up = anyio.Event()
    sent = anyio.Event()
    texts: list[str] = []

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        request = await panel.request()
        sent.set()
        await gave_up.wait()
        await panel.reply(request, OMNI.to_message())
        offer = Packet(9, PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, b"\0\1" + SESSION_ID)
        await panel.stream.send(offer.encode())
        await panel.acknowledge()
        await panel.request()
        await panel.stream.send(b"\0\1\x63\0" + SESSION_ID)

    async with play(script) as stage, stage.client() as client:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.get_system_information)
            await sent.wait()
            tasks.cancel_scope.cancel()
        gave_up.set()
        await client.turn_unit_on(1)
        texts += [repr(client), repr(client.connection), repr(client.connection._machine)]
        with pytest.raises(OmniConnectionError) as caught:
            await client.get_system_information()
        texts += texts_of(caught.value)
    messages = [record.getMessage() for record in caplog.records]
    assert any("session started" in message for message in messages)
    assert any("LateReply" in message for message in messages)
    assert any("PacketDropped" in message for message in messages)
    assert any("session ended" in message for message in messages)
    assert_no_secret_in(texts + messages + [repr(vars(record)) for record in caplog.records])


@pytest.mark.anyio
async def test_no_key_in_what_a_wrong_key_raises(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with serve_home() as home:
        client = home.client(key=bytes(reversed(KEY)))
        with pytest.raises(InvalidEncryptionKeyError) as caught:
            await client.connection.connect()
    records = [repr(vars(record)) for record in caplog.records]
    wrong = spellings(bytes(reversed(KEY)))
    for text in [*texts_of(caught.value), *records, repr(client), repr(home.served.panel)]:
        assert not [spelling for spelling in (*SECRETS, *wrong) if spelling in text]


PROGRAM = """
import anyio
from omnilink_anyio import MockPanel, OmniClient
from omnilink_sansio import InvalidEncryptionKeyError, OmniConnectionError

async def main():
    panel = MockPanel(controller_key=bytes(16))
    async with panel.serve() as served:
        async with OmniClient(served.host, served.port, controller_key=bytes(16)) as client:
            await client.turn_unit_on(1)
        try:
            async with OmniClient(served.host, served.port, controller_key=bytes(range(16))):
                raise SystemExit("online with the wrong key")
        except InvalidEncryptionKeyError:
            pass
    try:
        await client.get_system_status()
    except OmniConnectionError:
        pass

for backend in ("asyncio", "trio"):
    anyio.run(main, backend=backend)
"""


def test_nothing_is_printed() -> None:
    command = [sys.executable, "-X", "dev", "-c", PROGRAM]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_the_logger_is_quiet_until_it_is_configured() -> None:
    handlers = logging.getLogger("omnilink.anyio").handlers
    assert [type(handler) for handler in handlers] == [logging.NullHandler]

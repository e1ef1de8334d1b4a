"""A serial port as a byte stream on both event loops, over pseudo-terminals and through bridges."""

import errno
import os
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from anyio.abc import ByteStream
from serialx import BaseSerial, UnsupportedSetting

from omnilink_anyio import OmniClient, open_serial, serial_port
from omnilink_sansio import ControllerEndReason, EndReason, LocalProtocolError, OmniConnectionError
from omnilink_sansio.objects import ObjectType, UnitStatus
from tests.anyio_adapter.homes import KEY, PATIENCE, serve_home
from tests.serial_ports import (
    ALL_BYTES,
    BRIDGES,
    DescriptorStream,
    PtyPair,
    bridge_to_tcp,
    open_pty_pair,
)

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]

GONE = (anyio.EndOfStream, anyio.BrokenResourceError)

MORE_THAN_FITS = ALL_BYTES * 1024
"""A line of this kind holds some thousands of bytes."""


@pytest.fixture
def pair() -> Iterator[PtyPair]:
    with open_pty_pair() as pair:
        yield pair


async def opened(pair: PtyPair) -> ByteStream:
    """Open the pair's port."""
    stream = await open_serial(pair.path)
    assert isinstance(stream, ByteStream)
    return stream


async def receive(stream: ByteStream, size: int) -> bytes:
    """Return so many bytes from a stream."""
    received = b""
    with anyio.fail_after(PATIENCE):
        while len(received) < size:
            received += await stream.receive()
    return received


# A session.


async def a_whole_session(client: OmniClient) -> None:
    """Send messages, and get an event."""
    async with client:
        await client.get_system_information()
        async with client.events() as events:
            await client.turn_unit_on(1)
            assert await anext(events) == UnitStatus(1, 1, 0)
        assert await client.get_object_status(ObjectType.UNIT, 1) == [UnitStatus(1, 1, 0)]


async def test_a_session_with_a_panel_at_the_other_end(pair: PtyPair) -> None:
    async with serve_home() as home, anyio.create_task_group() as tasks:
        tasks.start_soon(home.served.serve_stream, DescriptorStream(pair))
        await a_whole_session(OmniClient.over(await open_serial(pair.path, 38400), controller_key=KEY))
        assert home.recorder.ends == [ControllerEndReason.CLIENT_TERMINATED]


async def test_the_client_closes_its_port_which_another_then_opens(pair: PtyPair) -> None:
    for _ in range(2):
        async with serve_home() as home, anyio.create_task_group() as tasks:
            tasks.start_soon(home.served.serve_stream, DescriptorStream(pair))
            await a_whole_session(OmniClient.over(await open_serial(pair.path), controller_key=KEY))


async def test_a_port_that_vanishes_is_a_connection_lost(pair: PtyPair) -> None:
    async with serve_home() as home, anyio.create_task_group() as tasks:
        far = DescriptorStream(pair)
        tasks.start_soon(home.served.serve_stream, far)
        async with OmniClient.over(await open_serial(pair.path), controller_key=KEY) as client:
            async with client.events() as events:
                await client.turn_unit_on(1)
                await anext(events)
                await far.aclose()
                pair.pull()
                with pytest.raises(OmniConnectionError) as raised:
                    await anext(events)
            assert raised.value.end is EndReason.LOST


# Bytes.


async def test_every_byte_passes_unchanged_both_ways(pair: PtyPair) -> None:
    async with await opened(pair) as stream:
        await stream.send(ALL_BYTES)
        assert pair.read(256) == ALL_BYTES
        pair.write(ALL_BYTES)
        assert await receive(stream, 256) == ALL_BYTES
        # No echo either.
        with anyio.move_on_after(0) as scope:
            await stream.receive()
        assert scope.cancelled_caught


async def test_no_more_is_received_than_asked_for(pair: PtyPair) -> None:
    async with await opened(pair) as stream:
        pair.write(ALL_BYTES)
        assert await stream.receive(1) == ALL_BYTES[:1]
        piece = await stream.receive(100)
        assert 1 <= len(piece) <= 100
        assert piece + await receive(stream, 255 - len(piece)) == ALL_BYTES[1:]


async def test_receiving_waits_without_hindering_others(pair: PtyPair) -> None:
    received: list[bytes] = []

    async def wait() -> None:
        received.append(await stream.receive())

    with anyio.fail_after(PATIENCE):
        async with await opened(pair) as stream, anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            await anyio.wait_all_tasks_blocked()
            assert received == []
            await stream.send(b"while one waits")
            assert pair.read(15) == b"while one waits"
            pair.write(b"!")
    assert received == [b"!"]


async def test_much_waits_for_a_slow_reader_and_arrives_in_order(pair: PtyPair) -> None:
    is_sent = anyio.Event()

    async def send() -> None:
        await stream.send(MORE_THAN_FITS)
        is_sent.set()

    with anyio.fail_after(PATIENCE):
        async with await opened(pair) as stream, anyio.create_task_group() as tasks:
            tasks.start_soon(send)
            await anyio.wait_all_tasks_blocked()
            assert not is_sent.is_set()
            far, received = DescriptorStream(pair), bytearray()
            while len(received) < len(MORE_THAN_FITS):
                received += await far.receive(128)
            await is_sent.wait()
    assert bytes(received) == MORE_THAN_FITS


async def test_receiving_gives_others_their_turn_though_there_is_always_something(pair: PtyPair) -> None:
    async with await opened(pair) as stream:
        pair.write(ALL_BYTES)
        with anyio.CancelScope() as scope:
            scope.cancel()
            await stream.receive(1)
        assert scope.cancelled_caught
        with anyio.CancelScope() as scope:
            scope.cancel()
            await stream.send(b"1")
        assert scope.cancelled_caught
        # What was cancelled took nothing, and sent nothing.
        assert await receive(stream, 256) == ALL_BYTES
        await stream.send(b"2")
        assert pair.read(1) == b"2"


# Ends.


async def test_a_port_that_vanishes_wakes_who_waits_for_it(pair: PtyPair) -> None:
    async def wait() -> None:
        with pytest.raises(GONE):
            await stream.receive()

    with anyio.fail_after(PATIENCE):
        async with await opened(pair) as stream, anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            await anyio.wait_all_tasks_blocked()
            pair.pull()


async def test_a_port_that_vanishes_ends_reading_and_writing(pair: PtyPair) -> None:
    with anyio.fail_after(PATIENCE):
        async with await opened(pair) as stream:
            pair.pull()
            with pytest.raises(GONE):
                await stream.receive()
            with pytest.raises(anyio.BrokenResourceError):
                await stream.send(b"anybody?")


async def test_a_port_that_vanishes_ends_a_write_that_waits(pair: PtyPair) -> None:
    async def send() -> None:
        with pytest.raises(anyio.BrokenResourceError):
            await stream.send(MORE_THAN_FITS)

    with anyio.fail_after(PATIENCE):
        async with await opened(pair) as stream, anyio.create_task_group() as tasks:
            tasks.start_soon(send)
            await anyio.wait_all_tasks_blocked()
            pair.pull()


async def test_a_device_that_fails_is_an_end(pair: PtyPair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pseudo-terminals hang up when the other end is gone; drivers of adapters may report an error."""

    def fail(descriptor: int, size: int) -> bytes:
        del descriptor, size
        raise OSError(errno.EIO, "Input/output error")

    async with await opened(pair) as stream:
        with monkeypatch.context() as patched:
            patched.setattr("os.read", fail)
            with pytest.raises(anyio.BrokenResourceError) as raised:
                await stream.receive()
    assert isinstance(raised.value.__cause__, OSError)


async def test_closing_wakes_who_waits(pair: PtyPair) -> None:
    woken: list[str] = []

    async def wait() -> None:
        with pytest.raises(anyio.ClosedResourceError):
            await stream.receive()
        woken.append("reader")

    async def send() -> None:
        with pytest.raises(anyio.ClosedResourceError):
            await stream.send(MORE_THAN_FITS)
        woken.append("writer")

    stream = await opened(pair)
    with anyio.fail_after(PATIENCE):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            tasks.start_soon(send)
            await anyio.wait_all_tasks_blocked()
            await stream.aclose()
    assert sorted(woken) == ["reader", "writer"]


async def test_a_closed_port_is_used_no_more_though_its_descriptor_is_anothers(pair: PtyPair) -> None:
    stream = await opened(pair)
    await stream.aclose()
    with open_pty_pair() as other, anyio.fail_after(PATIENCE):
        os.set_blocking(other.far, False)
        with pytest.raises(anyio.ClosedResourceError):
            await stream.receive()
        with pytest.raises(anyio.ClosedResourceError):
            await stream.send(b"1")
        await stream.aclose()


async def test_a_port_is_closed_by_who_is_cancelled_too(pair: PtyPair) -> None:
    stream = await opened(pair)
    with anyio.CancelScope() as scope:
        scope.cancel()
        await stream.aclose()
    # It can be opened again: nobody holds its lock.
    await (await opened(pair)).aclose()


async def test_a_line_has_no_end_to_send(pair: PtyPair) -> None:
    async with await opened(pair) as stream:
        with pytest.raises(NotImplementedError, match="aclose"):
            await stream.send_eof()


# Opening.


@pytest.mark.parametrize(
    ("baud_rate", "flag"), [(9600, termios.B9600), (300, termios.B300), (38400, termios.B38400)]
)
async def test_the_baud_rate_is_set(pair: PtyPair, baud_rate: int, flag: int) -> None:
    await (await open_serial(pair.path, baud_rate)).aclose()
    assert pair.baud_rate_flag() == flag


async def test_it_is_9600_when_nothing_is_said(pair: PtyPair) -> None:
    await (await open_serial(pair.path, 300)).aclose()
    await (await open_serial(pair.path)).aclose()
    assert pair.baud_rate_flag() == termios.B9600


async def test_8_data_bits_no_parity_1_stop_bit_no_flow_control(pair: PtyPair) -> None:
    await (await open_serial(pair.path)).aclose()
    iflag, oflag, cflag, lflag = pair.flags()
    assert cflag & (termios.CSIZE | termios.PARENB | termios.CSTOPB | termios.CRTSCTS) == termios.CS8
    assert (iflag, oflag, lflag) == (0, 0, 0)


@pytest.mark.parametrize("baud_rate", [0, -1])
async def test_a_baud_rate_that_is_none_is_refused(pair: PtyPair, baud_rate: int) -> None:
    with pytest.raises(LocalProtocolError, match="baud rate"):
        await open_serial(pair.path, baud_rate)


@pytest.mark.parametrize(
    "path", ["/dev/no-such-port", "", "/dev/null", "/tmp", "socket://127.0.0.1:9", "[", "\0"]
)
async def test_what_cannot_be_opened_is_a_connection_error_that_names_it(path: str) -> None:
    with pytest.raises(OmniConnectionError) as raised:
        await open_serial(path)
    assert f"serial port {path} (" in str(raised.value)
    assert raised.value.end is EndReason.UNREACHABLE


async def test_a_rate_that_the_system_does_not_have_is_a_connection_error(
    pair: PtyPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serialx.serial_for_url", refuse)
    with pytest.raises(OmniConnectionError, match="no such rate"):
        await open_serial(pair.path, 12345)


def refuse(url: str, **settings: object) -> BaseSerial:
    """Refuse what is asked for, as the library does on systems that have only some rates."""
    raise UnsupportedSetting(f"{url}: no such rate: {settings['baudrate']}")


async def test_a_port_is_open_once_at_a_time(pair: PtyPair) -> None:
    async with await opened(pair):
        with pytest.raises(OmniConnectionError, match="locked"):
            await open_serial(pair.path)
    await (await opened(pair)).aclose()


async def test_where_ports_cannot_be_waited_for_it_says_what_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serial_port, "_IS_POSIX", False)
    with pytest.raises(OmniConnectionError, match=r"COM3.*omnilink_sync.*bridge"):
        await open_serial("COM3")


# The extra.


async def test_without_its_library_it_says_which_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """That everything else is imported without it test_imports.py shows."""
    monkeypatch.setitem(sys.modules, "serialx", None)
    with pytest.raises(ImportError, match=r"pip install 'omnilink-sansio\[serial\]'"):
        await open_serial("/dev/ttyS0")


# Bridges.


@pytest.mark.parametrize("program", BRIDGES)
async def test_a_session_through_a_bridge(pair: PtyPair, program: str, tmp_path: Path) -> None:
    with bridge_to_tcp(program, pair.path, tmp_path) as port:
        async with serve_home() as home, anyio.create_task_group() as tasks:
            tasks.start_soon(home.served.serve_stream, DescriptorStream(pair))
            await a_whole_session(OmniClient("127.0.0.1", port, controller_key=KEY))
            assert await home.recorder.first_end() is ControllerEndReason.CLIENT_TERMINATED

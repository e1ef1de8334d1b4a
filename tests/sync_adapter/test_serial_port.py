"""A serial port as a transport for blocking code, over pseudo-terminals and through a bridge."""

import sys
import termios
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from serialx import BaseSerial, UnsupportedSetting

from omnilink_sansio import EndReason, LocalProtocolError, OmniConnectionError
from omnilink_sync import Transport, open_serial, open_tcp, serial_port
from omnilink_sync.transport import GRACE, TRANSPORT_ERRORS
from tests.serial_ports import ALL_BYTES, BRIDGES, PtyPair, bridge_to_tcp, open_pty_pair

ROOT = Path(__file__).parents[2]

PATIENCE = 20.0
"""Seconds after which a test that hangs fails; nothing waits for them when all is well."""

MORE_THAN_FITS = 1_000_000
"""Bytes; a line of this kind holds some thousands."""


@pytest.fixture
def pair() -> Iterator[PtyPair]:
    with open_pty_pair() as pair:
        yield pair


@pytest.fixture(params=["waited for", "looked at"])
def port(
    request: pytest.FixtureRequest, pair: PtyPair, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Transport]:
    """The port of the pair, in both ways: with a descriptor, and as where there are none."""
    monkeypatch.setattr(serial_port, "_IS_POSIX", request.param == "waited for")
    port = open_serial(pair.path)
    try:
        yield port
    finally:
        port.close()


def in_time(call: Callable[[], object]) -> tuple[object, BaseException | None]:
    """Return what a call returns or raises; fail when it does neither in time."""
    outcomes: list[tuple[object, BaseException | None]] = []

    def run() -> None:
        try:
            outcomes.append((call(), None))
        except TRANSPORT_ERRORS as error:
            outcomes.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE / 2)
    (outcome,) = outcomes
    return outcome


def receive(port: Transport, size: int) -> bytes:
    """Return so many bytes from a port."""
    received = b""
    while len(received) < size:
        piece = port.receive(PATIENCE)
        assert piece is not None, f"{len(received)} of {size} bytes came"
        received += piece
    return received


def test_every_byte_passes_unchanged_both_ways(pair: PtyPair, port: Transport) -> None:
    port.send(ALL_BYTES)
    assert pair.read(256) == ALL_BYTES
    pair.write(ALL_BYTES)
    assert receive(port, 256) == ALL_BYTES
    # No echo either.
    assert in_time(lambda: port.receive(0)) == (None, None)


@pytest.mark.parametrize("timeout", [0.0, 0.001, -1.0])
def test_nothing_to_read_is_none(port: Transport, timeout: float) -> None:
    assert in_time(lambda: port.receive(timeout)) == (None, None)


def test_one_thread_reads_while_another_writes(pair: PtyPair, port: Transport) -> None:
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(receive(port, 4)))
    reader.start()
    for _ in range(20):
        port.send(ALL_BYTES)
        assert pair.read(256) == ALL_BYTES
    pair.write(b"done")
    reader.join(PATIENCE)
    assert received == [b"done"]


def test_much_reaches_a_slow_reader_in_order(pair: PtyPair, port: Transport) -> None:
    # Each more than the line holds, so that sending waits for the reader; each read in time.
    rounds, piece = 10, ALL_BYTES * 128
    received = bytearray()

    def read_slowly() -> None:
        while len(received) < rounds * len(piece):
            received.extend(pair.read(128))

    reader = threading.Thread(target=read_slowly)
    reader.start()
    for _ in range(rounds):
        port.send(piece)
    reader.join(PATIENCE)
    assert bytes(received) == piece * rounds


def test_a_reader_that_takes_nothing_is_found_out(port: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    assert GRACE <= 1.0
    monkeypatch.setattr(serial_port, "GRACE", 0.05)
    _, error = in_time(lambda: port.send(bytes(MORE_THAN_FITS)))
    assert isinstance(error, TimeoutError)


def test_a_port_that_vanishes_ends_reading_and_writing(pair: PtyPair, port: Transport) -> None:
    pair.pull()
    with pytest.raises(TRANSPORT_ERRORS):
        port.receive(PATIENCE)
    with pytest.raises(TRANSPORT_ERRORS):
        port.send(b"anybody?")


def test_a_port_that_vanishes_wakes_who_waits_for_it(pair: PtyPair, port: Transport) -> None:
    began = threading.Event()

    def receive_from_now() -> object:
        began.set()
        return port.receive(PATIENCE)

    def pull() -> None:
        began.wait(PATIENCE)
        pair.pull()

    puller = threading.Thread(target=pull)
    puller.start()
    _, error = in_time(receive_from_now)
    puller.join()
    assert isinstance(error, TRANSPORT_ERRORS)


def test_a_port_that_is_hung_up_says_what_to_look_at(pair: PtyPair) -> None:
    port = open_serial(pair.path)
    pair.pull()
    with pytest.raises(EOFError, match="plugged in"):
        port.receive(PATIENCE)
    port.close()


def test_a_read_that_finds_nothing_after_all_is_none(pair: PtyPair, monkeypatch: pytest.MonkeyPatch) -> None:
    def find_nothing(descriptor: int, size: int) -> bytes:
        del descriptor, size
        raise BlockingIOError

    port = open_serial(pair.path)
    pair.write(b"?")
    with monkeypatch.context() as patched:
        patched.setattr("os.read", find_nothing)
        assert port.receive(PATIENCE) is None
    port.close()


# Opening and closing.


@pytest.mark.parametrize(
    ("baud_rate", "flag"), [(9600, termios.B9600), (300, termios.B300), (38400, termios.B38400)]
)
def test_the_baud_rate_is_set(pair: PtyPair, baud_rate: int, flag: int) -> None:
    open_serial(pair.path, baud_rate).close()
    assert pair.baud_rate_flag() == flag


def test_it_is_9600_when_nothing_is_said(pair: PtyPair) -> None:
    open_serial(pair.path, 300).close()
    open_serial(pair.path).close()
    assert pair.baud_rate_flag() == termios.B9600


def test_8_data_bits_no_parity_1_stop_bit_no_flow_control(pair: PtyPair) -> None:
    open_serial(pair.path).close()
    iflag, oflag, cflag, lflag = pair.flags()
    assert cflag & (termios.CSIZE | termios.PARENB | termios.CSTOPB | termios.CRTSCTS) == termios.CS8
    assert (iflag, oflag, lflag) == (0, 0, 0)


@pytest.mark.parametrize("baud_rate", [0, -1])
def test_a_baud_rate_that_is_none_is_refused(pair: PtyPair, baud_rate: int) -> None:
    with pytest.raises(LocalProtocolError, match="baud rate"):
        open_serial(pair.path, baud_rate)


@pytest.mark.parametrize(
    "path", ["/dev/no-such-port", "", "/dev/null", "/tmp", "socket://127.0.0.1:9", "[", "\0"]
)
def test_what_cannot_be_opened_is_a_connection_error_that_names_it(path: str) -> None:
    with pytest.raises(OmniConnectionError) as raised:
        open_serial(path)
    assert f"serial port {path} (" in str(raised.value)
    assert raised.value.end is EndReason.UNREACHABLE


def test_a_rate_that_the_system_does_not_have_is_a_connection_error(
    pair: PtyPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serialx.serial_for_url", refuse)
    with pytest.raises(OmniConnectionError, match="no such rate"):
        open_serial(pair.path, 12345)


def refuse(url: str, **settings: object) -> BaseSerial:
    """Refuse what is asked for, as the library does on systems that have only some rates."""
    raise UnsupportedSetting(f"{url}: no such rate: {settings['baudrate']}")


def test_a_port_is_open_once_at_a_time(pair: PtyPair) -> None:
    first = open_serial(pair.path)
    with pytest.raises(OmniConnectionError, match="locked"):
        open_serial(pair.path)
    first.close()
    open_serial(pair.path).close()


def open_descriptors() -> set[Path]:
    return {entry.readlink() for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()}


def test_a_port_that_failed_to_open_leaves_no_descriptor_behind(pair: PtyPair) -> None:
    first = open_serial(pair.path)
    before = open_descriptors()
    with pytest.raises(OmniConnectionError):
        open_serial(pair.path)
    assert open_descriptors() == before
    first.close()


# The extra.


def test_without_its_library_it_says_which_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """That everything else is imported without it anyio_adapter/test_imports.py shows."""
    monkeypatch.setitem(sys.modules, "serialx", None)
    with pytest.raises(ImportError, match=r"pip install 'omnilink-sansio\[serial\]'"):
        open_serial("/dev/ttyS0")


# A bridge.


@pytest.mark.parametrize("program", BRIDGES)
def test_every_byte_passes_a_bridge_unchanged(pair: PtyPair, program: str, tmp_path: Path) -> None:
    with bridge_to_tcp(program, pair.path, tmp_path) as tcp_port:
        transport = open_tcp("127.0.0.1", tcp_port)
        transport.send(ALL_BYTES)
        assert pair.read(256) == ALL_BYTES
        pair.write(ALL_BYTES)
        assert receive(transport, 256) == ALL_BYTES
        transport.close()

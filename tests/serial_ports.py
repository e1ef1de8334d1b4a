"""Serial lines without a wire: pseudo-terminal pairs, and programs that bridge a serial port to TCP."""

import os
import select
import shutil
import socket
import subprocess
import termios
import time
import tty
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import anyio
import anyio.lowlevel
import pytest
from anyio.abc import ByteStream

__all__ = [
    "ALL_BYTES",
    "BRIDGES",
    "DescriptorStream",
    "PtyPair",
    "bridge_to_tcp",
    "open_pty_pair",
    "require_bridge",
]

ALL_BYTES = bytes(range(256))
"""XON, XOFF, carriage return, line feed, end of file and all the others."""

BRIDGES = ("socat", "ser2net")

REQUIRE_SOCAT = "OMNILINK_REQUIRE_SOCAT"
"""Set in the environment where a missing socat is a failure."""

_START = 10.0
"""Seconds within which a bridge listens, or something is wrong with it."""

_ATTEMPTS = 5
"""Ports that are tried: one that was free a moment ago may be taken."""


class PtyPair:
    """A line with a serial port, ``path``, at one end and a descriptor, ``far``, at the other."""

    def __init__(self) -> None:
        self.far, self._near = os.openpty()
        # As a wire is, before anybody opens the port; and it stays so when the port is closed between.
        tty.setraw(self._near)
        self.path = os.ttyname(self._near)
        self._is_there = True

    def baud_rate_flag(self) -> int:
        """Return which of the constants termios.B0 and so on the port is set to, the same in both directions."""
        *_, incoming, outgoing, _ = termios.tcgetattr(self._near)
        assert incoming == outgoing
        return int(outgoing)

    def flags(self) -> tuple[int, int, int, int]:
        """Return the port's input, output, control and local flags."""
        iflag, oflag, cflag, lflag, *_ = termios.tcgetattr(self._near)
        return iflag, oflag, cflag, lflag

    def write(self, data: bytes) -> None:
        """Send all of this to the port, from the far end; so much must fit into the line."""
        assert os.write(self.far, data) == len(data)

    def read(self, size: int) -> bytes:
        """Return so many bytes that the port sent, waiting for them."""
        received = b""
        while len(received) < size:
            ready, _, _ = select.select([self.far], [], [], _START)
            assert ready, f"{len(received)} of {size} bytes came"
            received += os.read(self.far, size - len(received))
        return received

    def pull(self) -> None:
        """Let the port vanish, as an adapter does that is pulled out."""
        if self._is_there:
            self._is_there = False
            os.close(self.far)

    def close(self) -> None:
        """Give both ends back."""
        self.pull()
        os.close(self._near)


@contextmanager
def open_pty_pair() -> Iterator[PtyPair]:
    """Make a pair for the time of a test."""
    pair = PtyPair()
    try:
        yield pair
    finally:
        pair.close()


class DescriptorStream(ByteStream):
    """The far end of a pair as a byte stream, for a panel to be served on. Closing it leaves the pair open."""

    def __init__(self, pair: PtyPair) -> None:
        self._descriptor = pair.far
        self._is_closed = False
        os.set_blocking(pair.far, False)

    async def receive(self, max_bytes: int = 65536) -> bytes:
        while True:
            await self._ready(anyio.wait_readable)
            try:
                return os.read(self._descriptor, max_bytes)
            except BlockingIOError:
                continue
            except OSError as error:
                raise anyio.BrokenResourceError from error

    async def send(self, item: bytes) -> None:
        left = memoryview(item)
        while left:
            await self._ready(anyio.wait_writable)
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise anyio.BrokenResourceError from error

    async def _ready(self, wait: Callable[[int], Awaitable[None]]) -> None:
        if not self._is_closed:
            await wait(self._descriptor)
        if self._is_closed:
            raise anyio.ClosedResourceError

    async def send_eof(self) -> None:
        raise NotImplementedError

    async def aclose(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            anyio.notify_closing(self._descriptor)
        await anyio.lowlevel.checkpoint()


# Bridges.


def require_bridge(program: str) -> str:
    """Return where a bridge program is; skip the test, or fail it where it must not be skipped."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if found is not None:
        return found
    reason = f"{program} is not installed (Debian's package {program})"
    if program == "socat" and os.environ.get(REQUIRE_SOCAT):
        pytest.fail(f"{reason}, and {REQUIRE_SOCAT} is set")
    pytest.skip(reason)


@contextmanager
def bridge_to_tcp(program: str, path: str, folder: Path) -> Iterator[int]:
    """Have a program bridge a serial port to TCP on 127.0.0.1; the value is its port, open for one client."""
    executable = require_bridge(program)
    start = {"socat": _start_socat, "ser2net": _start_ser2net}[program]
    with ExitStack() as running:
        for _ in range(_ATTEMPTS):
            port = _free_port()
            process = running.enter_context(_ended_afterwards(start(executable, port, path, folder)))
            listens = _socat_listens if program == "socat" else _ser2net_listens
            if listens(process, port):
                yield port
                return
            running.close()
        pytest.fail(f"{program} did not listen on any of {_ATTEMPTS} ports within {_START:g} s each")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def _ended_afterwards(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    with process:
        try:
            yield process
        finally:
            process.kill()


def _start_socat(executable: str, port: int, path: str, folder: Path) -> subprocess.Popen[bytes]:
    del folder
    listening, device = f"TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr,nodelay", f"FILE:{path},raw,echo=0"
    return subprocess.Popen([executable, "-d", "-d", listening, device], stderr=subprocess.PIPE)


def _socat_listens(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait for it to say that it listens."""
    del port
    assert process.stderr is not None
    return any(b" listening on " in line for line in _lines_in_time(process.stderr))


def _lines_in_time(stream: IO[bytes]) -> Iterator[bytes]:
    until, line = time.monotonic() + _START, b""
    while select.select([stream], [], [], max(until - time.monotonic(), 0.0))[0]:
        piece = os.read(stream.fileno(), 4096)
        if not piece:
            return
        *lines, line = (line + piece).split(b"\n")
        yield from lines


_SER2NET_CONFIGURATION = """\
%YAML 1.1
---
connection: &panel
  accepter: tcp,127.0.0.1,{port}
  connector: serialdev,{path},9600n81,local
  options:
    mdns: false
"""


def _start_ser2net(executable: str, port: int, path: str, folder: Path) -> subprocess.Popen[bytes]:
    configuration = folder / "ser2net.yaml"
    configuration.write_text(_SER2NET_CONFIGURATION.format(port=port, path=path), encoding="ascii")
    command = [executable, "-n", "-u", "-c", str(configuration)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _ser2net_listens(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until it listens. It does not say so, and whoever tried would be its one client: the system knows."""
    until = time.monotonic() + _START
    while process.poll() is None and time.monotonic() < until:
        if _is_listening(port):
            return True
        time.sleep(0.005)
    return False


_LISTEN = "0A"


def _is_listening(port: int) -> bool:
    _, *sockets = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
    return any(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == _LISTEN for line in sockets)

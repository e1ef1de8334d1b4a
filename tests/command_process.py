"""The ``omnilink`` command in a process of its own, forked from one that has loaded it.

Most of what a new interpreter does is importing. What is forked has that behind it; then it begins as
``python -m omnilink_anyio.cli`` does, with an input, output, environment, folder and signals of its own, and ends
as every interpreter does. Where nothing can be forked a new interpreter is started for each.
"""

import atexit
import functools
import gc
import json
import os
import re
import runpy
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NoReturn, TypeAlias

import anyio

from omnilink_anyio.cli.options import KEY_VARIABLE

__all__ = ["PATIENCE", "CommandProcess", "Program", "environment_with", "running", "start_command"]

ROOT = Path(__file__).parents[1]

MODULE = "omnilink_anyio.cli"

PATIENCE = 20.0
"""Seconds after which a test that hangs fails; nothing waits for them when all is well."""

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
"""Those that whoever starts a program may have it ignore; some systems have not all of them."""

_NUMBER = 4
"""Bytes of a process ID and of an exit code."""


class ForkedProcess:
    """A process that another one forked, and which that one reports on; used as `subprocess.Popen` is."""

    def __init__(self, reports: socket.socket) -> None:
        self._reports = reports
        self._code: int | None = None
        self._pid = self._number()

    def _number(self) -> int:
        data = self._reports.recv(_NUMBER, socket.MSG_WAITALL)
        assert len(data) == _NUMBER, "the process that forks has ended"
        return int.from_bytes(data, signed=True)

    def send_signal(self, sig: int, /) -> None:
        """Send a signal, unless it has ended."""
        if self._code is None:
            # It may have ended, which is only known when it is waited for.
            with suppress(ProcessLookupError):
                os.kill(self._pid, sig)

    def kill(self) -> None:
        """End it by force, unless it has ended."""
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, and return the exit code; that of a signal is negative."""
        if self._code is None:
            self._reports.settimeout(timeout)
            self._code = self._number()
            self._reports.close()
        return self._code


CommandProcess: TypeAlias = "ForkedProcess | subprocess.Popen[bytes]"


class Program:
    """The command with pipes to it, and what it says."""

    def __init__(self, process: CommandProcess, commands: IO[str], output: IO[str]) -> None:
        self.process = process
        self.input = commands
        self.output = output
        self.said: list[str] = []
        # One that says nothing any more ends here, and so does the test.
        self._deadline = threading.Timer(PATIENCE, process.kill)
        self._deadline.start()

    def until(self, pattern: str) -> re.Match[str]:
        """Read on to a line in which this is found."""
        for line in self.output:
            self.said.append(line.rstrip("\n"))
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"nothing like {pattern!r} in {self.said}")

    def type(self, line: str) -> None:
        """Send a line."""
        self.input.write(line + "\n")
        self.input.flush()

    def end(self) -> int:
        """Read what is left, and return the exit code."""
        self.said += [line.rstrip("\n") for line in self.output]
        return self.process.wait(PATIENCE)

    def give_up(self) -> None:
        """End it whatever it does, and close the pipes."""
        self._deadline.cancel()
        self.process.kill()
        self.process.wait(PATIENCE)
        for pipe in (self.input, self.output):
            # What was written last may have found nobody.
            with suppress(BrokenPipeError):
                pipe.close()


def environment_with(key: bytes | None, **more: str) -> dict[str, str]:
    """Return the environment, with this controller key or with none."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **more}
    environment.pop(KEY_VARIABLE, None)
    return environment if key is None else {**environment, KEY_VARIABLE: key.hex()}


@contextmanager
def running(
    *arguments: str,
    key: bytes | None = None,
    folder: Path = ROOT,
    ignored: Sequence[str] = (),
    in_new_interpreter: bool = False,
) -> Iterator[Program]:
    """Run the command with a pipe at either end, until the context is left."""
    their_input, our_input = os.pipe()
    our_output, their_output = os.pipe()
    try:
        process = start_command(
            arguments,
            stdin=their_input,
            stdout=their_output,
            stderr=their_output,
            environment=environment_with(key),
            folder=folder,
            ignored=ignored,
            in_new_interpreter=in_new_interpreter,
        )
    finally:
        os.close(their_input)
        os.close(their_output)
    commands = os.fdopen(our_input, "w", encoding="utf-8")
    program = Program(process, commands, os.fdopen(our_output, encoding="utf-8"))
    try:
        yield program
    finally:
        program.give_up()


def start_command(
    arguments: Sequence[str],
    *,
    stdin: int,
    stdout: int,
    stderr: int,
    environment: Mapping[str, str],
    folder: Path = ROOT,
    ignored: Sequence[str] = (),
    in_new_interpreter: bool = False,
) -> CommandProcess:
    """Start ``omnilink`` with these descriptors, in a session of its own, ignoring these signals and no others.

    A new interpreter ignores those that are ignored here.
    """
    if in_new_interpreter or not hasattr(os, "fork"):
        return subprocess.Popen(
            [sys.executable, "-m", MODULE, *arguments],
            cwd=folder,
            env={**environment, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
    request = {
        "arguments": list(arguments),
        "environment": dict(environment),
        "folder": str(folder),
        "ignored": list(ignored),
    }
    ours, theirs = socket.socketpair()
    with theirs:
        channel = _forking_process()
        socket.send_fds(channel, [b"\n"], [stdin, stdout, stderr, theirs.fileno()])
        channel.sendall(json.dumps(request).encode() + b"\n")
    return ForkedProcess(ours)


@functools.cache
def _forking_process() -> socket.socket:
    """Start the process that forks, once; it ends when this one does."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.command_process", str(theirs.fileno())],
            cwd=ROOT,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


# In the process that forks, and in those that it forks.


def _serve(channel: socket.socket) -> None:
    """Fork a process for each request, to the end of them."""
    # All that any of them will load is loaded once; and none of them need look through that at its end.
    import omnilink_anyio.cli.panel_prompt  # noqa: F401

    anyio.run(anyio.sleep, 0)
    gc.freeze()
    while True:
        given, descriptors, _, _ = socket.recv_fds(channel, 1, 4)
        if not given:
            break
        request = _line(channel)
        if os.fork() == 0:
            channel.close()
            _start(json.loads(request), descriptors)
            return
        for descriptor in descriptors:
            os.close(descriptor)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _line(channel: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        line += channel.recv(65536)
    return line


def _start(request: dict[str, Any], descriptors: Sequence[int]) -> None:
    """Be the command; and in another process, report on that."""
    *standard, reports = descriptors
    pid = os.fork()
    if pid:
        for descriptor in standard:
            os.close(descriptor)
        _report(pid, socket.socket(fileno=reports))
    os.close(reports)
    os.setsid()
    for target, descriptor in enumerate(standard):
        os.dup2(descriptor, target)
        os.close(descriptor)
    for name in SIGNALS:
        number = getattr(signal, name)
        by_default = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        signal.signal(number, signal.SIG_IGN if name in request["ignored"] else by_default)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    encoding = os.environ.get("PYTHONIOENCODING", "utf-8")
    sys.stdin = open(0, encoding=encoding, closefd=False)  # noqa: SIM115 - Python's own are for ever, too
    sys.stdout = open(1, "w", encoding=encoding, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding=encoding, errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.argv = ["omnilink", *request["arguments"]]
    runpy.run_module(MODULE, run_name="__main__", alter_sys=True)


def _report(pid: int, reports: socket.socket) -> NoReturn:
    reports.sendall(pid.to_bytes(_NUMBER, signed=True))
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with suppress(BrokenPipeError):
        reports.sendall(code.to_bytes(_NUMBER, signed=True))
    os._exit(0)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))

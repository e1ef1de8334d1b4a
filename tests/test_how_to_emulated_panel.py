"""The how-to page about the emulated panel: its commands, scripts and tests all run."""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from click.testing import CliRunner

from omnilink_anyio.cli import main

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "how-to" / "emulated-panel.md"

PATIENCE = 20.0
"""Seconds after which a test that hangs fails; nothing waits for them when all is well."""


def fenced(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@contextmanager
def running(command: str, folder: Path) -> Iterator[tuple[IO[str], IO[str], list[str]]]:
    """Run a command of the page, on a free port and with a key of its own; return its input, its output."""
    program, *arguments = shlex.split(command)
    assert program == "omnilink"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    environment.pop("OMNILINK_KEY", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "omnilink_anyio.cli", *arguments, "--port", "0"],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    deadline = threading.Timer(PATIENCE, process.kill)
    deadline.start()
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdin, process.stdout, arguments
            process.stdin.close()
            process.stdout.read()
            assert process.wait() == 0
        finally:
            deadline.cancel()
            process.kill()


def test_the_commands(tmp_path: Path) -> None:
    serve, probe, _ = fenced("sh")
    printed, typed = fenced("text")
    with running(serve, tmp_path) as (commands, said, _):
        first = [said.readline() for _ in range(3)]
        found = re.search(r"port (\d+)", first[1])
        assert found is not None
        port = found[1]
        assert [line.replace(port, "14369") for line in first] == printed.splitlines(keepends=True)
        program, *arguments = shlex.split(probe.replace("14369", port).replace("panel.key", "{key}"))
        assert program == "omnilink"
        key = str(tmp_path / "panel.key")
        result = CliRunner().invoke(main, [part.replace("{key}", key) for part in arguments])
        assert ": fine: " in result.output
        commands.write(typed)
        commands.flush()
        told = said.read()
    for expected in (
        "zone 1 FRONT DOOR: not ready",
        "area 1 HOUSE: away",
        "fire alarm in area 1",
        "system reset",
    ):
        assert expected in told
    assert "1234" not in told


def test_the_plan_of_faults(tmp_path: Path) -> None:
    with running(fenced("sh")[2], tmp_path) as (commands, said, _):
        while "(UDP)" not in said.readline():
            pass
        commands.write("quit\n")


def names_of(program: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "how_to"}
    exec(compile(program, "how-to", "exec"), names)
    return names


def test_the_blocking_script() -> None:
    names = names_of(fenced("python")[0])
    assert names["watch_a_door"]().startswith("ZoneStatus(index=1")
    assert "cannot start another session" in names["ask_a_panel_that_has_no_session_left"]()


def test_the_awaited_script() -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        names_of(fenced("python")[1])
    shown = re.search(r"It prints `(.*)`\.", PAGE.read_text(encoding="utf-8"))
    assert shown is not None
    assert printed.getvalue() == shown[1] + "\n"


def test_the_fixture(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *sys.path]))
    pytester.makeconftest(fenced("python")[2])
    pytester.makepyfile(fenced("python")[3])
    pytester.runpytest_subprocess("-p", "no:cacheprovider", timeout=60).assert_outcomes(passed=1)

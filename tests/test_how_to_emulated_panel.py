"""The how-to page about the emulated panel: its commands, scripts and tests all run."""

import contextlib
import io
import os
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from omnilink_anyio.cli import main
from tests.command_process import Program, running

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "how-to" / "emulated-panel.md"


def fenced(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@contextmanager
def running_in(folder: Path, command: str) -> Iterator[Program]:
    """Run a command of the page, on a free port and with a key of its own, to its end."""
    name, *arguments = shlex.split(command)
    assert name == "omnilink"
    with running(*arguments, "--port", "0", folder=folder) as program:
        yield program
        program.input.close()
        assert program.end() == 0


def test_the_commands(tmp_path: Path) -> None:
    serve, probe, _ = fenced("sh")
    printed, typed = fenced("text")
    with running_in(tmp_path, serve) as panel:
        first = [panel.output.readline() for _ in range(3)]
        found = re.search(r"port (\d+)", first[1])
        assert found is not None
        port = found[1]
        assert [line.replace(port, "14369") for line in first] == printed.splitlines(keepends=True)
        program, *arguments = shlex.split(probe.replace("14369", port).replace("panel.key", "{key}"))
        assert program == "omnilink"
        key = str(tmp_path / "panel.key")
        result = CliRunner().invoke(main, [part.replace("{key}", key) for part in arguments])
        assert ": fine: " in result.output
        panel.input.write(typed)
        panel.input.flush()
        told = panel.output.read()
    for expected in (
        "zone 1 FRONT DOOR: not ready",
        "area 1 HOUSE: away",
        "fire alarm in area 1",
        "system reset",
    ):
        assert expected in told
    assert "1234" not in told


def test_the_plan_of_faults(tmp_path: Path) -> None:
    with running_in(tmp_path, fenced("sh")[2]) as panel:
        panel.until(re.escape("(UDP)"))
        panel.type("quit")


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
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)

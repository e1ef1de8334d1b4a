"""The ``omnilink`` command."""

import importlib
import tomllib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import anyio
import pytest
from click.testing import CliRunner
from rich.console import Console

from omnilink_anyio.cli import main
from omnilink_anyio.cli.demo import run_demo
from omnilink_anyio.cli.output import new_console, print_table, printable, words
from omnilink_sansio.simulator import demo_house
from tests.command_process import PATIENCE, environment_with, start_command

ROOT = Path(__file__).parents[2]
FRAMES = set("─│╭╮╰╯┌┐└┘━┃├┤┬┴┼╞╡╪")


def names() -> Iterator[str]:
    house = demo_house()
    for group in (house.zones, house.units, house.areas, house.thermostats):
        yield from (item.name for item in group.values())


def assert_shows_the_house(text: str) -> None:
    assert "Omni Pro II, firmware 4.0b" in text
    for title in ("Zones", "Units", "Areas", "Thermostats"):
        assert title in text
    missing = [name for name in names() if name not in text]
    assert missing == []
    assert "21.5 °C" in text
    assert "The panel reported: unit 1 is on." in text


def assert_is_plain(text: str) -> None:
    assert not FRAMES & set(text)
    assert "\x1b" not in text
    assert all(character.isprintable() or character == "\n" for character in text)


def test_the_demonstration_reads_a_house_and_switches_a_light() -> None:
    result = CliRunner().invoke(main, ["demo"])
    assert result.exception is None
    assert result.exit_code == 0
    assert_shows_the_house(result.output)
    assert_is_plain(result.output)


@pytest.mark.parametrize("columns", [None, "20", "200"])
def test_the_demonstration_runs_as_a_program_of_its_own(columns: str | None, tmp_path: Path) -> None:
    environment = {key: value for key, value in environment_with(None).items() if key != "COLUMNS"}
    environment |= {} if columns is None else {"COLUMNS": columns}
    said, failed = tmp_path / "output", tmp_path / "errors"
    with said.open("wb") as output, failed.open("wb") as errors:
        process = start_command(
            ["demo"],
            stdin=0,
            stdout=output.fileno(),
            stderr=errors.fileno(),
            environment=environment,
            in_new_interpreter=columns is None,
        )
        code = process.wait(PATIENCE)
    assert (code, failed.read_text("utf-8")) == (0, "")
    assert_shows_the_house(said.read_text("utf-8"))
    assert_is_plain(said.read_text("utf-8"))


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_terminal_gets_frames(backend: str) -> None:
    screen = StringIO()
    console = Console(
        force_terminal=True, file=screen, width=120, legacy_windows=False, _environ={"TERM": "xterm"}
    )
    anyio.run(run_demo, console, backend=backend)
    text = screen.getvalue()
    assert set(text) >= {"╭", "│", "╯"}
    assert "\x1b[" in text
    assert [name for name in names() if name not in text] == []


def test_help_names_the_command() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert "demo" in result.output
    assert CliRunner().invoke(main, ["demo", "--help"]).exit_code == 0


def test_an_unknown_command_is_an_error() -> None:
    assert CliRunner().invoke(main, ["no-such-command"]).exit_code == 2


def project() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def test_version_is_that_of_the_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    # So that the test says the same in a tree that is not installed.
    versions = {project()["name"]: "12.34"}
    monkeypatch.setattr("importlib.metadata.version", lambda name: versions[name])
    result = CliRunner().invoke(main, ["--version"])
    assert (result.exit_code, result.output) == (0, "omnilink, version 12.34\n")


def test_the_console_script_exists() -> None:
    module, _, attribute = project()["scripts"]["omnilink"].partition(":")
    assert getattr(importlib.import_module(module), attribute) is main


def test_names_cannot_drive_the_terminal() -> None:
    screen = StringIO()
    console = Console(force_terminal=True, file=screen, width=80, _environ={"TERM": "xterm"})
    print_table(console, "Zones", ("Name",), [("\x1b]0;owned\x07DOOR",), ("[red]WINDOW[/red]",)])
    text = screen.getvalue()
    assert "\x1b]0" not in text
    assert "\x07" not in text
    assert "?]0;owned?DOOR" in text
    assert "[red]WINDOW[/red]" in text
    assert printable("a\tb\u202ec") == "a?b?c"


def test_values_become_words() -> None:
    from omnilink_sansio.objects import SecurityMode

    assert words(SecurityMode.DAY_INSTANT) == "day instant"
    assert words(14) == "14"


def test_what_is_no_terminal_is_wide_enough_for_a_table() -> None:
    assert new_console().width >= 120 or new_console().is_terminal

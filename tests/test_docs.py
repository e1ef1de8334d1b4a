"""The documentation: its generated pages are in step with what they tell of, and its programs run."""

import contextlib
import io
import json
import re
import runpy
import textwrap
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest

import omnilink_anyio
import omnilink_sansio
from omnilink_anyio import MockPanel, OmniClient
from omnilink_sansio import CommandFailedError, InvalidEncryptionKeyError
from omnilink_sansio.commands import SecurityCommandResponse
from omnilink_sansio.objects import ObjectType, SecurityMode
from omnilink_sansio.operations import pause

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
KEY = bytes(range(16))


def fenced(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def programs(page: str) -> list[str]:
    return fenced(page, "python")


def lines_printed_by(program: str) -> list[str]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program, "tutorial.md", "exec"), {"__name__": "__main__"})
    return printed.getvalue().splitlines()


def written_by(script: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    # Where Python looks for modules when the script is run.
    monkeypatch.syspath_prepend(str(DOCS))
    pages: Callable[[], dict[str, str]] = runpy.run_path(str(DOCS / script))["pages"]
    return pages()


def test_the_state_page_is_drawn_from_the_tables() -> None:
    page: Callable[[], str] = runpy.run_path(str(DOCS / "state_tables.py"))["page"]
    assert (DOCS / "states.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize(
    ("scripts", "folder", "pattern"),
    [
        (("protocol_tables.py", "panel_tables.py", "house_file_pages.py"), "reference", "*.md"),
        (("api_pages.py",), "reference/api", "*.rst"),
    ],
)
def test_the_reference_is_written_from_the_library(
    scripts: tuple[str, ...], folder: str, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed = {
        path.name: path.read_text(encoding="utf-8")
        for path in (DOCS / folder).glob(pattern)
        if path.name != "index.md"
    }
    written: dict[str, str] = {}
    for script in scripts:
        written |= written_by(script, monkeypatch)
    assert committed == written


def test_the_reference_leads_to_every_page_of_it() -> None:
    index = (DOCS / "reference" / "index.md").read_text(encoding="utf-8")
    pages = {
        str(path.relative_to(DOCS / "reference").with_suffix(""))
        for path in (DOCS / "reference").rglob("*.*")
        if path.suffix in (".md", ".rst") and path.name != "index.md"
    }
    assert set(re.findall(r"^[a-z_/-]+$", index, re.MULTILINE)) == pages


def rows(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table under a heading, its head and rule left out."""
    text = (DOCS / "reference" / page).read_text(encoding="utf-8").partition(f"{heading}\n")[2]
    table = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert table is not None
    lines = table[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@pytest.mark.parametrize(
    ("page", "heading", "table"),
    [
        ("opcodes.md", "## Omni-Link II (v2)", "opcodes_v2"),
        ("opcodes.md", "## Omni-Link (v1)", "opcodes_v1"),
        ("objects.md", "# Objects", "object_types"),
        ("commands.md", "# Commands", "commands"),
        ("events.md", "## The event log", "event_log_types"),
    ],
)
def test_the_protocol_pages_have_every_row_of_the_vendors_tables(page: str, heading: str, table: str) -> None:
    vendor = json.loads((ROOT / "tests" / "tables" / f"{table}.json").read_text(encoding="utf-8"))
    numbers = [int(re.sub(r"0x\w+ \((\d+)\)", r"\1", cells[0])) for cells in rows(page, heading)]
    assert numbers == sorted({row["value"] for row in vendor})


def test_the_layout_of_a_zones_properties_is_that_of_the_vendor() -> None:
    # 20P00 §OBJECT PROPERTIES, zone properties: the data begins after the object type byte.
    shown = [(cells[0], cells[1], cells[2]) for cells in rows("objects.md", "### ZoneProperties")]
    assert shown == [
        ("0", "1", ""),
        ("1", "2", "`index`"),
        ("3", "1", "`status`"),
        ("4", "1", "`loop`"),
        ("5", "1", "`zone_type`"),
        ("6", "1", "`area`"),
        ("7", "1", "`options`"),
        ("8", "16", "`raw_name`"),
        ("24", "any", "`tail`"),
    ]


def test_the_commands_page_names_the_calls_that_send_each_command() -> None:
    calls = {
        cells[1]: re.findall(r"omnilink_sansio\.commands\.(\w+)", cells[6])
        for cells in rows("commands.md", "# Commands")
    }
    assert calls["UNIT_ON"] == ["turn_unit_on"]
    assert calls["DIM_1"] == calls["DIM_9"] == ["dim_unit"]
    assert calls["SECURITY_OFF"] == ["set_security_mode"]
    assert calls["SECURITY_NIGHT_DELAYED"] == ["set_lumina_mode", "set_security_mode"]
    assert calls["SHOW_MESSAGE_QUIETLY"] == ["show_message"]
    assert calls["TOGGLE"] == []


def test_every_public_name_is_in_the_api_reference() -> None:
    told = {
        name
        for page in (DOCS / "reference" / "api").glob("*.rst")
        for name in re.findall(
            r"^\.\. (?:auto\w+|py:data):: (\w+)$", page.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    names = runpy.run_path(str(DOCS / "public_names.py"))["homes"]()
    assert len(names) > 450
    assert set(dir(omnilink_sansio)) <= names.keys()
    assert names.keys() | set(dir(omnilink_anyio)) <= told


def test_every_call_of_the_client_is_in_the_api_reference() -> None:
    page = (DOCS / "reference" / "api" / "client.rst").read_text(encoding="utf-8")
    told = re.findall(r"^\.\. auto(?:method|property):: OmniClient\.(\w+)$", page, re.MULTILINE)
    assert sorted(told) == sorted(name for name in dir(OmniClient) if not name.startswith("_"))


def test_the_first_script_runs_and_prints_what_it_promises() -> None:
    lines = lines_printed_by(programs("tutorial.md")[0])
    assert lines[0] == "Omni Pro II 4.0b"
    assert "1 FRONT DOOR" in lines
    assert lines[-1] == "unit 1 is on"


def test_the_tour_runs_and_prints_what_stands_under_its_pieces() -> None:
    _, frame, *pieces = programs("tutorial.md")
    place = re.search(r"^( +)\.\.\.\n", frame, re.MULTILINE)
    assert place is not None
    inside = "\n".join(textwrap.indent(piece, place[1]) for piece in pieces)
    promised = "".join(fenced("tutorial.md", "text")).splitlines()
    assert lines_printed_by(frame.replace(place[0], inside)) == promised


@contextlib.contextmanager
def panel_in_a_thread() -> Iterator[int]:
    """Serve a panel on a loop of its own, for clients that block."""
    ready = threading.Event()
    found: list[int] = []
    stop: list[Callable[[], object]] = []

    async def serve() -> None:
        async with (
            MockPanel(controller_key=KEY).serve() as served,
            anyio.from_thread.BlockingPortal() as portal,
        ):
            found.append(served.port)
            stop.append(partial(portal.start_task_soon, portal.stop))
            ready.set()
            await portal.sleep_until_stopped()

    thread = threading.Thread(target=anyio.run, args=(serve,))
    thread.start()
    try:
        assert ready.wait(10)
        yield found[0]
    finally:
        stop[0]()
        thread.join(10)


def names_of(program: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(program, "embedding.md", "exec"), names)
    return names


def test_the_machine_in_a_loop_of_your_own_reads_a_panel() -> None:
    names = names_of(programs("embedding.md")[0])
    with panel_in_a_thread() as port:
        assert names["model_of"]("127.0.0.1", port, KEY) == "Omni Pro II"
        with pytest.raises(InvalidEncryptionKeyError):
            names["model_of"]("127.0.0.1", port, bytes(16))


def test_the_calls_of_a_client_work_in_a_loop_of_your_own() -> None:
    small_client = names_of(programs("embedding.md")[1])["SmallClient"]
    with panel_in_a_thread() as port:
        with small_client("127.0.0.1", port, KEY) as client:
            assert client.list_area_names() == {1: "HOUSE", 2: "GARAGE"}
            client.turn_unit_on(4)
            assert client.get_object_status(ObjectType.UNIT, 4)[0].is_on
            assert client.arm_and_confirm(2, SecurityMode.AWAY, "1234").is_arming
            with pytest.raises(CommandFailedError) as refused:
                client.arm_and_confirm(1, SecurityMode.AWAY, "9999")
            assert refused.value.failure_code == SecurityCommandResponse.INVALID_CODE
            client.perform(pause(0.01))
        with pytest.raises(InvalidEncryptionKeyError), small_client("127.0.0.1", port, bytes(16)):
            pass


def test_the_readme_names_two_commands_and_the_gate_runs_the_second() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    (pip install .*)$", readme, re.MULTILINE)
    assert commands == ['pip install ".[cli]" && omnilink demo', 'pip install -e ".[test]" && pytest']
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert 'pip install -q -e ".[test]"\npytest\n' in gate


def test_the_calls_that_the_readme_shows_do_what_it_says() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"^More of what a client can do:\n\n((?:    .*\n)+)", readme, re.MULTILINE)
    assert shown is not None
    program = f"""
from datetime import datetime

import anyio

from omnilink_anyio import MockPanel, OmniClient
from omnilink_sansio.objects import SecurityMode


async def main() -> None:
    async with MockPanel(controller_key=bytes(16)).serve() as panel:
        async with OmniClient(panel.host, panel.port, controller_key=bytes(16)) as client:
{textwrap.indent(shown[1], "        ")}

anyio.run(main)
"""
    (line,) = lines_printed_by(program)
    assert line.endswith(" area 1 armed away by code 2")


def test_the_script_without_an_event_loop_hears_and_goes_on() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"^Without an event loop.*:\n\n((?:(?:    .*)?\n)+?)\n(?=\S)", readme, re.MULTILINE)
    assert shown is not None
    script = textwrap.dedent(shown[1]).replace(
        '"192.168.1.9", controller_key=key', "served.host, served.port, controller_key=bytes(16), policy=SOON"
    )
    # What the script shows begins with the event that it hears: a unit is switched once it listens.
    script = script.replace("in client.events():", "in heard(client, served):")
    program = f"""
from omnilink_sansio.client import ReconnectPolicy
from omnilink_sync import MockPanel

SOON = ReconnectPolicy(quick_wait=0.01)


def heard(client, served):
    events = client.events()
    client.turn_unit_on(1)
    yield events.get(10)
    served.reboot()
    for _ in range(3):
        yield events.get(10)
    client.turn_unit_off(1)
    yield events.get(10)


with MockPanel(controller_key=bytes(16)).serve() as served:
{textwrap.indent(script, "    ")}
"""
    first, lost, last = lines_printed_by(program)
    assert first.startswith("UnitStatus(index=1, state=1")
    assert lost.startswith("no session now: ")
    assert last.startswith("UnitStatus(index=1, state=0")


def test_every_page_that_the_readme_names_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = re.findall(r"`(docs/[\w./]+)`", readme)
    assert pages
    assert all((ROOT / page).is_file() for page in pages)

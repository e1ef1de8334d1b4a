"""The documentation: its state diagrams are in step, and its programs run."""

import contextlib
import io
import re
import runpy
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest

from omnilink_anyio import MockPanel
from omnilink_sansio import InvalidEncryptionKeyError

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
KEY = bytes(range(16))


def programs(page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def test_the_state_page_is_drawn_from_the_tables() -> None:
    page: Callable[[], str] = runpy.run_path(str(DOCS / "state_tables.py"))["page"]
    assert (DOCS / "states.md").read_text(encoding="utf-8") == page()


def test_the_tutorial_runs_and_prints_what_it_promises() -> None:
    (program,) = programs("tutorial.md")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program, "tutorial.md", "exec"), {"__name__": "__main__"})
    lines = printed.getvalue().splitlines()
    assert lines[0] == "Omni Pro II 4.0b"
    assert "1 FRONT DOOR" in lines
    assert lines[-1] == "unit 1 is on"


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


def test_the_machine_in_a_loop_of_your_own_reads_a_panel() -> None:
    (program,) = programs("embedding.md")
    names: dict[str, Any] = {}
    exec(compile(program, "embedding.md", "exec"), names)
    with panel_in_a_thread() as port:
        assert names["model_of"]("127.0.0.1", port, KEY) == "Omni Pro II"
        with pytest.raises(InvalidEncryptionKeyError):
            names["model_of"]("127.0.0.1", port, bytes(16))


def test_the_readme_names_two_commands_and_the_gate_runs_the_second() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    (pip install .*)$", readme, re.MULTILINE)
    assert commands == ['pip install ".[cli]" && omnilink demo', 'pip install -e ".[test]" && pytest']
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert 'pip install -q -e ".[test]"\npytest\n' in gate


def test_every_page_that_the_readme_names_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = re.findall(r"`(docs/[\w.]+)`", readme)
    assert pages
    assert all((ROOT / page).is_file() for page in pages)

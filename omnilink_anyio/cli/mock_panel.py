"""Serving an emulated panel from the command line, with a live view of it and commands while it runs."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from datetime import UTC, datetime
from types import MappingProxyType

import anyio
from anyio.from_thread import BlockingPortal
from rich.console import Console
from rich.text import Text

from omnilink_anyio.cli.output import printable
from omnilink_anyio.cli.panel_view import COMMAND_FORMS, LiveView, PanelCommands
from omnilink_anyio.mock_panel import MockPanel, ServedPanel
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.simulator.faults.fault_plan import FaultPlan
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.panel_description import PanelTransport

__all__ = ["run_mock_panel"]

_CATCH_UP = 0.25
"""Poll interval, in seconds, for state without events."""

_MOST_AT_ONCE = 4096

_ENDS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
"""The signals that end it; some systems have not all of them."""

_STYLES: Mapping[str, str] = MappingProxyType({"session": "cyan", "change": "green", "log": "yellow"})
"""How a terminal shows what a line is about."""


async def run_mock_panel(
    console: Console,
    *,
    key: ControllerKey,
    house: House,
    host: str,
    port: int,
    transport: PanelTransport,
    faults: FaultPlan,
    gap: float,
) -> None:
    """Serve a panel and print what happens at it, until ``quit`` is typed or a signal ends it.

    Raises `OSError` when it cannot listen there, and `LocalProtocolError` for a house that is not possible.
    """

    def print_line(about: str, line: str) -> None:
        time = datetime.now(UTC).astimezone().strftime("%H:%M:%S")
        console.print(
            Text.assemble((time, "dim"), " ", (f"{about:<8}", _STYLES.get(about, "")), printable(line)),
            soft_wrap=True,
        )

    view = LiveView(house, print_line)
    panel = MockPanel(
        controller_key=key,
        house=house,
        observe=view.observe,
        observe_replies=view.observe_reply,
        observe_changes=view.observe_change,
        faults=faults,
        notification_gap=gap,
    )
    async with panel.serve(host, port, transport) as served, anyio.create_task_group() as tasks:
        quit_now = tasks.cancel_scope.cancel
        for line in _where_it_listens(served, transport):
            console.print(line, soft_wrap=True)
        tasks.start_soon(_end_on_signals, tasks.cancel_scope)
        tasks.start_soon(_keep_up, view, served)
        await _take_commands(PanelCommands(served, view, console, quit_now), view, console)
        await anyio.sleep_forever()


def _where_it_listens(served: ServedPanel, transport: PanelTransport) -> Iterator[str]:
    for name in ("tcp", "udp") if transport == "both" else (transport,):
        yield f"Listening on {printable(served.host)} port {served.port} ({name.upper()})."


async def _end_on_signals(scope: anyio.CancelScope) -> None:
    # Some systems have no way to wait for them: there Python ends the program.
    known = [getattr(signal, name) for name in _ENDS if hasattr(signal, name)]
    # What whoever started it wants ignored stays so: nohup, or a script's background.
    ends = [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]
    with suppress(NotImplementedError), anyio.open_signal_receiver(*ends) as signals:
        async for _ in signals:
            scope.cancel()
            return


async def _keep_up(view: LiveView, served: ServedPanel) -> None:
    while True:
        await anyio.sleep(_CATCH_UP)
        view.catch_up(served.panel)


async def _take_commands(commands: PanelCommands, view: LiveView, console: Console) -> None:
    if console.is_terminal and sys.stdin.isatty() and sys.stdout.isatty():
        from omnilink_anyio.cli.panel_prompt import prompt_for_commands

        await prompt_for_commands(commands.run, COMMAND_FORMS, lambda: view.summary)
        commands.run("quit")
    elif (descriptor := _descriptor_of_input()) is not None:
        async with BlockingPortal() as portal:
            # A thread that is not joined at the end, since a read cannot be cancelled.
            threading.Thread(target=_read, args=(descriptor, portal, commands.run), daemon=True).start()
            await anyio.sleep_forever()


def _descriptor_of_input() -> int | None:
    # There may be no standard input, or one that is no file.
    with suppress(AttributeError, OSError, ValueError):
        return sys.stdin.fileno()
    return None


def _read(descriptor: int, portal: BlockingPortal, run: Callable[[str], None]) -> None:
    """Run each line that comes, to the end of them or of the portal."""
    rest = b""
    # Python's own buffer would be locked when the program ends.
    with suppress(RuntimeError, CancelledError, OSError):
        while piece := os.read(descriptor, _MOST_AT_ONCE):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                portal.call(run, line.decode(errors="replace"))
        portal.call(run, rest.decode(errors="replace"))

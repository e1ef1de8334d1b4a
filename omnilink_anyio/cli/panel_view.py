"""The live view of an emulated panel, and the commands that are typed while it runs."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from types import MappingProxyType

from rich.console import Console

from omnilink_anyio.cli.output import print_table, printable
from omnilink_anyio.cli.panel_text import (
    change_in_words,
    event_in_words,
    in_summary,
    message_in_words,
    object_rows,
    open_zones,
    peer_in_words,
    units_on,
)
from omnilink_anyio.mock_panel import ServedPanel
from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.notifications import Notification
from omnilink_sansio.messages.objects.area import AreaStatus
from omnilink_sansio.session.events import ControllerSessionEnded, RequestReceived, SessionStarted
from omnilink_sansio.session.server import PeerEvent
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.panel import EmulatedPanel
from omnilink_sansio.simulator.stimuli import STIMULUS_FORMS
from omnilink_sansio.wire.message import Message

__all__ = ["COMMAND_FORMS", "LiveView", "PanelCommands"]

PrintLine = Callable[[str, str], None]
"""Prints a line: its subject, in a word, and its text."""


class LiveView:
    """Prints what happens at a panel as it happens. Its ``observe`` methods are for `MockPanel`."""

    def __init__(self, house: House, print_line: PrintLine) -> None:
        self._house = house
        self._print_line = print_line
        self._online: dict[Hashable, None] = {}
        self._last_logged: object = house.log[-1] if house.log else None

    @property
    def sessions(self) -> list[str]:
        """Where the clients are that have a session."""
        return [peer_in_words(peer) for peer in self._online]

    @property
    def summary(self) -> str:
        """One line on how things stand."""
        return in_summary(self._house, len(self._online))

    def observe(self, item: PeerEvent[Hashable]) -> None:
        """Print what a client did."""
        peer, event = item
        if isinstance(event, SessionStarted):
            self._online[peer] = None
        elif isinstance(event, ControllerSessionEnded):
            self._online.pop(peer, None)
        # A request is printed together with its reply.
        if not isinstance(event, RequestReceived):
            self._print_line("session", f"{peer_in_words(peer)}: {event_in_words(event)}")

    def observe_reply(self, peer: Hashable, request: Message, reply: Message | None) -> None:
        """Print a client's request, and the kind of its reply."""
        said = "no reply" if reply is None else message_in_words(reply)
        self._print_line("request", f"{peer_in_words(peer)}: {message_in_words(request)}: {said}")

    def observe_change(self, change: Notification) -> None:
        """Print a notification."""
        self._print_line("change", change_in_words(change, self._house))

    def catch_up(self, panel: EmulatedPanel[Hashable]) -> None:
        """Report log entries and vanished sessions."""
        for sentence in self._new_in_log():
            self._print_line("log", sentence)
        for peer in [peer for peer in self._online if panel.state(peer) is not ConnectionState.ONLINE]:
            del self._online[peer]
            self._print_line("session", f"{peer_in_words(peer)}: gone without a word")

    def _new_in_log(self) -> Iterator[str]:
        log = list(self._house.log)
        place = next((at for at in range(len(log), 0, -1) if log[at - 1] is self._last_logged), 0)
        self._last_logged = log[-1] if log else None
        for entry in log[place:]:
            yield entry.sentence(self._house.model.family)


class PanelCommands:
    """What can be typed while a panel is served; ``quit`` is called to end it."""

    def __init__(
        self, served: ServedPanel, view: LiveView, console: Console, quit_now: Callable[[], None]
    ) -> None:
        self._served = served
        self._view = view
        self._console = console
        self._quit = quit_now

    def run(self, line: str) -> None:
        """Carry out a line; a mistake is printed, and nothing else done."""
        word = line.strip().lower()
        if not word:
            return
        try:
            if word in _COMMANDS:
                _COMMANDS[word][1](self)
            elif word.split()[0] not in _FIRST_WORDS:
                self._print('nothing known begins so: "help" lists what can be typed')
            else:
                self._served.happen(line)
        except LocalProtocolError as error:
            self._print(str(error))
        self._view.catch_up(self._served.panel)

    def _print(self, line: str) -> None:
        self._console.print(printable(line), soft_wrap=True)

    def list_all(self) -> None:
        """Print what can be typed."""
        for name, (said, _) in _COMMANDS.items():
            self._print(f"{name}: {said}")
        self._print("or have something happen:")
        for form in STIMULUS_FORMS:
            self._print(f"  {form}")

    def show_status(self) -> None:
        """Print how the house stands and which clients have a session."""
        house = self._served.panel.house
        columns = ("No.", "Name", "State")
        self._print_rows("Areas", columns, object_rows(house, AreaStatus, lambda _: True))
        self._print_rows("Open zones", columns, open_zones(house))
        self._print_rows("Units on", columns, units_on(house))
        self._print_rows("Sessions", ("Client",), ((session,) for session in self._view.sessions))

    def _print_rows(self, title: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
        found = list(rows)
        if found:
            print_table(self._console, title, columns, found)
        else:
            self._print(f"{title}: none")

    def reboot(self) -> None:
        """Restart the panel."""
        self._served.reboot()

    def end(self) -> None:
        """End it all."""
        self._quit()


_COMMANDS: Mapping[str, tuple[str, Callable[[PanelCommands], None]]] = MappingProxyType(
    {
        "help": ("list what can be typed", PanelCommands.list_all),
        "status": ("areas, open zones, units that are on, sessions", PanelCommands.show_status),
        "reboot": ("restart the panel: all sessions are gone", PanelCommands.reboot),
        "quit": ("end all sessions and stop", PanelCommands.end),
    }
)

COMMAND_FORMS: tuple[str, ...] = (*_COMMANDS, *STIMULUS_FORMS)
"""All that can be typed, one line a form."""

_FIRST_WORDS = frozenset(form.split()[0] for form in STIMULUS_FORMS)

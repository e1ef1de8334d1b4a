"""``omnilink mock-panel``: what it says, what can be typed, how it begins and ends."""

import contextlib
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest
from click.testing import CliRunner
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from omnilink_anyio.cli import main
from omnilink_anyio.cli.options import KEY_VARIABLE
from omnilink_anyio.cli.panel_options import in_one_line, read_house
from omnilink_anyio.cli.panel_prompt import _FormCompleter, _History, prompt_for_commands
from omnilink_anyio.cli.panel_text import (
    armed_areas,
    change_in_words,
    event_in_words,
    in_summary,
    message_in_words,
    next_words,
    open_zones,
    peer_in_words,
    units_on,
)
from omnilink_anyio.cli.panel_view import COMMAND_FORMS, LiveView
from omnilink_sansio import (
    ControllerEndReason,
    ControllerKey,
    ControllerSessionEnded,
    Fault,
    Message,
    OmniConnectionError,
    PacketDropped,
    PeerEvent,
    ReplyDropped,
    RequestReceived,
    SessionStarted,
    UserCode,
)
from omnilink_sansio.commands import RequestSecurityCodeValidation, validate_code
from omnilink_sansio.events import AlarmActivated, Notification, UnknownNotification
from omnilink_sansio.objects import (
    AlarmType,
    AreaStatus,
    AudioZoneStatus,
    MessageStatus,
    ObjectType,
    UnitStatus,
    ZoneStatus,
)
from omnilink_sansio.simulator import House, Zone, demo_house
from omnilink_sansio.system import ControllerModel, Nak
from omnilink_sync import OmniClient
from tests.command_process import PATIENCE, Program, environment_with, running, start_command

ROOT = Path(__file__).parents[2]

KEY = bytes(range(16, 32))

CODE = "1234"
"""That of the owner of the demonstration's house."""


# Words.


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (ZoneStatus(1, 1, 0), "zone 1 FRONT DOOR: not ready"),
        (ZoneStatus(99, 0, 0), "zone 99: secure"),
        (UnitStatus(1, 1, 0), "unit 1 PORCH: on"),
        (UnitStatus(1, 0, 0), "unit 1 PORCH: off"),
        (UnitStatus(2, 160, 30), "unit 2 HALL: 60 % for 30 s"),
        (AreaStatus(1, 3, 0, 0, 45), "area 1 HOUSE: away, exit delay 45 s"),
        (AudioZoneStatus(1, 0, 1, 50, 0), "audio zone 1 LIVING ROOM: off"),
        (AudioZoneStatus(2, 1, 1, 50, 1), "audio zone 2 BEDROOM: source 1, volume 50 %, muted"),
        (MessageStatus(1, 2), "message 1 CALL HOME: displayed not acknowledged"),
        (AlarmActivated(AlarmType.FIRE, 1), "alarm activated: alarm type fire, area 1"),
        (UnknownNotification(Message(99, b""), "no idea\x1b"), "no idea?"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_a_change_is_told_in_words(change: Notification, said: str) -> None:
    assert change_in_words(change, demo_house()) == said


def test_every_object_of_the_house_is_told_in_words() -> None:
    house = demo_house()
    for kind, objects in house.described():
        for index in objects:
            status = house.status(kind, index)
            if status is not None:
                assert str(index) in change_in_words(status, house)


def test_a_name_cannot_drive_the_terminal() -> None:
    house = House(zones={1: Zone("A\x1bB")})
    assert change_in_words(ZoneStatus(1, 1, 0), house) == "zone 1 A?B: not ready"
    assert "\x1b" not in in_summary(house, 1)


def test_a_request_is_told_by_its_kind_only() -> None:
    request = validate_code(1, UserCode(CODE))
    assert isinstance(request, RequestSecurityCodeValidation)
    said = message_in_words(request.to_message())
    assert said == "request security code validation"
    assert message_in_words(Message(0x22, b"")) == "a malformed message of type 0x22"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (SessionStarted(), "session open"),
        (
            ControllerSessionEnded(ControllerEndReason.IDLE),
            "session over: no packet within the idle time-out",
        ),
        (PacketDropped(Fault.BAD_CRC, 32, 1), "packet dropped: bad CRC"),
        (ReplyDropped(1), "reply dropped"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_happens_at_a_connection_is_told_in_words(event: SessionStarted, said: str) -> None:
    assert event_in_words(event) == said


def test_a_client_is_told_by_its_address() -> None:
    assert peer_in_words(("127.0.0.1", 5000)) == "127.0.0.1 port 5000 (UDP)"
    assert peer_in_words("a stream") == "a stream"


def test_how_a_house_stands() -> None:
    house = demo_house()
    assert list(armed_areas(house)) == []
    assert list(open_zones(house)) == [(3, "KITCHEN WINDOW", "not ready")]
    assert list(units_on(house)) == [(2, "HALL", "60 %"), (3, "KITCHEN", "on")]
    assert in_summary(house, 1) == "1 session | armed: none | open: KITCHEN WINDOW"
    assert in_summary(House(), 2) == "2 sessions | armed: none | open: none"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ["help", "open", "zone"]),
        ("o", ["open"]),
        ("open", ["open"]),
        ("OPEN ", ["zone"]),
        ("open zone ", []),
        ("open zone 3 ", []),
        ("zone 3 t", ["trouble", "tamper"]),
        ("zone 3 b", []),
        ("nothing ", []),
    ],
)
def test_what_is_typed_is_completed(typed: str, words: list[str]) -> None:
    forms = ("help", "open zone ZONE", "zone ZONE secure|trouble|tamper")
    assert next_words(forms, typed) == words


def test_the_view_knows_who_is_there_and_what_is_new() -> None:
    said: list[tuple[str, str]] = []
    house = demo_house()
    view = LiveView(house, lambda about, line: said.append((about, line)))
    peer = ("192.0.2.1", 5000)
    view.observe(PeerEvent(peer, SessionStarted()))
    asked = Message(0x16, b"")
    view.observe(PeerEvent(peer, RequestReceived(1, 1, asked)))
    view.observe_reply(peer, asked, Nak().to_message())
    view.observe_reply(peer, asked, None)
    view.observe_change(ZoneStatus(1, 1, 0))
    assert view.sessions == ["192.0.2.1 port 5000 (UDP)"]
    assert view.summary.startswith("1 session |")
    view.observe(PeerEvent(peer, ControllerSessionEnded(ControllerEndReason.CLIENT_TERMINATED)))
    assert view.sessions == []
    assert said == [
        ("session", "192.0.2.1 port 5000 (UDP): session open"),
        ("request", "192.0.2.1 port 5000 (UDP): request system information: nak"),
        ("request", "192.0.2.1 port 5000 (UDP): request system information: no reply"),
        ("change", "zone 1 FRONT DOOR: not ready"),
        ("session", "192.0.2.1 port 5000 (UDP): session over: terminated by the client"),
    ]


# As a program.


@contextmanager
def serving(
    *options: str, key: bytes | None = KEY, ignored: Sequence[str] = (), in_new_interpreter: bool = False
) -> Iterator[Program]:
    arguments = ("mock-panel", "--port", "0", *options)
    with running(*arguments, key=key, ignored=ignored, in_new_interpreter=in_new_interpreter) as program:
        yield program


def port_of(program: Program, transport: str = "TCP") -> int:
    return int(program.until(rf"^Listening on 127\.0\.0\.1 port (\d+) \({transport}\)\.$")[1])


def client_at(port: int, key: bytes = KEY, transport: str = "tcp") -> OmniClient:
    udp = transport == "udp"
    return OmniClient(
        "127.0.0.1", port, controller_key=key, transport="udp" if udp else "tcp", timeout=PATIENCE
    )


def test_it_serves_and_shows_what_happens() -> None:
    with serving(in_new_interpreter=True) as program:
        port = port_of(program)
        assert port_of(program, "UDP") == port
        with client_at(port) as client, client.events() as events:
            where = program.until(r"session +(127\.0\.0\.1 port \d+): session open")[1]
            program.until(rf"request +{re.escape(where)}: enable notifications: ack$")
            program.type("open zone 1")
            assert isinstance(next(events), ZoneStatus)
            program.until(r"change +zone 1 FRONT DOOR: not ready")
            program.type("status")
            program.until(r"^Areas")
            program.until(r"^1 +HOUSE +off")
            program.until(r"^1 +FRONT DOOR +not ready")
            program.until(rf"^{re.escape(where)}$")
            program.type(f"keypad 1 day {CODE}")
            program.until(r"log +area 1 armed for the day by code 1")
            program.type("reboot")
            program.until(r"log +system reset")
            program.until(rf"session +{re.escape(where)}: gone without a word")
        with client_at(port, transport="udp") as client:
            program.until(r"\(UDP\): session open")
            client.get_system_status()
            program.until(r"\(UDP\): request system status: system status$")
        program.type("quit")
        assert program.end() == 0
    said = "\n".join(program.said)
    assert CODE not in said
    assert KEY.hex() not in said
    assert "\x1b" not in said


def test_a_mistake_is_told_and_it_goes_on() -> None:
    with serving() as program:
        port_of(program)
        program.type("sing")
        program.until("help")
        program.type("open zone x")
        program.until("<zone>: a whole number")
        program.type("open zone")
        program.until(r"^the form is: open zone ZONE$")
        program.type("open zone 999")
        program.until("999")
        program.type("help")
        program.until("^reboot: ")
        program.until("^  open zone ZONE")
        program.input.close()
        program.process.send_signal(signal.SIGTERM)
        assert program.end() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"])
@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_a_signal_ends_it_in_good_order(number: str, transport: str) -> None:
    with serving("--transport", transport) as program:
        port = port_of(program, transport.upper())
        with client_at(port, transport=transport) as client, client.events() as events:
            program.until("enable notifications")
            program.process.send_signal(getattr(signal, number))
            with pytest.raises(OmniConnectionError, match=r"terminated the session \(packet 6\)"):
                next(events)
        assert program.end() == 0
    assert "Traceback" not in "\n".join(program.said)


def test_the_end_of_its_input_is_not_its_own() -> None:
    with serving() as program:
        port = port_of(program)
        program.input.write("open zone 1")
        program.input.close()
        program.until("zone 1 FRONT DOOR: not ready")
        with client_at(port) as client:
            client.get_system_status()


def test_without_a_key_there_is_a_new_one_in_a_file_that_is_named() -> None:
    with serving(key=None) as program:
        path = Path(program.until(r"^The controller key is in (.+)\.$")[1])
        port = port_of(program)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        key = ControllerKey.from_hex(path.read_text(encoding="ascii").strip())
        with client_at(port, key) as client:
            client.get_system_status()
        program.type("quit")
        assert program.end() == 0
        assert not path.exists()


def test_a_key_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "new.key"
    with serving("--write-key", str(path), "--model", "omni-iie", "--faults", "delay 1%") as program:
        port = port_of(program)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        key = ControllerKey.from_hex(path.read_text(encoding="ascii").strip())
        with client_at(port, key) as client:
            assert client.get_system_information().model_name == "Omni IIe"
        program.type("quit")
        assert program.end() == 0
    assert path.exists()
    assert path.read_text(encoding="ascii").strip() not in "\n".join(program.said)


# Errors of its own.


def invoke(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["mock-panel", *map(str, arguments)], env={KEY_VARIABLE: KEY.hex()})
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_a_port_that_is_taken_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, output = invoke("--port", taken.getsockname()[1])
    assert code == 1
    assert re.search(r"^Error: cannot listen at 127\.0\.0\.1 port \d+: .*in use", output, re.MULTILINE)


def test_a_key_file_of_a_panel_that_never_served_is_not_left(tmp_path: Path) -> None:
    path = tmp_path / "new.key"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _ = invoke("--port", taken.getsockname()[1], "--write-key", path)
    assert code == 1
    assert not path.exists()


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="there is no such signal")
def test_what_it_was_started_to_ignore_it_ignores() -> None:
    with serving(ignored=["SIGHUP"]) as program:
        # Once it answers it has seen to its signals.
        program.type("status")
        program.until(r"^Areas")
        program.process.send_signal(signal.SIGHUP)
        # Some answers it might give before it ends.
        for command, answer in (("open", "not ready"), ("close", "secure")) * 20:
            program.type(f"{command} zone 1")
            program.until(f"zone 1 FRONT DOOR: {answer}")
        program.type("quit")
        assert program.end() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there it is another error")
def test_it_ends_quietly_when_nobody_reads_what_it_prints() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "omnilink_anyio.cli", "mock-panel", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, KEY_VARIABLE: KEY.hex()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"Listening")
    process.stdout.close()
    process.stdin.write(b"open zone 1\nopen zone 2\n")
    process.stdin.flush()
    assert process.wait(PATIENCE) == 1
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stdin.close()
    process.stderr.close()


def test_a_gap_of_5_ms_lies_around_notifications_unless_another_is_asked_for() -> None:
    (gap,) = (option for option in main.commands["mock-panel"].params if option.name == "gap")
    assert gap.default == 0.005


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--faults", "vanish"), "vanish"),
        (("--model", "Omni 9"), "'Omni 9' is none of Omni, Omni Pro,"),
        (("--transport", "pigeon"), "pigeon"),
        (("--gap", "-1"), "-1"),
        (("--house", __file__), "its name ends in none of .toml, .json"),
        (("--write-key", __file__), "File exists (to use the key in it: --key-file)"),
        (("--write-key", "x", "--key-file", __file__), "give one of them"),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_is_a_usage_error(arguments: tuple[str, ...], said: str) -> None:
    code, output = invoke(*arguments)
    assert code == 2
    assert said in re.sub(r"\s+", " ", output)


@pytest.mark.parametrize("suffix", [".toml", ".json", ".JSON"])
def test_a_file_that_describes_no_house_is_an_error(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"bad{suffix}"
    path.write_text("this is bad", encoding="utf-8")
    code, output = invoke("--house", path)
    assert code == 2
    assert str(path) in output
    assert "Traceback" not in output


def test_an_error_is_one_line_that_cannot_drive_the_terminal() -> None:
    assert (
        in_one_line(ValueError("no house:\n  zone 1\x1b: x\n  zone 2: y"))
        == "no house: zone 1?: x; zone 2: y"
    )
    assert in_one_line(ValueError("")) == ""


def test_a_house_of_a_file_is_served_as_another_model(tmp_path: Path) -> None:
    path = tmp_path / "house.toml"
    path.write_text('[zones.1]\nname = "GATE"\n', encoding="utf-8")
    with serving("--house", str(path), "--model", "OMNI_LTE") as program:
        with client_at(port_of(program)) as client:
            assert client.get_system_information().model_name == "Omni LTe"
            assert client.list_zone_names() == {1: "GATE"}
        program.type("quit")
        assert program.end() == 0


def test_what_a_file_says_of_its_panel_outlasts_another_model(tmp_path: Path) -> None:
    path = tmp_path / "house.toml"
    path.write_text('firmware = "2.16"\ncapacities.thermostat = 2\n', encoding="utf-8")
    for model, zones in ((ControllerModel.OMNI_IIE, 48), (ControllerModel.OMNI_PRO_II, 176)):
        house = read_house(path, model)
        assert (house.model, house.firmware) == (model, (2, 16, 0))
        assert (house.capacity(ObjectType.THERMOSTAT), house.capacity(ObjectType.ZONE)) == (2, zones)


def test_a_house_that_does_not_fit_its_model_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "house.json"
    path.write_text('{"zones": {"150": {"name": "GATE"}}}', encoding="utf-8")
    code, output = invoke("--house", path, "--model", "Lumina")
    assert code == 1
    assert "Error: there is no ZONE 150" in output


def test_help_lists_models_and_faults() -> None:
    code, output = invoke("--help")
    assert code == 0
    for listed in ("Omni LTe", "wrong-crc [P%]", "--seed", "14369"):
        assert listed in re.sub(r"\s+", " ", output)


# In a terminal.


def run_in_a_prompt(typed: str) -> list[str]:
    """Return the lines that were run while this was typed at a prompt."""
    lines: list[str] = []

    async def prompt() -> None:
        with anyio.fail_after(PATIENCE):
            await prompt_for_commands(lines.append, COMMAND_FORMS, lambda: "1 session")

    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text(typed)
        anyio.run(prompt)
    return lines


def test_lines_are_run_until_the_end_of_input() -> None:
    assert run_in_a_prompt("status\nopen zone 1\n\x04") == ["status", "open zone 1"]


def test_control_c_ends_the_prompt() -> None:
    assert run_in_a_prompt("help\nhalf a line\x03") == ["help"]


def test_a_tab_offers_what_may_follow() -> None:
    completer = _FormCompleter(COMMAND_FORMS)
    for typed, whole in (("stat", "status"), ("open z", "open zone"), ("alarm fi", "alarm fire")):
        (found,) = completer.get_completions(Document(typed), CompleteEvent())
        assert typed[: len(typed) + found.start_position] + found.text == whole


def test_what_was_typed_can_be_had_again_but_no_code() -> None:
    history = _History()
    history.append_string("status")
    for line in (
        f"keypad 1 away {CODE}",
        f"KEYPAD 1 off {CODE}",
        f"keypda 1 away {CODE}",
        f"keypad 1 {CODE} off",
    ):
        history.append_string(line)
    assert history.get_strings() == ["status"]


class Terminal:
    """The command in a pseudo-terminal, and all that it draws."""

    def __init__(self) -> None:
        pty = pytest.importorskip("pty")
        self._ours, theirs = pty.openpty()
        self.process = start_command(
            ["mock-panel", "--port", "0"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            environment=environment_with(KEY, TERM="xterm", COLUMNS="100"),
        )
        os.close(theirs)
        self.drawn = b""
        self._deadline = threading.Timer(PATIENCE, self.process.kill)
        self._deadline.start()

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self._deadline.cancel()
        self.process.kill()
        self.process.wait(PATIENCE)
        os.close(self._ours)

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def until(self, text: str) -> None:
        """Read on until this was drawn since the last time."""
        start = len(self.drawn)
        while text.encode() not in self.drawn[start:]:
            self._read()

    def _read(self) -> None:
        piece = os.read(self._ours, 4096)
        self.drawn += piece
        # Who asks where the cursor is gets an answer.
        for _ in range(piece.count(b"\x1b[6n")):
            self.type("\x1b[1;1R")

    def end(self) -> int:
        """Read what is left, and return the exit code."""
        # Linux tells the end of a pseudo-terminal as an error.
        with contextlib.suppress(OSError):
            while True:
                self._read()
        return self.process.wait(PATIENCE)


@pytest.mark.skipif(sys.platform != "linux", reason="pseudo-terminals end in many ways")
def test_in_a_terminal_there_is_a_prompt_and_a_line_below_it() -> None:
    with Terminal() as terminal:
        terminal.until("0 sessions | armed: none | open: KITCHEN WINDOW")
        terminal.type("open zone 1\r")
        terminal.until("open: FRONT DOOR, KITCHEN WINDOW")
        terminal.type("close zone 1\r")
        terminal.type(f"keypad 1 day {CODE}\r")
        terminal.until("armed: HOUSE day")
        terminal.type("\x1b[A\r")
        terminal.type("quit\r")
        assert terminal.end() == 0
        shown = terminal.drawn.decode()
    assert "zone 1 FRONT DOOR: not ready" in shown
    assert "Traceback" not in shown
    assert KEY.hex() not in shown


@pytest.mark.skipif(sys.platform != "linux", reason="pseudo-terminals end in many ways")
@pytest.mark.parametrize("how", ["\x03", "\x04", signal.SIGINT, signal.SIGTERM], ids=str)
def test_a_terminal_can_be_left_in_many_ways(how: str | signal.Signals) -> None:
    with Terminal() as terminal:
        terminal.until("0 sessions")
        if isinstance(how, str):
            terminal.type(how)
        else:
            terminal.process.send_signal(how)
        assert terminal.end() == 0
    assert b"Traceback" not in terminal.drawn

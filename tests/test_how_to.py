"""The how-to pages: every program on them runs, against emulated panels over real sockets and pseudo-terminals."""

import contextlib
import io
import logging
import os
import queue
import re
import selectors
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
import tomllib
from collections.abc import AsyncIterator, Callable, Hashable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import anyio
import pytest
from anyio.from_thread import start_blocking_portal
from anyio.streams.tls import TLSListener
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

import omnilink_anyio
import omnilink_sync
from omnilink_anyio.cli import main
from omnilink_sansio import (
    ClientConnection,
    ClientSettings,
    ConnectionState,
    Framing,
    InvalidEncryptionKeyError,
    LeaseGranted,
    OmniConnectionError,
    OutcomeCause,
    OutcomeUnknownError,
    PeerEvent,
    ReplyReceived,
    Request,
    RequestReceived,
    SessionEnded,
    SessionStarted,
)
from omnilink_sansio.client import ConnectionLost, EventsLost, ReconnectPolicy
from omnilink_sansio.commands import ControllerCommand
from omnilink_sansio.events import Notification
from omnilink_sansio.objects import ObjectType, SecurityMode, UnitStatus
from omnilink_sansio.operations import Operation, arm_and_confirm, ask, disarm, leased, list_names, pause
from omnilink_sansio.simulator import EmulatedPanel
from omnilink_sansio.system import (
    EnableNotifications,
    RequestSystemFeatures,
    RequestSystemFormats,
    RequestSystemInformation,
    RequestSystemTroubles,
)
from omnilink_sync import MockPanel, OmniClient, ReconnectingClient, ServedPanel
from tests.serial_ports import (
    DescriptorStream,
    PtyPair,
    _free_port,
    _is_listening,
    open_pty_pair,
    require_bridge,
)

ROOT = Path(__file__).parents[1]
HOW_TO = ROOT / "docs" / "how-to"
KEY = bytes(range(16))
AREAS = {1: "HOUSE", 2: "GARAGE"}

PATIENCE = 20.0
"""Seconds after which a test that hangs fails; nothing waits for them when all is well."""

BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio"])

_T = TypeVar("_T")


# The pages.


def fenced(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (HOW_TO / page).read_text(encoding="utf-8"), re.DOTALL)


def names_of(*programs: str) -> dict[str, Any]:
    """Run programs one after the other, not as the main one, and return their names."""
    names: dict[str, Any] = {"__name__": "how_to"}
    for program in programs:
        exec(compile(program, "how-to", "exec"), names)
    return names


def lines_printed_by(program: str) -> list[str]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program, "how-to", "exec"), {"__name__": "__main__"})
    return printed.getvalue().splitlines()


def with_changes(text: str, **changes: str) -> str:
    """Put what is so here in the place of what stands on a page; each change must be needed."""
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


PROGRAMS = {
    "write-a-transport.md": {"python": 6, "text": 1},
    "serial-bridge.md": {"python": 2, "sh": 3, "yaml": 1},
    "embed-in-your-own-loop.md": {"python": 4},
    "stay-connected.md": {"python": 7, "sh": 1, "text": 1},
    "emulated-panel.md": {"python": 4, "sh": 3, "text": 2},
    "index.md": {},
}
"""How many pieces the tests below run, those of the emulated panel in test_how_to_emulated_panel.py."""


def test_the_pages_have_no_program_that_is_not_run() -> None:
    assert sorted(path.name for path in HOW_TO.iterdir()) == sorted(PROGRAMS)
    for page, counts in PROGRAMS.items():
        text = (HOW_TO / page).read_text(encoding="utf-8")
        languages = [
            language for language in re.findall(r"^```(.+)$", text, re.MULTILINE) if language[0] != "{"
        ]
        assert {language: languages.count(language) for language in languages} == counts, page


def test_the_index_leads_to_every_page() -> None:
    index = (HOW_TO / "index.md").read_text(encoding="utf-8")
    listed = re.findall(r"^[a-z-]+$", index, re.MULTILINE)
    assert [f"{name}.md" for name in listed] == re.findall(r"\]\(([a-z-]+\.md)\)", index)
    assert {f"{name}.md" for name in listed} | {"index.md"} == set(PROGRAMS)
    assert "\nhow-to/index\n" in (ROOT / "docs" / "index.md").read_text(encoding="utf-8")


def test_the_extras_that_the_pages_name_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {
        extra
        for page in PROGRAMS
        for extra in re.findall(r"omnilink-sansio\[(\w+)\]", (HOW_TO / page).read_text(encoding="utf-8"))
    }
    assert named == {"cli", "serial"}
    assert named <= set(project["optional-dependencies"])


# Panels.


@pytest.fixture
def panel() -> Iterator[ServedPanel]:
    with MockPanel(controller_key=KEY).serve() as served:
        yield served


@contextmanager
def in_a_thread(context: AbstractAsyncContextManager[_T]) -> Iterator[_T]:
    """Have an event loop of its own serve, for clients that block or have another."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(context) as served:
        yield served


def change_unit(panel: EmulatedPanel[Hashable], now: float, number: int = 3, state: int = 1) -> None:
    panel.house.units[number].state = state
    panel.push([(ObjectType.UNIT, number)], now)


def reboot_with_a_change(panel: EmulatedPanel[Hashable], now: float) -> None:
    """Lose all sessions, and change unit 3 when nobody can be told."""
    panel.reboot(now)
    panel.house.units[3].state = 0


AT_ONCE = ReconnectPolicy(quick_wait=0.01, quick_tries=1000)


# Write a transport.


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "panel")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path: Path = tmp_path_factory.mktemp("tls") / "panel.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + signed.public_bytes(Encoding.PEM)
    )
    return path


@asynccontextmanager
async def tls_panel(certificate: Path) -> AsyncIterator[tuple[int, omnilink_anyio.ServedPanel]]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    async with (
        omnilink_anyio.MockPanel(controller_key=KEY).serve() as served,
        await anyio.create_tcp_listener(local_host="127.0.0.1") as plain,
        anyio.create_task_group() as tasks,
    ):
        port = plain.extra(anyio.abc.SocketAttribute.local_port)
        listener = TLSListener(plain, context, standard_compatible=False)
        tasks.start_soon(listener.serve, served.serve_stream)
        yield port, served
        tasks.cancel_scope.cancel()


@asynccontextmanager
async def unix_panel(path: str) -> AsyncIterator[None]:
    async with (
        omnilink_anyio.MockPanel(controller_key=KEY).serve() as served,
        await anyio.create_unix_listener(path) as listener,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(listener.serve, served.serve_stream)
        yield
        tasks.cancel_scope.cancel()


def sizes(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "panel.bytes"]


def assert_tells_sizes(messages: list[str]) -> None:
    assert "4 bytes sent" in messages
    kinds = [re.sub(r"^\d+ bytes ", "", message) for message in messages]
    # The end may be found out while closing, and a stream be closed twice.
    passed, closed = kinds[: kinds.index("closed")], kinds[kinds.index("closed") :]
    assert set(passed) == {"sent", "received"}
    assert set(closed) == {"closed"}


def test_a_transport_around_another(panel: ServedPanel, caplog: pytest.LogCaptureFixture) -> None:
    names = names_of(fenced("write-a-transport.md", "python")[0])
    with caplog.at_level(logging.INFO, "panel.bytes"):
        assert names["list_areas"](panel.host, panel.port, KEY) == AREAS
    assert_tells_sizes(sizes(caplog))


def test_tls_in_blocking_code(certificate: Path) -> None:
    names = names_of(fenced("write-a-transport.md", "python")[1])
    context = ssl.create_default_context(cafile=certificate)
    with in_a_thread(tls_panel(certificate)) as (port, _):
        opening: Callable[[], omnilink_sync.Transport] = partial(
            names["open_tls"], "127.0.0.1", port, context
        )
        with OmniClient.over(opening(), controller_key=KEY) as client:
            assert client.list_area_names() == AREAS
            client.read_in_background()
            assert client.list_area_names() == AREAS
        with ReconnectingClient.opening(opening, controller_key=KEY) as staying:
            assert staying.list_area_names() == AREAS
        with pytest.raises(OmniConnectionError, match=r"over TLS .*certificate"):
            names["open_tls"]("127.0.0.1", port, ssl.create_default_context())


def test_tls_ends_with_the_stream(certificate: Path) -> None:
    names = names_of(fenced("write-a-transport.md", "python")[1])
    context = ssl.create_default_context(cafile=certificate)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(tls_panel(certificate)) as (port, served),
    ):
        transport = names["open_tls"]("127.0.0.1", port, context)
        with OmniClient.over(transport, controller_key=KEY) as client:
            assert client.list_area_names() == AREAS
            portal.call(served.reboot)
            with pytest.raises(OmniConnectionError):
                client.list_area_names()


def test_no_tls_behind_a_port_is_told(panel: ServedPanel) -> None:
    names = names_of(fenced("write-a-transport.md", "python")[1])
    with pytest.raises(OmniConnectionError, match="over TLS"):
        names["open_tls"](panel.host, panel.port, ssl.create_default_context())


@BACKENDS
def test_streams_that_anyio_has(backend: str, certificate: Path, tmp_path: Path) -> None:
    names = names_of(fenced("write-a-transport.md", "python")[2])
    context = ssl.create_default_context(cafile=certificate)
    path = str(tmp_path / "panel")
    with in_a_thread(tls_panel(certificate)) as (port, _):
        for call in ("list_areas_over_tls", "list_areas_and_stay"):
            assert anyio.run(names[call], "127.0.0.1", port, KEY, context, backend=backend) == AREAS
    with in_a_thread(unix_panel(path)):
        assert anyio.run(names["list_areas_on_a_unix_socket"], path, KEY, backend=backend) == AREAS
    with MockPanel(controller_key=KEY).serve(transport="udp") as served:
        call = "list_areas_by_datagrams"
        assert anyio.run(names[call], served.host, served.port, KEY, backend=backend) == AREAS


@BACKENDS
def test_a_stream_around_another(backend: str, panel: ServedPanel, caplog: pytest.LogCaptureFixture) -> None:
    names = names_of(fenced("write-a-transport.md", "python")[3])
    with caplog.at_level(logging.INFO, "panel.bytes"):
        assert anyio.run(names["list_areas"], panel.host, panel.port, KEY, backend=backend) == AREAS
    assert_tells_sizes(sizes(caplog))


def test_the_tests_of_a_transport_pass() -> None:
    names = names_of(fenced("write-a-transport.md", "python")[4])
    tests = [name for name in names if name.startswith("test_")]
    assert tests == ["test_a_session", "test_datagrams"]
    for test in tests:
        names[test]()


def test_the_test_of_a_stream_prints_what_stands_under_it() -> None:
    promised = "".join(fenced("write-a-transport.md", "text")).splitlines()
    assert lines_printed_by(fenced("write-a-transport.md", "python")[5]) == promised


# Serial ports and bridges.


@pytest.fixture
def pair() -> Iterator[PtyPair]:
    with open_pty_pair() as pair:
        yield pair


@asynccontextmanager
async def panel_on(pair: PtyPair) -> AsyncIterator[None]:
    async with (
        omnilink_anyio.MockPanel(controller_key=KEY).serve() as served,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(served.serve_stream, DescriptorStream(pair))
        yield
        tasks.cancel_scope.cancel()


@pytest.mark.parametrize("call", ["list_areas", "list_areas_and_stay"])
def test_a_serial_port_in_blocking_code(pair: PtyPair, call: str) -> None:
    names = names_of(fenced("serial-bridge.md", "python")[0])
    with in_a_thread(panel_on(pair)):
        assert names[call](pair.path, KEY) == AREAS


@BACKENDS
def test_a_serial_port_on_an_event_loop(backend: str, pair: PtyPair) -> None:
    names = names_of(fenced("serial-bridge.md", "python")[1])
    with in_a_thread(panel_on(pair)):
        assert anyio.run(names["list_areas"], pair.path, KEY, backend=backend) == AREAS


def command(line: str, **changes: str) -> list[str]:
    """Return a command of a page, with the program where it is on this system; skips the test without it."""
    program, *arguments = shlex.split(with_changes(line, **changes))
    return [require_bridge(program), *arguments]


@contextmanager
def running(arguments: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(arguments, stdout=nowhere, stderr=nowhere, start_new_session=True) as process:
        try:
            yield process
        finally:
            # And the one that it started for its client.
            os.killpg(process.pid, signal.SIGKILL)


def wait_until(process: subprocess.Popen[bytes], is_so: Callable[[], bool]) -> None:
    """Wait for what a program does without saying so."""
    until, pausing = time.monotonic() + PATIENCE, threading.Event()
    while not is_so():
        assert process.poll() is None, f"it ended with {process.returncode}"
        assert time.monotonic() < until
        pausing.wait(0.005)


def test_socat_bridges_a_port_to_tcp(pair: PtyPair) -> None:
    port = _free_port()
    line, _, _ = fenced("serial-bridge.md", "sh")
    arguments = command(line, **{"4369": str(port), "/dev/ttyUSB0": pair.path})
    with in_a_thread(panel_on(pair)), running(arguments) as process:
        wait_until(process, lambda: _is_listening(port))
        with OmniClient("127.0.0.1", port, controller_key=KEY) as client:
            assert client.list_area_names() == AREAS


def test_socat_makes_a_port_of_a_connection(panel: ServedPanel, tmp_path: Path) -> None:
    path = tmp_path / "panel"
    _, line, _ = fenced("serial-bridge.md", "sh")
    arguments = command(line, **{"192.168.1.9:4369": f"{panel.host}:{panel.port}", "/tmp/panel": str(path)})
    with running(arguments) as process:
        wait_until(process, path.exists)
        names = names_of(fenced("serial-bridge.md", "python")[0])
        assert names["list_areas"](str(path), KEY) == AREAS


def test_ser2net_bridges_a_port_to_tcp(pair: PtyPair, tmp_path: Path) -> None:
    port = _free_port()
    (text,) = fenced("serial-bridge.md", "yaml")
    settings = tmp_path / "ser2net.yaml"
    settings.write_text(
        with_changes(text, **{"4369": str(port), "/dev/ttyUSB0": pair.path}), encoding="ascii"
    )
    arguments = [require_bridge("ser2net"), "-n", "-u", "-c", str(settings)]
    with in_a_thread(panel_on(pair)), running(arguments) as process:
        wait_until(process, lambda: _is_listening(port))
        with OmniClient("127.0.0.1", port, controller_key=KEY) as client:
            assert client.list_area_names() == AREAS


@pytest.mark.skipif(shutil.which("ssh") is None, reason="ssh is not installed (Debian's openssh-client)")
def test_ssh_understands_the_tunnel() -> None:
    *_, line = fenced("serial-bridge.md", "sh")
    program, *arguments = shlex.split(line)
    # -G: tell what it would do, and do nothing.
    told = subprocess.run([program, "-G", *arguments], capture_output=True, text=True, check=True, timeout=60)
    assert "\nlocalforward 4369 [192.168.1.9]:4369\n" in told.stdout
    assert "\nsessiontype none\n" in told.stdout


# A loop of your own.


def loop_program() -> str:
    return fenced("embed-in-your-own-loop.md", "python")[0]


def test_the_loop_is_short() -> None:
    assert len(loop_program().splitlines()) < 60


class WhenEnabled:
    """Does something to a panel as soon as a client has had it tell what happens."""

    def __init__(self, action: Callable[[EmulatedPanel[Hashable], float], object]) -> None:
        self._action = action
        self.served: ServedPanel | None = None
        self.threads: list[threading.Thread] = []

    def __call__(self, event: PeerEvent[Hashable]) -> None:
        _, happened = event
        if isinstance(happened, RequestReceived) and happened.message.type == EnableNotifications.OPCODE:
            assert self.served is not None
            # Comes its turn when the panel has acted on this.
            thread = threading.Thread(target=self.served.act, args=(self._action,))
            self.threads.append(thread)
            thread.start()


def change_and_leave(panel: EmulatedPanel[Hashable], now: float) -> None:
    change_unit(panel, now)
    panel.close(now)


def test_the_loop_says_what_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMNILINK_KEY", KEY.hex())
    enabled = WhenEnabled(change_and_leave)
    with MockPanel(controller_key=KEY, observe=enabled).serve() as served:
        enabled.served = served
        program = with_changes(loop_program(), **{'("192.168.1.9", 4369)': str((served.host, served.port))})
        change, end = lines_printed_by(program)
    assert change.startswith("UnitStatus(index=3")
    assert "the controller terminated the session" in end
    for thread in enabled.threads:
        thread.join(PATIENCE)


def serve(names: dict[str, Any], panel: Any) -> None:
    with selectors.DefaultSelector() as selector:
        names["run"](panel, selector)


def test_the_loop_calls_what_else_is_ready_and_ends_by_itself(panel: ServedPanel) -> None:
    names = names_of(loop_program())
    ours, theirs = socket.socketpair()
    machine = ClientConnection(KEY)
    ended: list[SessionEnded] = []

    def take(_: ClientConnection, event: object) -> None:
        if isinstance(event, SessionStarted):
            theirs.send(b"!")
        elif isinstance(event, SessionEnded):
            ended.append(event)

    def stop() -> None:
        assert ours.recv(1) == b"!"
        machine.close(time.monotonic())

    connected = socket.create_connection((panel.host, panel.port))
    with ours, theirs, selectors.DefaultSelector() as selector:
        selector.register(ours, selectors.EVENT_READ, stop)
        names["run"](names["Panel"](connected, machine, take), selector)
        assert list(selector.get_map()) == [ours.fileno()]
    assert [end.error for end in ended] == [None]
    assert connected.fileno() == -1


def test_the_loop_tells_of_a_stream_that_ends(panel: ServedPanel) -> None:
    names = names_of(loop_program())
    ended: list[SessionEnded] = []

    def take(_: ClientConnection, event: object) -> None:
        if isinstance(event, SessionStarted):
            panel.reboot()
        elif isinstance(event, SessionEnded):
            ended.append(event)

    connected = socket.create_connection((panel.host, panel.port))
    serve(names, names["Panel"](connected, ClientConnection(KEY), take))
    assert isinstance(ended[0].error, OmniConnectionError)


def test_the_loop_serves_datagrams() -> None:
    first, datagrams, *_ = fenced("embed-in-your-own-loop.md", "python")
    names = names_of(first, datagrams)
    printed = io.StringIO()
    enabled = WhenEnabled(change_and_leave)
    with MockPanel(controller_key=KEY, observe=enabled).serve(transport="udp") as served:
        enabled.served = served
        panel = names["datagram_panel"](served.host, served.port, KEY, names["listen"])
        # Only on datagrams it is to be sent again so soon.
        assert panel.machine.next_timeout() - time.monotonic() <= ClientSettings().handshake_repeat
        with contextlib.redirect_stdout(printed):
            serve(names, panel)
    assert printed.getvalue().startswith("UnitStatus(index=3")
    for thread in enabled.threads:
        thread.join(PATIENCE)


def test_the_next_session_in_the_loop_goes_on_where_the_last_one_stopped() -> None:
    first, datagrams, following, _ = fenced("embed-in-your-own-loop.md", "python")
    names = names_of(first, datagrams, following)
    tags: list[int] = []
    reused: list[bool] = []

    def observe(event: PeerEvent[Hashable]) -> None:
        if isinstance(event.event, RequestReceived):
            tags.append(event.event.tag)

    def take(machine: ClientConnection, event: object) -> None:
        if isinstance(event, SessionStarted):
            reused.append(event.session_id_reused)
            machine.send(RequestSystemInformation(), time.monotonic())
        elif isinstance(event, ReplyReceived):
            machine.close(time.monotonic())

    with MockPanel(controller_key=KEY, observe=observe).serve(transport="udp") as served:
        panel = names["datagram_panel"](served.host, served.port, KEY, take)
        serve(names, panel)
        assert panel.machine.history.key_proved
        transport = socket.socket(type=socket.SOCK_DGRAM)
        transport.connect((served.host, served.port))
        following_one = names["next_panel"](panel.machine, transport, KEY, take)
        assert following_one.machine.framing is Framing.DATAGRAM
        serve(names, following_one)
        # Without it, numbers begin at the same again.
        serve(names, names["datagram_panel"](served.host, served.port, KEY, take))
    first_tag, second_tag, third_tag = tags
    assert second_tag > first_tag == third_tag
    assert reused == [False] * 3


def twice(request: Request[object]) -> Operation[str]:
    yield from ask(request)
    yield from pause(0.01)
    yield from ask(request)
    return type(request).__name__


def requests_in_the_loop(
    operations: list[Operation[object]], after_the_first_reply: list[Operation[object]]
) -> tuple[list[int], list[object]]:
    """Run operations side by side; return the types of the requests that came, and the results."""
    first, *_, running_operations = fenced("embed-in-your-own-loop.md", "python")
    names = names_of(first, running_operations)
    count = len(operations) + len(after_the_first_reply)
    came: list[int] = []
    results: list[object] = []
    under_way: list[Any] = []

    def observe(event: PeerEvent[Hashable]) -> None:
        if isinstance(event.event, RequestReceived):
            came.append(event.event.message.type)

    def done(machine: ClientConnection, result: object) -> None:
        results.append(result)
        if len(results) == count:
            machine.close(time.monotonic())

    def begin(machine: ClientConnection, beginning: list[Operation[object]]) -> None:
        under_way.extend(
            names["Running"](machine, operation, partial(done, machine)) for operation in beginning
        )

    def take(machine: ClientConnection, event: object) -> None:
        if isinstance(event, SessionStarted):
            begin(machine, operations)
        elif isinstance(event, ReplyReceived) and len(under_way) == len(operations):
            begin(machine, after_the_first_reply)
        for running_one in under_way:
            running_one.take(event)

    with MockPanel(controller_key=KEY, observe=observe).serve() as served:
        connected = socket.create_connection((served.host, served.port))
        panel = names["Panel"](connected, ClientConnection(KEY), take)
        with connected, selectors.DefaultSelector() as selector:
            selector.register(connected, selectors.EVENT_READ, panel.read)
            while panel.settle() is not ConnectionState.CLOSED:
                due = [running_one.due for running_one in under_way if running_one.due is not None]
                if (time_out := panel.machine.next_timeout()) is not None:
                    due.append(time_out)
                for ready, _ in selector.select(max(min(due) - time.monotonic(), 0) if due else PATIENCE):
                    ready.data()
                panel.machine.handle_timeout(time.monotonic())
                for running_one in under_way:
                    running_one.handle_timeout(time.monotonic())
    return came, results


FORMATS, TROUBLES, FEATURES = RequestSystemFormats(), RequestSystemTroubles(), RequestSystemFeatures()


def test_operations_in_the_loop_that_lease_it_are_left_alone() -> None:
    came, results = requests_in_the_loop(
        [leased(lambda: twice(FORMATS)), leased(lambda: twice(TROUBLES)), twice(FEATURES)], []
    )
    assert came == [request.OPCODE for request in (*[FORMATS] * 2, *[TROUBLES] * 2, *[FEATURES] * 2)]
    assert results == ["RequestSystemFormats", "RequestSystemTroubles", "RequestSystemFeatures"]


def test_a_leased_operation_in_the_loop_begins_anew_after_a_security_command() -> None:
    came, results = requests_in_the_loop([leased(lambda: twice(FORMATS))], [disarm(1, 1)])
    assert came == [FORMATS.OPCODE, ControllerCommand.OPCODE, FORMATS.OPCODE, FORMATS.OPCODE]
    assert results == [None, "RequestSystemFormats"]


def test_an_operation_in_the_loop_that_is_given_up_gives_its_lease_back() -> None:
    first, *_, running_operations = fenced("embed-in-your-own-loop.md", "python")
    names = names_of(first, running_operations)
    results: list[object] = []

    class Machine:
        """Grants every lease."""

        released: ClassVar[list[int]] = []

        def lease(self, _now: float) -> int:
            return 7

        def release(self, lease: int, _now: float) -> None:
            self.released.append(lease)

    for is_granted in (False, True):
        machine = Machine()
        running_one = names["Running"](machine, leased(lambda: pause(5)), results.append)
        if is_granted:
            running_one.take(LeaseGranted(7))
        running_one.end("given up")
    assert Machine.released == [7, 7]
    assert results == ["given up"] * 2


def test_an_operation_in_the_loop(panel: ServedPanel) -> None:
    first, *_, running_operations = fenced("embed-in-your-own-loop.md", "python")
    names = names_of(first, running_operations)
    results: list[Any] = []
    under_way: list[Any] = []
    operations = (
        list_names(ObjectType.AREA),
        arm_and_confirm(1, SecurityMode.AWAY, "9999"),
        list_names(ObjectType.BUTTON),
    )

    def done(machine: ClientConnection, result: object) -> None:
        results.append(result)
        if len(results) == len(operations):
            machine.close(time.monotonic())

    def take(machine: ClientConnection, event: object) -> None:
        if isinstance(event, SessionStarted):
            under_way.extend(
                names["Running"](machine, operation, partial(done, machine)) for operation in operations
            )
        for running_one in under_way:
            running_one.take(event)

    connected = socket.create_connection((panel.host, panel.port))
    serve(names, names["Panel"](connected, ClientConnection(KEY), take))
    assert AREAS in results
    assert "the code is not valid" in "".join(str(result) for result in results)


def test_an_operation_in_the_loop_is_told_of_the_end(panel: ServedPanel) -> None:
    first, *_, running_operations = fenced("embed-in-your-own-loop.md", "python")
    names = names_of(first, running_operations)
    results: list[object] = []
    under_way: list[Any] = []

    def take(machine: ClientConnection, event: object) -> None:
        if isinstance(event, SessionStarted):
            under_way.append(names["Running"](machine, list_names(ObjectType.ZONE), results.append))
            machine.close(time.monotonic())
        for running_one in under_way:
            running_one.take(event)

    connected = socket.create_connection((panel.host, panel.port))
    serve(names, names["Panel"](connected, ClientConnection(KEY), take))
    (result,) = results
    assert isinstance(result, OmniConnectionError)


def test_an_operation_in_the_loop_pauses() -> None:
    first, *_, running_operations = fenced("embed-in-your-own-loop.md", "python")
    results: list[object] = []
    running_one = names_of(first, running_operations)["Running"](
        ClientConnection(KEY), pause(5), results.append
    )
    running_one.handle_timeout(running_one.due - 1)
    assert results == []
    running_one.handle_timeout(running_one.due)
    assert results == [None]
    assert running_one.due is None


# Staying connected.


def test_a_program_that_stays(panel: ServedPanel) -> None:
    names = names_of(fenced("stay-connected.md", "python")[0])
    told: queue.Queue[str] = queue.Queue()

    def hear(beginning: str) -> None:
        while not (line := told.get(timeout=PATIENCE)).startswith(beginning):
            assert line.startswith("UnitStatus"), line

    def live() -> None:
        panel.act(change_unit)
        hear("UnitStatus 3")
        panel.act(reboot_with_a_change)
        hear("lost: ")
        hear("trying again in 0 s: ")
        hear("back")
        hear("changed meanwhile: UnitStatus 3")

    names["watch"](panel.host, panel.port, KEY, told.put, live, AT_ONCE)
    hear("lost: closed by us")
    assert names["in_words"](EventsLost(7)) == "7 events missing: read the states anew"


@BACKENDS
def test_a_loop_that_stays(backend: str, panel: ServedPanel) -> None:
    names = names_of(fenced("stay-connected.md", "python")[1])

    async def live() -> None:
        send, receive = anyio.create_memory_object_stream[object](100)
        async with send, receive, anyio.create_task_group() as tasks:

            async def hear(expected: Callable[[object], object]) -> None:
                with anyio.fail_after(PATIENCE):
                    while not expected(await receive.receive()):
                        pass

            tasks.start_soon(
                partial(
                    names["follow"], panel.host, panel.port, KEY, send.send_nowait, send.send_nowait, AT_ONCE
                )
            )
            await hear(lambda heard: heard == "listening")
            panel.act(change_unit)
            await hear(lambda heard: isinstance(heard, UnitStatus) and heard.is_on)
            panel.act(reboot_with_a_change)
            await hear(lambda heard: heard == "away")
            await hear(lambda heard: heard == "back")
            await hear(lambda heard: isinstance(heard, UnitStatus) and not heard.is_on)
            tasks.cancel_scope.cancel()

    anyio.run(live, backend=backend)


def test_a_call_that_nobody_answers(panel: ServedPanel) -> None:
    switch_on = names_of(fenced("stay-connected.md", "python")[2])["switch_on"]
    with OmniClient(panel.host, panel.port, controller_key=KEY) as client:
        assert switch_on(client, 4) == "done"
        assert switch_on(Unanswered(client), 4) == "done after all"
        assert switch_on(Unanswered(client), 5) == "not done: send it again if it is still wanted"
        panel.reboot()
        assert switch_on(Unanswered(client), 4) == "nobody knows: look when there is a session again"
        assert switch_on(client, 4).startswith("not sent: the controller closed the connection")


class Unanswered:
    """A client whose commands get no answer, whether they were carried out or not."""

    def __init__(self, client: OmniClient) -> None:
        self.get_object_status = client.get_object_status

    def turn_unit_on(self, unit: int) -> None:
        raise OutcomeUnknownError(f"unit {unit} on", OutcomeCause.TIMEOUT)


def test_a_start_with_the_house() -> None:
    start = names_of(fenced("stay-connected.md", "python")[3])["start_with_the_house"]
    panel = MockPanel(controller_key=KEY)
    models: list[str] = []
    thread = threading.Thread(
        target=lambda: models.append(start("127.0.0.1", port, KEY, quick_wait=0.01)), daemon=True
    )
    # The first try meets what hangs up, as a network that is not there yet.
    with socket.create_server(("127.0.0.1", 0)) as starting:
        starting.settimeout(PATIENCE)
        port: int = starting.getsockname()[1]
        thread.start()
        starting.accept()[0].close()
    with panel.serve("127.0.0.1", port):
        thread.join(PATIENCE)
    assert models == ["Omni Pro II"]
    with panel.serve() as served, pytest.raises(InvalidEncryptionKeyError):
        start(served.host, served.port, bytes(16))


def test_a_kick_after_a_sleep() -> None:
    kick_after_sleep = names_of(fenced("stay-connected.md", "python")[4])["kick_after_sleep"]
    times = iter([0.0, 5.0, 10.0, 4000.0, 4005.0])
    kicks: list[float] = []
    now = 0.0

    class Stop:
        rounds = 4

        def wait(self, seconds: float) -> bool:
            assert seconds == 5
            self.rounds -= 1
            return self.rounds < 0

    class Client:
        def check_now(self) -> None:
            kicks.append(now)

    def clock() -> float:
        nonlocal now
        now = next(times)
        return now

    kick_after_sleep(Client(), Stop(), clock)
    assert kicks == [4000.0]


def test_one_session_with_callbacks(panel: ServedPanel) -> None:
    watch = names_of(fenced("stay-connected.md", "python")[5])["watch_one_session"]
    told: queue.Queue[Notification | EventsLost | ConnectionLost] = queue.Queue()

    def live() -> None:
        panel.act(change_unit)
        heard = told.get(timeout=PATIENCE)
        assert isinstance(heard, UnitStatus)
        assert heard.index == 3
        panel.reboot()
        assert isinstance(told.get(timeout=PATIENCE), ConnectionLost)

    watch(panel.host, panel.port, KEY, told.put, live)


def test_the_command_that_probes_prints_what_stands_under_it(panel: ServedPanel, tmp_path: Path) -> None:
    (line,), (promised,) = fenced("stay-connected.md", "sh"), fenced("stay-connected.md", "text")
    (tmp_path / "controller.key").write_text(KEY.hex(), encoding="ascii")
    here = {"192.168.1.9": panel.host}
    changed = with_changes(line, **here, **{"controller.key": str(tmp_path / "controller.key")})
    program, *arguments = shlex.split(changed)
    assert program == "omnilink"
    result = CliRunner().invoke(main, [*arguments, "--port", str(panel.port)])
    assert result.output == with_changes(promised, **here, **{"port 4369": f"port {panel.port}"})
    assert result.exit_code == 0


def test_advice(panel: ServedPanel) -> None:
    advice = names_of(fenced("stay-connected.md", "python")[6])["advice"]
    where = panel.host, panel.port
    assert advice(*where, KEY) == "Omni Pro II, firmware 4.0b"
    assert advice(*where).startswith("a controller answers here")
    assert advice(*where, bytes(16)).startswith("type the key again")
    assert advice(panel.host, _free_port()).startswith("cannot connect")

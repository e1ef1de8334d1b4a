"""What both adapters offer is the same, but for who waits how; and neither knows the protocol."""

import ast
import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import omnilink_anyio
import omnilink_sync
from omnilink_sansio import MessageRecord, Request

ROOT = Path(__file__).parents[2]
ADAPTERS: tuple[ModuleType, ...] = (omnilink_anyio, omnilink_sync)

ONE_SIDED_NAMES = {
    "SocketTransport": "sync: anyio's own streams are transports as they are, sockets need an adapter",
}

ONE_SIDED_MEMBERS = {
    "OmniClient.read_in_background": "sync: who serves the session is a choice only there",
    "OmniConnection.read_in_background": "sync: who serves the session is a choice only there",
    "OmniConnection.is_read_in_background": "sync: who serves the session is a choice only there",
    "OmniConnection.serve_until": "sync: whoever waits serves the session, iterators and pauses too",
    "EventStream.get": "sync: a step of an asynchronous iterator can be cancelled after any time",
    "EventStream.is_over": "sync: tells the two reasons apart for which `get` returns None",
    "EventStream.within": "sync: so can a loop",
}

PLAIN_IN_BOTH = {
    "EventStream.close",
    "MockPanel.new_panel",
    "MockPanel.random_session_id",
    "MockPanel.serve",
    "OmniClient.events",
    "OmniClient.over",
    "OmniConnection.check_connected",
    "OmniConnection.enable_notifications",
    "OmniConnection.tap",
    "OmniConnection.listen",
    "OmniConnection.opening",
    "OmniConnection.over",
    "OmniConnection.release",
    "OmniConnection.submit",
    "OmniConnection.subscribe",
    "OmniConnection.unsolicited",
    "ReconnectingClient.events",
    "ReconnectingClient.check_now",
    "ReconnectingClient.opening",
    "ServedPanel.act",
    "ServedPanel.happen",
    "ServedPanel.reboot",
}
"""What waits for nothing, so that nothing is to be awaited. All else is awaited in omnilink_anyio."""

MADE_BY_USERS = ("MockPanel", "OmniClient", "OmniConnection", "ReconnectingClient")
"""Whose constructor is public; the others come from these, ready made."""

ONE_SIDED_SENTENCES: dict[str, tuple[set[str], set[str]]] = {
    "OmniClient": (
        {
            "A client of one controller, on asyncio or trio: ``async with OmniClient(host, controller_key=key)``.",
            "Cancelling a call leaves the session usable.",
            "Errors reach you bare.",
        },
        {
            "A client of one controller, for blocking code: ``with OmniClient(host, controller_key=key)``.",
            "Interrupting a call leaves the session usable, unless it hits a write: half a packet ends it.",
            (
                "It belongs to the thread that entered it, and the session is served during calls only, as "
                "that of `OmniConnection`; `read_in_background` changes both."
            ),
        },
    ),
    "OmniConnection": (
        {
            (
                "Use it as a context manager, call `connect` and `aclose`, or give `run` a task of its own; all "
                "of them from whichever task you like."
            ),
            "Cancelling a call leaves the session usable.",
            "Errors reach you bare.",
        },
        {
            (
                "Use it as a context manager, call `connect` and `aclose`, or give `run` a thread of its own, as "
                "its target."
            ),
            (
                "It belongs to the thread that connects it, and is served only while that thread waits for "
                "something: a notification is noticed, and the session kept alive, during calls."
            ),
            "`read_in_background` changes both.",
            "From a callback nothing may be waited for, unless it has a thread of its own.",
        },
    ),
}
"""What the docstring of a class says in one adapter only: of tasks there, of threads here."""

SHARED = sorted(set(dir(omnilink_anyio)) & set(dir(omnilink_sync)) - {"Transport"})
"""`Transport` is anyio's streams there and a protocol of its own here."""

CLASSES = [name for name in SHARED if inspect.isclass(getattr(omnilink_anyio, name))]
FUNCTIONS = [name for name in SHARED if name not in CLASSES]

DUNDERS = {
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
}


def _members(name: str, adapter: ModuleType) -> set[str]:
    return {member for member in dir(getattr(adapter, name)) if not member.startswith("_")}


def _found(name: str, member: str, adapter: ModuleType) -> object:
    """Return what a class has for a member, unbound; the method of a call is made when it is looked up."""
    kind = getattr(adapter, name)
    getattr(kind, member)
    return inspect.getattr_static(kind, member)


def _function(name: str, member: str, adapter: ModuleType) -> Callable[..., object]:
    """Return the function behind a method, class method or property."""
    found = _found(name, member, adapter)
    function = getattr(found, "fget", None) or getattr(found, "__func__", found)
    assert inspect.isfunction(function), f"{name}.{member}"
    return function


SHARED_MEMBERS = [
    (name, member)
    for name in CLASSES
    for member in sorted(_members(name, omnilink_anyio) & _members(name, omnilink_sync))
]

_ANYIO_TRANSPORT = inspect.formatannotation(omnilink_anyio.Transport).replace("typing.", "")


def _plain(annotation: object) -> str:
    """Return an annotation's text without what is an adapter's own: transports, and what is awaited."""
    text = inspect.formatannotation(annotation).replace("typing.", "")
    text = text.replace(_ANYIO_TRANSPORT, "a transport").replace(
        "omnilink_sync.transport.Transport", "a transport"
    )
    text = re.sub(r"\bomnilink_(anyio|sync)\.", "", text)
    # What a served panel is given besides its own port.
    text = re.sub(
        r"\b(anyio\.abc\.(_streams\.)?(ByteStream|UnreliableObjectStream\[bytes\])|socket\.socket)",
        "a link",
        text,
    )
    return re.sub(r"collections\.abc\.Awaitable\[(.*)\]\]", r"\1]", text)


def _signature(function: Callable[..., object]) -> list[tuple[str, ...]]:
    signature = inspect.signature(function)
    parameters = [
        (given.name, given.kind.description, repr(given.default), _plain(given.annotation))
        for given in signature.parameters.values()
    ]
    return [*parameters, ("->", _plain(signature.return_annotation))]


def _sentences(text: str | None) -> list[str]:
    assert text is not None
    return re.split(r"(?<=\.)\s+", " ".join(inspect.cleandoc(text).split()))


# Names.


def test_both_offer_the_same_names() -> None:
    assert set(dir(omnilink_anyio)) ^ set(dir(omnilink_sync)) == set(ONE_SIDED_NAMES)
    assert {"OmniClient", "OmniConnection", "Reply", "EventStream", "ReconnectingClient"} <= set(CLASSES)
    assert {"MockPanel", "ServedPanel"} <= set(CLASSES)
    assert set(FUNCTIONS) == {"probe", "open_tcp", "open_udp", "open_serial"}


def test_both_offer_the_same_members() -> None:
    one_sided = {
        f"{name}.{member}"
        for name in CLASSES
        for member in _members(name, omnilink_anyio) ^ _members(name, omnilink_sync)
    }
    assert one_sided == set(ONE_SIDED_MEMBERS)
    assert len(SHARED_MEMBERS) > 150


def test_what_is_a_property_or_a_class_method_is_so_in_both() -> None:
    for name, member in SHARED_MEMBERS:
        there, here = (_found(name, member, adapter) for adapter in ADAPTERS)
        assert type(there) is type(here), f"{name}.{member}"


def test_both_are_used_alike_as_contexts_and_iterators() -> None:
    for name in CLASSES:
        there, here = (getattr(adapter, name) for adapter in ADAPTERS)
        for awaited, blocking in DUNDERS.items():
            assert hasattr(there, awaited) == hasattr(here, blocking), f"{name}.{blocking}"
            assert not hasattr(here, awaited), f"{name}.{awaited}"
            assert not hasattr(there, blocking), f"{name}.{blocking}"


def test_instances_have_the_same_fields() -> None:
    panels = [adapter.MockPanel(controller_key=bytes(16)) for adapter in ADAPTERS]
    assert [_fields(panel) for panel in panels] == [{"house"}] * 2
    assert [_fields(panel.serve()) for panel in panels] == [{"host", "panel", "port"}] * 2
    clients = [adapter.OmniClient("panel", controller_key=bytes(16)) for adapter in ADAPTERS]
    assert [_fields(client) for client in clients] == [set(), set()]
    assert [_fields(client.connection) for client in clients] == [set(), set()]


def _fields(item: object) -> set[str]:
    return {name for name in vars(item) if not name.startswith("_")}


# Signatures.


def test_methods_take_and_return_the_same() -> None:
    for name, member in SHARED_MEMBERS:
        there, here = (_signature(_function(name, member, adapter)) for adapter in ADAPTERS)
        assert there == here, f"{name}.{member}"


def test_constructors_take_the_same() -> None:
    for name in MADE_BY_USERS:
        there, here = (_signature(getattr(adapter, name).__init__) for adapter in ADAPTERS)
        assert there == here, name


def test_functions_take_and_return_the_same() -> None:
    for name in FUNCTIONS:
        there, here = (_signature(getattr(adapter, name)) for adapter in ADAPTERS)
        assert there == here, name


def _callables() -> Iterator[tuple[str, Callable[..., object], Callable[..., object]]]:
    for name, member in SHARED_MEMBERS:
        if not isinstance(inspect.getattr_static(getattr(omnilink_anyio, name), member), property):
            yield f"{name}.{member}", *(_function(name, member, adapter) for adapter in ADAPTERS)  # type: ignore[misc]
    for name in FUNCTIONS:
        yield name, getattr(omnilink_anyio, name), getattr(omnilink_sync, name)


def test_all_that_waits_is_awaited_there_and_plain_here() -> None:
    awaited = {name for name, there, _ in _callables() if inspect.iscoroutinefunction(there)}
    every = {name for name, _, _ in _callables()}
    assert every - awaited == PLAIN_IN_BOTH
    assert [name for name, _, here in _callables() if inspect.iscoroutinefunction(here)] == []


# Docstrings.


def test_methods_say_the_same_word_for_word() -> None:
    for name, member in SHARED_MEMBERS:
        there, here = (inspect.getdoc(_function(name, member, adapter)) for adapter in ADAPTERS)
        assert there, f"{name}.{member}"
        assert there == here, f"{name}.{member}"


def test_functions_say_the_same_word_for_word() -> None:
    for name in FUNCTIONS:
        there, here = (inspect.getdoc(getattr(adapter, name)) for adapter in ADAPTERS)
        assert there, name
        assert there == here, name


def test_classes_say_the_same_but_for_tasks_and_threads() -> None:
    assert set(ONE_SIDED_SENTENCES) <= set(CLASSES)
    for name in CLASSES:
        there, here = (_sentences(getattr(adapter, name).__doc__) for adapter in ADAPTERS)
        only_there, only_here = ONE_SIDED_SENTENCES.get(name, (set(), set()))
        assert set(there) - set(here) == only_there, name
        assert set(here) - set(there) == only_here, name
        # And in the same order.
        assert [said for said in there if said in here] == [said for said in here if said in there], name


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.__name__)
def test_no_class_speaks_of_what_is_not_there(adapter: ModuleType) -> None:
    foreign = (
        r"\bthreads?\b"
        if adapter is omnilink_anyio
        else r"\b(async|await|asyncio|trio|anyio|task|cancel\w*)\b"
    )
    for name in CLASSES:
        assert not re.search(foreign, getattr(adapter, name).__doc__, re.IGNORECASE), name


# Neither knows the protocol.

OPCODES = {
    "COMMANDS",
    "Command",
    "OPCODES_V1",
    "OPCODES_V2",
    "OmniLink2MessageType",
    "OmniLinkMessageType",
    "Packet",
    "PacketType",
    "RawRequest",
}

BUILDS = {"Message", "Packet", "RawRequest", "fromhex", "to_message", "to_bytes"}
"""What is called to make a message, or bytes of one."""

MODULES = sorted(
    path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
    for adapter in ADAPTERS
    for path in (ROOT / adapter.__name__).rglob("*.py")
)


def _tree(module: str) -> ast.Module:
    path = ROOT / module.replace(".", "/")
    return ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text("utf-8"))


def _is_of_the_protocol(item: object, name: str) -> bool:
    if name in OPCODES:
        return True
    if not inspect.isclass(item) or item is Request:
        return False
    return issubclass(item, Request | MessageRecord)


def _protocol_named(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            # Whose names would be attributes, which are not looked for.
            yield from (alias.name for alias in node.names if alias.name.startswith("omnilink_sansio"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("omnilink_sansio"):
            source = importlib.import_module(node.module or "")
            for alias in node.names:
                if _is_of_the_protocol(getattr(source, alias.name), alias.name):
                    yield alias.name


def _built(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in BUILDS:
                yield name


def test_no_adapter_names_anything_of_the_protocol_or_builds_a_message() -> None:
    """Neither an opcode nor anything else: not even what enables notifications."""
    for adapter in ADAPTERS:
        modules = [module for module in MODULES if module.startswith(adapter.__name__)]
        assert len(modules) > 8
        for module in modules:
            tree = _tree(module)
            assert list(_protocol_named(tree)) == [], module
            assert list(_built(tree)) == [], module


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("from omnilink_sansio.objects import RequestZoneReadyStatus", "RequestZoneReadyStatus"),
        ("from omnilink_sansio.commands import AcknowledgeAlerts", "AcknowledgeAlerts"),
        ("from omnilink_sansio.opcodes import OmniLink2MessageType", "OmniLink2MessageType"),
        ("def late():\n    from omnilink_sansio import RawRequest", "RawRequest"),
        ("import omnilink_sansio", "omnilink_sansio"),
        ("import omnilink_sansio.messages as messages", "omnilink_sansio.messages"),
    ],
)
def test_a_name_of_the_protocol_would_be_found(source: str, named: str) -> None:
    assert list(_protocol_named(ast.parse(source))) == [named]


@pytest.mark.parametrize("source", ["Message(1, b'')", "request.to_message()", "bytes.fromhex('21')"])
def test_a_message_that_is_built_would_be_found(source: str) -> None:
    assert len(list(_built(ast.parse(source)))) == 1

"""The seams, read from the syntax trees: what no module above a link knows, and who alone asks for a dialect."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("omnilink_sansio", "omnilink_anyio", "omnilink_sync")

# Links: nothing above one knows about packets, sequence numbers, keys or encryption (DESIGN, Link).

ABOVE_A_LINK = (
    "client",
    "connection",
    "connection_states",
    "controller",
    "keepalive",
    "pending",
    "request_engine",
)
"""The modules of `omnilink_sansio.session` that stand on a link."""

THE_LINKS_ALONE = (
    "omnilink_sansio.session.history",
    "omnilink_sansio.session.request_memory",
    "omnilink_sansio.session.sequence",
    "omnilink_sansio.wire.cipher",
    "omnilink_sansio.wire.crc",
    "omnilink_sansio.wire.packet",
)
PASSES_THROUGH = {
    ("client", "omnilink_sansio.session.history"): "what one connection's link leaves to the next one's",
}
"""What such a module imports all the same: it hands it on and never looks into it."""

OF_PACKETS = re.compile(
    r"packet|sequence|cipher|encrypt|decrypt|session_?key|session_?id|crc|unsolicited", re.IGNORECASE
)
"""What names of any kind must not have in them."""

HANDED_ON = {
    "PacketDropped": "an event of the link, as it is",
    "UNEXPECTED_SEQUENCE": "the fault of a reply under a tag that nobody waits for",
    "session_id_reused": "what a link reports of a session that it has opened",
    "session_ids": "chance, which a controller is given for its link",
}
"""Names that pass through, and what they are there."""


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(tree: ast.AST) -> Iterator[str]:
    """Return all modules that are imported, at the beginning or later."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            assert node.level == 0
            yield node.module
            # A module can be imported from its package too.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def names_in(tree: ast.AST) -> Iterator[str]:
    """Return every name that is used or given."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.keyword(arg=str(name)) | ast.alias(name=name):
                yield name.rpartition(".")[2]
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name


def knowledge_of_packets(module: str, tree: ast.AST) -> list[str]:
    """Return what a module above a link knows and must not."""
    forbidden = [
        name for name in imported(tree) if name in THE_LINKS_ALONE and (module, name) not in PASSES_THROUGH
    ]
    return forbidden + [name for name in names_in(tree) if OF_PACKETS.search(name) and name not in HANDED_ON]


@pytest.mark.parametrize("module", ABOVE_A_LINK)
def test_nothing_above_a_link_knows_about_packets(module: str) -> None:
    tree = tree_of(ROOT / "omnilink_sansio" / "session" / f"{module}.py")
    assert knowledge_of_packets(module, tree) == []


def test_every_module_of_the_sessions_stands_on_one_side() -> None:
    """What is neither above a link nor listed here as part of one is new: decide where it stands."""
    modules = {path.stem for path in (ROOT / "omnilink_sansio" / "session").glob("*.py")}
    links = {
        "history",
        "request_memory",
        "secure_client_link",
        "secure_client_states",
        "secure_controller_link",
        "secure_controller_states",
        "secure_link",
        "sequence",
    }
    # What both sides use, or what gathers machines.
    between = {
        "__init__",
        "connection_type",
        "end_reasons",
        "events",
        "link",
        "observer",
        "server",
        "settings",
        "states",
    }
    bare = {name for name in modules if name.startswith("bare_")}
    assert modules == {*ABOVE_A_LINK} | links | between | bare


def test_knowledge_of_packets_is_found() -> None:
    """The test above is not vacuous."""
    for code, found in {
        "from omnilink_sansio.wire.packet import Packet": "omnilink_sansio.wire.packet",
        "from omnilink_sansio.wire import cipher": "omnilink_sansio.wire.cipher",
        "def f():\n    import omnilink_sansio.wire.packet": "omnilink_sansio.wire.packet",
        "from omnilink_sansio.session.sequence import sequence_after": "omnilink_sansio.session.sequence",
        "self._sequence = 1": "_sequence",
        "event.packet_type": "packet_type",
        "Packet.decode(data)": "Packet",
        "def send_packet(self): ...": "send_packet",
        "f(sequence=1)": "sequence",
        "def f(session_key): ...": "session_key",
        "link._session_id": "_session_id",
        "if tag == UNSOLICITED: pass": "UNSOLICITED",
    }.items():
        assert found in knowledge_of_packets("client", ast.parse(code)), code
    for code in ("PacketDropped(fault)", "found.session_id_reused", "link.reject(tag, fault)"):
        assert knowledge_of_packets("client", ast.parse(code)) == [], code


# Dialects: whoever needs something that differs takes it from the dialect; nobody asks which one it is
# (DESIGN, Dialect).

KEYED_BY_DIALECT = "omnilink_sansio/client/"
"""Where tables may be keyed by dialect: which request or operation makes each call."""

ASKS_ITSELF = "omnilink_sansio/messages/dialect.py"

DESCRIBES = {
    "omnilink_sansio/messages/events.py": "which description an event word's source is quoted from: a text",
    "omnilink_sansio/testing/strategies.py": "draws messages of the protocol that a test asks for",
}
"""What names a version where nothing of a connection depends on it, and why."""

VERSIONS = {"ProtocolVersion", "OMNI_LINK", "OMNI_LINK_2"}
HOLD_ONE = {"dialect", "_dialect", "protocol", "_protocol", "protocols", "_protocols"}
"""Names of what holds a dialect or a version, wherever they stand."""
SPELLINGS = {"v1", "v2"}
LOOK_UP = {"get", "pop", "setdefault", "index", "count", "__getitem__", "__contains__"}


def is_of_a_dialect(node: ast.expr) -> bool:
    """Whether an expression is a dialect, a version, or how one is spelt."""
    match node:
        case ast.Name(id=name):
            # The class by itself is a type in an annotation.
            return (name in VERSIONS and name != "ProtocolVersion") or name in HOLD_ONE
        case ast.Attribute(value=ast.Name(id=name)) if name in VERSIONS:
            return True
        case ast.Attribute(value=value, attr="version" | "name"):
            return is_of_a_dialect(value)
        case ast.Attribute(attr=name):
            return name in HOLD_ONE
        case ast.Constant(value=str(text)):
            return text in SPELLINGS
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return any(is_of_a_dialect(part) for part in parts)
        case ast.Call(func=ast.Name(id=name)):
            return name in VERSIONS
    return False


def questions(tree: ast.AST, *, may_key: bool = False) -> Iterator[ast.AST]:
    """Return where something is compared with, matched or looked up by a dialect or a version."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, comparators=others):
                parts = [left, *others]
                is_there = any(isinstance(part, ast.Constant) and part.value is None for part in parts)
                if not is_there and any(is_of_a_dialect(part) for part in parts):
                    yield node
            case ast.Match(subject=subject) if is_of_a_dialect(subject):
                yield node
            case ast.MatchValue(value=value) if is_of_a_dialect(value):
                yield node
            case ast.Subscript(slice=key) if not may_key and is_of_a_dialect(key):
                yield node
            case ast.Dict(keys=keys) if not may_key and any(key and is_of_a_dialect(key) for key in keys):
                yield node
            case ast.Call(func=ast.Attribute(attr=attr), args=[key, *_]) if not may_key and attr in LOOK_UP:
                if is_of_a_dialect(key):
                    yield node


def sources() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path


def test_nobody_but_the_dialects_asks_which_one_it_is() -> None:
    found = {}
    for name, path in sources():
        if name != ASKS_ITSELF and name not in DESCRIBES:
            where = questions(tree_of(path), may_key=name.startswith(KEYED_BY_DIALECT))
            lines = [ast.unparse(node) for node in where]
            if lines:
                found[name] = lines
    assert found == {}


def test_what_only_describes_is_still_there_to_be_excused() -> None:
    paths = dict(sources())
    for name in DESCRIBES:
        tree = tree_of(paths[name])
        assert {"ProtocolVersion"} & set(names_in(tree)), name
        assert [*questions(tree)], f"{name} asks no more: take its excuse away"


def test_such_questions_are_found() -> None:
    """The test above is not vacuous."""
    for code in (
        "if dialect is OMNI_LINK: pass",
        "if self._dialect == OMNI_LINK_2: pass",
        "if settings.dialect.version is ProtocolVersion.V1: pass",
        "x = ProtocolVersion.V2 in info.protocols",
        "if protocol == 'v1': pass",
        "if dialect.name in ('v1', 'v2'): pass",
        "match dialect:\n    case _: pass",
        "match x:\n    case ProtocolVersion.V1: pass",
        "TABLE[dialect]",
        "TABLE[settings.dialect.version]",
        "TABLE[ProtocolVersion.V1]",
        "TABLE.get(self._dialect)",
        "TABLE = {OMNI_LINK: 1}",
        "TABLE = {ProtocolVersion.V1: 1}",
    ):
        assert [*questions(ast.parse(code))], code
    for code in (
        "dialect.parse(message)",
        "x = None if dialect is None else dialect.opcodes.get(message.type)",
        "f(dialect=settings.dialect)",
        "if message.start not in dialect.starts: pass",
        "if version not in settings.accepted_session_versions: pass",
    ):
        assert not [*questions(ast.parse(code))], code

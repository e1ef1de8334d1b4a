"""What is loaded when: what a program imports, what comes with the first use, and that all of it is there."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from omnilink_sansio.client import ClientCall, ClientCalls
from omnilink_sansio.first_use import Named, found, named, rows_at_first_use
from omnilink_sansio.messages.parsers import PARSERS_V2, SHORT_PARSERS_V2
from omnilink_sansio.messages.record import Record
from tests.rows import each_row

ROOT = Path(__file__).parent.parent

# The guard: what programs import.

MACHINE = """
omnilink_sansio omnilink_sansio.first_use omnilink_sansio.frozen omnilink_sansio.errors omnilink_sansio.secrets
omnilink_sansio.wire .cipher .crc .framing .message .packet .tolerance
omnilink_sansio.messages .acknowledgements .dialect .message_record .models .opcode .opcodes_v2 .parsers
    .raw_message .raw_request .record .request
omnilink_sansio.session .client .connection .connection_states .end_reasons .events .history .keepalive .link
    .observer .pending .request_engine .secure_client_link .secure_client_states .secure_link .sequence .settings
    .states
"""
"""The client's machine; a name that begins with a dot goes on from the last that does not."""

CLIENT = f"""
{MACHINE}
omnilink_sansio.client .calls .client_call .dispatcher .event_queue .listeners
omnilink_sansio.messages.exchange
omnilink_sansio.operations .operation
omnilink_sansio.session.connection_type
"""
"""What both adapters' clients stand on."""

MAY_LOAD = {
    "import omnilink_sansio; omnilink_sansio.ClientConnection": MACHINE,
    "from omnilink_anyio import OmniClient": f"""
        {CLIENT}
        omnilink_sansio.client.awaited_client
        omnilink_anyio .background .calls .carriers .client .connection .descriptors .event_stream .flag .reply
        .transport .watch
    """,
    "from omnilink_sync import OmniClient": f"""
        {CLIENT}
        omnilink_sansio.client.blocking_client
        omnilink_sync .calls .client .connection .event_stream .reply .served_machine .transport
    """,
}
"""What a program that begins so may load of this library: no house, no event texts, no other protocol."""

SAY = "\nimport sys\nprint(*(name for name in sys.modules if name.startswith('omnilink_')))"


def _modules(names: str) -> set[str]:
    package, modules = "", set()
    for name in names.split():
        package = package if name[0] == "." else name
        modules.add(package + name if name[0] == "." else name)
    return modules


def _run(program: str) -> str:
    # The program is ours and holds nothing from outside.
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@each_row("program", MAY_LOAD)
def test_a_program_loads_what_it_uses_and_nothing_else(program: str) -> None:
    loaded, may = set(_run(program + SAY).split()), _modules(MAY_LOAD[program])
    assert loaded <= may, (
        f"`{program}` also loads {', '.join(sorted(loaded - may))}: import that where it is used, in the "
        "function or by a row of a table (omnilink_sansio/first_use.py), or under TYPE_CHECKING where only "
        "annotations name it; "
        "`python -X importtime` shows who imports it"
    )
    assert may <= loaded, f"`{program}` no longer loads {', '.join(sorted(may - loaded))}: say so in MAY_LOAD"


# The rows of tables.


@each_row("number", PARSERS_V2)
def test_each_row_of_the_parsers_is_there(number: int) -> None:
    for table in (PARSERS_V2, SHORT_PARSERS_V2):
        if number in table:
            parse = found(table[number])
            assert not isinstance(parse, Named)
            made = getattr(parse, "__self__", None) or get_type_hints(parse)["return"]
            assert all(issubclass(kind, Record) for kind in get_args(made) or [made])


def test_a_row_gives_way_to_what_it_names_with_its_first_call() -> None:
    statuses = named("omnilink_sansio.messages", "system")["system"]
    table: dict[int, Callable[..., object]] = {1: statuses.SystemStatus.parse, 2: len}
    rows = rows_at_first_use(table)
    assert isinstance(rows[1], Named)
    assert repr(rows[1]) == "<Named omnilink_sansio.messages.system:SystemStatus.parse>"
    status = rows[1](bytes(range(14)))
    assert not isinstance(rows[1], Named)
    assert rows[1](bytes(range(14))) == status
    assert rows[2] is len


def test_what_is_not_there_is_said_by_name() -> None:
    nothing = named("omnilink_sansio.messages", "nothing")["nothing"]
    with pytest.raises(ModuleNotFoundError, match="nothing"):
        found(nothing.at_all)
    with pytest.raises(AttributeError, match="underscore"):
        nothing._hidden  # noqa: B018 - looking it up is the test


# The methods of clients.

FIRST_LOOKS = {
    "calling": "import inspect\nassert inspect.iscoroutinefunction(OmniClient.turn_unit_on)",
    "its signature": (
        "import inspect\n"
        "assert [*inspect.signature(OmniClient.turn_unit_on).parameters] == ['self', 'index', 'duration']"
    ),
    "its docstring": "assert OmniClient.turn_unit_on.__doc__.startswith('Turn')",
    "help": (
        "import pydoc\n"
        "text = ''.join(pydoc.plain(pydoc.render_doc(OmniClient)).replace('|', '').split())\n"
        "assert 'turn_unit_on(self,index:int,' in text"
    ),
    "dir": "assert 'turn_unit_on' in dir(OmniClient)",
    "its own dictionary": "assert 'turn_unit_on' in vars(OmniClient)",
    "a stand-in": (
        "from unittest.mock import AsyncMock, create_autospec\n"
        "assert isinstance(create_autospec(OmniClient, instance=True).turn_unit_on, object)\n"
        "assert isinstance(AsyncMock(spec=OmniClient).turn_unit_on, AsyncMock)"
    ),
    "unwrapping it": (
        "import inspect\n"
        "method = inspect.unwrap(inspect.getattr_static(OmniClient, 'turn_unit_on'))\n"
        "assert inspect.iscoroutinefunction(method) and OmniClient.turn_unit_on is method"
    ),
    "a subclass that calls what it overrides": (
        "class Mine(OmniClient):\n"
        "    def turn_unit_on(self, index):\n"
        "        return super().turn_unit_on(index)\n"
        "Mine('a', controller_key=bytes(range(16))).turn_unit_on(1).close()"
    ),
    "a protocol": (
        "from typing import Protocol, runtime_checkable\n"
        "@runtime_checkable\n"
        "class CanSwitch(Protocol):\n"
        "    async def turn_unit_on(self, index: int) -> None: ...\n"
        "assert isinstance(OmniClient('a', controller_key=bytes(range(16))), CanSwitch)"
    ),
}
"""Ways to look at a method that nobody has called yet."""


@each_row("look", FIRST_LOOKS)
def test_a_method_is_there_however_it_is_looked_at_first(look: str) -> None:
    _run(f"from omnilink_anyio import OmniClient\n{FIRST_LOOKS[look]}")


@each_row("name", [name for name, call in vars(ClientCalls).items() if isinstance(call, ClientCall)])
def test_each_row_of_the_calls_is_there(name: str) -> None:
    call = vars(ClientCalls)[name]
    assert not isinstance(call.make, Named)
    assert call.make.__name__ == name or isinstance(call.make, type)


def test_everything_can_be_loaded_at_once() -> None:
    program = (
        "import sys\n"
        "from omnilink_anyio import OmniClient\n"
        "from omnilink_sansio.client import load_now\n"
        "load_now()\n"
        "before = set(sys.modules)\n"
        "from omnilink_sansio.messages.parsers import PARSERS_V2\n"
        "from omnilink_sansio.first_use import found\n"
        "[found(row) for row in PARSERS_V2.values()]\n"
        "[getattr(OmniClient, name) for name in dir(OmniClient)]\n"
        "print(*(name for name in set(sys.modules) - before if name.startswith('omnilink_')))"
    )
    assert _run(program).split() == []

"""Write the pages of the API's reference, which Sphinx fills from docstrings: ``python docs/api_pages.py``."""

import ast
import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import NamedTuple

from public_names import homes, public_names
from source_texts import docstring

import omnilink_anyio
import omnilink_sansio
import omnilink_sync
from omnilink_sansio.client import ClientCalls
from omnilink_sansio.simulator import house_file
from omnilink_sansio.testing import strategies

FOLDER = Path(__file__).with_name("reference") / "api"


class _Page(NamedTuple):
    """One page of ``omnilink_sansio``: its title, the public modules it shows, and of which floors."""

    title: str
    modules: tuple[str, ...]
    parts: tuple[str, ...] = ("",)


_PAGES = {
    "session": _Page("The two machines and their sessions", ("",), ("session",)),
    "ground": _Page("Errors and secrets", ("",), ("errors", "secrets")),
    "wire": _Page("The wire", ("",), ("wire",)),
    "messages": _Page("Messages and requests of any type", ("",), ("messages",)),
    "commands": _Page("Commands", (".commands",)),
    "objects": _Page("Objects", (".objects",)),
    "system": _Page("The controller itself", (".system",)),
    "events": _Page("Events, notifications and the event log", (".events", ".event_log")),
    "programs": _Page("Programs", (".programs",)),
    "opcodes": _Page("Message types", (".opcodes", ".v1")),
    "operations": _Page("Operations", (".operations",)),
    "adapters": _Page("For an adapter or a loop of your own", (".client", ".state")),
}
"""Pages by file name."""

_RECORDS = """Records are frozen and compare by value. ``parse(payload)`` makes one of bytes, ``encode()`` gives
the same bytes again, ``to_message()`` the message around them. Numbers are raw, as on the wire; properties read
them."""


def pages() -> dict[str, str]:
    """Return every page by its file name."""
    made = {f"{name}.rst": _namespace_page(name) for name in _PAGES}
    made["client.rst"] = _client_page()
    made["blocking.rst"] = _blocking_page()
    made["simulator.rst"] = _package_page("The emulated panel", omnilink_sansio.simulator, house_file)
    made["testing.rst"] = _package_page("For your own tests", omnilink_sansio.testing, strategies)
    return made


def _heading(text: str, underline: str) -> list[str]:
    return [text, underline * len(text), ""]


def _begin(title: str, module: ModuleType) -> list[str]:
    return [*_heading(title, "="), f".. py:currentmodule:: {module.__name__}", ""]


def _join(lines: list[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"


# The pure package: every public name on one page, by the module that defines it.


def _namespace_page(file_name: str) -> str:
    page = _PAGES[file_name]
    lines = _heading(page.title, "=")
    for path in page.modules:
        module = importlib.import_module(f"omnilink_sansio{path}")
        lines += [f".. py:currentmodule:: {module.__name__}", ""]
        if path:
            lines += [*docstring(module).splitlines(), ""]
        else:
            lines += ["Import these from ``omnilink_sansio``.", ""]
        if file_name in ("objects", "messages"):
            lines += [_RECORDS, ""]
        for leaf, names in _names_of(module, page.parts).items():
            lines += _heading(_title(importlib.import_module(leaf)), "-")
            for name in names:
                lines += _entry(module, name)
    return _join(lines)


def _names_of(module: ModuleType, parts: tuple[str, ...]) -> Mapping[str, list[str]]:
    names: dict[str, list[str]] = {}
    wanted = tuple(f"omnilink_sansio.{part}" for part in parts)
    for name in public_names(module):
        leaf = _DEFINED_IN[name]
        if homes()[name] == module.__name__ and leaf.startswith(wanted):
            names.setdefault(leaf, []).append(name)
    return dict(sorted(names.items()))


def _title(module: ModuleType) -> str:
    """Return the first sentence of a module's docstring, without its source, as a heading."""
    sentence = re.sub(r"\s*\([^()]*\)", "", " ".join(docstring(module).split())).partition(". ")[0]
    return sentence.removesuffix(".")


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def _assignments(module: ModuleType) -> dict[str, tuple[str, str]]:
    """Return the text under each name that a module assigns, and the assigned source."""
    found = {}
    body = ast.parse(inspect.getsource(module)).body
    for node, text in zip(body, [*body[1:], ast.Pass()], strict=True):
        said = ""
        match text:
            case ast.Expr(value=ast.Constant(value=str(said))):
                pass
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found[name] = (said, ast.unparse(value))
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = (said, ast.unparse(value))
    return found


@cache
def _assigned(package: ModuleType) -> dict[str, tuple[str, str, str]]:
    """Return module, text and source of what the imported modules of a package assign, by name."""
    return {
        name: (module.__name__, *texts)
        for module in [*sys.modules.values()]
        if module.__name__.startswith(f"{package.__name__}.")
        for name, texts in _assignments(module).items()
        if name in getattr(module, "__all__", ())
    }


for _ in _modules(omnilink_sansio):
    pass
_ASSIGNED = _assigned(omnilink_sansio)


def _defined_in(name: str, home: str) -> str:
    if name in _ASSIGNED:
        return _ASSIGNED[name][0]
    module: str = getattr(importlib.import_module(home), name).__module__
    return module


_DEFINED_IN = {name: _defined_in(name, home) for name, home in homes().items()}


def _entry(
    package: ModuleType, name: str, assigned: Mapping[str, tuple[str, str, str]] = _ASSIGNED
) -> list[str]:
    value = getattr(package, name)
    if inspect.isclass(value) and issubclass(value, Exception):
        return [f".. autoexception:: {name}", "   :members:", "   :show-inheritance:", ""]
    if inspect.isclass(value) and name not in assigned:
        return [f".. autoclass:: {name}", "   :members:", "   :undoc-members:", ""]
    if isinstance(value, FunctionType):
        return [f".. autofunction:: {name}", ""]
    _, text, source = assigned[name]
    lines = [f".. py:data:: {name}"]
    if "(" not in source:
        lines.append(f"   :value: {source}")
    return [*lines, "", *(f"   {line}".rstrip() for line in inspect.cleandoc(text).splitlines()), ""]


# The client: what it is, then its calls in the groups of the list that they are made from.


def _client_page() -> str:
    lines = _begin("The client for asyncio and trio", omnilink_anyio)
    lines += [*docstring(omnilink_anyio).splitlines(), ""]
    lines += [*_heading("OmniClient", "-"), *_client(omnilink_anyio.OmniClient)]
    for title, names in _call_groups().items():
        lines += _heading(title, "~")
        for name in names:
            lines += [f".. automethod:: OmniClient.{name}", ""]
    lines += _heading("Staying connected, connections, events, an emulated panel", "-")
    return _join(lines + _adapter(omnilink_anyio, "OmniClient"))


def _blocking_page() -> str:
    lines = _begin("The client for blocking code", omnilink_sync)
    lines += [*docstring(omnilink_sync).splitlines(), ""]
    lines += ["Its calls are those of :doc:`client`, and return when they are done.", ""]
    return _join(lines + _adapter(omnilink_sync))


def _adapter(package: ModuleType, *left_out: str) -> list[str]:
    lines: list[str] = []
    for name in public_names(package):
        value = getattr(package, name)
        if name in left_out:
            continue
        if inspect.isclass(value) and issubclass(value, ClientCalls):
            lines += _client(value)
        else:
            lines += _entry(package, name, _assigned(package))
    return lines


def _client(kind: type) -> list[str]:
    """Return a client's own members: the calls have a place of their own."""
    lines = [f".. autoclass:: {kind.__name__}", "   :no-inherited-members:", ""]
    for name, value in inspect.getmembers_static(kind):
        if not name.startswith("_") and name not in vars(ClientCalls):
            is_property = isinstance(value, property)
            lines += [f".. auto{'property' if is_property else 'method'}:: {kind.__name__}.{name}", ""]
    return lines


def _call_groups() -> dict[str, list[str]]:
    """Return the names of the calls by the comments that part the list."""
    groups: dict[str, list[str]] = {}
    for line in inspect.getsource(ClientCalls).splitlines():
        comment, call = re.match(r"    # (.*)\.$", line), re.match(r"    (\w+) = ClientCall\(", line)
        if comment is not None:
            names = groups[comment[1]] = []
        elif call is not None:
            names.append(call[1])
    return groups


def _package_page(title: str, *modules: ModuleType) -> str:
    lines = _heading(title, "=")
    for module in modules:
        lines += [f".. py:module:: {module.__name__}", "", *docstring(module).splitlines(), ""]
        for name in public_names(module):
            lines += _entry(module, name)
    return _join(lines)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file_name, text_of_page in pages().items():
        (FOLDER / file_name).write_text(text_of_page, encoding="utf-8")

"""The house as it is built: floors, what each may use, what is public and that it says what it is."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from omnilink_sansio.client import ClientCalls

ROOT = Path(__file__).parent.parent
PACKAGES = ("omnilink_sansio", "omnilink_anyio", "omnilink_sync")
PURE = "omnilink_sansio"
ADAPTERS = ("omnilink_anyio", "omnilink_sync")

FLOORS = {
    "omnilink_anyio.cli": 14,
    "omnilink_anyio.mqtt": 13,
    "omnilink_anyio.share": 13,
    "omnilink_anyio.home_assistant": 13,
    "omnilink_anyio": 12,
    "omnilink_sync": 12,
    "omnilink_sansio.testing": 11,
    "omnilink_sansio.simulator": 10,
    "omnilink_sansio.sharing": 10,
    "omnilink_sansio.home": 10,
    "omnilink_sansio.client": 9,
    "omnilink_sansio.state": 8,
    "omnilink_sansio.operations": 7,
    "omnilink_sansio.session": 6,
    "omnilink_sansio.pca": 6,
    "omnilink_sansio.text": 5,
    "omnilink_sansio.programs": 4,
    "omnilink_sansio.messages.parse": 3.6,
    "omnilink_sansio.messages.raw_request": 3.6,
    "omnilink_sansio.messages.dialect": 3.3,
    "omnilink_sansio.messages.v1": 3,
    "omnilink_sansio.messages": 2,
    "omnilink_sansio.wire": 1,
    "omnilink_sansio.errors": 0,
    "omnilink_sansio.secrets": 0,
    "omnilink_sansio.first_use": 0,
    "omnilink_sansio.frozen": 0,
}
"""DESIGN.md, 'Floors', from the top: what stands first of those that a name begins with is where it stands."""

NOT_BUILT_YET = {
    "omnilink_anyio.mqtt",
    "omnilink_anyio.share",
    "omnilink_anyio.home_assistant",
    "omnilink_sansio.sharing",
    "omnilink_sansio.home",
    "omnilink_sansio.pca",
    "omnilink_sansio.text",
}

BY_SUBJECT = {
    "omnilink_sansio.commands",
    "omnilink_sansio.event_log",
    "omnilink_sansio.events",
    "omnilink_sansio.objects",
    "omnilink_sansio.opcodes",
    "omnilink_sansio.system",
    "omnilink_sansio.v1",
}
"""Public modules that gather messages by subject: for users, so nothing here imports them."""

LAZY_ROOT_FLOOR, BY_SUBJECT_FLOOR = 7, 4
"""Roots and public modules gather what is below these floors, and are no floor themselves."""

MOST_NAMES = 80
"""At each root."""

FORBIDDEN = {
    "anyio",
    "asyncio",
    "click",
    "concurrent",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "rich",
    "secrets",
    "select",
    "selectors",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "trio",
    "uuid",
}
"""What would give the pure part a clock, a network, files, threads or chance of its own."""

MAY_USE_RANDOM = ("omnilink_sansio.simulator", "omnilink_sansio.testing")

MAY_BE_INSTALLED = {
    "cattrs": "omnilink_sansio.simulator.house_file",
    "cryptography": "omnilink_sansio.wire.cipher",
    "hypothesis": "omnilink_sansio.testing",
}
"""What the pure part needs besides the standard library, and where: house files, AES, and strategies for tests."""

LONGEST_MODULE = 450
PURE_TABLES = {
    "omnilink_sansio.simulator.behaviour.commands": "one row a command: what carries it out, most of them a line",
}
"""Modules that may be longer, since they are tables, and of what."""

STILL_LONG = {"omnilink_sync.connection": 470}
"""A module that waits for its connection's reading to be taken out; it may not grow."""

NO_NAMES = ("util", "helper", "manager", "common")
VENDOR_NAMES = {"MANAGER"}
"""What the vendor calls something (20P00 §SECURITY CODE VALIDATION), whatever we think of it."""


class Module(NamedTuple):
    """One module of the project."""

    name: str
    path: Path
    tree: ast.Module
    lines: int


class Import(NamedTuple):
    """One module that a module imports, at its beginning or later."""

    by: str
    of: str


def _modules(folder: Path) -> Iterator[Module]:
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        text = path.read_text(encoding="utf-8")
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield Module(name, path, ast.parse(text), text.count("\n"))


MODULES = {module.name: module for package in PACKAGES for module in _modules(ROOT / package)}
TEST_MODULES = {module.name: module for module in _modules(ROOT / "tests")}


def _imports(module: Module) -> Iterator[Import]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module.name, alias.name)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.name}: relative imports hide the floor they go to"
            assert node.module is not None
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield Import(module.name, whole if whole in MODULES else node.module)


IMPORTS = [found for module in MODULES.values() for found in _imports(module)]


def _package(name: str) -> str | None:
    """Return the entry of `FLOORS` that a module belongs to."""
    return next((entry for entry in FLOORS if name == entry or name.startswith(f"{entry}.")), None)


def _is_ours(name: str) -> bool:
    return name.split(".")[0] in PACKAGES


def test_every_module_stands_on_a_floor() -> None:
    assert len(MODULES) > 50
    homeless = {name for name in MODULES if _package(name) is None}
    assert homeless == {PURE} | BY_SUBJECT
    built = {_package(name) for name in MODULES} - {None}
    assert set(FLOORS) - built == NOT_BUILT_YET


def test_the_floors_are_fifteen_from_the_ground_to_the_command() -> None:
    assert sorted({int(floor) for floor in FLOORS.values()}) == list(range(15))
    # Found by the first that fits: what is inside of another stands before it.
    order = list(FLOORS)
    for inner in order:
        for outer in order:
            if inner.startswith(f"{outer}."):
                assert order.index(inner) < order.index(outer)


def _breaks_a_floor(found: Import) -> bool:
    here, there = _package(found.by), _package(found.of)
    if there is None:
        return True
    if here is None:
        return FLOORS[there] >= (LAZY_ROOT_FLOOR if found.by == PURE else BY_SUBJECT_FLOOR)
    if here == there:
        return False
    # The modules of the ground are one floor, and lean on one another.
    return FLOORS[there] >= FLOORS[here] and (FLOORS[here], FLOORS[there]) != (0, 0)


def test_modules_import_only_from_floors_below() -> None:
    ours = [found for found in IMPORTS if _is_ours(found.of)]
    assert len(ours) > 200
    assert [found for found in ours if _breaks_a_floor(found)] == []


@pytest.mark.parametrize(
    "found",
    [
        Import("omnilink_sansio.wire.crc", "omnilink_sansio.messages.opcode"),
        Import("omnilink_sansio.messages.events", "omnilink_sansio.session.client"),
        Import("omnilink_sansio.messages.events", "omnilink_sansio.messages.parse"),
        Import("omnilink_sansio.messages.v1.opcodes", "omnilink_sansio.messages.dialect"),
        Import("omnilink_sansio.messages.status", "omnilink_sansio.messages.v1.opcodes"),
        Import("omnilink_sansio.session.client", "omnilink_sansio.operations"),
        Import("omnilink_sansio.session.client", "omnilink_sansio.pca"),
        Import("omnilink_sansio.operations.status", "omnilink_sansio.state"),
        Import("omnilink_sansio.state.status_sweep", "omnilink_sansio.client.dispatcher"),
        Import("omnilink_sansio.simulator.panel", "omnilink_sansio.sharing"),
        Import("omnilink_sansio.home.zones", "omnilink_sansio.simulator"),
        Import("omnilink_sansio.operations.status", "omnilink_sansio.objects"),
        Import("omnilink_sansio.commands", "omnilink_sansio.operations"),
        Import("omnilink_anyio.client", "omnilink_sansio"),
        Import("omnilink_anyio.client", "omnilink_sansio.commands"),
        Import("omnilink_anyio.client", "omnilink_anyio.cli"),
        Import("omnilink_anyio.mqtt.client", "omnilink_anyio.share"),
        Import("omnilink_sync.client", "omnilink_anyio.mqtt"),
        Import("omnilink_sansio.pca.file", "omnilink_sansio.session.client"),
        Import("omnilink_sansio.simulator.panel", "omnilink_sansio.testing"),
        Import("omnilink_sansio.simulator.panel", "omnilink_sansio"),
        Import("omnilink_sansio.errors", "omnilink_sansio.wire"),
        Import("omnilink_sansio", "omnilink_sansio.simulator"),
        Import("omnilink_sansio", "omnilink_anyio"),
        Import("omnilink_sansio.operations.status", "omnilink_anyio.client"),
        Import("omnilink_anyio.client", "omnilink_sync"),
        Import("omnilink_sync", "omnilink_anyio.client"),
    ],
)
def test_an_import_that_goes_up_or_sideways_would_be_found(found: Import) -> None:
    assert _breaks_a_floor(found)


def test_the_ground_has_no_circle() -> None:
    ground = [name for name, floor in FLOORS.items() if floor == 0]
    below = {
        name: {found.of for found in IMPORTS if found.by == name and found.of in ground} for name in ground
    }
    while below:
        free = [name for name, needs in below.items() if not needs & below.keys()]
        assert free, f"these import one another: {sorted(below)}"
        for name in free:
            del below[name]


def test_adapters_do_not_know_each_other_and_the_pure_part_knows_neither() -> None:
    for found in IMPORTS:
        here, there = found.by.split(".")[0], found.of.split(".")[0]
        if there in PACKAGES and here != there:
            assert there == PURE, found


def test_the_pure_part_has_no_clock_network_files_threads_or_chance_of_its_own() -> None:
    for found in IMPORTS:
        if found.by.split(".")[0] != PURE or _is_ours(found.of):
            continue
        top = found.of.split(".")[0]
        if top == "random" and found.by.startswith(MAY_USE_RANDOM):
            continue
        assert top not in FORBIDDEN, found
        allowed = {package for package, user in MAY_BE_INSTALLED.items() if found.by.startswith(user)}
        assert top in sys.stdlib_module_names or top in allowed, found


def test_no_module_is_too_long() -> None:
    for module in MODULES.values():
        longest = STILL_LONG.get(module.name, LONGEST_MODULE)
        assert module.lines <= longest or module.name in PURE_TABLES, module.name
    assert PURE_TABLES.keys() <= MODULES.keys()


def test_no_name_says_nothing() -> None:
    nothing = re.compile("|".join(NO_NAMES), re.IGNORECASE)
    checked = 0
    for module in (*MODULES.values(), *TEST_MODULES.values()):
        names = [module.name.split(".")[-1]]
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                names.append(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.append(node.id)
            elif isinstance(node, ast.arg):
                names.append(node.arg)
        checked += len(names)
        assert [name for name in names if nothing.search(name) and name not in VENDOR_NAMES] == [], (
            module.name
        )
    assert checked > 3000


# What is public.


def _public_names(module: ModuleType) -> list[str]:
    """Return what a module offers: its list, or where it has none what it gathers."""
    names: list[str] = getattr(module, "__all__", dir(module))
    return [name for name in names if name[0] != "_" and not isinstance(getattr(module, name), ModuleType)]


def _is_gathering(module: Module) -> bool:
    """Whether a module has names of others only: public modules by subject, packages, lazy roots."""
    return module.name in (*PACKAGES, *BY_SUBJECT, "omnilink_sansio.programs") or (
        module.path.name == "__init__.py" and module.name != "omnilink_anyio.cli"
    )


GATHERING = [module for module in MODULES.values() if _is_gathering(module)]
LEAVES = [
    module
    for module in MODULES.values()
    if not _is_gathering(module) and not module.name.endswith("__main__")
]
PUBLIC = [
    (imported, name)
    for imported in (importlib.import_module(module.name) for module in LEAVES)
    for name in imported.__all__
]


@pytest.mark.parametrize("module", LEAVES, ids=[module.name for module in LEAVES])
def test_every_leaf_lists_its_public_names(module: Module) -> None:
    imported = importlib.import_module(module.name)
    assert imported.__doc__
    listed = imported.__all__
    assert len(set(listed)) == len(listed)
    for public in listed:
        assert hasattr(imported, public), f"{module.name}.{public}"
        assert not public.startswith("_")


LAZY = {
    module.name: importlib.import_module(module.name)
    for module in GATHERING
    if hasattr(importlib.import_module(module.name), "_PARTS")
}
"""Packages that load what they gather when it is first asked for."""


def _gathered(tree: ast.Module) -> Iterator[ast.ImportFrom]:
    """Yield the imports of what is gathered: all but those of what gathers it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module != "typing":
            gathers = [alias.asname for alias in node.names] == ["_names_of_parts"]
            if not gathers:
                yield node


def test_what_gathers_names_lists_none() -> None:
    assert len(GATHERING) > 15
    for module in GATHERING:
        assert ast.get_docstring(module.tree), module.name
        assigned = {
            target.id
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        # Type checkers would lose the names.
        assert "__all__" not in assigned, module.name
        if module.name in LAZY:
            continue
        for node in module.tree.body[1:]:
            assert isinstance(node, ast.ImportFrom), module.name
            for alias in node.names:
                # A name that is exported by itself has itself for an alias; all others come from a leaf's list.
                assert alias.name == "*" or alias.asname == alias.name, (module.name, alias.name)
                leaf = importlib.import_module(node.module or "")
                assert isinstance(leaf.__all__, list), node.module
                if alias.name != "*":
                    assert alias.name in leaf.__all__, (module.name, alias.name)


def test_no_name_comes_from_two_leaves() -> None:
    for module in GATHERING:
        if module.name == PURE:
            continue
        found: list[str] = []
        for node in _gathered(module.tree):
            offered = importlib.import_module(node.module or "").__all__
            found += [
                name for alias in node.names for name in (offered if alias.name == "*" else [alias.name])
            ]
        assert len(set(found)) == len(found), module.name
        assert set(_public_names(importlib.import_module(module.name))) == set(found), module.name


def _undocumented(module: ModuleType, name: str) -> Iterator[str]:
    item = getattr(module, name)
    if not inspect.isclass(item) and not inspect.isfunction(item):
        return
    if not getattr(item, "__module__", "").startswith(PACKAGES):
        return
    if not _has_docstring(item):
        yield f"{item.__module__}.{name}"
    if inspect.isclass(item):
        for attribute, value in vars(item).items():
            if attribute.startswith("_"):
                continue
            function = getattr(value, "fget", None) or getattr(value, "__func__", value)
            if inspect.isfunction(function) and not inspect.getdoc(function):
                yield f"{item.__module__}.{name}.{attribute}"


def _has_docstring(item: object) -> bool:
    text = vars(item).get("__doc__") if inspect.isclass(item) else inspect.getdoc(item)
    # Data classes and named tuples without a docstring get one made from their fields.
    generated = f"{getattr(item, '__name__', '')}("
    return bool(text) and not str(text).startswith(generated)


def test_every_public_name_says_what_it_is() -> None:
    assert len(PUBLIC) > 300
    assert sorted({text for module, name in PUBLIC for text in _undocumented(module, name)}) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_root_has_few_names(package: str) -> None:
    assert 10 < len(dir(importlib.import_module(package))) <= MOST_NAMES


def test_roots_and_packages_that_programs_do_not_need_whole_are_lazy() -> None:
    packages = {"session", "operations", "state", "client"}
    assert LAZY.keys() == {*PACKAGES, *(f"{PURE}.{package}" for package in packages)}


@pytest.mark.parametrize("package", LAZY)
def test_type_checkers_see_all_names_of_what_is_lazy(package: str) -> None:
    lazy = LAZY[package]
    names = dir(lazy)
    assert names == lazy.__all__
    seen: dict[str, list[str]] = {}
    for node in _gathered(MODULES[package].tree):
        seen.setdefault(node.module or "", []).extend(alias.name for alias in node.names)
    # Once for type checkers, once for what loads them.
    assert {part: given.split() for part, given in lazy._PARTS.items()} == seen
    offered = [
        (importlib.import_module(part), name)
        for part, given in seen.items()
        for name in (_public_names(importlib.import_module(part)) if given == ["*"] else given)
    ]
    assert len({name for _, name in offered}) == len(offered), "one name from two parts"
    assert {name for _, name in offered} == set(names)
    for part, name in offered:
        assert getattr(part, name) is getattr(lazy, name), name


@pytest.mark.parametrize("package", LAZY)
def test_what_is_lazy_has_no_name_that_a_module_inside_of_it_has(package: str) -> None:
    # Loading that module would put it in the name's place.
    inside = {path.stem for path in MODULES[package].path.parent.iterdir()}
    assert not inside & set(dir(LAZY[package]))


@pytest.mark.parametrize("package", PACKAGES)
def test_no_function_at_a_root_has_the_name_of_a_call(package: str) -> None:
    assert "turn_unit_on" in dir(ClientCalls)
    assert [name for name in dir(importlib.import_module(package)) if hasattr(ClientCalls, name)] == []


LOADS = "import sys, {module}\nprint(*sorted(name for name in sys.modules if name.startswith('omnilink')))"


def _loaded_by(module: str) -> list[str]:
    # The program is ours and holds nothing from outside.
    ran = subprocess.run(
        [sys.executable, "-c", LOADS.format(module=module)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return ran.stdout.split()


def test_roots_load_nothing_before_it_is_asked_for() -> None:
    gathers = f"{PURE}.first_use"
    assert _loaded_by(PURE) == [PURE, gathers]
    for name in LAZY.keys() - {PURE}:
        assert _loaded_by(name) == sorted([name, PURE, gathers])
    assert len(_loaded_by("omnilink_sansio.session.client")) > 20


def test_public_modules_are_found_at_the_root() -> None:
    root = importlib.import_module(PURE)
    for name in BY_SUBJECT:
        assert getattr(root, name.rpartition(".")[2]) is importlib.import_module(name)
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        root.nothing_of_that_name  # noqa: B018 - looking it up is the test


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_marked_as_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()
    assert {path.name for path in (ROOT / package).iterdir() if path.suffix == ".typed"} == {"py.typed"}

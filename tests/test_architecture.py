"""The house as it is built: floors, what each may use, what is public and that it says what it is."""

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("omnilink_sansio", "omnilink_anyio", "omnilink_sync")
PURE = "omnilink_sansio"

FLOORS = {
    "omnilink_sansio.errors": 0,
    "omnilink_sansio.secrets": 0,
    "omnilink_sansio.wire": 1,
    "omnilink_sansio.messages": 2,
    "omnilink_sansio.session": 3,
    "omnilink_sansio.pca": 3,
    "omnilink_sansio.operations": 4,
    "omnilink_sansio.simulator": 5,
    "omnilink_sansio.testing": 5,
    "omnilink_anyio": 6,
    "omnilink_sync": 6,
}
"""DESIGN.md, 'Floors'. The package's own namespace, omnilink_sansio, gathers floors 0 to 4 for users; only
adapters may import it."""

NAMESPACE_FLOOR = 5

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

LONGEST_MODULE = 500
PURE_TABLES = {
    "omnilink_sansio.messages.commands": "one row a command: number, parameters, effect, source",
    "omnilink_sansio.messages.events": "one class a family of event words, most of them a pattern and fields",
}
"""Modules that may be longer, since they are tables, and of what."""

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
    homeless = [name for name in MODULES if _package(name) is None]
    assert homeless == [PURE]
    built = {_package(name) for name in MODULES} - {None}
    # The configuration file's package and that for other people's tests come later.
    assert set(FLOORS) - built <= {"omnilink_sansio.pca", "omnilink_sansio.testing"}


def _breaks_a_floor(found: Import) -> bool:
    here, there = _package(found.by), _package(found.of)
    if found.by == PURE:
        return there is None or FLOORS[there] >= NAMESPACE_FLOOR
    assert here is not None
    if there is None:
        assert found.of == PURE, f"{found.by} imports {found.of}, which stands on no floor"
        return FLOORS[here] <= NAMESPACE_FLOOR
    if here == there:
        return False
    # The two modules of the ground are one floor, and lean on one another.
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
        Import("omnilink_sansio.session.client", "omnilink_sansio.operations"),
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
        # A package's namespace is a list of names.
        if module.path.name == "__init__.py" and _is_list_of_names(module.tree):
            continue
        assert module.lines <= LONGEST_MODULE or module.name in PURE_TABLES, module.name
    assert PURE_TABLES.keys() <= MODULES.keys()


def _is_list_of_names(tree: ast.Module) -> bool:
    return all(
        isinstance(node, ast.ImportFrom)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__")
        for node in tree.body
    )


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


def _public_modules() -> Iterator[ModuleType]:
    for name in MODULES:
        if not name.endswith("__main__"):
            yield importlib.import_module(name)


PUBLIC = [(module, name) for module in _public_modules() for name in getattr(module, "__all__", ())]


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_every_module_lists_its_public_names(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__
    listed = module.__all__
    assert len(set(listed)) == len(listed)
    for public in listed:
        assert hasattr(module, public), f"{name}.{public}"
        assert not public.startswith("_")


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


def test_the_namespace_is_what_it_imports_without_duplicates() -> None:
    root = importlib.import_module(PURE)
    imported = [
        alias.name
        for node in MODULES[PURE].tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert len(set(imported)) == len(imported), "one name from two parts"
    assert sorted(root.__all__) == sorted(imported)


def test_what_a_package_offers_is_what_its_modules_offer() -> None:
    for name, module in MODULES.items():
        if module.path.name != "__init__.py" or name == PURE:
            continue
        for node in module.tree.body:
            if isinstance(node, ast.ImportFrom) and _is_ours(node.module or ""):
                offered = set(importlib.import_module(node.module or "").__all__)
                assert {alias.name for alias in node.names} <= offered, (name, node.module)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_marked_as_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()
    assert {path.name for path in (ROOT / package).iterdir() if path.suffix == ".typed"} == {"py.typed"}

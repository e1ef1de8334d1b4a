"""What is loaded when it is first asked for: the names of packages, and what the rows of tables name.

Type checkers read ordinary imports under ``TYPE_CHECKING``; beside each stands what Python does instead::

    if TYPE_CHECKING:
        from omnilink_sansio.messages import status, system
    else:
        globals().update(named("omnilink_sansio.messages", "status system"))

    PARSERS = rows_at_first_use({1: system.SystemStatus.parse, 2: status.ObjectStatus.parse})
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from importlib import import_module
from importlib.util import find_spec
from operator import attrgetter
from types import MappingProxyType, ModuleType
from typing import TypeVar

__all__ = [
    "Named",
    "found",
    "load_now",
    "named",
    "names_of_parts",
    "numbered_at_first_use",
    "rows_at_first_use",
]

_K = TypeVar("_K")
_N = TypeVar("_N", bound=int)
_T = TypeVar("_T")

_MODULES: dict[str, None] = {}
"""All modules that something named, in the order in which they were."""


class Named:
    """A name in a module, which is loaded when the name is first used.

    An attribute of it is the name of that attribute; calling it calls what it names.
    """

    __slots__ = ("_found", "_keep", "_module", "_path")

    def __init__(self, module: str, path: str = "") -> None:
        self._module = module
        self._path = path
        self._found: object = None
        self._keep: Callable[..., None] | None = None

    def __getattr__(self, name: str) -> "Named":
        if name[0] == "_":
            raise AttributeError(f"{self!r} names no attribute that begins with an underscore")
        return Named(self._module, f"{self._path}.{name}" if self._path else name)

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Call what it names."""
        called = self._load()
        assert callable(called), self
        return called(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<Named {self._module}:{self._path}>"

    def _load(self) -> object:
        if self._found is None:
            module = import_module(self._module)
            self._found = attrgetter(self._path)(module) if self._path else module
            if self._keep is not None:
                self._keep(self._found)
        return self._found


def named(package: str, modules: str = "", **renamed: str) -> Mapping[str, Named]:
    """Return names for modules of a package, none of which is loaded yet: some under a name of the caller's."""
    paths = {
        name: f"{package}.{module}" for name, module in ({m: m for m in modules.split()} | renamed).items()
    }
    _MODULES.update(dict.fromkeys(paths.values()))
    return {name: Named(path) for name, path in paths.items()}


def found(value: _T) -> _T:
    """Return what a `Named` names, loading it if need be, and any other value as it is."""
    if isinstance(value, Named):
        # Type checkers know the value by the type of what it names.
        return value._load()  # type: ignore[return-value]  # noqa: SLF001 - this module's own
    return value


def rows_at_first_use(rows: Mapping[_K, _T]) -> Mapping[_K, _T]:
    """Return a table of functions: a row that is `Named` gives way to what it names when it is first called."""
    table = dict(rows)
    for key, row in rows.items():
        if isinstance(row, Named):
            row._keep = partial(table.__setitem__, key)  # noqa: SLF001 - this module's own
    return MappingProxyType(table)


class _NumberedRows(Mapping[int, _T]):
    """A table by number that is loaded when it is first looked into."""

    def __init__(self, rows: Mapping[_N, _T]) -> None:
        self._not_loaded = rows

    @cached_property
    def _rows(self) -> dict[int, _T]:
        return {int(number): row for number, row in found(self._not_loaded).items()}

    def __getitem__(self, number: int) -> _T:
        return self._rows[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def numbered_at_first_use(rows: Mapping[_N, _T]) -> Mapping[int, _T]:
    """Return a table of rows by their numbers; where it is `Named` it is loaded when it is first looked into."""
    return _NumberedRows(rows)


def load_now() -> None:
    """Load everything that is otherwise loaded at its first use.

    For a program whose event loop must not wait for files later, or that gives up its rights to read them. What is
    named by what it has not imported at all (the emulated panel, for example) it does not load.
    """
    loaded: set[str] = set()
    while new := _MODULES.keys() - loaded:
        for module in new:
            import_module(module)
        loaded |= new


def names_of_parts(
    package: str, parts: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package whose names are those of its parts.

    ``parts`` has the names that each part gives, divided by spaces, or ``"*"`` where it gives all that it offers.
    A part given after another is only loaded for a name that is not found there.
    """
    namespace = vars(sys.modules[package])

    def names_from(part: str) -> list[str]:
        return _names_of(import_module(part)) if parts[part] == "*" else parts[part].split()

    def find(name: str) -> object:
        if name == "__all__":
            return names()
        if name[0] != "_":
            if find_spec(f"{package}.{name}") is not None:
                return import_module(f"{package}.{name}")
            for part in parts:
                if name in names_from(part):
                    namespace[name] = getattr(import_module(part), name)
                    return namespace[name]
        raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=package)

    def names() -> list[str]:
        return sorted({name for part in parts for name in names_from(part)})

    return find, names


def _names_of(part: ModuleType) -> list[str]:
    """Return what a part offers: its list, or where it has none what it imports."""
    listed: list[str] | None = getattr(part, "__all__", None)
    if listed is not None:
        return listed
    return [n for n, value in vars(part).items() if n[0] != "_" and not isinstance(value, ModuleType)]

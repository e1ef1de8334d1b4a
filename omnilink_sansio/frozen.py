"""Frozen, slotted data classes that are made in a fifth of the time.

`dataclasses.dataclass` compiles six methods for each class, which is most of what importing a module of records
takes. Here all classes share theirs, but for ``__init__``.
"""

from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields, is_dataclass
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any, ClassVar, Protocol, TypeVar, dataclass_transform

__all__ = ["frozen"]

_C = TypeVar("_C")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_C]) -> type[_C]:
    """Make a class of annotated fields what ``dataclass(frozen=True, slots=True)`` makes of it.

    It is a data class to `dataclasses.fields`, `dataclasses.replace` and ``match``; what it defines itself stays.
    Fields have plain defaults; each is an argument of the constructor, and each counts in a comparison.
    """
    is_frozen_above = any(is_dataclass(above) for above in cls.__mro__[1:])
    make: Callable[[type[_C]], type[_C]] = dataclass(
        init=False, repr=False, eq=False, slots=True, frozen=is_frozen_above
    )
    kind = make(cls)
    members: tuple[Field[Any], ...] = fields(kind)  # type: ignore[arg-type]
    methods = {**_METHODS, "__init__": _constructor(kind, members), "_values": _values_of(members)}
    for name, method in methods.items():
        # A class that says how it compares has None for its hash by Python's own rule.
        if vars(cls).get(name) is None:
            setattr(kind, name, method)
    # What subclasses and tools ask of a data class.
    params = vars(kind)["__dataclass_params__"]
    for made in ("init", "repr", "eq", "frozen"):
        setattr(params, made, True)
    return kind


class _Made(Protocol):
    """What a class has become."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    _values: tuple[object, ...]


_set = object.__setattr__


def _constructor(kind: type, members: Iterable[Field[Any]]) -> Callable[..., None]:
    names = [member.name for member in members]
    defaults = [member.default for member in members if member.default is not MISSING]
    for member in members:
        plain = member.init and member.compare and not member.kw_only and member.default_factory is MISSING
        assert plain, f"{kind.__name__}.{member.name} is for `dataclass` itself to make"
    lines = [f"_set(self, {name!r}, {name})" for name in names]
    if hasattr(kind, "__post_init__"):
        lines.append("self.__post_init__()")
    made: dict[str, Callable[..., None]] = {}
    # The names are those of a class's annotations, and nothing else is in the text.
    exec(f"def __init__(self, {', '.join(names)}):\n " + "\n ".join(lines or ["pass"]), {"_set": _set}, made)
    constructor: Any = made["__init__"]
    constructor.__defaults__ = tuple(defaults)
    constructor.__annotations__ = {member.name: member.type for member in members} | {"return": None}
    constructor.__qualname__ = f"{kind.__qualname__}.__init__"
    constructor.__module__ = kind.__module__
    return constructor  # type: ignore[no-any-return]


def _values_of(members: Iterable[Field[Any]]) -> property:
    names = [member.name for member in members]
    if len(names) > 1:
        return property(attrgetter(*names))
    return property(lambda self: tuple(getattr(self, name) for name in names))


def _eq(self: _Made, other: _Made) -> bool:
    if other.__class__ is not self.__class__:
        return NotImplemented  # type: ignore[no-any-return]  # as __eq__ does
    values: tuple[object, ...] = other._values  # noqa: SLF001 - of the same class
    return self._values == values


def _hash(self: _Made) -> int:
    return hash(self._values)


@recursive_repr()
def _repr(self: _Made) -> str:
    shown = ", ".join(
        f"{member.name}={getattr(self, member.name)!r}" for member in fields(self) if member.repr
    )
    return f"{self.__class__.__qualname__}({shown})"


def _is_frozen(self: _Made, name: str) -> bool:
    # A class below that is no data class may have attributes of its own.
    return "_values" in vars(type(self)) or name in self.__dataclass_fields__


def _setattr(self: _Made, name: str, value: object) -> None:
    if _is_frozen(self, name):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")
    _set(self, name, value)


def _delattr(self: _Made, name: str) -> None:
    if _is_frozen(self, name):
        raise FrozenInstanceError(f"cannot delete field {name!r}")
    object.__delattr__(self, name)


def _state(self: _Made) -> list[object]:
    return [getattr(self, member.name) for member in fields(self)]


def _take_state(self: _Made, state: Iterable[object]) -> None:
    for member, value in zip(fields(self), state, strict=True):
        _set(self, member.name, value)


_METHODS: dict[str, Callable[..., object]] = {
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _setattr,
    "__delattr__": _delattr,
    "__getstate__": _state,
    "__setstate__": _take_state,
}
"""What all classes have alike."""

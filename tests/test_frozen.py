"""`frozen` makes what ``dataclass(frozen=True, slots=True)`` makes."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from omnilink_sansio.frozen import frozen
from tests.rows import each_row


def _look(make: Callable[[], object]) -> object:
    """Return what comes of something: its value, or the kind of error and its text."""
    try:
        return make()
    except (AttributeError, TypeError) as error:
        return type(error), str(error).replace("Stock", "Ours")


@frozen
class Ours:
    """One of ours."""

    number: int
    text: str = "none"
    hidden: bytes = dataclasses.field(default=b"", repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Stock:
    """One of ours."""

    number: int
    text: str = "none"
    hidden: bytes = dataclasses.field(default=b"", repr=False)


def _changed(kind: Any, item: Any) -> object:
    item.number = 2
    return kind


def _emptied(kind: Any, item: Any) -> object:
    del item.number
    return kind


def _matched(kind: Any, item: Any) -> object:
    match item:
        case kind(number, text):
            return number, text
    return None


def _changed_below(kind: Any, _: object) -> object:
    class Below(kind):  # type: ignore[misc]
        pass

    Below(1).number = 2
    return None


def _data_class_below(kind: Any, _: object) -> object:
    @dataclasses.dataclass(frozen=True)
    class Below(kind):  # type: ignore[misc]
        more: int = 3

    below = Below(1, more=4)
    return below == Below(1), copy.copy(below) == below, dataclasses.astuple(below), hash(below)


LOOKS: dict[str, Callable[[Any, Any], object]] = {
    "its text": lambda _, item: repr(item).replace("Stock", "Ours"),
    "equal": lambda kind, item: (
        item == kind(1, "a"),
        item != kind(2, "a"),
        item == 1,
        item == kind(1, "a", b"b"),
    ),
    "hash": lambda _, item: hash(item),
    "by name": lambda kind, item: kind(number=1, text="a") == item,
    "without defaults": lambda kind, _: kind(),
    "too many": lambda kind, _: kind(1, "a", b"", 4),
    "a wrong name": lambda kind, _: kind(1, size=4),
    "changed": _changed,
    "emptied": _emptied,
    "its slots": lambda kind, item: (kind.__slots__, hasattr(item, "__dict__")),
    "matched": lambda kind, item: (kind.__match_args__, _matched(kind, item)),
    "replaced": lambda kind, item: dataclasses.replace(item, text="b") == kind(1, "b"),
    "its fields": lambda kind, _: [
        (member.name, member.type, member.default) for member in dataclasses.fields(kind)
    ],
    "as a tuple": lambda _, item: dataclasses.astuple(item),
    "its parameters": lambda kind, _: repr(kind.__dataclass_params__),
    "its signature": lambda kind, _: inspect.signature(kind),
    "its types": lambda kind, _: inspect.get_annotations(kind.__init__),
    "its docstring": lambda kind, _: kind.__doc__,
    "copied": lambda _, item: (copy.copy(item) == item, copy.deepcopy(item) == item),
    "pickled": lambda _, item: pickle.loads(pickle.dumps(item)) == item,
    "a class below, changed": _changed_below,
    "a data class below": _data_class_below,
}
"""Ways to look at a class and one of it."""


@each_row("look", LOOKS)
def test_it_is_the_same_in_every_look(look: str) -> None:
    ours, stock = (_look(partial(LOOKS[look], kind, kind(1, "a"))) for kind in (Ours, Stock))
    assert ours == stock


def test_what_a_class_defines_itself_stays() -> None:
    @frozen
    class Own:
        """Of its own mind."""

        number: int

        def __repr__(self) -> str:
            return "own"

        def __eq__(self, other: object) -> bool:
            return True

        def __post_init__(self) -> None:
            assert self.number

    assert (repr(Own(1)), Own(1) == Own(2), hash(Own(1)) == hash(Own(1))) == ("own", True, True)
    with pytest.raises(AssertionError):
        Own(0)


def test_a_class_below_that_is_no_data_class_may_have_attributes_of_its_own() -> None:
    class Below(Ours):
        extra: int

    below = Below(1)
    below.extra = 5
    assert (below.extra, below == Below(1), below == Ours(1), hash(below)) == (5, True, False, hash(Ours(1)))
    with pytest.raises(dataclasses.FrozenInstanceError):
        below.number = 2  # type: ignore[misc]


def test_one_may_stand_on_another() -> None:
    @frozen
    class Longer(Ours):
        """With a field more."""

        more: int = 4

    assert repr(Longer(1, more=5)).endswith("Longer(number=1, text='none', more=5)")
    assert Longer(1) != Ours(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        Longer(1).more = 2  # type: ignore[misc]


def test_fields_that_it_does_not_know_are_refused_when_the_class_is_made() -> None:
    class Listed:
        items: list[int] = dataclasses.field(default_factory=list)

    with pytest.raises(AssertionError, match=r"Listed\.items"):
        frozen(Listed)

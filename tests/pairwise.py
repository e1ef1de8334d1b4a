"""Rows in which every two values meet that can: far fewer than all combinations of independent parts."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable
from itertools import combinations
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import settings

__all__ = ["Row", "keep_pairs", "pairwise", "runs_everything"]

Row: TypeAlias = tuple[Hashable, ...]
"""A value of each part; the first one leads."""

_Pair: TypeAlias = tuple[int, Hashable, int, Hashable]


def _pairs(row: Row) -> list[_Pair]:
    return [(i, one, j, other) for (i, one), (j, other) in combinations(enumerate(row), 2)]


def pairwise(rows: Iterable[Row]) -> list[Row]:
    """Return some of these rows, in their order, so that any two values that share a row still share one.

    Each value of the first part meets every value of the others in as few rows as that takes; which of the others
    meet one another in these rows changes from one to the next, so that all of their pairs are met about as often.
    The same rows give the same choice.
    """
    every = list(dict.fromkeys(rows))
    times_met: Counter[_Pair] = Counter()
    chosen: set[Row] = set()

    def choose(among: Collection[Row], wanted: set[_Pair]) -> None:
        """Choose of these rows until every wanted pair is met."""

        def merit(row: Row) -> tuple[int, int, int]:
            pairs = _pairs(row)
            new = sum(not times_met[pair] for pair in pairs)
            return len(wanted.intersection(pairs)), new, -sum(times_met[pair] for pair in pairs)

        while wanted:
            best = max(among, key=merit)
            chosen.add(best)
            times_met.update(_pairs(best))
            wanted.difference_update(_pairs(best))

    led: dict[Row, list[Row]] = {}
    for row in every:
        led.setdefault(row[:1], []).append(row)
    for group in led.values():
        choose(group, {pair for row in group for pair in _pairs(row) if pair[0] == 0})
    choose(every, {pair for row in every for pair in _pairs(row) if not times_met[pair]})
    # A single part has no pairs.
    return [row for row in every if row in chosen or len(row) == 1]


def runs_everything() -> bool:
    """Return whether hypothesis tries as many examples as in the gate: then nothing else is left out either."""
    return settings().max_examples >= settings.get_profile("gate").max_examples


def keep_pairs(config: pytest.Config, items: list[pytest.Item], folder: Path, parts: Collection[str]) -> None:
    """Run the tests of a folder on pairs of what these parameters stand for; in the gate, on everything.

    The parts are to be independent of each other and of what a test asserts. A test, with each value of its other
    parameters, still meets every value of each part that it has, and in each module every two values of two parts
    meet. Those left out are counted as deselected.
    """
    if runs_everything():
        return
    modules: dict[Path, dict[Row, list[pytest.Item]]] = {}
    for item in items:
        if item.path.is_relative_to(folder):
            modules.setdefault(item.path, {}).setdefault(_row(item, parts), []).append(item)
    left_out = {
        item for rows in modules.values() for row in rows.keys() - pairwise(rows) for item in rows[row]
    }
    if left_out:
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]


def _row(item: pytest.Item, parts: Collection[str]) -> Row:
    """Return which test it is, and the value of each part, where it has that."""
    call = getattr(item, "callspec", None)
    given: dict[str, object] = {} if call is None else call.params
    others = tuple((name, _key(value)) for name, value in sorted(given.items()) if name not in parts)
    test = (item.nodeid.partition("[")[0], others)
    return test, *(_key(given.get(part)) for part in parts)


def _key(value: object) -> Hashable:
    try:
        hash(value)
    except TypeError:
        return id(value)
    return value

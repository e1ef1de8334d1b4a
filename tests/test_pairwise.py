"""The choice of rows in which every two values meet, and which tests are run for it."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pairwise import Row, keep_pairs, pairwise

ADAPTERS = ("asyncio", "trio", "sync", "threads")
CARRIERS = ("memory", "tcp", "udp", "pty")
TESTS = list(product(range(40), ADAPTERS, CARRIERS))


def pairs(rows: Sequence[Row]) -> set[tuple[object, ...]]:
    """By definition: who shares a row with whom."""
    return {(i, j, row[i], row[j]) for row in rows for i, j in combinations(range(len(row)), 2)}


@given(st.lists(st.tuples(*[st.integers(0, 3)] * 4), max_size=60))
def test_every_two_values_that_share_a_row_still_do(rows: list[Row]) -> None:
    chosen = pairwise(rows)
    assert pairs(chosen) == pairs(rows)
    # Nothing is made up, nothing comes twice, and the order stays.
    assert chosen == [row for row in dict.fromkeys(rows) if row in chosen]
    assert pairwise(rows) == chosen


def test_a_leading_value_meets_the_others_in_as_few_rows_as_they_need() -> None:
    chosen = pairwise(TESTS)
    assert len(chosen) == 40 * 4
    for number in range(40):
        led = [row for row in chosen if row[0] == number]
        assert {row[1] for row in led} == set(ADAPTERS)
        assert {row[2] for row in led} == set(CARRIERS)


def test_the_others_meet_one_another_alike() -> None:
    times = Counter(row[1:] for row in pairwise(TESTS))
    assert times == dict.fromkeys(product(ADAPTERS, CARRIERS), 10)


def test_what_cannot_meet_does_not() -> None:
    rows = [row for row in TESTS if row[1] != "sync" or row[2] not in ("udp", "pty")]
    chosen = pairwise(rows)
    assert pairs(chosen) == pairs(rows)
    assert set(chosen) <= set(rows)
    assert len(chosen) <= 40 * 5


@pytest.mark.parametrize(
    ("sizes", "most"), [((5, 2, 2, 2), 10), ((3,) * 6, 18), ((2,) * 8, 10), ((7, 3), 21)], ids=str
)
def test_there_are_few(sizes: tuple[int, ...], most: int) -> None:
    rows = list(product(*map(range, sizes)))
    assert pairs(pairwise(rows)) == pairs(rows)
    assert len(pairwise(rows)) <= most


def test_what_has_no_pairs_is_kept() -> None:
    assert pairwise([(2,), (1,), (2,)]) == [(2,), (1,)]
    assert pairwise([]) == []


# Tests.


class Item:
    """A test as pytest collects it."""

    def __init__(self, path: str, name: str, number: int, parameters: dict[str, Any]) -> None:
        self.path = Path(path)
        self.nodeid = f"{path}::{name}[{number}]"
        self.parameters = parameters
        if parameters:
            self.callspec = SimpleNamespace(params=parameters)


def collected() -> list[Any]:
    """Four modules, with tests that go through all adapters and carriers, and some that do not."""
    found: list[tuple[str, str, dict[str, Any]]] = [
        (module, test, {"case": case, "adapter": adapter, "carrier": carrier})
        for module, test in product(("here/a.py", "here/b.py"), ("test_one", "test_other"))
        # Cases that cannot be hashed.
        for case, adapter, carrier in product(([1], [2], [3]), ADAPTERS, CARRIERS)
    ]
    found.append(("here/a.py", "test_alone", {}))
    found += [("here/a.py", "test_in_cases", {"case": number}) for number in range(5)]
    found += [("here/a.py", "test_on_streams", {"adapter": adapter}) for adapter in ADAPTERS]
    found += [
        (module, "test_one", {"adapter": adapter, "carrier": carrier})
        for module in ("here/few.py", "there/a.py")
        for adapter, carrier in product(ADAPTERS, CARRIERS)
    ]
    return [Item(path, test, number, given) for number, (path, test, given) in enumerate(found)]


def keep(items: list[Any]) -> list[Any]:
    """Leave out of these what need not run; return that."""
    left_out: list[Any] = []
    config: Any = SimpleNamespace(
        hook=SimpleNamespace(pytest_deselected=lambda items: left_out.extend(items))
    )
    keep_pairs(config, items, Path("here"), ("adapter", "carrier"))
    return left_out


@pytest.mark.parametrize("is_gate", [False, True], ids=["by default", "in the gate"])
def test_what_is_left_out(is_gate: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.pairwise.runs_everything", lambda: is_gate)
    every = collected()
    items = list(every)
    left_out = keep(items)
    assert [item for item in every if item in items] == items
    assert [item for item in every if item not in items] == left_out
    if is_gate:
        assert left_out == []
        return
    # Four of sixteen, for each of three cases of four tests; and all others: one is alone in its module.
    assert len(items) == 4 * 3 * 4 + 1 + 5 + 4 + 16 + 16
    for module, test, case in product(("here/a.py", "here/b.py"), ("test_one", "test_other"), (1, 2, 3)):
        kept = [
            item.parameters
            for item in items
            if item.nodeid.startswith(f"{module}::{test}[") and item.parameters["case"] == [case]
        ]
        assert {row["adapter"] for row in kept} == set(ADAPTERS)
        assert {row["carrier"] for row in kept} == set(CARRIERS)
    for module in ("here/a.py", "here/b.py"):
        ways = [
            item.parameters for item in items if str(item.path) == module and "carrier" in item.parameters
        ]
        assert {(row["adapter"], row["carrier"]) for row in ways} == set(product(ADAPTERS, CARRIERS))


def test_what_is_asked_for_alone_is_run() -> None:
    for item in collected():
        assert keep([item]) == []

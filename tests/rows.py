"""A table as one test: every row of it is tried, and what fails is reported by its row."""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import pytest

__all__ = ["each_row"]

TestFunction: TypeAlias = Callable[..., None]

_SHOWN = 10
"""Rows whose failures are written out; of the others there is the count."""


def each_row(
    names: str | tuple[str, ...],
    rows: Iterable[object],
    ids: Iterable[str] | Callable[[Any], str] = repr,
) -> Callable[[TestFunction], TestFunction]:
    """Call a test with every row of a table, as ``pytest.mark.parametrize`` does, but as a single test.

    A test of its own for each row costs a hundred times what most rows do. The test fails, when all rows have been
    tried, if any row failed: the message names the first ten of these, and the first failure is the error's cause.
    Stacked, the decorator tries every combination. ``ids`` are names for the rows, or make a name of a row.
    Fixtures are set up once for all rows.
    """
    table = list(rows)
    assert table, f"a table of {names} without a row proves nothing"
    labels = [ids(row) for row in table] if callable(ids) else list(ids)
    # A row of several values is a tuple of as many.
    columns = (names,) if isinstance(names, str) else names
    arguments = [
        dict(zip(columns, (row,) if isinstance(names, str) else tuple(row), strict=True))  # type: ignore[arg-type]
        for row in table
    ]

    def over_the_table(test: TestFunction) -> TestFunction:
        # Called only, it would do nothing, and pass.
        assert not inspect.iscoroutinefunction(test), f"{test.__name__} is not awaited"

        @functools.wraps(test)
        def every_row(**others: object) -> None:
            __tracebackhide__ = True
            failures: list[tuple[str, BaseException]] = []
            for label, row in zip(labels, arguments, strict=True):
                try:
                    test(**row, **others)
                except (Exception, pytest.fail.Exception) as failure:  # noqa: BLE001 - it is raised below
                    failures.append((label, failure))
            if failures:
                text = "\n".join(
                    f"{', '.join(columns)} = {label}: {type(failure).__name__}: {failure}"
                    for label, failure in failures[:_SHOWN]
                )
                _, first = failures[0]
                raise AssertionError(f"{len(failures)} of {len(table)} rows failed:\n{text}") from first

        whole = inspect.signature(test)
        left = [parameter for name, parameter in whole.parameters.items() if name not in columns]
        assert len(left) + len(columns) == len(whole.parameters), f"{test.__name__} takes no {names}"
        every_row.__signature__ = whole.replace(parameters=left)  # type: ignore[attr-defined]
        return every_row

    return over_the_table

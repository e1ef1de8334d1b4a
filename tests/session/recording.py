"""Tables that note which of their rows are taken."""

from collections.abc import Mapping
from enum import Enum, IntEnum
from typing import TypeVar

_S = TypeVar("_S", bound=Enum)
_I = TypeVar("_I", bound=IntEnum)
_V = TypeVar("_V")


class RecordingRow(dict[_I, _V]):
    """All rows of one state, which note what is looked up in them."""

    def __init__(self, state: Enum, rows: Mapping[_I, _V], hits: list[tuple[Enum, _I]]) -> None:
        super().__init__(rows)
        self._state = state
        self._hits = hits

    def __getitem__(self, item: _I) -> _V:
        self._hits.append((self._state, item))
        return super().__getitem__(item)


def recording(
    table: Mapping[_S, Mapping[_I, _V]], hits: list[tuple[Enum, _I]]
) -> dict[_S, RecordingRow[_I, _V]]:
    """Return a table's rows by state, which note in ``hits`` what is looked up in them."""
    return {state: RecordingRow(state, rows, hits) for state, rows in table.items()}

"""Driving an operation by hand: what it asks is recorded, a plain function answers."""

from collections.abc import Callable
from typing import TypeAlias, TypeVar

from omnilink_sansio.messages import Request
from omnilink_sansio.operations import Operation
from omnilink_sansio.wire import Message

_T = TypeVar("_T")

_MOST = 2000
"""Requests: more than any operation on a house of 511 objects needs."""

Panel: TypeAlias = Callable[[Request[object]], Message]
"""Answers a request."""


def run(operation: Operation[_T], panel: Panel, asked: list[Request[object]] | None = None) -> _T:
    """Run an operation to its end against a panel; what it asked is added to ``asked``."""
    asked = [] if asked is None else asked
    try:
        request = next(operation)
        while True:
            asked.append(request)
            assert len(asked) <= _MOST, "the operation does not come to an end"
            request = operation.send(panel(request))
    except StopIteration as stop:
        result: _T = stop.value
        return result

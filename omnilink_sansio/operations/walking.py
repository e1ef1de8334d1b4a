"""Walking: asking for the next thing after a number, again and again, until the controller has no more."""

from collections.abc import Callable
from typing import TypeVar

from omnilink_sansio.errors import CommandFailedError
from omnilink_sansio.messages.request import Request, mismatched_reply
from omnilink_sansio.operations.operation import Operation, ask

__all__ = ["walk"]

_T = TypeVar("_T")

_HIGHEST = 0xFFFF


def walk(
    request_after: Callable[[int], Request[_T | None]],
    number_of: Callable[[_T], int | None],
    highest: int = _HIGHEST,
) -> Operation[list[_T]]:
    """Return all things there are, in the order of their numbers: all, or an error, never a part.

    ``request_after`` asks for the first thing after a number, ``number_of`` returns which a reply is, None for
    a thing of another kind. Raises `CommandFailedError` when the controller refuses the first question, and
    `RemoteProtocolError` when it refuses a later one, or its answers do not lead on; so it always ends.
    """
    found: list[_T] = []
    number = 0
    while number < highest:
        request = request_after(number)
        asked = f"what follows {number}"
        try:
            item = yield from ask(request)
        except CommandFailedError as error:
            if not found:
                raise
            raise mismatched_reply(request, asked, "a refusal") from error
        if item is None:
            break
        here = number_of(item)
        if here is None:
            raise mismatched_reply(request, asked, "a thing of another kind")
        if not number < here <= highest:
            raise mismatched_reply(request, asked, f"{here}")
        found.append(item)
        number = here
    return found

"""One call of a client, defined once for clients that are awaited and clients that block.

A `ClientCall` in the body of a class stands for a method. At run time the class of an adapter's client gets an
ordinary method for each, made by the adapter's one function that knows how to see a call through. What a call is
to a type checker depends on the client that it is looked up on: awaited on an `AwaitedClient`, blocking on a
`BlockingClient`.
"""

import inspect
from collections.abc import Callable, Coroutine
from types import NoneType
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Generic,
    ParamSpec,
    Self,
    TypeVar,
    get_args,
    get_overloads,
    get_type_hints,
    overload,
)

from omnilink_sansio.messages.request import Request
from omnilink_sansio.operations.operation import Operation

if TYPE_CHECKING:
    from omnilink_sansio.client.awaited_client import AwaitedClient
    from omnilink_sansio.client.blocking_client import BlockingClient

__all__ = ["ClientCall", "ClientMethods"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


class ClientCall(Generic[_P, _T]):
    """A method of clients: ``make`` takes its arguments and returns the request or operation to see through."""

    def __init__(self, make: Callable[_P, Request[_T] | Operation[_T]]) -> None:
        self.make = make
        self.__doc__ = make.__doc__

    @overload
    def __get__(
        self, client: None, owner: "type[AwaitedClient]"
    ) -> Callable[Concatenate[Any, _P], Coroutine[Any, Any, _T]]: ...
    @overload
    def __get__(self, client: None, owner: "type[BlockingClient]") -> Callable[Concatenate[Any, _P], _T]: ...
    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: "AwaitedClient", owner: type) -> Callable[_P, Coroutine[Any, Any, _T]]: ...
    @overload
    def __get__(self, client: "BlockingClient", owner: type) -> Callable[_P, _T]: ...
    def __get__(self, client: object, owner: type) -> object:
        """Return the call itself; the clients of adapters have ordinary methods in its place."""
        return self

    def __repr__(self) -> str:
        return f"<ClientCall {self.signatures()[-1]}>"

    def copy_signature(self, function: Callable[..., Any], owner: type, name: str) -> None:
        """Make the function that sees this call through a method of its own: name, signature, types, docstring."""
        signature = self.signatures()[-1]
        types = {key: given.annotation for key, given in signature.parameters.items() if key != "self"}
        function.__name__ = name
        function.__qualname__ = f"{owner.__qualname__}.{name}"
        function.__module__ = owner.__module__
        function.__doc__ = self.__doc__
        function.__annotations__ = {**types, "return": signature.return_annotation}
        function.__signature__ = signature  # type: ignore[attr-defined]

    def signatures(self) -> list[inspect.Signature]:
        """Return what the method takes and returns: its overloads, the general one last, or the only one."""
        return [_method_signature(form) for form in get_overloads(self.make) or (self.make,)]


def _method_signature(make: Callable[..., object]) -> inspect.Signature:
    hints = get_type_hints(make)
    result = _result(make if isinstance(make, type) else hints["return"])
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    given = inspect.signature(make).parameters.values()
    return inspect.Signature(
        [own, *(parameter.replace(annotation=hints[parameter.name]) for parameter in given)],
        return_annotation=result,
    )


def _result(made: object) -> object:
    """Return the type of the result of a request's class, or of an operation's type."""
    if isinstance(made, type) and issubclass(made, Request):
        result = get_type_hints(made.accept)["return"]
    else:
        result = get_args(made)[-1]
    # Annotations say None where types are NoneType.
    return None if result is NoneType else result


class ClientMethods:
    """The base of a list of calls: a subclass that gives a ``method`` factory has a method for each call.

    ``method`` is given a call's ``make`` and returns the function that the method is.
    """

    def __init_subclass__(
        cls, method: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None
    ) -> None:
        super().__init_subclass__()
        if method is None:
            return
        for name in dir(cls):
            call = inspect.getattr_static(cls, name)
            if isinstance(call, ClientCall):
                function = method(call.make)
                call.copy_signature(function, cls, name)
                setattr(cls, name, function)

"""One call of a client, defined once for clients that are awaited and clients that block.

A `ClientCall` in the body of a class stands for a method. At run time the class of an adapter's client gets an
ordinary method for each, made by the adapter's one function that knows how to see a call through. What a call is
to a type checker depends on the client that it is looked up on: awaited on an `AwaitedClient`, blocking on a
`BlockingClient`.
"""

import inspect
from collections.abc import Callable, Coroutine
from types import MethodType, NoneType
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

from omnilink_sansio.first_use import found
from omnilink_sansio.messages.request import Request
from omnilink_sansio.operations.operation import Operation

if TYPE_CHECKING:
    from omnilink_sansio.client.awaited_client import AwaitedClient
    from omnilink_sansio.client.blocking_client import BlockingClient

__all__ = ["ClientCall", "ClientMethods"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


class _CallDocstring:
    """The docstring of a call is that of what it makes; its class has one of its own."""

    def __init__(self, of_the_class: str | None) -> None:
        self._of_the_class = of_the_class

    def __get__(self, call: "ClientCall[..., Any] | None", owner: type) -> str | None:
        return self._of_the_class if call is None else call.make.__doc__


class ClientCall(Generic[_P, _T]):
    """A method of clients: ``make`` takes its arguments and returns the request or operation to see through."""

    __doc__ = _CallDocstring(__doc__)  # pyright: ignore[reportAssignmentType]

    def __init__(self, make: Callable[_P, Request[_T] | Operation[_T]]) -> None:
        self._make = make

    @property
    def make(self) -> Callable[_P, Request[_T] | Operation[_T]]:
        """What makes the request or operation; loaded when it is first needed."""
        self._make = found(self._make)
        return self._make

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


class _MethodAtFirstUse:
    """Stands for the method of a call until that is first looked up, and puts the method in its own place then."""

    def __init__(
        self,
        owner: type,
        name: str,
        call: ClientCall[..., object],
        method: Callable[[Callable[..., Any]], Callable[..., Any]],
    ) -> None:
        self._owner, self._name, self._call, self._method = owner, name, call, method

    def __get__(self, client: object, owner: type) -> object:
        return self.__wrapped__ if client is None else MethodType(self.__wrapped__, client)

    @property
    def __wrapped__(self) -> Callable[..., Any]:
        """The method itself: what looks at a class without looking things up on it (`inspect.unwrap`) finds it."""
        function = self._method(self._call.make)
        self._call.copy_signature(function, self._owner, self._name)
        setattr(self._owner, self._name, function)
        return function


class ClientMethods:
    """The base of a list of calls: a subclass that gives a ``method`` factory has a method for each call.

    ``method`` is given a call's ``make`` and returns the function that the method is. Each is made when it is
    first looked up.
    """

    def __init_subclass__(
        cls, method: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None
    ) -> None:
        super().__init_subclass__()
        if method is None:
            return
        members = {name: value for kind in reversed(cls.__mro__) for name, value in vars(kind).items()}
        for name, value in members.items():
            if isinstance(value, ClientCall):
                setattr(cls, name, _MethodAtFirstUse(cls, name, value, method))

"""The stubs that show the calls of clients to type checkers and editors, written from the one list of calls.

`ClientCalls` lists each call once, and clients get their methods from it when their classes are made. Not every
type checker follows that: pyright does not take such a client for a `Protocol` with methods. So `AwaitedClient`
and `BlockingClient` have a stub each, in which every call is a method with its overloads and its docstring.

Write them anew, after a change to the calls, with ``python -m tests.typing.client_stubs``.
"""

import inspect
from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Literal, Union, get_args, get_origin

from omnilink_sansio.client import AwaitedClient, BlockingClient, ClientCall, ClientCalls, ClientMethods

FOLDER = Path(inspect.getfile(ClientCalls)).parent

_LINE = 110
_HEAD = """\
# Written by tests/typing/client_stubs.py from the calls in calls.py, which is where a change goes.
# pyright: reportOverlappingOverload=false
# ruff: noqa: E501
"""


class _Imports:
    """The names that a stub uses, by the modules that define them."""

    def __init__(self) -> None:
        self._names: defaultdict[str, set[str]] = defaultdict(set)

    def name(self, module: str, name: str) -> str:
        """Note that a name is used, and return it."""
        if module != "builtins":
            self._names[module].add(name)
        return name

    def lines(self) -> Iterator[str]:
        """Yield the import statements as the linter sorts them."""
        theirs = {module for module in self._names if not module.startswith("omnilink_")}
        for modules in (theirs, self._names.keys() - theirs):
            for module in sorted(modules):
                names = sorted(self._names[module], key=lambda name: (not name[0].isupper(), name))
                line = f"from {module} import {', '.join(names)}"
                if len(line) <= _LINE:
                    yield line
                else:
                    yield from (f"from {module} import (", *(f"    {name}," for name in names), ")")
            yield ""


def stubs() -> dict[Path, str]:
    """Return the text of each stub by its path."""
    return {
        FOLDER / "awaited_client.pyi": _stub(AwaitedClient, "async def"),
        FOLDER / "blocking_client.pyi": _stub(BlockingClient, "def"),
    }


def _stub(client: type, keyword: str) -> str:
    imports = _Imports()
    above = imports.name(ClientMethods.__module__, ClientMethods.__name__)
    body = [f"class {client.__name__}({above}):", f'    """{inspect.getdoc(client)}"""', ""]
    for name, call in vars(ClientCalls).items():
        if isinstance(call, ClientCall):
            body += _method(name, call, keyword, imports)
    head = [_HEAD, *imports.lines(), f'__all__ = ["{client.__name__}"]', ""]
    return "\n".join([*head, *body]).rstrip("\n") + "\n"


def _method(name: str, call: ClientCall[..., object], keyword: str, imports: _Imports) -> Iterator[str]:
    text = inspect.getdoc(call)
    assert text is not None, f"{name} has no docstring"
    signatures = call.signatures()
    for number, signature in enumerate(signatures):
        if len(signatures) > 1:
            yield f"    @{imports.name('typing', 'overload')}"
        # Editors show the first docstring that they find.
        ending = ": ..." if number else ":"
        yield from _definition(f"{keyword} {name}", signature, ending, imports)
        if not number:
            yield from _docstring(text)
    if len(signatures) == 1:
        yield ""


def _definition(begin: str, signature: inspect.Signature, ending: str, imports: _Imports) -> Iterator[str]:
    """Yield a function's first line, broken as the formatter breaks it."""
    parameters = [_parameter(given, imports) for given in signature.parameters.values()]
    result = f") -> {_type(signature.return_annotation, imports)}{ending}"
    line = f"    {begin}({', '.join(parameters)}{result}"
    inner = f"        {', '.join(parameters)}"
    if len(line) <= _LINE:
        yield line
    else:
        yield f"    {begin}("
        yield from [inner] if len(inner) <= _LINE else [f"        {given}," for given in parameters]
        yield f"    {result}"


def _docstring(text: str) -> Iterator[str]:
    first, *more = text.splitlines()
    assert '"""' not in text
    assert "\\" not in text
    yield f'        """{first}' + ('"""' if not more else "")
    for line in more:
        yield f"        {line}".rstrip()
    if more:
        yield '        """'


def _parameter(given: inspect.Parameter, imports: _Imports) -> str:
    assert given.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD, f"{given} is of a kind that no call has yet"
    if given.name == "self":
        return given.name
    text = f"{given.name}: {_type(given.annotation, imports)}"
    return text if given.default is given.empty else f"{text} = {_value(given.default, imports)}"


def _value(value: object, imports: _Imports) -> str:
    if isinstance(value, Enum):
        return f"{imports.name(type(value).__module__, type(value).__name__)}.{value.name}"
    assert value is None or isinstance(value, bool | int | float | str), (
        f"a default of another kind: {value!r}"
    )
    return repr(value)


def _type(annotation: object, imports: _Imports) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in (None, NoneType):
        return "None"
    if annotation is ...:
        return "..."
    if origin in (Union, UnionType):
        return " | ".join(_type(argument, imports) for argument in arguments)
    if origin is Literal:
        values = ", ".join(_value(argument, imports) for argument in arguments)
        return f"{imports.name('typing', 'Literal')}[{values}]"
    if origin is not None:
        return f"{_type(origin, imports)}[{_types(arguments, imports)}]"
    assert isinstance(annotation, type), f"a type of another kind: {annotation!r}"
    return imports.name(annotation.__module__, annotation.__name__)


def _types(annotations: Sequence[object], imports: _Imports) -> str:
    return ", ".join(_type(annotation, imports) for annotation in annotations)


if __name__ == "__main__":
    for path, stub in stubs().items():
        path.write_text(stub, encoding="utf-8")

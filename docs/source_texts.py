"""What the source of the library says of itself: docstrings, the texts under fields, the calls of commands."""

import ast
import inspect
import re
import sys
import textwrap
from enum import IntEnum
from types import FunctionType

from omnilink_sansio import commands
from omnilink_sansio.commands import COMMANDS, Command


def docstring(value: object) -> str:
    """Return what a module, class or function says of itself."""
    text = inspect.getdoc(value)
    assert text, value
    return text


def source(kind: type) -> str:
    """Return the section that a class's docstring names, or else that of its module."""
    for text in (docstring(kind), docstring(sys.modules[kind.__module__])):
        found = re.search(r"\(((?:20P00|10P17|not in 20P00)[^()]*)\)", " ".join(text.split()))
        if found:
            return found[1].partition(";")[0]
    raise AssertionError(f"{kind.__name__} does not say where it is described")


def _tree(value: type | FunctionType) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(value)))


def field_texts(kind: type) -> dict[str, str]:
    """Return the texts under the fields of a class's body."""
    (body,) = _tree(kind).body
    assert isinstance(body, ast.ClassDef)
    texts = {}
    for field, text in zip(body.body, body.body[1:], strict=False):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(said))):
                texts[name] = said
    return texts


def member_texts(kind: type) -> dict[str, str]:
    """Return the texts under the members of an enumeration's body."""
    (body,) = _tree(kind).body
    assert isinstance(body, ast.ClassDef)
    texts = {}
    for member, text in zip(body.body, body.body[1:], strict=False):
        match member, text:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str(said))):
                texts[name] = said
    return texts


def views(kind: type) -> dict[str, list[str]]:
    """Return which properties of a class read each of its fields."""
    found: dict[str, list[str]] = {}
    for base in reversed(kind.__mro__):
        for name, value in vars(base).items():
            if name.startswith("_") or not isinstance(value, property):
                continue
            if isinstance(value.fget, FunctionType):
                for attribute in sorted(_own_attributes(value.fget)):
                    found.setdefault(attribute, []).append(name)
    return found


def _own_attributes(function: FunctionType) -> set[str]:
    return {
        node.attr
        for node in ast.walk(_tree(function))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    }


def calls_by_command() -> dict[Command, list[str]]:
    """Return the names of the calls that send each command, read from the calls' source."""
    calls: dict[Command, list[str]] = {}
    for name, function in sorted(vars(commands).items()):
        if isinstance(function, FunctionType):
            for command in sorted(_commands_named(function)):
                calls.setdefault(command, []).append(name)
    return calls


def _commands_named(function: FunctionType) -> set[Command]:
    """Return the commands that a function, or a private one that it calls, names."""
    tree = _tree(function)
    found: set[Command] = set()
    rows: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="Command"), args=[argument]):
                # Worked out from a number: the first of a row of commands.
                found |= _row_of_commands(function, argument)
                rows.update(map(id, ast.walk(argument)))
            case ast.Call(func=ast.Name(id=name)) if name.startswith("_"):
                called = function.__globals__[name]
                if isinstance(called, FunctionType):
                    found |= _commands_named(called)
    return found | {member for node in ast.walk(tree) if id(node) not in rows for member in _member(node)}


def _row_of_commands(function: FunctionType, number: ast.AST) -> set[Command]:
    """Return the commands that a number may be: Command.SECURITY_OFF + a mode, Command.DIM_1 - 1 + steps."""
    (first,) = _members(number)
    for node in ast.walk(number):
        kind = function.__globals__.get(node.id) if isinstance(node, ast.Name) else None
        if isinstance(kind, type) and issubclass(kind, IntEnum) and kind is not Command:
            return {Command(first + member) for member in kind}
    word = first.name.partition("_")[0]
    return {command for command in COMMANDS if command.name.partition("_")[0] == word}


def _members(tree: ast.AST) -> set[Command]:
    return {member for node in ast.walk(tree) for member in _member(node)}


def _member(node: ast.AST) -> tuple[Command, ...]:
    match node:
        case ast.Attribute(value=ast.Name(id="Command"), attr=name):
            return (Command[name],)
        case _:
            return ()

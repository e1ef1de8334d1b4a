"""The stubs of clients are those that the list of calls makes, and hide nothing from type checkers."""

import ast
from pathlib import Path

import pytest

from omnilink_sansio.client import ClientCall, ClientCalls
from tests.typing.client_stubs import FOLDER, stubs

STUBS = sorted(FOLDER.glob("*.pyi"))


def test_the_stubs_are_written_from_the_list_of_calls() -> None:
    written = stubs()
    assert sorted(written) == STUBS
    for path, text in written.items():
        assert path.read_text(encoding="utf-8") == text, "python -m tests.typing.client_stubs writes it anew"


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.stem)
def test_a_stub_shows_every_call_with_its_docstring(path: Path) -> None:
    (client,) = (
        node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef)
    )
    methods = [node for node in client.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    # The first overload of a call has the docstring.
    first = {method.name: ast.get_docstring(method) for method in reversed(methods)}
    calls = {name: call for name, call in vars(ClientCalls).items() if isinstance(call, ClientCall)}
    assert first.keys() == calls.keys()
    assert all(first.values())
    assert {type(method) for method in methods} == {
        ast.AsyncFunctionDef if client.name == "AwaitedClient" else ast.FunctionDef
    }


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.stem)
def test_a_stub_says_any_nowhere(path: Path) -> None:
    names = [
        node.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name)
    ]
    assert names
    assert "Any" not in names
    assert "object" not in names


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.stem)
def test_a_module_with_a_stub_has_nothing_that_type_checkers_would_miss(path: Path) -> None:
    docstring, *statements, client = ast.parse(path.with_suffix(".py").read_text(encoding="utf-8")).body
    assert isinstance(docstring, ast.Expr)
    assert {type(statement) for statement in statements} == {ast.ImportFrom, ast.Assign}
    assert isinstance(client, ast.ClassDef)
    assert [type(node) for node in client.body] == [ast.Expr]

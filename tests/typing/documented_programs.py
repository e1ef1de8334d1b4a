"""The programs of the README and of the documentation, for type checkers.

``python -m tests.typing.documented_programs`` has mypy and pyright judge them, and fails where one finds a
mistake. A program stands on the lines that it has on its page, so what the checkers write names the page's lines.

A piece of Python on a page that begins with an import begins a program; what has no import goes on with the one
before. A piece that cannot stand at the top of a module, since it awaits something or is only an indented
fragment, is put into a function. What pages leave to their readers, such as the key, is in `READERS_OWN`.
"""

import ast
import builtins
import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from symtable import SymbolTable, symtable
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))

READERS_OWN = """\
import ssl
from datetime import datetime as datetime
from pathlib import Path as Path

import omnilink_anyio
from omnilink_sansio.messages.objects.area import SecurityMode as SecurityMode
from omnilink_sansio.session.client import ClientConnection
from omnilink_sync import OmniClient as OmniClient
from omnilink_sync import ReconnectingClient as ReconnectingClient

client: omnilink_anyio.OmniClient
context: ssl.SSLContext
host: str
key: bytes
machine: ClientConnection
port: int
"""
"""A module of what pages leave to their readers: what to import, and values of their own."""

COMMANDS = ("pip ", "omnilink ")
"""How an indented piece begins that is for a shell."""


@dataclass(frozen=True)
class Piece:
    """A piece of Python on a page."""

    line: int
    """Of its beginning, 1 for the page's first."""
    text: str
    is_fragment: bool
    """Whether it is only indented: a glimpse of a program, not one to copy."""

    @property
    def tree(self) -> ast.Module:
        """The piece as Python reads it."""
        return ast.parse(self.text)

    @property
    def begins(self) -> bool:
        """Whether it begins a program."""
        return isinstance(self.tree.body[0], ast.Import | ast.ImportFrom)

    @property
    def needs_function(self) -> bool:
        """Whether it cannot stand at the top of a module."""
        return self.is_fragment or any(_awaits(node) for node in self.tree.body)


@dataclass
class Program:
    """The pieces of one page that belong together."""

    page: Path
    pieces: list[Piece] = field(default_factory=list)

    @property
    def module(self) -> str:
        """A name for its module."""
        page = self.page.relative_to(ROOT).with_suffix("").as_posix()
        return f"{re.sub('[^a-z]+', '_', page.lower())}_{self.pieces[0].line}"

    @property
    def text(self) -> str:
        """The module, each piece on its lines of the page."""
        lines: list[str] = []
        for piece in self.pieces:
            # A piece has a fence or an empty line before it.
            lines += [""] * (piece.line - 1 - len(lines))
            text = piece.text
            if piece.needs_function and not piece.begins:
                lines[-1] = f"async def piece_{piece.line}() -> None:"
                text = textwrap.indent(text, "    ")
            lines += text.splitlines()
        readers = _free_names("\n".join(lines)) & _given(symtable(READERS_OWN, "readers_own", "exec"))
        if readers:
            lines[0] = f"from readers_own import {', '.join(sorted(readers))}"
        return "\n".join([*lines, ""])


def _awaits(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        return False
    if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
        return True
    return any(_awaits(child) for child in ast.iter_child_nodes(node))


def _free_names(text: str) -> set[str]:
    """Return the names that a module uses and does not give."""
    module = symtable(text, "page", "exec")
    used = {
        symbol.get_name()
        for scope in _scopes(module)
        for symbol in scope.get_symbols()
        if symbol.is_referenced() and (scope is module or symbol.is_global())
    }
    return used - _given(module) - set(dir(builtins))


def _given(module: SymbolTable) -> set[str]:
    return {
        symbol.get_name()
        for symbol in module.get_symbols()
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_annotated()
    }


def _scopes(table: SymbolTable) -> Iterator[SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)


def pieces(page: str) -> Iterator[Piece]:
    """Yield the pieces of Python on a page, in order."""
    code = re.compile(
        r"^```(?P<language>.*)\n(?P<fenced>(?:.*\n)*?)```$|(?<=\n\n)(?P<indented>(?:(?: {4}.*)?\n)+)",
        re.MULTILINE,
    )
    for found in code.finditer(page):
        indented = found["indented"]
        if indented is None and found["language"] != "python":
            continue
        text = textwrap.dedent(found["fenced"] if indented is None else indented).rstrip("\n")
        if text and not (indented and text.startswith(COMMANDS)):
            begin = found.start("fenced" if indented is None else "indented")
            yield Piece(page.count("\n", 0, begin) + 1, text, is_fragment=indented is not None)


def programs(page: Path) -> list[Program]:
    """Return the programs of a page."""
    found: list[Program] = []
    for piece in pieces(page.read_text(encoding="utf-8")):
        if piece.begins or not found:
            found.append(Program(page))
        found[-1].pieces.append(piece)
    return found


def write(every: Sequence[Program], folder: Path) -> list[Path]:
    """Write programs into a folder, each a module, and return the paths of all."""
    (folder / "readers_own.py").write_text(READERS_OWN, encoding="utf-8")
    paths = [folder / f"{program.module}.py" for program in every]
    for path, program in zip(paths, every, strict=True):
        path.write_text(program.text, encoding="utf-8")
    return paths


def main() -> int:
    """Have each type checker judge all programs, write what it says, and return how many find mistakes."""
    every = [program for page in PAGES for program in programs(page)]
    with TemporaryDirectory() as folder:
        paths = write(every, Path(folder))
        settings = {"extraPaths": [str(ROOT)]}
        (Path(folder) / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
        runs = [
            subprocess.run(
                [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
            )
            for command in (
                ("mypy", "--strict", *map(str, paths)),
                ("pyright", "--pythonpath", sys.executable, "--project", folder),
            )
        ]
    for run in runs:
        said = run.stdout + run.stderr
        for path, program in zip(paths, every, strict=True):
            said = re.sub(rf"\S*\b{path.name}\b", str(program.page.relative_to(ROOT)), said)
        sys.stdout.write(said)
    return sum(run.returncode != 0 for run in runs)


if __name__ == "__main__":
    sys.exit(main())

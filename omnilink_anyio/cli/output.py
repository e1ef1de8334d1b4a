"""Output: rich tables on a terminal, plain aligned text elsewhere."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["new_console", "print_table", "printable", "words"]

_PLAIN_WIDTH = 120


def new_console() -> Console:
    """Return a console on standard output."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, width=_PLAIN_WIDTH)
    return console


def print_table(
    console: Console, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Print one table; without frames or colours when the output is no terminal."""
    plain = not console.is_terminal
    table = Table(
        title=title,
        title_justify="left",
        title_style="none" if plain else "bold",
        header_style="none" if plain else "bold",
        box=None if plain else box.ROUNDED,
        pad_edge=not plain,
    )
    for column in columns:
        table.add_column(column, no_wrap=True)
    for row in rows:
        table.add_row(*(Text(printable(str(value))) for value in row))
    console.print()
    console.print(table)


def printable(text: str) -> str:
    """Return text with its control characters replaced: a name may hold anything, escape sequences too."""
    return "".join(character if character.isprintable() else "?" for character in text)


def words(value: object) -> str:
    """Return the name of an enumeration's member as words, other values as they are."""
    name = getattr(value, "name", None)
    return str(value) if name is None else str(name).lower().replace("_", " ")

"""The programs that type checkers are given are those of the pages, all of them, and on their lines."""

import textwrap
from pathlib import Path

import pytest

from tests.typing.documented_programs import PAGES, ROOT, Program, pieces, programs, write

PAGE = """\
# A page

    pip install "omnilink-sansio[anyio]"

```python
from omnilink_anyio import OmniClient


async def main(panel: OmniClient) -> None:
    print(panel)
```

It goes on:

```python
print(await client.list_zone_names())
```

```sh
from here to there
```

    with OmniClient(host, controller_key=key) as panel:

        print(panel, unknown)

```python
import time

print(time.monotonic())
```
"""

FIRST = """\
from readers_own import client, host, key




from omnilink_anyio import OmniClient


async def main(panel: OmniClient) -> None:
    print(panel)




async def piece_16() -> None:
    print(await client.list_zone_names())





async def piece_23() -> None:
    with OmniClient(host, controller_key=key) as panel:

        print(panel, unknown)
"""


def of_a_page(text: str, folder: Path) -> list[Program]:
    page = folder / "page.md"
    page.write_text(text, encoding="utf-8")
    return programs(page)


def test_pieces_become_programs_on_the_lines_of_their_page(tmp_path: Path) -> None:
    first, second = of_a_page(PAGE, tmp_path)
    assert first.text == FIRST
    assert second.text == "\n" * 27 + "import time\n\nprint(time.monotonic())\n"


def test_what_is_no_python_is_a_mistake_of_the_page(tmp_path: Path) -> None:
    with pytest.raises(SyntaxError):
        of_a_page("# A page\n\n```python\nprint(\n```\n", tmp_path)


def test_every_page_is_looked_at_and_every_fence_is_a_piece() -> None:
    assert ROOT / "README.md" in PAGES
    assert set((ROOT / "docs").rglob("*.md")) < set(PAGES)
    fences = {page: page.read_text(encoding="utf-8").count("```python\n") for page in PAGES}
    assert sum(fences.values()) > 25
    for page, count in fences.items():
        found = [piece for piece in pieces(page.read_text(encoding="utf-8")) if not piece.is_fragment]
        assert len(found) == count, page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_program_compiles_and_has_its_pages_lines(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    for program in programs(page):
        module = program.text.splitlines()
        compile(program.text, page.name, "exec")
        for piece in program.pieces:
            end = piece.line - 1 + len(piece.text.splitlines())
            shown, written = ("\n".join(text[piece.line - 1 : end]) for text in (lines, module))
            assert textwrap.dedent(written) == textwrap.dedent(shown) == piece.text


def test_modules_have_names_of_their_own(tmp_path: Path) -> None:
    every = [program for page in PAGES for program in programs(page)]
    paths = write(every, tmp_path)
    assert len(set(paths)) == len(every)
    assert all(path.stem.isidentifier() for path in paths)
    assert {path.name for path in tmp_path.iterdir()} == {"readers_own.py", *(path.name for path in paths)}

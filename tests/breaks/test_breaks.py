"""The deliberate breaks can be made in the library as it stands, and what comes of them is reported as it is."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.breaks.__main__ import ROOT, NotTriedError, Verdict, chosen, try_breaks
from tests.breaks.table import BREAKS, Break, DoesNotFitError


def test_every_break_fits_once_and_still_compiles() -> None:
    sources = {path: (ROOT / path).read_text(encoding="utf-8") for path in {change.path for change in BREAKS}}
    for change in BREAKS:
        broken = change.made_in(sources[change.path])
        assert broken != sources[change.path], change.name
        compile(broken, change.path, "exec")
        assert all((ROOT / folder).is_dir() for folder in change.nearest), change.name


def test_there_are_forty_breaks_of_these_floors_each_with_a_name_of_its_own() -> None:
    assert len({change.name for change in BREAKS}) == len(BREAKS) >= 40
    assert {change.path.split("/")[1] for change in BREAKS} == {
        "wire",
        "messages",
        "session",
        "client",
        "simulator",
    }


ROW = Break("right-is-right", "thing.py", "RIGHT = 1", "RIGHT = 2", ("tests/near",))
"""A break of the tree below."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tree" / ".git").mkdir(parents=True)
    (tmp_path / "tree" / "thing.py").write_text("RIGHT = 1\n", encoding="utf-8")
    return tmp_path / "tree"


class Suite:
    """Tests of the tree, of which those of one folder, or none, notice the break; flaky ones always fail."""

    def __init__(self, notices: str | None = None, *, flaky: bool = False) -> None:
        self.notices = notices
        self.flaky = flaky
        self.runs: list[tuple[str, Sequence[str], Sequence[str]]] = []

    def run(self, copy: Path, tests: Sequence[str], left_out: Sequence[str]) -> str | None:
        assert not (copy / ".git").exists()
        source = (copy / "thing.py").read_text(encoding="utf-8")
        self.runs.append((source, tuple(tests), tuple(left_out)))
        fails = self.flaky or (source == "RIGHT = 2\n" and tests[0] == self.notices)
        return "a test" if fails else None


NEAR = ("RIGHT = 2\n", ("tests/near",), ("tests/breaks",))
ALL = ("RIGHT = 2\n", ("tests",), ("tests/breaks", "tests/near"))
MENDED = ("RIGHT = 1\n", ("a test",), ())


@pytest.mark.parametrize(
    ("suite", "verdict", "runs"),
    [
        (Suite("tests/near"), Verdict(ROW.name, "caught by a test", True), [NEAR, MENDED]),
        (Suite("tests"), Verdict(ROW.name, "caught by a test", True), [NEAR, ALL, MENDED]),
        (Suite(), Verdict(ROW.name, "SURVIVED", False), [NEAR, ALL]),
        (
            Suite(flaky=True),
            Verdict(ROW.name, "NOT TRIED: a test fails with and without the break", False),
            [NEAR, MENDED],
        ),
    ],
    ids=["near", "far", "survived", "flaky"],
)
def test_a_break_is_made_in_a_copy_and_tried_on_the_nearest_tests_first(
    tree: Path, suite: Suite, verdict: Verdict, runs: list[object]
) -> None:
    assert list(try_breaks([ROW], tree, suite.run)) == [verdict]
    assert suite.runs == runs
    assert (tree / "thing.py").read_text(encoding="utf-8") == "RIGHT = 1\n"


def test_a_break_that_stops_the_tests_is_not_caught(tree: Path) -> None:
    def run(copy: Path, tests: Sequence[str], left_out: Sequence[str]) -> str | None:
        del copy, tests, left_out
        raise NotTriedError("they do not begin")

    assert list(try_breaks([ROW], tree, run)) == [Verdict(ROW.name, "NOT TRIED: they do not begin", False)]


@pytest.mark.parametrize(("source", "count"), [("RIGHT = 3\n", 0), ("RIGHT = 1\nRIGHT = 1\n", 2)])
def test_a_row_that_no_longer_fits_is_named_before_any_is_tried(tree: Path, source: str, count: int) -> None:
    (tree / "thing.py").write_text("RIGHT = 1\n", encoding="utf-8")
    (tree / "other.py").write_text(source, encoding="utf-8")
    suite = Suite("tests/near")
    with pytest.raises(DoesNotFitError, match=f"^of-another no longer fits: .* {count} times in other.py"):
        list(try_breaks([ROW, replace(ROW, name="of-another", path="other.py")], tree, suite.run))
    assert suite.runs == []


def test_breaks_are_chosen_by_parts_of_their_names() -> None:
    assert chosen([]) == list(BREAKS)
    assert [change.name for change in chosen(["65535", "whitened"])] == [
        "every-block-is-whitened",
        "after-sequence-65535-comes-1",
    ]
    with pytest.raises(SystemExit, match="'no such break'"):
        chosen(["no such break"])

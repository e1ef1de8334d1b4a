"""Break the library in one place at a time, and see that a test notices: ``python -m tests.breaks [NAMES...]``.

Each break is made in a copy of the tree, never in the tree itself. A test counts as having noticed when it fails
in the broken copy and passes in the same copy mended. Breaks run one after another unless ``--jobs`` allows more.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

from tests.breaks.table import BREAKS, Break, DoesNotFitError

ROOT = Path(__file__).parents[2]

_NOT_COPIED = shutil.ignore_patterns(".git", ".hypothesis", ".venv", ".*_cache", "__pycache__")
_ALL = ("tests",)
_OWN = ("tests/breaks",)
"""These tests read the table, so that in a broken copy they would always fail."""
_LONGEST_RUN = 3600.0
"""Seconds; the whole suite takes minutes, and a break may make it wait for ever."""

_PASSED, _FAILED = 0, 1

RunTests: TypeAlias = Callable[[Path, Sequence[str], Sequence[str]], str | None]
"""Runs tests of a copy but for those in the folders that come last; returns the first that fails, or None."""


class NotTriedError(Exception):
    """A break that did not get as far as a test that could notice it."""


class Verdict(NamedTuple):
    """What came of one break."""

    name: str
    text: str
    is_caught: bool

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"


def first_failure(copy: Path, tests: Sequence[str], left_out: Sequence[str]) -> str | None:
    """Run tests of a copy; return the ID of the first one that fails, None when all pass.

    Raises `NotTriedError` when it cannot be said which one failed, or none was run.
    """
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--hypothesis-seed=0"]
    try:
        done = subprocess.run(
            [*command, *(f"--ignore={path}" for path in left_out), *tests],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": str(copy)},
            capture_output=True,
            text=True,
            timeout=_LONGEST_RUN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotTriedError(f"the tests did not end within {_LONGEST_RUN:g} s") from None
    if done.returncode == _PASSED:
        return None
    # As pytest keeps it for --last-failed: its printed lines do not tell where an ID ends.
    noted = copy / ".pytest_cache" / "v" / "cache" / "lastfailed"
    failed = list(json.loads(noted.read_text(encoding="utf-8"))) if noted.exists() else []
    if done.returncode != _FAILED or len(failed) != 1 or "::" not in failed[0]:
        last_lines = "\n".join(f"{done.stdout}{done.stderr}".splitlines()[-20:])
        raise NotTriedError(f"pytest ended with {done.returncode}, and no test failed:\n{last_lines}")
    return str(failed[0])


def try_break(change: Break, root: Path, run: RunTests) -> Verdict:
    """Make a break in a copy of the tree, run the nearest tests, and then all others if these all pass."""
    with tempfile.TemporaryDirectory(prefix="break-") as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(root, copy, ignore=_NOT_COPIED)
        module = copy / change.path
        module.write_text(change.made_in(module.read_text(encoding="utf-8")), encoding="utf-8")
        try:
            test = run(copy, change.nearest, _OWN) or run(copy, _ALL, (*_OWN, *change.nearest))
            if test is None:
                return Verdict(change.name, "SURVIVED", False)
            shutil.copy2(root / change.path, module)
            if run(copy, (test,), ()) is not None:
                raise NotTriedError(f"{test} fails with and without the break")
        except NotTriedError as error:
            return Verdict(change.name, f"NOT TRIED: {error}", False)
    return Verdict(change.name, f"caught by {test}", True)


def try_breaks(
    changes: Sequence[Break], root: Path, run: RunTests = first_failure, jobs: int = 1
) -> Iterator[Verdict]:
    """Try each break; yield what came of each, in their order. Raises `DoesNotFitError` before any is tried."""
    for change in changes:
        change.made_in((root / change.path).read_text(encoding="utf-8"))
    with ThreadPoolExecutor(jobs) as threads:
        yield from threads.map(partial(try_break, root=root, run=run), changes)


def chosen(names: Sequence[str]) -> list[Break]:
    """Return the breaks whose name has one of these in it, all when there are none. Raises `SystemExit`."""
    for name in names:
        if not any(name in change.name for change in BREAKS):
            raise SystemExit(f"no break has {name!r} in its name")
    return [change for change in BREAKS if not names or any(name in change.name for name in names)]


def main() -> int:
    """Try what the command line asks for; return 1 when a break was not caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.breaks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAMES", help="only the breaks with one of these in the name"
    )
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="so many at a time")
    options = parser.parse_args()
    all_caught = True
    try:
        for verdict in try_breaks(chosen(options.names), ROOT, jobs=options.jobs):
            print(verdict, flush=True)
            all_caught &= verdict.is_caught
    except DoesNotFitError as error:
        sys.exit(str(error))
    return 0 if all_caught else 1


if __name__ == "__main__":
    sys.exit(main())

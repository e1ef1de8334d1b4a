"""What imports load, and what they say when an extra is missing: in interpreters that have loaded nothing else."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]

UNWANTED = {
    "asyncio", "anyio", "trio", "socket", "_socket", "threading", "ssl", "selectors", "select", "logging",
    "concurrent.futures", "subprocess", "multiprocessing", "random",
}  # fmt: skip

PURE = (
    "omnilink_sansio",
    "omnilink_sansio.wire",
    "omnilink_sansio.session",
    "omnilink_sansio.messages",
    "omnilink_sansio.operations",
    "omnilink_sansio.client",
    "omnilink_sansio.state",
    "omnilink_sansio.commands",
    "omnilink_sansio.objects",
    "omnilink_sansio.system",
    "omnilink_sansio.events",
    "omnilink_sansio.simulator",
)

MISSING = """
import importlib, json, sys
from importlib.abc import MetaPathFinder

class Missing(MetaPathFinder):
    missing = ()
    asked = []

    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in self.missing:
            self.asked.append(name)
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

sys.meta_path.insert(0, Missing())
"""
"""Hides packages, and remembers who was asked for."""

WATCH = """
Missing.missing = {missing!r}
for module in {modules!r}:
    before = set(sys.modules)
    imported = importlib.import_module(module)
    # Names are loaded when they are asked for.
    for name in dir(imported):
        getattr(imported, name)
    print(json.dumps([module, sorted(set(sys.modules) - before), Missing.asked]))
    Missing.asked.clear()
"""

ASK = """
for module, missing in {questions!r}:
    # What was loaded for the question before is forgotten, but for the package that is below all.
    for name in list(sys.modules):
        if name.partition(".")[0] in ("omnilink_anyio", missing) or name.startswith("omnilink_sansio.testing"):
            del sys.modules[name]
    Missing.missing = missing,
    try:
        importlib.import_module(module)
    except ImportError as error:
        print(json.dumps([module, missing, str(error)]))
    else:
        print(json.dumps([module, missing, "imported"]))
"""

SAYS = {
    ("omnilink_anyio", "anyio"): "pip install 'omnilink-sansio[anyio]'",
    ("omnilink_anyio.client", "anyio"): "pip install 'omnilink-sansio[anyio]'",
    ("omnilink_anyio.cli", "click"): "pip install 'omnilink-sansio[cli]'",
    ("omnilink_anyio.cli", "rich"): "pip install 'omnilink-sansio[cli]'",
    ("omnilink_anyio.cli", "anyio"): "pip install 'omnilink-sansio[anyio]'",
    ("omnilink_sansio.testing.strategies", "hypothesis"): "pip install 'omnilink-sansio[testing]'",
    ("omnilink_anyio.pytest_plugin", "pytest"): "pip install pytest",
}
"""What is said when a module is imported without a package that it needs."""


def run(program: str) -> list[list[str]]:
    """Return what a new interpreter prints."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{MISSING}{program}"
    command = [sys.executable, "-I", "-c", program]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    return [json.loads(line) for line in ran.stdout.splitlines()]


def watch(modules: Sequence[str], missing: Sequence[str]) -> dict[str, tuple[set[str], set[str]]]:
    """Import modules and all their names in turn without these packages.

    Return what each loads, and what each asks for in vain.
    """
    lines = run(WATCH.format(modules=modules, missing=missing))
    return {module: (set(loaded), set(asked)) for module, loaded, asked in lines}


def test_the_pure_package_loads_nothing_of_a_loop_or_a_socket_and_needs_no_extra() -> None:
    """What is not even asked for may be missing."""
    seen = watch(PURE, ("anyio", "trio", "click", "rich", "hypothesis"))
    assert tuple(seen) == PURE
    for module, (loaded, asked) in seen.items():
        # The emulated panel's faults are drawn from generators that are given a seed.
        unwanted = UNWANTED - ({"random"} if module.endswith("simulator") else set())
        assert loaded & unwanted == set(), module
        assert asked == set(), module


def test_the_client_needs_no_other_extra() -> None:
    """Nor does it need pytest, which only the fixture does; nor a serial port's library before one is opened."""
    seen = watch(
        ("omnilink_anyio", "omnilink_sync"), ("click", "rich", "trio", "hypothesis", "pytest", "serialx")
    )
    assert [asked for _, asked in seen.values()] == [set(), set()]
    # The watch sees what is loaded.
    loaded = set().union(*(loaded for loaded, _ in seen.values()))
    assert {"socket", "anyio", "omnilink_anyio.serial_port", "omnilink_sync.serial_port"} <= loaded


def test_an_import_without_its_extra_says_which_to_install() -> None:
    lines = run(ASK.format(questions=list(SAYS)))
    assert [(module, missing) for module, missing, _ in lines] == list(SAYS)
    for module, missing, said in lines:
        assert missing in said, module
        assert SAYS[module, missing] in said, module

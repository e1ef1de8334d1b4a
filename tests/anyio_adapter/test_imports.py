"""What imports load, and what they say when an extra is missing: each in an interpreter of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STRATEGIES = ROOT / "omnilink_sansio" / "testing" / "strategies.py"

UNWANTED = (
    "asyncio", "anyio", "trio", "socket", "_socket", "threading", "ssl", "selectors", "select", "logging",
    "concurrent.futures", "subprocess", "multiprocessing", "random",
)  # fmt: skip

LOADED = """
import sys
before = set(sys.modules)
import {module}
for name in dir({module}):
    getattr({module}, name)
print(*sorted((set(sys.modules) - before) & {unwanted}))
"""

BLOCKED = """
import sys
from importlib.abc import MetaPathFinder

class Missing(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] == {missing!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

sys.meta_path.insert(0, Missing())
try:
    import {module}
    for name in dir({module}):
        getattr({module}, name)
except ImportError as error:
    print(error)
else:
    print("imported")
"""


def run(program: str) -> str:
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{program}"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.strip()


@pytest.mark.parametrize(
    "module",
    [
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
    ],
)
def test_the_pure_package_loads_nothing_of_a_loop_or_a_socket(module: str) -> None:
    # The emulated panel's faults are drawn from generators that are given a seed.
    unwanted = set(UNWANTED) - ({"random"} if module.endswith("simulator") else set())
    assert run(LOADED.format(module=module, unwanted=unwanted)) == ""


def test_the_watch_on_imports_sees_what_is_loaded() -> None:
    assert "socket" in run(LOADED.format(module="omnilink_anyio", unwanted=set(UNWANTED))).split()


@pytest.mark.parametrize(
    ("module", "missing", "extra"),
    [
        ("omnilink_anyio", "anyio", "anyio"),
        ("omnilink_anyio.client", "anyio", "anyio"),
        ("omnilink_anyio.cli", "click", "cli"),
        ("omnilink_anyio.cli", "rich", "cli"),
        ("omnilink_anyio.cli", "anyio", "anyio"),
        pytest.param(
            "omnilink_sansio.testing.strategies",
            "hypothesis",
            "testing",
            marks=pytest.mark.skipif(not STRATEGIES.exists(), reason="not written yet"),
        ),
    ],
)
def test_an_import_without_its_extra_says_which_to_install(module: str, missing: str, extra: str) -> None:
    said = run(BLOCKED.format(module=module, missing=missing))
    assert missing in said
    assert f"pip install 'omnilink-sansio[{extra}]'" in said


@pytest.mark.parametrize("missing", ["click", "rich", "trio", "hypothesis"])
def test_the_client_needs_no_other_extra(missing: str) -> None:
    assert run(BLOCKED.format(module="omnilink_anyio", missing=missing)) == "imported"


@pytest.mark.parametrize("missing", ["anyio", "trio", "click", "rich", "hypothesis"])
def test_the_pure_package_needs_no_extra(missing: str) -> None:
    assert run(BLOCKED.format(module="omnilink_sansio.simulator", missing=missing)) == "imported"

"""The command line: ``omnilink --help``."""

try:
    import click
    import rich as _rich
except ImportError as error:  # pragma: no cover - shown by a test in a child interpreter
    raise ImportError(
        "the omnilink command needs click and rich: pip install 'omnilink-sansio[cli]'"
    ) from error

import sys
from pathlib import Path

import anyio

from omnilink_anyio.cli.demo import run_demo
from omnilink_anyio.cli.options import read_key, way_to_controller
from omnilink_anyio.cli.output import new_console
from omnilink_anyio.cli.probe import run_probe
from omnilink_sansio import ConnectionType

del _rich

__all__ = ["main"]


@click.group()
@click.version_option(package_name="omnilink-sansio", prog_name="omnilink")
def main() -> None:
    """Talk to HAI/Leviton Omni controllers over Omni-Link II."""


@main.command()
def demo() -> None:
    """Read an emulated house over a real encrypted TCP session, and switch a light in it.

    The emulated panel runs in this process on a free loopback port: no controller is needed.
    """
    anyio.run(run_demo, new_console())


@main.command()
@way_to_controller
def probe(host: str, port: int, transport: ConnectionType, key_file: Path | None, timeout: float) -> None:
    """Find out what is wrong with the way to a controller at HOST; with a key also whether the key fits.

    Says one of: fine, no route, port closed, no answer, not an Omni panel, busy, wrong key. Exits with 1 unless it
    is fine.
    """
    key = read_key(key_file)
    if not anyio.run(run_probe, new_console(), host, port, transport, key, timeout):
        sys.exit(1)

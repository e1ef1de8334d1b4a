"""The command line: ``omnilink --help``."""

try:
    import click
    import rich as _rich
except ImportError as error:  # pragma: no cover - shown by a test in a child interpreter
    raise ImportError(
        "the omnilink command needs click and rich: pip install 'omnilink-sansio[cli]'"
    ) from error

import anyio

from omnilink_anyio.cli.demo import run_demo
from omnilink_anyio.cli.output import new_console

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

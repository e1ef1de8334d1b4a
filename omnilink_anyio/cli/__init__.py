"""The command line: ``omnilink --help``."""

try:
    import click
    import rich as _rich
except ImportError as error:  # pragma: no cover - shown by a test in a child interpreter
    raise ImportError(
        "the omnilink command needs click and rich: pip install 'omnilink-sansio[cli]'"
    ) from error

import sys
from functools import partial
from pathlib import Path

import anyio

from omnilink_anyio.cli.demo import run_demo
from omnilink_anyio.cli.mock_panel import run_mock_panel
from omnilink_anyio.cli.options import connection_options, read_key
from omnilink_anyio.cli.output import new_console, printable
from omnilink_anyio.cli.panel_options import in_one_line, key_of_panel, panel_options, read_house, read_plan
from omnilink_anyio.cli.probe import run_probe
from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.models import ControllerModel
from omnilink_sansio.session.connection_type import ConnectionType
from omnilink_sansio.simulator.panel_description import PanelTransport

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
@connection_options
def probe(host: str, port: int, transport: ConnectionType, key_file: Path | None, timeout: float) -> None:
    """Find out what is wrong with the way to a controller at HOST; with a key also whether the key fits.

    Prints fine, no route, port closed, no answer, not an Omni panel, busy, wrong key. Exits with 1 unless it
    is fine.
    """
    key = read_key(key_file)
    if not anyio.run(run_probe, new_console(), host, port, transport, key, timeout):
        sys.exit(1)


@main.command("mock-panel")
@panel_options
def mock_panel(
    host: str,
    port: int,
    transport: PanelTransport,
    key_file: Path | None,
    write_key: Path | None,
    house: Path | None,
    model: ControllerModel | None,
    faults: str,
    seed: int,
    gap: float,
) -> None:
    """Serve an emulated panel, and show what happens at it.

    Type "help" while it runs to see what can be done.
    """
    console = new_console()
    plan = read_plan(faults, seed)
    described = read_house(house, model)
    with key_of_panel(key_file, write_key) as (key, new_file):
        if new_file is not None:
            console.print(f"The controller key is in {printable(new_file)}.", soft_wrap=True)
        run = partial(run_mock_panel, console, key=key, house=described, faults=plan, gap=gap)
        try:
            anyio.run(partial(run, host=host, port=port, transport=transport))
        except OSError as error:
            where = f"{host} port {port}"
            raise click.ClickException(f"cannot listen at {where}: {in_one_line(error)}") from None
        except LocalProtocolError as error:
            raise click.ClickException(in_one_line(error)) from None
        except BaseExceptionGroup as errors:
            # So rich reports, in several tasks at once, that the reader of its output is gone.
            if errors.split(SystemExit)[1] is None:
                sys.exit(1)
            raise

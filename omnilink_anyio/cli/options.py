"""What the commands that reach a controller take: where it is, and the file or variable that has its key."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.session.connection_type import ConnectionType
from omnilink_sansio.session.settings import DEFAULT_PORT

__all__ = ["KEY_VARIABLE", "connection_options", "read_key"]

KEY_VARIABLE = "OMNILINK_KEY"
"""The environment variable that a key is taken from where no file is named: arguments can be seen by others."""

_F = TypeVar("_F", bound=Callable[..., object])


def connection_options(command: _F) -> _F:
    """Add the argument and options for a controller's address and the file with its key."""
    options = (
        click.argument("host"),
        click.option(
            "--port",
            type=click.IntRange(1, 65535),
            default=DEFAULT_PORT,
            show_default=True,
            help="Port of the controller.",
        ),
        click.option(
            "--transport",
            type=click.Choice((ConnectionType.TCP, ConnectionType.UDP), case_sensitive=False),
            default=ConnectionType.TCP,
            show_default=True,
            help="What the controller is set up for.",
        ),
        click.option(
            "--key-file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help=f"File with the controller key, 32 hexadecimal digits; otherwise {KEY_VARIABLE} is looked at.",
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0, min_open=True),
            default=10.0,
            show_default=True,
            help="Seconds to wait for each answer.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def read_key(key_file: Path | None) -> ControllerKey | None:
    """Return the controller key of a file, or of the environment; None when there is none.

    Raises `click.ClickException` for what is no key, without showing it.
    """
    if key_file is not None:
        source, text = str(key_file), key_file.read_text(encoding="utf-8", errors="replace")
    else:
        source, text = KEY_VARIABLE, os.environ.get(KEY_VARIABLE, "")
        if not text:
            return None
    try:
        return ControllerKey.from_hex(text.strip())
    except LocalProtocolError as error:
        raise click.ClickException(f"{source}: {error}") from None

"""What ``omnilink mock-panel`` takes: where to listen, the house and its model, what goes wrong, and its key."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import click

from omnilink_anyio.cli.options import KEY_VARIABLE, read_key
from omnilink_anyio.cli.output import printable
from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.messages.models import ControllerModel
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.simulator.demo import demo_house
from omnilink_sansio.simulator.faults.fault_plan import FAULT_FORMS, FaultPlan
from omnilink_sansio.simulator.house import House
from omnilink_sansio.simulator.house_file import house_from_json, house_from_toml
from omnilink_sansio.simulator.models import MODELS

__all__ = ["in_one_line", "key_of_panel", "panel_options", "read_house", "read_plan"]

_ABOUT_FAULTS = """Faults, several with ; between them. T and D are seconds, T from when the panel starts. P% is
    the chance each time: for each packet, or for terminate and reboot for each request, for refuse for each
    client that asks for a session. Without P% and at: every time.
"""

_F = TypeVar("_F", bound=Callable[..., object])

_DEFAULT_PORT = 14369
"""Beside the panels' own port, so that an emulated one is not taken for a real one."""

_READERS: Mapping[str, Callable[[str], House]] = MappingProxyType(
    {".toml": house_from_toml, ".json": house_from_json}
)


_MODEL_TITLES = ", ".join(model.title for model in MODELS)


def _read_model(_ctx: click.Context, _param: click.Parameter, value: str | None) -> ControllerModel | None:
    """Return the model that people mean by "Omni Pro II", "omni-pro-ii" or "OMNI_PRO_II"."""
    if value is None:
        return None
    wanted = re.sub(r"[\s_-]+", "_", value.strip().upper())
    for model in MODELS:
        if model.name == wanted:
            return model
    raise click.BadParameter(f"{value!r} is none of {_MODEL_TITLES}")


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def panel_options(command: _F) -> _F:
    """Add the options of the command."""
    options = (
        click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at."),
        click.option(
            "--port",
            type=click.IntRange(0, 65535),
            default=_DEFAULT_PORT,
            show_default=True,
            help="Port to listen at; 0 takes a free one.",
        ),
        click.option(
            "--transport",
            type=click.Choice(("tcp", "udp", "both"), case_sensitive=False),
            default="both",
            show_default=True,
            help="What to listen for.",
        ),
        click.option(
            "--key-file",
            type=_FILE,
            help=f"File with the controller key, 32 hexadecimal digits; otherwise {KEY_VARIABLE} is looked at. "
            "Without either the key is a random one, in a file whose name is printed.",
        ),
        click.option(
            "--write-key",
            type=click.Path(path_type=Path),
            help="Make a random key, and write it to this file, which must not exist yet.",
        ),
        click.option("--house", type=_FILE, help="File that describes the house, .toml or .json."),
        click.option("--model", callback=_read_model, help=f"What the panel is: {_MODEL_TITLES}."),
        click.option("--faults", default="", metavar="PLAN", help="What goes wrong, as listed above."),
        click.option("--seed", type=int, default=0, show_default=True, help="Draws the same faults again."),
        click.option(
            "--gap",
            type=click.FloatRange(min=0),
            default=0.005,
            show_default=True,
            help="Seconds around each notification to a client, at least.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    command.__doc__ = f"{command.__doc__}\n\n    \b\n    {_ABOUT_FAULTS}" + "".join(
        f"      {form}\n" for form in FAULT_FORMS
    )
    return command


def in_one_line(error: Exception) -> str:
    """Return an error's text, fit for a terminal; some have several lines."""
    first, *others = str(error).splitlines() or [""]
    return printable(f"{first} {'; '.join(line.strip() for line in others)}".rstrip())


def read_plan(text: str, seed: int) -> FaultPlan:
    """Return a plan of faults. Raises `click.BadParameter` for what is none."""
    try:
        return FaultPlan.parse(text, seed) if text.strip() else FaultPlan(seed=seed)
    except LocalProtocolError as error:
        raise click.BadParameter(in_one_line(error), param_hint="--faults") from None


def read_house(path: Path | None, model: ControllerModel | None) -> House:
    """Return the house of a file, or the demonstration's; of this model, when one is given.

    Raises `click.BadParameter` for a file that describes no house.
    """
    if path is None:
        return demo_house() if model is None else demo_house(model)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise click.BadParameter(
            f"{path}: its name ends in none of {', '.join(_READERS)}", param_hint="--house"
        )
    try:
        house = reader(path.read_text(encoding="utf-8-sig"))
    except (LocalProtocolError, UnicodeDecodeError, OSError) as error:
        raise click.BadParameter(f"{path}: {in_one_line(error)}", param_hint="--house") from None
    return house if model is None else _of_model(house, model)


def _of_model(house: House, model: ControllerModel) -> House:
    # What the file leaves out is then that of the model.
    plain, before = House(model=model), House(model=house.model)
    firmware = plain.firmware if house.firmware == before.firmware else house.firmware
    told = {
        kind: number for kind, number in house.capacities.items() if number != before.capacities.get(kind)
    }
    return replace(house, model=model, firmware=firmware, capacities=told)


@contextmanager
def key_of_panel(key_file: Path | None, new_file: Path | None) -> Iterator[tuple[ControllerKey, str | None]]:
    """Yield the controller key and, when it was made here, the name of the file that has it.

    A file for which no name was given is gone afterwards. Raises `click.ClickException` for what is no key, and
    for a file that cannot be made.
    """
    if key_file is not None and new_file is not None:
        raise click.UsageError("--key-file reads a key and --write-key makes one: give one of them")
    given = read_key(key_file) if new_file is None else None
    if given is not None:
        yield given, None
        return
    new = os.urandom(ControllerKey.SIZE)
    if new_file is None:
        descriptor, name = tempfile.mkstemp(prefix="omnilink-", suffix=".key")
    else:
        name = str(new_file)
        try:
            descriptor = os.open(new_file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except OSError as error:
            used = " (to use the key in it: --key-file)" if isinstance(error, FileExistsError) else ""
            raise click.BadParameter(f"{name}: {error.strerror}{used}", param_hint="--write-key") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(new.hex() + "\n")
    is_kept = new_file is not None
    try:
        yield ControllerKey(new), name
    except click.ClickException:
        # It never served: the same command, mended, makes the file anew.
        is_kept = False
        raise
    finally:
        if not is_kept:
            with suppress(OSError):
                Path(name).unlink()

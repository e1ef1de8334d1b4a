"""Finding out what is wrong with the way to a controller, from the command line."""

from rich.console import Console

from omnilink_anyio.cli.output import printable
from omnilink_anyio.probing import probe
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.session.connection_type import ConnectionType

__all__ = ["run_probe"]


async def run_probe(
    console: Console,
    host: str,
    port: int,
    transport: ConnectionType,
    key: ControllerKey | None,
    timeout: float,
) -> bool:
    """Try the way, print what there is, and return whether it is fine."""
    where = f"{host} port {port} ({transport.upper()})"
    found = await probe(host, port, key, transport=transport, timeout=timeout)
    console.print(printable(f"{where}: {found.outcome.value}: {found.detail}"), soft_wrap=True)
    return found.is_fine

"""Finding out what is wrong with the way to a controller."""

from omnilink_anyio.calls import run_on
from omnilink_anyio.connection import OmniConnection
from omnilink_sansio.client.probe import ProbeResult, diagnose, identify
from omnilink_sansio.errors import OmniLinkError
from omnilink_sansio.session.connection_type import TransportName
from omnilink_sansio.session.settings import DEFAULT_PORT, ClientSettings

__all__ = ["probe"]


async def probe(
    host: str,
    port: int = DEFAULT_PORT,
    controller_key: bytes | None = None,
    *,
    transport: TransportName = "tcp",
    timeout: float = 10.0,
) -> ProbeResult:
    """Try the way to a controller, and return what there is.

    With a ``controller_key`` of 16 bytes a session is opened and asked for model and firmware; without one it is
    only found out whether a session would be offered. Each step takes ``timeout`` seconds at most, and whatever
    was begun is ended in order. Raises `LocalProtocolError` for a key of another length.
    """
    connection = OmniConnection(
        host,
        port,
        controller_key=controller_key,
        transport=transport,
        settings=ClientSettings(handshake_timeout=timeout, request_timeout=timeout),
    )
    try:
        async with connection:
            return await run_on(connection, identify())
    except OmniLinkError as error:
        return diagnose(error, transport)

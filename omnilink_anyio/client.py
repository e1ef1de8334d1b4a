"""The client: the protocol's requests and operations as methods."""

from types import TracebackType
from typing import Literal, Self, TypeVar

from omnilink_anyio.connection import DEFAULT_PORT, OmniConnection, Reply
from omnilink_anyio.event_stream import EventStream
from omnilink_anyio.transport import Transport
from omnilink_sansio import (
    ClientSettings,
    ControllerCommand,
    EnableNotifications,
    Notification,
    ObjectProperties,
    ObjectType,
    OmniLinkError,
    Operation,
    Request,
    RequestSystemInformation,
    RequestSystemStatus,
    StatusRecord,
    SystemInformation,
    SystemStatus,
    extended_object_status,
    object_names,
    object_properties,
    object_status,
    parse_notification,
    unit_level,
    unit_off,
    unit_on,
)

__all__ = ["OmniClient"]

_T = TypeVar("_T")


class OmniClient:
    """A client of one controller, on asyncio or trio: ``async with OmniClient(host, controller_key=key)``.

    ``controller_key`` has 16 bytes; ``timeout`` is how long a request waits for its reply, in seconds;
    ``settings`` replaces it and adjusts everything else. Every call may raise `OmniConnectionError`,
    `RequestTimeoutError` and `RemoteProtocolError`; calls that change something raise `OutcomeUnknownError`
    where it cannot be known whether they did, and `CommandFailedError` where the controller refused.
    Cancelling a call leaves the session usable. Errors reach you bare.
    """

    def __init__(
        self,
        host: str,
        port: int = DEFAULT_PORT,
        *,
        controller_key: bytes,
        timeout: float = 5.0,
        transport: Literal["tcp"] = "tcp",
        settings: ClientSettings | None = None,
    ) -> None:
        self._use(
            OmniConnection(
                host,
                port,
                controller_key=controller_key,
                timeout=timeout,
                transport=transport,
                settings=settings,
            )
        )

    @classmethod
    def over(
        cls,
        transport: Transport,
        *,
        controller_key: bytes,
        timeout: float = 5.0,
        framing: Literal["stream", "datagram"] = "stream",
        settings: ClientSettings | None = None,
    ) -> Self:
        """Return a client over a transport of your own, which it will close.

        ``framing`` says whether it carries a byte stream or one packet an item; it is never guessed.
        """
        client = cls.__new__(cls)
        client._use(  # noqa: SLF001 - in place of __init__
            OmniConnection.over(
                transport,
                controller_key=controller_key,
                timeout=timeout,
                framing=framing,
                settings=settings,
            )
        )
        return client

    def _use(self, connection: OmniConnection) -> None:
        self._connection = connection
        self._enabling: Reply[None] | None = None

    def __repr__(self) -> str:
        return f"<OmniClient on {self._connection!r}>"

    @property
    def connection(self) -> OmniConnection:
        """The connection underneath."""
        return self._connection

    @property
    def is_connected(self) -> bool:
        """Whether there is a session now."""
        return self._connection.is_connected

    async def __aenter__(self) -> Self:
        await self._connection.connect()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self._connection.close()

    async def request(self, request: Request[_T]) -> _T:
        """Send any request and return its reply's content."""
        return await self._connection.request(request)

    async def run(self, operation: Operation[_T]) -> _T:
        """Run an operation of several messages and return its result."""
        try:
            request = next(operation)
            while True:
                try:
                    reply = await self._connection.exchange(request)
                except OmniLinkError as error:
                    request = operation.throw(error)
                else:
                    request = operation.send(reply)
        except StopIteration as stop:
            result: _T = stop.value
            return result
        finally:
            operation.close()

    async def get_system_information(self) -> SystemInformation:
        """Return model, firmware and phone number."""
        return await self.request(RequestSystemInformation())

    async def get_system_status(self) -> SystemStatus:
        """Return the controller's clock, sun times, battery reading and the areas in alarm."""
        return await self.request(RequestSystemStatus())

    async def get_object_properties(self, object_type: int, index: int) -> ObjectProperties | None:
        """Return an object's configuration, state and name; None when there is no object of that number."""
        return await self.run(object_properties(object_type, index))

    async def list_zone_names(self) -> dict[int, str]:
        """Return the names of all named zones, by number."""
        return await self.run(object_names(ObjectType.ZONE))

    async def list_unit_names(self) -> dict[int, str]:
        """Return the names of all named units, by number."""
        return await self.run(object_names(ObjectType.UNIT))

    async def list_area_names(self) -> dict[int, str]:
        """Return the names of all named areas, by number."""
        return await self.run(object_names(ObjectType.AREA))

    async def get_object_status(
        self, object_type: int, start: int, end: int | None = None
    ) -> list[StatusRecord]:
        """Return the states of the objects from ``start`` to ``end``, both included; one without ``end``."""
        return await self.run(object_status(object_type, start, end))

    async def get_extended_status(
        self, object_type: int, start: int, end: int | None = None
    ) -> list[StatusRecord]:
        """Return the extended states of a range of objects; controllers know them from firmware 3.0 on."""
        return await self.run(extended_object_status(object_type, start, end))

    async def execute_command(self, command: int, parameter1: int = 0, parameter2: int = 0) -> None:
        """Carry out any command; `COMMANDS` tells what the parameters mean."""
        await self.request(ControllerCommand(command, parameter1, parameter2))

    async def turn_unit_on(self, index: int) -> None:
        """Turn a unit on."""
        await self.request(unit_on(index))

    async def turn_unit_off(self, index: int) -> None:
        """Turn a unit off."""
        await self.request(unit_off(index))

    async def set_unit_level(self, index: int, percent: int) -> None:
        """Set a unit to a level of 0 to 100 percent."""
        await self.request(unit_level(index, percent))

    def events(self) -> EventStream[Notification]:
        """Return an iterator over what happens in the house, from now on.

        Notifications are enabled on the controller once a session; should that fail, the first step of the
        iteration raises why. Raises what `OmniConnection.submit` raises.
        """
        stream = self._connection.listen(parse_notification, self._notifications_enabled)
        if self._enabling is None or not self.is_connected:
            try:
                self._enabling = self._connection.submit(EnableNotifications(enabled=1))
            except OmniLinkError:
                stream.close()
                raise
        return stream

    async def _notifications_enabled(self) -> None:
        enabling = self._enabling
        try:
            if enabling is not None:
                await enabling.content()
        except OmniLinkError:
            # The next iterator tries again.
            if self._enabling is enabling:
                self._enabling = None
            raise

"""Panels that do what a test tells them, and nothing else."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import anyio
from anyio.abc import ByteStream

from omnilink_anyio import OmniClient
from omnilink_sansio import (
    ClientSettings,
    ConnectionState,
    ControllerConnection,
    ControllerEndReason,
    ControllerEvent,
    ControllerSessionEnded,
    ControllerSettings,
    Message,
    Packet,
    PacketDropped,
    PacketType,
    RequestReceived,
    derive_session_key,
    encrypt_message_payload,
)
from omnilink_sansio.system import Ack, ControllerModel, RequestSystemInformation, SystemInformation
from tests.anyio_adapter.homes import KEY, PATIENCE
from tests.anyio_adapter.streams import MemoryStream, memory_pair, packet_types

__all__ = ["LUMINA", "OMNI", "SESSION_ID", "Script", "ScriptedPanel", "Stage", "play"]

SESSION_ID = bytes.fromhex("c0ffee5eed")

OMNI = SystemInformation(ControllerModel.OMNI_PRO_II, 4, 0, 2, b"5551234".ljust(25, b"\0"))
"""What a panel is unless a test says otherwise."""
LUMINA = SystemInformation(ControllerModel.LUMINA_PRO, 4, 0, 2, bytes(25))

_NEVER_IDLE = ControllerSettings(idle_timeout=0.0, handshake_timeout=1e9)


class ScriptedPanel:
    """The controller's end of one stream: it shakes hands, and answers only what a script answers."""

    def __init__(self, stream: ByteStream, settings: ControllerSettings) -> None:
        self.stream = stream
        self.machine = ControllerConnection(
            KEY, lambda: SESSION_ID, settings=settings, now=anyio.current_time()
        )
        self.events: list[ControllerEvent | PacketDropped] = []
        self.saw_eof = anyio.Event()
        self._requests: list[RequestReceived] = []

    @property
    def end(self) -> ControllerEndReason | None:
        """How the session ended, once it has."""
        ends = [event.reason for event in self.events if isinstance(event, ControllerSessionEnded)]
        return ends[0] if ends else None

    async def _flush(self) -> None:
        while (event := self.machine.next_event()) is not None:
            self.events.append(event)
            if isinstance(event, RequestReceived):
                self._requests.append(event)
        try:
            for packet in self.machine.data_to_send():
                await self.stream.send(packet)
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            # The client is gone already: what it would not hear is not said.
            pass

    async def _step(self) -> None:
        try:
            data = await self.stream.receive()
        except (anyio.EndOfStream, anyio.BrokenResourceError):
            self.saw_eof.set()
            self.machine.receive_eof(anyio.current_time())
        else:
            self.machine.receive_data(data, anyio.current_time())
        await self._flush()

    async def online(self) -> None:
        """Shake hands."""
        while self.machine.state is not ConnectionState.ONLINE:
            assert not self.saw_eof.is_set()
            await self._step()

    async def request(self) -> RequestReceived:
        """Return the client's next request."""
        while not self._requests:
            assert not self.saw_eof.is_set()
            await self._step()
        return self._requests.pop(0)

    async def reply(self, request: RequestReceived, message: Message) -> None:
        """Answer a request."""
        self.machine.reply(request, message, anyio.current_time())
        await self._flush()

    async def acknowledge(self) -> RequestReceived:
        """Answer the next request with an acknowledgement, and return it."""
        request = await self.request()
        await self.reply(request, Ack().to_message())
        return request

    async def identify(self, information: SystemInformation = OMNI) -> RequestReceived:
        """Answer the next request, which asks what the panel is, and return it."""
        request = await self.request()
        assert request.message == RequestSystemInformation().to_message()
        await self.reply(request, information.to_message())
        return request

    async def enable_notifications(self) -> RequestReceived:
        """Let a client enable notifications, which first asks what the panel is; return the second request."""
        await self.identify()
        return await self.acknowledge()

    async def notify(self, message: Message) -> None:
        """Send a message unasked."""
        self.machine.notify(message, anyio.current_time())
        await self._flush()

    async def say_message(self, message: Message, sequence: int, *, damaged: bool = False) -> None:
        """Send a message in the session under any sequence number, and with a wrong CRC if so wanted."""
        content = message.encode()
        if damaged:
            content = content[:-1] + bytes([content[-1] ^ 0xFF])
        secret = encrypt_message_payload(content, sequence, derive_session_key(KEY, SESSION_ID))
        await self.stream.send(Packet(sequence, PacketType.OMNI_LINK_II_MESSAGE, secret).encode())

    async def terminate(self) -> None:
        """Send packet 6."""
        self.machine.terminate(anyio.current_time())
        await self._flush()

    async def hang_up(self) -> None:
        """Close the stream without a word."""
        await self.stream.aclose()

    async def rest(self) -> None:
        """Follow the stream to its end, answering no request."""
        try:
            while not self.saw_eof.is_set():
                await self._step()
        except anyio.ClosedResourceError:
            self.saw_eof.set()

    async def ignore(self) -> None:
        """Read to the end of the stream without taking notice of anything."""
        with anyio.CancelScope():
            while True:
                try:
                    await self.stream.receive()
                except (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError):
                    self.saw_eof.set()
                    return


Script: TypeAlias = Callable[[ScriptedPanel], Awaitable[None]]


class Stage:
    """What a test has while a script is played: the client's end of the stream, and the panel."""

    def __init__(self, near: MemoryStream, panel: ScriptedPanel) -> None:
        self.near = near
        self.panel = panel

    @property
    def written(self) -> list[PacketType]:
        """The kinds of packets that the client wrote."""
        return packet_types(self.near.written)

    def client(
        self,
        stream: ByteStream | None = None,
        *,
        key: bytes = KEY,
        timeout: float = 5.0,
        settings: ClientSettings | None = None,
    ) -> OmniClient:
        """Return a client at the other end, through a stream of the test's own if it gives one."""
        return OmniClient.over(
            self.near if stream is None else stream, controller_key=key, timeout=timeout, settings=settings
        )


@asynccontextmanager
async def play(
    script: Script, *, settings: ControllerSettings = _NEVER_IDLE, patience: float = PATIENCE
) -> AsyncIterator[Stage]:
    """Let a panel follow a script, and after it read on to the end of the stream.

    The block is left when both are over, so that what the panel saw can be looked at after it.
    """
    near, far = memory_pair()
    panel = ScriptedPanel(far, settings)

    async def perform() -> None:
        async with far:
            await script(panel)
            await panel.rest()

    with anyio.fail_after(patience):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(perform)
            yield Stage(near, panel)
            await near.aclose()

"""How sessions end, and how each end reaches the user: at once, with the right type, bare."""

from collections.abc import Awaitable, Callable
from functools import partial

import anyio
import pytest
from anyio.abc import SocketStream

from omnilink_anyio import EventStream, MockPanel, OmniClient, OmniConnection
from omnilink_sansio import (
    CommandFailedError,
    ControllerEndReason,
    ControllerSettings,
    HandshakeError,
    InvalidEncryptionKeyError,
    LocalProtocolError,
    Message,
    OmniConnectionError,
    OmniLinkError,
    OutcomeCause,
    OutcomeUnknownError,
    Packet,
    PacketType,
    RemoteProtocolError,
    SessionRefusedError,
)
from omnilink_sansio.events import Notification
from omnilink_sansio.objects import ObjectStatus, ObjectType, UnitStatus
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.system import RequestSystemStatus, SystemFormats
from tests.anyio_adapter.homes import KEY, PATIENCE, Link, serve_home
from tests.anyio_adapter.scripts import SESSION_ID, ScriptedPanel, play
from tests.anyio_adapter.streams import MemoryStream, memory_pair

pytestmark = pytest.mark.anyio

OTHER_KEY = bytes(range(50, 66))
HANDSHAKE = [PacketType.CLIENT_REQUEST_NEW_SESSION, PacketType.CLIENT_REQUEST_SECURE_CONNECTION]
GOODBYE = PacketType.CLIENT_SESSION_TERMINATED


class MistakeError(Exception):
    """The user's own."""


async def hang_up(panel: ScriptedPanel) -> None:
    await panel.hang_up()


async def terminate(panel: ScriptedPanel) -> None:
    await panel.terminate()


async def babble(panel: ScriptedPanel) -> None:
    await panel.stream.send(Packet(1, 99, b"what is this").encode())


LOSSES = pytest.mark.parametrize(
    ("loss", "text"),
    [
        (hang_up, "closed the connection"),
        (terminate, "terminated the session"),
        (babble, "broke the protocol"),
    ],
)
Loss = Callable[[ScriptedPanel], Awaitable[None]]


# A session that is lost.


@LOSSES
async def test_a_loss_fails_the_waiting_read_at_once(loss: Loss, text: str) -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.request()
        await loss(panel)

    async with play(script) as stage, stage.client(timeout=1e6) as client:
        with pytest.raises(OmniConnectionError, match=text) as caught:
            await client.get_system_information()
        assert type(caught.value) is OmniConnectionError
        assert not client.is_connected


@LOSSES
async def test_a_loss_leaves_the_outcome_of_a_waiting_write_unknown(loss: Loss, text: str) -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.request()
        await loss(panel)

    async with play(script) as stage, stage.client(timeout=1e6) as client:
        with pytest.raises(OutcomeUnknownError, match="UNIT_ON") as caught:
            await client.turn_unit_on(1)
        assert caught.value.cause is OutcomeCause.LOSS
        assert text in str(caught.value.__cause__)


@LOSSES
async def test_a_loss_fails_every_caller_and_says_which_were_not_sent(loss: Loss, text: str) -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.request()
        await all_wait.wait()
        await loss(panel)

    all_wait = anyio.Event()
    errors: list[OmniLinkError] = []

    async def switch(client: OmniClient, index: int) -> None:
        with pytest.raises(OmniLinkError) as caught:
            await client.turn_unit_on(index)
        errors.append(caught.value)

    async with play(script) as stage, stage.client(timeout=1e6) as client, anyio.create_task_group() as tasks:
        for index in (1, 2, 3):
            tasks.start_soon(switch, client, index)
        await anyio.wait_all_tasks_blocked()
        all_wait.set()
    unknown, *unsent = sorted(errors, key=lambda error: isinstance(error, OmniConnectionError))
    assert isinstance(unknown, OutcomeUnknownError)
    assert [type(error) for error in unsent] == [OmniConnectionError, OmniConnectionError]
    assert all("not sent" in str(error) and text in str(error) for error in unsent)


@LOSSES
async def test_a_loss_ends_iteration_after_what_is_queued(loss: Loss, text: str) -> None:
    status = ObjectStatus(ObjectType.UNIT, (UnitStatus(4, 1, 0),)).to_message()

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.enable_notifications()
        await panel.notify(status)
        await panel.notify(status)
        await loss(panel)

    async with play(script) as stage, stage.client() as client, client.events() as events:
        assert [await anext(events) for _ in range(2)] == [UnitStatus(4, 1, 0)] * 2
        with pytest.raises(OmniConnectionError, match=text):
            await anext(events)
        # And so it stays.
        with pytest.raises(OmniConnectionError, match=text):
            await anext(events)


@LOSSES
async def test_a_loss_ends_iteration_that_waits_at_once(loss: Loss, text: str) -> None:
    go_on = anyio.Event()

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.enable_notifications()
        await go_on.wait()
        await loss(panel)

    async def watch(stream: EventStream[Notification]) -> None:
        with pytest.raises(OmniConnectionError, match=text):
            await anext(stream)

    async with (
        play(script) as stage,
        stage.client() as client,
        client.events() as events,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(watch, events)
        await anyio.wait_all_tasks_blocked()
        go_on.set()


@LOSSES
@pytest.mark.parametrize("identified", [False, True])
async def test_a_loss_before_notifications_are_enabled_is_a_loss_too(
    loss: Loss, text: str, identified: bool
) -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        if identified:
            await panel.identify()
        await panel.request()
        await loss(panel)

    async with play(script) as stage, stage.client() as client:
        with pytest.raises(OmniConnectionError, match=text):
            await anext(client.events())


@LOSSES
async def test_calls_after_a_loss_say_why(loss: Loss, text: str) -> None:
    inside = anyio.Event()

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await inside.wait()
        await loss(panel)

    async with play(script) as stage, stage.client() as client:
        raw = client.connection.unsolicited()
        inside.set()
        with pytest.raises(OmniConnectionError, match=text):
            await anext(raw)
        for call in (client.get_system_status, client.list_zone_names, partial(client.turn_unit_on, 1)):
            with pytest.raises(OmniConnectionError, match=text):
                await call()
        with pytest.raises(OmniConnectionError, match=text):
            client.events()
        with pytest.raises(OmniConnectionError, match=text):
            await anext(client.connection.unsolicited())


@LOSSES
async def test_the_transport_is_closed_though_the_user_is_still_inside(loss: Loss, text: str) -> None:
    del text
    inside = anyio.Event()

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await inside.wait()
        await loss(panel)

    async with play(script) as stage, stage.client():
        inside.set()
        await stage.near.closed.wait()


async def test_a_panel_that_ends_a_session_over_tcp_sees_the_end_of_the_stream() -> None:
    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
        port = listener.extra(anyio.abc.SocketAttribute.local_port)
        inside = anyio.Event()
        saw_eof = anyio.Event()

        async def serve(stream: SocketStream) -> None:
            async with stream:
                panel = ScriptedPanel(stream, ControllerSettings())
                await panel.online()
                await inside.wait()
                await panel.terminate()
                await panel.rest()
                saw_eof.set()

        with anyio.fail_after(PATIENCE):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(listener.serve, serve)
                async with OmniClient("127.0.0.1", port, controller_key=KEY) as client:
                    inside.set()
                    await saw_eof.wait()
                    assert not client.is_connected
                tasks.cancel_scope.cancel()


async def test_a_served_panel_that_stops_is_a_loss(link: Link) -> None:
    with anyio.fail_after(PATIENCE):
        async with anyio.create_task_group() as tasks:
            panel = MockPanel(controller_key=KEY)
            near, far = memory_pair()
            ready = anyio.Event()
            stop = anyio.Event()
            ports: list[int] = []

            async def serve() -> None:
                async with panel.serve() as served, anyio.create_task_group() as streams:
                    streams.start_soon(served.serve_stream, far)
                    ports.append(served.port)
                    ready.set()
                    await stop.wait()
                    streams.cancel_scope.cancel()

            tasks.start_soon(serve)
            await ready.wait()
            client = (
                OmniClient("127.0.0.1", ports[0], controller_key=KEY)
                if link == "tcp"
                else OmniClient.over(near, controller_key=KEY)
            )
            async with near, client:
                raw = client.connection.unsolicited()
                stop.set()
                with pytest.raises(OmniConnectionError, match="connect again"):
                    await anext(raw)


# A session that does not begin.


async def test_a_wrong_key_is_told_at_once(link: Link) -> None:
    async with serve_home(link) as home:
        client = home.client(key=OTHER_KEY)
        with pytest.raises(InvalidEncryptionKeyError, match="wrong controller key"):
            async with client:
                pytest.fail("there is no session")
        assert home.recorder.ends == [ControllerEndReason.WRONG_KEY]
        assert not client.is_connected
        async with home.client() as other:
            await other.get_system_status()


async def test_a_panel_without_a_free_slot_refuses(link: Link) -> None:
    async with serve_home(link, settings=ControllerSettings(max_sessions=1)) as home, home.client() as first:
        with pytest.raises(SessionRefusedError, match="cannot start another session"):
            await home.client().connection.connect()
        await first.get_system_status()


async def test_another_protocol_version_is_named() -> None:
    async with serve_home(settings=ControllerSettings(offered_session_version=2)) as home:
        with pytest.raises(HandshakeError, match="session version") as caught:
            await home.client().connection.connect()
        assert type(caught.value) is HandshakeError
        assert await home.recorder.first_end() is ControllerEndReason.CLIENT_TERMINATED


async def test_a_peer_that_does_not_know_the_key_is_not_trusted() -> None:
    async def impostor(panel: ScriptedPanel) -> None:
        await panel.stream.receive()
        offer = Packet(1, PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, b"\0\1" + SESSION_ID)
        await panel.stream.send(offer.encode())
        await panel.stream.receive()
        proof = Packet(2, PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION, bytes(16))
        await panel.stream.send(proof.encode())
        await panel.ignore()

    async with play(impostor) as stage:
        with pytest.raises(HandshakeError, match="did not echo our session ID") as caught:
            await stage.client().connection.connect()
        assert type(caught.value) is HandshakeError
        assert stage.written == [*HANDSHAKE, GOODBYE]


@pytest.mark.parametrize("speech", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 4, bytes(range(99, 200))])
async def test_a_server_of_another_kind_is_recognised(speech: bytes) -> None:
    async def other(panel: ScriptedPanel) -> None:
        await panel.stream.send(speech)
        await panel.ignore()

    async with play(other) as stage:
        with pytest.raises(HandshakeError, match="does not speak Omni-Link"):
            await stage.client().connection.connect()
        assert stage.near.closed.is_set()


@pytest.mark.parametrize("after", [0, 1])
async def test_a_stream_that_ends_in_the_handshake(after: int) -> None:
    async def script(panel: ScriptedPanel) -> None:
        for _ in range(after):
            await panel._step()
        await panel.hang_up()

    async with play(script) as stage:
        with pytest.raises(HandshakeError, match="during the handshake") as caught:
            await stage.client().connection.connect()
        assert type(caught.value) is HandshakeError
        assert stage.near.closed.is_set()


async def test_packet_6_before_a_session_is_offered() -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.stream.receive()
        await panel.stream.send(Packet(1, PacketType.CONTROLLER_SESSION_TERMINATED).encode())
        await panel.hang_up()

    async with play(script) as stage:
        with pytest.raises(HandshakeError, match=r"ended the handshake \(packet 6\)"):
            await stage.client().connection.connect()


async def test_nobody_listens() -> None:
    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
        port = listener.extra(anyio.abc.SocketAttribute.local_port)
    client = OmniClient("127.0.0.1", port, controller_key=KEY)
    with pytest.raises(OmniConnectionError, match=f"cannot connect to 127.0.0.1 port {port}") as caught:
        async with client:
            pytest.fail("there is no session")
    assert type(caught.value) is OmniConnectionError
    assert isinstance(caught.value.__cause__, OSError)
    # Whoever comes later is told the same.
    with pytest.raises(OmniConnectionError, match=f"cannot connect to 127.0.0.1 port {port}"):
        await client.get_system_status()
    await client.connection.close()


async def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(OmniConnectionError, match="cannot connect to"):
        await OmniClient("no-such-host.invalid", controller_key=KEY).connection.connect()


# A session that its user ends.


async def test_leaving_says_goodbye_and_closes(link: Link) -> None:
    async with serve_home(link) as home:
        async with home.client():
            pass
        assert home.recorder.ends == [ControllerEndReason.CLIENT_TERMINATED]


async def test_leaving_by_an_exception_says_goodbye_and_raises_that_very_exception(link: Link) -> None:
    mistake = MistakeError("mine")
    async with serve_home(link) as home:
        with pytest.raises(MistakeError) as caught:  # noqa: PT012 - the whole block is what is tested
            async with home.client() as client:
                await client.get_system_status()
                raise mistake
        assert caught.value is mistake
        assert mistake.__cause__ is None
        assert mistake.__context__ is None
        assert home.recorder.ends == [ControllerEndReason.CLIENT_TERMINATED]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), GeneratorExit()])
async def test_leaving_by_what_is_no_error_says_goodbye_too(error: BaseException) -> None:
    async with serve_home() as home:
        with pytest.raises(type(error)) as caught:
            async with home.client():
                raise error
        assert caught.value is error
        assert home.recorder.ends == [ControllerEndReason.CLIENT_TERMINATED]


async def test_exceptions_inside_the_users_own_task_group_are_bare_too(link: Link) -> None:
    mistake = MistakeError("mine")
    async with serve_home(link) as home, anyio.create_task_group() as tasks:
        with pytest.raises(InvalidEncryptionKeyError):
            async with home.client(key=OTHER_KEY):
                pytest.fail("there is no session")
        with pytest.raises(MistakeError) as caught:
            async with home.client():
                raise mistake
        assert caught.value is mistake
        async with home.client() as client, anyio.create_task_group() as inner:
            inner.start_soon(client.get_system_status)
            with pytest.raises(CommandFailedError):
                await client.execute_command(250)
            with pytest.raises(LocalProtocolError):
                await client.set_unit_level(1, 101)
        assert not tasks.cancel_scope.cancel_called


async def test_the_users_group_inside_the_context_holds_what_its_tasks_raise_once() -> None:
    mistake = MistakeError("mine")

    async def fail() -> None:
        raise mistake

    async with serve_home() as home:
        with pytest.raises(ExceptionGroup) as caught:  # noqa: PT012 - the whole block is what is tested
            async with home.client() as client, anyio.create_task_group() as tasks:
                tasks.start_soon(fail)
                await client.get_system_status()
                await anyio.sleep_forever()
        assert caught.value.exceptions == (mistake,)
        assert home.recorder.ends == [ControllerEndReason.CLIENT_TERMINATED]


async def test_an_exception_in_the_body_after_a_loss_is_the_users() -> None:
    inside = anyio.Event()

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await inside.wait()
        await panel.hang_up()

    mistake = MistakeError("mine")
    async with play(script) as stage:
        with pytest.raises(MistakeError) as caught:  # noqa: PT012 - the whole block is what is tested
            async with stage.client():
                inside.set()
                await stage.near.closed.wait()
                raise mistake
        assert caught.value is mistake


async def test_a_loss_that_nobody_waited_for_leaves_the_context_quietly() -> None:
    inside = anyio.Event()

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await inside.wait()
        await panel.hang_up()

    async with play(script) as stage, stage.client():
        inside.set()
        await stage.near.closed.wait()
    assert stage.written == HANDSHAKE


async def test_an_error_of_a_call_leaves_the_context_bare() -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.reply(await panel.request(), SystemFormats(1, 1, 1).to_message())

    async with play(script) as stage:
        with pytest.raises(RemoteProtocolError, match="answered by a message of type 0x29"):
            async with stage.client() as client:
                await client.get_system_status()
    assert stage.written[-1] is GOODBYE
    assert stage.panel.end is ControllerEndReason.CLIENT_TERMINATED


async def test_a_reply_that_cannot_be_read_is_the_callers_error_and_the_session_goes_on() -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        short = Message(OmniLink2MessageType.SYSTEM_STATUS, b"\1")
        await panel.reply(await panel.request(), short)
        await panel.acknowledge()

    async with play(script) as stage, stage.client() as client:
        with pytest.raises(RemoteProtocolError, match="SystemStatus"):
            await client.get_system_status()
        await client.turn_unit_on(1)


# Opening and closing more than once.


async def test_closing_twice_does_nothing(link: Link) -> None:
    async with serve_home(link) as home:
        async with home.client() as client:
            await client.connection.close()
            await client.connection.close()
        await client.connection.close()
        assert home.recorder.ends == [ControllerEndReason.CLIENT_TERMINATED]


async def test_closing_before_connecting_does_nothing() -> None:
    await OmniConnection("127.0.0.1", controller_key=KEY).close()


async def test_calls_after_the_close_raise() -> None:
    async with serve_home() as home:
        async with home.client() as client:
            events = client.events()
        with pytest.raises(OmniConnectionError):
            await client.get_system_status()
        with pytest.raises(OmniConnectionError):
            client.connection.submit(RequestSystemStatus())
        with pytest.raises(OmniConnectionError):
            client.events()
        assert [event async for event in events] == []
        assert [message async for message in client.connection.unsolicited()] == []


async def test_connecting_twice_is_a_mistake_and_changes_nothing() -> None:
    async with serve_home() as home:
        async with home.client() as client:
            with pytest.raises(LocalProtocolError, match="connects once"):
                await client.connection.connect()
            await client.get_system_status()
        with pytest.raises(LocalProtocolError, match="connects once"):
            await client.connection.connect()
        assert home.recorder.starts == 1


async def test_requests_that_wait_when_the_client_closes_are_told() -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.request()

    causes: list[OutcomeCause] = []

    async def switch(client: OmniClient) -> None:
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.turn_unit_on(1)
        causes.append(caught.value.cause)

    async with play(script) as stage, anyio.create_task_group() as tasks, stage.client() as client:
        tasks.start_soon(switch, client)
        await anyio.wait_all_tasks_blocked()
    assert causes == [OutcomeCause.CLOSE]


# Transports that misbehave.


class RudeStream(MemoryStream):
    """Raises when it is closed, as a TLS stream does whose peer is gone."""

    async def aclose(self) -> None:
        await super().aclose()
        raise anyio.BrokenResourceError


async def test_a_transport_that_cannot_be_closed_in_order_is_no_error_of_the_user() -> None:
    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.acknowledge()
        await panel.hang_up()

    async with play(script) as stage:
        near = stage.near
        rude = RudeStream(near._incoming, near._outgoing)
        async with stage.client(rude) as client:
            await client.turn_unit_on(1)
            await rude.closed.wait()
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(OmniConnectionError, match="connect again"):
                await client.get_system_status()


async def test_a_transport_that_fails_with_an_os_error_is_a_loss() -> None:
    class Failing(MemoryStream):
        async def receive(self, max_bytes: int = 65536) -> bytes:
            data = await super().receive(max_bytes)
            if len(self.written) > 2:
                raise ConnectionResetError("by peer")
            return data

    async def script(panel: ScriptedPanel) -> None:
        await panel.online()
        await panel.acknowledge()

    async with play(script) as stage:
        near = stage.near
        async with stage.client(Failing(near._incoming, near._outgoing)) as client:
            with pytest.raises(OutcomeUnknownError):
                await client.turn_unit_on(1)

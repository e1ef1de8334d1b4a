"""Whole sessions recorded between independent programs, replayed byte for byte at either end."""

from collections import deque

import pytest

from omnilink_sansio import (
    ClientConnection,
    ConnectionState,
    ControllerConnection,
    ControllerEndReason,
    ControllerSessionEnded,
    EndReason,
    Framing,
    Message,
    NotificationReceived,
    PacketType,
    RawRequest,
    ReplyReceived,
    RequestReceived,
    SessionEnded,
    SessionStarted,
)
from tests.session.peers import drain, feed
from tests.vectors import SESSIONS, SessionFrame, SessionVector

FROM_CLIENT = "client>panel"


def message_of(frame: SessionFrame) -> Message:
    return Message.decode(bytes.fromhex(frame["plaintext_hex"]))


def name_of(session: SessionVector) -> str:
    return f"{session['client']}, {session['session_id']}"


def is_message(frame: SessionFrame) -> bool:
    return frame["type"] == PacketType.OMNI_LINK_II_MESSAGE


def test_there_are_four_sessions_with_replies_notifications_and_orderly_ends() -> None:
    assert len(SESSIONS) == 4
    frames = [frame for session in SESSIONS for frame in session["frames"]]
    assert {frame["type"] for frame in frames} == {1, 2, 3, 4, 5, 6, 32}
    assert any(frame["seq"] == 0 for frame in frames)


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("session", SESSIONS, ids=name_of)
def test_the_client_sends_the_same_bytes(session: SessionVector, framing: Framing) -> None:
    client = ClientConnection(bytes.fromhex(session["controller_key"]), framing=framing)
    waiting = 0
    for frame in session["frames"]:
        packet = bytes.fromhex(frame["packet_hex"])
        if frame["dir"] == FROM_CLIENT:
            if frame["type"] == PacketType.CLIENT_REQUEST_NEW_SESSION:
                client.connect(0.0)
            elif frame["type"] == PacketType.CLIENT_SESSION_TERMINATED:
                client.close(0.0)
            elif is_message(frame):
                waiting = client.send(RawRequest(message_of(frame)), 0.0)
            assert drain(client) == []
            assert client.data_to_send() == [packet]
            continue
        events = feed(client, packet)
        match frame["type"]:
            case PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION:
                assert events == []
                continue  # answered by the next frame
            case PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION:
                assert events == [SessionStarted()]
            case PacketType.CONTROLLER_SESSION_TERMINATED:
                assert events == [SessionEnded(EndReason.CLOSED, None)]
            case _ if frame["seq"]:
                assert events == [ReplyReceived(waiting, message_of(frame))]
            case _:
                assert events == [NotificationReceived(message_of(frame))]
        assert client.data_to_send() == []
    ended = session["frames"][-1]["type"] == PacketType.CONTROLLER_SESSION_TERMINATED
    assert client.state is (ConnectionState.CLOSED if ended else ConnectionState.ONLINE)


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("session", SESSIONS, ids=name_of)
def test_the_controller_sends_the_same_bytes(session: SessionVector, framing: Framing) -> None:
    controller = ControllerConnection(
        bytes.fromhex(session["controller_key"]),
        lambda: bytes.fromhex(session["session_id"]),
        framing=framing,
    )
    requests: dict[int, RequestReceived] = {}
    expected: deque[bytes] = deque()
    for frame in session["frames"]:
        packet = bytes.fromhex(frame["packet_hex"])
        if frame["dir"] == FROM_CLIENT:
            events = feed(controller, packet)
            match frame["type"]:
                case PacketType.CLIENT_REQUEST_NEW_SESSION:
                    assert events == []
                case PacketType.CLIENT_REQUEST_SECURE_CONNECTION:
                    assert events == [SessionStarted()]
                case PacketType.CLIENT_SESSION_TERMINATED:
                    assert events == [ControllerSessionEnded(ControllerEndReason.CLIENT_TERMINATED)]
                case _:
                    (request,) = events
                    assert isinstance(request, RequestReceived)
                    assert request.message == message_of(frame)
                    requests[frame["seq"]] = request
            expected.extend(controller.data_to_send())
            continue
        if is_message(frame):
            if frame["seq"]:
                controller.reply(requests.pop(frame["seq"]), message_of(frame), 0.0)
            else:
                controller.notify(message_of(frame), 0.0)
            assert drain(controller) == []
            expected.extend(controller.data_to_send())
        assert expected.popleft() == packet
    assert not requests
    assert not expected

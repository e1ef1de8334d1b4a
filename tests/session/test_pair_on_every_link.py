"""A client and a controller joined in virtual time, on every link: one body, where nothing depends on the link."""

from collections.abc import Callable
from itertools import count
from typing import NamedTuple

import pytest

from omnilink_sansio.commands import Command, ControllerCommand
from omnilink_sansio.errors import EndReason, LocalProtocolError, OmniConnectionError
from omnilink_sansio.session import (
    ClientConnection,
    ClientEvent,
    ConnectionState,
    ControllerConnection,
    ControllerEndReason,
    ControllerEvent,
    ControllerSessionEnded,
    NotificationReceived,
    ReplyDropped,
    ReplyReceived,
    RequestReceived,
    SessionEnded,
    SessionStarted,
)
from omnilink_sansio.testing import VirtualLink
from omnilink_sansio.testing.virtual_link import Cut, random_cuts
from omnilink_sansio.wire.framing import Framing
from tests.session.peers import ACK, EVENT, KEY, READ, SET, echo_to
from tests.session.toy_link import ToyClientLink, ToyControllerLink

Answer = Callable[[ControllerEvent, float], None]
ONLINE, CLOSED = ConnectionState.ONLINE, ConnectionState.CLOSED


class PairKind(NamedTuple):
    """Both ends of one kind of link."""

    name: str
    ends: Callable[[], tuple[ClientConnection, ControllerConnection]]
    pushes: bool
    has_goodbye: bool
    """Whether the end of a session is said, rather than merely seen by the closed line."""
    after_an_end: ConnectionState
    """Where the controller's end then stands."""


def _secure(framing: Framing) -> tuple[ClientConnection, ControllerConnection]:
    ids = count(0x0102030405)
    return ClientConnection(KEY, framing=framing), ControllerConnection(
        KEY, lambda: next(ids).to_bytes(5, "big"), framing=framing
    )


def _toy() -> tuple[ClientConnection, ControllerConnection]:
    return ClientConnection.over(ToyClientLink()), ControllerConnection.over(ToyControllerLink())


PAIRS = (
    PairKind("stream", lambda: _secure(Framing.STREAM), True, True, CLOSED),
    PairKind("datagram", lambda: _secure(Framing.DATAGRAM), True, True, ConnectionState.IDLE),
    PairKind("toy", _toy, False, False, CLOSED),
)
ON_EVERY_LINK = pytest.mark.parametrize("kind", PAIRS, ids=lambda kind: kind.name)


class Pair:
    """Both machines, what joins them, and a controller's owner that answers at once."""

    def __init__(
        self,
        kind: PairKind,
        cut: Cut = lambda data: (data,),
        on_client_event: Callable[[ClientEvent, float], None] = lambda _event, _now: None,
    ) -> None:
        self.client, self.controller = kind.ends()
        self.news_every = 0
        self.received: list[RequestReceived] = []
        self.link = VirtualLink(
            self.client,
            self.controller,
            client_owner=on_client_event,
            controller_owner=self._answer,
            cut=cut,
        )

    def connect(self) -> None:
        self.client.connect(self.link.now)
        self.link.run_until_quiet()
        assert self.client.state is ONLINE

    def _answer(self, event: ControllerEvent, now: float) -> None:
        if isinstance(event, RequestReceived):
            self.received.append(event)
            if self.news_every and len(self.received) % self.news_every == 0:
                self.controller.notify(EVENT, now)
            self.controller.reply(event, echo_to(event.message), now)


@ON_EVERY_LINK
@pytest.mark.parametrize("cut", ["whole", "byte by byte", "random"])
def test_five_hundred_requests_are_each_carried_out_once_and_get_their_own_reply(
    kind: PairKind, cut: str
) -> None:
    cuts: dict[str, Cut] = {
        "whole": lambda data: (data,),
        "byte by byte": lambda data: (data[at : at + 1] for at in range(len(data))),
        "random": random_cuts(7),
    }
    pair = Pair(kind, cuts[cut])
    pair.news_every = 3 if kind.pushes else 0
    pair.connect()
    requests = [ControllerCommand(Command.EXECUTE_BUTTON, n // 256, n) for n in range(500)]
    ids: list[int] = []
    for request in requests:
        ids.append(pair.client.send(request, pair.link.now))
        # Up to three wait at a time.
        if len(ids) % 3 == 0:
            pair.link.run_until_quiet()
    pair.link.run_until_quiet()
    assert [event.message for event in pair.received] == [request.to_message() for request in requests]
    replies = [event for event in pair.link.client_events if isinstance(event, ReplyReceived)]
    expected = [
        ReplyReceived(n, echo_to(request.to_message())) for n, request in zip(ids, requests, strict=True)
    ]
    assert replies == expected
    news = sum(isinstance(event, NotificationReceived) for event in pair.link.client_events)
    assert news == (500 // 3 if kind.pushes else 0)


@ON_EVERY_LINK
def test_an_end_from_the_client(kind: PairKind) -> None:
    pair = Pair(kind)
    pair.connect()
    pair.client.send(SET, pair.link.now)
    pair.link.run_until_quiet()
    pair.client.close(pair.link.now)
    pair.link.run_until_quiet()
    assert pair.link.now == 0.0
    assert pair.link.client_events == [
        SessionStarted(),
        ReplyReceived(1, echo_to(SET.to_message())),
        SessionEnded(EndReason.CLOSED, None),
    ]
    reason = ControllerEndReason.CLIENT_TERMINATED if kind.has_goodbye else ControllerEndReason.LOST
    started, request, ended = pair.link.controller_events
    assert started == SessionStarted()
    assert isinstance(request, RequestReceived)
    assert ended == ControllerSessionEnded(reason)
    assert (pair.client.state, pair.controller.state) == (CLOSED, kind.after_an_end)


@ON_EVERY_LINK
@pytest.mark.parametrize("close", [True, False], ids=["close", "terminate"])
def test_an_end_from_the_controller(kind: PairKind, close: bool) -> None:
    pair = Pair(kind)
    pair.connect()
    pair.client.send(READ, pair.link.now)
    pair.link.run_until_quiet()
    end = pair.controller.close if close else pair.controller.terminate
    end(pair.link.now)
    pair.link.run_until_quiet()
    assert pair.link.controller_events[-1] == ControllerSessionEnded(ControllerEndReason.TERMINATED)
    assert pair.controller.state is (CLOSED if close else kind.after_an_end)
    ended = pair.link.client_events[-1]
    assert isinstance(ended, SessionEnded)
    assert ended.reason is (EndReason.TERMINATED if kind.has_goodbye else EndReason.LOST)
    assert type(ended.error) is OmniConnectionError
    assert pair.client.state is CLOSED


@ON_EVERY_LINK
def test_a_reply_after_the_end_is_dropped_and_reported(kind: PairKind) -> None:
    pair = Pair(kind)
    pair.connect()
    pair.client.send(READ, pair.link.now)
    pair.link.run_until_quiet()
    (request,) = pair.received
    pair.controller.reply(request, ACK, pair.link.now)
    pair.controller.close(pair.link.now)
    pair.link.run_until_quiet()
    # It had its answer already; and then there is nobody to answer.
    assert pair.link.controller_events.count(ReplyDropped(request.request_id)) == 1
    pair.controller.reply(request, ACK, pair.link.now)
    assert pair.controller.next_event() == ReplyDropped(request.request_id)
    with pytest.raises(LocalProtocolError):
        pair.controller.notify(EVENT, pair.link.now)


@ON_EVERY_LINK
def test_a_quiet_session_is_kept_alive_for_an_hour(kind: PairKind) -> None:
    pair = Pair(kind)
    pair.connect()
    pair.link.advance(3600.0)
    assert pair.client.state is pair.controller.state is ONLINE
    assert len(pair.received) == 60
    # Nobody asked, so nobody is told.
    assert pair.link.client_events == [SessionStarted()]


@ON_EVERY_LINK
def test_a_client_whose_transport_fails_is_gone_for_the_controller_as_soon_as_that_can_tell(
    kind: PairKind,
) -> None:
    pair = Pair(kind)
    pair.connect()
    pair.client.send(READ, pair.link.now)
    pair.link.run_until_quiet()
    pair.client.receive_eof(pair.link.now)
    pair.link.run_until_quiet()
    ended = pair.link.client_events[-1]
    assert isinstance(ended, SessionEnded)
    assert ended.reason is EndReason.LOST
    if kind.after_an_end is CLOSED:
        assert pair.link.controller_events[-1] == ControllerSessionEnded(ControllerEndReason.LOST)
    else:
        # Datagrams have no end that could be seen: their time runs out.
        assert pair.controller.state is ONLINE
        pair.link.advance(300.0)
        assert pair.link.controller_events[-1] == ControllerSessionEnded(ControllerEndReason.IDLE)
    assert pair.controller.state is kind.after_an_end

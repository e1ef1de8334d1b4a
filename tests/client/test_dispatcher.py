"""What a client machine reports reaches whom it is for, in order, whoever is called from within."""

import pytest

from omnilink_sansio import (
    ClientConnection,
    ClientEvent,
    ClientSettings,
    CommandFailedError,
    ControllerConnection,
    EndReason,
    LocalProtocolError,
    Message,
    OmniConnectionError,
    OutcomeUnknownError,
    RequestReceived,
    RequestTimeoutError,
    SessionEnded,
)
from omnilink_sansio.client import CallbackListener, Dispatcher, PendingReply
from omnilink_sansio.system import Nak, SystemInformation
from tests.session.peers import ACK, EVENT, INFORMATION, KEY, OTHER_KEY, READ, SESSION_ID, SET, drain

_SETTINGS = ClientSettings(keepalive=0, max_queued=3)


def silent() -> None:
    """Wake nobody."""


class Pair:
    """A dispatcher, and a controller that answers when it is told to; the clock stands still."""

    def __init__(self, key: bytes = KEY) -> None:
        self.now = 0.0
        self.observed: list[ClientEvent] = []
        self.told: list[object] = []
        self.requests: list[RequestReceived] = []
        self.machine = ClientConnection(key, settings=_SETTINGS)
        self.dispatcher = Dispatcher(self.machine, self.observed.append)
        self.dispatcher.listeners.add(
            CallbackListener(
                lambda message: self.told.append(("told", message)),
                lambda error: self.told.append(("end", error)),
            )
        )
        self.dispatcher.reply_listeners.add(
            CallbackListener(
                lambda message: self.told.append(("reply", message)),
                lambda error: self.told.append(("no more replies", error)),
            )
        )
        self.controller = ControllerConnection(KEY, lambda: SESSION_ID, now=0.0)
        self.machine.connect(self.now)
        self.carry()

    def carry(self) -> None:
        """Hand on what was reported and carry packets both ways, until there is nothing more."""
        self.dispatcher.dispatch()
        while self.send() or self.receive():
            continue

    def send(self) -> bool:
        """Carry packets to the controller; return whether there were any."""
        packets = self.machine.data_to_send()
        for packet in packets:
            self.controller.receive_data(packet, self.now)
        self.requests += [event for event in drain(self.controller) if isinstance(event, RequestReceived)]
        return bool(packets)

    def receive(self) -> bool:
        """Carry packets to the client, all of them in one piece, and hand on what it reports."""
        packets = self.controller.data_to_send()
        self.machine.receive_data(b"".join(packets), self.now)
        self.dispatcher.dispatch()
        return bool(packets)

    def answer(self, message: Message) -> None:
        """Answer the request that has come."""
        self.send()
        self.controller.reply(self.requests.pop(), message, self.now)
        self.receive()

    def lose(self) -> None:
        self.machine.receive_eof(self.now)
        self.dispatcher.dispatch()


def test_a_reply_settles_its_request_and_wakes_who_waits_once() -> None:
    pair = Pair()
    woken: list[int] = []
    pending = pair.dispatcher.submit(READ, lambda: woken.append(1), pair.now)
    assert not pending.is_settled
    assert not pending.has_failed
    pair.answer(INFORMATION)
    assert pending.is_settled
    assert not pending.has_failed
    assert woken == [1]
    assert pending.message() == INFORMATION
    assert isinstance(pending.content(), SystemInformation)


def test_reply_listeners_hear_every_reply_before_who_asked_is_woken_and_in_its_place() -> None:
    pair = Pair()
    pair.told.clear()
    pair.dispatcher.submit(READ, lambda: pair.told.append("woken"), pair.now)
    pair.send()
    pair.controller.notify(EVENT, pair.now)
    pair.controller.reply(pair.requests.pop(), INFORMATION, pair.now)
    pair.controller.notify(EVENT, pair.now)
    pair.receive()
    assert pair.told == [("told", EVENT), ("reply", INFORMATION), "woken", ("told", EVENT)]


def test_a_refusal_is_a_reply_whose_content_raises() -> None:
    pair = Pair()
    pending = pair.dispatcher.submit(SET, silent, pair.now)
    pair.answer(Nak().to_message())
    assert pending.has_failed
    assert pending.message() == Nak().to_message()
    with pytest.raises(CommandFailedError):
        pending.content()


def test_silence_fails_a_request_and_each_who_waits_gets_an_error_of_its_own() -> None:
    pair = Pair()
    pending = pair.dispatcher.submit(READ, silent, pair.now)
    pair.send()
    due = pair.machine.next_timeout()
    assert due is not None
    pair.machine.handle_timeout(due)
    pair.dispatcher.dispatch()
    assert pending.has_failed
    raised = []
    for take in (pending.message, pending.content):
        with pytest.raises(RequestTimeoutError) as caught:
            take()
        raised.append(caught.value)
    assert raised[0] is not raised[1]
    assert raised[0].args == raised[1].args


def test_the_end_fails_what_is_under_way_and_is_told_once_after_it() -> None:
    pair = Pair()
    pair.told.clear()
    first = pair.dispatcher.submit(SET, lambda: pair.told.append("first"), pair.now)
    second = pair.dispatcher.submit(READ, lambda: pair.told.append("second"), pair.now)
    pair.send()
    pair.lose()
    assert pair.told[:2] == ["first", "second"]
    ends = pair.told[2:]
    assert [end[0] for end in ends if isinstance(end, tuple)] == ["no more replies", "end"]
    with pytest.raises(OutcomeUnknownError):
        first.content()
    with pytest.raises(OmniConnectionError) as caught:
        second.content()
    assert caught.value.end is EndReason.LOST
    assert pair.dispatcher.end is not None
    pair.lose()
    assert len(pair.told) == 4


def test_without_a_session_a_request_says_why_there_is_none() -> None:
    never = Dispatcher(ClientConnection(KEY), lambda _: None)
    with pytest.raises(OmniConnectionError, match="connect first"):
        never.submit(READ, silent, 0.0)
    closed = Pair()
    closed.machine.close(closed.now)
    closed.carry()
    with pytest.raises(OmniConnectionError, match="was closed, make a new one"):
        closed.dispatcher.submit(READ, silent, closed.now)
    lost = Pair()
    lost.lose()
    for _ in range(2):
        with pytest.raises(OmniConnectionError) as caught:
            lost.dispatcher.submit(READ, silent, lost.now)
        assert caught.value.end is EndReason.LOST
    wrong = Pair(OTHER_KEY)
    assert not wrong.dispatcher.is_online
    with pytest.raises(OmniConnectionError, match="wrong controller key") as caught:
        wrong.dispatcher.raise_end()
    assert caught.value.end is EndReason.WRONG_KEY


def test_a_full_queue_is_told_and_changes_nothing() -> None:
    pair = Pair()
    pending = [pair.dispatcher.submit(READ, silent, pair.now) for _ in range(4)]
    with pytest.raises(LocalProtocolError):
        pair.dispatcher.submit(READ, silent, pair.now)
    for reply in pending:
        pair.answer(INFORMATION)
        assert reply.is_settled


def test_a_request_that_is_given_up_settles_nobody_and_those_behind_it_go_on() -> None:
    pair = Pair()
    woken: list[str] = []
    first = pair.dispatcher.submit(READ, lambda: woken.append("first"), pair.now)
    second = pair.dispatcher.submit(SET, lambda: woken.append("second"), pair.now)
    pair.dispatcher.give_up(first, pair.now)
    pair.dispatcher.give_up(first, pair.now)
    pair.dispatcher.dispatch()
    pair.answer(INFORMATION)
    pair.answer(ACK)
    assert woken == ["second"]
    assert second.is_settled
    assert not first.is_settled


def test_giving_up_what_has_ended_does_nothing() -> None:
    pair = Pair()
    pending = pair.dispatcher.submit(READ, silent, pair.now)
    pair.answer(INFORMATION)
    pair.dispatcher.give_up(pending, pair.now)
    assert pending.message() == INFORMATION


def test_what_a_callback_sends_comes_after_what_it_was_called_with() -> None:
    pair = Pair()
    seen: list[object] = []
    sent: list[PendingReply[object]] = []

    def send(message: Message) -> None:
        assert pair.dispatcher.is_dispatching
        seen.append(message)
        if not sent:
            sent.append(pair.dispatcher.submit(READ, lambda: seen.append("settled"), pair.now))
            # Called again from within: the event under way is finished first.
            pair.dispatcher.dispatch()

    pair.dispatcher.listeners.add(CallbackListener(send, lambda _: None))
    pair.dispatcher.listeners.add(CallbackListener(lambda message: seen.append((message,)), lambda _: None))
    pair.controller.notify(EVENT, pair.now)
    pair.carry()
    assert not pair.dispatcher.is_dispatching
    assert seen == [EVENT, (EVENT,)]
    pair.answer(INFORMATION)
    assert seen == [EVENT, (EVENT,), "settled"]


def test_whoever_observes_sees_each_event_before_it_is_handed_on() -> None:
    pair = Pair()
    order: list[str] = []
    observed = Dispatcher(pair.machine, lambda event: order.append(type(event).__name__))
    observed.listeners.add(CallbackListener(lambda _: order.append("told"), lambda _: order.append("end")))
    pair.controller.notify(EVENT, pair.now)
    for packet in pair.controller.data_to_send():
        pair.machine.receive_data(packet, pair.now)
    pair.machine.receive_eof(pair.now)
    observed.dispatch()
    assert order == ["NotificationReceived", "told", "SessionEnded", "end"]
    assert isinstance(observed.end, SessionEnded)


def test_one_that_raises_leaves_the_dispatcher_working() -> None:
    pair = Pair()
    is_angry = True

    def fail(_: ClientEvent) -> None:
        if is_angry:
            raise ZeroDivisionError

    dispatcher = Dispatcher(pair.machine, fail)
    pair.dispatcher = dispatcher
    pair.controller.notify(EVENT, pair.now)
    with pytest.raises(ZeroDivisionError):
        pair.carry()
    assert not dispatcher.is_dispatching
    is_angry = False
    pending = dispatcher.submit(READ, silent, pair.now)
    pair.answer(INFORMATION)
    assert pending.is_settled

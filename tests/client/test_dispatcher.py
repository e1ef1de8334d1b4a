"""What a client machine reports reaches whom it is for, in order, whoever is called from within."""

from dataclasses import replace

import pytest

from omnilink_sansio import (
    DIALECTS,
    OMNI_LINK,
    OMNI_LINK_2,
    ClientConnection,
    ClientEvent,
    ClientSettings,
    CommandFailedError,
    ControllerConnection,
    ControllerSettings,
    Dialect,
    EndReason,
    Fault,
    Framing,
    LeaseEndedError,
    LocalProtocolError,
    Message,
    OmniConnectionError,
    OutcomeCause,
    OutcomeUnknownError,
    RawMessage,
    RawRequest,
    RemoteProtocolError,
    Request,
    RequestReceived,
    RequestTimeoutError,
    SessionEnded,
    UserCode,
    parse_message,
)
from omnilink_sansio.client import CallbackListener, Dispatcher, Exchange, PendingReply, Pushed
from omnilink_sansio.commands import ExecuteSecurityCommand, RequestSecurityCodeValidation, turn_unit_on
from omnilink_sansio.events import LuminaModeChange, UserMacroButton, parse_notification
from omnilink_sansio.opcodes import OmniLink2MessageType
from omnilink_sansio.system import (
    ControllerFamily,
    EnableNotifications,
    Nak,
    RequestSystemInformation,
    SystemInformation,
)
from tests.rows import each_row
from tests.session.peers import (
    ACK,
    EVENT,
    INFORMATION,
    KEY,
    MOMENTARY,
    OTHER_KEY,
    READ,
    SESSION_ID,
    SET,
    drain,
)

_SETTINGS = ClientSettings(keepalive=0, max_queued=3)
PUSHED = Pushed(EVENT, (UserMacroButton(1),))
MODE_WORD = Message(OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS, bytes.fromhex("1105"))
"""An event word that means one thing on an Omni and another on a Lumina."""
LUMINA_INFORMATION = Message(INFORMATION.type, bytes((37,)) + INFORMATION.data[1:])
UNKNOWN_MODEL = Message(INFORMATION.type, bytes((250,)) + INFORMATION.data[1:])


def silent() -> None:
    """Wake nobody."""


class Pair:
    """A dispatcher, and a controller that answers when it is told to; the clock stands still."""

    def __init__(
        self,
        key: bytes = KEY,
        settings: ClientSettings = _SETTINGS,
        framing: Framing = Framing.STREAM,
    ) -> None:
        self.now = 0.0
        self.observed: list[ClientEvent] = []
        self.told: list[object] = []
        self.requests: list[RequestReceived] = []
        self.machine = ClientConnection(key, framing=framing, settings=settings)
        self.dispatcher = Dispatcher(
            self.machine, self.observed.append, dialect=settings.dialect, family=settings.family
        )
        self.dispatcher.notifications.add(
            CallbackListener(
                lambda pushed: self.told.append(("told", pushed)),
                lambda error: self.told.append(("end", error)),
            )
        )
        self.dispatcher.exchanges.add(
            CallbackListener(
                lambda exchange: self.told.append(("reply", exchange)),
                lambda error: self.told.append(("no more replies", error)),
            )
        )
        self.controller = ControllerConnection(
            KEY,
            lambda: SESSION_ID,
            framing=framing,
            settings=ControllerSettings(dialect=settings.dialect),
            now=0.0,
        )
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
        for data in [b"".join(packets)] if self.machine.framing is Framing.STREAM else packets:
            self.machine.receive_data(data, self.now)
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
    assert pending.payload() == parse_message(INFORMATION)
    assert isinstance(pending.content(), SystemInformation)


def test_reply_listeners_hear_every_reply_before_who_asked_is_woken_and_in_its_place() -> None:
    pair = Pair()
    pair.told.clear()
    pending = pair.dispatcher.submit(READ, lambda: pair.told.append("woken"), pair.now)
    pair.send()
    pair.controller.notify(EVENT, pair.now)
    pair.controller.reply(pair.requests.pop(), INFORMATION, pair.now)
    pair.controller.notify(EVENT, pair.now)
    pair.receive()
    exchange = Exchange(READ, parse_message(INFORMATION))
    assert pair.told == [("told", PUSHED), ("reply", exchange), "woken", ("told", PUSHED)]
    # Parsed once: who asked has the same object as who listens.
    (_, listened) = next(entry for entry in pair.told if isinstance(entry, tuple) and entry[0] == "reply")
    assert isinstance(listened, Exchange)
    assert listened.request is READ
    assert pending.payload() is listened.reply


def test_a_refusal_is_a_reply_whose_content_raises() -> None:
    pair = Pair()
    pending = pair.dispatcher.submit(SET, silent, pair.now)
    pair.answer(Nak().to_message())
    assert pending.has_failed
    assert pending.payload() == Nak()
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
    for take in (pending.payload, pending.content):
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
    never = Dispatcher(ClientConnection(KEY), lambda _: None, dialect=OMNI_LINK_2)
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
    assert pending.payload() == parse_message(INFORMATION)


def test_what_a_callback_sends_comes_after_what_it_was_called_with() -> None:
    pair = Pair()
    seen: list[object] = []
    sent: list[PendingReply[object]] = []

    def send(pushed: Pushed) -> None:
        assert pair.dispatcher.is_dispatching
        seen.append(pushed)
        if not sent:
            sent.append(pair.dispatcher.submit(READ, lambda: seen.append("settled"), pair.now))
            # Called again from within: the event under way is finished first.
            pair.dispatcher.dispatch()

    pair.dispatcher.notifications.add(CallbackListener(send, lambda _: None))
    pair.dispatcher.notifications.add(CallbackListener(lambda pushed: seen.append([pushed]), lambda _: None))
    pair.controller.notify(EVENT, pair.now)
    pair.carry()
    assert not pair.dispatcher.is_dispatching
    assert seen == [PUSHED, [PUSHED]]
    pair.answer(INFORMATION)
    assert seen == [PUSHED, [PUSHED], "settled"]


def test_whoever_observes_sees_each_event_before_it_is_handed_on() -> None:
    pair = Pair()
    order: list[str] = []
    observed = Dispatcher(pair.machine, lambda event: order.append(type(event).__name__), dialect=OMNI_LINK_2)
    observed.notifications.add(
        CallbackListener(lambda _: order.append("told"), lambda _: order.append("end"))
    )
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

    dispatcher = Dispatcher(pair.machine, fail, dialect=OMNI_LINK_2)
    pair.dispatcher = dispatcher
    pair.controller.notify(EVENT, pair.now)
    with pytest.raises(ZeroDivisionError):
        pair.carry()
    assert not dispatcher.is_dispatching
    is_angry = False
    pending = dispatcher.submit(READ, silent, pair.now)
    pair.answer(INFORMATION)
    assert pending.is_settled


# What a reply is.

STATUS = Message(OmniLink2MessageType.SYSTEM_STATUS, bytes(14))
FOREIGN = [STATUS, Message(OmniLink2MessageType.END_OF_DATA), Message(200)]


@pytest.mark.parametrize("framing", Framing)
@each_row(
    ("request_", "reply"),
    [(request, reply) for request in (READ, SET, MOMENTARY) for reply in FOREIGN] + [(READ, ACK)],
)
def test_a_message_that_cannot_answer_a_request_is_not_its_reply(
    framing: Framing, request_: Request[object], reply: Message
) -> None:
    pair = Pair(framing=framing)
    pair.told.clear()
    pending = pair.dispatcher.submit(request_, silent, pair.now)
    pair.answer(reply)
    assert pair.told == []
    if framing is Framing.DATAGRAM:
        # The right one may still come.
        assert not pending.is_settled
        return
    assert pending.has_failed
    if request_ is READ:
        with pytest.raises(RemoteProtocolError) as caught:
            pending.content()
        assert caught.value.fault is Fault.UNEXPECTED_REPLY
    else:
        # It may have been carried out.
        with pytest.raises(OutcomeUnknownError) as unknown:
            pending.content()
        assert unknown.value.cause is OutcomeCause.WRONG_REPLY
        assert unknown.value.request == request_.title
        assert isinstance(unknown.value.__cause__, RemoteProtocolError)
        assert f"0x{reply.type:02X}" in str(unknown.value.__cause__)


def test_a_malformed_reply_fails_a_read_with_what_is_wrong_with_it() -> None:
    pair = Pair()
    pair.told.clear()
    pending = pair.dispatcher.submit(READ, silent, pair.now)
    pair.answer(Message(INFORMATION.type, INFORMATION.data[:-1]))
    with pytest.raises(RemoteProtocolError) as caught:
        pending.content()
    assert caught.value.fault is Fault.BAD_PAYLOAD
    # It answered, but nothing that could be handed up.
    assert pair.told == []


@each_row(
    ("request_", "reply_type"),
    [
        (
            ExecuteSecurityCommand(1, 3, UserCode("0042")),
            OmniLink2MessageType.EXECUTE_SECURITY_COMMAND_RESPONSE,
        ),
        (
            RequestSecurityCodeValidation(1, UserCode("0042")),
            OmniLink2MessageType.SECURITY_CODE_VALIDATION,
        ),
    ],
)
def test_after_a_malformed_reply_the_outcome_of_a_command_is_unknown(
    request_: Request[object], reply_type: OmniLink2MessageType
) -> None:
    pair = Pair()
    pair.told.clear()
    pending = pair.dispatcher.submit(request_, silent, pair.now)
    malformed = Message(reply_type)
    with pytest.raises(RemoteProtocolError):
        parse_message(malformed)
    pair.answer(malformed)
    for take in (pending.payload, pending.content):
        with pytest.raises(OutcomeUnknownError) as caught:
            take()
        assert caught.value.cause is OutcomeCause.DAMAGED_REPLY
        assert caught.value.request == request_.title
        assert isinstance(caught.value.__cause__, RemoteProtocolError)
        assert caught.value.__cause__.fault is Fault.BAD_PAYLOAD
    assert pair.told == []


def test_the_reply_to_what_was_given_up_is_no_exchange() -> None:
    pair = Pair()
    pair.told.clear()
    pending = pair.dispatcher.submit(READ, silent, pair.now)
    pair.send()
    pair.dispatcher.give_up(pending, pair.now)
    pair.answer(INFORMATION)
    assert pair.told == []


def test_a_refusal_is_an_exchange_too() -> None:
    pair = Pair()
    pair.told.clear()
    pair.dispatcher.submit(SET, silent, pair.now)
    pair.answer(Nak().to_message())
    assert pair.told == [("reply", Exchange(SET, Nak()))]


def test_another_who_waits_for_a_request_is_woken_with_the_first_or_at_once() -> None:
    pair = Pair()
    woken: list[str] = []
    pending = pair.dispatcher.submit(READ, lambda: woken.append("first"), pair.now)
    pending.join(lambda: woken.append("second"))
    assert woken == []
    pair.answer(INFORMATION)
    assert woken == ["first", "second"]
    pending.join(lambda: woken.append("late"))
    assert woken == ["first", "second", "late"]


@each_row("dialect", DIALECTS.values())
def test_replies_are_read_as_messages_of_the_dialect(dialect: Dialect) -> None:
    pair = Pair(settings=replace(_SETTINGS, dialect=dialect))
    request = RawRequest(Message(dialect.keepalive, start=dialect.start))
    (answer,) = dialect.opcodes[dialect.keepalive].replies
    pending = pair.dispatcher.submit(request, silent, pair.now)
    message = Message(answer, bytes(14), start=dialect.start)
    pair.answer(message)
    assert pending.payload() == dialect.parse(message) == parse_message(message)
    assert pending.content() is pending.payload()
    assert isinstance(pending.payload(), RawMessage) is (dialect is OMNI_LINK)


# Which family of controllers it is.


def told_of_modes(pair: Pair) -> object:
    """Let the controller push a mode word; return how it is read."""
    pair.controller.notify(MODE_WORD, pair.now)
    pair.carry()
    last = pair.told[-1]
    assert isinstance(last, tuple)
    pushed = last[1]
    assert isinstance(pushed, Pushed)
    assert pushed.message == MODE_WORD
    (notification,) = pushed.notifications
    return notification


def test_a_luminas_mode_words_are_read_as_such_once_it_has_told_what_it_is() -> None:
    (omni,) = parse_notification(MODE_WORD, ControllerFamily.OMNI)
    (lumina,) = parse_notification(MODE_WORD, ControllerFamily.LUMINA)
    assert isinstance(lumina, LuminaModeChange)
    assert not isinstance(omni, LuminaModeChange)
    pair = Pair()
    assert pair.dispatcher.family is None
    assert told_of_modes(pair) == omni
    pair.dispatcher.submit(READ, silent, pair.now)
    pair.answer(LUMINA_INFORMATION)
    assert pair.dispatcher.family is ControllerFamily.LUMINA
    assert told_of_modes(pair) == lumina
    # Whoever asked, and by whatever request; the last word counts.
    pair.dispatcher.submit(RawRequest(READ.to_message()), silent, pair.now)
    pair.answer(INFORMATION)
    assert pair.dispatcher.family is ControllerFamily.OMNI
    assert told_of_modes(pair) == omni


@pytest.mark.parametrize("family", ControllerFamily)
def test_the_family_can_be_set_beforehand(family: ControllerFamily) -> None:
    pair = Pair(settings=replace(_SETTINGS, family=family))
    assert (told_of_modes(pair),) == parse_notification(MODE_WORD, family)
    # What the controller says of itself changes nothing: whoever sets it knows better.
    for said in (INFORMATION, LUMINA_INFORMATION, UNKNOWN_MODEL):
        pair.dispatcher.submit(READ, silent, pair.now)
        pair.answer(said)
        assert pair.dispatcher.family is family


def test_a_model_that_is_not_known_takes_nothing_back_of_what_was_learnt() -> None:
    pair = Pair()
    for said, family in (
        (UNKNOWN_MODEL, None),
        (LUMINA_INFORMATION, ControllerFamily.LUMINA),
        (UNKNOWN_MODEL, ControllerFamily.LUMINA),
    ):
        pair.dispatcher.submit(READ, silent, pair.now)
        pair.answer(said)
        assert pair.dispatcher.family is family


# Notifications are enabled once a session.


def asked(pair: Pair) -> list[Request[object]]:
    """Answer everything that is asked until nothing more is; return what that was."""
    found: list[Request[object]] = []
    pair.send()
    while pair.requests:
        request = parse_message(pair.requests[-1].message)
        assert isinstance(request, Request)
        found.append(request)
        pair.answer(LUMINA_INFORMATION if isinstance(request, RequestSystemInformation) else ACK)
        pair.send()
    return found


ENABLE = EnableNotifications(enabled=1)


def test_what_the_controller_is_comes_before_notifications_are_enabled() -> None:
    pair = Pair()
    woken: list[str] = []
    pending = pair.dispatcher.enable_notifications(lambda: woken.append("one"), pair.now)
    assert asked(pair) == [RequestSystemInformation(), ENABLE]
    assert woken == ["one"]
    pending.content()
    assert isinstance(told_of_modes(pair), LuminaModeChange)


def test_a_family_that_is_known_is_not_asked_for() -> None:
    pair = Pair(settings=replace(_SETTINGS, family=ControllerFamily.OMNI))
    pair.dispatcher.enable_notifications(silent, pair.now)
    assert asked(pair) == [ENABLE]
    learnt = Pair()
    learnt.dispatcher.submit(READ, silent, learnt.now)
    learnt.answer(INFORMATION)
    learnt.dispatcher.enable_notifications(silent, learnt.now)
    assert asked(learnt) == [ENABLE]


def test_notifications_are_enabled_once_however_many_want_them() -> None:
    pair = Pair()
    woken: list[str] = []
    first = pair.dispatcher.enable_notifications(lambda: woken.append("one"), pair.now)
    second = pair.dispatcher.enable_notifications(lambda: woken.append("two"), pair.now)
    assert asked(pair) == [RequestSystemInformation(), ENABLE]
    assert woken == ["one", "two"]
    late = pair.dispatcher.enable_notifications(lambda: woken.append("late"), pair.now)
    assert woken == ["one", "two", "late"]
    assert asked(pair) == []
    assert first is second is late


def test_what_failed_to_enable_notifications_is_asked_for_again() -> None:
    pair = Pair(settings=replace(_SETTINGS, family=ControllerFamily.OMNI))
    refused = pair.dispatcher.enable_notifications(silent, pair.now)
    pair.answer(Nak().to_message())
    assert refused.has_failed
    again = pair.dispatcher.enable_notifications(silent, pair.now)
    assert again is not refused
    assert asked(pair) == [ENABLE]
    again.content()


def test_without_a_session_notifications_cannot_be_enabled() -> None:
    pair = Pair()
    pair.dispatcher.enable_notifications(silent, pair.now)
    assert len(asked(pair)) == 2
    pair.lose()
    with pytest.raises(OmniConnectionError) as caught:
        pair.dispatcher.enable_notifications(silent, pair.now)
    assert caught.value.end is EndReason.LOST


def test_a_refusal_to_tell_what_it_is_keeps_nobody_from_notifications() -> None:
    pair = Pair()
    pending = pair.dispatcher.enable_notifications(silent, pair.now)
    pair.answer(Nak().to_message())
    pair.answer(ACK)
    pending.content()
    assert pair.dispatcher.family is None


def unanswered(pair: Pair) -> float:
    """Have the question go unanswered until its time-out, and enabling be acknowledged; return when that was."""
    asked_for: list[object] = []
    while pair.send():
        for request in pair.requests:
            asked_for.append(parse_message(request.message))
            if asked_for[-1] == ENABLE:
                pair.controller.reply(request, ACK, pair.now)
        pair.requests.clear()
        pair.receive()
    assert asked_for[-1] == RequestSystemInformation()
    due = pair.machine.next_timeout()
    assert due is not None
    pair.now = due
    pair.machine.handle_timeout(due)
    pair.dispatcher.dispatch()
    return due


def test_what_the_controller_is_is_asked_once_more_where_no_answer_came() -> None:
    pair = Pair()
    pair.dispatcher.enable_notifications(silent, pair.now)
    assert unanswered(pair) == 5.0
    # What was queued behind it comes first.
    assert asked(pair) == [ENABLE, RequestSystemInformation()]
    assert isinstance(told_of_modes(pair), LuminaModeChange)


def test_what_the_controller_is_is_asked_twice_at_most() -> None:
    pair = Pair()
    pair.dispatcher.enable_notifications(silent, pair.now)
    assert unanswered(pair) == 5.0
    # Counted from the time-out, not from the call.
    assert unanswered(pair) == 10.0
    assert asked(pair) == []
    assert pair.dispatcher.family is None
    assert pair.machine.next_timeout() is None


def test_what_is_known_by_then_is_not_asked_again_nor_is_what_is_asked_already() -> None:
    pair = Pair()
    pair.dispatcher.enable_notifications(silent, pair.now)
    pair.dispatcher.submit(READ, silent, pair.now)
    pair.send()
    assert [parse_message(request.message) for request in pair.requests] == [RequestSystemInformation()]
    pair.requests.clear()
    pair.now = 5.0
    pair.machine.handle_timeout(pair.now)
    # The user's own read comes in before the time-out is looked at.
    pair.dispatcher.family = ControllerFamily.OMNI
    pair.dispatcher.dispatch()
    assert asked(pair) == [ENABLE, READ]


def test_a_refusal_to_say_what_it_is_is_an_answer() -> None:
    pair = Pair()
    pair.dispatcher.enable_notifications(silent, pair.now)
    pair.answer(Nak().to_message())
    assert asked(pair) == [ENABLE]


def test_a_session_that_ends_with_the_question_open_asks_nothing_more() -> None:
    pair = Pair()
    pair.dispatcher.enable_notifications(silent, pair.now)
    pair.send()
    pair.lose()
    assert pair.dispatcher.family is None


def test_a_full_queue_keeps_the_question_from_being_asked_again_and_nothing_else() -> None:
    pair = Pair()
    pair.dispatcher.enable_notifications(silent, pair.now)
    pending = [pair.dispatcher.submit(READ, silent, pair.now) for _ in range(2)]
    pair.send()
    pair.requests.clear()
    pair.now = 5.0
    pair.machine.handle_timeout(pair.now)
    pending.append(pair.dispatcher.submit(READ, silent, pair.now))
    pair.dispatcher.dispatch()
    assert asked(pair) == [ENABLE, READ, READ, READ]
    assert all(reply.is_answered for reply in pending)


# Leases.


def test_a_lease_is_granted_when_nothing_is_in_flight_and_keeps_the_others_waiting() -> None:
    pair = Pair()
    order: list[str] = []
    pair.dispatcher.submit(READ, lambda: order.append("before"), pair.now)
    lease = pair.dispatcher.lease(lambda: order.append("granted"), pair.now)
    other = pair.dispatcher.submit(turn_unit_on(1), lambda: order.append("other"), pair.now)
    pair.dispatcher.dispatch()
    assert not lease.is_settled
    pair.answer(INFORMATION)
    assert order == ["before", "granted"]
    assert lease.is_settled
    held = lease.content()
    pair.send()
    assert pair.requests == []
    pair.dispatcher.submit(SET, lambda: order.append("mine"), pair.now, held)
    pair.answer(ACK)
    assert order == ["before", "granted", "mine"]
    pair.send()
    assert pair.requests == []
    pair.dispatcher.release(held, pair.now)
    pair.dispatcher.release(held, pair.now)
    pair.answer(ACK)
    assert other.is_settled
    assert order == ["before", "granted", "mine", "other"]


def test_a_security_command_ends_a_lease_for_who_holds_it() -> None:
    pair = Pair()
    woken: list[int] = []
    lease = pair.dispatcher.lease(lambda: woken.append(1), pair.now)
    pair.dispatcher.dispatch()
    held = lease.content()
    assert woken == [1]
    running = pair.dispatcher.submit(READ, silent, pair.now, held)
    queued = pair.dispatcher.submit(SET, silent, pair.now, held)
    code = pair.dispatcher.submit(RequestSecurityCodeValidation(1, UserCode("0042")), silent, pair.now)
    pair.dispatcher.dispatch()
    with pytest.raises(LeaseEndedError):
        queued.content()
    assert not running.is_settled
    pair.answer(INFORMATION)
    running.content()
    with pytest.raises(LeaseEndedError):
        pair.dispatcher.submit(SET, silent, pair.now, held)
    pair.answer(Message(OmniLink2MessageType.SECURITY_CODE_VALIDATION, b"\2\3"))
    code.content()
    # It was granted once, and who holds it is not woken for its end.
    assert woken == [1]
    pair.dispatcher.release(held, pair.now)


def test_a_lease_that_will_not_be_granted_says_why() -> None:
    pair = Pair()
    woken: list[int] = []
    pair.dispatcher.submit(READ, silent, pair.now)
    lease = pair.dispatcher.lease(lambda: woken.append(1), pair.now)
    pair.send()
    pair.lose()
    assert lease.is_settled
    assert woken == [1]
    raised = []
    for _ in range(2):
        with pytest.raises(OmniConnectionError) as caught:
            lease.content()
        assert caught.value.end is EndReason.LOST
        raised.append(caught.value)
    assert raised[0] is not raised[1]
    with pytest.raises(OmniConnectionError):
        pair.dispatcher.lease(silent, pair.now)


def test_a_lease_that_is_given_back_before_it_is_granted_wakes_nobody() -> None:
    pair = Pair()
    woken: list[int] = []
    pair.dispatcher.submit(READ, silent, pair.now)
    lease = pair.dispatcher.lease(lambda: woken.append(1), pair.now)
    pair.dispatcher.release(lease.lease, pair.now)
    other = pair.dispatcher.submit(SET, silent, pair.now)
    pair.answer(INFORMATION)
    pair.answer(ACK)
    assert other.is_settled
    assert not lease.is_settled
    assert woken == []


def test_who_waits_for_a_request_whose_lease_is_given_back_is_told_that_it_was_not_sent() -> None:
    pair = Pair()
    woken: list[int] = []
    held = pair.dispatcher.lease(silent, pair.now).lease
    pair.dispatcher.dispatch()
    running = pair.dispatcher.submit(READ, silent, pair.now, held)
    queued = pair.dispatcher.submit(SET, lambda: woken.append(1), pair.now, held)
    pair.dispatcher.release(held, pair.now)
    pair.dispatcher.dispatch()
    assert woken == [1]
    with pytest.raises(LocalProtocolError, match="not sent: its lease was given back"):
        queued.content()
    pair.answer(INFORMATION)
    running.content()
    pair.send()
    assert pair.requests == []

"""Leases: one operation has the connection for itself, and a security command comes first all the same."""

import random
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import pytest

from omnilink_sansio.errors import (
    LeaseEndedError,
    LocalProtocolError,
    OmniConnectionError,
)
from omnilink_sansio.messages.acknowledgements import Ack
from omnilink_sansio.messages.commands.security import set_security_mode
from omnilink_sansio.messages.commands.units import turn_unit_on
from omnilink_sansio.messages.objects.area import SecurityMode
from omnilink_sansio.messages.parse import parse_message
from omnilink_sansio.messages.raw_message import Payload
from omnilink_sansio.messages.request import Request
from omnilink_sansio.messages.security import validate_code
from omnilink_sansio.operations.operation import Lease, Operation, Pause, Release, Step, ask, leased
from omnilink_sansio.session import (
    ClientConnection,
    ClientEvent,
    ClientSettings,
    LeaseEnded,
    LeaseGranted,
    ReplyReceived,
    RequestCancelled,
    RequestFailed,
    SessionEnded,
)
from omnilink_sansio.session.events import LeaseId, RequestId
from omnilink_sansio.wire.message import Message
from tests.session.links import LINKS, LinkKind
from tests.session.peers import READ, drain

DISARM = set_security_mode(1, SecurityMode.OFF, 1)
ACK = Ack().to_message()
ON_EVERY_LINK = pytest.mark.parametrize("kind", LINKS, ids=lambda kind: kind.name)


def event_of(events: list[ClientEvent], kind: type[LeaseGranted] | type[LeaseEnded]) -> list[LeaseId]:
    return [event.lease for event in events if isinstance(event, kind)]


@ON_EVERY_LINK
def test_a_lease_waits_for_what_is_in_flight_and_keeps_all_others_waiting(kind: LinkKind) -> None:
    line = kind.online()
    client = line.client
    first = client.send(READ, 0.0)
    lease = client.lease(0.0)
    other = client.send(turn_unit_on(1), 0.0)
    assert line.take_messages() == [READ.to_message()]
    assert drain(client) == []
    assert line.answer(READ_REPLY, 0.1) == [ReplyReceived(first, READ_REPLY), LeaseGranted(lease)]
    assert line.take_messages() == []
    mine = client.send(turn_unit_on(2), 0.2, lease=lease)
    assert line.take_messages() == [turn_unit_on(2).to_message()]
    assert line.answer(ACK, 0.3) == [ReplyReceived(mine, ACK)]
    assert line.take_messages() == []
    client.release(lease, 0.4)
    assert line.take_messages() == [turn_unit_on(1).to_message()]
    assert line.answer(ACK, 0.5) == [ReplyReceived(other, ACK)]


@ON_EVERY_LINK
def test_two_leases_come_one_after_the_other(kind: LinkKind) -> None:
    line = kind.online()
    first, second = line.client.lease(0.0), line.client.lease(0.0)
    assert drain(line.client) == [LeaseGranted(first)]
    line.client.release(first, 1.0)
    assert drain(line.client) == [LeaseGranted(second)]


@ON_EVERY_LINK
@pytest.mark.parametrize("command", [DISARM, validate_code(1, "1234")], ids=["disarm", "whose code"])
def test_a_security_command_ends_it_in_order(kind: LinkKind, command: Request[object]) -> None:
    line = kind.online()
    client = line.client
    lease = client.lease(0.0)
    in_flight = client.send(turn_unit_on(1), 0.0, lease=lease)
    queued = client.send(turn_unit_on(2), 0.0, lease=lease)
    line.take_messages()
    client.send(command, 0.1)
    granted, failed, ended = drain(client)
    assert granted == LeaseGranted(lease)
    assert isinstance(failed, RequestFailed)
    assert failed.request_id == queued
    assert isinstance(failed.error, LeaseEndedError)
    assert isinstance(ended, LeaseEnded)
    assert isinstance(ended.error, LeaseEndedError)
    # What is in flight is still answered; nothing more of the lease is sent.
    assert line.take_messages() == []
    assert line.answer(ACK, 0.2) == [ReplyReceived(in_flight, ACK)]
    assert line.take_messages() == [command.to_message()]
    with pytest.raises(LeaseEndedError):
        client.send(turn_unit_on(3), 0.3, lease=lease)
    client.release(lease, 0.3)


@ON_EVERY_LINK
def test_a_security_command_waits_for_no_lease_that_was_wished_for_before_it(kind: LinkKind) -> None:
    line = kind.online()
    client = line.client
    held, wished = client.lease(0.0), client.lease(0.0)
    in_flight = client.send(turn_unit_on(1), 0.0, lease=held)
    other = client.send(turn_unit_on(2), 0.0)
    disarm = client.send(DISARM, 0.1)
    assert event_of(drain(client), LeaseEnded) == [held]
    sent = line.take_messages()
    answered = line.answer(ACK, 0.2)
    assert answered[0] == ReplyReceived(in_flight, ACK)
    sent += line.take_messages()
    assert sent == [turn_unit_on(1).to_message(), DISARM.to_message()]
    assert line.answer(ACK, 0.3) == [ReplyReceived(disarm, ACK), LeaseGranted(wished)]
    assert line.take_messages() == []
    client.release(wished, 0.4)
    assert line.take_messages() == [turn_unit_on(2).to_message()]
    assert line.answer(ACK, 0.5) == [ReplyReceived(other, ACK)]


@ON_EVERY_LINK
def test_a_security_command_of_its_own_does_not_end_it(kind: LinkKind) -> None:
    line = kind.online()
    lease = line.client.lease(0.0)
    line.client.send(DISARM, 0.0, lease=lease)
    assert event_of(drain(line.client), LeaseEnded) == []
    assert line.take_messages() == [DISARM.to_message()]


@ON_EVERY_LINK
def test_one_that_waits_can_be_given_back(kind: LinkKind) -> None:
    line = kind.online()
    held, wished = line.client.lease(0.0), line.client.lease(0.0)
    other = line.client.send(turn_unit_on(1), 0.0)
    line.client.release(wished, 0.1)
    line.client.release(held, 0.2)
    assert event_of(drain(line.client), LeaseGranted) == [held]
    assert line.take_messages() == [turn_unit_on(1).to_message()]
    assert line.answer(ACK, 0.3) == [ReplyReceived(other, ACK)]


@ON_EVERY_LINK
def test_releasing_cancels_what_is_still_queued_under_it(kind: LinkKind) -> None:
    line = kind.online()
    lease = line.client.lease(0.0)
    line.client.send(turn_unit_on(1), 0.0, lease=lease)
    queued = line.client.send(turn_unit_on(2), 0.0, lease=lease)
    line.client.release(lease, 0.1)
    assert drain(line.client) == [LeaseGranted(lease), RequestCancelled(queued, sent=False)]


@ON_EVERY_LINK
def test_no_keepalive_comes_in_between(kind: LinkKind) -> None:
    line = kind.online()
    lease = line.client.lease(0.0)
    assert line.client.next_timeout() is None
    line.client.release(lease, 100.0)
    assert line.client.next_timeout() == 60.0


@ON_EVERY_LINK
def test_the_end_of_the_session_is_its_end(kind: LinkKind) -> None:
    line = kind.online()
    held, wished = line.client.lease(0.0), line.client.lease(0.0)
    line.client.close(1.0)
    events = drain(line.client)
    assert event_of(events, LeaseEnded) == [held, wished]
    errors = [event.error for event in events if isinstance(event, LeaseEnded)]
    assert all(isinstance(error, OmniConnectionError) for error in errors)


@ON_EVERY_LINK
def test_misuse_is_refused_and_changes_nothing(kind: LinkKind) -> None:
    line = kind.online(ClientSettings(max_queued=1))
    client = line.client
    for lease in (0, 1, 2):
        with pytest.raises(LocalProtocolError, match="never given out"):
            client.release(lease, 0.0)
        with pytest.raises(LocalProtocolError, match="never given out"):
            client.send(READ, 0.0, lease=lease)
    held = client.lease(0.0)
    wished = client.lease(0.0)
    with pytest.raises(LocalProtocolError, match="not granted yet: wait for LeaseGranted"):
        client.send(READ, 0.0, lease=wished)
    with pytest.raises(LocalProtocolError, match="waiting already"):
        client.lease(0.0)
    assert event_of(drain(client), LeaseGranted) == [held]
    client.close(1.0)
    with pytest.raises(LocalProtocolError, match="need a session"):
        client.lease(1.0)


# Two operations, ten thousand steps.

READ_REPLY = Message(0x17, bytes((16, 4, 0, 2)) + b"5551234".ljust(25, b"\0"))
STEPS = 10_000


@dataclass
class Performer:
    """Performs operations one after another on a connection, as an adapter does, and can be cancelled at any
    step.
    """

    client: ClientConnection
    make: Callable[[], Operation[None]]
    operation: Generator[Step, Payload | None, None] | None = None
    waits_for: RequestId | LeaseId | None = None
    waits_for_lease: bool = False
    lease: LeaseId | None = None
    done: int = 0
    again: int = 0
    sent: deque[tuple[RequestId, Message]] = field(default_factory=deque)

    def begin(self, now: float) -> None:
        self.operation = self.make()
        self._go_on(lambda operation: next(operation), now)

    def cancel(self, now: float) -> None:
        if self.operation is None:
            return
        self.operation.close()
        if self.waits_for is not None and not self.waits_for_lease:
            self.client.cancel(self.waits_for, now)
        self._release(now)
        self.operation = self.waits_for = None

    def take(self, event: ClientEvent, now: float) -> None:
        match event:
            case ReplyReceived(request_id, message) if (
                not self.waits_for_lease and request_id == self.waits_for
            ):
                reply = parse_message(message)
                self._go_on(lambda operation: operation.send(reply), now)
            case RequestFailed(request_id, error) if (
                not self.waits_for_lease and request_id == self.waits_for
            ):
                failure = error
                self._go_on(lambda operation: operation.throw(failure), now)
            case LeaseGranted(lease) if self.waits_for_lease and lease == self.waits_for:
                self.lease = lease
                self._go_on(lambda operation: operation.send(None), now)

    def _go_on(self, advance: Callable[[Generator[Step, Payload | None, None]], Step], now: float) -> None:
        assert self.operation is not None
        self.waits_for, self.waits_for_lease = None, False
        try:
            step = advance(self.operation)
            while True:
                match step:
                    case Lease():
                        self.again += self.lease is not None
                        self.lease = None
                        self.waits_for, self.waits_for_lease = self.client.lease(now), True
                        return
                    case Release():
                        self._release(now)
                        step = self.operation.send(None)
                    case Pause():
                        step = self.operation.send(None)
                    case _:
                        try:
                            self.waits_for = self.client.send(step, now, lease=self.lease)
                        except LeaseEndedError as error:
                            step = self.operation.throw(error)
                            continue
                        return
        except StopIteration:
            self.done += 1
            self._release(now)
            self.operation = None

    def _release(self, now: float) -> None:
        lease = self.waits_for if self.waits_for_lease else self.lease
        if lease is not None:
            self.client.release(lease, now)
        self.lease = None


def upload(numbers: range) -> Operation[None]:
    """Send a row of commands that must not be interrupted."""
    for number in numbers:
        yield from ask(turn_unit_on(number))


@ON_EVERY_LINK
def test_ten_thousand_steps_of_two_operations_one_of_them_leased(kind: LinkKind) -> None:
    """Each reply belongs to its request, none is foreign in a lease, a cancellation frees it, a disarm ends it."""
    source = random.Random(7)
    line = kind.online()
    client = line.client
    runs = range(1, 6)
    leaseholder = Performer(client, lambda: leased(lambda: upload(runs)))
    other = Performer(client, lambda: upload(range(100, 103)))
    now, disarms, cancelled, in_row = 0.0, 0, 0, 0
    held_by: LeaseId | None = None
    unanswered: deque[Message] = deque()
    for _ in range(STEPS):
        now += 0.01
        what = source.random()
        if what < 0.25:
            performer = source.choice((leaseholder, other))
            if performer.operation is None:
                performer.begin(now)
        elif what < 0.30:
            performer = source.choice((leaseholder, other))
            cancelled += performer.operation is not None
            performer.cancel(now)
        elif what < 0.33 and client.state.value == "online":
            client.send(DISARM, now)
            disarms += 1
        elif unanswered:
            message = unanswered.popleft()
            for event in line.answer(ACK, now):
                if isinstance(event, ReplyReceived):
                    assert event.message == ACK
                leaseholder.take(event, now)
                other.take(event, now)
            assert message is not None
        # What happened without a reply: leases granted and ended.
        for event in drain(client):
            assert not isinstance(event, SessionEnded)
            leaseholder.take(event, now)
            other.take(event, now)
        for message in line.take_messages():
            unanswered.append(message)
            number = message.data[-1] if message.type == 0x14 else 0
            if leaseholder.lease is not None and number != 1 and message != DISARM.to_message():
                assert message in [turn_unit_on(n).to_message() for n in runs], (
                    "a foreign request inside the lease"
                )
                in_row += 1
        assert len(unanswered) <= 1
    assert held_by is None
    assert min(leaseholder.done, other.done, disarms, cancelled, leaseholder.again, in_row) > 50
    # Nothing is stuck: a lease is granted as soon as all that waits is done.
    for performer in (leaseholder, other):
        performer.cancel(now)
    lease = client.lease(now)
    granted = False
    for _ in range(200):
        granted = granted or LeaseGranted(lease) in drain(client)
        if granted:
            break
        granted = LeaseGranted(lease) in line.answer(ACK, now)
    assert granted

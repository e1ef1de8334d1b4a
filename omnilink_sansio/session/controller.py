"""The controller's end of a connection to one client (20P00 §PROTOCOL RULES)."""

from collections.abc import Callable, Mapping
from enum import Enum

from omnilink_sansio.errors import Fault, LocalProtocolError, RemoteProtocolError
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.session.connection import Cause, Connection
from omnilink_sansio.session.controller_states import CONTROLLER_TABLE, ControllerAction, ControllerInput
from omnilink_sansio.session.ends import ControllerEnd
from omnilink_sansio.session.events import (
    ControllerEvent,
    ControllerSessionEnded,
    PacketDropped,
    ReplyDropped,
    RequestId,
    RequestReceived,
    SessionStarted,
)
from omnilink_sansio.session.request_memory import RequestMemory
from omnilink_sansio.session.sequence import UNSOLICITED
from omnilink_sansio.session.settings import ControllerSettings
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.wire.cipher import SESSION_ID_SIZE, SessionCipher, derive_session_key
from omnilink_sansio.wire.framing import Framing, FramingError
from omnilink_sansio.wire.message import Message
from omnilink_sansio.wire.packet import Packet, PacketType

__all__ = ["ControllerConnection"]

_INPUTS: Mapping[int, ControllerInput] = {
    PacketType.CLIENT_SESSION_TERMINATED: ControllerInput.CLIENT_TERMINATED,
}
"""What packets mean that always mean the same."""


class ControllerConnection(Connection[ControllerInput, ControllerAction, ControllerEvent]):
    """The controller's end of the connection to one client, over one stream or from one datagram address.

    ``session_ids`` gives 5 random bytes for each session; ``may_start`` says whether another session fits (a
    client that has one already is never refused), ``recognises`` whether a request that comes again as a
    datagram is known to be a repeat; ``now`` is when a stream was accepted, so that a client that
    never says anything does not stay for ever; ``last_request_id`` is the last one that an earlier connection of
    the same client gave out, so that a reply to that is known as too late. Raises `LocalProtocolError` for a key
    that has not 16 bytes.

    A stream is CLOSED whenever packet 6 has been sent; on datagrams the connection is IDLE again, since the
    same peer may return.
    """

    _END_OF_STREAM = ControllerInput.END_OF_STREAM
    _BAD_STREAM = ControllerInput.BAD_STREAM
    _BAD_PACKET = ControllerInput.BAD_PACKET

    def __init__(
        self,
        controller_key: bytes,
        session_ids: Callable[[], bytes],
        *,
        framing: Framing = Framing.STREAM,
        settings: ControllerSettings | None = None,
        may_start: Callable[[], bool] = lambda: True,
        recognises: Callable[[], bool] = lambda: True,
        now: float | None = None,
        last_request_id: RequestId = 0,
    ) -> None:
        self._settings = settings = settings or ControllerSettings()
        super().__init__(
            CONTROLLER_TABLE,
            framing,
            settings.dialect,
            settings.tolerances,
            settings.incomplete_packet_timeout,
        )
        self._controller_key = ControllerKey(controller_key)
        self._session_ids = session_ids
        self._may_start = may_start
        self._deadline = None if now is None else now + settings.handshake_timeout
        self._session_id = b""
        self._request_sequence = UNSOLICITED
        self._offer = b""
        self._guarded_until = 0.0
        # Nothing is ever repeated on a stream.
        self._remembers = framing is Framing.DATAGRAM
        self._recognises = recognises if settings.deduplicate_requests else lambda: False
        self._memory = RequestMemory(settings.remembered_requests)
        self._unanswered: dict[RequestId, int] = {}
        self._last_id = last_request_id

    def __repr__(self) -> str:
        return f"<ControllerConnection {self._state.value}, {self._framing.value}>"

    @property
    def last_request_id(self) -> RequestId:
        """The last request ID that was given out."""
        return self._last_id

    def receive_data(self, data: bytes, now: float) -> None:
        """Take any piece of the stream, or exactly one datagram. Never raises.

        Afterwards pull events, write what is pending, re-arm the timeout; see `Connection`.
        """
        if self._deadline is None and self._state is ConnectionState.IDLE:
            self._deadline = now + self._settings.handshake_timeout
        super().receive_data(data, now)

    def reply(self, request: RequestReceived, message: Message, now: float) -> None:
        """Answer a request, once. After its session has ended the answer is dropped and reported.

        Raises `LocalProtocolError` when the message does not fit or the request is none of this connection's.
        Afterwards write what is pending, re-arm the timeout; see `Connection`.
        """
        encoded = self._encode(message)
        if not 1 <= request.request_id <= self._last_id:
            raise LocalProtocolError(f"request {request.request_id} was never received on this connection")
        sequence = self._unanswered.pop(request.request_id, None)
        if sequence is None or self._state is not ConnectionState.ONLINE:
            self._events.append(ReplyDropped(request.request_id))
            return
        self._now = now
        self._memory.answered(sequence, self._send_message(encoded, sequence))

    def notify(self, message: Message, now: float) -> None:
        """Send a message that answers nothing (sequence number 0).

        Raises `LocalProtocolError` when there is no session, or the message does not fit. Afterwards write
        what is pending, re-arm the timeout; see `Connection`.
        """
        if self._state is not ConnectionState.ONLINE:
            raise LocalProtocolError(
                f"notifications need a session, and this connection is {self._state.value}"
            )
        encoded = self._encode(message)
        self._now = now
        self._send_message(encoded, UNSOLICITED)

    def terminate(self, now: float) -> None:
        """End the session with packet 6; does nothing when there is none.

        Afterwards pull events, write what is pending, re-arm the timeout; see `Connection`.
        """
        if self._state in (ConnectionState.SECURING, ConnectionState.ONLINE):
            self._now = now
            self._take(ControllerInput.TERMINATE, None)

    def close(self, now: float) -> None:
        """End the session, if there is one, and the connection for good.

        Afterwards pull events, write what is pending, close the transport; see `Connection`.
        """
        if self._state is not ConnectionState.CLOSED:
            self._now = now
            self._take(ControllerInput.CLOSE, None)

    # What packets mean.

    def _classify(self, packet: Packet) -> ControllerInput:
        if packet.type == self._message_packet:
            return ControllerInput.MESSAGE
        match packet.type:
            case PacketType.CLIENT_REQUEST_NEW_SESSION:
                return self._classify_session_request(packet)
            case PacketType.CLIENT_REQUEST_SECURE_CONNECTION:
                if self._proves_key(packet):
                    return ControllerInput.KEY_PROVED
                return ControllerInput.KEY_NOT_PROVED
        return _INPUTS.get(packet.type, ControllerInput.STRAY_PACKET)

    def _classify_session_request(self, packet: Packet) -> ControllerInput:
        if self._state is ConnectionState.IDLE:
            if self._may_start():
                return ControllerInput.SESSION_REQUESTED
            return ControllerInput.SESSION_NOT_AVAILABLE
        same = self._framing is Framing.DATAGRAM and packet.sequence == self._request_sequence
        if same and (self._state is ConnectionState.SECURING or self._now < self._guarded_until):
            return ControllerInput.SESSION_REQUEST_REPEATED
        return ControllerInput.SESSION_REQUESTED

    def _proves_key(self, packet: Packet) -> bool:
        if self._cipher is None:
            return False
        return self._cipher.decrypt(packet.data, packet.sequence)[:SESSION_ID_SIZE] == self._session_id

    def _classify_fault(self, fault: FramingError) -> ControllerInput:
        if fault.fault is Fault.NO_SESSION_KEY:
            return ControllerInput.MESSAGE_WITHOUT_SESSION
        return super()._classify_fault(fault)

    # What is done.

    def _bind_actions(self) -> Mapping[ControllerAction, Callable[[Cause, Enum | None], None]]:
        return {
            ControllerAction.OFFER_SESSION: self._offer_session,
            ControllerAction.REPEAT_OFFER: self._repeat_offer,
            ControllerAction.REPLACE_SESSION: self._replace_session,
            ControllerAction.REFUSE: self._refuse,
            ControllerAction.GO_ONLINE: self._go_online,
            ControllerAction.REPEAT_ACKNOWLEDGEMENT: self._acknowledge,
            ControllerAction.RECEIVE: self._receive,
            ControllerAction.DROP: self._drop,
            ControllerAction.TERMINATE: self._terminate,
            ControllerAction.ANSWER_TERMINATED: self._answer_terminated,
            ControllerAction.END: self._end,
        }

    def _offer_session(self, cause: Cause, _why: Enum | None) -> None:
        assert isinstance(cause, Packet)
        self._accept()
        self._session_id = self._session_ids()
        self._cipher = SessionCipher(derive_session_key(self._controller_key, self._session_id))
        self._request_sequence = cause.sequence
        self._deadline = self._now + self._settings.handshake_timeout
        self._offer = self._write(
            PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION,
            cause.sequence,
            self._settings.offered_session_version.to_bytes(2, "big") + self._session_id,
        )

    def _repeat_offer(self, _cause: Cause, _why: Enum | None) -> None:
        self._outbox.append(self._offer)

    def _replace_session(self, cause: Cause, why: Enum | None) -> None:
        self._end(None, why)
        self._offer_session(cause, why)

    def _refuse(self, cause: Cause, _why: Enum | None) -> None:
        assert isinstance(cause, Packet)
        self._write(PacketType.CONTROLLER_CANNOT_START_NEW_SESSION, cause.sequence)

    def _go_online(self, cause: Cause, why: Enum | None) -> None:
        self._deadline = None
        self._guarded_until = self._now + self._settings.repeated_request_guard
        self._acknowledge(cause, why)
        self._events.append(SessionStarted())

    def _acknowledge(self, cause: Cause, _why: Enum | None) -> None:
        assert isinstance(cause, Packet)
        assert self._cipher is not None
        self._accept()
        proof = self._cipher.encrypt(self._session_id, cause.sequence)
        self._write(PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION, cause.sequence, proof)

    def _receive(self, cause: Cause, _why: Enum | None) -> None:
        assert isinstance(cause, Packet)
        try:
            message = self._decode(cause.data)
        except RemoteProtocolError as error:
            self._events.append(PacketDropped(error.fault, cause.type, cause.sequence, str(error)))
            return
        self._accept()
        if self._remembers and cause.sequence != UNSOLICITED:
            fault = self._memory.seen(cause.sequence)
            if fault is None:
                self._memory.begin(cause.sequence)
            elif self._recognises():
                answer = self._memory.answer(cause.sequence)
                if answer is not None:
                    self._outbox.append(answer)
                self._report_drop(cause, fault)
                return
        self._last_id = request_id = self._last_id + 1
        self._unanswered[request_id] = cause.sequence
        if len(self._unanswered) > self._settings.max_unanswered:
            del self._unanswered[next(iter(self._unanswered))]
        self._events.append(RequestReceived(request_id, cause.sequence, message))

    def _terminate(self, cause: Cause, why: Enum | None) -> None:
        self._answer_terminated(cause, why)
        self._end(cause, why)

    def _answer_terminated(self, cause: Cause, _why: Enum | None) -> None:
        sequence = cause.sequence if isinstance(cause, Packet | FramingError) else None
        self._write(PacketType.CONTROLLER_SESSION_TERMINATED, sequence or UNSOLICITED)

    def _end(self, cause: Cause, why: Enum | None) -> None:
        assert isinstance(why, ControllerEnd)
        self._cipher = None
        self._deadline = None
        self._memory.clear()
        self._unanswered.clear()
        detail = str(cause) if isinstance(cause, RemoteProtocolError) else ""
        self._events.append(ControllerSessionEnded(why, detail))

    def _send_message(self, encoded: bytes, sequence: int) -> bytes:
        assert self._cipher is not None
        return self._write(self._message_packet, sequence, self._cipher.encrypt(encoded, sequence))

    # Time.

    def _next_due(self) -> float | None:
        if self._state is ConnectionState.ONLINE:
            return self._last_accepted + self._settings.idle_timeout if self._settings.idle_timeout else None
        if self._state is ConnectionState.IDLE and self._framing is Framing.DATAGRAM:
            return None
        return self._deadline

    def _expire(self, now: float) -> None:
        due = self._next_due()
        if due is not None and now >= due:
            online = self._state is ConnectionState.ONLINE
            self._take(ControllerInput.IDLE_TIMEOUT if online else ControllerInput.HANDSHAKE_TIMEOUT, None)

"""The client's end of a connection: handshake, requests, keepalive, end (20P00 §PROTOCOL RULES)."""

from collections import deque
from collections.abc import Callable, Mapping
from enum import Enum

from omnilink_sansio.errors import (
    EndReason,
    LocalProtocolError,
    OmniConnectionError,
    OutcomeCause,
    RemoteProtocolError,
)
from omnilink_sansio.messages.request import RawRequest, Request
from omnilink_sansio.messages.system import RequestSystemStatus
from omnilink_sansio.messages.v1.opcodes import OmniLinkMessageType
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.session.client_states import CLIENT_TABLE, ClientAction, ClientInput
from omnilink_sansio.session.connection import Cause, Connection
from omnilink_sansio.session.ends import CLIENT_ENDS
from omnilink_sansio.session.events import (
    ClientEvent,
    NotificationReceived,
    PacketDropped,
    RequestId,
    SessionEnded,
    SessionStarted,
)
from omnilink_sansio.session.request_engine import RequestEngine
from omnilink_sansio.session.sequence import UNSOLICITED, sequence_after
from omnilink_sansio.session.settings import ClientSettings
from omnilink_sansio.session.states import ConnectionState
from omnilink_sansio.wire.cipher import SESSION_ID_SIZE, SessionCipher, derive_session_key
from omnilink_sansio.wire.framing import Framing
from omnilink_sansio.wire.message import START_V1, Message, ProtocolVersion
from omnilink_sansio.wire.packet import Packet, PacketType, encode_packet

__all__ = ["ClientConnection"]

_VERSION_SIZE = 2
_ONLINE = ConnectionState.ONLINE

_KEEPALIVES: Mapping[ProtocolVersion, Request[object]] = {
    ProtocolVersion.V1: RawRequest(Message(OmniLinkMessageType.REQUEST_SYSTEM_STATUS, start=START_V1)),
    ProtocolVersion.V2: RequestSystemStatus(),
}

_INPUTS: Mapping[int, ClientInput] = {
    PacketType.CONTROLLER_SESSION_TERMINATED: ClientInput.TERMINATED,
    PacketType.CONTROLLER_CANNOT_START_NEW_SESSION: ClientInput.REFUSED,
}
"""What packets mean that always mean the same."""


class ClientConnection(Connection[ClientInput, ClientAction, ClientEvent]):
    """The client's end of one connection to a controller: one session, or a failed attempt at one.

    Call `connect`, then treat it as every `Connection`. ``controller_key`` has 16 bytes; None finds out whether a
    session would be offered, and opens none. ``framing`` says how packets travel. Raises `LocalProtocolError` for
    a key of another length.
    """

    _END_OF_STREAM = ClientInput.END_OF_STREAM
    _BAD_STREAM = ClientInput.BAD_STREAM
    _BAD_PACKET = ClientInput.BAD_PACKET

    def __init__(
        self,
        controller_key: bytes | None,
        *,
        framing: Framing = Framing.STREAM,
        settings: ClientSettings | None = None,
    ) -> None:
        self._settings = settings = settings or ClientSettings()
        super().__init__(
            CLIENT_TABLE,
            framing,
            settings.dialect,
            settings.tolerances,
            settings.incomplete_packet_timeout,
        )
        self._controller_key = None if controller_key is None else ControllerKey(controller_key)
        self._session_id = b""
        self._sequence = 0
        self._last_sent = 0.0
        self._deadline = 0.0
        self._handshake_packet = b""
        self._handshake_repeat_at: float | None = None
        self._sessions_requested = 0
        self._started_anew = False
        self._peer_knows_key = False
        events: deque[ClientEvent] = self._events
        self._requests = RequestEngine(
            settings,
            events,
            self._send_message,
            self._send_again,
            link_loses_packets=framing is Framing.DATAGRAM,
        )

    def __repr__(self) -> str:
        return f"<ClientConnection {self._state.value}, {self._framing.value}>"

    def connect(self, now: float) -> None:
        """Begin the handshake. Raises `LocalProtocolError` unless the connection is IDLE.

        Afterwards pull events, write what is pending, re-arm the timeout; see `Connection`.
        """
        if self._state is not ConnectionState.IDLE:
            raise LocalProtocolError(
                f"a connection connects once, and this one is {self._state.value}: make a new one"
            )
        self._now = now
        self._take(ClientInput.CONNECT, None)

    def send(self, request: Request[object], now: float, *, repeat: bool | None = None) -> RequestId:
        """Send a request, or queue it until there is room; its reply comes as an event.

        ``repeat`` overrides, for datagram links, whether the request is sent again when it is not answered
        (by default READ and SET are, MOMENTARY is not). Raises `LocalProtocolError`, and nothing has changed,
        when the connection is not ONLINE, the queue is full or the request does not fit its message.
        Afterwards pull events, write what is pending, re-arm the timeout; see `Connection`.
        """
        if self._state is not _ONLINE:
            raise LocalProtocolError(f"requests need a session, and this connection is {self._state.value}")
        encoded = self._encode(request.to_message())
        request_id = self._requests.submit(request, encoded, now, self._accepted, repeat)
        self._now = now
        return request_id

    def cancel(self, request_id: RequestId, now: float) -> None:
        """Give a request up: it ends in one `RequestCancelled`, unless it has already ended.

        A sent one keeps its place until its reply or deadline and is not repeated. Raises `LocalProtocolError`
        for an ID that this connection never gave out. Afterwards pull events; see `Connection`.
        """
        self._requests.cancel(request_id)
        self._now = now

    def close(self, now: float) -> None:
        """End the session in order: fail what is open, send packet 5, wait briefly for the answer.

        Does nothing when the end is under way. Afterwards pull events, write what is pending, re-arm the
        timeout; see `Connection`.
        """
        if self._state not in (ConnectionState.CLOSING, ConnectionState.CLOSED):
            self._now = now
            self._take(ClientInput.CLOSE, None)

    # What packets mean.

    def _classify(self, packet: Packet) -> ClientInput:
        if packet.type == self._message_packet:
            if self._state is ConnectionState.CLOSING and not self._peer_knows_key:
                # Closed before it was online: who has proved nothing has nothing to say.
                return ClientInput.STRAY_PACKET
            return ClientInput.MESSAGE
        match packet.type:
            case PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION:
                version = int.from_bytes(packet.data[:_VERSION_SIZE], "big")
                if version not in self._settings.accepted_session_versions:
                    return ClientInput.OTHER_VERSION_OFFERED
                if self._controller_key is None and self._state is ConnectionState.REQUESTING:
                    return ClientInput.OFFERED_WITHOUT_KEY
                return ClientInput.SESSION_OFFERED
            case PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION:
                return self._classify_echo(packet)
            case PacketType.CONTROLLER_SESSION_TERMINATED if self._may_be_crossed_handshakes():
                return ClientInput.TERMINATED_AFTER_REPEAT
        return _INPUTS.get(packet.type, ClientInput.STRAY_PACKET)

    def _classify_echo(self, packet: Packet) -> ClientInput:
        if self._cipher is not None:
            echoed = self._cipher.decrypt(packet.data, packet.sequence)[:SESSION_ID_SIZE]
            if echoed == self._session_id:
                return ClientInput.SESSION_ID_ECHOED
        return ClientInput.OTHER_SESSION_ID_ECHOED

    def _may_be_crossed_handshakes(self) -> bool:
        return (
            self._state is ConnectionState.SECURING
            and self._framing is Framing.DATAGRAM
            and self._sessions_requested > 1
            and not self._started_anew
        )

    # What is done.

    def _bind_actions(self) -> Mapping[ClientAction, Callable[[Cause, Enum | None], None]]:
        return {
            ClientAction.REQUEST_SESSION: self._request_session,
            ClientAction.SECURE: self._secure,
            ClientAction.REKEY: self._rekey,
            ClientAction.START_ANEW: self._start_anew,
            ClientAction.GO_ONLINE: self._go_online,
            ClientAction.RECEIVE: self._receive,
            ClientAction.DROP: self._drop,
            ClientAction.SAY_GOODBYE: self._say_goodbye,
            ClientAction.END: self._end,
        }

    def _request_session(self, _cause: Cause, _why: Enum | None) -> None:
        self._last_accepted = self._now
        self._deadline = self._now + self._settings.handshake_timeout
        self._sessions_requested = 1
        self._send_handshake(PacketType.CLIENT_REQUEST_NEW_SESSION)

    def _start_anew(self, _cause: Cause, _why: Enum | None) -> None:
        self._started_anew = True
        self._cipher = None
        self._request_session(None, None)

    def _secure(self, cause: Cause, _why: Enum | None) -> None:
        assert isinstance(cause, Packet)
        assert self._controller_key is not None
        self._accept()
        self._session_id = cause.data[_VERSION_SIZE:]
        self._cipher = SessionCipher(derive_session_key(self._controller_key, self._session_id))
        self._send_handshake(PacketType.CLIENT_REQUEST_SECURE_CONNECTION, self._session_id)

    def _rekey(self, cause: Cause, why: Enum | None) -> None:
        assert isinstance(cause, Packet)
        if cause.data[_VERSION_SIZE:] == self._session_id:
            self._drop(cause, why, detail="the session offer that is being answered, once more")
        else:
            self._secure(cause, why)

    def _go_online(self, _cause: Cause, _why: Enum | None) -> None:
        self._accept()
        self._peer_knows_key = True
        self._handshake_repeat_at = None
        self._events.append(SessionStarted())

    def _receive(self, cause: Cause, _why: Enum | None) -> None:
        assert isinstance(cause, Packet)
        sequence = cause.sequence
        try:
            message = self._decode(cause.data)
        except RemoteProtocolError as error:
            self._events.append(PacketDropped(error.fault, cause.type, sequence, str(error)))
            self._requests.take_damaged_reply(sequence, error, self._now, self._accepted)
            return
        self._accepted += 1
        self._last_accepted = now = self._now
        if sequence == UNSOLICITED:
            self._events.append(NotificationReceived(message))
            return
        fault = self._requests.take_reply(sequence, message, now, self._accepted)
        if fault is not None:
            self._report_drop(cause, fault)

    def _say_goodbye(self, _cause: Cause, _why: Enum | None) -> None:
        self._handshake_repeat_at = None
        self._requests.end(CLIENT_ENDS[EndReason.CLOSED].text, OutcomeCause.CLOSE, None)
        self._deadline = self._now + self._settings.close_timeout
        self._send_packet(PacketType.CLIENT_SESSION_TERMINATED)

    def _end(self, cause: Cause, why: Enum | None) -> None:
        assert isinstance(why, EndReason)
        facts = CLIENT_ENDS[why]
        error: OmniConnectionError | None = None
        if facts.error is not None:
            blame = cause if isinstance(cause, RemoteProtocolError) else None
            error = facts.error(f"{facts.text} ({blame})" if blame else facts.text, why)
            error.__cause__ = blame
        self._requests.end(facts.text, OutcomeCause.LOSS, error)
        if facts.says_goodbye:
            self._send_packet(PacketType.CLIENT_SESSION_TERMINATED)
        self._events.append(SessionEnded(why, error))

    # Sending.

    def _send_packet(self, packet_type: PacketType, data: bytes = b"") -> bytes:
        self._sequence = sequence_after(self._sequence)
        self._last_sent = self._now
        return self._write(packet_type, self._sequence, data)

    def _send_handshake(self, packet_type: PacketType, secret: bytes = b"") -> None:
        data = secret
        if secret and self._cipher is not None:
            data = self._cipher.encrypt(secret, sequence_after(self._sequence))
        self._handshake_packet = self._send_packet(packet_type, data)
        if self._framing is Framing.DATAGRAM:
            self._handshake_repeat_at = self._now + self._settings.handshake_repeat

    def _send_message(self, encoded: bytes, now: float) -> tuple[int, bytes]:
        assert self._cipher is not None
        self._sequence = sequence = sequence_after(self._sequence)
        self._last_sent = now
        packet = encode_packet(sequence, self._message_packet, self._cipher.encrypt(encoded, sequence))
        self._outbox.append(packet)
        return sequence, packet

    def _send_again(self, packet: bytes) -> None:
        self._last_sent = self._now
        self._outbox.append(packet)

    # Time.

    def _next_due(self) -> float | None:
        if self._state is _ONLINE:
            due = self._requests.next_due()
            if due is None and self._settings.keepalive:
                return self._keepalive_due()
            return due
        match self._state:
            case ConnectionState.REQUESTING | ConnectionState.SECURING:
                if self._handshake_repeat_at is not None:
                    return min(self._deadline, self._handshake_repeat_at)
                return self._deadline
            case ConnectionState.CLOSING:
                return self._deadline
        return None

    def _keepalive_due(self) -> float:
        return min(self._last_accepted, self._last_sent) + self._settings.keepalive

    def _expire(self, now: float) -> None:
        match self._state:
            case ConnectionState.REQUESTING | ConnectionState.SECURING:
                self._expire_handshake(now)
            case ConnectionState.CLOSING:
                if now >= self._deadline:
                    self._take(ClientInput.CLOSE_TIMEOUT, None)
            case ConnectionState.ONLINE:
                self._expire_requests(now)

    def _expire_handshake(self, now: float) -> None:
        if now >= self._deadline:
            self._take(ClientInput.HANDSHAKE_TIMEOUT, None)
        elif self._handshake_repeat_at is not None and now >= self._handshake_repeat_at:
            if self._state is ConnectionState.REQUESTING:
                self._sessions_requested += 1
            self._handshake_repeat_at = now + self._settings.handshake_repeat
            self._send_again(self._handshake_packet)

    def _expire_requests(self, now: float) -> None:
        expired = self._requests.expire(now, self._accepted)
        unheard = [item for item in expired if item.heard_nothing]
        if any(item.was_keepalive for item in unheard):
            self._take(ClientInput.CONTROLLER_SILENT, None)
            return
        self._requests.repeat(now)
        if unheard and self._settings.keepalive:
            self._send_keepalive(now)
        self._requests.send_queued(now, self._accepted)
        if self._settings.keepalive and self._requests.is_idle and now >= self._keepalive_due():
            self._send_keepalive(now)

    def _send_keepalive(self, now: float) -> None:
        keepalive = _KEEPALIVES[self._protocol]
        self._requests.submit_keepalive(keepalive, keepalive.to_message().encode(), now, self._accepted)

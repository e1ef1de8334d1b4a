"""The controller's end of a secure link to one client: handshake, answers, and no request carried out twice."""

from collections.abc import Callable, Mapping

from omnilink_sansio.errors import Fault, RemoteProtocolError
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.session.end_reasons import ControllerEndReason
from omnilink_sansio.session.events import PacketDropped
from omnilink_sansio.session.link import Arrived, Opened, SessionOver
from omnilink_sansio.session.observer import Observer
from omnilink_sansio.session.request_memory import RequestMemory
from omnilink_sansio.session.secure_controller_states import (
    SECURE_CONTROLLER_TABLE,
    SecureControllerAction,
    SecureControllerInput,
)
from omnilink_sansio.session.secure_link import Found, SecureLink
from omnilink_sansio.session.sequence import UNSOLICITED
from omnilink_sansio.session.settings import ControllerSettings
from omnilink_sansio.session.states import LinkState
from omnilink_sansio.wire.cipher import SESSION_ID_SIZE, SessionCipher, derive_session_key
from omnilink_sansio.wire.framing import Framing, FramingError
from omnilink_sansio.wire.message import Message
from omnilink_sansio.wire.packet import Packet, PacketType

__all__ = ["SecureControllerLink"]


_INPUTS: Mapping[int, SecureControllerInput] = {
    PacketType.CLIENT_SESSION_TERMINATED: SecureControllerInput.CLIENT_TERMINATED,
}
"""What packets mean that always mean the same."""


def _proves(packet: Packet, cipher: SessionCipher, session_id: bytes) -> bool:
    """Whether a packet 3 proves the key for a session."""
    return cipher.decrypt(packet.data, packet.sequence)[:SESSION_ID_SIZE] == session_id


class SecureControllerLink(
    SecureLink[SecureControllerInput, SecureControllerAction, ControllerEndReason, SessionOver]
):
    """The controller's end of a secure link, over one stream or from one datagram address.

    ``session_ids`` gives 5 random bytes for each session; ``may_start`` says whether another session fits (a
    client that has one already is never refused), ``recognises`` whether a request that comes again as a
    datagram is known to be a repeat; ``now`` is when a stream was accepted, so that a client that never says
    anything does not stay for ever. Raises `LocalProtocolError` for a key that has not 16 bytes.

    A stream is CLOSED whenever packet 6 has been sent; on datagrams the link is IDLE again, since the same peer
    may return.
    """

    __slots__ = (
        "_before",
        "_controller_key",
        "_deadline",
        "_echo",
        "_guarded_until",
        "_is_datagram",
        "_last_accepted",
        "_may_start",
        "_memory",
        "_offer",
        "_offered",
        "_proof_number",
        "_recognises",
        "_request_number",
        "_session_id",
        "_session_ids",
        "_settings",
    )

    _END_OF_STREAM = SecureControllerInput.END_OF_STREAM
    _BAD_STREAM = SecureControllerInput.BAD_STREAM
    _BAD_PACKET = SecureControllerInput.BAD_PACKET
    _MESSAGE = SecureControllerInput.MESSAGE

    def __init__(
        self,
        controller_key: bytes,
        session_ids: Callable[[], bytes],
        *,
        framing: Framing,
        settings: ControllerSettings,
        may_start: Callable[[], bool],
        recognises: Callable[[], bool],
        now: float | None = None,
        observer: Observer | None = None,
    ) -> None:
        super().__init__(
            SECURE_CONTROLLER_TABLE,
            framing,
            settings.dialect,
            settings.tolerances,
            settings.incomplete_packet_timeout,
            observer,
        )
        self._settings = settings
        self._controller_key = ControllerKey(controller_key)
        self._session_ids = session_ids
        self._may_start = may_start
        self._is_datagram = framing is Framing.DATAGRAM
        self._recognises = recognises if settings.deduplicate_requests else lambda: False
        self._deadline = None if now is None or self._is_datagram else now + settings.handshake_timeout
        self._session_id = b""
        self._offered: tuple[SessionCipher, bytes] | None = None
        self._before: tuple[SessionCipher, bytes] | None = None
        self._request_number = UNSOLICITED
        self._proof_number: int | None = None
        self._offer = b""
        self._echo = b""
        self._guarded_until = 0.0
        self._last_accepted = 0.0
        self._memory = RequestMemory(settings.remembered_requests)

    @property
    def is_half_open(self) -> bool:
        """Whether a session was offered and the client has not proved yet that it knows the key."""
        return self._state is LinkState.SECURING

    # What the owner does.

    def feed(self, data: bytes, now: float) -> None:
        """Take any piece of the stream, or exactly one datagram. Never raises."""
        if self._deadline is None and self._state is LinkState.IDLE and not self._is_datagram:
            self._deadline = now + self._settings.handshake_timeout
        super().feed(data, now)

    def answer(self, tag: int, encoded: bytes, now: float) -> None:
        """Answer the request of this tag with a message that `encode` made."""
        self._now = now
        self._memory.answered(tag, self._write_message(tag, encoded))

    def push(self, encoded: bytes, now: float) -> None:
        """Send a message that answers nothing: sequence number 0."""
        self._now = now
        self._write_message(UNSOLICITED, encoded)

    def terminate(self, now: float) -> SessionOver | None:
        """End the session with packet 6; return its end, None when there is none."""
        if self._state not in (LinkState.SECURING, LinkState.ONLINE):
            return None
        self._now = now
        return self._take(SecureControllerInput.TERMINATE)

    def close(self, now: float) -> SessionOver | None:
        """End the session, if there is one, and the link for good."""
        if self._state is LinkState.CLOSED:
            return None
        self._now = now
        return self._take(SecureControllerInput.CLOSE)

    # What packets mean.

    def _classify(self, packet: Packet) -> SecureControllerInput:
        if packet.type == self._message_packet:
            return SecureControllerInput.MESSAGE
        if packet.type == PacketType.CLIENT_REQUEST_NEW_SESSION:
            return self._classify_session_request(packet)
        if packet.type == PacketType.CLIENT_REQUEST_SECURE_CONNECTION:
            return self._classify_proof(packet)
        return _INPUTS.get(packet.type, SecureControllerInput.STRAY_PACKET)

    def _classify_session_request(self, packet: Packet) -> SecureControllerInput:
        if self._state is LinkState.IDLE:
            if self._may_start():
                return SecureControllerInput.SESSION_REQUESTED
            return SecureControllerInput.SESSION_NOT_AVAILABLE
        same = self._is_datagram and packet.sequence == self._request_number
        if same and (self._state is LinkState.SECURING or self._now < self._guarded_until):
            return SecureControllerInput.SESSION_REQUEST_REPEATED
        return SecureControllerInput.SESSION_REQUESTED

    def _classify_proof(self, packet: Packet) -> SecureControllerInput:
        if self._cipher is None:
            return SecureControllerInput.KEY_NOT_PROVED
        if _proves(packet, self._cipher, self._session_id):
            return SecureControllerInput.KEY_PROVED
        is_securing_datagrams = self._is_datagram and self._state is LinkState.SECURING
        if is_securing_datagrams and self._before is not None and _proves(packet, *self._before):
            return SecureControllerInput.LATE_PROOF
        return SecureControllerInput.KEY_NOT_PROVED

    def _classify_fault(self, fault: FramingError) -> SecureControllerInput:
        if fault.fault is Fault.NO_SESSION_KEY:
            return SecureControllerInput.MESSAGE_WITHOUT_SESSION
        return super()._classify_fault(fault)

    # What is done.

    def _offer_session(self, packet: Packet, _fault: Fault) -> None:
        self._accept()
        self._before = self._offered
        self._session_id = self._session_ids()
        self._cipher = SessionCipher(derive_session_key(self._controller_key, self._session_id))
        self._offered = self._cipher, self._session_id
        self._request_number = packet.sequence
        self._proof_number = None
        # A stream has one time-out to prove its key in, however often it asks for a session.
        if self._deadline is None or not self._offer:
            self._deadline = self._now + self._settings.handshake_timeout
        self._offer = self._write(
            PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION,
            packet.sequence,
            self._settings.offered_session_version.to_bytes(2, "big") + self._session_id,
        )

    def _repeat_offer(self, _packet: Packet, _fault: Fault) -> None:
        self._write_again(self._offer)

    def _refuse(self, packet: Packet, _fault: Fault) -> None:
        self._write(PacketType.CONTROLLER_CANNOT_START_NEW_SESSION, packet.sequence)

    def _go_online(self, packet: Packet, fault: Fault) -> Opened:
        self._deadline = None
        self._guarded_until = self._now + self._settings.repeated_request_guard
        self._acknowledge(packet, fault)
        return Opened()

    def _acknowledge(self, packet: Packet, _fault: Fault) -> None:
        assert self._cipher is not None
        self._accept()
        sequence = packet.sequence
        if sequence == self._proof_number:
            self._write_again(self._echo)
            return
        proof = self._cipher.encrypt(self._session_id, sequence)
        self._echo = self._write(PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION, sequence, proof)
        self._proof_number = sequence

    def _receive(self, packet: Packet, _fault: Fault) -> Arrived | PacketDropped:
        try:
            message = Message.decode(packet.data, self._tolerances)
            if message.start not in self._starts:
                raise self._not_carried(message)
        except RemoteProtocolError as error:
            return self._drop(packet, error.fault, str(error))
        self._accept()
        sequence = packet.sequence
        if sequence != UNSOLICITED:
            fault = self._memory.fault_of(sequence)
            if fault is None:
                self._memory.begin(sequence)
            elif not self._carries_out_again(fault):
                answer = self._memory.answer(sequence)
                if answer is not None and self._is_datagram:
                    self._write_again(answer)
                return self._drop(packet, fault)
        return Arrived(sequence, message)

    def _carries_out_again(self, fault: Fault) -> bool:
        """Whether a copy of a request is carried out like the request, as some panels do with datagrams."""
        return self._is_datagram and fault is not Fault.SEQUENCE_LEAP and not self._recognises()

    def _terminate_packet(self, packet: Packet, _fault: Fault) -> None:
        self._send_termination(packet.sequence)

    def _terminate_fault(self, fault: RemoteProtocolError) -> None:
        sequence = fault.sequence if isinstance(fault, FramingError) else None
        self._send_termination(sequence or UNSOLICITED)

    def _send_termination(self, sequence: int = UNSOLICITED) -> None:
        self._write(PacketType.CONTROLLER_SESSION_TERMINATED, sequence)

    _packet_actions: Mapping[SecureControllerAction, Callable[..., Found]] = {
        SecureControllerAction.OFFER_SESSION: _offer_session,
        SecureControllerAction.REPEAT_OFFER: _repeat_offer,
        SecureControllerAction.REFUSE: _refuse,
        SecureControllerAction.GO_ONLINE: _go_online,
        SecureControllerAction.REPEAT_ACKNOWLEDGEMENT: _acknowledge,
        SecureControllerAction.RECEIVE: _receive,
        SecureControllerAction.DROP: SecureLink._drop,  # noqa: SLF001 - inherited
        SecureControllerAction.SEND_TERMINATION: _terminate_packet,
    }
    _fault_actions: Mapping[SecureControllerAction, Callable[..., PacketDropped | None]] = {
        SecureControllerAction.DROP: SecureLink._drop_fault,  # noqa: SLF001 - inherited
        SecureControllerAction.SEND_TERMINATION: _terminate_fault,
    }
    _lone_actions: Mapping[SecureControllerAction, Callable[..., None]] = {
        SecureControllerAction.SEND_TERMINATION: _send_termination,
    }

    def _ended(self, reason: ControllerEndReason, fault: RemoteProtocolError | None) -> SessionOver:
        self._cipher = None
        if self._is_datagram or reason is not ControllerEndReason.REPLACED:
            self._deadline = None
        self._memory.clear()
        return SessionOver(reason, "" if fault is None else str(fault))

    def _accept(self) -> None:
        """Note a sign of life: a whole accepted packet."""
        self._last_accepted = self._now

    def _write_message(self, sequence: int, encoded: bytes) -> bytes:
        assert self._cipher is not None
        return self._write(self._message_packet, sequence, self._cipher.encrypt(encoded, sequence))

    # Time.

    def _own_due(self) -> float | None:
        if self._state is LinkState.ONLINE:
            return self._last_accepted + self._settings.idle_timeout if self._settings.idle_timeout else None
        return self._deadline

    def _own_expire(self, now: float) -> SessionOver | None:
        due = self._own_due()
        if due is None or now < due:
            return None
        if self._state is LinkState.ONLINE:
            return self._take(SecureControllerInput.IDLE_TIMEOUT)
        return self._take(SecureControllerInput.HANDSHAKE_TIMEOUT)

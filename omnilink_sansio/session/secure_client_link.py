"""The client's end of a secure link: handshake, goodbye, and numbers that go on from session to session.

On datagrams anything may be an old copy, or forged by somebody who sees no packet. So there an answer counts only
under the number of what it answers, numbers go on from the last session (`SessionHistory`), and what cannot be
right is dropped rather than believed.
"""

from collections.abc import Callable, Mapping

from omnilink_sansio.errors import EndReason, Fault, LocalProtocolError, RemoteProtocolError
from omnilink_sansio.secrets import ControllerKey
from omnilink_sansio.session.end_reasons import end_error
from omnilink_sansio.session.events import PacketDropped
from omnilink_sansio.session.history import CarryNumbers, SessionHistory
from omnilink_sansio.session.link import Arrived, Damaged, Ended, Opened
from omnilink_sansio.session.observer import Observer, PacketSent
from omnilink_sansio.session.secure_client_states import (
    SECURE_CLIENT_TABLE,
    SecureClientAction,
    SecureClientInput,
)
from omnilink_sansio.session.secure_link import Found, SecureLink
from omnilink_sansio.session.sequence import HIGHEST_SEQUENCE, UNSOLICITED, sequence_after
from omnilink_sansio.session.settings import ClientSettings
from omnilink_sansio.session.states import LinkState
from omnilink_sansio.wire.cipher import SESSION_ID_SIZE, SessionCipher, derive_session_key
from omnilink_sansio.wire.framing import Framing
from omnilink_sansio.wire.message import Message
from omnilink_sansio.wire.packet import Packet, PacketType, encode_packet
from omnilink_sansio.wire.tolerance import Tolerance

__all__ = ["SecureClientLink"]

_VERSION_SIZE = 2
_NO_HISTORY = SessionHistory()
_HANDSHAKE = (LinkState.REQUESTING, LinkState.SECURING)

_INPUTS: Mapping[int, SecureClientInput] = {
    PacketType.CONTROLLER_SESSION_TERMINATED: SecureClientInput.TERMINATED,
    PacketType.CONTROLLER_CANNOT_START_NEW_SESSION: SecureClientInput.REFUSED,
}
"""What packets mean that always mean the same."""


class SecureClientLink(SecureLink[SecureClientInput, SecureClientAction, EndReason, Ended]):
    """The client's end of a secure link to a controller: one session, or a failed attempt at one.

    ``controller_key`` has 16 bytes; None finds out whether a session would be offered, and opens none. Raises
    `LocalProtocolError` for a key of another length.
    """

    __slots__ = (
        "_before",
        "_checks_numbers",
        "_controller_key",
        "_deadline",
        "_ended_at",
        "_first_sequence",
        "_goodbye",
        "_handshake_packet",
        "_is_datagram",
        "_key_proved",
        "_offers_answered",
        "_other_version",
        "_proof_number",
        "_repeat_at",
        "_request_number",
        "_requests_sent",
        "_reuses_session_id",
        "_sequence",
        "_session_id",
        "_settings",
        "_started_anew",
        "_was_online",
    )

    _END_OF_STREAM = SecureClientInput.END_OF_STREAM
    _BAD_STREAM = SecureClientInput.BAD_STREAM
    _BAD_PACKET = SecureClientInput.BAD_PACKET
    _MESSAGE = SecureClientInput.MESSAGE

    def __init__(
        self,
        controller_key: bytes | None,
        *,
        framing: Framing,
        settings: ClientSettings,
        history: SessionHistory | None = None,
        observer: Observer | None = None,
    ) -> None:
        super().__init__(
            SECURE_CLIENT_TABLE,
            framing,
            settings.dialect,
            settings.tolerances,
            settings.incomplete_packet_timeout,
            observer,
        )
        self._settings = settings
        self._controller_key = None if controller_key is None else ControllerKey(controller_key)
        self._is_datagram = framing is Framing.DATAGRAM
        tolerates_numbers = Tolerance.HANDSHAKE_NUMBERS in settings.tolerances
        self._checks_numbers = self._is_datagram and not tolerates_numbers
        self._before = _NO_HISTORY if history is None else history
        if not isinstance(self._before, SessionHistory):
            raise LocalProtocolError(
                f"history is a SessionHistory, not {history!r}: use an earlier connection's"
            )
        carries = settings.carry_numbers
        carried = carries is CarryNumbers.ALWAYS or (carries is CarryNumbers.DATAGRAMS and self._is_datagram)
        self._sequence = self._first_sequence = self._before.last_number if carried else UNSOLICITED
        self._session_id = b""
        self._request_number = UNSOLICITED
        self._proof_number = UNSOLICITED
        self._requests_sent = 0
        self._offers_answered = 0
        self._started_anew = False
        self._other_version: int | None = None
        self._reuses_session_id = False
        self._handshake_packet = b""
        self._goodbye = b""
        self._deadline = 0.0
        self._repeat_at: float | None = None
        self._was_online = False
        self._key_proved = self._before.key_proved
        self._ended_at: float | None = None

    @property
    def loses_messages(self) -> bool:
        """Whether what is sent may get lost, so that requests are repeated."""
        return self._is_datagram

    @property
    def history(self) -> SessionHistory:
        """What the next session's link has to know of this one, when this one is over, and before."""
        if self._was_online:
            ended_at = self._now if self._ended_at is None else self._ended_at
            return SessionHistory(self._sequence, self._session_id, ended_at, self._key_proved)
        if self._sequence == self._first_sequence:
            # Nothing was sent: this attempt says nothing of the numbers.
            return self._before
        # No panel is known to mind numbers that go on; should one, the next attempt begins at 1. Where numbers are
        # to go on always, nobody may set them back by breaking an attempt.
        goes_on = self._settings.carry_numbers is CarryNumbers.ALWAYS
        is_set_back = self._first_sequence != UNSOLICITED and not goes_on
        return self._before._replace(last_number=UNSOLICITED if is_set_back else self._sequence)

    # What the owner does.

    def open(self, now: float) -> None:
        """Begin the handshake."""
        self._now = now
        self._take(SecureClientInput.OPEN)

    def close(self, now: float) -> Ended | None:
        """End the session in order; return the end when there is nothing to wait for."""
        self._now = now
        return self._take(SecureClientInput.CLOSE)

    def abandon(self, now: float) -> Ended | None:
        """End the session without waiting for a controller that does not answer."""
        self._now = now
        return self._take(SecureClientInput.ABANDON)

    def send(self, encoded: bytes, now: float) -> int:
        """Send a request that `encode` made; return the tag of its reply: its sequence number."""
        assert self._cipher is not None
        self._now = now
        # As `sequence_after`, without the call: every request passes here.
        self._sequence = sequence = self._sequence % HIGHEST_SEQUENCE + 1
        data = self._cipher.encrypt(encoded, sequence)
        self._outbox.append(encode_packet(sequence, self._message_packet, data))
        if self._observer is not None:
            self._observer(PacketSent(now, self._message_packet, sequence, len(data)))
        return sequence

    def repeat(self, tag: int, encoded: bytes, now: float) -> None:
        """Send a request again, as the same bytes under the same number."""
        self._now = now
        assert self._cipher is not None
        self._write_again(encode_packet(tag, self._message_packet, self._cipher.encrypt(encoded, tag)))

    # What packets mean.

    def _classify(self, packet: Packet) -> SecureClientInput:
        kind = packet.type
        if kind == self._message_packet:
            if self._state is LinkState.CLOSING and not self._was_online:
                # Closed before it was online: who has proved nothing has nothing to say.
                return SecureClientInput.STRAY_PACKET
            return SecureClientInput.MESSAGE
        if kind == PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION:
            return self._classify_offer(packet)
        if kind == PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION:
            return self._classify_echo(packet)
        if kind == PacketType.CONTROLLER_SESSION_TERMINATED and self._is_in_doubt():
            if self._started_anew:
                return SecureClientInput.TERMINATED_IN_DOUBT_AGAIN
            return SecureClientInput.TERMINATED_IN_DOUBT
        return _INPUTS.get(kind, SecureClientInput.STRAY_PACKET)

    def _classify_offer(self, packet: Packet) -> SecureClientInput:
        is_waited_for = self._state in _HANDSHAKE
        if is_waited_for and self._checks_numbers and packet.sequence != self._request_number:
            return SecureClientInput.STALE_ANSWER
        version = int.from_bytes(packet.data[:_VERSION_SIZE], "big")
        if version not in self._settings.accepted_session_versions:
            self._other_version = version
            return SecureClientInput.OTHER_VERSION_OFFERED
        if self._controller_key is None and self._state is LinkState.REQUESTING:
            return SecureClientInput.OFFERED_WITHOUT_KEY
        if not is_waited_for or not self._is_datagram:
            return SecureClientInput.SESSION_OFFERED
        return self._classify_offered_session(packet.data[_VERSION_SIZE:])

    def _classify_offered_session(self, session_id: bytes) -> SecureClientInput:
        """Return what an offer is as a datagram that answers packet 1."""
        guarded_until = self._before.ended_at + self._settings.session_id_guard
        if self._state is LinkState.SECURING and session_id == self._session_id:
            return SecureClientInput.OFFER_REPEATED
        if session_id == self._before.session_id and self._now < guarded_until:
            return SecureClientInput.LAST_SESSION_OFFERED
        if self._offers_answered >= self._settings.max_offers:
            return SecureClientInput.TOO_MANY_OFFERS
        if self._state is LinkState.SECURING:
            return SecureClientInput.OTHER_SESSION_OFFERED
        return SecureClientInput.SESSION_OFFERED

    def _classify_echo(self, packet: Packet) -> SecureClientInput:
        if self._cipher is not None:
            is_waited_for = self._state is LinkState.SECURING
            if is_waited_for and self._checks_numbers and packet.sequence != self._proof_number:
                return SecureClientInput.STALE_ANSWER
            echoed = self._cipher.decrypt(packet.data, packet.sequence)[:SESSION_ID_SIZE]
            if echoed == self._session_id:
                return SecureClientInput.SESSION_ID_ECHOED
        return SecureClientInput.OTHER_SESSION_ID_ECHOED

    def _is_in_doubt(self) -> bool:
        """Whether a packet 6 may be about another session than the one that we proved our key for."""
        is_clean = self._requests_sent == 1 and self._offers_answered == 1
        return self._state is LinkState.SECURING and self._is_datagram and not is_clean

    # What is done.

    def _request_session(self) -> None:
        self._deadline = self._now + self._settings.handshake_timeout
        self._requests_sent += 1
        self._write_handshake(PacketType.CLIENT_REQUEST_NEW_SESSION)
        self._request_number = self._sequence

    def _start_anew(self, _packet: Packet, _fault: Fault) -> None:
        self._started_anew = True
        self._cipher = None
        self._request_session()

    def _secure(self, packet: Packet, _fault: Fault) -> None:
        assert self._controller_key is not None
        self._offers_answered += 1
        self._session_id = packet.data[_VERSION_SIZE:]
        self._reuses_session_id = self._session_id == self._before.session_id
        self._cipher = SessionCipher(derive_session_key(self._controller_key, self._session_id))
        proof = self._cipher.encrypt(self._session_id, sequence_after(self._sequence))
        self._write_handshake(PacketType.CLIENT_REQUEST_SECURE_CONNECTION, proof)
        self._proof_number = self._sequence

    def _go_online(self, _packet: Packet, _fault: Fault) -> Opened:
        self._was_online = True
        self._handshake_packet = b""
        self._repeat_at = None
        return Opened(self._reuses_session_id)

    def _receive(self, packet: Packet, _fault: Fault) -> Arrived | Damaged | PacketDropped:
        sequence = packet.sequence
        try:
            message = Message.decode(packet.data, self._tolerances)
            if message.start not in self._starts:
                raise self._not_carried(message)
        except RemoteProtocolError as error:
            dropped = self._drop(packet, error.fault, str(error))
            return dropped if sequence == UNSOLICITED else Damaged(sequence, error, dropped)
        self._key_proved = True
        # As ``Arrived(...)``, in half the time: every message passes here.
        return tuple.__new__(Arrived, (sequence or None, message))

    def _drop_repeated_offer(self, packet: Packet, fault: Fault) -> PacketDropped:
        return self._drop(packet, fault, "the session offer that is being answered, once more")

    def _send_goodbye(self) -> None:
        self._deadline = self._now + self._settings.close_timeout
        self._sequence = sequence_after(self._sequence)
        self._goodbye = self._write(PacketType.CLIENT_SESSION_TERMINATED, self._sequence)
        self._repeat_at = self._now + self._settings.close_repeat if self._is_datagram else None

    def _leave_on_packet(self, _packet: Packet, _fault: Fault) -> None:
        self._send_goodbye()

    def _leave_on_fault(self, _fault: RemoteProtocolError) -> None:
        self._send_goodbye()

    _packet_actions: Mapping[SecureClientAction, Callable[..., Found]] = {
        SecureClientAction.SECURE: _secure,
        SecureClientAction.START_ANEW: _start_anew,
        SecureClientAction.GO_ONLINE: _go_online,
        SecureClientAction.RECEIVE: _receive,
        SecureClientAction.DROP: SecureLink._drop,  # noqa: SLF001 - inherited
        SecureClientAction.DROP_REPEATED_OFFER: _drop_repeated_offer,
        SecureClientAction.SEND_GOODBYE: _leave_on_packet,
    }
    _fault_actions: Mapping[SecureClientAction, Callable[..., PacketDropped | None]] = {
        SecureClientAction.DROP: SecureLink._drop_fault,  # noqa: SLF001 - inherited
        SecureClientAction.SEND_GOODBYE: _leave_on_fault,
    }
    _lone_actions: Mapping[SecureClientAction, Callable[..., None]] = {
        SecureClientAction.REQUEST_SESSION: _request_session,
        SecureClientAction.SEND_GOODBYE: _send_goodbye,
    }

    def _ended(self, reason: EndReason, fault: RemoteProtocolError | None) -> Ended:
        self._ended_at = self._now
        versions = ""
        if reason is EndReason.VERSION:
            versions = f"it offered {self._other_version}"
        return Ended(reason, end_error(reason, fault, versions))

    # Sending.

    def _write_handshake(self, packet_type: PacketType, data: bytes = b"") -> None:
        self._sequence = sequence_after(self._sequence)
        self._handshake_packet = self._write(packet_type, self._sequence, data)
        self._repeat_at = self._now + self._settings.handshake_repeat if self._is_datagram else None

    # Time.

    def _own_due(self) -> float | None:
        if self._state is LinkState.ONLINE or self._state is LinkState.IDLE:
            return None
        return self._deadline if self._repeat_at is None else min(self._deadline, self._repeat_at)

    def _own_expire(self, now: float) -> Ended | None:
        due = self._own_due()
        if due is None or now < due:
            return None
        if now >= self._deadline:
            return self._take(self._expired())
        self._repeat(now)
        return None

    def _expired(self) -> SecureClientInput:
        if self._state is LinkState.CLOSING:
            return SecureClientInput.CLOSE_TIMEOUT
        if self._state is LinkState.REQUESTING and self._other_version is not None:
            return SecureClientInput.VERSION_TIMEOUT
        return SecureClientInput.HANDSHAKE_TIMEOUT

    def _repeat(self, now: float) -> None:
        if self._state is LinkState.CLOSING:
            self._repeat_at = now + self._settings.close_repeat
            self._write_again(self._goodbye)
            return
        self._requests_sent += self._state is LinkState.REQUESTING
        self._repeat_at = now + self._settings.handshake_repeat
        self._write_again(self._handshake_packet)

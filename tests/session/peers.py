"""Scripted peers: they make packets from the wire's parts alone, without a machine of their own."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence, Set
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import TypeVar

from omnilink_sansio import (
    ClientConnection,
    ClientSettings,
    Connection,
    ControllerConnection,
    ControllerSettings,
    Framing,
    Message,
    Packet,
    PacketDropped,
    PacketType,
    ProtocolVersion,
    Request,
    SessionCipher,
    derive_session_key,
)
from omnilink_sansio.commands import Command, ControllerCommand, turn_unit_on
from omnilink_sansio.messages.dialect import Dialect, dialect_of
from omnilink_sansio.opcodes import OmniLink2MessageType, OmniLinkMessageType
from omnilink_sansio.session.link import Link
from omnilink_sansio.session.secure_client_link import SecureClientLink
from omnilink_sansio.session.secure_controller_link import SecureControllerLink
from omnilink_sansio.session.states import LinkState
from omnilink_sansio.system import Ack, RequestSystemInformation
from omnilink_sansio.wire.message import START_V1, START_V1_ADDRESSABLE, START_V2

KEY = bytes(range(16))
OTHER_KEY = bytes(range(1, 17))
SESSION_ID = bytes.fromhex("0a0b0c0d0e")
OTHER_SESSION_ID = bytes.fromhex("1122334455")

READ = RequestSystemInformation()
SET = turn_unit_on(7)
MOMENTARY = ControllerCommand(Command.EXECUTE_BUTTON, 0, 3)
ACK = Ack().to_message()
INFORMATION = Message(
    OmniLink2MessageType.SYSTEM_INFORMATION, bytes((16, 4, 0, 2)) + b"5551234".ljust(25, b"\0")
)
EVENT = Message(OmniLink2MessageType.OTHER_EVENT_NOTIFICATIONS, bytes.fromhex("0001"))

UNKNOWN_TYPE = 99
REFUSALS = {
    START_V1: OmniLinkMessageType.NEGATIVE_ACKNOWLEDGE,
    START_V1_ADDRESSABLE: OmniLinkMessageType.NEGATIVE_ACKNOWLEDGE,
    START_V2: OmniLink2MessageType.NEGATIVE_ACKNOWLEDGE,
}
MESSAGE_PACKET = {
    ProtocolVersion.V1: PacketType.OMNI_LINK_MESSAGE,
    ProtocolVersion.V2: PacketType.OMNI_LINK_II_MESSAGE,
}

_L = TypeVar("_L", bound=Link)
_F = TypeVar("_F")
_I = TypeVar("_I", bound=IntEnum)
_E = TypeVar("_E")


def echo_to(message: Message, data: bytes | None = None) -> Message:
    """Return an answer of a type that the request allows: what it asks for, or an acknowledgement; by default with
    the request's own data, so that a reply that crosses over is seen.
    """
    # What else can answer has lower numbers in both protocols.
    possible = dialect_of(message).reply_types[message.type] - {REFUSALS[message.start]}
    return Message(max(possible), message.data if data is None else data, message.start, message.address)


def reply_to(request: Request[object]) -> Message:
    """Return a good answer to READ, SET or MOMENTARY."""
    return INFORMATION if request is READ else ACK


def drain(connection: Connection[_L, _F, _I, _E]) -> list[_E | PacketDropped]:
    """Pull every event."""
    events: list[_E | PacketDropped] = []
    while (event := connection.next_event()) is not None:
        events.append(event)
    return events


def feed(connection: Connection[_L, _F, _I, _E], *data: bytes, now: float = 0.0) -> list[_E | PacketDropped]:
    """Hand over each piece, or datagram, and pull every event."""
    events: list[_E | PacketDropped] = []
    for piece in data:
        connection.receive_data(piece, now)
        more = drain(connection)
        events += more
    return events


def eof(connection: Connection[_L, _F, _I, _E], now: float = 0.0) -> list[_E | PacketDropped]:
    """Close the peer's stream."""
    connection.receive_eof(now)
    return drain(connection)


def wait(connection: Connection[_L, _F, _I, _E], until: float) -> list[_E | PacketDropped]:
    """Let time pass: do all that falls due up to then, each at its own time."""
    events: list[_E | PacketDropped] = []
    while (due := connection.next_timeout()) is not None and due <= until:
        connection.handle_timeout(due)
        more = drain(connection)
        events += more
        again = connection.next_timeout()
        assert again is None or again > due
    return events


def sent(connection: Connection[_L, _F, _I, _E]) -> list[Packet]:
    """Take what is to be written, as packets."""
    return [Packet.decode(packet) for packet in connection.data_to_send()]


def types_sent(connection: Connection[_L, _F, _I, _E]) -> list[int]:
    """Take what is to be written, as packet types."""
    return [packet.type for packet in sent(connection)]


class Peer:
    """The other end's half of the session: its packets, made by hand."""

    def __init__(
        self, key: bytes = KEY, session_id: bytes = SESSION_ID, protocol: ProtocolVersion = ProtocolVersion.V2
    ) -> None:
        self.session_id = session_id
        self.cipher = SessionCipher(derive_session_key(key, session_id))
        self._message_packet = MESSAGE_PACKET[protocol]

    def packet(self, packet_type: int, sequence: int = 0, data: bytes = b"", reserved: int = 0) -> bytes:
        return Packet(sequence, packet_type, data, reserved).encode()

    def encrypted(
        self, plaintext: bytes, sequence: int, packet_type: int | None = None, reserved: int = 0
    ) -> bytes:
        kind = self._message_packet if packet_type is None else packet_type
        return self.packet(kind, sequence, self.cipher.encrypt(plaintext, sequence), reserved)

    def message(self, message: Message, sequence: int = 0, reserved: int = 0) -> bytes:
        """Packet 16 or 32."""
        return self.encrypted(message.encode(), sequence, reserved=reserved)

    def damaged(self, message: Message, sequence: int) -> bytes:
        """The same with a wrong CRC."""
        encoded = bytearray(message.encode())
        encoded[-1] ^= 0x55
        return self.encrypted(bytes(encoded), sequence)

    def opened(self, packet: Packet) -> Message:
        """Read a message that came from the machine."""
        return Message.decode(self.cipher.decrypt(packet.data, packet.sequence))

    # As the controller.

    def offer(self, sequence: int = 1, version: int = 1, session_id: bytes | None = None) -> bytes:
        """Packet 2."""
        data = version.to_bytes(2, "big") + (self.session_id if session_id is None else session_id)
        return self.packet(PacketType.CONTROLLER_ACKNOWLEDGE_NEW_SESSION, sequence, data)

    def echo(self, sequence: int = 2, session_id: bytes | None = None) -> bytes:
        """Packet 4."""
        echoed = self.session_id if session_id is None else session_id
        return self.encrypted(echoed, sequence, PacketType.CONTROLLER_ACKNOWLEDGE_SECURE_CONNECTION)

    def terminated(self, sequence: int = 0) -> bytes:
        """Packet 6."""
        return self.packet(PacketType.CONTROLLER_SESSION_TERMINATED, sequence)

    # As the client.

    def request_session(self, sequence: int = 1) -> bytes:
        """Packet 1."""
        return self.packet(PacketType.CLIENT_REQUEST_NEW_SESSION, sequence)

    def proof(self, sequence: int = 2, session_id: bytes | None = None) -> bytes:
        """Packet 3."""
        proved = self.session_id if session_id is None else session_id
        return self.encrypted(proved, sequence, PacketType.CLIENT_REQUEST_SECURE_CONNECTION)

    def goodbye(self, sequence: int = 0) -> bytes:
        """Packet 5."""
        return self.packet(PacketType.CLIENT_SESSION_TERMINATED, sequence)


PEER = Peer()


def idle_client(
    framing: Framing = Framing.STREAM, settings: ClientSettings | None = None
) -> ClientConnection:
    return ClientConnection(KEY, framing=framing, settings=settings)


def requesting_client(
    framing: Framing = Framing.STREAM, settings: ClientSettings | None = None
) -> ClientConnection:
    client = idle_client(framing, settings)
    client.connect(0.0)
    assert drain(client) == []
    assert types_sent(client) == [PacketType.CLIENT_REQUEST_NEW_SESSION]
    return client


def link_state(connection: ClientConnection | ControllerConnection) -> LinkState:
    """Return where the connection's secure link stands."""
    return secure_link(connection).state


def secure_client_link(client: ClientConnection) -> SecureClientLink:
    """Return the client's secure link."""
    assert isinstance(client.link, SecureClientLink)
    return client.link


def controller_link(controller: ControllerConnection) -> SecureControllerLink:
    """Return the controller's secure link."""
    assert isinstance(controller.link, SecureControllerLink)
    return controller.link


def secure_link(
    connection: ClientConnection | ControllerConnection,
) -> SecureClientLink | SecureControllerLink:
    """Return the connection's secure link."""
    assert isinstance(connection.link, SecureClientLink | SecureControllerLink)
    return connection.link


def securing_client(
    framing: Framing = Framing.STREAM, settings: ClientSettings | None = None
) -> ClientConnection:
    client = requesting_client(framing, settings)
    assert feed(client, PEER.offer()) == []
    assert types_sent(client) == [PacketType.CLIENT_REQUEST_SECURE_CONNECTION]
    return client


def online_client(
    framing: Framing = Framing.STREAM, settings: ClientSettings | None = None
) -> ClientConnection:
    """Return a client that is online since 0 s; its first request will have the sequence number 3."""
    client = securing_client(framing, settings)
    feed(client, PEER.echo())
    assert sent(client) == []
    return client


def closing_client(
    framing: Framing = Framing.STREAM, settings: ClientSettings | None = None
) -> ClientConnection:
    client = online_client(framing, settings)
    client.close(0.0)
    assert drain(client) == []
    assert types_sent(client) == [PacketType.CLIENT_SESSION_TERMINATED]
    return client


def idle_controller(
    framing: Framing = Framing.STREAM,
    settings: ControllerSettings | None = None,
    *,
    session_ids: Sequence[bytes] = (SESSION_ID, OTHER_SESSION_ID),
    may_start: Callable[[], bool] = lambda: True,
) -> ControllerConnection:
    given = deque(session_ids)
    return ControllerConnection(
        KEY, given.popleft, framing=framing, settings=settings, may_start=may_start, now=0.0
    )


def securing_controller(
    framing: Framing = Framing.STREAM, settings: ControllerSettings | None = None
) -> ControllerConnection:
    controller = idle_controller(framing, settings)
    assert feed(controller, PEER.request_session()) == []
    assert controller.data_to_send() == [PEER.offer()]
    return controller


def online_controller(
    framing: Framing = Framing.STREAM, settings: ControllerSettings | None = None
) -> ControllerConnection:
    """Return a controller that is online since 0 s."""
    controller = securing_controller(framing, settings)
    feed(controller, PEER.proof())
    assert controller.data_to_send() == [PEER.echo()]
    return controller


def fingerprint(value: object) -> object:
    """Return everything that an object holds, as values that can be compared."""
    if value is None or isinstance(value, int | float | str | bytes | Enum):
        return value
    if isinstance(value, BaseException):
        return type(value), str(value)
    if isinstance(value, Dialect | MappingProxyType):
        # These tables do not change.
        return id(value)
    if isinstance(value, Mapping):
        return [(fingerprint(key), fingerprint(item)) for key, item in value.items()]
    if isinstance(value, Set):
        return sorted(map(repr, value))
    if isinstance(value, list | tuple | deque):
        return type(value), [fingerprint(item) for item in value]
    if callable(value) or isinstance(value, SessionCipher):
        return id(value) if isinstance(value, SessionCipher) else repr(type(value))
    held = dict(getattr(value, "__dict__", {}))
    for kind in type(value).__mro__:
        names = getattr(kind, "__slots__", ())
        held.update({name: getattr(value, name) for name in names if hasattr(value, name)})
    return type(value), [(name, fingerprint(item)) for name, item in sorted(held.items())]

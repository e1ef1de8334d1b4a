"""What each request makes of its replies, and what becomes of messages that nobody has a type for."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import (
    CommandFailedError,
    Effect,
    Fault,
    LocalProtocolError,
    Message,
    MessageRecord,
    RawMessage,
    RawRequest,
    RemoteProtocolError,
    Request,
    UserCode,
    commands,
    event_log,
    events,
    objects,
    parse_message,
    programs,
    system,
)
from omnilink_sansio.commands import (
    COMMANDS,
    Command,
    ConnectedSecuritySystemCommand,
    ControllerCommand,
    ExecuteSecurityCommand,
    ExecuteSecurityCommandResponse,
    RequestSecurityCodeValidation,
    set_unit_level,
    turn_unit_off,
    turn_unit_on,
)
from omnilink_sansio.events import (
    OtherEventNotifications,
    SwitchPress,
    UnknownNotification,
    UpbLink,
    UpbLinkCommand,
    UserMacroButton,
    parse_notification,
)
from omnilink_sansio.messages.request import wrong_reply
from omnilink_sansio.objects import (
    AreaStatus,
    AudioSourceStatus,
    MessageStatus,
    RelativeDirection,
    RequestObjectProperties,
    UnitStatus,
    UnknownProperties,
    encode_name,
    parse_properties,
)
from omnilink_sansio.opcodes import OPCODES_V2, OmniLink2MessageType, OmniLinkMessageType
from omnilink_sansio.system import Login, Nak
from omnilink_sansio.wire.packet import Direction
from tests.messages.requests_and_replies import MALFORMED, REQUESTS
from tests.rows import each_row

_T = OmniLink2MessageType

SECRET = b"\x01\x04\x03\x02\x01"
"""An area and the digits of a user code, which no text may show."""

EVERY_REQUEST = each_row("request_", REQUESTS, ids=[kind.title for kind in REQUESTS])


def test_every_typed_request_is_tried() -> None:
    offered = {
        kind
        for module in (commands, event_log, events, objects, programs, system)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Request)
    }
    assert {type(request) for request in REQUESTS} == offered - {Request, RawRequest}
    assert offered > MALFORMED.keys()


@EVERY_REQUEST
def test_right_replies_are_accepted(request_: Request[Any]) -> None:
    for reply, content in REQUESTS[request_].items():
        assert request_.accept(parse_message(reply)) == content


@EVERY_REQUEST
def test_a_refusal_says_which_request_was_refused(request_: Request[Any]) -> None:
    with pytest.raises(CommandFailedError, match=request_.title) as caught:
        request_.accept(Nak())
    assert caught.value.failure_code is None


@EVERY_REQUEST
def test_replies_of_another_type_are_refused(request_: Request[Any]) -> None:
    right = {reply.type for reply in REQUESTS[request_]}
    wrong = set(range(256)) - right - {_T.NEGATIVE_ACKNOWLEDGE}
    assert len(wrong) >= 253
    assert request_.reply_types == frozenset({*right, int(_T.NEGATIVE_ACKNOWLEDGE)})
    for number in wrong:
        # The engine looks at the type alone, the request at what was parsed; here at what has no type of its own.
        with pytest.raises(RemoteProtocolError) as caught:
            request_.accept(RawMessage(number, bytes(40)))
        for refusal in (caught.value, wrong_reply(request_, Message(number, bytes(40)))):
            assert refusal.fault is Fault.UNEXPECTED_REPLY
            _, title, reply = str(refusal).partition(request_.title)
            assert title
            assert f"0x{number:02X}" in reply
    for foreign in (reply for replies in REQUESTS.values() for reply in replies if reply.type in wrong):
        payload = parse_message(foreign)
        with pytest.raises(RemoteProtocolError) as caught:
            request_.accept(payload)
        assert caught.value.fault is Fault.UNEXPECTED_REPLY
        _, title, reply = str(caught.value).partition(request_.title)
        assert title
        assert type(payload).__name__ in reply


@EVERY_REQUEST
def test_malformed_replies_are_refused(request_: Request[Any]) -> None:
    right = {reply.type for reply in REQUESTS[request_]}
    for reply in MALFORMED.get(type(request_), ()):
        assert reply.type in right
        with pytest.raises(RemoteProtocolError) as caught:
            request_.accept(parse_message(reply))
        assert caught.value.fault is Fault.BAD_PAYLOAD


@EVERY_REQUEST
def test_accepted_types_are_those_of_the_table_of_message_types(request_: Request[Any]) -> None:
    row = OPCODES_V2[_T(type(request_).OPCODE)]
    assert row.direction is Direction.TO_CONTROLLER
    assert {reply.type for reply in REQUESTS[request_]} == {int(reply) for reply in row.replies}


@EVERY_REQUEST
def test_a_request_is_read_again_from_its_message(request_: Request[Any]) -> None:
    message = request_.to_message()
    assert parse_message(message) == request_
    assert Message.decode(message.encode()) == message


@EVERY_REQUEST
def test_a_request_has_the_effect_of_its_message_type(request_: Request[Any]) -> None:
    row = OPCODES_V2[_T(type(request_).OPCODE)]
    # Commands have effects of their own; the row shows the worst.
    expected = Effect.SET if isinstance(request_, ControllerCommand) else row.effect
    assert request_.effect is expected


def test_what_a_user_code_is_in_is_never_sent_again_by_itself() -> None:
    code = UserCode("0042")
    for request in (
        RequestSecurityCodeValidation(1, code),
        ExecuteSecurityCommand(1, 3, code),
        ConnectedSecuritySystemCommand(1, 1, UserCode("000042")),
        Login(bytes(code)),
    ):
        assert request.effect is Effect.MOMENTARY


@each_row("response", [1, 2, 3, 4, 5, 6, 255, 77])
def test_every_response_but_success_is_a_failure_with_its_code(response: int) -> None:
    request = ExecuteSecurityCommand(1, 3, UserCode("0042"))
    with pytest.raises(CommandFailedError) as caught:
        request.accept(ExecuteSecurityCommandResponse(response))
    assert caught.value.failure_code == response
    assert "0042" not in str(caught.value)


def test_a_command_has_its_own_effect_and_name() -> None:
    for command in Command:
        request = ControllerCommand(command, 1, 1)
        assert request.effect is COMMANDS[command].effect
        assert request.kind is command
        assert request.title == f"Command {command.name}"
    unknown = ControllerCommand(200)
    assert (unknown.effect, unknown.kind, unknown.title) == (Effect.MOMENTARY, 200, "Command 200")


@given(index=st.integers(1, 511), percent=st.integers(0, 100))
def test_commands_for_units(index: int, percent: int) -> None:
    assert turn_unit_on(index) == ControllerCommand(Command.UNIT_ON, 0, index)
    assert turn_unit_off(index) == ControllerCommand(Command.UNIT_OFF, 0, index)
    assert set_unit_level(index, percent) == ControllerCommand(Command.UNIT_LEVEL, percent, index)


@pytest.mark.parametrize("index", [-1, 0, 512, 70000])
def test_units_that_no_controller_has_are_refused(index: int) -> None:
    for make in (turn_unit_on, turn_unit_off, lambda number: set_unit_level(number, 50)):
        with pytest.raises(LocalProtocolError, match="1 to 511"):
            make(index)


@pytest.mark.parametrize("percent", [-1, 101])
def test_levels_beyond_0_to_100_are_refused(percent: int) -> None:
    # 101 to 255 would be user settings.
    with pytest.raises(LocalProtocolError, match="0 to 100 percent"):
        set_unit_level(1, percent)


def test_properties_of_an_unknown_kind_are_accepted_whole() -> None:
    payload = bytes((99, 0, 1)) + encode_name("CLEANER", 13)
    reply = Message(_T.OBJECT_PROPERTIES, payload)
    request = RequestObjectProperties(99, 0, RelativeDirection.NEXT)
    assert request.accept(parse_message(reply)) == UnknownProperties(payload)
    assert parse_properties(b"") == UnknownProperties(b"")


# Raw requests and raw messages.


def test_a_raw_request_hides_its_data_and_returns_any_reply() -> None:
    request = RawRequest(Message(_T.REQUEST_SECURITY_CODE_VALIDATION, SECRET))
    assert request.title == "RawRequest 0x26"
    assert repr(request) == str(request) == ("RawRequest(Message(type=0x26, 5 data bytes, start=0x21))")
    assert request.encode() == SECRET
    assert request.to_message() == Message(_T.REQUEST_SECURITY_CODE_VALIDATION, SECRET)
    for reply in (parse_message(Message(0x27, b"\1\2")), Nak(), parse_message(Message(200))):
        assert request.accept(reply) is reply
    with pytest.raises(NotImplementedError):
        RawRequest.parse(b"")


@pytest.mark.parametrize(
    ("message", "effect"),
    [
        (Message(_T.READ_NAME, bytes(4)), Effect.READ),
        (Message(_T.SET_TIME, bytes(7)), Effect.SET),
        (Message(_T.REQUEST_SECURITY_CODE_VALIDATION, SECRET), Effect.MOMENTARY),
        (Message(_T.ACKNOWLEDGE), Effect.MOMENTARY),
        (Message(0xF0), Effect.MOMENTARY),
        (Message(OmniLinkMessageType.REQUEST_SYSTEM_STATUS, start=0x5A), Effect.READ),
        (Message(OmniLinkMessageType.REQUEST_SYSTEM_EVENTS, start=0x5A), Effect.MOMENTARY),
    ],
)
def test_a_raw_request_has_the_effect_of_its_message_type(message: Message, effect: Effect) -> None:
    assert RawRequest(message).effect is effect


def test_what_has_no_type_is_delivered_raw_with_its_data_hidden() -> None:
    assert set(range(256)) - set(OPCODES_V2) >= {0x4C, 0xF0}
    parsed = parse_message(Message(0xF0, SECRET))
    assert parsed == RawMessage(0xF0, SECRET)
    assert parsed.encode() == SECRET
    assert repr(parsed) == str(parsed) == "RawMessage(type=0xF0, 5 data bytes)"


@each_row("number", sorted(OPCODES_V2))
def test_every_message_type_of_the_table_is_typed(number: int) -> None:
    shortest = {int(request.OPCODE): request.to_message().data for request in REQUESTS}
    answers = {reply.type: reply.data for replies in REQUESTS.values() for reply in replies}
    pushed = {55: b"\0\5"}
    data = (shortest | answers | pushed).get(number, b"")
    assert not isinstance(parse_message(Message(number, data)), RawMessage)


@given(number=st.integers(0, 255), data=st.binary(max_size=254))
def test_messages_are_typed_raw_or_malformed_and_typed_ones_encode_again(number: int, data: bytes) -> None:
    message = Message(number, data)
    try:
        parsed = parse_message(message)
    except RemoteProtocolError:
        with pytest.raises(RemoteProtocolError) as caught:
            parse_message(message)
        assert caught.value.fault is Fault.BAD_PAYLOAD
    else:
        assert parsed.encode() == data
        if isinstance(parsed, MessageRecord):
            assert parsed.to_message() == message


def test_messages_of_v1_are_raw() -> None:
    message = Message(OmniLinkMessageType.ACKNOWLEDGE, start=0x5A)
    parsed = parse_message(message)
    assert parsed == RawMessage(5, b"", 0x5A)
    assert isinstance(parsed, RawMessage)
    assert parsed.to_message() == message


def test_the_start_character_says_which_protocol_a_message_is_of() -> None:
    # Type 0x16 is the zone status of Omni-Link, and of Omni-Link II the request of system information.
    assert (OmniLinkMessageType.ZONE_STATUS, _T.REQUEST_SYSTEM_INFORMATION) == (0x16, 0x16)
    assert parse_message(Message(0x16)) == system.RequestSystemInformation()
    for start, data in product((0x5A, 0x41), (b"", b"\0\x96\1\x96")):
        parsed = parse_message(Message(OmniLinkMessageType.ZONE_STATUS, data, start=start))
        assert parsed == RawMessage(0x16, data, start)
        assert parsed.encode() == data


@each_row("start", sorted(set(range(256)) - {0x21, 0x41, 0x5A}))
def test_a_start_character_that_is_none_is_of_no_protocol(start: int) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        parse_message(Message(_T.ACKNOWLEDGE, start=start))
    assert caught.value.fault is Fault.BAD_START_CHARACTER
    assert f"0x{start:02X}" in str(caught.value)


# Notifications.

PUSHED = [
    (
        Message(35, bytes.fromhex("02 0001 64 0e10 0002 01 0000")),
        (UnitStatus(1, 100, 3600), UnitStatus(2, 1, 0)),
    ),
    (Message(59, bytes.fromhex("05 06 0001 0b 00 00 3c")), (AreaStatus(1, 11, 0, 0, 60),)),
    (Message(59, bytes.fromhex("02 07 0001 01 0000 003c")), (UnitStatus(1, 1, 0, b"\0\x3c"),)),
    (Message(59, bytes.fromhex("07 03 0001 02")), (MessageStatus(1, 2),)),
    (Message(35, bytes.fromhex("07 0001 02")), (MessageStatus(1, 2),)),
    (Message(49, bytes.fromhex("0002 11 02 03 4b696e6400")), (AudioSourceStatus(2, 17, 2, 3, b"Kind\0"),)),
    (
        Message(55, bytes.fromhex("fd03 f107 0005")),
        (UpbLink(UpbLinkCommand.ON, 3), SwitchPress(1, 7), UserMacroButton(5)),
    ),
]


@pytest.mark.parametrize(("message", "content"), PUSHED)
def test_notifications_are_told_one_by_one_in_their_order(
    message: Message, content: tuple[object, ...]
) -> None:
    assert parse_notification(message) == content


@each_row(
    "message",
    [
        Message(35),
        Message(35, b"\x01\0\x01\0"),
        Message(35, b"\x01"),
        Message(35, b"\x63\0\x01\0"),
        Message(59),
        Message(59, b"\x01"),
        Message(59, b"\x01\x04"),
        Message(59, b"\x01\x03\0\x01\0"),
        Message(59, b"\x01\x00\0\x01\0"),
        # A kind of object that nobody knows: its record does not say so itself.
        Message(59, b"\x63\x03\0\x01\x07"),
        Message(49, bytes(4)),
        Message(55),
        Message(55, b"\x01"),
        Message(55, b"\x01\x02\x03"),
        Message(1),
        Message(33, b"\x01"),
        Message(200, SECRET),
    ],
)
def test_a_notification_that_tells_nothing_is_reported_with_the_reason(message: Message) -> None:
    (unknown,) = parse_notification(message)
    assert isinstance(unknown, UnknownNotification)
    assert unknown.message is message
    assert unknown.why
    assert repr(SECRET) not in repr(unknown)


@given(number=st.sampled_from([35, 59, 55, 49]) | st.integers(0, 255), data=st.binary(max_size=254))
def test_no_notification_raises_and_none_is_lost(number: int, data: bytes) -> None:
    message = Message(number, data)
    told = parse_notification(message)
    assert told
    known = [item for item in told if not isinstance(item, UnknownNotification)]
    if known:
        assert len(known) == len(told)
        assert number in (35, 59, 55, 49)
    else:
        assert all(isinstance(item, UnknownNotification) and item.message is message for item in told)


def test_event_notifications_are_a_message_of_their_own() -> None:
    events = OtherEventNotifications((UserMacroButton(5), SwitchPress(1, 7)))
    assert events.to_message() == Message(55, bytes.fromhex("0005f107"))
    assert parse_message(events.to_message()) == events

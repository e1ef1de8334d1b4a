"""Keys and user codes that can be used but not seen."""

import copy
import logging
import pprint
import reprlib
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import pytest

from omnilink_sansio import (
    ControllerKey,
    LocalProtocolError,
    Message,
    MessageRecord,
    OmniLinkError,
    RawMessage,
    RawRequest,
    RemoteProtocolError,
    Request,
    Secret,
    SessionKey,
    UserCode,
    parse_message,
)
from omnilink_sansio.commands import (
    ConnectedSecuritySystemCommand,
    ExecuteSecurityCommand,
    RequestSecurityCodeValidation,
    execute_connected_security_command,
    execute_security_command,
    validate_code,
)
from omnilink_sansio.messages.record import Record
from omnilink_sansio.objects import SecurityMode
from omnilink_sansio.secrets import Key
from omnilink_sansio.system import DownloadSetup, Login, SetupData, SsData, UploadSetup, WriteSsData

VALUE = b"Very*secret*key!"
KINDS: list[type[Key]] = [ControllerKey, SessionKey]


@dataclass(frozen=True)
class Holder:
    """Something with a key inside."""

    key: Secret


def assert_hidden(text: str) -> None:
    assert "<hidden>" in text
    assert "secret" not in text
    assert VALUE.hex() not in text.lower()
    assert str(VALUE[0]) not in text


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_form_shows_a_key(kind: type[Secret]) -> None:
    key = kind(VALUE)
    assert repr(key) == f"{kind.__name__}(<hidden>)"
    for text in (
        repr(key),
        str(key),
        ascii(key),
        format(key),
        format(key, ">40"),
        f"{key}",
        f"{key!r}",
        f"{key!s:>40}",
        "%r" % (key,),  # noqa: UP031 - the old form is what is tested
        "{} {!r}".format(key, key),  # noqa: UP032 - the old form is what is tested
        str([key]),
        str({"key": key}),
        repr(Holder(key)),
        str(ValueError(key)),
        repr(ValueError(key)),
    ):
        assert_hidden(text)


@pytest.mark.parametrize("kind", KINDS)
def test_no_log_line_shows_a_key(kind: type[Secret], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("omnilink").debug("%s %r", kind(VALUE), Holder(kind(VALUE)))
    (line,) = caplog.messages
    assert_hidden(line)


@pytest.mark.parametrize("kind", KINDS)
def test_key_is_ordinary_bytes_to_who_asks_for_them(kind: type[Secret]) -> None:
    key = kind(VALUE)
    assert key == VALUE
    assert bytes(key).hex() == VALUE.hex() == key.hex()
    assert key[:4] == b"Very"
    assert hash(key) == hash(VALUE)


ADVICE = {
    ControllerKey: ": ControllerKey.from_hex() reads one that is written as 32 hexadecimal digits",
    SessionKey: "",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [0, 1, 15, 17, 32])
def test_key_of_another_length_is_refused_naming_lengths_only(kind: type[Key], size: int) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        kind((VALUE * 2)[:size])
    assert str(caught.value) == f"a {kind.__name__} has 16 bytes, not {size}{ADVICE[kind]}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("value", "found"),
    [
        (VALUE.hex(), "a value of type str"),
        (VALUE.hex()[:16], "a value of type str"),
        ("Very secret code", "a value of type str"),
        (None, "None"),
        (16, "a value of type int"),
        (list(VALUE), "a value of type list"),
        (tuple(VALUE), "a value of type tuple"),
    ],
)
def test_what_is_no_bytes_is_no_key_and_is_not_shown(kind: type[Key], value: object, found: str) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        kind(value)  # type: ignore[arg-type]
    assert str(caught.value) == f"a {kind.__name__} has 16 bytes, not {found}{ADVICE[kind]}"
    assert caught.value.__context__ is None


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_holds_16_bytes_is_a_key(kind: type[Key]) -> None:
    holders: list[bytes] = [bytearray(VALUE), memoryview(VALUE), kind(VALUE)]  # type: ignore[list-item]
    assert [kind(holder) for holder in holders] == [VALUE] * 3


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("", ", not 0"),
        ("de:ad:be:ef", ", not 8"),
        ("deadbeef0405060708090a0b0c0d0e", ", not 30"),
        ("deadbeef0405060708090a0b0c0d0e0", ", not 31"),
        ("deadbeef0405060708090a0b0c0d0e0f10", ", not 34"),
        ("0xdeadbeef0405060708090a0b0c0d0e", ", and nothing else"),
    ],
)
def test_a_key_of_another_number_of_digits_is_refused_by_their_number(text: str, tail: str) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        ControllerKey.from_hex(text)
    form = "a controller key is 32 hexadecimal digits (blanks, dashes and colons between them are allowed)"
    assert str(caught.value) == form + tail


def test_a_key_is_not_read_twice() -> None:
    with pytest.raises(
        LocalProtocolError, match=r"32 hexadecimal digits .*, a str; what has 16 bytes is a key already"
    ):
        ControllerKey.from_hex(VALUE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "000102030405060708090a0b0c0d0e0f",
        "000102030405060708090A0B0C0D0E0F",
        "00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f",
        "00-01-02-03-04-05-06-07-08-09-0A-0B-0C-0D-0E-0F",
        "00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f",
        "  00010203 04050607-08090a0b:0c0d0e0f\n",
        "0-0:0102030405060708090a0b0c0d0e0f",
    ],
)
def test_controller_key_is_read_as_installers_write_it(text: str) -> None:
    key = ControllerKey.from_hex(text)
    assert key == bytes(range(16))
    assert isinstance(key, ControllerKey)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zz0102030405060708090a0b0c0d0e0f",
        "deadbeef",
        "deadbeef0405060708090a0b0c0d0e0",
        "deadbeef0405060708090a0b0c0d0e0f10",
        "0xdeadbeef0405060708090a0b0c0d0e",
        "deadbeef,0405060708090a0b0c0d0e0f",
        "deadbeef0405060708090a0b0c0d0e0\N{FULLWIDTH DIGIT ONE}",
    ],
)
def test_anything_but_32_digits_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        ControllerKey.from_hex(text)
    shown = f"{caught.value} {caught.value!r}"
    assert "dead" not in shown
    assert "0405060708" not in shown
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_fingerprint_is_always_the_same_and_no_part_of_the_key() -> None:
    # printf 'omnilink panel 1' | cat - key | sha256sum | cut -c-16
    assert ControllerKey(bytes(range(16))).fingerprint == "df896605e1c3731f"
    assert ControllerKey(VALUE).fingerprint == "cc926e3ff2a54ad2"
    assert_hidden(f"<hidden> {ControllerKey(VALUE).fingerprint}")


# User codes.

# Written as numbers they are too long to stand in a traceback as the number of a line.
DIGITS = ["0741", "4711", "004711", "987654"]

Code = UserCode | str | bytes


def assert_no_digits(text: str, digits: str) -> None:
    """Check that no way to write the code is in a text."""
    numbers = [int(digit) for digit in digits]
    for form in (
        digits,
        ", ".join(digits),
        " ".join(digits),
        repr(bytes(numbers)),
        repr(bytes(numbers))[2:-1],
        bytes(numbers).hex(),
        digits.encode().hex(),
        str(int(digits)),
    ):
        assert form not in text


@pytest.mark.parametrize("digits", DIGITS)
def test_a_user_code_is_its_digits_one_a_byte(digits: str) -> None:
    code = UserCode(digits)
    assert list(code) == [int(digit) for digit in digits]
    assert code == UserCode(bytes(int(digit) for digit in digits)) == UserCode(code)
    assert hash(code) == hash(UserCode(digits))
    assert len(code) == len(digits)


def test_a_leading_zero_is_a_digit() -> None:
    assert UserCode("0042") == bytes((0, 0, 4, 2))
    assert UserCode("0042") != UserCode("4200")
    assert len({UserCode("0042"), UserCode("0420"), UserCode("000042")}) == 3


@pytest.mark.parametrize("digits", DIGITS)
def test_no_text_form_shows_a_user_code(digits: str) -> None:
    code = UserCode(digits)
    assert repr(code) == "UserCode(<hidden>)"
    texts = [
        repr(code),
        str(code),
        ascii(code),
        format(code),
        format(code, ">40"),
        f"{code}",
        f"{code!r}",
        f"{code!s:>40}",
        "%r" % (code,),  # noqa: UP031 - the old form is what is tested
        str([code]),
        str({"code": code, code: 1}),
        repr(Holder(code)),
        str(ValueError(code)),
        repr(ValueError("the code was", code)),
        pprint.pformat({"code": [code] * 20}),
        reprlib.repr([code]),
        repr(copy.deepcopy(code)),
        repr(copy.copy(Holder(code))),
    ]
    for text in texts:
        assert "<hidden>" in text
        assert_no_digits(text, digits)


def _failure(code: UserCode) -> LocalProtocolError:
    """Return an error whose traceback has the code among its variables, and which holds the code itself."""
    try:
        raise LocalProtocolError(f"no such code: {code}", code)
    except LocalProtocolError as error:
        return error


@pytest.mark.parametrize("digits", DIGITS)
def test_no_log_line_and_no_traceback_shows_a_user_code(
    digits: str, caplog: pytest.LogCaptureFixture
) -> None:
    code = UserCode(digits)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("omnilink").debug("%s %r", code, Holder(code))
    assert_no_digits("".join(caplog.messages), digits)

    shown = "".join(traceback.TracebackException.from_exception(_failure(code), capture_locals=True).format())
    assert shown.count("UserCode(<hidden>)") >= 2
    assert_no_digits(shown.partition("Traceback")[2], digits)


class Wrong(NamedTuple):
    """Something given for a user code that is none, and what of it no error may show."""

    given: Any
    secret: str


NO_CODES = [
    Wrong("", "nothing"),
    Wrong(b"", "nothing"),
    Wrong("47l1", "47"),
    Wrong("47 11", "47"),
    Wrong("-471", "471"),
    Wrong("+471", "471"),
    Wrong("47.1", "47"),
    Wrong("47\N{ARABIC-INDIC DIGIT ONE}1", "47"),
    Wrong("47\N{SUPERSCRIPT TWO}1", "47"),
    Wrong("\N{FULLWIDTH DIGIT FOUR}711", "711"),
    # Characters instead of digits.
    Wrong(b"4711", "4711"),
    Wrong(bytes((4, 7, 1, 10)), "4, 7"),
    Wrong(bytes((4, 7, 1, 255)), "4, 7"),
    # A number loses its leading zeros.
    Wrong(4711, "4711"),
    Wrong(0, "nothing"),
    Wrong(47.11, "47"),
    Wrong(None, "nothing"),
    Wrong([4, 7, 1, 1], "4, 7"),
    Wrong(bytearray((4, 7, 1, 1)), r"\x04"),
]


@pytest.mark.parametrize("wrong", NO_CODES, ids=lambda wrong: type(wrong.given).__name__)
def test_what_is_no_digits_is_refused_without_repeating_it(wrong: Wrong) -> None:
    with pytest.raises(LocalProtocolError, match="digits") as caught:
        UserCode(wrong.given)
    # The chain too: an error behind the error would be shown with it.
    chain = "".join(traceback.TracebackException.from_exception(caught.value).format_exception_only())
    assert wrong.secret not in f"{chain} {caught.value} {caught.value!r}"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 8, 200])
def test_a_code_of_another_length_is_refused_naming_lengths_only(count: int) -> None:
    for digits in ("7" * count, bytes((7,)) * count):
        with pytest.raises(LocalProtocolError, match=f"not {count}") as caught:
            UserCode(digits)
        assert "77" not in str(caught.value)


# What asks for digits: four for the controller, six for the connected system.

CALLS: list[tuple[Callable[[Code], Record], int]] = [
    (lambda code: validate_code(1, cast("str", code)), 4),
    (lambda code: execute_security_command(1, SecurityMode.AWAY, cast("str", code)), 4),
    (lambda code: execute_connected_security_command(1, 2, cast("str", code)), 6),
]
CALL_NAMES = ["validate_code", "execute_security_command", "execute_connected_security_command"]
EVERY_CALL = pytest.mark.parametrize(("call", "count"), CALLS, ids=CALL_NAMES)


@EVERY_CALL
def test_a_call_takes_exactly_the_digits_of_its_system(call: Callable[[Code], Record], count: int) -> None:
    digits = "090807"[:count]
    expected = bytes(int(digit) for digit in digits)
    for code in (digits, UserCode(digits), UserCode(expected)):
        assert call(code).encode().endswith(expected)
    for other in {4, 6} - {count}:
        for code in ("7" * other, UserCode("7" * other)):
            with pytest.raises(LocalProtocolError, match=f"{count} digits") as caught:
                call(code)
            assert "77" not in f"{caught.value} {caught.value!r}"


@EVERY_CALL
@pytest.mark.parametrize("wrong", NO_CODES, ids=lambda wrong: type(wrong.given).__name__)
def test_a_call_refuses_what_is_no_digits_without_repeating_it(
    call: Callable[[Code], Record], count: int, wrong: Wrong
) -> None:
    assert count in (4, 6)
    with pytest.raises(LocalProtocolError, match="digits") as caught:
        call(wrong.given)
    assert wrong.secret not in f"{caught.value} {caught.value!r}"


# Messages that carry digits.


def _messages(four: Code, six: Code) -> list[MessageRecord]:
    body = bytes(four) if isinstance(four, bytes) else str(four).encode()
    return [
        RequestSecurityCodeValidation(1, cast("UserCode", four)),
        ExecuteSecurityCommand(1, 3, cast("UserCode", four)),
        ConnectedSecuritySystemCommand(1, 2, cast("UserCode", six)),
        Login(body),
        SetupData(body),
        DownloadSetup(body),
        UploadSetup(body),
        SsData(body),
        WriteSsData(body),
    ]


def _all_texts(item: object) -> str:
    return f"{item!r} {item!s} {item!a} {item} {pprint.pformat(item)} {reprlib.repr(item)}"


MESSAGE_KINDS = [type(item).__name__ for item in _messages(UserCode("4711"), UserCode("471147"))]


@pytest.mark.parametrize("place", range(len(MESSAGE_KINDS)), ids=MESSAGE_KINDS)
def test_no_text_form_of_a_message_shows_its_user_code(place: int) -> None:
    item = _messages(UserCode("4711"), UserCode("471147"))[place]
    message = item.to_message()
    assert bytes((4, 7, 1, 1)) in message.data
    for shown in (item, message, RawRequest(message), type(item).parse(message.data), [item], {1: message}):
        assert_no_digits(_all_texts(shown), "4711")
    if isinstance(item, Request):
        assert_no_digits(item.title, "4711")


@pytest.mark.parametrize("place", range(3), ids=MESSAGE_KINDS[:3])
@pytest.mark.parametrize(
    ("four", "six"),
    [("4711", "471147"), (b"\4\7\1\1", b"\4\7\1\1\4\7"), (b"4711", b"471147")],
    ids=["text", "digits", "characters"],
)
def test_no_text_form_of_a_message_shows_digits_given_instead_of_a_user_code(
    place: int, four: Code, six: Code
) -> None:
    # Given so by mistake: it is refused, or hidden as a user code is.
    try:
        text = _all_texts(_messages(four, six)[place])
    except LocalProtocolError as error:
        text = f"{error} {error!r}"
    assert_no_digits(text, "4711")


@pytest.mark.parametrize("place", range(3), ids=MESSAGE_KINDS[:3])
def test_no_error_of_a_reply_or_a_malformed_payload_shows_a_user_code(place: int) -> None:
    item = _messages(UserCode("4711"), UserCode("471147"))[place]
    assert isinstance(item, Request)
    data = item.encode()
    for payload in (data[:-1], data + b"\7", data.replace(b"\4\7\1\1", b"\4\7\1\xff")):
        with pytest.raises(RemoteProtocolError) as malformed:
            type(item).parse(payload)
        assert_no_digits(f"{malformed.value} {malformed.value!r}", "4711")
        assert_no_digits(f"{malformed.value} {malformed.value!r}", "471")
    for reply in (Message(2, b""), Message(0x23, data), item.to_message()):
        with pytest.raises(OmniLinkError) as refused:
            item.accept(parse_message(reply))
        assert_no_digits(f"{refused.value} {refused.value!r}", "4711")
        with pytest.raises(OmniLinkError) as refused:
            item.accept(RawMessage(reply.type, reply.data))
        assert_no_digits(f"{refused.value} {refused.value!r}", "4711")

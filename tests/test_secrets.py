"""Keys that can be used but not seen."""

import logging
from dataclasses import dataclass

import pytest

from omnilink_sansio.errors import LocalProtocolError
from omnilink_sansio.secrets import ControllerKey, Secret, SessionKey

VALUE = b"Very*secret*key!"
KINDS = [ControllerKey, SessionKey]


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


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [0, 1, 15, 17, 32])
def test_key_of_another_length_is_refused_naming_lengths_only(kind: type[Secret], size: int) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        kind((VALUE * 2)[:size])
    assert str(caught.value) == f"a {kind.__name__} has 16 bytes, not {size}"


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

"""Names: fixed fields of 8-bit characters that end at the first zero (20P00 §OBJECT PROPERTIES)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio import LocalProtocolError
from omnilink_sansio.objects import LONG_NAME, SHORT_NAME, decode_name, encode_name

WIDTHS = [SHORT_NAME, LONG_NAME]

TEXTS = st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=LONG_NAME - 1)


def test_fields_have_12_or_15_characters_and_a_zero() -> None:
    assert (SHORT_NAME, LONG_NAME) == (12 + 1, 15 + 1)


@given(TEXTS, st.sampled_from([LONG_NAME, 40]))
def test_every_name_of_8_bit_characters_comes_back(text: str, width: int) -> None:
    field = encode_name(text, width)
    assert len(field) == width
    assert field == text.encode("latin-1").ljust(width, b"\0")
    assert decode_name(field) == text


@given(st.binary(max_size=20))
def test_any_bytes_are_a_name_up_to_the_first_zero(field: bytes) -> None:
    name = decode_name(field)
    assert "\0" not in name
    if field.strip(b"\xff"):
        assert name.encode("latin-1") == field.split(b"\0")[0]
    else:
        assert name == ""


@given(TEXTS, st.binary(max_size=16))
def test_junk_after_the_zero_is_not_part_of_the_name(text: str, junk: bytes) -> None:
    assert decode_name(text.encode("latin-1") + b"\0" + junk) == text


@pytest.mark.parametrize("width", WIDTHS)
def test_filler_of_erased_memory_is_no_name(width: int) -> None:
    assert decode_name(b"\xff" * width) == ""
    assert decode_name(bytes(width)) == ""


@pytest.mark.parametrize("filler", [b"\0", b"\xff", b"\x20", b"JUNK"])
@given(text=TEXTS.filter(bool))
def test_whatever_fills_the_field_behind_the_zero_is_not_part_of_the_name(filler: bytes, text: str) -> None:
    field = text.encode("latin-1") + b"\0"
    assert decode_name(field + filler * (LONG_NAME - len(field))) == text


def test_a_name_without_its_zero_is_the_whole_field() -> None:
    assert decode_name(b"LIVING ROOM 1") == "LIVING ROOM 1"
    assert decode_name(b"\xfc\xdf" * 8) == "üß" * 8


def test_character_0xff_within_a_name_stays() -> None:
    assert decode_name(b"\xffa\xff".ljust(13, b"\0")) == "ÿaÿ"


@pytest.mark.parametrize("width", WIDTHS)
def test_name_as_long_as_the_field_less_its_zero_fits_and_one_more_does_not(width: int) -> None:
    assert encode_name("x" * (width - 1), width) == b"x" * (width - 1) + b"\0"
    with pytest.raises(LocalProtocolError, match=f"at most {width - 1} characters"):
        encode_name("x" * width, width)


@pytest.mark.parametrize("text", ["a\0b", "\0", "Ωmega", "snow ☃"])
def test_zero_and_characters_beyond_8_bits_are_refused(text: str) -> None:
    with pytest.raises(LocalProtocolError, match="8 bits"):
        encode_name(text, LONG_NAME)

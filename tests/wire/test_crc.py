"""CRC-16: polynomial 0xA001, start 0, from the byte after the start character (20P00 §APPENDIX B)."""

import random

from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio.wire.crc import crc16, crc16_bitwise
from tests.rows import each_row
from tests.vectors import SPEC_CRC, SpecCrcVector

# Where the fast form changes its way: 25 bytes, and 272 with its multiples.
EDGES = [*range(20, 34), *range(266, 280), *range(536, 552), *range(806, 824)]


@each_row("vector", SPEC_CRC, ids=[f"{row['protocol']} {row['name']}" for row in SPEC_CRC])
def test_crc_of_every_message_printed_by_the_vendor(vector: SpecCrcVector) -> None:
    message = bytes.fromhex(vector["hex"])
    printed = int(vector["crc_printed"], 16)
    assert crc16(message[1:-2]) == printed
    assert crc16_bitwise(message[1:-2]) == printed
    assert message[-2:] == printed.to_bytes(2, "little"), "the CRC is sent low byte first"


def test_both_documents_are_covered() -> None:
    assert {row["protocol"] for row in SPEC_CRC} == {"v1", "v2"}
    assert len(SPEC_CRC) == 27


def test_crc_of_nothing_is_the_start_value() -> None:
    assert crc16(b"") == 0


def test_crc_check_value_of_crc_16_arc() -> None:
    assert crc16(b"123456789") == 0xBB3D


def test_crc_of_every_length_up_to_600_is_that_of_the_definition() -> None:
    source = random.Random(20)
    for size in range(601):
        data = source.randbytes(size)
        assert crc16(data) == crc16_bitwise(data), size


@given(st.binary(max_size=600))
def test_crc_is_that_of_the_definition(data: bytes) -> None:
    assert crc16(data) == crc16_bitwise(data)


@given(st.sampled_from(EDGES), st.randoms(use_true_random=False))
def test_crc_is_that_of_the_definition_where_the_algorithm_changes(size: int, source: random.Random) -> None:
    data = source.randbytes(size)
    assert crc16(data) == crc16_bitwise(data)


@each_row("fill", [0x00, 0x01, 0x80, 0xFF])
@each_row("size", EDGES)
def test_crc_of_uniform_data_is_that_of_the_definition(size: int, fill: int) -> None:
    data = bytes([fill]) * size
    assert crc16(data) == crc16_bitwise(data)


def test_crc_of_every_single_bit_is_that_of_the_definition() -> None:
    sizes = [1, 2, 25, 26, 272, 273]
    for bit in range(8 * sizes[-1]):
        # The definition starts with 0, which zeros leave as it is: those in front need no counting.
        by_definition = crc16_bitwise((1 << bit).to_bytes(bit // 8 + 1, "big"))
        for size in sizes:
            if bit < 8 * size:
                data = (1 << bit).to_bytes(size, "big")
                assert crc16(data) == by_definition, f"bit {bit} of {size} bytes"


@given(st.binary(min_size=1, max_size=300), st.data())
def test_crc_tells_every_single_flipped_bit(data: bytes, draw: st.DataObject) -> None:
    bit = draw.draw(st.integers(0, 8 * len(data) - 1))
    flipped = (int.from_bytes(data, "big") ^ 1 << bit).to_bytes(len(data), "big")
    assert crc16(flipped) != crc16(data)


def test_crc_of_data_far_beyond_any_message() -> None:
    data = random.Random(21).randbytes(400_000)
    assert crc16(data) == crc16_bitwise(data)

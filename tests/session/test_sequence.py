"""Sequence numbers go round: 1 to 65535, then 1 again, and 0 is never one of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omnilink_sansio.session.sequence import HIGHEST_SEQUENCE, UNSOLICITED, is_ahead, sequence_after
from tests.rows import each_row

HALF = 32767
"""How many of the 65535 numbers are ahead of any one: the circle is odd, so as many are behind."""

NUMBERS = st.integers(1, 65535)


def after_steps(sequence: int, steps: int) -> int:
    """Return where so many steps from a number lead, by the definition: 65535 is followed by 1."""
    place = sequence + steps
    return place if place <= 65535 else place - 65535


def test_the_numbers_are_those_of_the_protocol() -> None:
    assert HIGHEST_SEQUENCE == 65535
    assert UNSOLICITED == 0


@pytest.mark.parametrize(("sequence", "following"), [(0, 1), (1, 2), (65534, 65535), (65535, 1)])
def test_after_65535_comes_1(sequence: int, following: int) -> None:
    assert sequence_after(sequence) == following


def test_going_round_meets_every_number_once_and_never_0() -> None:
    met = []
    sequence = 1
    for _ in range(65535):
        met.append(sequence)
        sequence = sequence_after(sequence)
    assert sequence == 1
    assert met == list(range(1, 65536))


@each_row(
    ("sequence", "newest", "ahead"),
    [
        (2, 1, True),
        (1, 2, False),
        (1, 65535, True),
        (65535, 1, False),
        (HALF + 1, 1, True),
        (HALF + 2, 1, False),
        (HALF, 65535, True),
        (HALF + 1, 65535, False),
    ],
)
def test_ahead_at_the_seam_and_at_the_far_side(sequence: int, newest: int, ahead: bool) -> None:
    assert is_ahead(sequence, newest) is ahead


@given(NUMBERS)
def test_no_number_is_ahead_of_itself(sequence: int) -> None:
    assert not is_ahead(sequence, sequence)


@given(NUMBERS)
def test_the_next_number_is_ahead_and_the_one_before_it_is_not(sequence: int) -> None:
    assert is_ahead(sequence_after(sequence), sequence)
    assert not is_ahead(sequence, sequence_after(sequence))


@given(NUMBERS, NUMBERS)
def test_of_two_different_numbers_exactly_one_is_ahead(one: int, other: int) -> None:
    assert (is_ahead(one, other) + is_ahead(other, one)) == (one != other)


@given(NUMBERS, st.integers(1, HALF))
def test_half_the_circle_is_ahead(newest: int, steps: int) -> None:
    assert is_ahead(after_steps(newest, steps), newest)


@given(NUMBERS, st.integers(HALF + 1, 65534))
def test_the_other_half_is_behind(newest: int, steps: int) -> None:
    assert not is_ahead(after_steps(newest, steps), newest)

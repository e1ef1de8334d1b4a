"""A table as one test: no row is left out, and each that fails is named."""

import pytest

from tests.rows import each_row


def test_every_row_and_every_combination_is_tried() -> None:
    seen: list[tuple[int, str, int]] = []

    @each_row("first", range(3))
    @each_row(("second", "third"), [("a", 1), ("b", 2)])
    def over_two_tables(first: int, second: str, third: int) -> None:
        seen.append((first, second, third))

    over_two_tables()
    assert seen == [(first, *rest) for first in range(3) for rest in (("a", 1), ("b", 2))]


def test_what_fails_is_named_when_every_row_has_been_tried() -> None:
    seen: list[int] = []

    @each_row("number", range(5), ids=["zero", "one", "two", "three", "four"])
    def over_numbers(number: int) -> None:
        seen.append(number)
        if number == 1:
            pytest.fail("wrong from the start")
        if number == 3:
            with pytest.raises(ZeroDivisionError):
                assert number / number == 1
        assert number % 3 == 0

    with pytest.raises(AssertionError) as caught:
        over_numbers()
    assert seen == [0, 1, 2, 3, 4]
    text = str(caught.value)
    assert text.startswith("4 of 5 rows failed:\n")
    for name, kind in (("one", "Failed"), ("two", "AssertionError"), ("three", "Failed"), ("four", "Assert")):
        assert f"number = {name}: {kind}" in text
    assert "zero" not in text
    assert isinstance(caught.value.__cause__, pytest.fail.Exception)


def test_of_many_that_fail_ten_are_shown_and_all_are_counted() -> None:
    @each_row("number", range(256), ids=lambda number: f"byte {number}")
    def over_bytes(number: int) -> None:
        raise ValueError(f"of {number}")

    with pytest.raises(AssertionError) as caught:
        over_bytes()
    text = str(caught.value)
    assert text.startswith("256 of 256 rows failed:\n")
    assert text.split("\n")[1:] == [
        f"number = byte {number}: ValueError: of {number}" for number in range(10)
    ]


@each_row("row", [1])
def test_what_is_no_column_comes_from_pytest(row: int, request: pytest.FixtureRequest) -> None:
    assert row == 1
    assert request.node.name == "test_what_is_no_column_comes_from_pytest"


def test_a_table_without_a_row_and_one_for_another_test_are_refused() -> None:
    def test(number: int) -> None:
        raise AssertionError(number)

    async def asynchronous(number: int) -> None:
        raise AssertionError(number)

    with pytest.raises(AssertionError, match="without a row"):
        each_row("number", ())
    with pytest.raises(AssertionError, match="takes no name"):
        each_row("name", [1])(test)
    with pytest.raises(AssertionError, match="is not awaited"):
        each_row("number", [1])(asynchronous)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="shorter"):
        each_row(("one", "two"), [(1,)])

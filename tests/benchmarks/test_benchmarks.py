"""The benchmarks measure what they say: both sides make and read the same bytes. Times are printed, not judged."""

import gc
from collections.abc import Iterator

import anyio
import pytest

from omnilink_sansio import parse_message
from omnilink_sansio.system import RequestSystemFormats
from tests.benchmarks.imports import FLOOR, OURS, import_seconds
from tests.benchmarks.machine import (
    Exchange,
    crc_seconds,
    exchanges,
    machine_ratios,
    replies,
    run_machine,
    run_reference,
)
from tests.benchmarks.many_clients import many_figures, panels_process
from tests.benchmarks.many_machines import machine_figures
from tests.benchmarks.round_trip import (
    bare_figures,
    client_figures,
    echo_figures,
    panel_process,
    reply_message,
)

HEAVIEST_MACHINE = 2048
"""Bytes that a client's machine and its dispatcher may weigh while it is idle: a process may have thousands."""


@pytest.mark.parametrize("exchange", exchanges(), ids=lambda exchange: exchange.name)
def test_machine_and_reference_make_and_read_the_same_bytes(exchange: Exchange) -> None:
    packets = replies(exchange, 20)
    machine, reference = run_machine(exchange, packets), run_reference(exchange, packets)
    assert machine.sent == reference.sent
    assert machine.received == reference.received == [exchange.reply.data] * 20


@pytest.mark.parametrize(
    ("exchange", "blocks"), list(zip(exchanges(), (1, 15), strict=True)), ids=("short", "long")
)
def test_the_exchanges_have_the_blocks_they_are_named_for(exchange: Exchange, blocks: int) -> None:
    (reply,) = replies(exchange, 1)
    (sent,) = run_machine(exchange, [reply]).sent
    assert len(sent) == len(reply) == 4 + 16 * blocks


def test_the_ratios_can_be_measured() -> None:
    assert all(machine > 0 < reference for machine, reference in machine_ratios(50, 1).values())
    bitwise, fast = crc_seconds(count=20, rounds=2)
    # Fifty times in practice: a factor of five is no matter of luck.
    assert bitwise > 5 * fast


def test_imports_can_be_measured() -> None:
    seconds = import_seconds(1)
    assert seconds.keys() >= {FLOOR, *OURS}
    assert all(found > 0 for found in seconds.values())


def test_the_round_trips_can_be_measured() -> None:
    with panel_process() as port:
        for figures in (client_figures, bare_figures, echo_figures):
            measured = anyio.run(figures, port, 20)
            assert measured.median > 0
        RequestSystemFormats().accept(parse_message(reply_message(port)))


@pytest.mark.usefixtures("only_what_is_new_is_collected")
def test_a_client_that_is_idle_is_small_and_many_lose_nothing() -> None:
    for count in (10, 200):
        measured = machine_figures(count, seconds=130.0)
        assert measured.bytes_each <= HEAVIEST_MACHINE
        # One asked for, and one a minute that keeps the session alive.
        assert measured.replies == count * 3
        assert measured.cpu_each > 0


@pytest.fixture
def only_what_is_new_is_collected() -> Iterator[None]:
    """Do not look through all tests for garbage each time that clients are weighed."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("only_what_is_new_is_collected")
def test_no_reply_to_one_of_many_clients_is_lost() -> None:
    with panels_process(6) as doors:
        assert [transport for transport, _ in doors] == ["tcp", "udp"] * 3
        for backend in ("asyncio", "trio"):
            measured = anyio.run(many_figures, doors, 10, backend=backend)
            assert measured.replies == 60, backend
            assert measured.client_bytes > 0, backend
            assert measured.bare_bytes > 0, backend
            assert measured.client_cpu > 0, backend
            assert measured.bare_cpu > 0, backend

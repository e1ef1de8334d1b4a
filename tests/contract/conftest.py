"""Which doors the contract is held through: every adapter, over every carrier."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.anyio_adapter.homes import PATIENCE
from tests.contract.doors import ADAPTERS, CARRIERS, Adapter, Carrier, Door
from tests.pairwise import keep_pairs


# Last, so that whatever is asked for by name is covered.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Hold each test through every adapter and over every carrier, but not through each over each."""
    keep_pairs(config, items, Path(__file__).parent, ("adapter", "carrier"))


@pytest.fixture(params=CARRIERS)
def carrier(request: pytest.FixtureRequest) -> Carrier:
    """What carries the packets."""
    return cast("Carrier", request.param)


@pytest.fixture(params=ADAPTERS)
def adapter(request: pytest.FixtureRequest) -> Adapter:
    """Who makes the client, and how it is used."""
    return cast("Adapter", request.param)


@pytest.fixture
def anyio_backend(adapter: Adapter) -> str:
    """Run the panel on the client's own event loop; beside a blocking client on one of them, which is enough."""
    return adapter if adapter == "asyncio" or adapter == "trio" else "asyncio"


@pytest.fixture
def door(adapter: Adapter, carrier: Carrier) -> Door:
    """One way to a client. A test marked `not_through` with its ids and a reason is not held through those."""
    return Door(adapter, carrier)


@pytest.fixture
def patience() -> Iterator[None]:
    """Have a test that hangs fail, though it waits in the main thread; nothing waits for that when all is well."""

    def give_up(number: int, frame: object) -> None:
        del number, frame
        raise AssertionError(f"the test hung for {PATIENCE:g} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)

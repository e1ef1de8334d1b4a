"""Which event loops and links the tests of this directory run on."""

from pathlib import Path
from typing import cast

import pytest

from tests.anyio_adapter.homes import Link
from tests.pairwise import keep_pairs

PARTS = ("anyio_backend", "link", "transport", "way", "kind", "socket_kind")
"""The event loop, and what the packets go over."""


# Last, so that whatever is asked for by name is covered.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run each test on both event loops and over every link, but not on each over each."""
    keep_pairs(config, items, Path(__file__).parent, PARTS)


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Let every test marked `anyio` run on both; those marked `trio` belong to pytest-trio alone."""
    return cast("str", request.param)


@pytest.fixture(params=["tcp", "memory"])
def link(request: pytest.FixtureRequest) -> Link:
    """Let a test run over real TCP on the loopback device and over streams in memory."""
    return cast("Link", request.param)

"""Which event loops and links the tests of this directory run on."""

from typing import cast

import pytest

from tests.anyio_adapter.homes import Link


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Let every test marked `anyio` run on both; those marked `trio` belong to pytest-trio alone."""
    return cast("str", request.param)


@pytest.fixture(params=["tcp", "memory"])
def link(request: pytest.FixtureRequest) -> Link:
    """Let a test run over real TCP on the loopback device and over streams in memory."""
    return cast("Link", request.param)
